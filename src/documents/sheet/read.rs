//! Tables people upload: CSV of any habit or XLSX, known by their content, never by their name alone.

use calamine::{DataRef, Reader, Xlsx};
use entity::types::BadValue;
use std::io::{Cursor, Read};

/// The largest table file that is read.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The most rows, with the head.
pub const MAX_ROWS: usize = 20_000;
/// The most columns.
pub const MAX_COLUMNS: usize = 100;
/// The longest text in a cell.
const MAX_CELL: usize = 32_767;
/// The most text in all cells together.
const MAX_TEXT: usize = 40 * 1024 * 1024;
/// How large a workbook may become when it is unpacked.
const MAX_UNPACKED: u64 = 100 * 1024 * 1024;

/// Reads a table: rows of trimmed texts, all of the same length, each with its number in the file from 1; empty
/// rows are left out.
///
/// CSV may be separated by commas, semicolons or tabs and written in UTF-8, UTF-16 or Windows-1252; of a
/// workbook the first sheet is read, days as `2017-03-15` and numbers with a point.
///
/// # Errors
/// When it is no table, or too large; the message says what to do about it.
pub fn read_table(name: &str, bytes: &[u8]) -> Result<Vec<(usize, Vec<String>)>, BadValue> {
    if bytes.is_empty() {
        return Err(BadValue::new(format!("“{name}” is empty")));
    }
    if bytes.len() > MAX_BYTES {
        return Err(BadValue::new(format!("“{name}” is larger than {} MB", MAX_BYTES / 1024 / 1024)));
    }
    let table = if bytes.starts_with(b"PK\x03\x04") {
        read_xlsx(name, bytes)?
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(BadValue::new(format!(
            "“{name}” is an old Excel file or protected by a password. Save it as .xlsx without a password"
        )));
    } else {
        read_csv(name, bytes)?
    };
    let table = table.finish();
    if table.is_empty() { Err(BadValue::new(format!("“{name}” holds no rows"))) } else { Ok(table) }
}

/// The rows read so far, within the limits.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    text: usize,
}

impl Table {
    fn put(&mut self, row: usize, column: usize, text: &str) -> Result<(), BadValue> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        if row >= MAX_ROWS {
            return Err(BadValue::new(format!("The table has more than {MAX_ROWS} rows. Divide it")));
        }
        if column >= MAX_COLUMNS {
            return Err(BadValue::new(format!("Row {} has more than {MAX_COLUMNS} columns", row + 1)));
        }
        if text.len() > MAX_CELL {
            return Err(BadValue::new(format!("The text in row {}, column {} is too long", row + 1, column + 1)));
        }
        self.text += text.len();
        if self.text > MAX_TEXT {
            return Err(BadValue::new("The table holds too much text. Divide it"));
        }
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        let cells = &mut self.rows[row];
        if cells.len() <= column {
            cells.resize_with(column + 1, String::new);
        }
        cells[column] = text.to_owned();
        Ok(())
    }

    fn finish(self) -> Vec<(usize, Vec<String>)> {
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let filled = (1..).zip(self.rows).filter(|(_, row)| !row.is_empty());
        filled
            .map(|(number, mut row)| {
                row.resize_with(width, String::new);
                (number, row)
            })
            .collect()
    }
}

fn read_csv(name: &str, bytes: &[u8]) -> Result<Table, BadValue> {
    let text =
        decode(bytes).ok_or_else(|| BadValue::new(format!("“{name}” is no table. Upload a CSV or an XLSX file")))?;
    let (hint, text) = separator_line(&text);
    let separator = hint.unwrap_or_else(|| separator(text));
    let mut table = Table::default();
    // Blank lines are no records; a row keeps the number that an editor shows beside it.
    let (mut row, mut read) = (usize::from(hint.is_some()), 0);
    for record in parser(separator, text).records() {
        let record = record.map_err(|e| BadValue::new(format!("Row {} cannot be read: {e}", row + 1)))?;
        let start = record.position().and_then(|place| usize::try_from(place.byte()).ok()).unwrap_or(read);
        let start = start + text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
        row += text[read..start].matches('\n').count();
        read = start;
        for (column, cell) in record.iter().enumerate() {
            table.put(row, column, rearmed(cell))?;
        }
    }
    Ok(table)
}

fn parser(separator: u8, text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

/// Takes away the apostrophe that exports put before what looks like a formula.
fn rearmed(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => cell,
    }
}

