//! Text and dates.

use super::super::{
    fields::{Field, Group, Row, choices},
    typed::Typed,
};
use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;
use entity::types::{
    money::Currency,
    period,
    terms::{CallTerms, Milestone},
};

/// Time zones of Europe, by name.
pub fn zones() -> Vec<crate::web::Choice> {
    let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let european = names.filter(|name| name.starts_with("Europe/") || name.starts_with("Atlantic/") || *name == "UTC");
    choices(european.map(|name| (name, name.replace('_', " "))))
}

/// Time zones, or none: that of the secretariat.
fn optional_zones() -> Vec<crate::web::Choice> {
    let mut all = choices([("", "as the secretariat")]);
    all.extend(zones());
    all
}

/// Currencies by code.
pub fn currencies() -> Vec<crate::web::Choice> {
    choices(Currency::ALL.map(|c| (c.code(), c.code())))
}

/// A local time as browsers write it.
pub fn local(at: Option<DateTime<Utc>>, zone: Tz) -> String {
    at.map(|at| at.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
}

pub fn groups(terms: &CallTerms) -> Vec<Group> {
    let about = vec![
        Field::line("title", "Title", &terms.title).at("/call/title"),
        Field::line("programme", "Programme", &terms.programme).at("/call/programme"),
        Field::area("summary", "Summary", &terms.summary, 3)
            .hint("One paragraph, shown in lists and mails.")
            .at("/call/summary"),
        Field::area("text", "Call text", &terms.text, 18)
            .hint("Markdown: ## for headings, - for lists, ** for bold, [words](https://…) for links.")
            .at("/call/text"),
    ];
    let dates = vec![
        Field::select("zone", "Time zone of the secretariat", terms.zone.name(), zones()).at("/call/zone"),
        Field::datetime("opens_at", "Opens", local(terms.opens_at, terms.zone), terms.zone.name())
            .hint("From then on proposals can be started. Each agency's deadline stands in its annex.")
            .at("/call/opens_at"),
        Field::number("duration_min", "Shortest project", terms.duration.min, "months").at("/call/duration/min"),
        Field::number("duration_max", "Longest project", terms.duration.max, "months").at("/call/duration/max"),
        Field::select("currency", "Currency budgets are compared in", terms.currency, currencies())
            .at("/call/currency"),
    ];
    let rows = (0..terms.timeline.len() + super::SPARE).map(|i| milestone(i, terms.timeline.get(i))).collect();
    vec![
        Group::new("The call", about),
        Group::new("Dates and money", dates),
        Group::new("Timeline", Vec::new())
            .text("A date may be a month (2017-04), a day (2017-04-30), a day with an hour (2018-01-26T15:00) or two days with a slash. Empty a row to remove it.")
            .rows(rows)
            .at("/call/timeline"),
    ]
}

fn milestone(i: usize, milestone: Option<&Milestone>) -> Row {
    let name = |field: &str| format!("timeline.{i}.{field}");
    let text = |get: fn(&Milestone) -> String| milestone.map(get).unwrap_or_default();
    let place = if milestone.is_some() { (i + 1).to_string() } else { String::new() };
    let n = i + 1;
    let fields = vec![
        Field::place(name("order"), format!("Place of date {n}"), place),
        Field::line(name("label"), format!("What happens, {n}"), text(|m| m.label.clone())).optional(),
        Field::line(name("date"), format!("When, {n}"), text(|m| m.date.clone()))
            .optional()
            .at(format!("/call/timeline/{i}/date")),
        Field::line(name("place"), format!("Where, {n}"), text(|m| m.place.clone().unwrap_or_default())).optional(),
        Field::select(
            name("zone"),
            format!("Zone of the hour, {n}"),
            text(|m| m.zone.map(|z| z.name().to_owned()).unwrap_or_default()),
            optional_zones(),
        )
        .optional(),
    ];
    Row { title: String::new(), fields, boxed: false }
}

pub fn apply(typed: &mut Typed<'_>, terms: &mut CallTerms) {
    terms.title = typed.line("title", 200);
    if terms.title.is_empty() {
        typed.errors.add("title", "Fill this in");
    }
    terms.programme = typed.line("programme", 200);
    terms.summary = typed.prose("summary", 2_000);
    terms.text = typed.prose("text", 200_000);
    terms.zone = typed.with("zone", period::parse_zone, terms.zone);
    terms.opens_at = opening(typed, terms.zone);
    terms.duration.min = typed.count("duration_min", 120);
    terms.duration.max = typed.count("duration_max", 120);
    terms.currency = typed.word("currency", terms.currency);
    let rows = typed.rows("timeline", &["label", "date", "place"]);
    terms.timeline = rows
        .into_iter()
        .map(|i| Milestone {
            label: typed.line(&format!("timeline.{i}.label"), 200),
            date: typed.line(&format!("timeline.{i}.date"), 21),
            place: typed.optional_line(&format!("timeline.{i}.place"), 200),
            zone: typed.optional_zone(&format!("timeline.{i}.zone")),
        })
        .collect();
}

fn opening(typed: &mut Typed<'_>, zone: Tz) -> Option<DateTime<Utc>> {
    if typed.raw("opens_at").is_empty() {
        return None;
    }
    let local = typed.with("opens_at", |text| period::parse_local(text).map(Some), None)?;
    let at = zone.from_local_datetime(&local).earliest();
    if at.is_none() {
        typed.errors.add("opens_at", "This hour does not exist in this zone; the clocks move then");
    }
    at.map(|at| at.with_timezone(&Utc))
}
