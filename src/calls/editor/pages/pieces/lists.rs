//! Activities, costs, documents, declarations, indicators, reports, and who may apply together.

use super::{
    super::{
        fields::{Field, Group, Row, choices},
        typed::Typed,
    },
    SPARE, head, named_rows,
};
use crate::calls::rules::check::names_partners;
use entity::types::{
    states::ReportKind,
    terms::{CallTerms, Kpi, KpiUnit, ReportTerms, RequiredDocument, SectionScope, Signers},
};

const REMOVE: &str = "Empty a label to remove its row.";

pub fn costs(terms: &CallTerms) -> Vec<Group> {
    vec![
        Group::new("Kinds of activity", Vec::new())
            .text(format!("Each agency says in its annex which of them it supports. {REMOVE}"))
            .rows(named_rows("activities", "activity", &terms.activities, SPARE))
            .at("/call/activities"),
        Group::new("Cost categories", Vec::new())
            .text(format!("The lines of every part's budget. {REMOVE}"))
            .rows(named_rows("cost_categories", "category", &terms.cost_categories, SPARE))
            .at("/call/cost_categories"),
    ]
}

pub fn apply_costs(typed: &mut Typed<'_>, terms: &mut CallTerms) {
    terms.activities = typed.named("activities");
    terms.cost_categories = typed.named("cost_categories");
}

pub fn scope_word(scope: SectionScope) -> &'static str {
    match scope {
        SectionScope::Joint => "joint",
        SectionScope::Part => "part",
    }
}

pub fn scope_of(word: &str) -> SectionScope {
    if word == "part" { SectionScope::Part } else { SectionScope::Joint }
}

/// Once for the proposal, or once for each part.
pub fn scope_choices() -> Vec<crate::web::Choice> {
    choices([("joint", "once for the proposal"), ("part", "once for each part")])
}

fn signers_word(each: Option<Signers>) -> &'static str {
    match each {
        None => "",
        Some(Signers::ForeignPartner) => "foreign_partner",
        Some(Signers::Company) => "company",
    }
}

fn signers_of(word: &str) -> Option<Signers> {
    match word {
        "foreign_partner" => Some(Signers::ForeignPartner),
        "company" => Some(Signers::Company),
        _ => None,
    }
}

fn signers() -> Vec<crate::web::Choice> {
    choices([
        ("", "the applicant, once"),
        ("foreign_partner", "each partner from another country"),
        ("company", "each company of the part"),
    ])
}

pub fn documents(terms: &CallTerms) -> Vec<Group> {
    let row = |i: usize| {
        let document = terms.documents.get(i);
        let name = |field: &str| format!("documents.{i}.{field}");
        let mut fields = head("documents", i, "document", document.map(|d| d.key.as_str()));
        fields.extend([
            Field::line(name("label"), "Document", document.map(|d| d.label.clone()).unwrap_or_default()).optional(),
            Field::select(
                name("scope"),
                "Handed in",
                document.map_or("part", |d| scope_word(d.scope)),
                scope_choices(),
            ),
            Field::select(name("each"), "Comes from", document.map_or("", |d| signers_word(d.each)), signers()),
            Field::number(name("max_mb"), "Largest size", document.map_or(10, |d| d.max_mb), "MB"),
            Field::tick(name("required"), "Required", document.is_some_and(|d| d.required)),
        ]);
        let title = document.map_or_else(|| "Another document".to_owned(), |_| format!("Document {}", i + 1));
        Row { title, fields, boxed: true }
    };
    vec![
        Group::new("Documents applicants hand in", Vec::new())
            .text(REMOVE)
            .rows((0..terms.documents.len() + 1).map(row).collect())
            .at("/call/documents"),
        Group::new("Declarations of companies", Vec::new())
            .text(format!("Each company in a part says yes to all of them. {REMOVE}"))
            .rows(named_rows("declarations", "declaration", &terms.declarations, SPARE))
            .at("/call/declarations"),
    ]
}

pub fn apply_documents(typed: &mut Typed<'_>, terms: &mut CallTerms) {
    let mut documents: Vec<RequiredDocument> = Vec::new();
    for i in typed.rows("documents", &["label"]) {
        let name = |field: &str| format!("documents.{i}.{field}");
        let label = typed.line(&name("label"), 300);
        let taken: Vec<String> = documents.iter().map(|d| d.key.clone()).chain(typed.keys("documents")).collect();
        documents.push(RequiredDocument {
            key: typed.key(&name("key"), &label, &taken),
            label,
            scope: scope_of(typed.raw(&name("scope"))),
            required: typed.ticked(&name("required")),
            max_mb: typed.count(&name("max_mb"), 100),
            each: signers_of(typed.raw(&name("each"))),
        });
    }
    terms.documents = documents;
    terms.declarations = typed.named("declarations");
}

fn unit_word(unit: KpiUnit) -> &'static str {
    match unit {
        KpiUnit::Count => "count",
        KpiUnit::Percent => "percent",
        KpiUnit::Money => "money",
    }
}

