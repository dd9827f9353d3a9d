//! The score sheets as a text that is filled in without the platform, and read again line by line (HotCRP,
//! "offline reviewing").
//!
//! A sheet begins with `== sheet`, a place on it with `--`. A comment goes on to the next of these lines; a line of a
//! comment that begins like one of them is written with a backslash before it. Lines that begin with `#` explain and
//! are not read.

use entity::types::ids::AssignmentId;

/// The place for the comment about the whole; no criterion has such a key.
pub const WHOLE: &str = "*whole";
/// The place for the private note.
pub const PRIVATE: &str = "*private";

/// One place on a sheet: what stands there, or is to stand there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormEntry {
    /// Where it stands in the file.
    pub line: usize,
    /// Of a criterion or a part of one, or [`WHOLE`] or [`PRIVATE`].
    pub key: String,
    pub name: String,
    pub points: String,
    pub comment: String,
    /// Why no points are given; empty when they are.
    pub abstained: String,
}

/// One sheet of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormSheet {
    pub line: usize,
    pub id: AssignmentId,
    /// The version of the sheet the form was made from.
    pub version: i64,
    /// What is told about it: code and title, scale, words.
    pub notes: Vec<String>,
    pub entries: Vec<FormEntry>,
}

impl FormSheet {
    /// Whether points are given at a place: not for comments alone, nor for a criterion whose parts get them.
    pub fn takes_points(&self, entry: &FormEntry) -> bool {
        let part = format!("{}.", entry.key);
        !entry.key.starts_with('*') && !self.entries.iter().any(|other| other.key.starts_with(&part))
    }
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub line: usize,
    pub message: String,
}

