//! A person's browser as a few lines over a socket: it says when the other side is gone.

use fairway::web::{door::SESSION, posted};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The program did not answer: nobody knows whether the act was done.
#[derive(Debug)]
pub struct Gone;

/// What came back, whole.
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub body: String,
}

impl Answer {
    /// The value of the first input with this name; empty where there is none.
    pub fn input(&self, name: &str) -> String {
        let tag = self.body.split("<input ").find(|tag| tag.contains(&format!("name=\"{name}\"")));
        let value = tag.and_then(|tag| tag.split("value=\"").nth(1)).and_then(|rest| rest.split('"').next());
        value.unwrap_or_default().to_owned()
    }

    /// A text or a number of a JSON answer.
    pub fn json(&self, name: &str) -> String {
        let value: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        value[name].as_str().map_or_else(|| value[name].to_string(), str::to_owned)
    }

    /// The form of the page that is sent to this address, if there is one.
    pub fn form(&self, action: &str) -> Option<Self> {
        let (_, rest) = self.body.split_once(&format!(" action=\"{action}\""))?;
        let (form, _) = rest.split_once("</form>")?;
        Some(Self { status: self.status, location: String::new(), body: form.to_owned() })
    }

    /// The names of all fields that begin so, each once.
    pub fn names(&self, begin: &str) -> BTreeSet<String> {
        let names = self.body.split("name=\"").skip(1).filter_map(|rest| rest.split('"').next());
        names.filter(|name| name.starts_with(begin)).map(str::to_owned).collect()
    }
}

#[derive(Clone)]
pub struct Caller {
    pub address: String,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    csrf: Arc<Mutex<String>>,
}

impl Caller {
    /// Somebody with this session, or nobody in particular.
    pub fn new(address: &str, session: Option<&str>) -> Self {
        let cookies = session.map(|token| (SESSION.to_owned(), token.to_owned())).into_iter().collect();
        Self { address: address.to_owned(), cookies: Arc::new(Mutex::new(cookies)), csrf: Arc::default() }
    }

    pub async fn get(&self, path: &str) -> Result<Answer, Gone> {
        let answer = self.ask("GET", path, "", b"").await?;
        let token = answer.input("csrf");
        if !token.is_empty() {
            *self.csrf.lock().unwrap() = token;
        }
        Ok(answer)
    }

    pub async fn post(&self, path: &str, fields: &[(&str, String)]) -> Result<Answer, Gone> {
        let body = self.form(fields.iter().map(|(name, value)| (*name, value.as_str()))).await?;
        self.ask("POST", path, "content-type: application/x-www-form-urlencoded\r\n", body.as_bytes()).await
    }

    /// Posts as the script's autosave does.
    pub async fn autosave(&self, path: &str, fields: &[(&str, &str)]) -> Result<Answer, Gone> {
        let body = self.form(fields.iter().copied()).await?;
        let head = "content-type: application/x-www-form-urlencoded\r\nx-requested-with: autosave\r\n";
        self.ask("POST", path, head, body.as_bytes()).await
    }

    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], name: &str, file: &[u8]) -> Result<Answer, Gone> {
        let csrf = self.token().await?;
        let mut body = Vec::new();
        for (field, value) in [("csrf", csrf.as_str())].iter().chain(fields) {
            let part = format!("--cut\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
            body.extend(part.bytes());
        }
        let part = format!("--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend(part.bytes());
        body.extend(file);
        body.extend(b"\r\n--cut--\r\n");
        self.ask("POST", path, "content-type: multipart/form-data; boundary=cut\r\n", &body).await
    }

    async fn form<'a>(&self, fields: impl Iterator<Item = (&'a str, &'a str)>) -> Result<String, Gone> {
        let mut all = vec![("csrf".to_owned(), self.token().await?)];
        all.extend(fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Ok(posted::query(&all))
    }

    async fn token(&self) -> Result<String, Gone> {
        if self.csrf.lock().unwrap().is_empty() {
            self.get("/account").await?;
        }
        Ok(self.csrf.lock().unwrap().clone())
    }

    async fn ask(&self, method: &str, path: &str, head: &str, body: &[u8]) -> Result<Answer, Gone> {
        let cookies: Vec<String> = self.cookies.lock().unwrap().iter().map(|(k, v)| format!("{k}={v}")).collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: fairway.test\r\nconnection: close\r\nsec-fetch-site: same-origin\r\n\
             cookie: {}\r\n{head}content-length: {}\r\n\r\n",
            cookies.join("; "),
            body.len()
        );
        let mut stream = TcpStream::connect(&self.address).await.map_err(|_| Gone)?;
        stream.write_all(head.as_bytes()).await.map_err(|_| Gone)?;
        stream.write_all(body).await.map_err(|_| Gone)?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.map_err(|_| Gone)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").ok_or(Gone)?;
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or(Gone)?;
        let mut location = String::new();
        for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
            if name.eq_ignore_ascii_case("location") {
                value.clone_into(&mut location);
            }
            if name.eq_ignore_ascii_case("set-cookie")
                && let Some((name, value)) = value.split(';').next().and_then(|pair| pair.split_once('='))
            {
                self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(Answer { status, location, body: body.to_owned() })
    }
}
