//! A calendar file of dates (RFC 5545, iCalendar), and how a call is marked where its text says nothing.

use chrono::{DateTime, Utc};
use entity::types::terms::{Basis, Mark};

/// One date of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Date {
    /// Stays the same when the date moves.
    pub uid: String,
    pub at: DateTime<Utc>,
    pub title: String,
    pub text: String,
    pub url: String,
}

/// Writes a calendar; `edition` grows with every change, so that calendars take over a moved date.
pub fn calendar(dates: &[Date], edition: i64, stamp: DateTime<Utc>) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| fold(&format!("{name}:{value}"), &mut out);
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Fairway//Calls//EN");
    for date in dates {
        line("BEGIN", "VEVENT");
        line("UID", &escaped(&date.uid));
        line("DTSTAMP", &utc(stamp));
        line("SEQUENCE", &edition.to_string());
        line("DTSTART", &utc(date.at));
        line("SUMMARY", &escaped(&date.title));
        line("DESCRIPTION", &escaped(&date.text));
        line("URL", &date.url);
        line("TRANSP", "TRANSPARENT");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    out
}

fn utc(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

fn escaped(text: &str) -> String {
    let safe: String = text.chars().filter(|c| *c != '\r').collect();
    safe.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// Lines of more than 75 octets go on in the next line after a blank (RFC 5545, 3.1).
fn fold(line: &str, out: &mut String) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > 73 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}

/// The mark of a value: its own, or that of the list or object around it.
pub fn mark_of<'a>(marks: &'a [Mark], at: &str) -> Option<&'a Mark> {
    marks
        .iter()
        .filter(|mark| at == mark.at || at.strip_prefix(mark.at.as_str()).is_some_and(|rest| rest.starts_with('/')))
        .max_by_key(|mark| mark.at.len())
        .filter(|mark| mark.basis != Basis::Sourced)
}

/// The word of a basis, for people.
pub const fn basis_word(basis: Basis) -> &'static str {
    match basis {
        Basis::Sourced => "sourced",
        Basis::Derived => "derived",
        Basis::Assumed => "assumed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_is_written_as_calendars_read_it() {
        let date = Date {
            uid: "a1@fairway.test".into(),
            at: "2017-10-31T15:00:00Z".parse().unwrap(),
            title: "Deadline; Innovation Norway, IE-2017".into(),
            text: "first\nsecond".into(),
            url: "https://fairway.test/calls/IE-2017".into(),
        };
        let text = calendar(&[date], 3, "2017-09-01T12:00:00Z".parse().unwrap());
        assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
        assert!(text.contains("DTSTART:20171031T150000Z\r\n") && text.contains("SEQUENCE:3\r\n"));
        assert!(text.contains("SUMMARY:Deadline\\; Innovation Norway\\, IE-2017\r\n"));
        assert!(text.contains("DESCRIPTION:first\\nsecond\r\n"));
    }

    #[test]
    fn long_lines_are_folded_between_letters() {
        let mut out = String::new();
        fold(&"Ø".repeat(100), &mut out);
        assert!(out.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(out.replace("\r\n ", "").trim_end(), "Ø".repeat(100));
    }

    #[test]
    fn a_value_has_the_mark_of_what_is_around_it() {
        let mark = |at: &str, basis| Mark { at: at.into(), basis, source: vec![], note: None };
        let marks = [mark("/call/kpis", Basis::Assumed), mark("/call/kpis/1", Basis::Sourced)];
        assert_eq!(mark_of(&marks, "/call/kpis/0/label").map(|m| m.basis), Some(Basis::Assumed));
        assert_eq!(mark_of(&marks, "/call/kpis/1/label"), None);
        assert_eq!(mark_of(&marks, "/call/kpis2"), None);
    }
}
