//! Codes people quote on the phone.

use super::BadValue;

/// Checks a call's code: 3 to 24 capital letters, digits and dashes, such as `IE-2017`.
///
/// # Errors
/// When the text has another shape.
pub fn call_code(text: &str) -> Result<String, BadValue> {
    let code = text.trim().to_ascii_uppercase();
    let plain = code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    if (3..=24).contains(&code.len()) && plain && !code.starts_with('-') && !code.ends_with('-') {
        Ok(code)
    } else {
        Err(BadValue::new("Use 3 to 24 letters, digits and dashes, for example IE-2017"))
    }
}

/// The code of the n-th proposal of a call: `IE-2017-007`.
pub fn proposal_code(call: &str, number: u32) -> String {
    format!("{call}-{number:03}")
}

/// A key inside a call's terms (question, criterion, activity): lower-case letters, digits, underscores.
///
/// # Errors
/// When the text has another shape.
pub fn key(text: &str) -> Result<String, BadValue> {
    let key = text.trim();
    let plain = key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'));
    if (1..=48).contains(&key.len()) && plain {
        Ok(key.to_owned())
    } else {
        Err(BadValue::new("Use lower-case letters, digits and underscores"))
    }
}