impl Wrong {
    pub fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// Whether a comment's line would be taken for something else.
fn is_mark(line: &str) -> bool {
    line.starts_with("==") || line.starts_with("--") || line.starts_with('#') || line.starts_with('\\')
}

/// Writes sheets as a form.
pub fn write(sheets: &[FormSheet]) -> String {
    let mut text = "# Score sheets. Write points after \"points:\" and comments below \"comment:\".\n\
                    # Leave the lines with == and -- as they are. Lines that begin with # are not read.\n"
        .to_owned();
    for sheet in sheets {
        text.push_str(&format!("\n== sheet {} version {}\n", sheet.id, sheet.version));
        for note in &sheet.notes {
            text.push_str(&format!("# {note}\n"));
        }
        for entry in &sheet.entries {
            text.push_str(&format!("\n-- {}\n# {}\n", entry.key, entry.name));
            if sheet.takes_points(entry) {
                text.push_str(&format!("points: {}\n", entry.points));
            }
            if !entry.abstained.is_empty() {
                text.push_str(&format!("abstain: {}\n", entry.abstained));
            }
            text.push_str("comment:\n");
            for line in entry.comment.lines() {
                text.push_str(if is_mark(line) { "\\" } else { "" });
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text
}

/// Where reading stands within a place.
#[derive(PartialEq)]
enum In {
    Head,
    Comment,
}

/// Reads a form; what a file does not mention stays as it is.
///
/// # Errors
/// Every line that cannot be read.
pub fn read(text: &str) -> Result<Vec<FormSheet>, Vec<Wrong>> {
    let (mut sheets, mut wrong): (Vec<FormSheet>, Vec<Wrong>) = (Vec::new(), Vec::new());
    let mut place = In::Head;
    for (at, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if let Some(head) = line.strip_prefix("==") {
            place = In::Head;
            match sheet_of(at, head) {
                Some(sheet) => sheets.push(sheet),
                None => wrong
                    .push(Wrong::new(at, "This should be “== sheet”, the sheet's identifier, “version” and a number")),
            }
        } else if let Some(key) = line.strip_prefix("--") {
            place = In::Head;
            match sheets.last_mut() {
                Some(sheet) => {
                    let key = key.trim().to_owned();
                    sheet.entries.push(FormEntry { line: at, key, ..FormEntry::default() });
                }
                None => wrong.push(Wrong::new(at, "This place belongs to no sheet; the line with == is missing")),
            }
        } else if !line.starts_with('#') {
            let entry = sheets.last_mut().and_then(|sheet| sheet.entries.last_mut());
            if let Err(message) = content(&mut place, entry, line) {
                wrong.push(Wrong::new(at, message));
            }
        }
    }
    for sheet in &mut sheets {
        for entry in &mut sheet.entries {
            entry.comment = entry.comment.trim_matches('\n').trim_end().to_owned();
        }
        for (i, entry) in sheet.entries.iter().enumerate() {
            if sheet.entries[..i].iter().any(|before| before.key == entry.key) {
                wrong.push(Wrong::new(entry.line, format!("“{}” is there twice", entry.key)));
            }
        }
    }
    for (i, sheet) in sheets.iter().enumerate() {
        if sheets[..i].iter().any(|before| before.id == sheet.id) {
            wrong.push(Wrong::new(sheet.line, "This sheet is there twice"));
        }
    }
    if sheets.is_empty() && wrong.is_empty() {
        wrong.push(Wrong::new(1, "There is no sheet in this file"));
    }
    wrong.sort_by_key(|one| one.line);
    if wrong.is_empty() { Ok(sheets) } else { Err(wrong) }
}

/// Reads one line within a place.
fn content(place: &mut In, entry: Option<&mut FormEntry>, line: &str) -> Result<(), &'static str> {
    let Some(entry) = entry else {
        return if line.trim().is_empty() {
            Ok(())
        } else {
            Err("This text belongs to no place; the line with -- is missing")
        };
    };
    if *place == In::Comment {
        entry.comment.push_str(line.strip_prefix('\\').unwrap_or(line));
        entry.comment.push('\n');
        return Ok(());
    }
    if let Some(points) = line.strip_prefix("points:") {
        points.trim().clone_into(&mut entry.points);
    } else if let Some(reason) = line.strip_prefix("abstain:") {
        reason.trim().clone_into(&mut entry.abstained);
    } else if let Some(begun) = line.strip_prefix("comment:") {
        *place = In::Comment;
        if !begun.trim().is_empty() {
            entry.comment.push_str(begun.trim());
            entry.comment.push('\n');
        }
    } else if !line.trim().is_empty() {
        return Err("Write “points:”, “abstain:” or “comment:” first");
    }
    Ok(())
}

/// Reads ` sheet 018f… version 3`.
fn sheet_of(line: usize, head: &str) -> Option<FormSheet> {
    let mut words = head.split_whitespace();
    let (Some("sheet"), Some(id), Some("version"), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next(), words.next())
    else {
        return None;
    };
    let (id, version) = (id.parse().ok()?, version.parse().ok()?);
    Some(FormSheet { line, id, version, notes: Vec::new(), entries: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> FormSheet {
        let entry = |key: &str, points: &str, comment: &str| FormEntry {
            key: key.into(),
            name: key.to_uppercase(),
            points: points.into(),
            comment: comment.into(),
            ..FormEntry::default()
        };
        FormSheet {
            line: 0,
            id: "018f0000-0000-7000-8000-000000000001".parse().unwrap(),
            version: 7,
            notes: vec!["IE-2017-001 Project".into()],
            entries: vec![
                entry("c1.need", "3.5", "Good.\n\n-- really\n# not a remark\n\\ a backslash"),
                FormEntry { abstained: "No idea".into(), ..entry("c2", "", "") },
                entry(WHOLE, "", "Fine"),
                entry(PRIVATE, "", ""),
            ],
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let read = read(&write(&[sheet()])).unwrap();
        let said = |sheet: &FormSheet| -> Vec<_> {
            let of = |e: &FormEntry| (e.key.clone(), e.points.clone(), e.comment.clone(), e.abstained.clone());
            sheet.entries.iter().map(of).collect()
        };
        assert_eq!((read[0].id, read[0].version), (sheet().id, 7));
        assert_eq!(said(&read[0]), said(&sheet()));
        assert_eq!(write(&[]).lines().filter(|line| !line.starts_with('#')).count(), 0);
    }

    #[test]
    fn every_line_that_cannot_be_read_is_named() {
        let text = "Hello\n-- c1\n== sheet x version 1\n== sheet 018f0000-0000-7000-8000-000000000001 version 2\n\
                    -- c1\npoints: 3\nSo good\ncomment: Fine\nand more\n-- c1\n";
        let wrong: Vec<String> =
            read(text).unwrap_err().into_iter().map(|w| format!("{}: {}", w.line, w.message)).collect();
        assert_eq!(
            wrong,
            [
                "1: This text belongs to no place; the line with -- is missing",
                "2: This place belongs to no sheet; the line with == is missing",
                "3: This should be “== sheet”, the sheet's identifier, “version” and a number",
                "7: Write “points:”, “abstain:” or “comment:” first",
                "10: “c1” is there twice",
            ]
        );
        assert_eq!(read("").unwrap_err()[0].message, "There is no sheet in this file");
    }

    #[test]
    fn a_comment_may_begin_beside_its_word() {
        let text = "\u{feff}== sheet 018f0000-0000-7000-8000-000000000001 version 2\r\n-- c1\r\npoints: 3,5\r\n\
                    comment: Fine\r\nand more\r\n\r\n";
        let read = read(text).unwrap();
        assert_eq!(read[0].entries[0].comment, "Fine\nand more");
        assert_eq!(read[0].entries[0].points, "3,5");
    }
}
