//! The way a mail leaves the house: SMTP with a pool of connections.
//!
//! A refusal says whether trying again can help. Nothing a person typed can become a header.

use chrono::{DateTime, Utc};
use entity::types::{BadValue, text::Email};
use futures_util::future::BoxFuture;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::{self, PoolConfig, authentication::Credentials, client::Tls, client::TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde::Deserialize;
use std::fmt;
use std::time::Duration;

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protection {
    /// TLS from the first byte, usually on port 465.
    Tls,
    /// TLS after a greeting, usually on port 587; never without it.
    #[default]
    StartTls,
    /// None: for a relay on the same machine or network.
    None,
}

/// The mail server and the sender, as the configuration names them.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    #[serde(default)]
    pub tls: Protection,
    #[serde(default)]
    pub user: Option<String>,
    #[serde(default)]
    pub password: Option<String>,
    /// The sender: `Fairway <no-reply@example.org>` or only the address.
    pub from: String,
    #[serde(default)]
    pub reply_to: Option<String>,
    #[serde(default = "twenty")]
    pub timeout_seconds: u64,
    #[serde(default = "four")]
    pub connections: u32,
}

fn twenty() -> u64 {
    20
}

fn four() -> u32 {
    4
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, tls, from, .. } = self;
        write!(f, "SmtpSettings({host}:{port}, {tls:?}, from {from})")
    }
}

/// One mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The name shown as sender; the address is always that of the settings, so that SPF and DMARC hold.
    pub sender_name: Option<String>,
    pub to: Email,
    pub to_name: Option<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// The same at every try, so that a mail that arrives twice is seen to be one: `id@host`.
    pub message_id: String,
    pub date: DateTime<Utc>,
    /// Where the reader can stop mails of this class.
    pub unsubscribe: Option<String>,
}

/// Why a mail did not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SendError {
    /// Whether the same mail to the same address would be refused again.
    pub permanent: bool,
    /// What the server or the network said, for the mail log.
    pub message: String,
}

impl SendError {
    fn permanent(message: impl Into<String>) -> Self {
        Self { permanent: true, message: message.into() }
    }

    fn temporary(message: impl Into<String>) -> Self {
        Self { permanent: false, message: message.into() }
    }
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// A server took it over.
    Sent,
    /// There is no server; it stays in the built-in mailbox.
    Kept,
}

/// Something that takes a mail to its reader.
pub trait Carrier: Send + Sync {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<Carried, SendError>>;
}

/// Takes every mail and carries it nowhere: without a mail server people read mails in the built-in mailbox.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nowhere;

impl Carrier for Nowhere {
    fn send<'a>(&'a self, _: &'a Letter) -> BoxFuture<'a, Result<Carried, SendError>> {
        Box::pin(async { Ok(Carried::Kept) })
    }
}

/// Whether a mail server runs on this machine, so that what goes to it crosses no network.
pub fn is_here(host: &str) -> bool {
    matches!(host.trim(), "localhost" | "127.0.0.1" | "::1")
}

/// A mail server spoken to over SMTP.
pub struct Smtp {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    reply_to: Option<Mailbox>,
    patience: Duration,
}

impl Smtp {
    /// Checks the settings; the server is first spoken to when there is a mail. Call it on the runtime, to
    /// which the pool of connections belongs.
    ///
    /// # Errors
    /// When a sender is no address, or a password would be sent in the clear to another machine.
    pub fn new(settings: &SmtpSettings) -> Result<Self, BadValue> {
        let host = settings.host.trim();
        if settings.password.is_some() && settings.tls == Protection::None && !is_here(host) {
            return Err(BadValue::new("smtp.tls: a password may not be sent without TLS to another machine"));
        }
        let tls = || {
            TlsParameters::new(host.to_owned())
                .map_err(|e| BadValue::new(format!("smtp.host: {host} cannot be used: {e}")))
        };
        let protection = match settings.tls {
            Protection::Tls => Tls::Wrapper(tls()?),
            Protection::StartTls => Tls::Required(tls()?),
            Protection::None => Tls::None,
        };
        let timeout = Duration::from_secs(settings.timeout_seconds.max(1));
        let mut server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(settings.port)
            .tls(protection)
            .timeout(Some(timeout))
            .pool_config(PoolConfig::new().max_size(settings.connections.max(1)).idle_timeout(Duration::from_secs(30)));
        if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
            server = server.credentials(Credentials::new(user.clone(), password.clone()));
        }
        let address = |field: &str, text: &str| {
            text.parse::<Mailbox>().map_err(|_| {
                BadValue::new(format!("smtp.{field}: “{text}” is no sender; write Fairway <no-reply@example.org>"))
            })
        };
        Ok(Self {
            server: server.build(),
            from: address("from", &settings.from)?,
            reply_to: settings.reply_to.as_deref().map(|text| address("reply_to", text)).transpose()?,
            patience: timeout * 2,
        })
    }

    fn message(&self, letter: &Letter) -> Result<Message, SendError> {
        let recipient: Address = letter
            .to
            .as_str()
            .parse()
            .map_err(|e| SendError::permanent(format!("{} is no address: {e}", letter.to)))?;
        let sender = letter.sender_name.as_deref().map(one_line).or_else(|| self.from.name.clone());
        let id = letter.message_id.trim_matches(['<', '>']);
        if !id.contains('@') || !is_plain(id) {
            return Err(SendError::permanent(format!("{id:?} is no message id")));
        }
        let mut message = Message::builder()
            .from(Mailbox::new(sender, self.from.email.clone()))
            .to(Mailbox::new(letter.to_name.as_deref().map(one_line), recipient))
            .subject(one_line(&letter.subject))
            .date(letter.date.into())
            .message_id(Some(format!("<{id}>")))
            // Asks holiday notices not to answer (RFC 3834).
            .raw_header(header("Auto-Submitted", "auto-generated"));
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        if let Some(address) = letter.unsubscribe.as_deref().filter(|address| is_plain(address)) {
            message = message.raw_header(header("List-Unsubscribe", &format!("<{address}>")));
        }
        message
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
            .map_err(|e| SendError::permanent(e.to_string()))
    }
}

