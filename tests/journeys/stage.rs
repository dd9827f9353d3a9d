//! A stage for stories that are lived with a real browser or without one: the same people, words and pages.
//!
//! What is repeated, such as the approvals of many agencies, is always done without a browser.

use super::house::{House, Visitor};
use crate::support::{TestApp, walker::Walker};

/// Everybody's password; people choose it themselves.
pub const PASSWORD: &str = "harbour lantern biscuit";

/// Where a story takes place.
pub struct Stage<'a> {
    pub app: &'a TestApp,
    pub house: Option<&'a House>,
}

/// Somebody who uses the pages.
pub enum Person<'a> {
    Text(Box<Walker<'a>>),
    Screen { visitor: Visitor, near: String, folder: std::path::PathBuf },
}

impl<'a> Stage<'a> {
    /// Somebody new, before a screen when there are screens.
    pub async fn newcomer(&self) -> Person<'a> {
        match self.house {
            Some(house) => Person::Screen {
                visitor: house.visitor().await,
                near: String::new(),
                folder: self.app.folder().to_path_buf(),
            },
            None => self.quick(),
        }
    }

    /// Somebody new without a screen.
    pub fn quick(&self) -> Person<'a> {
        Person::Text(Box::new(Walker::new(self.app)))
    }

    /// Signs somebody in who has an account.
    pub async fn signed_in(&self, email: &str) -> Person<'a> {
        Self::sign_in(self.newcomer().await, email).await
    }

    /// The same without a screen.
    pub async fn quick_in(&self, email: &str) -> Person<'a> {
        Self::sign_in(self.quick(), email).await
    }

    async fn sign_in(mut person: Person<'a>, email: &str) -> Person<'a> {
        person.opens("/sign-in", "Sign in").await;
        person.fill("E-mail address", email).await;
        person.fill("Password", PASSWORD).await;
        person.near("Password");
        person.follows("Sign in", "Overview").await;
        person
    }

    /// The path that the newest mail to an address leads to.
    pub async fn link_to(&self, address: &str) -> String {
        self.app.work().await;
        let mails = self.app.mails().await;
        let base = &self.app.base_url;
        let mail = mails.iter().rev().find(|mail| mail.address == address && mail.text.contains(base.as_str()));
        let text = &mail.unwrap_or_else(|| panic!("no mail with a link to {address}")).text;
        let link = text[text.find(base.as_str()).unwrap_or_default() + base.len()..].split_whitespace().next();
        link.unwrap_or_default().trim_end_matches(['.', ')', ',']).to_owned()
    }

    /// Opens the invitation in the newest mail and makes an account with it.
    pub async fn invited(&self, mut person: Person<'a>, email: &str, heading: &str) -> Person<'a> {
        let link = self.link_to(email).await;
        person.opens(&link, "You are invited").await;
        person.fill("Password", PASSWORD).await;
        person.follows("Create the account and go on", heading).await;
        person
    }
}

impl Person<'_> {
    /// Looks only into the smallest part of the page that holds these words, until the next page.
    pub fn near(&mut self, words: &str) {
        match self {
            Self::Text(walker) => walker.near(words),
            Self::Screen { near, .. } => words.clone_into(near),
        }
    }

    fn eyes(visitor: &Visitor, near: &str) -> Visitor {
        if near.is_empty() { visitor.clone() } else { visitor.within(near) }
    }

    pub async fn opens(&mut self, path: &str, heading: &str) {
        match self {
            Self::Text(walker) => walker.opens(path, heading).await,
            Self::Screen { visitor, near, .. } => {
                near.clear();
                visitor.opens(path, heading).await;
            }
        }
    }

    pub async fn follows(&mut self, name: &str, heading: &str) {
        match self {
            Self::Text(walker) => {
                walker.follows(name, heading).await;
                assert!(walker.status() < 400, "{} at {}: {}", walker.status(), walker.path(), walker.text());
            }
            Self::Screen { visitor, near, .. } => {
                Self::eyes(visitor, near).follows(name, heading).await;
                near.clear();
            }
        }
    }

    /// Presses a button and is told what is wrong: the page comes back with the errors, which are looked at as well.
    pub async fn is_told(&mut self, name: &str, heading: &str, words: &str) {
        match self {
            Self::Text(walker) => {
                walker.follows(name, heading).await;
                assert_eq!(walker.status(), 422, "{}: {}", walker.path(), walker.text());
            }
            Self::Screen { visitor, near, .. } => {
                Self::eyes(visitor, near).is_told(name, heading).await;
                near.clear();
            }
        }
        self.see(words).await;
    }

    pub async fn fill(&mut self, label: &str, text: &str) {
        match self {
            Self::Text(walker) => walker.fill(label, text),
            Self::Screen { visitor, near, .. } => Self::eyes(visitor, near).fill(label, text).await,
        }
    }

    pub async fn choose(&mut self, label: &str, option: &str) {
        match self {
            Self::Text(walker) => walker.choose(label, option),
            Self::Screen { visitor, near, .. } => Self::eyes(visitor, near).choose(label, option).await,
        }
    }

    pub async fn tick(&mut self, label: &str) {
        match self {
            Self::Text(walker) => walker.tick(label),
            Self::Screen { visitor, near, .. } => Self::eyes(visitor, near).tick(label).await,
        }
    }

    pub async fn attach(&mut self, label: &str, name: &str, bytes: &[u8]) {
        match self {
            Self::Text(walker) => walker.attach(label, name, bytes),
            Self::Screen { visitor, near, folder } => {
                let path = folder.join(name);
                std::fs::write(&path, bytes).expect("the folder of the test can be written");
                Self::eyes(visitor, near).upload(label, &path).await;
            }
        }
    }

    pub async fn see(&self, words: &str) {
        match self {
            Self::Text(walker) => walker.see(words),
            Self::Screen { visitor, near, .. } => Self::eyes(visitor, near).see(words).await,
        }
    }

    pub async fn path(&self) -> String {
        match self {
            Self::Text(walker) => walker.path(),
            Self::Screen { visitor, .. } => visitor.path().await,
        }
    }

    pub async fn text(&self) -> String {
        match self {
            Self::Text(walker) => walker.text(),
            Self::Screen { visitor, .. } => visitor.text().await,
        }
    }

    /// The questions of the check an officer sees.
    pub async fn legends(&self) -> Vec<String> {
        match self {
            Self::Text(walker) => walker.legends("check-item"),
            Self::Screen { visitor, .. } => {
                let script = "return [...document.querySelectorAll('.check-item legend')].map((l) => l.innerText)";
                let told = visitor.script(script).await;
                told.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
            }
        }
    }
}
