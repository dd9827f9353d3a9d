//! Registration and VAT numbers of the field as one key.

/// Fewer digits are no number of an organisation.
const LEAST: usize = 6;

/// The digits by which a registration number and the VAT number made from it are the same, without country and dashes:
/// Swedish VAT numbers end in `01` after the organisation number; Norwegian ones end in `MVA`.
///
/// German courts count for themselves, so `HRB 12345 Kiel` stays as it is.
///
/// The country stands before: that of a prefix (`DK12345678`), else the one given, else none.
pub fn number(text: &str, country: Option<&str>) -> Option<(Option<String>, String)> {
    let plain: String = text.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_uppercase();
    let given = country.map(str::to_uppercase);
    if plain.starts_with("HR") && plain.chars().nth(2).is_some_and(|c| "AB".contains(c)) {
        return Some((given, plain));
    }
    let counts = plain.starts_with("ATU") || plain.chars().nth(2).is_some_and(|c| c.is_ascii_digit());
    let prefix = plain.get(..2).filter(|start| counts && start.chars().all(|c| c.is_ascii_alphabetic()));
    let country = prefix.map(str::to_owned).or(given);
    let country = country.map(|code| if code == "EL" { "GR".to_owned() } else { code });
    let mut digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    if country.as_deref() == Some("SE") && digits.len() == 12 && digits.ends_with("01") {
        digits.truncate(10);
    }
    (digits.len() >= LEAST).then_some((country, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_its_vat_number_are_one() {
        let same = |a: &str, b: &str, country: &str| assert_eq!(number(a, Some(country)), number(b, None), "{a} {b}");
        same("556677-8899", "SE556677889901", "SE");
        same("987 654 321", "NO987654321MVA", "NO");
        same("1234567-8", "FI 12345678", "fi");
        same("12 34 56 78", "DK12345678", "DK");
        assert_eq!(number("12", None), None);
        assert_ne!(number("HRB 123456 Kiel", None), number("HRB 123456 Hamburg", None));
        assert_eq!(number("HRB 123456 Kiel", Some("DE")), Some((Some("DE".into()), "HRB123456KIEL".into())));
        assert_ne!(number("DK12345678", None), number("FI12345678", None));
    }
}
