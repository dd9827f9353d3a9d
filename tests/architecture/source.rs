//! The checkout as the rules see it: files, the code in them without words, and the paths the code names.

use std::{collections::BTreeMap, fs, path::Path};

/// One file of the checkout.
pub struct Source {
    /// Where it is, from the root, with `/`.
    pub path: String,
    /// What is in it; empty for what is not text.
    pub text: String,
}

/// All files of the checkout that are not built or ignored.
pub struct Tree(Vec<Source>);

/// One path in the code, such as `crate::kernel::App`, spelled out as far as the file's own imports tell.
pub struct Named {
    /// The line it stands on, counted from one.
    pub line: usize,
    /// Its parts.
    pub parts: Vec<String>,
}

impl Tree {
    /// The checkout of this package.
    pub fn of_this_checkout() -> Tree {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let ignored = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
        let ignored: Vec<&str> = ignored.lines().filter_map(|line| line.trim().strip_suffix('/')).collect();
        let mut files = Vec::new();
        walk(root, root, &ignored, &mut files);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Tree(files)
    }

    /// A small checkout for the tests of the rules.
    pub fn of(files: &[(&str, &str)]) -> Tree {
        Tree(files.iter().map(|(path, text)| Source { path: (*path).to_owned(), text: (*text).to_owned() }).collect())
    }

    /// Every file.
    pub fn files(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }

    /// The Rust files below a folder.
    pub fn rust(&self, folder: &str) -> impl Iterator<Item = &Source> {
        self.0.iter().filter(move |file| file.path.starts_with(folder) && file.path.ends_with(".rs"))
    }

    /// The file at a place.
    pub fn get(&self, path: &str) -> Option<&Source> {
        self.0.iter().find(|file| file.path == path)
    }

    /// Whether there is such a file, or a folder with something in it.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.0.iter().any(|file| file.path == path || file.path.starts_with(&folder))
    }

    /// The folders directly below a folder, by name; below the root for an empty one.
    pub fn folders(&self, above: &str) -> Vec<String> {
        let below = self.0.iter().filter_map(|file| file.path.strip_prefix(above)?.split_once('/'));
        let mut folders: Vec<String> = below.map(|(folder, _)| folder.to_owned()).collect();
        folders.sort();
        folders.dedup();
        folders
    }
}

fn walk(root: &Path, folder: &Path, ignored: &[&str], files: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if path.is_dir() {
            if name != ".git" && name != "node_modules" && !ignored.contains(&name.as_str()) {
                walk(root, &path, ignored, files);
            }
        } else if let Ok(place) = path.strip_prefix(root) {
            // A worktree has a file `.git`, which is not part of it.
            if name != ".git" {
                let text = fs::read_to_string(&path).unwrap_or_default();
                files.push(Source { path: place.to_string_lossy().replace('\\', "/"), text });
            }
        }
    }
}

impl Source {
    /// The code without comments, without the words in quotes, and without the unit tests at the bottom.
    pub fn code(&self) -> String {
        let code = without_words(&self.text);
        match code.find("#[cfg(test)]\nmod ") {
            Some(tests) => code[..tests].to_owned(),
            None => code,
        }
    }

    /// The name of the file without its ending.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    }

    /// The module the file is, from the root of its crate: `src/calls/rules/mod.rs` is `calls::rules`.
    pub fn module(&self) -> Vec<String> {
        let inside = self.path.split_once("src/").map_or(self.path.as_str(), |(_, inside)| inside);
        let inside = inside.trim_end_matches(".rs");
        inside.split('/').filter(|part| !matches!(*part, "mod" | "lib" | "main")).map(str::to_owned).collect()
    }

    /// Every path the code names, imports included.
    pub fn paths(&self) -> Vec<Named> {
        let code = self.code();
        let tokens = tokens(&code);
        let module = self.module();
        let mut named = Vec::new();
        let mut imports: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut at = 0;
        while at < tokens.len() {
            let importing = tokens[at].text == "use";
            let start = at + usize::from(importing);
            let continues = at > 0 && matches!(tokens[at - 1].text, "::" | ".");
            let begins = tokens.get(start).is_some_and(|token| is_name(token.text))
                && tokens.get(start + 1).is_some_and(|token| token.text == "::");
            if begins && !continues {
                let mut found = Vec::new();
                at = tree(&tokens, start, &[], &mut found).max(at + 1);
                for (line, parts, alias) in found {
                    let parts = absolute(parts, &module);
                    if importing && let Some(last) = alias.or_else(|| parts.last().cloned()) {
                        imports.insert(last, parts.clone());
                    }
                    named.push(Named { line, parts });
                }
            } else {
                at += 1;
            }
        }
        for path in &mut named {
            if let Some(whole) = path.parts.first().and_then(|first| imports.get(first))
                && whole.first() != path.parts.first()
            {
                path.parts.splice(..1, whole.iter().cloned());
            }
        }
        // A bare name that was imported is a use of it too, and is found by its import.
        named
    }

    /// The lines of the code that hold one of these words as a word of its own, each with the word.
    pub fn lines_with<'w>(&self, words: &'w [&'w str]) -> Vec<(usize, &'w str)> {
        let code = self.code();
        let found = tokens(&code);
        found.iter().filter_map(|token| Some((token.line, *words.iter().find(|word| **word == token.text)?))).collect()
    }
}