/// UTF-8 and UTF-16 by their marks, then UTF-8 by its shape, then Windows-1252, which covers Latin-1.
fn decode(bytes: &[u8]) -> Option<String> {
    let encoding = match encoding_rs::Encoding::for_bom(bytes) {
        Some((marked, _)) => marked,
        None if bytes.contains(&0) => return None,
        None if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8,
        None => encoding_rs::WINDOWS_1252,
    };
    let (text, _, broken) = encoding.decode(bytes);
    let binary = text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{80}'..='\u{9f}'));
    (!broken && !binary && !text.starts_with("%PDF-") && !looks_like_markup(&text)).then(|| text.into_owned())
}

fn looks_like_markup(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(15).collect::<String>().to_lowercase();
    ["<!doctype", "<html", "<?xml", "<svg", "{\\rtf"].iter().any(|mark| start.starts_with(mark))
}

/// The line `sep=;` that some spreadsheets write first.
fn separator_line(text: &str) -> (Option<u8>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match first.trim_end_matches('\r').strip_prefix("sep=").map(str::as_bytes) {
        Some(&[separator]) => (Some(separator), rest),
        _ => (None, text),
    }
}

/// The mark that divides the first rows into the same number of cells, the most of them.
fn separator(text: &str) -> u8 {
    let judged = [b',', b';', b'\t'].into_iter().rev().filter_map(|mark| {
        let sizes: Vec<usize> =
            parser(mark, text).records().take(20).filter_map(Result::ok).map(|record| record.len()).collect();
        let first = *sizes.first()?;
        let same = sizes.iter().filter(|&&size| size == first).count();
        (first > 1).then_some(((same == sizes.len(), first), mark))
    });
    // A single column may hold any of the marks: then the unit separator, which is in no text, divides.
    judged.max_by_key(|(score, _)| *score).map_or(0x1f, |(_, mark)| mark)
}

fn read_xlsx(name: &str, bytes: &[u8]) -> Result<Table, BadValue> {
    let broken = || BadValue::new(format!("“{name}” is not a whole XLSX file. Open it, save it again and retry"));
    unpack_within_limits(name, bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let first = workbook.sheet_names().into_iter().next().ok_or_else(broken)?;
    let mut cells = workbook.worksheet_cells_reader(&first).map_err(|_| broken())?;
    let mut table = Table::default();
    while let Some(cell) = cells.next_cell().map_err(|_| broken())? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        if let DataRef::Error(error) = cell.get_value() {
            return Err(BadValue::new(format!("Row {}, column {} holds the error {error}", row + 1, column + 1)));
        }
        table.put(row, column, &written(cell.get_value()))?;
    }
    Ok(table)
}

/// Unpacks everything once and throws it away: the sizes a file claims may lie.
fn unpack_within_limits(name: &str, bytes: &[u8]) -> Result<(), BadValue> {
    let broken = || BadValue::new(format!("“{name}” is not a whole XLSX file. Open it, save it again and retry"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(BadValue::new(format!("“{name}” is no table. Upload a CSV or an XLSX file")));
    }
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|_| broken())?;
        let size = std::io::copy(&mut file.take(left + 1), &mut std::io::sink()).map_err(|_| broken())?;
        left = left
            .checked_sub(size)
            .ok_or_else(|| BadValue::new(format!("“{name}” becomes too large when it is unpacked. Divide it")))?;
    }
    Ok(())
}

