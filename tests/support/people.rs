//! People with browsers and programs with tokens.

use super::app::TestApp;
use entity::{
    accounts::{api_token, session},
    types::ids::{AccountId, ApiTokenId},
};
use fairway::{
    accounts::sessions::commands::StartSession,
    kernel::{Actor, secret},
    web::{door::SESSION, posted},
};
use poem::{
    Body, Request,
    http::{Method, StatusCode},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

/// A browser without script: cookies, pages, forms.
pub struct Client<'a> {
    app: &'a TestApp,
    cookies: Mutex<BTreeMap<String, String>>,
    csrf: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub location: Option<String>,
    pub headers: poem::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Page {
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The words of the page without tags, one space between them.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut inside = false;
        for c in self.html().chars() {
            match c {
                '<' => {
                    inside = true;
                    text.push(' ');
                }
                '>' => inside = false,
                c if !inside => text.push(c),
                _ => {}
            }
        }
        let text = text
            .replace("&quot;", "\"")
            .replace("&#34;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&#38;", "&")
            .replace("&amp;", "&");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// Asserts that the page says this.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.text().contains(words), "“{words}” is missing from: {}", self.text());
        self
    }

    #[track_caller]
    pub fn does_not_say(self, words: &str) -> Self {
        assert!(!self.text().contains(words), "“{words}” should not be in: {}", self.text());
        self
    }

    /// The value of a hidden or text input of the page.
    pub fn input(&self, name: &str) -> Option<String> {
        let html = self.html();
        let at = html.find(&format!("name=\"{name}\""))?;
        let start = html[..at].rfind('<')?;
        let tag = &html[start..start + html[start..].find('>')?];
        let value = tag.split("value=\"").nth(1)?;
        Some(value[..value.find('"')?].to_owned())
    }

    /// Where the forms of the page are sent whose address ends so.
    pub fn actions(&self, end: &str) -> Vec<String> {
        let html = self.html();
        let actions = html.split(" action=\"").skip(1).filter_map(|rest| Some(rest[..rest.find('"')?].to_owned()));
        actions.filter(|action| action.ends_with(end)).collect()
    }

    /// What the form that is sent to this address carries hidden.
    #[track_caller]
    pub fn hidden(&self, action: &str) -> Vec<(String, String)> {
        let html = self.html();
        let at = html.find(&format!(" action=\"{action}\""));
        let at = at.unwrap_or_else(|| panic!("no form is sent to {action}: {}", self.text()));
        let form = &html[at..at + html[at..].find("</form>").unwrap()];
        let value = |tag: &str, name: &str| {
            let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
            Some(rest[..rest.find('"')?].to_owned())
        };
        let inputs = form.split("<input").skip(1).map(|rest| &rest[..rest.find('>').unwrap()]);
        let hidden = inputs.filter(|tag| tag.contains("type=\"hidden\""));
        hidden.filter_map(|tag| Some((value(tag, "name")?, value(tag, "value").unwrap_or_default()))).collect()
    }

    /// The page a redirect leads to.
    #[track_caller]
    pub fn goes_to(self, path: &str) -> Self {
        assert_eq!(self.status.as_u16(), 303, "{}", self.text());
        assert_eq!(self.location.as_deref(), Some(path));
        self
    }
}

impl<'a> Client<'a> {
    pub async fn signed_in(app: &'a TestApp, account: AccountId) -> Self {
        let start = StartSession { account, address: "10.0.0.1".into(), agent: "test".into() };
        let token = app.app.run(&Actor::Nobody, start).await.unwrap();
        let row = session::Entity::find().filter(session::Column::TokenHash.eq(secret::hash(&token)));
        let csrf = row.one(app.app.database().maintenance()).await.unwrap().unwrap().csrf;
        let cookies = Mutex::new(BTreeMap::from([(SESSION.to_owned(), token)]));
        Self { app, cookies, csrf: Some(csrf) }
    }

    pub fn visitor(app: &'a TestApp) -> Self {
        Self { app, cookies: Mutex::default(), csrf: None }
    }