struct Token<'c> {
    text: &'c str,
    line: usize,
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut rest, mut line) = (code, 1);
    while let Some(first) = rest.chars().next() {
        let length = if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            found.push(Token { text: &rest[..length], line });
        }
        line += usize::from(first == '\n');
        rest = &rest[length..];
    }
    found
}

type Found = (usize, Vec<String>, Option<String>);

/// Reads one path or one tree of imports from `at`; gives where it ends.
fn tree(tokens: &[Token<'_>], mut at: usize, before: &[String], found: &mut Vec<Found>) -> usize {
    let mut parts = before.to_vec();
    let line = tokens.get(at).map_or(0, |token| token.line);
    loop {
        match tokens.get(at).map(|token| token.text) {
            Some("{") => {
                at += 1;
                while let Some(token) = tokens.get(at) {
                    match token.text {
                        "}" => return at + 1,
                        "," => at += 1,
                        _ => at = tree(tokens, at, &parts, found).max(at + 1),
                    }
                }
                return at;
            }
            Some(name) if is_name(name) || name == "*" => {
                // `use a::{self}` names `a` itself.
                if name != "self" || parts.is_empty() {
                    parts.push(name.to_owned());
                }
                at += 1;
            }
            _ => break,
        }
        if tokens.get(at).map(|token| token.text) != Some("::") {
            break;
        }
        at += 1;
        if tokens.get(at).map(|token| token.text) == Some("<") {
            break;
        }
    }
    let mut alias = None;
    if tokens.get(at).map(|token| token.text) == Some("as") {
        alias = tokens.get(at + 1).map(|token| token.text.to_owned());
        at += 2;
    }
    found.push((line, parts, alias));
    at
}

/// Spells `self::` and `super::` out from the root of the crate.
fn absolute(parts: Vec<String>, module: &[String]) -> Vec<String> {
    let up = parts.iter().take_while(|part| *part == "super").count();
    let own = parts.first().is_some_and(|part| part == "self");
    if up == 0 && !own {
        return parts;
    }
    let above = &module[..module.len().saturating_sub(up)];
    let inside = &parts[if own { 1 } else { up }..];
    std::iter::once("crate".to_owned()).chain(above.iter().cloned()).chain(inside.iter().cloned()).collect()
}

/// Blanks comments, strings and characters, and keeps the lines.
fn without_words(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let previous = code.chars().next_back().unwrap_or(' ');
        let in_name = previous.is_alphanumeric() || previous == '_';
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_string(rest).filter(|_| !in_name) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = rest.find('"').unwrap_or(0) + 1;
            rest[start..].find(&end).map_or(rest.len(), |found| start + found + end.len())
        } else if first == '"' {
            string_end(rest)
        } else if first == '\'' {
            character_end(rest)
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        if !rest.starts_with('/') {
            code.push_str("\"\"");
        }
        code.extend(rest[..length].chars().filter(|c| *c == '\n'));
        rest = &rest[length..];
    }
    code
}

/// How many `#` open a raw string here, where one begins.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn string_end(rest: &str) -> usize {
    let mut escaped = false;
    for (place, character) in rest.char_indices().skip(1) {
        match character {
            '"' if !escaped => return place + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// The end of a character, or just the quote of a lifetime.
fn character_end(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    match (characters.next(), characters.next()) {
        (Some((_, '\\')), _) => rest[3..].find('\'').map_or(rest.len(), |end| end + 4),
        (Some(_), Some((place, '\''))) => place + 1,
        _ => 1,
    }
}

#[test]
fn words_are_not_code() {
    let source = Tree::of(&[(
        "src/a/rules.rs",
        "//! sea_orm\nfn f<'a>(c: char) { let x = \"async \\\" poem\"; let y = r#\"now\"#; c == '\"'; }\n/* rand\n */ fn g() {}\n#[cfg(test)]\nmod tests { async }",
    )]);
    let source = source.files().next().expect("one file");

    assert_eq!(source.lines_with(&["sea_orm", "async", "poem", "now", "rand"]), []);
    assert_eq!(source.lines_with(&["g"]), [(4, "g")]);
}

#[test]
fn paths_are_spelled_out() {
    let text = "use crate::kernel::{self, App, access::{actor::*, Policy as Table}};\nuse super::{rules, queries::View};\n\
        use entity::accounts::account;\nfn f() { let x = account::ActiveModel::default(); crate::web::show(rules::next(x)); x.a(); Table::new() }";
    let source = Tree::of(&[("src/calls/editor/pages.rs", text)]);
    let source = source.files().next().expect("one file");

    let paths: Vec<String> =
        source.paths().iter().map(|path| format!("{} {}", path.line, path.parts.join("::"))).collect();

    assert_eq!(
        paths,
        [
            "1 crate::kernel",
            "1 crate::kernel::App",
            "1 crate::kernel::access::actor::*",
            "1 crate::kernel::access::Policy",
            "2 crate::calls::editor::rules",
            "2 crate::calls::editor::queries::View",
            "3 entity::accounts::account",
            "4 entity::accounts::account::ActiveModel::default",
            "4 crate::web::show",
            "4 crate::calls::editor::rules::next",
            "4 crate::kernel::access::Policy::new",
        ]
    );
}
