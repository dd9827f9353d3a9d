//! Of all files: what they are called, how long they are, and what may not stand in them.

use super::{Fault, source::Tree};
use std::collections::BTreeSet;

const FOLDERS: [&str; 5] = ["src/", "entity/", "migration/", "templates/", "tests/"];

/// A name says what is in the file.
pub fn names(tree: &Tree, faults: &mut BTreeSet<Fault>) {
    const RULE: &str = "Nothing is called utils, helpers, common, misc, base, manager or service.";
    const EMPTY: [&str; 11] =
        ["util", "utils", "helper", "helpers", "common", "misc", "base", "manager", "managers", "service", "services"];
    for file in tree.files().filter(|file| FOLDERS.iter().any(|folder| file.path.starts_with(folder))) {
        for part in file.path.split('/') {
            let stem = part.split('.').next().unwrap_or_default();
            if let Some(word) = stem.split(['_', '-']).find(|word| EMPTY.contains(word)) {
                let fix = format!("`{word}` says nothing: name it after the thing in the domain it is about");
                faults.insert(Fault { rule: RULE, place: file.path.clone(), fix });
            }
        }
    }
}

/// A file fits into a head.
pub fn sizes(tree: &Tree, faults: &mut BTreeSet<Fault>) {
    const RULE: &str = "No file is longer than 600 lines.";
    const MOST: usize = 600;
    let written = |path: &str| [".rs", ".html", ".css", ".js", ".txt"].iter().any(|ending| path.ends_with(ending));
    for file in tree.files().filter(|file| FOLDERS.iter().any(|folder| file.path.starts_with(folder))) {
        let lines = file.text.lines().count();
        // What a test writes down is as long as what there is.
        if written(&file.path) && !file.path.starts_with("tests/snapshots/") && lines > MOST {
            let fix = format!("{lines} lines: make it a folder of the same name with one file per subject");
            faults.insert(Fault { rule: RULE, place: file.path.clone(), fix });
        }
    }
}

/// The checkout works anywhere, and is finished.
pub fn places(tree: &Tree, faults: &mut BTreeSet<Fault>) {
    const RULE: &str = "No file names a folder of somebody's machine, a registry's host, or work left to do.";
    // Put together here, so that this file does not find itself.
    let machine = ["work", "root", "home"].map(|folder| format!("/{folder}/"));
    let later = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["X", "XX:"].concat()];
    for file in tree.files() {
        for (number, line) in file.text.lines().enumerate() {
            let place = format!("{}:{}", file.path, number + 1);
            let mut fault = |what: &str, fix: &str| {
                let fix = format!("`{what}`: {fix}");
                faults.insert(Fault { rule: RULE, place: place.clone(), fix });
            };
            if let Some(path) = machine.iter().find(|path| absolute(line, path)) {
                fault(path, "use a path relative to the checkout, or one that is given");
            }
            if file.path.ends_with("package-lock.json") && line.trim_start().starts_with("\"resolved\"") {
                fault("resolved", "remove the address; the digest says which package it is");
            }
            if file.path.ends_with(".rs")
                && let Some(word) = later.iter().find(|word| line.contains(word.as_str()))
            {
                fault(word, "do it, or open an issue and name it without this word");
            }
        }
    }
}

/// Whether a line holds a path that begins at the root with this folder: not a part of a longer path or address.
fn absolute(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + folder.len()..].chars().next();
        before.is_none_or(|c| !c.is_alphanumeric() && !"-_.}/*~)".contains(c))
            && after.is_some_and(char::is_alphanumeric)
    })
}

