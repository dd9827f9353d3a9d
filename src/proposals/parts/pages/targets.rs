//! The targets of a part.

use super::{
    super::{commands::SaveTargets, queries::PartView},
    overview, part, path, saved, whole,
};
use crate::{
    kernel::AppError,
    web::{Answer, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use entity::types::terms::{Kpi, KpiUnit};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/parts/targets.html")]
struct TargetsPage {
    frame: Frame,
    errors: FieldErrors,
    view: PartView,
    path: String,
    action: String,
    seen: String,
    fields: Vec<TargetField>,
}

struct TargetField {
    key: String,
    name: String,
    label: String,
    hint: String,
    suffix: String,
    value: String,
}

fn field(view: &PartView, kpi: &Kpi) -> TargetField {
    let suffix = match kpi.unit {
        KpiUnit::Count => String::new(),
        KpiUnit::Percent => "%".to_owned(),
        KpiUnit::Money => view.call_currency.code().to_owned(),
    };
    TargetField {
        key: kpi.key.clone(),
        name: format!("t.{}", kpi.key),
        label: kpi.label.clone(),
        hint: kpi.benchmark.map(|n| format!("Earlier calls reached {n} {suffix}")).unwrap_or_default(),
        suffix,
        value: view.targets.get(&kpi.key).map(ToString::to_string).unwrap_or_default(),
    }
}

impl TargetsPage {
    fn new(visit: &Visit, view: PartView) -> Self {
        let path = path(&view);
        Self {
            frame: overview::below(visit, &view, "Targets"),
            errors: FieldErrors::default(),
            action: format!("{path}/targets"),
            seen: view.targets_seen.clone(),
            fields: view.kpis.iter().map(|kpi| field(&view, kpi)).collect(),
            path,
            view,
        }
    }
}

#[handler]
pub async fn show_targets(visit: Visit, Path((proposal, id)): Path<(String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    visit.page(&TargetsPage::new(&visit, view))
}

#[handler]
pub async fn targets_posted(visit: Visit, posted: Posted, Path((proposal, id)): Path<(String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    let mut errors = FieldErrors::default();
    let typed = view
        .kpis
        .iter()
        .filter_map(|kpi| Some((kpi.key.clone(), whole(&posted, &mut errors, &format!("t.{}", kpi.key))?)));
    let save = SaveTargets { part: view.part.id, targets: typed.collect(), seen: posted.text("version").to_owned() };
    let outcome = match errors.done() {
        Ok(()) => visit.run(&posted, save).await.map_err(in_form),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(digest) if visit.wants_json() => saved(&visit, &digest, &FieldErrors::default(), &[]),
        Ok(_) => visit.to_with(format!("/proposals/{}", view.head.id), "The targets are saved."),
        Err(error) if visit.wants_json() => Err(error.into()),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = TargetsPage { errors, ..TargetsPage::new(&visit, view) };
            for field in &mut page.fields {
                field.value = posted.text(&field.name).to_owned();
            }
            visit.again(&page)
        }
    }
}

/// The command names indicators, the form has fields for them.
fn in_form(error: AppError) -> AppError {
    match error {
        AppError::Invalid(errors) => {
            let named = errors.0.into_iter().map(|(key, message)| (format!("t.{key}"), message));
            AppError::Invalid(FieldErrors(named.collect()))
        }
        other => other,
    }
}