fn written(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second) {
                (0, 0, 0) => date,
                (h, m, s) => format!("{date} {h:02}:{m:02}:{s:02}"),
            }
        }
        DataRef::DateTime(duration) => duration.as_f64().to_string(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::sheet::{Cell, Sheet};
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
        read_table("t.csv", bytes).unwrap().into_iter().map(|(_, cells)| cells).collect()
    }

    fn refusal(bytes: &[u8]) -> String {
        read_table("t.csv", bytes).unwrap_err().to_string()
    }

    #[test]
    fn csv_of_any_habit_is_read() {
        let expected = [["Name", "Town"], ["Åse", "Ålesund, Møre"]];
        assert_eq!(rows("Name,Town\nÅse,\"Ålesund, Møre\"\n".as_bytes()), expected);
        assert_eq!(rows("\u{feff}Name;Town\r\nÅse;Ålesund, Møre\r\n".as_bytes()), expected);
        assert_eq!(rows("sep=;\r\nName;Town\r\nÅse;Ålesund, Møre\r\n".as_bytes()), expected);
        assert_eq!(rows("Name\tTown\n\nÅse\tÅlesund, Møre\n".as_bytes()), expected);
        assert_eq!(rows(b"Name;Town\n\xc5se;\xc5lesund, M\xf8re\n"), expected);
        let wide: Vec<u8> = std::iter::once(0xfeff)
            .chain("Name\tTown\nÅse\tÅlesund, Møre".encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(rows(&wide), expected);
    }

    #[test]
    fn rows_are_made_equally_long_and_empty_ones_dropped() {
        assert_eq!(rows(b"a,b,c\n1\n,,\n 2 ,3\n"), [["a", "b", "c"], ["1", "", ""], ["2", "3", ""]]);
    }

    #[test]
    fn a_row_keeps_its_number() {
        let numbers = |bytes| read_table("t.csv", bytes).unwrap().iter().map(|(n, _)| *n).collect::<Vec<_>>();
        assert_eq!(numbers(b"a,b\n\n1,2\n,,\n\n3,4\n"), [1, 3, 6]);
        assert_eq!(numbers(b"sep=;\r\na;b\r\n\r\n1;2\r\n3;4\r\n"), [2, 4, 5]);
        assert_eq!(numbers(b"a,b\n1,\"two\nlines\"\n3,4\n"), [1, 2, 4]);
    }

    #[test]
    fn a_single_column_may_hold_commas() {
        assert_eq!(rows(b"Name\nAcme, Inc\nBeta\n"), [["Name"], ["Acme, Inc"], ["Beta"]]);
    }

    #[test]
    fn what_is_no_table_is_refused_with_advice() {
        assert_eq!(refusal(b""), "“t.csv” is empty");
        assert_eq!(refusal(b" \n \n"), "“t.csv” holds no rows");
        for no_table in [&b"%PDF-1.7\n"[..], b"\x89PNG\r\n\x1a\n\0\0", b"<!DOCTYPE html><p>", b"MZ\0\x01", b"a,b\x07"] {
            assert_eq!(refusal(no_table), "“t.csv” is no table. Upload a CSV or an XLSX file");
        }
        assert!(refusal(b"\xd0\xcf\x11\xe0\xa1\xb1").contains("Save it as .xlsx"));
        assert!(refusal(b"PK\x03\x04nothing").contains("not a whole XLSX file"));
    }

    #[test]
    fn limits_are_kept() {
        assert_eq!(refusal("a\n".repeat(MAX_ROWS + 1).as_bytes()), "The table has more than 20000 rows. Divide it");
        assert_eq!(refusal("a,".repeat(101).as_bytes().strip_suffix(b",").unwrap()), "Row 1 has more than 100 columns");
        assert_eq!(refusal(&vec![b'a'; MAX_BYTES + 1]), "“t.csv” is larger than 10 MB");
        assert_eq!(refusal(&vec![b'a'; MAX_CELL + 1]), "The text in row 1, column 1 is too long");
    }

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let zeros = vec![0; 120 * 1024 * 1024];
        let bomb = archive(&[("xl/workbook.xml", b"<workbook/>"), ("xl/sharedStrings.xml", &zeros)]);
        assert!(bomb.len() < MAX_BYTES);

        assert_eq!(refusal(&bomb), "“t.csv” becomes too large when it is unpacked. Divide it");
    }

    #[test]
    fn another_kind_of_zip_is_no_table() {
        let docx = archive(&[("word/document.xml", b"<w/>")]);
        assert_eq!(refusal(&docx), "“t.csv” is no table. Upload a CSV or an XLSX file");
    }

    /// A sheet that names a cell in the last corner must not make room for all the others.
    #[test]
    fn a_far_cell_is_refused() {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        workbook.add_worksheet().write_string(1_048_575, 16_383, "far").unwrap();
        let far = workbook.save_to_buffer().unwrap();

        assert_eq!(refusal(&far), "The table has more than 20000 rows. Divide it");
    }

    #[test]
    fn numbers_and_days_of_a_workbook_are_written_plainly() {
        let mut sheet = Sheet::new(["n", "d"]);
        for number in ["0.1", "12345678.25", "987654321", "-0.000001"] {
            sheet.push(vec![Cell::number(number), Cell::Date(chrono::NaiveDate::from_ymd_opt(1999, 12, 31).unwrap())]);
        }
        let bytes = sheet.to_xlsx("n", chrono::DateTime::UNIX_EPOCH).unwrap();

        let read: Vec<String> = rows(&bytes).into_iter().map(|row| row.join(" ")).collect();

        assert_eq!(
            read,
            ["n d", "0.1 1999-12-31", "12345678.25 1999-12-31", "987654321 1999-12-31", "-0.000001 1999-12-31"]
        );
    }
}
