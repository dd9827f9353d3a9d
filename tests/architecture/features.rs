//! Inside a feature: what each of its files may use and contain, its templates and its tests.

use super::{
    Fault, areas,
    source::{Source, Tree},
};
use std::collections::BTreeSet;

/// What one kind of file may not have, and the sentence that says so.
struct Kind {
    name: &'static str,
    rule: &'static str,
    /// Crates and modules its paths may not begin with.
    not_from: &'static [&'static str],
    /// Siblings it may not use.
    not_beside: &'static [&'static str],
    /// Words its code may not hold.
    not_said: &'static [&'static str],
    /// Whether it may know rows.
    rows: bool,
    /// What to do instead.
    instead: &'static str,
}

const KINDS: [Kind; 6] = [
    Kind {
        name: "rules",
        rule: "Rules are pure: values in, values or a refusal out; no rows, no waiting, no clock, no chance, no float.",
        not_from: &[
            "sea_orm",
            "poem",
            "poem_openapi",
            "askama",
            "tokio",
            "tracing",
            "getrandom",
            "rand",
            "lettre",
            "crate::web",
            "crate::api",
            "crate::jobs",
            "std::fs",
            "std::net",
            "std::time",
        ],
        not_beside: &["events", "commands", "queries", "pages", "api"],
        not_said: &["async", "await", "f32", "f64", "println"],
        rows: false,
        instead: "pass it in as a value of `entity::types` or a small struct of these rules",
    },
    Kind {
        name: "events",
        rule: "Events say what happened and what it orders; they look nothing up.",
        not_from: &["sea_orm", "poem", "poem_openapi", "tokio", "crate::web", "crate::api"],
        not_beside: &["commands", "queries", "pages", "api"],
        not_said: &["async", "await"],
        rows: false,
        instead: "let the command put what is needed into the event",
    },
    Kind {
        name: "commands",
        rule: "Commands load, ask the rules, write and state what happened; they know no screen and no API.",
        not_from: &["poem", "poem_openapi", "askama", "lettre", "crate::web", "crate::api"],
        not_beside: &["pages", "api"],
        not_said: &[],
        rows: true,
        instead: "leave forms and answers to pages and API, and mails to the templates of the event",
    },
    Kind {
        name: "queries",
        rule: "Queries read and show; they write nothing and know no screen and no API.",
        not_from: &["poem", "poem_openapi", "askama", "lettre", "crate::web", "crate::api"],
        not_beside: &["commands", "pages", "api"],
        not_said: &["ActiveModel", "ActiveModelTrait", "IntoActiveModel", "into_active_model"],
        rows: true,
        instead: "write in a command; shape for the screen in pages",
    },
    Kind {
        name: "pages",
        rule: "Pages ask and run; they never see a row or the database.",
        not_from: &["sea_orm", "poem_openapi", "crate::api", "migration"],
        not_beside: &["api"],
        not_said: &[],
        rows: false,
        instead: "ask a query and show its view",
    },
    Kind {
        name: "api",
        rule: "The API asks and runs; it never sees a row, the database or a template.",
        not_from: &["sea_orm", "askama", "crate::web", "migration"],
        not_beside: &["pages"],
        not_said: &[],
        rows: false,
        instead: "ask a query and turn its view into an `…Out`",
    },
];

/// How values are written, which mails need as much as pages.
const SHOW: &str = "crate::web::show";

/// Calls by which code asks the machine for the time or for chance.
const ASKS: [&str; 4] = ["now", "today", "new_v4", "now_v7"];

/// Folders that are not features: what features stand on, and what puts them together.
const KITS: [&str; 6] = ["kernel", "web", "api", "cli", "demo", "server"];

/// Each of the seven files keeps to its part.
pub fn contents(tree: &Tree, faults: &mut BTreeSet<Fault>) {
    for file in tree.rust("src/").filter(|file| file.stem() != "tests") {
        let module = file.module();
        if module.len() < 2 || KITS.contains(&module[0].as_str()) {
            continue;
        }
        // `rules.rs` and everything in a folder `rules` are rules.
        let Some((at, kind)) =
            module.iter().enumerate().find_map(|(at, part)| Some((at, KINDS.iter().find(|kind| kind.name == part)?)))
        else {
            continue;
        };
        check(file, kind, &module[..at], faults);
    }
}

