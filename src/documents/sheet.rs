//! Tables that leave the house as CSV or XLSX, and tables that come in.

mod head;
mod read;

pub use head::{Column, Fault, Head};
pub use read::{MAX_BYTES, MAX_COLUMNS, MAX_ROWS, read_table};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// The longest text a cell of a spreadsheet holds.
const LONGEST_CELL: usize = 32_767;

/// A value of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    /// A decimal number as text, with a point: `-1234.50`.
    Number(String),
    Date(NaiveDate),
    Empty,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn number(number: impl ToString) -> Self {
        Self::Number(number.to_string())
    }

    /// The value as a person reads it; days in ISO 8601.
    fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Number(text) => text.clone(),
            Self::Date(day) => day.format("%Y-%m-%d").to_string(),
            Self::Empty => String::new(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::text(text) }
    }
}

/// A table on its way out; every row has as many cells as there are columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the table cannot be written: {0}")]
pub struct SheetError(String);

impl From<XlsxError> for SheetError {
    fn from(error: XlsxError) -> Self {
        Self(error.to_string())
    }
}

impl Sheet {
    pub fn new<T: Into<String>>(columns: impl IntoIterator<Item = T>) -> Self {
        Self { columns: columns.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    pub fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }

    /// The table as CSV with commas (RFC 4180), in UTF-8 with the mark by which spreadsheets know it.
    ///
    /// # Errors
    /// Only when memory cannot be written.
    pub fn to_csv(&self) -> Result<Vec<u8>, SheetError> {
        let failed = |e: csv::Error| SheetError(e.to_string());
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(self.columns.iter().map(|title| harmless(title))).map_err(failed)?;
        for row in &self.rows {
            writer
                .write_record(row.iter().map(|cell| match cell {
                    Cell::Number(number) if is_decimal(number) => number.clone(),
                    other => harmless(&other.plain()),
                }))
                .map_err(failed)?;
        }
        writer.into_inner().map_err(|e| SheetError(e.to_string()))
    }

    /// The table as a workbook with one sheet: bold head that stays in view, filters, fitting widths,
    /// numbers and days as such. The moment goes into the file's properties.
    ///
    /// # Errors
    /// When there are more rows or columns than a sheet of a workbook holds.
    pub fn to_xlsx(&self, title: &str, made: DateTime<Utc>) -> Result<Vec<u8>, SheetError> {
        let mut workbook = Workbook::new();
        let moment = ExcelDateTime::from_timestamp(made.timestamp())?;
        workbook.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&moment));
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(title))?;
        self.fill(sheet)?;
        Ok(workbook.save_to_buffer()?)
    }

    fn fill(&self, sheet: &mut Worksheet) -> Result<(), SheetError> {
        let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
        let prose = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let day = Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Top);
        for (at, title) in self.columns.iter().enumerate() {
            let column = u16::try_from(at).map_err(|_| SheetError("there are too many columns".into()))?;
            sheet.write_string_with_format(0, column, fitting(title), &head)?;
            sheet.set_column_width(column, self.width(at))?;
        }
        for (row, cells) in (1u32..).zip(&self.rows) {
            for (column, cell) in (0u16..).zip(cells) {
                match cell {
                    Cell::Empty => {}
                    Cell::Date(d) => {
                        let moment = u16::try_from(d.year())
                            .map_err(|_| SheetError(format!("{d} is outside the years of a workbook")))
                            .and_then(|year| Ok(ExcelDateTime::from_ymd(year, two(d.month()), two(d.day()))?))?;
                        sheet.write_datetime_with_format(row, column, &moment, &day)?;
                    }
                    Cell::Number(text) => match exact(text) {
                        Some(number) => {
                            let format = Format::new().set_num_format(number_format(text)).set_align(FormatAlign::Top);
                            sheet.write_number_with_format(row, column, number, &format)?;
                        }
                        None => {
                            sheet.write_string_with_format(row, column, fitting(text), &prose)?;
                        }
                    },
                    Cell::Text(text) => {
                        sheet.write_string_with_format(row, column, fitting(text), &prose)?;
                    }
                }
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        if let (Ok(rows), Some(last)) =
            (u32::try_from(self.rows.len()), self.columns.len().checked_sub(1).and_then(|n| u16::try_from(n).ok()))
        {
            sheet.autofilter(0, 0, rows, last)?;
        }
        Ok(())
    }

    /// Wide enough for the longest line of the column, within reason.
    fn width(&self, column: usize) -> f64 {
        let longest = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| longest(&cell.plain())).max();
        let wanted = cells.unwrap_or(0).max(longest(self.columns.get(column).map_or("", String::as_str)) + 2);
        let wanted = u32::try_from(wanted).unwrap_or(60).clamp(8, 60);
        f64::from(wanted) + 1.0
    }
}

