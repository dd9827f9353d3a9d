//! Fairway's own taxonomy of fields: two steps, whose first are the choices of the 2017 call's question about sectors
//! and the methods of cluster work, so that what a proposal answers and what an evaluator knows can be compared.

use serde::Deserialize;
use std::sync::LazyLock;

/// A field with a key for data and a label for people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub key: String,
    pub label: String,
}

/// A first step of the taxonomy with what is below it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    pub key: String,
    pub label: String,
    pub fields: Vec<Field>,
}

impl Root {
    /// The tag of the root itself and of each field below it, with their labels.
    pub fn tags(&self) -> Vec<(String, &str)> {
        let whole = (self.key.clone(), "The whole field");
        let below = self.fields.iter().map(|field| (format!("{}/{}", self.key, field.key), field.label.as_str()));
        std::iter::once(whole).chain(below).collect()
    }
}

static ROOTS: LazyLock<Vec<Root>> =
    LazyLock::new(|| serde_json::from_str(include_str!("taxonomy.json")).unwrap_or_default());

/// The taxonomy in the order it is shown.
pub fn roots() -> &'static [Root] {
    &ROOTS
}

/// Whether the taxonomy has this tag.
pub fn known(tag: &str) -> bool {
    find(tag).is_some()
}

/// The tag with this key or this name; a name that several fields share needs its root: `Health: Devices`.
pub fn named(text: &str) -> Option<String> {
    let wanted = text.to_lowercase();
    let tags: Vec<String> = roots().iter().flat_map(Root::tags).map(|(tag, _)| tag).collect();
    let by = |called: fn(&str) -> String| tags.iter().filter(|tag| called(tag).to_lowercase() == wanted).collect();
    let (keys, whole, short): (Vec<_>, Vec<_>, Vec<_>) = (by(str::to_owned), by(label), by(short));
    match [&keys[..], &whole[..], &short[..]].into_iter().find(|found| !found.is_empty())? {
        [one] => Some((*one).clone()),
        _ => None,
    }
}

/// What a tag is called, root first: `Health and welfare technology: Medical devices`.
pub fn label(tag: &str) -> String {
    match find(tag) {
        Some((root, Some(field))) => format!("{}: {}", root.label, field.label),
        Some((root, None)) => root.label.clone(),
        None => tag.to_owned(),
    }
}

/// What a tag is called where there is little room: `Medical devices`.
pub fn short(tag: &str) -> String {
    match find(tag) {
        Some((_, Some(field))) => field.label.clone(),
        Some((root, None)) => root.label.clone(),
        None => tag.to_owned(),
    }
}

fn find(tag: &str) -> Option<(&'static Root, Option<&'static Field>)> {
    let (first, second) = tag.split_once('/').map_or((tag, None), |(first, second)| (first, Some(second)));
    let root = roots().iter().find(|root| root.key == first)?;
    match second {
        None => Some((root, None)),
        Some(key) => root.fields.iter().find(|field| field.key == key).map(|field| (root, Some(field))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::archive::{read, shipped};
    use entity::types::terms::QuestionKind;
    use std::collections::BTreeSet;

    #[test]
    fn roots_are_the_choices_of_the_real_call_and_methods() {
        let call = read(shipped::INNOVATION_EXPRESS_2017).unwrap().call;
        let question =
            call.sections.iter().flat_map(|s| &s.questions).find(|q| Some(&q.key) == call.evaluation.fields.as_ref());
        let QuestionKind::Choices { options, .. } = &question.unwrap().kind else { panic!("fields are choices") };
        let mut wanted: Vec<&str> = options.iter().map(|option| option.key.as_str()).collect();
        wanted.push("methods");
        assert_eq!(roots().iter().map(|root| root.key.as_str()).collect::<Vec<_>>(), wanted);
        for root in roots() {
            assert!((4..=10).contains(&root.fields.len()), "{}", root.key);
            let keys: BTreeSet<&str> = root.fields.iter().map(|field| field.key.as_str()).collect();
            assert_eq!(keys.len(), root.fields.len(), "{}", root.key);
        }
    }

    #[test]
    fn tags_have_names() {
        assert!(known("cleantech") && known("cleantech/water") && !known("cleantech/x") && !known("x"));
        assert_eq!(label("health/devices"), "Health and welfare technology: Medical devices");
        assert_eq!(named("medical DEVICES").as_deref(), Some("health/devices"));
        assert_eq!((named("Cleantech/Water").as_deref(), named("magic")), (Some("cleantech/water"), None));
        assert_eq!((short("health/devices").as_str(), short("x/y").as_str()), ("Medical devices", "x/y"));
    }
}