impl Carrier for Smtp {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<Carried, SendError>> {
        Box::pin(async move {
            let message = self.message(letter)?;
            match tokio::time::timeout(self.patience, self.server.send(message)).await {
                Ok(Ok(_)) => Ok(Carried::Sent),
                Ok(Err(error)) => Err(judge(&error)),
                Err(_) => Err(SendError::temporary("the mail server did not answer in time")),
            }
        })
    }
}

/// A refusal for good is one of this mail or this address; trouble with the sign-in or the protocol is ours
/// and passes when it is mended (reply codes of RFC 5321, section 4.2, and RFC 4954, section 6).
fn judge(error: &smtp::Error) -> SendError {
    let code = error.status().map(u16::from);
    let ours = matches!(code, Some(500..=504 | 521 | 530 | 534 | 535 | 538));
    let mut message = one_line(&error.to_string());
    if let Some((at, _)) = message.char_indices().nth(300) {
        message.truncate(at);
    }
    SendError { permanent: error.is_permanent() && !ours, message }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// The text without line ends and other control characters, which would begin a header of their own.
fn one_line(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text may stand between `<` and `>` in a header.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    /// A mail server for tests: answers RCPT as told and keeps what it is given.
    struct Server {
        port: u16,
        mails: Arc<Mutex<Vec<String>>>,
        connections: Arc<Mutex<usize>>,
    }

    impl Server {
        async fn start(recipient: &'static str) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let server = Self {
                port: listener.local_addr().unwrap().port(),
                mails: Arc::default(),
                connections: Arc::default(),
            };
            let (mails, connections) = (server.mails.clone(), server.connections.clone());
            tokio::spawn(async move {
                while let Ok((socket, _)) = listener.accept().await {
                    *connections.lock().unwrap() += 1;
                    let mails = mails.clone();
                    tokio::spawn(async move {
                        let (read, mut write) = socket.into_split();
                        let mut lines = BufReader::new(read).lines();
                        write.write_all(b"220 test\r\n").await.unwrap();
                        let mut mail: Option<String> = None;
                        while let Ok(Some(line)) = lines.next_line().await {
                            let answer = match &mut mail {
                                Some(text) if line == "." => {
                                    mails.lock().unwrap().push(std::mem::take(text));
                                    mail = None;
                                    "250 kept"
                                }
                                Some(text) => {
                                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                                    text.push('\n');
                                    continue;
                                }
                                None => match line.get(..4).unwrap_or("").to_uppercase().as_str() {
                                    "DATA" => {
                                        mail = Some(String::new());
                                        "354 go"
                                    }
                                    "RCPT" => recipient,
                                    "EHLO" => "250-test\r\n250 8BITMIME",
                                    "QUIT" => "221 bye",
                                    _ => "250 fine",
                                },
                            };
                            write.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
                        }
                    });
                }
            });
            server
        }
    }

    fn settings(port: u16) -> SmtpSettings {
        SmtpSettings {
            host: "127.0.0.1".into(),
            port,
            tls: Protection::None,
            user: None,
            password: None,
            from: "Fairway <no-reply@fairway.example>".into(),
            reply_to: Some("help@fairway.example".into()),
            timeout_seconds: 2,
            connections: 2,
        }
    }

    fn letter() -> Letter {
        Letter {
            sender_name: None,
            to: Email::parse("ana@example.org").unwrap(),
            to_name: Some("Ana Ålund".into()),
            subject: "Your receipt".into(),
            text: "Received.\n.\nBye".into(),
            html: "<p>Received.</p>".into(),
            message_id: "0190-42@fairway.example".into(),
            date: DateTime::from_timestamp(1_489_593_483, 0).unwrap(),
            unsubscribe: Some("https://fairway.example/preferences".into()),
        }
    }

    #[tokio::test]
    async fn a_mail_arrives_with_its_headers() {
        let server = Server::start("250 fine").await;

        Smtp::new(&settings(server.port)).unwrap().send(&letter()).await.unwrap();

        let mail = server.mails.lock().unwrap().join("");
        for line in [
            "From: \"Fairway\" <no-reply@fairway.example>",
            "To: =?utf-8?b?QW5hIMOFbHVuZA==?= <ana@example.org>",
            "Subject: Your receipt",
            "Date: Wed, 15 Mar 2017 15:58:03 +0000",
            "Message-ID: <0190-42@fairway.example>",
            "Auto-Submitted: auto-generated",
            "Reply-To: help@fairway.example",
            "List-Unsubscribe: <https://fairway.example/preferences>",
            "<p>Received.</p>",
            ".",
        ] {
            assert!(mail.lines().any(|l| l == line || l.replace('"', "") == line.replace('"', "")), "{line}\n{mail}");
        }
    }

    #[tokio::test]
    async fn connections_are_used_again() {
        let server = Server::start("250 fine").await;
        let smtp = Smtp::new(&settings(server.port)).unwrap();

        for _ in 0..20 {
            smtp.send(&letter()).await.unwrap();
        }

        // A connection is put back a moment after its mail, so that two may take turns.
        assert_eq!(server.mails.lock().unwrap().len(), 20);
        assert!(*server.connections.lock().unwrap() < 5);
    }

    #[tokio::test]
    async fn refusals_say_whether_to_try_again() {
        for (answer, permanent) in [
            ("451 greylisted, come back later", false),
            ("452 too many", false),
            ("550 no such mailbox", true),
            ("553 not allowed", true),
            ("530 sign in first", false),
            ("502 not implemented", false),
        ] {
            let server = Server::start(answer).await;

            let error = Smtp::new(&settings(server.port)).unwrap().send(&letter()).await.unwrap_err();

            assert_eq!(error.permanent, permanent, "{error}");
            assert!(error.message.contains(&answer[4..]), "{error}");
        }
    }

    #[tokio::test]
    async fn an_unreachable_or_silent_server_is_temporary() {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let short = SmtpSettings { timeout_seconds: 1, ..settings(silent.local_addr().unwrap().port()) };

        let refused = Smtp::new(&settings(gone)).unwrap().send(&letter()).await.unwrap_err();
        let waited = Smtp::new(&short).unwrap().send(&letter()).await.unwrap_err();

        assert!(!refused.permanent && refused.message.contains("onnection"), "{refused}");
        assert!(!waited.permanent, "{waited}");
    }

    #[tokio::test]
    async fn nothing_typed_becomes_a_header() {
        let server = Server::start("250 fine").await;
        let evil = "x\r\nBcc: eve@example.org\r\n\r\nbody";
        let typed = Letter {
            sender_name: Some(evil.into()),
            to_name: Some(format!("\"{evil}\" <eve@example.org>,")),
            subject: evil.into(),
            unsubscribe: Some(format!("https://a/>{evil}")),
            ..letter()
        };

        let smtp = Smtp::new(&settings(server.port)).unwrap();
        smtp.send(&typed).await.unwrap();

        let mail = server.mails.lock().unwrap().join("");
        let head = mail.split("\n\n").next().unwrap();
        assert!(head.lines().all(|l| !l.to_lowercase().starts_with("bcc")), "{head}");
        assert!(!head.contains("List-Unsubscribe"), "{head}");
        assert!(head.contains("Subject: x Bcc: eve@example.org body"), "{head}");
        let id = Letter { message_id: "a@b>\r\nBcc: eve@example.org".into(), ..letter() };
        assert!(smtp.send(&id).await.unwrap_err().permanent);
    }

    #[tokio::test]
    async fn settings_are_checked_before_a_mail_is_lost() {
        let refusal = |settings| Smtp::new(&settings).err().map(|e| e.to_string()).unwrap_or_default();
        let plain = settings(25);

        assert!(refusal(SmtpSettings { from: "nobody".into(), ..plain.clone() }).starts_with("smtp.from"));
        assert!(refusal(SmtpSettings { reply_to: Some("x".into()), ..plain.clone() }).starts_with("smtp.reply_to"));
        let open = SmtpSettings { host: "mail.example".into(), password: Some("secret".into()), ..plain.clone() };
        assert!(refusal(open.clone()).starts_with("smtp.tls"));
        assert_eq!(refusal(SmtpSettings { tls: Protection::Tls, ..open.clone() }), "");
        assert_eq!(refusal(SmtpSettings { tls: Protection::StartTls, ..open.clone() }), "");
        assert!(!format!("{open:?}").contains("secret"));
    }
}
