//! The little of WebDriver the tests need: one ChromeDriver per test process, one session per browser.
//!
//! Every call is one small JSON request on the loopback, so no HTTP library is needed for it.

use super::machine::{self, Leash};
use serde_json::{Value, json};
use std::{
    fmt,
    io::{Read, Write},
    path::PathBuf,
    sync::OnceLock,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Why the browser did not do what it was asked.
#[derive(Debug)]
pub struct Problem {
    /// WebDriver's name of the problem, such as `stale element reference`.
    pub kind: String,
    /// What the browser says about it.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message.lines().next().unwrap_or_default())
    }
}

/// One element of a page.
#[derive(Clone, Debug)]
pub struct Element(String);

impl Element {
    /// The element a script returned, if it returned one.
    pub fn returned(value: &Value) -> Option<Element> {
        Some(Element(value.get(ELEMENT)?.as_str()?.to_owned()))
    }

    /// The element as an argument of a script.
    pub fn argument(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}

/// One browser with a profile of its own; it is closed with this value.
pub struct Session {
    port: u16,
    id: String,
}

impl Session {
    /// Opens a new headless Chromium.
    pub async fn open() -> Session {
        let driver = tokio::task::spawn_blocking(driver).await.expect("ChromeDriver starts");
        let options = json!({
            "binary": driver.chromium,
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-search-engine-choice-screen", "--lang=en-GB",
            ],
        });
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
            "unhandledPromptBehavior": "accept",
            "timeouts": { "script": 80_000, "pageLoad": 80_000 },
        } } });
        let answer = request(driver.port, "POST", "/session", &capabilities).await;
        let answer = answer.unwrap_or_else(|problem| panic!("Chromium does not start: {problem}"));
        let id = answer["sessionId"].as_str().expect("a new session has a name").to_owned();
        Session { port: driver.port, id }
    }

    /// Sends one WebDriver command of this session.
    pub async fn post(&self, command: &str, body: Value) -> Result<Value, Problem> {
        request(self.port, "POST", &format!("/session/{}/{command}", self.id), &body).await
    }

    /// Asks one thing of this session.
    pub async fn get(&self, what: &str) -> Result<Value, Problem> {
        request(self.port, "GET", &format!("/session/{}/{what}", self.id), &Value::Null).await
    }

    /// Removes one thing of this session.
    pub async fn delete(&self, what: &str) -> Result<Value, Problem> {
        request(self.port, "DELETE", &format!("/session/{}/{what}", self.id), &Value::Null).await
    }

    /// Runs a script as the body of a function in the page.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Result<Value, Problem> {
        self.post("execute/sync", json!({ "script": script, "args": arguments })).await
    }

    /// Sends one command of Chromium's own protocol.
    pub async fn chromium(&self, command: &str, parameters: Value) -> Result<Value, Problem> {
        self.post("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    /// Clicks an element as a person would: it must be in reach and not covered, after scrolling where that helps.
    pub async fn click(&self, element: &Element) -> Result<(), Problem> {
        let command = format!("element/{}/click", element.0);
        match self.post(&command, json!({})).await {
            Err(problem) if problem.kind == "element click intercepted" => {
                self.script("arguments[0].scrollIntoView({ block: 'center' })", vec![element.argument()]).await?;
                self.post(&command, json!({})).await.map(|_| ())
            }
            answer => answer.map(|_| ()),
        }
    }

    /// Types into an element.
    pub async fn keys(&self, element: &Element, text: &str) -> Result<(), Problem> {
        self.post(&format!("element/{}/value", element.0), json!({ "text": text })).await.map(|_| ())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A test's runtime may be gone already, so this one call does without it.
        let _closed_with_the_driver_anyway = (|| -> std::io::Result<()> {
            let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port))?;
            stream.set_read_timeout(Some(Duration::from_secs(10)))?;
            let path = format!("/session/{}", self.id);
            stream.write_all(head(self.port, "DELETE", &path, 0).as_bytes())?;
            stream.read(&mut [0; 512]).map(|_| ())
        })();
    }
}

struct Driver {
    port: u16,
    chromium: PathBuf,
    _leash: Leash,
}

fn driver() -> &'static Driver {
    static DRIVER: OnceLock<Driver> = OnceLock::new();
    DRIVER.get_or_init(|| {
        let chromium = machine::ensure("chromium", "chromium");
        let program = machine::ensure("chromedriver", "chromium-driver");
        let folder = machine::scratch_folder("browser");
        let leash = Leash::start(&program, &["--port=0".to_owned()], &folder, None)
            .unwrap_or_else(|problem| panic!("ChromeDriver does not start: {problem}"));
        let line = leash
            .wait_for("started successfully on port", Duration::from_secs(60))
            .unwrap_or_else(|printed| panic!("ChromeDriver does not start:\n{printed}"));
        let port = line.trim_end_matches('.').rsplit(' ').next().and_then(|port| port.parse().ok());
        Driver { port: port.expect("ChromeDriver names its port"), chromium, _leash: leash }
    })
}

fn head(port: u16, method: &str, path: &str, length: usize) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    )
}

async fn request(port: u16, method: &str, path: &str, body: &Value) -> Result<Value, Problem> {
    const PATIENCE: Duration = Duration::from_secs(90);
    let broken = |message: String| Problem { kind: "no answer".to_owned(), message: format!("{path}: {message}") };
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let exchange = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.write_all((head(port, method, path, body.len()) + &body).as_bytes()).await?;
        let mut answer = Vec::new();
        let mut buffer = vec![0; 64 * 1024];
        while !complete(&answer) {
            match stream.read(&mut buffer).await? {
                0 => break,
                read => answer.extend_from_slice(&buffer[..read]),
            }
        }
        std::io::Result::Ok(answer)
    };
    let answer = timeout(PATIENCE, exchange).await.map_err(|_| broken("no answer in time".to_owned()))?;
    let answer = answer.map_err(|problem| broken(problem.to_string()))?;
    let start = start_of_body(&answer).ok_or_else(|| broken("half an answer".to_owned()))?;
    let answer: Value = serde_json::from_slice(&answer[start..]).map_err(|problem| broken(problem.to_string()))?;
    let value = answer["value"].clone();
    match value.get("error").and_then(Value::as_str) {
        Some(kind) => {
            Err(Problem { kind: kind.to_owned(), message: value["message"].as_str().unwrap_or_default().to_owned() })
        }
        None => Ok(value),
    }
}

/// ChromeDriver keeps the connection open, so the length it states tells when the answer is complete.
fn complete(answer: &[u8]) -> bool {
    let Some(start) = start_of_body(answer) else { return false };
    let head = String::from_utf8_lossy(&answer[..start]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    length.is_some_and(|length| answer.len() >= start + length)
}

fn start_of_body(answer: &[u8]) -> Option<usize> {
    answer.windows(4).position(|window| window == b"\r\n\r\n").map(|end| end + 4)
}
