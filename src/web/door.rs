//! The one door all pages go through: who it is, whether the form is genuine, what the browser may do
//! with the answer, and how an error looks.

use super::{
    address, errors,
    frame::{Flash, FlashKind},
    posted::{self, Posted},
    visit::{FLASH, Visit},
    worlds::Worlds,
};
use crate::kernel::{Actor, App, AppError, Result, access::identity, error::Denial, secret};
use poem::{
    Endpoint, IntoResponse, Middleware, Request, RequestBody, Response,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    web::cookie::CookieJar,
};
use std::sync::Arc;

/// The session's cookie: its value is the token, of which the database knows only the hash.
pub const SESSION: &str = "fairway_session";
/// Ties forms of people who are not signed in to their browser.
const VISITOR: &str = "fairway_visitor";

/// What the door needs to know of the installation.
#[derive(Clone)]
pub struct DoorSettings {
    /// Whether the public address is https: cookies are then never sent without it.
    pub secure: bool,
    /// Whether a proxy in front of Fairway sets X-Forwarded-For.
    pub behind_proxy: bool,
}

/// The middleware.
#[derive(Clone)]
pub struct Door {
    pub worlds: Worlds,
    pub settings: DoorSettings,
}

impl<E: Endpoint> Middleware<E> for Door {
    type Output = DoorEndpoint<E>;
    fn transform(&self, inner: E) -> Self::Output {
        DoorEndpoint { inner: Arc::new(inner), door: self.clone() }
    }
}

pub struct DoorEndpoint<E> {
    inner: Arc<E>,
    door: Door,
}

impl<E: Endpoint> Endpoint for DoorEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let (mut request, mut body) = request.split();
        let Some(world) = self.door.worlds.of(&request).cloned() else {
            return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response());
        };
        let mut visit = self.door.visit(&request, &world.app).await?;
        let email = visit.actor.person().map(|p| p.email.clone()).unwrap_or_default();
        visit.demo = self.door.worlds.bar(&world, &email);
        let answer = self.answer(&mut request, &mut body, visit.clone(), world.app).await;
        let mut response = match answer {
            Ok(response) => response,
            Err(error) => errors::page(&visit, &error),
        };
        protect(response.headers_mut(), &visit, self.door.settings.secure);
        Ok(response)
    }
}

impl<E: Endpoint> DoorEndpoint<E> {
    async fn answer(
        &self,
        request: &mut Request,
        body: &mut RequestBody,
        visit: Visit,
        app: App,
    ) -> std::result::Result<Response, poem::Error> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            same_site(request)?;
            let posted = match Posted::read(request, body).await {
                Ok(posted) => posted,
                Err(error) => {
                    let status = posted::status_of(&error);
                    return Err(poem::Error::new(error, status));
                }
            };
            if !secret::same(posted.text("csrf").as_bytes(), visit.csrf.as_bytes()) {
                return refuse_token(&visit, &posted);
            }
            request.extensions_mut().insert(posted);
        }
        request.extensions_mut().insert(app);
        request.extensions_mut().insert(self.door.worlds.clone());
        request.extensions_mut().insert(visit);
        let owned = std::mem::take(request);
        Ok(self.inner.call(owned).await?.into_response())
    }
}

impl Door {
    async fn visit(&self, request: &Request, app: &App) -> Result<Visit> {
        let cookies = request.cookie().clone();
        let token = cookies.get(SESSION).map(|cookie| cookie.value_str().to_owned());
        let signed_in = match token {
            Some(token) => self.session(app, &token).await?,
            None => None,
        };
        let mut fresh = [0; 18];
        app.chance().fill(&mut fresh);
        let nonce = hex::encode(fresh);
        let header =
            |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let mut visit = Visit {
            app: app.clone(),
            actor: Actor::Nobody,
            csrf: String::new(),
            nonce,
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            flash: taken_flash(&cookies),
            demo: None,
            cookies: cookies.clone(),
            secure: self.settings.secure,
            address: address::of(request, self.settings.behind_proxy),
            agent: header("user-agent").chars().take(300).collect(),
            json: header("x-requested-with") == "autosave",
        };
        match signed_in {
            Some(found) => {
                visit.csrf = found.csrf;
                visit.actor = found.actor;
            }
            None => visit.csrf = visitor_token(&visit, &cookies),
        }
        if visit.flash.is_some() && request.method() == Method::GET {
            visit.drop_cookie(FLASH);
        }
        Ok(visit)
    }

    async fn session(&self, app: &App, token: &str) -> Result<Option<identity::SignedIn>> {
        let found = app.identify_session(&secret::hash(token)).await?;
        Ok(found)
    }
}

/// The form token of somebody not signed in is the value of a cookie other sites can neither read nor set.
fn visitor_token(visit: &Visit, cookies: &CookieJar) -> String {
    if let Some(cookie) = cookies.get(VISITOR).filter(|c| c.value_str().len() == 36) {
        return cookie.value_str().to_owned();
    }
    let mut bytes = [0; 18];
    visit.app.chance().fill(&mut bytes);
    let token = hex::encode(bytes);
    visit.set_cookie(VISITOR, &token, Some(60 * 60 * 24));
    token
}

fn taken_flash(cookies: &CookieJar) -> Option<Flash> {
    let cookie = cookies.get(FLASH)?;
    let text = String::from_utf8(hex::decode(cookie.value_str()).ok()?).ok()?;
    let kind = match text.chars().next()? {
        's' => FlashKind::Success,
        'w' => FlashKind::Warning,
        'e' => FlashKind::Error,
        _ => FlashKind::Info,
    };
    Some(Flash::new(kind, &text[1..]))
}

/// Browsers say where a form comes from; forms of other sites are refused before they are read.
fn same_site(request: &Request) -> Result<()> {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    let foreign = AppError::refused("foreign_form", "This form was sent from another site and was not accepted.");
    match header("sec-fetch-site") {
        Some("same-origin" | "none") => return Ok(()),
        Some(_) => return Err(foreign),
        None => {}
    }
    let host = header("host").unwrap_or_default();
    match header("origin") {
        Some(origin) if origin.split_once("://").is_some_and(|(_, o)| o == host) => Ok(()),
        Some(_) => Err(foreign),
        None => Ok(()),
    }
}

/// A form whose token does not fit: most often the session ended meanwhile. What was typed is kept on a
/// page from which it can be sent again after signing in.
fn refuse_token(visit: &Visit, posted: &Posted) -> std::result::Result<Response, poem::Error> {
    if visit.json {
        return Err(AppError::Denied(Denial::SignedOut).into());
    }
    super::resume::page(visit, posted)
}

fn protect(headers: &mut HeaderMap, visit: &Visit, secure: bool) {
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{}'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        visit.nonce
    );
    let mut set = |name: header::HeaderName, value: &str| {
        if !headers.contains_key(&name)
            && let Ok(value) = HeaderValue::from_str(value)
        {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=()");
    set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    if secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
}
