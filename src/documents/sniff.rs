//! Which files people may upload: known by their content, and only those on the list.
//!
//! The name is believed only where it agrees with the content. What a browser could run, what an office
//! program could run, and what nobody can read is refused. Files are handed out under names that are safe.

use entity::types::BadValue;
use std::io::{Read, Seek, SeekFrom};

/// The longest name of a file that is kept, in bytes: file systems allow 255.
const LONGEST_NAME: usize = 150;
/// How much of a text is looked at.
const HEAD: u64 = 64 * 1024;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    pub media_type: &'static str,
    pub extension: &'static str,
    /// How the kind is called.
    pub label: &'static str,
}

const fn kind(extension: &'static str, label: &'static str, media_type: &'static str) -> Kind {
    Kind { media_type, extension, label }
}

const PDF: Kind = kind("pdf", "PDF", "application/pdf");
const PNG: Kind = kind("png", "PNG picture", "image/png");
const JPEG: Kind = kind("jpg", "JPEG picture", "image/jpeg");
const DOCX: Kind =
    kind("docx", "Word document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
const XLSX: Kind = kind("xlsx", "Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
const PPTX: Kind = kind(
    "pptx",
    "PowerPoint presentation",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
);
const ODT: Kind = kind("odt", "OpenDocument text", "application/vnd.oasis.opendocument.text");
const ODS: Kind = kind("ods", "OpenDocument spreadsheet", "application/vnd.oasis.opendocument.spreadsheet");
const TXT: Kind = kind("txt", "plain text", "text/plain");
const CSV: Kind = kind("csv", "CSV table", "text/csv");

/// Every kind that is accepted, as the upload field names them.
pub const ACCEPTED: [Kind; 10] = [PDF, DOCX, XLSX, PPTX, ODT, ODS, PNG, JPEG, TXT, CSV];

/// Judges a file by its content and its name.
///
/// # Errors
/// When the kind is not on the list, the name claims another kind, or the file holds macros or a password.
pub fn accept(name: &str, mut file: impl Read + Seek) -> Result<Kind, BadValue> {
    let shown = safe_name(name);
    let unreadable = |_| BadValue::new(format!("“{shown}” cannot be read"));
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    if head.is_empty() {
        return Err(BadValue::new(format!("“{shown}” is empty")));
    }
    let found = look(&shown, &head, file)?;
    let claimed = extension(&shown);
    let agrees = claimed.as_deref() == Some(found.extension) || (found == JPEG && claimed.as_deref() == Some("jpeg"));
    match claimed {
        _ if agrees => Ok(found),
        Some(claimed) => Err(BadValue::new(format!(
            "“{shown}” ends with .{claimed}, but its content is a {}. Give it the ending .{} or save it again",
            found.label, found.extension
        ))),
        None => Err(BadValue::new(format!("“{shown}” has no ending. Give it the ending .{}", found.extension))),
    }
}

fn refused(name: &str) -> BadValue {
    let endings: Vec<String> = ACCEPTED.iter().map(|kind| format!(".{}", kind.extension)).collect();
    BadValue::new(format!("“{name}” is of a kind that is not accepted. Upload one of {}", endings.join(", ")))
}

fn look(name: &str, head: &[u8], file: impl Read + Seek) -> Result<Kind, BadValue> {
    match head {
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(BadValue::new(format!(
            "“{name}” is an old Office file or protected by a password. \
             Save it as .docx, .xlsx, .pptx or PDF without a password"
        ))),
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok(PDF),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Ok(PNG),
        [0xff, 0xd8, 0xff, ..] => Ok(JPEG),
        [b'P', b'K', 3, 4, ..] => look_inside(name, file),
        // Any other file with a signature, be it made of letters only, such as `RIFF` or `#!`.
        _ if infer::get(head).is_some() => Err(refused(name)),
        _ => text(name, head),
    }
}

/// Office documents are archives: what they are stands in their list of contents.
fn look_inside(name: &str, file: impl Read + Seek) -> Result<Kind, BadValue> {
    let broken = |_| BadValue::new(format!("“{name}” is damaged. Open it, save it again and retry"));
    let mut archive = zip::ZipArchive::new(file).map_err(broken)?;
    let entries: Vec<String> = archive.file_names().filter_map(Result::ok).map(|n| n.to_lowercase()).collect();
    if entries.iter().any(|entry| is_program(entry)) {
        return Err(BadValue::new(format!("“{name}” holds macros or other programs. Save it without them")));
    }
    let has = |entry: &str| entries.iter().any(|e| e == entry);
    if has("[content_types].xml") {
        let types = entry_text(&mut archive, "[Content_Types].xml").map_err(broken)?.to_lowercase();
        if types.contains("macroenabled") || types.contains("vbaproject") {
            return Err(BadValue::new(format!("“{name}” holds macros or other programs. Save it without them")));
        }
        return [("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("ppt/presentation.xml", PPTX)]
            .into_iter()
            .find_map(|(entry, kind)| has(entry).then_some(kind))
            .ok_or_else(|| refused(name));
    }
    if has("mimetype") && has("content.xml") {
        let stated = entry_text(&mut archive, "mimetype").map_err(broken)?;
        let found =
            [ODT, ODS].into_iter().find(|kind| stated.trim() == kind.media_type).ok_or_else(|| refused(name))?;
        let manifest = entry_text(&mut archive, "META-INF/manifest.xml").unwrap_or_default();
        if manifest.contains("encryption-data") {
            return Err(BadValue::new(format!("“{name}” is protected by a password. Save it without")));
        }
        return Ok(found);
    }
    Err(refused(name))
}

fn is_program(entry: &str) -> bool {
    let file = entry.rsplit('/').next().unwrap_or(entry);
    file.starts_with("vbaproject")
        || file.starts_with("oleobject")
        || entry.contains("activex/")
        || entry.contains("macrosheets/")
        || entry.starts_with("basic/")
        || entry.starts_with("scripts/")
        || [".exe", ".dll", ".js", ".vbs", ".jar", ".bat", ".cmd", ".ps1", ".scr"].iter().any(|e| file.ends_with(e))
}

/// The beginning of an entry; the limit keeps a bomb from being unpacked.
fn entry_text(archive: &mut zip::ZipArchive<impl Read + Seek>, entry: &str) -> Result<String, zip::result::ZipError> {
    let mut bytes = Vec::new();
    archive.by_name(entry)?.take(1024 * 1024).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Text is what has no control characters and does not look like something a program would run.
fn text(name: &str, head: &[u8]) -> Result<Kind, BadValue> {
    let utf16 = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    let binary = !utf16 && head.iter().any(|&b| b == 0x7f || (b < 0x20 && !matches!(b, b'\n' | b'\r' | b'\t' | 0x0c)));
    if binary || (utf16 && extension(name).as_deref() != Some("csv")) {
        return Err(refused(name));
    }
    let visible: String = String::from_utf8_lossy(head).chars().filter(|c| !c.is_control()).collect();
    let start = visible.trim_start_matches(['\u{feff}', ' ', '\u{a0}']).to_lowercase();
    let runs =
        ["<", "#!", "{\\rtf", "%!", "mime-version:", "@echo", "begin:v"].iter().any(|mark| start.starts_with(mark));
    let markup =
        ["<!doctype", "<html", "<svg", "<script", "<body", "<iframe", "<?xml", "<?php", "<head", "javascript:"];
    if runs || markup.iter().any(|mark| start.contains(mark)) {
        return Err(refused(name));
    }
    match extension(name).as_deref() {
        Some("csv") => Ok(CSV),
        Some("txt") => Ok(TXT),
        // A text under another ending is not called text: `.js` or `.bat` would come back as what they are.
        _ => Err(refused(name)),
    }
}

/// What follows the last point, in lower case.
fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty()).then(|| extension.to_lowercase())
}

/// The name of an uploaded file as it is shown and handed out: no folders, nothing invisible, nothing a
/// file system forbids, not longer than it may be, and never empty.
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let visible: String = last
        .chars()
        .filter_map(|c| match c {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => Some('_'),
            c if c.is_whitespace() => Some(' '),
            c if c.is_control() || is_invisible(c) => None,
            c => Some(c),
        })
        .collect();
    let words = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean = words.trim_matches(['.', ' ']);
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 10 => (stem, format!(".{ending}")),
        _ => (clean, String::new()),
    };
    let stem = cut(stem.trim_end_matches(['.', ' ']), LONGEST_NAME - ending.len());
    let device = ["con", "prn", "aux", "nul"].contains(&stem.to_lowercase().as_str())
        || (stem.len() == 4 && (stem.to_lowercase().starts_with("com") || stem.to_lowercase().starts_with("lpt")));
    match stem {
        "" => format!("file{ending}"),
        stem if device => format!("_{stem}{ending}"),
        stem => format!("{stem}{ending}"),
    }
}

/// Marks of direction, joiners, fillers and tags: they make one name look like another.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    text[..end].trim_end_matches(['.', ' '])
}

