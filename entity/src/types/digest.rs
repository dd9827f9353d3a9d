//! The SHA-256 digest of a stored file or a frozen document.

use super::BadValue;
use std::fmt::Write;

/// Writes 32 bytes as 64 lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Checks that a text is a SHA-256 digest in hexadecimal.
///
/// # Errors
/// When it is not.
pub fn parse(text: &str) -> Result<String, BadValue> {
    let text = text.trim().to_ascii_lowercase();
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(text)
    } else {
        Err(BadValue::new("A checksum has 64 digits and letters a to f"))
    }
}
