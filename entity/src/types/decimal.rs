//! Decimal text as people type it, read into integers: `3,5`, `3.5`, `1 234,50`, `1.234,50`.

use super::BadValue;

/// Reads a decimal number into units of 10^-`places`; never through a float.
///
/// Spaces, non-breaking spaces and apostrophes group digits. A comma or point followed by at most
/// `places` digits is the decimal mark; the other one groups thousands.
///
/// # Errors
/// When the text is not a number, has more decimals than `places`, or does not fit.
pub fn parse(text: &str, places: u32) -> Result<i64, BadValue> {
    let wrong = || BadValue::new("Enter a number, for example 1234.50");
    let kept: String =
        text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’')).collect();
    let (negative, digits) = match kept.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, kept.as_str()),
    };
    let (whole, fraction) = split(digits, places).ok_or_else(wrong)?;
    if whole.is_empty() && fraction.is_empty() {
        return Err(wrong());
    }
    if fraction.len() > places as usize {
        return Err(match places {
            0 => BadValue::new("Enter a whole number"),
            n => BadValue::new(format!("Enter at most {n} decimals")),
        });
    }
    let all = format!("{whole}{fraction:0<width$}", width = places as usize);
    if !all.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let value: i64 = all.parse().map_err(|_| BadValue::new("The number is too large"))?;
    Ok(if negative { -value } else { value })
}

/// Splits at the decimal mark: the last comma or point, unless it can only group thousands.
fn split(digits: &str, places: u32) -> Option<(String, String)> {
    let marks: Vec<(usize, char)> = digits.char_indices().filter(|(_, c)| matches!(c, ',' | '.')).collect();
    let Some(&(at, mark)) = marks.last() else {
        return Some((digits.to_owned(), String::new()));
    };
    let after = &digits[at + 1..];
    let same = marks.iter().filter(|(_, c)| *c == mark).count();
    let grouping = same > 1 || (after.len() == 3 && places < 3 && marks.len() == 1 && at <= 3 && at > 0);
    if grouping {
        let groups_ok = digits.split([',', '.']).skip(1).all(|g| g.len() == 3);
        return groups_ok.then(|| (digits.replace([',', '.'], ""), String::new()));
    }
    Some((digits[..at].replace([',', '.'], ""), after.to_owned()))
}

/// Writes units of 10^-`places` with a point and without superfluous zeros: `3.5`, `12`.
pub fn plain(value: i64, places: u32) -> String {
    let text = fixed(value, places);
    if places == 0 {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Writes units of 10^-`places` with all decimals: `1234.50`.
pub fn fixed(value: i64, places: u32) -> String {
    let unit = 10u64.pow(places);
    let size = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    if places == 0 {
        return format!("{sign}{size}");
    }
    format!("{sign}{}.{:0width$}", size / unit, size % unit, width = places as usize)
}

/// Writes a whole number with non-breaking spaces between thousands: `450 000`.
pub fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(c);
    }
    if value < 0 { format!("-{out}") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, places, value) in [
            ("3,5", 2, 350),
            ("3.5", 2, 350),
            ("1 234,50", 2, 123_450),
            ("1.234,50", 2, 123_450),
            ("1,234.50", 2, 123_450),
            ("1.234", 2, 123_400),
            ("250 000", 2, 25_000_000),
            ("1.234.567", 2, 123_456_700),
            ("-12", 0, -12),
            (".5", 2, 50),
            ("0", 2, 0),
        ] {
            assert_eq!(parse(text, places), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "abc", "1e9", "12.345.6", "99999999999999999999", "1,2,3", "--1", "3.567x"] {
            assert!(parse(text, 2).is_err(), "{text}");
        }
        assert!(parse("3.5", 0).is_err());
    }

    #[test]
    fn numbers_are_written_back() {
        assert_eq!(plain(350, 2), "3.5");
        assert_eq!(plain(300, 2), "3");
        assert_eq!(fixed(-5, 2), "-0.05");
        assert_eq!(grouped(1_234_567), "1\u{a0}234\u{a0}567");
    }
}
