//! On which line each value of a JSON text stands, so that a mistake can be found in an editor.

use std::collections::{BTreeMap, BTreeSet};

/// Lines by JSON pointer.
#[derive(Debug, Default)]
pub(super) struct Places {
    lines: BTreeMap<String, usize>,
    /// Names that stand twice in one object, with their line.
    pub twice: Vec<(String, usize)>,
    pub depth: usize,
}

impl Places {
    /// The line of a value, or of the nearest thing around it.
    pub fn line(&self, pointer: &str) -> Option<usize> {
        let mut pointer = pointer;
        loop {
            if let Some(line) = self.lines.get(pointer) {
                return Some(*line);
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    }
}

/// Walks through a text that is known to be JSON.
pub(super) fn of(text: &str) -> Places {
    let mut walk = Walk { bytes: text.as_bytes(), at: 0, line: 1, places: Places::default() };
    walk.value(String::new(), 1);
    walk.places
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
    places: Places,
}

impl Walk<'_> {
    fn peek(&mut self) -> u8 {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' | b',' | b':' => {}
                _ => return *byte,
            }
            self.at += 1;
        }
        0
    }

    fn value(&mut self, pointer: String, depth: usize) {
        let first = self.peek();
        self.places.depth = self.places.depth.max(depth);
        self.places.lines.insert(pointer.clone(), self.line);
        match first {
            b'{' => self.object(&pointer, depth),
            b'[' => {
                self.at += 1;
                let mut i = 0;
                while !matches!(self.peek(), b']' | 0) {
                    self.value(format!("{pointer}/{i}"), depth + 1);
                    i += 1;
                }
                self.at += 1;
            }
            b'"' => {
                self.string();
            }
            _ => {
                while self.bytes.get(self.at).is_some_and(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b)) {
                    self.at += 1;
                }
            }
        }
    }

    fn object(&mut self, pointer: &str, depth: usize) {
        self.at += 1;
        let mut seen = BTreeSet::new();
        while self.peek() == b'"' {
            let line = self.line;
            let name = self.string();
            let inner = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            if !seen.insert(name) {
                self.places.twice.push((inner.clone(), line));
            }
            self.value(inner, depth + 1);
        }
        self.at += 1;
    }

    fn string(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += if *byte == b'\\' { 2 } else { 1 };
            if *byte == b'"' {
                break;
            }
        }
        let end = self.at.min(self.bytes.len());
        serde_json::from_slice(&self.bytes[start..end]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_line() {
        let places = of("{\n \"a/b\": [1,\n  {\"c\": \"x\\\"y\\n\"}],\n \"d\": true,\n \"d\": null}");

        assert_eq!(places.line("/a~1b/0"), Some(2));
        assert_eq!(places.line("/a~1b/1/c"), Some(3));
        assert_eq!(places.line("/d"), Some(5));
        assert_eq!(places.line("/a~1b/1/missing"), Some(3));
        assert_eq!(places.twice, vec![("/d".to_owned(), 5)]);
        assert_eq!(places.depth, 4);
    }
}