/// The value of `Content-Disposition` by which a browser saves a file instead of showing it (RFC 6266, RFC 8187).
pub fn content_disposition(name: &str) -> String {
    let name = safe_name(name);
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' })
        .collect();
    if plain == name {
        return format!("attachment; filename=\"{name}\"");
    }
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use zip::write::SimpleFileOptions;

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn judge(name: &str, bytes: &[u8]) -> Result<&'static str, String> {
        accept(name, Cursor::new(bytes)).map(|kind| kind.extension).map_err(|e| e.to_string())
    }

    fn docx() -> Vec<u8> {
        archive(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w/>")])
    }

    #[test]
    fn kinds_on_the_list_are_accepted_by_their_content() {
        let ods = archive(&[("mimetype", ODS.media_type), ("content.xml", "<o/>")]);
        let odt = archive(&[("mimetype", ODT.media_type), ("content.xml", "<o/>")]);
        let xlsx = archive(&[("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<w/>")]);
        let pptx = archive(&[("[Content_Types].xml", "<Types/>"), ("ppt/presentation.xml", "<p/>")]);
        for (name, bytes) in [
            ("a.pdf", &b"%PDF-1.7\n"[..]),
            ("A.PDF", b"%PDF-1.4"),
            ("a.png", b"\x89PNG\r\n\x1a\n\0\0"),
            ("a.jpg", b"\xff\xd8\xff\xe0"),
            ("a.jpeg", b"\xff\xd8\xff\xe0"),
            ("a.docx", &docx()),
            ("a.xlsx", &xlsx),
            ("a.pptx", &pptx),
            ("a.odt", &odt),
            ("a.ods", &ods),
            ("a.txt", "Grüße\tan alle, 3 < 5".as_bytes()),
            ("a.txt", b"Gr\xfc\xdfe"),
            ("a.csv", b"a;b\r\n1;2\r\n"),
        ] {
            let expected = name.to_lowercase().rsplit('.').next().unwrap().replace("jpeg", "jpg");
            assert_eq!(judge(name, bytes), Ok(expected.as_str()), "{name}");
        }
    }

    #[test]
    fn a_lying_ending_is_refused() {
        assert_eq!(
            judge("cv.pdf", &docx()),
            Err("“cv.pdf” ends with .pdf, but its content is a Word document. \
                 Give it the ending .docx or save it again"
                .into())
        );
        assert!(judge("cv.docx", b"%PDF-1.7").unwrap_err().contains("its content is a PDF"));
        assert!(judge("cv", b"%PDF-1.7").unwrap_err().contains("has no ending. Give it the ending .pdf"));
        assert!(judge("cv.pdf.exe", b"%PDF-1.7").unwrap_err().contains("ends with .exe"));
    }

    #[test]
    fn what_browsers_and_machines_run_is_refused() {
        for (name, bytes) in [
            ("a.html", &b"<!DOCTYPE html><script>alert(1)</script>"[..]),
            ("a.txt", b"  \n<html><script>"),
            ("a.txt", b"\xef\xbb\xbf<svg onload=alert(1)>"),
            ("a.txt", b"Hello\n<script>alert(1)</script>"),
            ("a.csv", b"<?xml version=\"1.0\"?>"),
            ("a.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            ("a.exe", b"MZ\x90\0\x03"),
            ("a.txt", b"MZ\x90\0\x03"),
            ("a.txt", b"\x7fELF\x02"),
            ("a.txt", b"#!/bin/sh\nrm -rf /"),
            ("a.js", b"alert(1)"),
            ("a.bat", b"del *.*"),
            ("a.gif", b"GIF89a\x01\0"),
            ("a.txt", b"GIF89a=1;alert(1)"),
            ("a.zip", &archive(&[("a.txt", "a")])),
            ("a.docx", &archive(&[("a.txt", "a")])),
            ("a.odt", &archive(&[("mimetype", "application/epub+zip"), ("content.xml", "")])),
            ("a.txt", b"a\0b"),
            ("a.rtf", b"{\\rtf1 hello}"),
        ] {
            assert!(judge(name, bytes).is_err_and(|e| e.contains("is not accepted. Upload one of .pdf")), "{name}");
        }
        assert!(judge("a.pdf", b"").unwrap_err().contains("is empty"));
    }

    #[test]
    fn macros_and_passwords_are_refused() {
        let types = "<Types><Override ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/></Types>";
        let plain = "<Types/>";
        for bytes in [
            archive(&[("[Content_Types].xml", types), ("word/document.xml", "")]),
            archive(&[("[Content_Types].xml", plain), ("word/document.xml", ""), ("word/vbaProject.bin", "x")]),
            archive(&[("[Content_Types].xml", plain), ("xl/workbook.xml", ""), ("xl/macrosheets/s1.xml", "x")]),
            archive(&[("mimetype", ODT.media_type), ("content.xml", ""), ("Basic/Standard/Module1.xml", "x")]),
        ] {
            for name in ["a.docm", "a.docx", "a.odt"] {
                assert!(judge(name, &bytes).unwrap_err().contains("holds macros"), "{name}");
            }
        }
        assert!(judge("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").unwrap_err().contains("without a password"));
        assert!(judge("a.docx", b"PK\x03\x04cut off").unwrap_err().contains("is damaged"));
    }

    #[test]
    fn names_are_made_safe() {
        for (given, safe) in [
            ("report.pdf", "report.pdf"),
            ("C:\\Users\\eva\\report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("a\r\nb\0.pdf", "a b.pdf"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("  my   report .pdf ", "my report.pdf"),
            ("Søknad “2017” 你好.pdf", "Søknad “2017” 你好.pdf"),
            ("a<b>:\"c|?*.txt", "a_b___c___.txt"),
            (".htaccess", "htaccess"),
            ("...", "file"),
            ("", "file"),
            ("dir/", "file"),
            ("con.txt", "_con.txt"),
            ("LPT1", "_LPT1"),
        ] {
            assert_eq!(safe_name(given), safe, "{given:?}");
        }
        let long = safe_name(&format!("{}.pdf", "ø".repeat(300)));
        assert!(long.len() <= LONGEST_NAME && long.ends_with("ø.pdf"), "{long}");
    }

    #[test]
    fn downloads_are_named_for_every_browser() {
        assert_eq!(content_disposition("report 1.pdf"), "attachment; filename=\"report 1.pdf\"");
        assert_eq!(
            content_disposition("Søknad 100%.pdf"),
            "attachment; filename=\"S_knad 100_.pdf\"; filename*=UTF-8''S%C3%B8knad%20100%25.pdf"
        );
        for name in ["a\"; filename=b.exe", "a\r\nSet-Cookie: x=1", "\\\"x"] {
            let value = content_disposition(name);
            assert!(!value.contains(['\r', '\n', '\\']) && value.matches('"').count() == 2, "{value}");
        }
    }
}