fn two(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(1)
}

/// A text that no spreadsheet takes for a formula (the OWASP advice on CSV injection).
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// The number a spreadsheet can hold without changing it: it keeps fifteen digits.
fn exact(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (is_decimal(text) && digits <= 15).then(|| text.parse().ok()).flatten()
}

fn number_format(text: &str) -> String {
    match text.split_once('.') {
        Some((_, fraction)) => format!("#,##0.{}", "0".repeat(fraction.len())),
        None => "#,##0".to_owned(),
    }
}

/// The text without characters a workbook cannot hold, cut to what a cell holds.
fn fitting(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    if clean.encode_utf16().count() <= LONGEST_CELL {
        return clean;
    }
    let mut units = 0;
    let mut cut: String = clean
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units < LONGEST_CELL
        })
        .collect();
    cut.push('…');
    cut
}

/// A title as the name of a sheet: at most 31 characters, none of those Excel forbids.
fn sheet_name(title: &str) -> String {
    let clean: String =
        title.chars().map(|c| if c.is_control() || "[]:*?/\\'".contains(c) { ' ' } else { c }).collect();
    let mut units = 0;
    let short: String = clean
        .trim()
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= 31
        })
        .collect();
    if short.trim().is_empty() { "Table".to_owned() } else { short.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> DateTime<Utc> {
        DateTime::from_timestamp(1_489_593_483, 0).unwrap()
    }

    fn sample() -> Sheet {
        let mut sheet = Sheet::new(["Name", "Asked for", "Since"]);
        sheet.push(vec![
            Cell::text("Bjørn, “Ltd”\nGdańsk"),
            Cell::number("-1234.50"),
            Cell::Date(NaiveDate::from_ymd_opt(2017, 3, 15).unwrap()),
        ]);
        sheet.push(vec![Cell::text("=cmd|' /C calc'!A0"), Cell::number(7), Cell::Empty]);
        sheet
    }

    fn table(of: &[&[&str]]) -> Vec<Vec<String>> {
        of.iter().map(|row| row.iter().map(|&text| text.to_owned()).collect()).collect()
    }

    fn expected() -> Vec<Vec<String>> {
        table(&[
            &["Name", "Asked for", "Since"],
            &["Bjørn, “Ltd”\nGdańsk", "-1234.50", "2017-03-15"],
            &["=cmd|' /C calc'!A0", "7", ""],
        ])
    }

    fn cells(name: &str, bytes: &[u8]) -> Vec<Vec<String>> {
        read_table(name, bytes).unwrap().into_iter().map(|(_, cells)| cells).collect()
    }

    #[test]
    fn what_goes_out_as_csv_comes_back() {
        assert_eq!(cells("list.csv", &sample().to_csv().unwrap()), expected());
    }

    #[test]
    fn what_goes_out_as_xlsx_comes_back() {
        let mut expected = expected();
        expected[1][1] = "-1234.5".into();
        assert_eq!(cells("list.xlsx", &sample().to_xlsx("List", made()).unwrap()), expected);
    }

    #[test]
    fn the_same_table_gives_the_same_workbook() {
        assert_eq!(sample().to_xlsx("List", made()).unwrap(), sample().to_xlsx("List", made()).unwrap());
    }

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        let mut sheet = Sheet::new(["=1+1"]);
        for text in ["=1", "+1", "-1", "@a", "\tx", "\rx", "a=1", "'quoted"] {
            sheet.push(vec![Cell::text(text)]);
        }
        sheet.push(vec![Cell::number("-5")]);
        sheet.push(vec![Cell::number("-5+cmd")]);

        let csv = String::from_utf8(sheet.to_csv().unwrap()).unwrap();

        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(
            lines,
            ["\u{feff}'=1+1", "'=1", "'+1", "'-1", "'@a", "'\tx", "\"'\rx\"", "a=1", "'quoted", "-5", "'-5+cmd", ""]
        );
    }

    #[test]
    fn numbers_that_would_lose_digits_stay_text() {
        assert_eq!(exact("123456789012345"), Some(123_456_789_012_345.0));
        for text in ["1234567890123456", "1e5", "", "-", "1.", ".5", "0x1", "NaN", "inf"] {
            assert_eq!(exact(text), None, "{text}");
        }
    }

    #[test]
    fn names_of_sheets_are_ones_excel_takes() {
        assert_eq!(sheet_name("Parts: 2017/03 [all]"), "Parts  2017 03  all");
        assert_eq!(sheet_name("x".repeat(50).as_str()).len(), 31);
        assert_eq!(sheet_name("?"), "Table");
        let long = Sheet { columns: vec!["a".into()], rows: vec![vec![Cell::text("🚀".repeat(40_000))]] };
        assert!(long.to_xlsx("'🚀'", made()).is_ok());
    }
}