fn check(file: &Source, kind: &'static Kind, feature: &[String], faults: &mut BTreeSet<Fault>) {
    let mut fault = |line: usize, what: &str| {
        let fix = format!("`{what}` has no place in {}: {}", kind.name, kind.instead);
        faults.insert(Fault { rule: kind.rule, place: format!("{}:{line}", file.path), fix });
    };
    for path in file.paths() {
        let whole = path.parts.join("::");
        let begins = |prefix: &str| whole == prefix || whole.starts_with(&format!("{prefix}::"));
        let beside = |sibling: &&str| begins(&format!("crate::{}::{sibling}", feature.join("::")));
        let row = begins("entity") && !begins("entity::types");
        // A moment handed in may be called `now`; asking a clock or for chance is a call on a type.
        let asks = whole.contains("::") && path.parts.last().is_some_and(|last| ASKS.contains(&last.as_str()));
        let pure = matches!(kind.name, "rules" | "events");
        let shows = kind.name == "events" && begins(SHOW);
        let elsewhere =
            !shows && kind.not_from.iter().any(|prefix| begins(prefix)) || kind.not_beside.iter().any(beside);
        if elsewhere || row && !kind.rows || asks && pure {
            fault(path.line, &whole);
        }
    }
    for (line, word) in file.lines_with(kind.not_said) {
        fault(line, word);
    }
}

/// Every feature is tested through its doors, in a file of its own name.
pub fn tests(tree: &Tree, faults: &mut BTreeSet<Fault>) {
    const RULE: &str = "Every feature has a test file of its own name.";
    let doors = tree.rust("src/").filter_map(|file| {
        let module = file.module();
        let at = module.iter().position(|part| matches!(part.as_str(), "commands" | "pages" | "api"))?;
        // Commands that only lend steps to others are tested where the step is taken.
        let door = module[at] != "commands" || file.text.contains("impl Command for ");
        (door && at > 0 && !KITS.contains(&module[0].as_str())).then(|| module[..at].join("/"))
    });
    for feature in doors.collect::<BTreeSet<_>>() {
        if !tree.has(&format!("tests/{feature}.rs")) && !tree.has(&format!("tests/{feature}")) {
            let fix = format!("write tests/{feature}.rs, the wrong person and the second press included");
            faults.insert(Fault { rule: RULE, place: format!("src/{feature}"), fix });
        }
    }
}

/// A template lies where its feature lies, and only its feature uses it.
pub fn templates(tree: &Tree, faults: &mut BTreeSet<Fault>) {
    const RULE: &str = "A template lies in its feature's folder; only layouts and components are shared.";
    let shared = |template: &str| !template.contains('/') || template.starts_with("components/");
    for file in tree.files().filter(|file| file.path.starts_with("templates/") && file.path.ends_with(".html")) {
        let template = &file.path["templates/".len()..];
        let folder = template.rsplit_once('/').map_or("", |(folder, _)| folder).trim_end_matches("/mail");
        if !shared(template) && !tree.has(&format!("src/{folder}")) && !tree.has(&format!("src/{folder}.rs")) {
            let fix = format!("there is no src/{folder}: move the template beside the feature that shows it");
            faults.insert(Fault { rule: RULE, place: file.path.clone(), fix });
        }
        for (line, used) in
            quoted(&file.text, &["{% extends ", "{% include ", "{% import ", "{%- include ", "{%- import "])
        {
            let used_folder = used.rsplit_once('/').map_or("", |(folder, _)| folder);
            if !shared(used) && used_folder != folder && !lent(folder, used) {
                let fix = format!(
                    "`{used}` belongs to another feature: make it a component, a part of this one, or lend it from an area to the left"
                );
                faults.insert(Fault { rule: RULE, place: format!("{}:{line}", file.path), fix });
            }
        }
    }
    for file in tree.rust("src/") {
        let module = file.module();
        let Some(area) = module.first() else { continue };
        for (line, used) in quoted(&file.text, &["#[template(path = "]) {
            let folder = used.rsplit_once('/').map_or("", |(folder, _)| folder).trim_end_matches("/mail");
            let own = module.join("/");
            let kit = KITS.contains(&area.as_str()) && shared(used);
            if !kit && (folder.is_empty() || own != folder && !own.starts_with(&format!("{folder}/"))) {
                let fix =
                    format!("`{used}` is not this feature's: its templates are in templates/{}", feature_of(&module));
                faults.insert(Fault { rule: RULE, place: format!("{}:{line}", file.path), fix });
            }
        }
    }
}

/// Whether a template shows what an area to the left shows of its own, as its queries may be used.
fn lent(folder: &str, used: &str) -> bool {
    let area = |path: &str| path.split('/').next().and_then(areas::rank);
    matches!((area(folder), area(used)), (Some(own), Some(other)) if other < own)
}

fn feature_of(module: &[String]) -> String {
    let end = module.iter().position(|part| KINDS.iter().any(|kind| kind.name == part)).unwrap_or(module.len());
    module[..end].join("/")
}

/// What stands in quotes after one of these beginnings, with its line.
fn quoted<'t>(text: &'t str, beginnings: &[&str]) -> Vec<(usize, &'t str)> {
    let in_line = |(number, line): (usize, &'t str)| {
        let after = beginnings.iter().find_map(|beginning| line.split_once(beginning))?.1;
        Some((number + 1, after.split('"').nth(1)?))
    };
    text.lines().enumerate().filter_map(in_line).collect()
}

