//! What a browser posted: fields and files, read once and within limits, after the form token was checked.

use crate::kernel::{AppError, Result};
use entity::types::{BadValue, digest};
use poem::{
    FromRequest, Request, RequestBody,
    http::{StatusCode, header},
    web::Multipart,
};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Largest form without files, in bytes.
const FORM: usize = 2 * 1024 * 1024;
/// Largest file, in bytes; a question or document may allow less.
pub const FILE: usize = 25 * 1024 * 1024;
/// Most fields and files of one form.
const FIELDS: usize = 5_000;

/// The fields and files of a form.
#[derive(Debug, Clone, Default)]
pub struct Posted {
    fields: Arc<Vec<(String, String)>>,
    files: Arc<Vec<Upload>>,
}

/// A file as it arrived; nothing about it is believed yet.
#[derive(Debug)]
pub struct Upload {
    pub field: String,
    pub name: String,
    pub bytes: Vec<u8>,
}

impl<'a> FromRequest<'a> for Posted {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(request.extensions().get::<Self>().cloned().unwrap_or_default())
    }
}

impl Posted {
    /// Fields as a test or a replay makes them.
    pub fn of(fields: Vec<(String, String)>) -> Self {
        Self { fields: Arc::new(fields), files: Arc::default() }
    }

    /// The first value of a field, as typed; empty when it is missing.
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether the field came with the form at all.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(key, _)| key == name)
    }

    /// All values of a field, in order.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.fields.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// Whether a check box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        !matches!(self.text(name), "" | "0" | "false" | "no")
    }

    /// All fields in their order.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// The form's command key, when it has one.
    pub fn key(&self) -> Option<&str> {
        Some(self.text("key")).filter(|key| (8..=64).contains(&key.len()))
    }

    /// The command key of a press: the same for the same form sent to the same address with the same content. Who goes
    /// back to an older page and sends something else is not taken for somebody who pressed twice.
    pub fn press(&self, path: &str) -> Option<String> {
        let key = self.key()?;
        let mut content = Sha256::new();
        content.update(path);
        for (name, value) in self.fields.iter().filter(|(name, _)| name != "csrf") {
            content.update([0]);
            content.update(name);
            content.update([1]);
            content.update(value);
        }
        for file in self.files.iter() {
            content.update([2]);
            content.update(&file.name);
            content.update(Sha256::digest(&file.bytes));
        }
        let key: String = key.chars().take(40).collect();
        Some(format!("{key}-{}", &digest::hex(&content.finalize())[..16]))
    }

    /// The version the form was made from; 0 when it has none.
    pub fn version(&self) -> i64 {
        self.text("version").parse().unwrap_or_default()
    }

    /// The file of a field, if one was chosen.
    pub fn file(&self, name: &str) -> Option<&Upload> {
        self.files.iter().find(|file| file.field == name && !(file.name.is_empty() && file.bytes.is_empty()))
    }

    /// Reads a field that holds a value of the platform.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub fn parse<T: std::str::FromStr>(&self, name: &str) -> std::result::Result<T, BadValue> {
        self.text(name).trim().parse().map_err(|_| BadValue::new("Choose one from the list"))
    }

    /// Reads the body of a request.
    ///
    /// # Errors
    /// When it is too large, malformed or of another kind.
    pub async fn read(request: &Request, body: &mut RequestBody) -> Result<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            return Self::read_multipart(request, body).await;
        }
        if !kind.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(AppError::refused("media_type", "This page takes forms only."));
        }
        let bytes = body.take().map_err(broken)?.into_bytes_limit(FORM).await.map_err(|_| too_large())?;
        let fields = pairs(&bytes);
        if fields.len() > FIELDS {
            return Err(too_large());
        }
        Ok(Self::of(fields))
    }

    async fn read_multipart(request: &Request, body: &mut RequestBody) -> Result<Self> {
        let mut parts = Multipart::from_request(request, body).await.map_err(broken)?;
        let (mut fields, mut files, mut left) = (Vec::new(), Vec::new(), FORM);
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            if fields.len() + files.len() >= FIELDS {
                return Err(too_large());
            }
            let field = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(name) => {
                    let bytes = limited(part, FILE).await?;
                    files.push(Upload { field, name, bytes });
                }
                None => {
                    let bytes = limited(part, left).await?;
                    left -= bytes.len();
                    fields.push((field, String::from_utf8_lossy(&bytes).replace('\0', "")));
                }
            }
        }
        Ok(Self { fields: Arc::new(fields), files: Arc::new(files) })
    }
}

async fn limited(part: poem::web::Field, limit: usize) -> Result<Vec<u8>> {
    use tokio::io::AsyncReadExt;
    let mut bytes = Vec::new();
    let mut reader = std::pin::pin!(part.into_async_read().take(limit as u64 + 1));
    reader
        .read_to_end(&mut bytes)
        .await
        .map_err(|e| AppError::refused("upload_broken", format!("The upload broke off ({e}). Please try again.")))?;
    if bytes.len() > limit {
        return Err(too_large());
    }
    Ok(bytes)
}

fn too_large() -> AppError {
    AppError::refused("too_large", format!("This is too large. A file may have at most {} MB.", FILE / 1024 / 1024))
}

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::refused("malformed", format!("The form could not be read ({error})."))
}

/// The status a refused body is answered with.
pub fn status_of(error: &AppError) -> StatusCode {
    match error.code() {
        "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "media_type" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// Reads `a=1&b=2` as a browser writes it; what is no UTF-8 becomes the replacement character.
pub fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    bytes
        .split(|&b| b == b'&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let mut halves = part.splitn(2, |&b| b == b'=');
            let key = halves.next().unwrap_or_default();
            (decoded(key), decoded(halves.next().unwrap_or_default()))
        })
        .collect()
}

fn decoded(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit = |i: usize| bytes.get(i).and_then(|&b| char::from(b).to_digit(16));
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'+', _, _) => out.push(b' '),
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 2;
            }
            (byte, _, _) => out.push(byte),
        }
        at += 1;
    }
    // No keyboard types a zero character, and PostgreSQL stores none.
    String::from_utf8_lossy(&out).replace('\0', "")
}

/// Writes fields as a query.
pub fn query(fields: &[(String, String)]) -> String {
    let written: Vec<String> =
        fields.iter().map(|(key, value)| format!("{}={}", encoded(key), encoded(value))).collect();
    written.join("&")
}

/// Writes one value so that it can stand in an address.
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_browsers_write_them() {
        let fields = pairs(b"title=Caf%C3%A9+%26+bar&empty=&flag&broken=100%");
        assert_eq!(fields[0], ("title".into(), "Café & bar".into()));
        assert_eq!(fields[1], ("empty".into(), String::new()));
        assert_eq!(fields[3], ("broken".into(), "100%".into()));
        assert_eq!(pairs(query(&fields).as_bytes()), fields);
    }

    #[test]
    fn a_press_is_the_same_only_with_the_same_content() {
        let form = |reason: &str| {
            let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            Posted::of(vec![field("csrf", "a"), field("key", "12345678-form"), field("reason", reason)])
        };

        assert_eq!(form("Good").press("/a"), form("Good").press("/a"));
        assert_ne!(form("Good").press("/a"), form("Better").press("/a"));
        assert_ne!(form("Good").press("/a"), form("Good").press("/b"));
        assert_eq!(Posted::of(vec![("key".to_owned(), "short".to_owned())]).press("/a"), None);
        assert!(form("Good").press("/a").is_some_and(|key| key.len() <= 64));
    }
}
