//! One request of a person: who it is, which application answers, and how a page is given back.

use super::{
    frame::{Crumb, DemoBar, FieldErrors, Flash, FlashKind, Frame, PersonMenu},
    navigation,
    posted::Posted,
};
use crate::kernel::{Actor, App, AppError, Command, Query, Result, secret};
use askama::Template;
use poem::{
    FromRequest, IntoResponse, Request, RequestBody, Response,
    http::{HeaderValue, StatusCode, header},
    web::cookie::{Cookie, CookieJar, SameSite},
};

/// What a handler gives back; errors become pages in [`super::door`].
pub type Answer = std::result::Result<Response, poem::Error>;

/// The cookie that carries a message over a redirect.
pub const FLASH: &str = "fairway_flash";

/// Everything a page handler needs of the request besides its own path and form.
#[derive(Clone)]
pub struct Visit {
    pub app: App,
    pub actor: Actor,
    pub(super) csrf: String,
    pub(super) nonce: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) flash: Option<Flash>,
    pub(super) demo: Option<DemoBar>,
    pub(super) cookies: CookieJar,
    pub(super) secure: bool,
    /// The visitor's address, as far as the configuration lets us believe it.
    pub address: String,
    pub agent: String,
    pub(super) json: bool,
}

impl<'a> FromRequest<'a> for Visit {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let visit = request.extensions().get::<Self>().cloned();
        visit.ok_or_else(|| poem::Error::from_status(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

impl Visit {
    /// # Errors
    /// Whatever the query or the policy says.
    pub async fn ask<Q: Query>(&self, query: Q) -> Result<Q::Output> {
        self.app.ask(&self.actor, query).await
    }

    /// Runs a command from a form; a second press of the same form does nothing more.
    ///
    /// # Errors
    /// Whatever the command or the policy says.
    pub async fn run<C: Command>(&self, posted: &Posted, command: C) -> Result<C::Output> {
        self.app.run_once(&self.actor, posted.press(&self.path).as_deref(), command).await
    }

    /// Who the visitor is now: nobody once the session has ended, with other rights when they changed. For answers that
    /// take long.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn renewed(&self) -> Result<Option<Actor>> {
        let Some(cookie) = self.cookies.get(super::door::SESSION) else { return Ok(None) };
        let found = self.app.identify_session(&secret::hash(cookie.value_str())).await?;
        Ok(found.map(|signed_in| signed_in.actor))
    }

    /// The frame of a page with this title.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame {
            title: title.into(),
            nonce: self.nonce.clone(),
            csrf: self.csrf.clone(),
            person: self.actor.person().map(|person| PersonMenu {
                name: person.name.clone(),
                email: person.email.clone(),
                acting_as: None,
                links: navigation::personal(&self.actor, &self.path),
            }),
            areas: navigation::areas(&self.actor, &self.path),
            crumbs: Vec::new(),
            flash: self.flash.clone(),
            notice: None,
            demo: self.demo.clone(),
            now: super::show::iso(self.app.now()),
            path: self.here(),
        }
    }

    /// The frame of a page below others; crumbs are label and address, topmost first.
    pub fn frame_below(&self, title: impl Into<String>, crumbs: &[(&str, &str)]) -> Frame {
        let open = crumbs.iter().filter(|(_, href)| navigation::opens(&self.actor, href));
        let crumbs = open.map(|(label, href)| Crumb::new(*label, *href)).collect();
        Frame { crumbs, ..self.frame(title) }
    }

    /// The path and query of this request.
    pub fn here(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }

    /// The value of a query parameter, if it is there and not empty.
    pub fn query(&self, name: &str) -> Option<String> {
        super::posted::pairs(self.query.as_bytes())
            .into_iter()
            .find(|(key, value)| key == name && !value.trim().is_empty())
            .map(|(_, value)| value)
    }

    /// All query parameters in their order.
    pub fn queries(&self) -> Vec<(String, String)> {
        super::posted::pairs(self.query.as_bytes())
    }

    /// Whether this is a demonstration, where everybody may look behind the scenes.
    pub fn is_demo(&self) -> bool {
        self.demo.is_some()
    }

    /// Whether the script asks (autosave) and wants JSON.
    pub fn wants_json(&self) -> bool {
        self.json
    }

    /// # Errors
    /// When the template fails.
    pub fn page(&self, template: &impl Template) -> Answer {
        self.page_with(StatusCode::OK, template)
    }

