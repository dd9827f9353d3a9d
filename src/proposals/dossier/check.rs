//! What a proposal still lacks, section by section, by the rules of its call and of each agency.

use super::{Dossier, PartFile};
use crate::{
    calls::questions,
    proposals::{
        Place,
        rules::{self, CostLine, Finding, FundingLine, PartFacts, Severity, SmeFacts},
    },
};
use chrono::NaiveDate;
use entity::types::{
    states::SectionState,
    terms::{KpiUnit, Section},
};

/// The sections every part has besides the questions of the call, with their titles.
pub const PART_SECTIONS: [(&str, &str); 5] = [
    ("companies", "Participating companies"),
    ("activities", "Activities"),
    ("budget", "Costs and financing"),
    ("targets", "Targets"),
    ("contact", "Contact and signatory"),
];

/// One thing a check found, with the section it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckLine {
    pub place: Place,
    /// Key of a section of the call, or one of [`PART_SECTIONS`].
    pub section: String,
    pub severity: Severity,
    /// Stays the same in every language: `grant.ceiling`, or `answer` for a question.
    pub code: &'static str,
    /// The question, field or line it belongs to.
    pub field: String,
    pub message: String,
}

/// How far a section is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    NotStarted,
    InProgress,
    Complete,
}

impl Status {
    /// The word its colour and shape follow from.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotStarted => "open",
            Self::InProgress => "in_progress",
            Self::Complete => "complete",
        }
    }

    /// The words people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotStarted => "Not started",
            Self::InProgress => "In progress",
            Self::Complete => "Complete",
        }
    }
}

/// A section with how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionStatus {
    pub key: String,
    pub title: String,
    pub status: Status,
    /// Steps done and steps there are: required answers, or one for a section of lines.
    pub done: usize,
    pub total: usize,
    /// Whether its questions come from the call or the agency, not from [`PART_SECTIONS`].
    pub asked: bool,
}

/// How far each section of a place is, in the order people fill them in.
pub fn statuses(dossier: &Dossier, place: Place, today: NaiveDate) -> Vec<SectionStatus> {
    let answers = dossier.answers(place);
    let asked = dossier.sections(place).into_iter().map(|section| {
        let missing = questions::missing(&section, &answers);
        let shown = questions::shown_questions(&section.questions, &answers);
        let required = shown.iter().filter(|q| q.required).count();
        let lacking = shown.iter().filter(|q| q.required && missing.iter().any(|(key, _)| *key == q.key)).count();
        let begun = shown.iter().any(|q| answers.get(&q.key).is_some_and(|v| !questions::is_empty(v)));
        let marked = dossier.task(place, &section.key).is_some_and(|t| t.state == SectionState::Complete);
        let status = match (marked && missing.is_empty(), begun) {
            (true, _) => Status::Complete,
            (false, true) => Status::InProgress,
            (false, false) => Status::NotStarted,
        };
        let total = required.max(1);
        let done = if required == 0 { usize::from(missing.is_empty()) } else { total - lacking };
        SectionStatus { key: section.key, title: section.title, status, done, total, asked: true }
    });
    let mut all: Vec<SectionStatus> = asked.collect();
    if let Some(part) = place.part().and_then(|id| dossier.part(id)) {
        let found = findings_of_part(dossier, part, today);
        all.extend(PART_SECTIONS.iter().map(|(key, title)| {
            let errors = found.iter().filter(|(s, f)| s == key && f.severity == Severity::Error).count();
            let status = match (errors, begun(part, key)) {
                (0, _) => Status::Complete,
                (_, true) => Status::InProgress,
                (_, false) => Status::NotStarted,
            };
            let done = usize::from(errors == 0);
            SectionStatus { key: (*key).into(), title: (*title).into(), status, done, total: 1, asked: false }
        }));
    }
    all
}

fn begun(part: &PartFile, section: &str) -> bool {
    match section {
        "companies" => !part.participants.is_empty(),
        "activities" => !part.activities.is_empty(),
        "budget" => !part.costs.is_empty() || !part.funding.is_empty() || part.row.requested_minor != 0,
        "targets" => !part.targets.is_empty(),
        _ => part.row.signatory.is_some(),
    }
}

/// How much of a proposal is done, in whole per cent: the joint sections and these parts together.
pub fn percent(dossier: &Dossier, parts: &[&PartFile], today: NaiveDate) -> usize {
    let places = std::iter::once(Place::Joint).chain(parts.iter().map(|p| Place::Part(p.row.id)));
    let (done, total) = places
        .flat_map(|place| statuses(dossier, place, today))
        .fold((0, 0), |(done, total), section| (done + section.done, total + section.total));
    (done * 100).checked_div(total).unwrap_or(0)
}

