//! Where journeys take place: the application behind a real port, and people who sit before real browsers.

use crate::support::{
    Base, PASSWORD, TestApp,
    browser::{Browser, Width},
};
use entity::accounts::account;
use poem::{
    Endpoint, Response, Server,
    listener::{Acceptor, Listener, TcpListener},
};
use sea_orm::EntityTrait;
use std::{
    ops::Deref,
    path::PathBuf,
    time::{Duration, Instant},
};
use tokio::{
    sync::{Mutex, MutexGuard},
    task::JoinHandle,
};

/// How somebody lives a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Scripts,
    NoScripts,
    NoScriptsOnThePhone,
}

impl Way {
    /// Whether the pages' own scripts run.
    pub fn scripts(self) -> bool {
        self == Self::Scripts
    }

    fn width(self) -> Width {
        if self == Self::NoScriptsOnThePhone { Width::Phone } else { Width::Desktop }
    }
}

/// Makes three tests of a story: with scripts, without, and without on a phone.
macro_rules! three_ways {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use crate::journeys::house::{House, Way};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn with_scripts() {
                super::$name(House::open(Way::Scripts).await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn without_scripts() {
                super::$name(House::open(Way::NoScripts).await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn without_scripts_on_the_phone() {
                super::$name(House::open(Way::NoScriptsOnThePhone).await).await;
            }
        }
    )+};
}

/// An endpoint behind a port of the loopback, until it is dropped.
pub struct Served {
    pub url: String,
    task: JoinHandle<()>,
    _turn: MutexGuard<'static, ()>,
}

/// One journey at a time: a browser on a machine with much else to do answers too late.
static TURN: Mutex<()> = Mutex::const_new(());

impl Served {
    pub async fn new(endpoint: impl Endpoint<Output = Response> + 'static) -> Self {
        let turn = TURN.lock().await;
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.expect("the loopback has a free port");
        let address = acceptor.local_addr().remove(0);
        let address = address.as_socket_addr().expect("a port has an address").to_string();
        let task = tokio::spawn(async move {
            Server::new_with_acceptor(acceptor).run(endpoint).await.expect("the server serves");
        });
        Self { url: address, task, _turn: turn }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The application under test, and the way its people use it.
pub struct House {
    pub app: TestApp,
    pub way: Way,
    served: Served,
}

impl Deref for House {
    type Target = TestApp;
    fn deref(&self) -> &TestApp {
        &self.app
    }
}

impl House {
    pub async fn open(way: Way) -> Self {
        let app = TestApp::start(Base::Sqlite).await;
        let served = Served::new(app.endpoint()).await;
        Self { app, way, served }
    }

    /// Somebody who is not signed in.
    pub async fn visitor(&self) -> Visitor {
        let browser = Browser::open(self.way.width(), self.way.scripts()).await;
        Visitor { browser, url: self.served.url.clone(), way: self.way }
    }

    /// Somebody who signs in with name and password, as people do.
    pub async fn person(&self, name: &str) -> Visitor {
        self.account(name).await;
        let visitor = self.visitor().await;
        visitor.opens("/sign-in", "Sign in").await;
        self.signs_in(&visitor, name).await;
        visitor
    }

    /// Fills in the sign-in form that the visitor sees.
    pub async fn signs_in(&self, visitor: &Visitor, name: &str) {
        let account = self.account(name).await;
        let row = account::Entity::find_by_id(account).one(self.app.app.database().maintenance()).await;
        let email = row.expect("accounts can be read").expect("the account was just made").email;
        visitor.fill("E-mail address", email.as_str()).await;
        visitor.fill("Password", PASSWORD).await;
        visitor.within("Password").click_text("Sign in").await;
    }

    /// The path that the newest mail with this name to an address leads to.
    pub async fn path_in_mail(&self, name: &str, address: &str) -> String {
        self.work().await;
        let mails = self.mails().await;
        let mail = mails.iter().rev().find(|mail| mail.name == name && mail.address == address);
        let text = &mail.unwrap_or_else(|| panic!("no {name} to {address}")).text;
        let at = text.find(&self.base_url).unwrap_or_else(|| panic!("no address in {text}"));
        let link = text[at + self.base_url.len()..].split_whitespace().next().unwrap_or_default();
        link.trim_end_matches(['.', ')', ',']).to_owned()
    }

    /// Closes the house: every invariant must hold.
    pub async fn close(self) {
        self.app.finish().await;
    }
}

/// Marks the page that is left; an upload puts another body into the same document.
const LEAVING: &str = "document.body.setAttribute('data-left', '')";

/// Somebody before a browser; every page they land on is looked at.
#[derive(Clone)]
pub struct Visitor {
    browser: Browser,
    url: String,
    way: Way,
}

impl Deref for Visitor {
    type Target = Browser;
    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Visitor {
    /// Types an address and lands on the page with this heading.
    pub async fn opens(&self, path: &str, heading: &str) {
        self.browser.goto(&format!("http://{}{path}", self.url)).await;
        self.lands_on(heading).await;
    }

    /// Presses a button or follows a link, and lands on the next page, which has this heading.
    pub async fn follows(&self, name: &str, heading: &str) {
        // Most pages lead to one with the same heading, so the page that is left is marked.
        self.browser.script(LEAVING).await;
        self.browser.click_text(name).await;
        self.lands_on(heading).await;
    }

    /// The same person, looking into the smallest part of the page that holds these words.
    pub fn within(&self, words: &str) -> Self {
        Self { browser: self.browser.within(words), ..self.clone() }
    }

    /// The address of the page without the host.
    pub async fn path(&self) -> String {
        let url = self.browser.url().await;
        url.trim_start_matches("http://").trim_start_matches(&self.url).to_owned()
    }

    /// Presses a button and gets the page of this heading back with what is wrong on it; that page is looked at as
    /// well, and the browser's own word about the status is no fault.
    pub async fn is_told(&self, name: &str, heading: &str) {
        self.browser.script(LEAVING).await;
        self.browser.click_text(name).await;
        self.arrives_at(heading).await;
        picture(&self.browser, &format!("{heading}-told-{:?}", self.way)).await;
        self.browser.assert_accessible().await;
        let errors = self.browser.console_errors().await;
        assert!(errors.iter().all(|error| error.contains("422")), "{errors:?} at {}", self.browser.url().await);
    }

    /// Waits for the page with this heading and looks whether everybody can use it.
    pub async fn lands_on(&self, heading: &str) {
        self.arrives_at(heading).await;
        self.looks(heading).await;
    }

    /// Waits for the page with this heading.
    async fn arrives_at(&self, heading: &str) {
        let end = Instant::now() + Duration::from_secs(15);
        loop {
            // Nothing, not an empty heading, while the page that is left still stands: every heading starts with "".
            let heading_of_the_next = "return document.readyState === 'complete' && document.body
                && !document.body.hasAttribute('data-left') ? document.querySelector('h1')?.innerText : null";
            let found = self.browser.script(heading_of_the_next).await;
            if found.as_str().is_some_and(|found| found.starts_with(heading)) {
                break;
            }
            if Instant::now() > end {
                // The browser says what is there instead.
                self.browser.patient_for(Duration::ZERO).see(&format!("the heading {heading}")).await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Looks at the page as it stands: no fault axe can find, no scrolling sideways, nothing in the console.
    pub async fn looks(&self, name: &str) {
        picture(&self.browser, &format!("{name}-{:?}", self.way)).await;
        self.browser.assert_accessible().await;
        let errors = self.browser.console_errors().await;
        assert_eq!(errors, Vec::<String>::new(), "{}", self.browser.url().await);
    }
}

/// Keeps a picture of the page where the variable `FAIRWAY_SCREENSHOTS` names a folder.
pub async fn picture(browser: &Browser, name: &str) {
    #[expect(clippy::disallowed_methods, reason = "only whoever runs the tests knows whether to keep pictures")]
    let Some(folder) = std::env::var_os("FAIRWAY_SCREENSHOTS").map(PathBuf::from) else { return };
    let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let path = browser.screenshot(&name).await;
    std::fs::create_dir_all(&folder).expect("the folder for pictures can be made");
    let kept = folder.join(path.file_name().expect("a picture has a name"));
    std::fs::copy(&path, kept).expect("a picture can be kept");
}
