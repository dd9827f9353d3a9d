//! Between areas: the order in which they may use each other, and who writes a table.

use super::{Fault, source::Source, source::Tree};
use std::collections::{BTreeMap, BTreeSet};

const DIRECTION: &str =
    "A file may use what stands above it in the list of areas; features may use only features to their left.";
const CROSSING: &str = "From another area a file may use rules, queries and what they show, and steps it is lent; \
     never its commands, events, pages or API.";
const WRITER: &str = "Only the owning area writes a table, in its commands.";

/// What the features stand on, each using only what stands before it; their pages and APIs also use the
/// tool kits `web` and `api`.
const GROUND: [&str; 8] = ["kernel", "documents", "lists", "jobs", "notifications", "audit", "web", "api"];

/// The features in the order of the funding pipeline.
const FEATURES: [&str; 13] = [
    "accounts",
    "organisations",
    "clusters",
    "calls",
    "proposals",
    "eligibility",
    "evaluation",
    "allocation",
    "decisions",
    "agreements",
    "reporting",
    "aid",
    "overview",
];

/// What puts everything together.
const COMPOSITION: [&str; 5] = ["demo", "config", "server", "cli", "main"];

/// The order inside an area, where it matters.
const INSIDE: [&[&str]; 3] = [
    &["drafts", "consortium", "letters", "attachments", "submission"],
    &[
        "affinity",
        "conflicts",
        "assignments",
        "wishes",
        "plans",
        "scores",
        "consensus",
        "calibration",
        "agreement",
        "panels",
        "rankings",
    ],
    &["reports", "kpis", "claims", "payments"],
];

/// The place of an area in the order.
pub fn rank(area: &str) -> Option<usize> {
    GROUND.iter().chain(&FEATURES).chain(&COMPOSITION).position(|known| *known == area)
}

fn list() -> String {
    GROUND.iter().chain(&FEATURES).chain(&COMPOSITION).copied().collect::<Vec<_>>().join(" → ")
}

/// The parts of a feature that do something, and so stay inside their area.
const CLOSED: [&str; 4] = ["commands", "events", "pages", "api"];

/// Arrows between areas go left only, and cross where they may.
pub fn direction(tree: &Tree, faults: &mut BTreeSet<Fault>) {
    let acts = acts(tree);
    for file in tree.rust("src/") {
        let module = file.module();
        let Some(area) = module.first() else { continue };
        let Some(own) = rank(area) else {
            let fix = format!("`{area}` has no place yet: add it to the order in tests/architecture/areas.rs");
            faults.insert(Fault { rule: DIRECTION, place: file.path.clone(), fix });
            continue;
        };
        for path in file.paths().iter().filter(|path| path.parts.first().is_some_and(|first| first == "crate")) {
            let Some(used) = path.parts.get(1) else { continue };
            let place = format!("{}:{}", file.path, path.line);
            let whole = path.parts.join("::");
            let screen = module.iter().any(|part| part == "pages" || part == "api");
            match rank(used) {
                Some(_) if screen && matches!(used.as_str(), "web" | "api") => {}
                Some(other) if other > own => {
                    let fix = format!(
                        "`{whole}` stands to the right of `{area}`. Let `{used}` use `{area}`, or order a job ({})",
                        list()
                    );
                    faults.insert(Fault { rule: DIRECTION, place, fix });
                }
                Some(_) if used == area => inside(&module, &path.parts[1..], &place, faults),
                Some(_) if FEATURES.contains(&used.as_str()) && FEATURES.contains(&area.as_str()) => {
                    crossing(&path.parts[1..], &acts, &place, faults);
                }
                _ => {}
            }
        }
    }
}

fn inside(module: &[String], used: &[String], place: &str, faults: &mut BTreeSet<Fault>) {
    let (Some(own), Some(other)) = (module.get(1), used.get(1)) else { return };
    let place_in = |order: &[&str], feature: &String| order.iter().position(|known| known == feature);
    for order in INSIDE {
        if let (Some(own_place), Some(other_place)) = (place_in(order, own), place_in(order, other))
            && other_place > own_place
        {
            let fix = format!("`{other}` stands to the right of `{own}`: {}", order.join(" → "));
            faults.insert(Fault { rule: DIRECTION, place: place.to_owned(), fix });
        }
    }
}

/// What people do: everything that is run as a command.
fn acts(tree: &Tree) -> BTreeSet<String> {
    let named =
        |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned();
    tree.rust("src/")
        .flat_map(|file| file.text.split("impl Command for ").skip(1).map(named).collect::<Vec<_>>())
        .collect()
}

fn crossing(used: &[String], acts: &BTreeSet<String>, place: &str, faults: &mut BTreeSet<Fault>) {
    let Some(at) = used.iter().position(|part| CLOSED.contains(&part.as_str())) else { return };
    // A step is lent as a function, with what it takes; a command is a person's act and is not called.
    let lent = used[at] == "commands" && !used.iter().any(|name| acts.contains(name));
    if !lent {
        let whole = used.join("::");
        let fix =
            format!("`{whole}` stays inside its area. Order a job, or let the area lend a function of `commands`");
        faults.insert(Fault { rule: CROSSING, place: place.to_owned(), fix });
    }
}

