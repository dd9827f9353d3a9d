//! Names by the keys under which the same organisation could be found, so that nobody is compared with everybody.

use super::names::{self, Likeness, Name};
use std::collections::{BTreeMap, HashMap};

/// Letters at the begin or the end of a whole name by which typing errors are looked for: a name with an error in the
/// first four letters and another in the last four is not found.
const EDGE: usize = 4;

/// Many names of numbered things.
#[derive(Default)]
pub struct Directory {
    entries: Vec<(usize, String, Name)>,
    keys: HashMap<String, Vec<u32>>,
    edges: HashMap<String, Vec<u32>>,
}

/// A name that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub of: usize,
    pub likeness: Likeness,
    /// As it is written there.
    pub text: String,
    /// Whether both names have a legal form and not the same one.
    pub forms_differ: bool,
    /// Whether the name is too short to say much.
    pub brief: bool,
}

impl Directory {
    pub fn add(&mut self, of: usize, text: &str) {
        for name in Name::all(text) {
            let number = self.entries.len() as u32;
            for key in keys(&name) {
                self.keys.entry(key).or_default().push(number);
            }
            for key in edges(&name) {
                self.edges.entry(key).or_default().push(number);
            }
            self.entries.push((of, text.to_owned(), name));
        }
    }

    /// Everything that could be meant by a name, by number; of each the likest name.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let mut best: BTreeMap<usize, Hit> = BTreeMap::new();
        for name in Name::all(text) {
            let mut near: Vec<u32> =
                keys(&name).iter().filter_map(|key| self.keys.get(key)).flatten().copied().collect();
            let length = name.joined.len();
            let typed = edges(&name).into_iter().filter_map(|key| self.edges.get(&key)).flatten().copied();
            near.extend(typed.filter(|at| self.entries[*at as usize].2.joined.len().abs_diff(length) <= 2));
            near.sort_unstable();
            near.dedup();
            for at in near {
                let (of, text, other) = &self.entries[at as usize];
                let Some(likeness) = names::likeness(&name, other) else { continue };
                let hit = Hit {
                    of: *of,
                    likeness,
                    text: text.clone(),
                    forms_differ: name.form.zip(other.form).is_some_and(|(one, other)| one != other),
                    brief: name.joined.len() < 5,
                };
                let certainty = |hit: &Hit| (hit.likeness, !hit.forms_differ, !hit.brief);
                if best.get(of).is_none_or(|old| certainty(old) < certainty(&hit)) {
                    best.insert(*of, hit);
                }
            }
        }
        best.into_values().collect()
    }
}

/// Names that share one of these may be one.
fn keys(name: &Name) -> Vec<String> {
    let mut keys = vec![format!("words {}", name.sorted), format!("whole {}", name.joined)];
    if !name.short.is_empty() {
        keys.push(format!("short {}", name.short));
    }
    if name.is_short_form() {
        keys.push(format!("letters {}", name.joined));
    }
    if let Some(initials) = name.initials.as_ref().filter(|initials| initials.len() >= 4) {
        keys.push(format!("letters {initials}"));
    }
    keys
}

fn edges(name: &Name) -> Vec<String> {
    let whole = &name.joined;
    match (whole.get(..EDGE), whole.len().checked_sub(EDGE).and_then(|from| whole.get(from..))) {
        (Some(begin), Some(end)) if whole.len() >= 2 * EDGE => vec![format!("{begin}…"), format!("…{end}")],
        _ => Vec::new(),
    }
}