    /// A form shown again with what was typed and what is wrong with it.
    ///
    /// # Errors
    /// When the template fails.
    pub fn again(&self, template: &impl Template) -> Answer {
        self.page_with(StatusCode::UNPROCESSABLE_ENTITY, template)
    }

    /// # Errors
    /// When the template fails.
    pub fn page_with(&self, status: StatusCode, template: &impl Template) -> Answer {
        let html = template.render().map_err(|e| AppError::Broken(e.into()))?;
        Ok(Response::builder().status(status).content_type("text/html; charset=utf-8").body(html))
    }

    /// Sends the browser to another page after a form (303).
    ///
    /// # Errors
    /// Never; the type fits handlers.
    pub fn to(&self, path: impl AsRef<str>) -> Answer {
        let path = path.as_ref();
        // Only pages of this installation: an address from a form must not lead elsewhere.
        let path = if path.starts_with('/') && !path.starts_with("//") && !path.contains(['\r', '\n', '\\']) {
            path
        } else {
            "/"
        };
        let location = HeaderValue::from_str(path).unwrap_or_else(|_| HeaderValue::from_static("/"));
        let mut response = StatusCode::SEE_OTHER.into_response();
        response.headers_mut().insert(header::LOCATION, location);
        Ok(response)
    }

    /// Like [`to`](Self::to), with a message of success on the next page.
    ///
    /// # Errors
    /// Never; the type fits handlers.
    pub fn to_with(&self, path: impl AsRef<str>, message: &str) -> Answer {
        self.leave_flash(FlashKind::Success, message);
        self.to(path)
    }

    /// Leaves a message for the next page.
    pub fn leave_flash(&self, kind: FlashKind, message: &str) {
        let word = match kind {
            FlashKind::Success => "s",
            FlashKind::Info => "i",
            FlashKind::Warning => "w",
            FlashKind::Error => "e",
        };
        let text: String = message.chars().take(400).collect();
        let value = hex::encode(format!("{word}{text}"));
        self.set_cookie(FLASH, &value, None);
    }

    /// Leaves what is wrong for the next page, where no form is shown again.
    pub fn leave_error(&self, errors: &FieldErrors) {
        let message = errors.list().first().map_or("This did not work.", |(_, message)| message).to_owned();
        self.leave_flash(FlashKind::Error, &message);
    }

    /// Sets a cookie of this installation: not for scripts, not for other sites.
    pub fn set_cookie(&self, name: &str, value: &str, seconds: Option<u64>) {
        let mut cookie = Cookie::new_with_str(name, value);
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_secure(self.secure);
        cookie.set_same_site(SameSite::Lax);
        if let Some(seconds) = seconds {
            cookie.set_max_age(std::time::Duration::from_secs(seconds));
        }
        self.cookies.add(cookie);
    }

    pub fn drop_cookie(&self, name: &str) {
        let mut cookie = Cookie::named(name);
        cookie.set_path("/");
        cookie.make_removal();
        self.cookies.add(cookie);
    }

    /// A JSON answer for the script.
    ///
    /// # Errors
    /// Never; the type fits handlers.
    pub fn json(&self, status: StatusCode, value: &serde_json::Value) -> Answer {
        Ok(Response::builder().status(status).content_type("application/json").body(value.to_string()))
    }

    /// A file to be saved by the visitor, never shown in place.
    ///
    /// # Errors
    /// Never; the type fits handlers.
    pub fn download(&self, name: &str, media_type: &str, bytes: Vec<u8>) -> Answer {
        Ok(Response::builder()
            .content_type(media_type)
            .header(header::CONTENT_DISPOSITION, crate::documents::sniff::content_disposition(name))
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .body(bytes))
    }
}

/// What a form can show of an error: its field messages, or a rule's refusal in the summary.
///
/// # Errors
/// Errors that are no matter of the form (not found, denied, broken) are handed on.
pub fn keep(error: AppError) -> Result<FieldErrors> {
    match error {
        AppError::Invalid(errors) => Ok(errors),
        AppError::Refused(refusal) => Ok(FieldErrors::one("", refusal.message)),
        stale @ AppError::Stale { .. } => Ok(FieldErrors::one(
            "",
            format!("{stale} Your text is below; compare it with the newer one before you save again."),
        )),
        other => Err(other),
    }
}