/// A table is written in the commands of its area, and nowhere else.
pub fn writers(tree: &Tree, faults: &mut BTreeSet<Fault>) {
    const WRITES: [&str; 8] = [
        "ActiveModel",
        "ActiveModelEx",
        "insert",
        "insert_many",
        "update",
        "update_many",
        "delete_many",
        "delete_by_id",
    ];
    let tables = tables(tree);
    for file in tree.rust("src/").filter(|file| file.stem() != "tests") {
        let module = file.module();
        let Some(area) = module.first() else { continue };
        let in_commands = module.iter().any(|part| part == "commands");
        for path in file.paths().iter().filter(|path| path.parts.first().is_some_and(|first| first == "entity")) {
            let parts = &path.parts[1..];
            let Some(at) = parts.iter().position(|part| WRITES.contains(&part.as_str())) else { continue };
            let Some(table) = parts[..at].iter().rev().find(|part| *part != "Entity") else { continue };
            let Some(owner) = tables.get(table) else { continue };
            // The services of the house keep their own tables, and those of the kernel they work for.
            let ours = if GROUND.contains(&area.as_str()) {
                owner == "kernel" || owner == area
            } else {
                owner == area && in_commands
            };
            if !ours {
                let fix = format!(
                    "`{table}` belongs to `{owner}`: write it in src/{owner}/**/commands.rs, which may lend a function"
                );
                let place = format!("{}:{}", file.path, path.line);
                faults.insert(Fault { rule: WRITER, place, fix });
            }
        }
    }
}

/// Which area a table belongs to: the folder of its row.
fn tables(tree: &Tree) -> BTreeMap<String, String> {
    let rows = tree.rust("entity/src/").filter(|file| !file.path.starts_with("entity/src/types/"));
    let table = |file: &Source| {
        let module = file.module();
        (module.len() == 2).then(|| (module[1].clone(), module[0].clone()))
    };
    rows.filter_map(table).collect()
}

#[test]
fn an_arrow_to_the_right_is_a_fault() {
    let said = super::said(
        &[
            ("src/calls/rules.rs", "use crate::proposals::rules::next;"),
            ("src/kernel/app.rs", "fn f() { crate::web::show() }"),
            ("src/proposals/rules.rs", "use crate::{calls::rules::Terms, kernel::App};"),
            ("src/jobs/pages.rs", "use crate::web::Visit;"),
            ("src/server.rs", "use crate::reporting::pages;"),
            ("src/attic/mod.rs", ""),
        ],
        direction,
    );

    assert_eq!(said.len(), 3, "{said:#?}");
    assert!(said[0].starts_with("src/attic/mod.rs: `attic` has no place yet"), "{said:#?}");
    assert!(
        said[1].starts_with("src/calls/rules.rs:1: `crate::proposals::rules::next` stands to the right of `calls`"),
        "{said:#?}"
    );
    assert!(said[2].starts_with("src/kernel/app.rs:1: `crate::web::show`"), "{said:#?}");
}

#[test]
fn inside_an_area_the_order_holds_too() {
    let said = super::said(
        &[
            ("src/evaluation/scores/commands.rs", "use crate::evaluation::assignments::commands::advance;"),
            ("src/evaluation/assignments/rules.rs", "use super::super::rankings::rules::total;"),
        ],
        direction,
    );

    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(said[0].contains("assignments/rules.rs:1: `rankings` stands to the right of `assignments`"), "{said:#?}");
}

#[test]
fn commands_of_another_area_are_not_called_but_steps_are_lent() {
    let said = super::said(
        &[
            (
                "src/eligibility/commands.rs",
                "use crate::proposals::{states::commands, rules::next, queries::Part};\n\
                 fn f() { commands::advance(commands::Step {}); commands::Submit {}; }\n\
                 use crate::proposals::events::Submitted;",
            ),
            ("src/proposals/states/commands.rs", "impl Command for Submit {}"),
        ],
        direction,
    );

    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(said[0].starts_with("src/eligibility/commands.rs:2: `proposals::states::commands::Submit`"), "{said:#?}");
    assert!(said[1].starts_with("src/eligibility/commands.rs:3: `proposals::events::Submitted`"), "{said:#?}");
}

#[test]
fn a_second_writer_of_a_table_is_a_fault() {
    let said = super::said(
        &[
            ("entity/src/proposals/part.rs", ""),
            ("entity/src/kernel/job.rs", ""),
            ("src/proposals/states/commands.rs", "use entity::proposals::part;\nfn f(x: part::ActiveModel) {}"),
            ("src/proposals/states/queries.rs", "use entity::proposals::part::{ActiveModel, Model};"),
            ("src/decisions/commands.rs", "use entity::proposals::part;\nfn f() { part::Entity::update_many() }"),
            ("src/decisions/queries.rs", "use entity::proposals::part;\nfn f() { part::Entity::find() }"),
            ("src/jobs/worker.rs", "use entity::kernel::job;\nfn f() { job::Entity::delete_by_id(1) }"),
        ],
        writers,
    );

    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(said[0].starts_with("src/decisions/commands.rs:2: `part` belongs to `proposals`"), "{said:#?}");
    assert!(said[1].starts_with("src/proposals/states/queries.rs:1: `part` belongs"), "{said:#?}");
}