/// A Rust file nobody declares is never compiled, and a test in it never runs.
pub fn undeclared(tree: &Tree, faults: &mut BTreeSet<Fault>) {
    const RULE: &str = "Every Rust file is declared by the module above it.";
    for file in tree.files().filter(|file| file.path.ends_with(".rs")) {
        let Some((folder, name)) = file.path.rsplit_once('/') else { continue };
        if !FOLDERS.iter().any(|root| file.path.starts_with(root)) || matches!(name, "main.rs" | "lib.rs" | "build.rs")
        {
            continue;
        }
        // The module of `a/mod.rs` is declared where `a` would be.
        let (module, above) = match name {
            "mod.rs" => match folder.rsplit_once('/') {
                Some((above, module)) => (module, above),
                None => continue,
            },
            _ => (file.stem(), folder),
        };
        let declared = |text: &str| {
            let module = |mark| text.contains(&format!("mod {module}{mark}"));
            module(";") || module(" {") || text.contains(&format!("#[path = \"{name}\"]"))
        };
        let beside = |candidate: &str| {
            candidate == format!("{above}.rs") || candidate.rsplit_once('/').is_some_and(|(folder, _)| folder == above)
        };
        // `main.rs` of the tests declares the files of folders itself.
        let root = if file.path.starts_with("tests/") { "tests/main.rs" } else { "" };
        let mut candidates = tree.files().filter(|candidate| beside(&candidate.path) || candidate.path == root);
        if !candidates.any(|candidate| candidate.path.ends_with(".rs") && declared(&candidate.text)) {
            let fix = format!("write `mod {module};` in the module above, or remove the file");
            faults.insert(Fault { rule: RULE, place: file.path.clone(), fix });
        }
    }
}

#[test]
fn empty_names_are_a_fault() {
    let files = [("src/calls/date_utils.rs", ""), ("templates/common/a.html", ""), ("src/calls/database.rs", "")];

    let said = super::said(&files, names);

    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(said[0].starts_with("src/calls/date_utils.rs: `utils` says nothing"), "{said:#?}");
}

#[test]
fn a_long_file_is_a_fault() {
    let long = "line\n".repeat(601);
    let files = [("src/a.rs", long.as_str()), ("src/b.rs", &long[5..]), ("src/calls/archive/a.json", &long)];

    let said = super::said(&files, sizes);

    assert_eq!(said, ["src/a.rs: 601 lines: make it a folder of the same name with one file per subject"]);
}

#[test]
fn places_of_a_machine_and_unfinished_work_are_a_fault() {
    let machine = format!("cd {}x/y\nsee {0}<name>\nhttps://example.org{0}x\ntarget{0}x", ["/wo", "rk/"].concat());
    let later = ["// TO", "DO: later"].concat();
    let files = [
        ("README.md", machine.as_str()),
        ("src/a.rs", &later),
        ("templates/assets/package-lock.json", "{\n  \"resolved\": \"https://example.org/a.tgz\"\n}"),
    ];

    let said = super::said(&files, places);

    assert_eq!(said.len(), 3, "{said:#?}");
    assert!(said[0].starts_with("README.md:1: "), "{said:#?}");
    assert!(said[1].starts_with("src/a.rs:1: "), "{said:#?}");
    assert!(said[2].starts_with("templates/assets/package-lock.json:2: `resolved`"), "{said:#?}");
}

#[test]
fn a_file_nobody_declares_is_a_fault() {
    let files = [
        ("src/lib.rs", "pub mod calls;"),
        ("src/calls/mod.rs", "pub mod rules;\n#[cfg(test)]\n#[path = \"more_tests.rs\"]\nmod more;"),
        ("src/calls/rules.rs", ""),
        ("src/calls/more_tests.rs", ""),
        ("src/calls/lost.rs", ""),
        ("tests/main.rs", "mod calls {\n    mod editor;\n}"),
        ("tests/calls/editor.rs", ""),
        ("tests/calls/archive.rs", ""),
    ];

    let said = super::said(&files, undeclared);

    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(said[0].starts_with("src/calls/lost.rs: write `mod lost;`"), "{said:#?}");
    assert!(said[1].starts_with("tests/calls/archive.rs: write `mod archive;`"), "{said:#?}");
}