    /// The same browser, whose requests are answered by another process.
    pub fn at<'b>(&self, app: &'b TestApp) -> Client<'b> {
        Client { app, cookies: Mutex::new(self.cookies.lock().unwrap().clone()), csrf: self.csrf.clone() }
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(Request::builder().method(Method::GET).uri_str(path), Body::empty()).await
    }

    /// Listens to a stream of events as a browser does, from the last one it knows.
    pub async fn listen(&self, path: &str, last: &str) -> poem::Response {
        let cookies: Vec<String> = self.cookies.lock().unwrap().iter().map(|(k, v)| format!("{k}={v}")).collect();
        let request = Request::builder()
            .method(Method::GET)
            .uri_str(path)
            .header("accept", "text/event-stream")
            .header("last-event-id", last)
            .header("cookie", cookies.join("; "))
            .header("x-forwarded-for", "10.0.0.1")
            .header("host", "fairway.test");
        self.app.send(request.finish()).await
    }

    /// Posts a form with the right token, as a browser does that just loaded the page.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = match &self.csrf {
            Some(csrf) => csrf.clone(),
            None => match self.get("/sign-in").await.input("csrf") {
                Some(csrf) => csrf,
                // Signed in meanwhile: any page with a form has the session's token.
                None => self.get("/account").await.input("csrf").unwrap_or_default(),
            },
        };
        self.post_raw(path, &csrf, fields).await
    }

    /// Presses the button of a form of a page that was shown, with everything the form carries hidden.
    pub async fn press(&self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let hidden = page.hidden(action);
        let mut all: Vec<(&str, &str)> =
            hidden.iter().filter(|(name, _)| name != "csrf").map(|(n, v)| (n.as_str(), v.as_str())).collect();
        all.extend(fields);
        let csrf = hidden.iter().find(|(name, _)| name == "csrf").map_or("", |(_, value)| value.as_str());
        self.post_raw(action, csrf, &all).await
    }

    pub async fn post_raw(&self, path: &str, csrf: &str, fields: &[(&str, &str)]) -> Page {
        let mut all = vec![("csrf".to_owned(), csrf.to_owned())];
        all.extend(fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let request = Request::builder()
            .method(Method::POST)
            .uri_str(path)
            .content_type("application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from_string(posted::query(&all))).await
    }

    /// Posts as the script's autosave does.
    pub async fn autosave(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, Value) {
        let csrf = self.csrf.clone().unwrap_or_default();
        let mut all = vec![("csrf".to_owned(), csrf)];
        all.extend(fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let request = Request::builder()
            .method(Method::POST)
            .uri_str(path)
            .content_type("application/x-www-form-urlencoded")
            .header("x-requested-with", "autosave")
            .header("sec-fetch-site", "same-origin");
        let page = self.send(request, Body::from_string(posted::query(&all))).await;
        (page.status, serde_json::from_slice(&page.bytes).unwrap_or(Value::Null))
    }

    /// Posts a form with a file.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> Page {
        let csrf = match &self.csrf {
            Some(csrf) => csrf.clone(),
            None => self.get("/sign-in").await.input("csrf").unwrap_or_default(),
        };
        self.upload_raw(path, &csrf, fields, file).await
    }

    pub async fn upload_raw(&self, path: &str, csrf: &str, fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> Page {
        let mark = "fairwayboundary";
        let mut body = Vec::new();
        for (name, value) in [("csrf", csrf)].iter().chain(fields) {
            body.extend(
                format!("--{mark}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let (field, name, bytes) = file;
        body.extend(format!("--{mark}\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n").bytes());
        body.extend_from_slice(bytes);
        body.extend(format!("\r\n--{mark}--\r\n").bytes());
        let request = Request::builder()
            .method(Method::POST)
            .uri_str(path)
            .content_type(&format!("multipart/form-data; boundary={mark}"))
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from_vec(body)).await
    }

    async fn send(&self, request: poem::RequestBuilder, body: Body) -> Page {
        let cookies: Vec<String> = self.cookies.lock().unwrap().iter().map(|(k, v)| format!("{k}={v}")).collect();
        let request = request
            .header("cookie", cookies.join("; "))
            .header("x-forwarded-for", "10.0.0.1")
            .header("host", "fairway.test")
            .body(body);
        let page = receive(self.app.send(request).await).await;
        for cookie in page.headers.get_all("set-cookie") {
            let text = cookie.to_str().unwrap();
            let (pair, rest) = text.split_once(';').unwrap_or((text, ""));
            let (name, value) = pair.split_once('=').unwrap();
            let mut jar = self.cookies.lock().unwrap();
            if value.is_empty() || rest.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        page
    }
}

/// Browsers that stay open, one for each person: whoever has signed in need not do so again to read on.
pub struct Browsers<'a> {
    app: &'a TestApp,
    open: Mutex<BTreeMap<String, Arc<Client<'a>>>>,
}

impl<'a> Browsers<'a> {
    pub fn of(app: &'a TestApp) -> Self {
        Self { app, open: Mutex::default() }
    }

    pub fn app(&self) -> &'a TestApp {
        self.app
    }

    /// What this person is shown there; a visitor when there is no name.
    pub async fn get(&self, person: Option<&str>, path: &str) -> Page {
        let Some(name) = person else { return self.app.visitor().get(path).await };
        let known = self.open.lock().unwrap().get(name).cloned();
        if let Some(browser) = known {
            let page = browser.get(path).await;
            // Signed out by something that was posted meanwhile.
            let asked = page.location.as_deref().is_some_and(|location| location.starts_with("/sign-in"));
            if page.status != StatusCode::UNAUTHORIZED && !asked {
                return page;
            }
        }
        let browser = Arc::new(self.app.as_(name).await);
        let page = browser.get(path).await;
        self.open.lock().unwrap().insert(name.to_owned(), browser);
        page
    }
}

/// A program with a token.
pub struct Program<'a> {
    app: &'a TestApp,
    token: String,
}

impl<'a> Program<'a> {
    pub async fn of(app: &'a TestApp, account: AccountId, scopes: &str) -> Self {
        let token = secret::token(app.app.chance());
        let row = api_token::ActiveModel {
            id: Set(ApiTokenId(fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance()))),
            account_id: Set(account),
            name: Set("test".into()),
            token_hash: Set(secret::hash(&token)),
            scopes: Set(scopes.into()),
            created_at: Set(app.app.now()),
            expires_at: Set(None),
            used_at: Set(None),
            revoked_at: Set(None),
        };
        api_token::Entity::insert(row).exec_without_returning(app.app.database().maintenance()).await.unwrap();
        Self { app, token }
    }

    /// Calls an operation below `/api/v1`.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let mut request = Request::builder()
            .method(method)
            .uri_str(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {}", self.token));
        let mut bytes = Body::empty();
        if !body.is_null() {
            request = request.content_type("application/json");
            bytes = Body::from_string(body.to_string());
        }
        let page = receive(self.app.send(request.body(bytes)).await).await;
        (page.status, serde_json::from_slice(&page.bytes).unwrap_or(Value::Null))
    }

    /// Sends a file to an operation below `/api/v1`.
    pub async fn upload(&self, method: Method, path: &str, file: (&str, &str, &[u8])) -> (StatusCode, Value) {
        let (mark, (field, name, bytes)) = ("fairwayboundary", file);
        let mut body = format!(
            "--{mark}\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend(format!("\r\n--{mark}--\r\n").bytes());
        let request = Request::builder()
            .method(method)
            .uri_str(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .content_type(&format!("multipart/form-data; boundary={mark}"));
        let page = receive(self.app.send(request.body(Body::from_vec(body))).await).await;
        (page.status, serde_json::from_slice(&page.bytes).unwrap_or(Value::Null))
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.call(Method::GET, path, Value::Null).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.call(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.call(Method::PUT, path, body).await
    }
}

async fn receive(response: poem::Response) -> Page {
    let status = response.status();
    let headers = response.headers().clone();
    let location = headers.get("location").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let bytes = response.into_body().into_vec().await.unwrap();
    Page { status, location, headers, bytes }
}
