//! The map in the README: every folder in it exists, and every folder is in it.

use super::{Fault, source::Tree};
use std::collections::BTreeSet;

/// Folders whose folders the map must name too.
const SHOWN: [&str; 2] = ["", "src/"];

/// The map is the first fenced block below a heading with the word “map” in it. A line begins with folders,
/// each with a `/` at its end; deeper lines are indented, and what follows the folders is their sentence.
pub fn map(tree: &Tree, faults: &mut BTreeSet<Fault>) {
    const RULE: &str = "Every folder in the README's map exists, and every folder is in the map.";
    const README: &str = "README.md";
    let Some(lines) = tree.get(README).and_then(|readme| block(&readme.text)) else { return };
    let mut fault = |place: String, fix: String| {
        faults.insert(Fault { rule: RULE, place, fix });
    };
    let folders = folders(&lines);
    for (line, folder) in &folders {
        if !tree.has(folder) {
            fault(format!("{README}:{line}"), format!("`{folder}` does not exist: take it out of the map"));
        }
    }
    for above in SHOWN {
        for folder in tree.folders(above) {
            let path = format!("{above}{folder}/");
            if !folder.starts_with('.') && !folders.iter().any(|(_, known)| *known == path) {
                fault(README.to_owned(), format!("`{path}` is missing: give it a line with one sentence"));
            }
        }
    }
}

/// The lines of the map with their numbers.
fn block(text: &str) -> Option<Vec<(usize, &str)>> {
    let mut lines = text.lines().enumerate().map(|(number, line)| (number + 1, line));
    lines.find(|(_, line)| line.starts_with('#') && line.to_lowercase().contains("map"))?;
    lines.find(|(_, line)| line.starts_with("```"))?;
    Some(lines.take_while(|(_, line)| !line.starts_with("```")).collect())
}

/// The folders of the map as paths from the root, each with its line.
fn folders(lines: &[(usize, &str)]) -> Vec<(usize, String)> {
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut found = Vec::new();
    for (number, line) in lines {
        let indent = line.len() - line.trim_start().len();
        let names: Vec<&str> = line.split_whitespace().take_while(|word| word.ends_with('/')).collect();
        let Some(last) = names.last() else { continue };
        above.retain(|(depth, _)| *depth < indent);
        let parent = above.last().map(|(_, path)| path.clone()).unwrap_or_default();
        found.extend(names.iter().map(|name| (*number, format!("{parent}{name}"))));
        above.push((indent, format!("{parent}{last}")));
    }
    found
}

#[test]
fn a_map_that_lies_is_a_fault() {
    let readme = "# Fairway\n\n## The map\n\n```\nsrc/              the program\n  calls/ kernel/  two areas\n  attic/          gone\n\
        entity/src/types/ values\nentity/           rows\n```\n";
    let files = [
        ("README.md", readme),
        ("src/calls/mod.rs", ""),
        ("src/kernel/mod.rs", ""),
        ("src/web/mod.rs", ""),
        ("entity/src/types/mod.rs", ""),
        ("tests/main.rs", ""),
        (".ci/run", ""),
    ];

    assert_eq!(
        super::said(&files, map),
        [
            "README.md: `src/web/` is missing: give it a line with one sentence",
            "README.md: `tests/` is missing: give it a line with one sentence",
            "README.md:8: `src/attic/` does not exist: take it out of the map",
        ]
    );
}

#[test]
fn a_readme_without_a_map_is_not_judged() {
    assert_eq!(super::said(&[("README.md", "# Fairway\n"), ("src/lib.rs", "")], map), Vec::<String>::new());
}