#[test]
fn impure_rules_are_a_fault() {
    let said = super::said(
        &[(
            "src/calls/rules/check.rs",
            "use entity::{calls::call, types::money::Money};\nuse sea_orm::EntityTrait;\nasync fn f(now: Moment) -> f64 { Utc::now() }\n// async\n",
        )],
        contents,
    );

    let places: Vec<&str> = said.iter().filter_map(|line| line.split(" has no").next()).collect();
    assert_eq!(
        places,
        [
            "src/calls/rules/check.rs:1: `entity::calls::call`",
            "src/calls/rules/check.rs:2: `sea_orm::EntityTrait`",
            "src/calls/rules/check.rs:3: `Utc::now`",
            "src/calls/rules/check.rs:3: `async`",
            "src/calls/rules/check.rs:3: `f64`",
        ]
    );
}

#[test]
fn each_file_keeps_to_its_part() {
    let said = super::said(
        &[
            ("src/calls/editor/rules.rs", "use super::queries::Call;"),
            ("src/calls/editor/events.rs", "use askama::Template;\nuse crate::web::{show, visit};\nuse sea_orm::Set;"),
            ("src/calls/editor/commands.rs", "use poem::Response;\nuse super::{rules, queries, events};"),
            (
                "src/calls/editor/queries.rs",
                "use sea_orm::{EntityTrait, ActiveModelTrait};\nuse super::commands::Open;",
            ),
            (
                "src/calls/editor/pages.rs",
                "use entity::calls::call;\nuse crate::api::Caller;\nuse super::commands::Open;",
            ),
            ("src/calls/editor/api.rs", "use crate::web::Page;\nuse entity::types::ids::CallId;"),
            ("src/web/pages.rs", "use sea_orm::EntityTrait;"),
        ],
        contents,
    );

    let places: Vec<&str> = said.iter().filter_map(|line| line.split(" has no").next()).collect();
    assert_eq!(places.len(), 9, "{places:#?}");
    for expected in [
        "rules.rs:1: `crate::calls::editor::queries::Call`",
        "events.rs:2: `crate::web::visit`",
        "events.rs:3: `sea_orm::Set`",
        "commands.rs:1: `poem::Response`",
        "queries.rs:1: `ActiveModelTrait`",
        "queries.rs:2: `crate::calls::editor::commands::Open`",
        "pages.rs:1: `entity::calls::call`",
        "pages.rs:2: `crate::api::Caller`",
        "api.rs:1: `crate::web::Page`",
    ] {
        assert!(places.iter().any(|place| place.ends_with(expected)), "{expected} in {places:#?}");
    }
}

#[test]
fn a_feature_without_a_test_file_is_a_fault() {
    let files = [
        ("src/calls/editor/pages.rs", ""),
        ("src/calls/archive/commands/import.rs", "impl Command for Import {}"),
        ("src/calls/states/commands.rs", "pub fn advance() {}"),
        ("src/calls/rules.rs", ""),
        ("src/organisations/api.rs", ""),
        ("tests/calls/editor.rs", ""),
        ("tests/organisations/people.rs", ""),
    ];

    assert_eq!(
        super::said(&files, tests),
        ["src/calls/archive: write tests/calls/archive.rs, the wrong person and the second press included"]
    );
}

#[test]
fn a_template_outside_its_feature_is_a_fault() {
    let said = super::said(
        &[
            ("src/calls/editor/pages.rs", "#[template(path = \"calls/archive/list.html\")]\nstruct List;"),
            ("src/calls/pages.rs", "#[template(path = \"calls/call.html\")]"),
            ("src/calls/archive/pages.rs", "#[template(path = \"calls/archive/mail/sent.txt\")]"),
            ("src/web/errors.rs", "#[template(path = \"error.html\")]"),
            ("templates/layout.html", ""),
            (
                "templates/calls/archive/list.html",
                "{% extends \"layout.html\" %}\n{% include \"calls/editor/_row.html\" %}",
            ),
            ("templates/attic/old.html", ""),
            ("src/eligibility/mod.rs", ""),
            ("templates/eligibility/check.html", "{% import \"proposals/reading/content.html\" as content %}"),
        ],
        templates,
    );

    assert_eq!(said.len(), 3, "{said:#?}");
    assert!(
        said[0].starts_with("src/calls/editor/pages.rs:1: `calls/archive/list.html` is not this feature's"),
        "{said:#?}"
    );
    assert!(said[1].starts_with("templates/attic/old.html: there is no src/attic"), "{said:#?}");
    assert!(said[2].starts_with("templates/calls/archive/list.html:2: `calls/editor/_row.html` belongs"), "{said:#?}");
}
