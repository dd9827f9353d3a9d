//! Everything that stands against submitting a part, chapter by chapter (lifecycle.json, events "validate" and
//! "submit": no blocking error, the home agency's deadline not passed).

use super::{
    bundle::Bundle,
    links::Chapter,
    rules::{Point, letter_outdated},
};
use crate::proposals::{
    Place,
    dossier::{
        CheckLine,
        check::{self, PART_SECTIONS},
        papers,
    },
    rules::{Finding, LetterFacts, Severity, check_deadline, check_letters},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::types::{
    money::Money,
    states::{CallState, LetterState, PartState},
    terms::SectionScope,
};

/// Everything that stands against submitting, in the order of the chapters.
pub fn check(bundle: &Bundle, now: DateTime<Utc>) -> Vec<Point> {
    let today = now.with_timezone(&bundle.zone()).date_naive();
    let mut found = Vec::new();
    deadline(bundle, now, &mut found);
    found.extend(check::checks_of_part(&bundle.dossier, bundle.own(), today).into_iter().map(|l| written(bundle, l)));
    let findings = check::consortium(&bundle.dossier).into_iter().map(|f| Finding { field: String::new(), ..f });
    found.extend(findings.map(|f| point(Chapter::Consortium, "Consortium", f)));
    letters(bundle, today, &mut found);
    documents(bundle, &mut found);
    others(bundle, &mut found);
    found
}

fn point(chapter: Chapter, title: &str, finding: Finding) -> Point {
    let Finding { severity, code, message, field } = finding;
    Point { chapter, title: title.to_owned(), severity, code, message, field }
}

fn made(severity: Severity, code: &'static str, field: &str, message: String) -> Finding {
    Finding { severity, code, message, field: field.to_owned() }
}

/// A line of the sections people write in.
fn written(bundle: &Bundle, line: CheckLine) -> Point {
    let CheckLine { place, section, severity, code, field, message } = line;
    // On the page of the budget a line is known by its place, not by its id.
    let at = bundle.own().costs.iter().position(|cost| section == "budget" && cost.id.to_string() == field);
    let field = at.map_or(field, |at| format!("cost.{at}.amount"));
    let own = PART_SECTIONS.iter().find(|(key, _)| *key == section);
    let (chapter, title) = match (place, own) {
        (Place::Part(_), Some((key, title))) => (Chapter::of_part(key), (*title).to_owned()),
        (place, _) => {
            let sections = bundle.dossier.sections(place);
            let title = sections.into_iter().find(|s| s.key == section).map_or(section.clone(), |s| s.title);
            let chapter = if place == Place::Joint { Chapter::Joint(section) } else { Chapter::Part(section) };
            (chapter, title)
        }
    };
    Point { chapter, title, severity, code, message, field }
}

fn deadline(bundle: &Bundle, now: DateTime<Utc>, found: &mut Vec<Point>) {
    let late = check_deadline(&bundle.own().annex.terms, now);
    let state = bundle.dossier.call.state;
    let shut = || {
        let message = format!("The call is {}; only an open call takes submissions", state.label().to_lowercase());
        (state != CallState::Open).then(|| made(Severity::Error, "call.not_open", "", message))
    };
    found.extend(late.or_else(shut).map(|f| point(Chapter::Submission, "Deadline", f)));
}

fn letters(bundle: &Bundle, today: NaiveDate, found: &mut Vec<Point>) {
    let required = |key: &str| bundle.dossier.terms().documents.iter().any(|d| d.key == key && d.required);
    let facts: Vec<LetterFacts> = bundle
        .letters()
        .map(|row| LetterFacts {
            key: row.id.to_string(),
            signer: format!("{} ({})", row.signer_name, row.signer_organisation),
            required: required(&row.document),
            state: row.state,
            signed_on: row.signed_on,
        })
        .collect();
    let findings = check_letters(bundle.dossier.call.opens_at, bundle.zone(), &facts, today);
    found.extend(findings.into_iter().map(|f| point(Chapter::Letters, "Letters of commitment", f)));
    let part = &bundle.own().row;
    let (requested, total) = (part.requested_minor, bundle.total_minor());
    let money = |minor| Money::new(minor, part.currency);
    for row in bundle.letters().filter(|row| row.state == LetterState::Signed) {
        if letter_outdated((row.requested_minor, row.total_minor), (requested, total)) {
            let message = format!(
                "The letter of {} speaks of a grant of {} and costs of {}; now they are {} and {}. Ask for a new one",
                row.signer_name,
                money(row.requested_minor),
                money(row.total_minor),
                money(requested),
                money(total)
            );
            let finding = made(Severity::Warning, "letters.outdated", &row.id.to_string(), message);
            found.push(point(Chapter::Letters, "Letters of commitment", finding));
        }
    }
}

fn documents(bundle: &Bundle, found: &mut Vec<Point>) {
    for lack in papers::lacking(&bundle.dossier, bundle.own()) {
        let severity = if lack.required { Severity::Error } else { Severity::Warning };
        let (chapter, title) = match (lack.scope, lack.signers.is_empty()) {
            (_, false) => (Chapter::Letters, "Letters of commitment"),
            (SectionScope::Joint, true) => (Chapter::JointDocuments, "Documents"),
            (SectionScope::Part, true) => (Chapter::Documents, "Documents"),
        };
        let code = if lack.signers.is_empty() { "documents.missing" } else { "letters.missing" };
        found.push(point(chapter, title, made(severity, code, &lack.key, lack.sentence())));
    }
}

/// What a partner should know of the others; it never keeps a part from being submitted.
fn others(bundle: &Bundle, found: &mut Vec<Point>) {
    let mut note = |code, message| {
        found.push(point(Chapter::Consortium, "Consortium", made(Severity::Warning, code, "", message)));
    };
    for share in bundle.others().filter(|p| p.row.state == PartState::Draft) {
        let name = &share.organisation.name;
        if share.row.is_coordinator {
            let message = format!(
                "{name} has not submitted yet and can still change the joint sections; your version keeps them as \
                 they are now"
            );
            note("consortium.joint_open", message);
        } else {
            let deadline = share.annex.terms.deadline;
            note("consortium.waiting", format!("{name} has not submitted yet; its agency closes on {deadline}"));
        }
    }
}
