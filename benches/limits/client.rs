//! A small HTTP client: one connection that is kept, requests written beforehand, answers counted or read.

use anyhow::{Context, bail};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Nothing that is measured here takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// One kept connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The value of an input of the page.
    pub fn input(&self, name: &str) -> Option<String> {
        let html = self.text();
        let at = html.find(&format!("name=\"{name}\""))?;
        let start = html[..at].rfind('<')?;
        let tag = &html[start..start + html[start..].find('>')?];
        let value = tag.split("value=\"").nth(1)?;
        Some(value[..value.find('"')?].to_owned())
    }

    /// The first cookie that is set, as it is sent back.
    pub fn cookie(&self) -> String {
        let line = self.head.lines().find(|line| line.to_ascii_lowercase().starts_with("set-cookie:"));
        let pair = line.and_then(|line| line.split_once(':')).map_or("", |(_, rest)| rest);
        pair.split(';').next().unwrap_or_default().trim().to_owned()
    }
}

impl Connection {
    pub async fn open(to: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(256 * 1024) })
    }

    /// Sends a request and reads the answer to its end.
    pub async fn send(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        let (status, head, end) = tokio::time::timeout(PATIENCE, self.exchange(request)).await??;
        let head_text = String::from_utf8_lossy(&self.buffer[..head]).into_owned();
        Ok(Answer { status, head: head_text, body: self.buffer[head..end].to_vec() })
    }

    /// Sends a request and reads past the answer; only its status is looked at.
    pub async fn count(&mut self, request: &[u8], status: u16) -> anyhow::Result<()> {
        let (got, head, end) = self.exchange(request).await?;
        if got != status {
            let text = String::from_utf8_lossy(&self.buffer[..end.min(head + 600)]).into_owned();
            bail!("the answer is {got}, not {status}: {text}");
        }
        Ok(())
    }

    /// Leaves the answer in the buffer; gives its status and where head and body end.
    async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<(u16, usize, usize)> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let mut wanted: Option<(u16, usize, usize)> = None;
        loop {
            if let Some(found) = wanted.filter(|(_, _, end)| self.buffer.len() >= *end) {
                return Ok(found);
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server hung up");
            }
            if wanted.is_none()
                && let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n")
            {
                let head = std::str::from_utf8(&self.buffer[..at]).context("the head of the answer")?;
                let status = head.get(9..12).and_then(|code| code.parse().ok()).context("the status")?;
                let length = head
                    .lines()
                    .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
                wanted = Some((status, at + 4, at + 4 + length.unwrap_or(0_usize)));
            }
        }
    }
}

/// A GET as a browser that has been here before sends it.
pub fn get(path: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\naccept: text/html\r\n\r\n").into_bytes()
}

/// A form as a browser or, for autosave, the script sends it.
pub fn post(path: &str, cookie: &str, fields: &[(&str, &str)], autosave: bool) -> Vec<u8> {
    let fields: Vec<(String, String)> = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let body = fairway::web::posted::query(&fields);
    let script = if autosave { "x-requested-with: autosave\r\n" } else { "" };
    format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\nsec-fetch-site: same-origin\r\n{script}\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