/// Everything the rules say about one part, each with its section.
pub fn findings_of_part(dossier: &Dossier, part: &PartFile, today: NaiveDate) -> Vec<(&'static str, Finding)> {
    let (terms, annex) = (dossier.terms(), &part.annex.terms);
    let smes: Vec<SmeFacts> = part.participants.iter().map(sme).collect();
    let planned: Vec<_> = part.activities.iter().map(|a| (a.id.to_string(), a.activity.clone())).collect();
    let mut found: Vec<(&'static str, Finding)> = Vec::new();
    let mut add = |section: &'static str, list: Vec<Finding>| found.extend(list.into_iter().map(|f| (section, f)));
    add("companies", rules::check_smes(terms, annex, part.agency.country, &smes));
    add("activities", rules::check_activities(terms, &part.agency.name, annex, &planned));
    add("activities", months(dossier, part));
    let (costs, funding) = money(part);
    if terms.consortium.company_commitments {
        add("companies", rules::check_commitments(annex, &smes, &funding));
    }
    add("budget", rules::check_budget(annex, &costs, &funding, part.row.requested_minor));
    add("targets", targets(dossier, part));
    add("contact", contact(part));
    add("contact", rules::check_label(annex, part.label, today));
    found
}

/// The costs and contributions of a part as the rules take them.
pub fn money(part: &PartFile) -> (Vec<CostLine>, Vec<FundingLine>) {
    let kind = |id| part.activities.iter().find(|a| Some(a.id) == id).map(|a| a.activity.clone());
    let costs = part.costs.iter().map(|c| CostLine {
        key: c.id.to_string(),
        category: c.category.clone(),
        activity: kind(c.activity_line_id),
        minor: c.minor,
    });
    let funding = part.funding.iter().map(|f| FundingLine { source: f.source, minor: f.minor });
    (costs.collect(), funding.collect())
}

/// A company as the rules take it.
pub fn sme(row: &entity::proposals::participant::Model) -> SmeFacts {
    SmeFacts {
        key: row.id.to_string(),
        name: row.name.clone(),
        registration_no: row.registration_no.clone(),
        country: row.country,
        size_class: row.size_class,
        contact_name: row.contact_name.clone(),
        contact_email: row.contact_email.clone(),
        notice_given: row.notice_given,
        declarations: row.declarations.0.clone(),
        cash: row.cash_minor,
        in_kind: row.in_kind_minor,
    }
}

fn months(dossier: &Dossier, part: &PartFile) -> Vec<Finding> {
    let longest = i32::try_from(dossier.terms().duration.max).unwrap_or(i32::MAX);
    let odd =
        part.activities.iter().filter(|a| a.start_month < 1 || a.end_month < a.start_month || a.end_month > longest);
    odd.map(|a| Finding {
        severity: Severity::Error,
        code: "activities.months",
        message: format!("“{}” must lie between month 1 and month {longest}, and not end before it begins", a.title),
        field: a.id.to_string(),
    })
    .collect()
}

fn targets(dossier: &Dossier, part: &PartFile) -> Vec<Finding> {
    let kpis = &dossier.terms().kpis;
    let mut found = Vec::new();
    for kpi in kpis {
        let finding = |severity, code, message: String| Finding { severity, code, message, field: kpi.key.clone() };
        match part.targets.iter().find(|t| t.kpi == kpi.key) {
            None if part.targets.is_empty() => {}
            None => {
                found.push(finding(
                    Severity::Warning,
                    "targets.missing",
                    format!("No target is set for “{}”", kpi.label),
                ));
            }
            Some(t) if kpi.unit == KpiUnit::Percent && t.target > 100 => {
                let message = format!("“{}” is a share of at most 100 per cent", kpi.label);
                found.push(finding(Severity::Error, "targets.percent", message));
            }
            Some(_) => {}
        }
    }
    if part.targets.is_empty() && !kpis.is_empty() {
        let message = "Set the targets this part wants to reach".to_owned();
        let field = kpis.first().map(|k| k.key.clone()).unwrap_or_default();
        found.push(Finding { severity: Severity::Error, code: "targets.empty", message, field });
    }
    found
}

fn contact(part: &PartFile) -> Vec<Finding> {
    let error = |code, field: &str, message: &str| Finding {
        severity: Severity::Error,
        code,
        message: message.to_owned(),
        field: field.to_owned(),
    };
    let mut found = Vec::new();
    if part.row.contact_id.is_none() {
        found.push(error("contact.none", "contact", "Name the person the agency writes to"));
    }
    if part.row.signatory.as_deref().is_none_or(|name| name.trim().is_empty()) {
        found.push(error("signatory.none", "signatory", "Name the person who may sign for the organisation"));
    }
    found
}

/// Everything a part and the joint sections lack before the part can be submitted; letters, attachments and the
/// deadline are checked by their own features.
pub fn checks_of_part(dossier: &Dossier, part: &PartFile, today: NaiveDate) -> Vec<CheckLine> {
    let mut lines = Vec::new();
    for place in [Place::Joint, Place::Part(part.row.id)] {
        let answers = dossier.answers(place);
        for section in dossier.sections(place) {
            lines.extend(answers_of(place, &section, &answers));
        }
    }
    let place = Place::Part(part.row.id);
    lines.extend(findings_of_part(dossier, part, today).into_iter().map(|(section, finding)| CheckLine {
        place,
        section: section.to_owned(),
        severity: finding.severity,
        code: finding.code,
        field: finding.field,
        message: finding.message,
    }));
    lines
}

fn answers_of(
    place: Place,
    section: &Section,
    answers: &std::collections::BTreeMap<String, serde_json::Value>,
) -> Vec<CheckLine> {
    let line = |(key, message): (String, String)| {
        let label = section.questions.iter().find(|q| q.key == key).map_or(key.as_str(), |q| q.label.as_str());
        CheckLine {
            place,
            section: section.key.clone(),
            severity: Severity::Error,
            code: "answer",
            message: format!("{label}: {message}"),
            field: key.clone(),
        }
    };
    questions::missing(section, answers).into_iter().map(line).collect()
}

/// Whether the parts together are a consortium of the call.
pub fn consortium(dossier: &Dossier) -> Vec<Finding> {
    let facts: Vec<PartFacts> = dossier
        .parts
        .iter()
        .map(|p| PartFacts { country: p.organisation.country, class: p.annex.terms.class, state: p.row.state })
        .collect();
    rules::check_consortium(dossier.terms(), &facts)
}
