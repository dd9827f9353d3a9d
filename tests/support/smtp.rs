//! A mail server for the tests: it keeps every mail it accepts, and misbehaves on request.

use base64::{Engine, engine::general_purpose::STANDARD};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// How the server treats the mail it is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Takes every mail.
    Accepting,
    /// Refuses every recipient for now (451), as a busy or greylisting server does.
    RefusingForNow,
    /// Refuses every recipient for good (550), as for an address that does not exist.
    RefusingForGood,
    /// Lets everybody connect and never says a word.
    Silent,
    /// Takes the mail, and breaks the connection before it can say so.
    LosingTheAnswer,
}

/// A mail as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Whom the envelope names as sender.
    pub from: String,
    /// Whom the envelope names as recipients.
    pub to: Vec<String>,
    /// The message as it was sent, with its header.
    pub source: String,
}

impl Mail {
    /// One field of the header, unfolded and decoded; empty where there is none.
    pub fn header(&self, name: &str) -> String {
        let head = self.source.split("\r\n\r\n").next().unwrap_or_default();
        decoded_words(&field(head, name))
    }

    /// The words of the plain text part.
    pub fn text(&self) -> String {
        part(&self.source, "text/plain").unwrap_or_default()
    }

    /// The source of the HTML part.
    pub fn html(&self) -> String {
        part(&self.source, "text/html").unwrap_or_default()
    }
}

/// A server on the loopback; it stops with this value.
pub struct SmtpServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

struct State {
    manner: Manner,
    mails: Vec<Mail>,
    visits: usize,
}

impl SmtpServer {
    /// Starts a server that accepts mail.
    pub async fn start() -> SmtpServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("the loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let state = Arc::new(Mutex::new(State { manner: Manner::Accepting, mails: Vec::new(), visits: 0 }));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                lock(&shared).visits += 1;
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        SmtpServer { address, state, task }
    }

    /// Where the server listens, without encryption.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes how the server treats mail from now on, in open conversations too.
    pub fn be(&self, manner: Manner) {
        lock(&self.state).manner = manner;
    }

    /// The mails that arrived, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        lock(&self.state).mails.clone()
    }

    /// How often somebody connected.
    pub fn visits(&self) -> usize {
        lock(&self.state).visits
    }

    /// Waits until at least so many mails have arrived, for ten seconds at most.
    pub async fn wait_for(&self, count: usize) -> Vec<Mail> {
        let end = Instant::now() + Duration::from_secs(10);
        loop {
            let mails = self.mails();
            if mails.len() >= count {
                return mails;
            }
            assert!(Instant::now() < end, "expected {count} mails, and these came: {mails:#?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One conversation; it ends when the other side leaves.
async fn converse(stream: TcpStream, state: Arc<Mutex<State>>) -> Option<()> {
    let manner = || lock(&state).manner;
    let mut stream = BufReader::new(stream);
    let mut mail = Mail { from: String::new(), to: Vec::new(), source: String::new() };
    if manner() != Manner::Silent {
        say(&mut stream, "220 mail.test ready").await?;
    }
    loop {
        let line = hear(&mut stream).await?;
        if manner() == Manner::Silent {
            continue;
        }
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match (verb.as_str(), manner()) {
            ("EHLO", _) => "250-mail.test\r\n250-AUTH PLAIN LOGIN\r\n250-8BITMIME\r\n250 SMTPUTF8",
            ("MAIL", _) => {
                mail = Mail { from: mailbox(&line), to: Vec::new(), source: String::new() };
                "250 go on"
            }
            ("RCPT", Manner::RefusingForNow) => "451 4.3.0 come back later",
            ("RCPT", Manner::RefusingForGood) => "550 5.1.1 nobody of that name",
            ("RCPT", _) => {
                mail.to.push(mailbox(&line));
                "250 go on"
            }
            ("DATA", _) if mail.to.is_empty() => "503 for whom?",
            ("DATA", _) => {
                say(&mut stream, "354 the message, please").await?;
                mail.source = message(&mut stream).await?;
                lock(&state).mails.push(mail.clone());
                if manner() == Manner::LosingTheAnswer {
                    return None;
                }
                "250 kept"
            }
            ("AUTH", _) if line.eq_ignore_ascii_case("AUTH LOGIN") => {
                for question in ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"] {
                    say(&mut stream, question).await?;
                    hear(&mut stream).await?;
                }
                "235 welcome"
            }
            ("AUTH", _) => "235 welcome",
            ("QUIT", _) => {
                say(&mut stream, "221 bye").await?;
                return None;
            }
            ("HELO" | "NOOP" | "RSET", _) => "250 fine",
            _ => "502 not here",
        };
        say(&mut stream, answer).await?;
    }
}

async fn say(stream: &mut BufReader<TcpStream>, line: &str) -> Option<()> {
    stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.ok()
}

async fn hear(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = Vec::new();
    let length = stream.read_until(b'\n', &mut line).await.ok()?;
    (length > 0).then(|| String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned())
}

async fn message(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut source = String::new();
    loop {
        let line = hear(stream).await?;
        if line == "." {
            return Some(source);
        }
        source.push_str(line.strip_prefix('.').unwrap_or(&line));
        source.push_str("\r\n");
    }
}

fn mailbox(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(address, _)| address.to_owned()).unwrap_or_default()
}

fn field(head: &str, name: &str) -> String {
    let unfolded = head.replace("\r\n\t", " ").replace("\r\n ", " ");
    let found = unfolded.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    });
    found.unwrap_or_default()
}

/// The first part of a kind, looked for in the parts of the parts too.
fn part(source: &str, kind: &str) -> Option<String> {
    let (head, body) = source.split_once("\r\n\r\n")?;
    let content = field(head, "Content-Type");
    if let Some((_, boundary)) = content.split_once("boundary=") {
        let line = format!("--{}", boundary.split(';').next()?.trim_matches('"'));
        return body.split(&line).skip(1).find_map(|inner| part(inner.trim_start_matches("\r\n"), kind));
    }
    if !content.to_ascii_lowercase().starts_with(kind) {
        return None;
    }
    let bytes = match field(head, "Content-Transfer-Encoding").to_ascii_lowercase().as_str() {
        "base64" => STANDARD.decode(body.split_whitespace().collect::<String>()).ok()?,
        "quoted-printable" => quoted_printable::decode(body, quoted_printable::ParseMode::Robust).ok()?,
        _ => body.as_bytes().to_vec(),
    };
    Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n").trim_end().to_owned())
}

/// Decodes `=?utf-8?b?…?=` and `=?utf-8?q?…?=` (RFC 2047); spaces between two such words do not count.
fn decoded_words(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, word)) = rest.split_once("=?") {
        let mut parts = word.splitn(4, '?');
        let (Some(_charset), Some(way), Some(coded), Some(after)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            break;
        };
        let bytes = if way.eq_ignore_ascii_case("b") {
            STANDARD.decode(coded).unwrap_or_default()
        } else {
            let spaced = coded.replace('_', " ");
            quoted_printable::decode(spaced, quoted_printable::ParseMode::Robust).unwrap_or_default()
        };
        if text.is_empty() || !before.trim().is_empty() {
            text.push_str(before);
        }
        text.push_str(&String::from_utf8_lossy(&bytes));
        rest = after.strip_prefix('=').unwrap_or(after);
    }
    text + rest
}

#[cfg(test)]
#[path = "smtp_test.rs"]
mod tests;