pub fn kpis(terms: &CallTerms) -> Vec<Group> {
    let units = || choices([("count", "number"), ("percent", "per cent"), ("money", "amount of money")]);
    let kpi = |i: usize| {
        let kpi = terms.kpis.get(i);
        let name = |field: &str| format!("kpis.{i}.{field}");
        let mut fields = head("kpis", i, "indicator", kpi.map(|k| k.key.as_str()));
        fields.extend([
            Field::line(
                name("label"),
                format!("Indicator {}", i + 1),
                kpi.map(|k| k.label.clone()).unwrap_or_default(),
            )
            .optional(),
            Field::select(name("unit"), "Unit", kpi.map_or("count", |k| unit_word(k.unit)), units()),
            Field::optional_number(name("benchmark"), "In earlier calls", kpi.and_then(|k| k.benchmark), ""),
        ]);
        Row { title: String::new(), fields, boxed: false }
    };
    let kinds = || choices(ReportKind::ALL.iter().map(|k| (k.word(), k.label())));
    let report = |i: usize| {
        let report = terms.reports.get(i);
        let name = |field: &str| format!("reports.{i}.{field}");
        let fields = vec![
            Field::line(
                name("label"),
                format!("Report {}", i + 1),
                report.map(|r| r.label.clone()).unwrap_or_default(),
            )
            .optional(),
            Field::select(name("kind"), "Kind", report.map_or(ReportKind::Interim, |r| r.kind), kinds()),
            Field::optional_number(name("at_month"), "Due after", report.and_then(|r| r.at_month), "months")
                .hint("Nothing means at the end."),
        ];
        Row { title: String::new(), fields, boxed: false }
    };
    vec![
        Group::new("Indicators", Vec::new())
            .text(format!("Every part sets a target for each and reports against it. {REMOVE}"))
            .rows((0..terms.kpis.len() + SPARE).map(kpi).collect())
            .at("/call/kpis"),
        Group::new("Reports", Vec::new())
            .text(format!("Exactly one of them is the final report. {REMOVE}"))
            .rows((0..terms.reports.len() + 2).map(report).collect())
            .at("/call/reports"),
    ]
}

pub fn apply_kpis(typed: &mut Typed<'_>, terms: &mut CallTerms) {
    let mut kpis: Vec<Kpi> = Vec::new();
    for i in typed.rows("kpis", &["label"]) {
        let name = |field: &str| format!("kpis.{i}.{field}");
        let label = typed.line(&name("label"), 300);
        let taken: Vec<String> = kpis.iter().map(|k| k.key.clone()).chain(typed.keys("kpis")).collect();
        let unit = match typed.raw(&name("unit")) {
            "percent" => KpiUnit::Percent,
            "money" => KpiUnit::Money,
            _ => KpiUnit::Count,
        };
        let key = typed.key(&name("key"), &label, &taken);
        kpis.push(Kpi { key, label, unit, benchmark: typed.optional_whole(&name("benchmark")) });
    }
    terms.kpis = kpis;
    let rows = typed.rows("reports", &["label"]);
    terms.reports = rows
        .into_iter()
        .map(|i| ReportTerms {
            kind: typed.word(&format!("reports.{i}.kind"), ReportKind::Interim),
            label: typed.line(&format!("reports.{i}.label"), 200),
            at_month: typed.optional_count(&format!("reports.{i}.at_month"), 120),
        })
        .collect();
}

pub fn consortium(terms: &CallTerms) -> Vec<Group> {
    let rules = &terms.consortium;
    let fields = vec![
        Field::number("min_parts", "Parts at least", rules.min_parts, "").at("/call/consortium/min_parts"),
        Field::number("min_countries", "Countries at least", rules.min_countries, "")
            .at("/call/consortium/min_countries"),
        Field::number("min_funding_countries", "Of them with an agency that pays", rules.min_funding_countries, "")
            .at("/call/consortium/min_funding_countries"),
        Field::area("rules", "Other rules", rules.rules.join("\n"), 8)
            .optional()
            .hint("One rule in each line; people read them, the program does not check them.")
            .at("/call/consortium/rules"),
        Field::select(
            "guests",
            "Table of partners without a part",
            rules.guests.clone().unwrap_or_default(),
            tables(terms),
        )
        .optional()
        .hint("A joint question with the columns name and country; letters of partners are asked from them as well.")
        .at("/call/consortium/guests"),
        Field::tick(
            "company_commitments",
            "Each company says what it brings, in money and in work",
            rules.company_commitments,
        )
        .at("/call/consortium/company_commitments"),
    ];
    vec![Group::new("Consortium", fields).at("/call/consortium")]
}

/// Joint tables that could name partners.
fn tables(terms: &CallTerms) -> Vec<crate::web::Choice> {
    let joint = terms.sections.iter().filter(|s| s.scope == SectionScope::Joint).flat_map(|s| &s.questions);
    let mut all = choices([("", "none")]);
    all.extend(choices(joint.filter(|q| names_partners(q)).map(|q| (q.key.as_str(), q.label.as_str()))));
    all
}

pub fn apply_consortium(typed: &mut Typed<'_>, terms: &mut CallTerms) {
    let rules = &mut terms.consortium;
    rules.min_parts = typed.count("min_parts", 50);
    rules.min_countries = typed.count("min_countries", 50);
    rules.min_funding_countries = typed.count("min_funding_countries", 50);
    rules.guests = Some(typed.raw("guests").to_owned()).filter(|key| !key.is_empty());
    rules.company_commitments = typed.ticked("company_commitments");
    let text = typed.prose("rules", 20_000);
    rules.rules = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
}
