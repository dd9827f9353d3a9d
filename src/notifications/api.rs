//! Mail for programs.

use super::{
    commands::{SendAgain, SetPaces},
    queries::{MailLine, MailLog, MailOf, Mailbox, MailboxMail, OwnMail, OwnMailOf, OwnPaces},
};
use crate::api::{ApiError, Caller, Tag};
use crate::kernel::{
    App, AppError,
    paging::{ListRequest, Listed, Paging},
};
use chrono::{DateTime, Utc};
use entity::types::states::{MailClass, MailPace};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub struct MailApi;

/// A mail without its text.
#[derive(Object)]
struct MailOut {
    id: uuid::Uuid,
    /// The mail's name, for example `M08`.
    name: String,
    /// One of `essential`, `work`, `news`.
    class: String,
    address: String,
    subject: String,
    /// One of `held`, `queued`, `sent`, `kept`, `failed`, `digested`.
    state: String,
    attempts: i32,
    error: Option<String>,
    created_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    next_at: Option<DateTime<Utc>>,
}

#[derive(Object)]
struct MailsOut {
    items: Vec<MailOut>,
    total: u64,
    next: Option<u64>,
}

/// A mail with its text.
#[derive(Object)]
struct MailTextOut {
    subject: String,
    text: String,
    html: String,
}

/// How fast mails of one class come.
#[derive(Object)]
struct PaceIo {
    /// One of `essential`, `work`, `news`; `essential` cannot be changed.
    class: String,
    /// One of `at_once`, `daily`, `never`.
    pace: String,
}

impl From<MailLine> for MailOut {
    fn from(mail: MailLine) -> Self {
        let MailLine {
            id,
            name,
            class,
            address,
            subject,
            state,
            attempts,
            error,
            created_at,
            sent_at,
            next_at,
            about: _,
        } = mail;
        Self {
            id: id.0,
            name,
            class: class.word().to_owned(),
            address,
            subject,
            state: state.word().to_owned(),
            attempts,
            error,
            created_at,
            sent_at,
            next_at,
        }
    }
}

fn list(state: Option<String>, q: Option<String>, page: Option<u64>) -> ListRequest {
    let paging = Paging { page: page.unwrap_or(1).max(1), ..Paging::default() };
    let filters = state.map(|state| ("state".to_owned(), state)).into_iter().collect();
    ListRequest { q: q.unwrap_or_default(), filters, descending: true, paging, ..ListRequest::default() }
}

fn out(listed: Listed<MailLine>) -> Json<MailsOut> {
    let next = (listed.page < listed.pages()).then(|| listed.page + 1);
    Json(MailsOut { total: listed.total, next, items: listed.rows.into_iter().map(Into::into).collect() })
}

#[OpenApi(tag = "Tag::Platform")]
impl MailApi {
    /// Your own mail, latest first.
    #[oai(path = "/me/mail", method = "get", operation_id = "listOwnMail")]
    async fn own(&self, app: Data<&App>, caller: Caller, page: Query<Option<u64>>) -> Result<Json<MailsOut>, ApiError> {
        Ok(out(app.ask(&caller.0, OwnMail(list(None, None, page.0))).await?))
    }

    /// One of your own mails with its text.
    #[oai(path = "/me/mail/:id", method = "get", operation_id = "getOwnMail")]
    async fn own_text(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<uuid::Uuid>,
    ) -> Result<Json<MailTextOut>, ApiError> {
        let mail = app.ask(&caller.0, OwnMailOf(id.0.into())).await?;
        Ok(Json(MailTextOut { subject: mail.line.subject, text: mail.text, html: mail.html }))
    }

    /// How fast your mails of each class come.
    #[oai(path = "/me/mail-preferences", method = "get", operation_id = "getMailPreferences")]
    async fn paces(&self, app: Data<&App>, caller: Caller) -> Result<Json<Vec<PaceIo>>, ApiError> {
        let paces = app.ask(&caller.0, OwnPaces).await?;
        let paces = paces.into_iter();
        Ok(Json(paces.map(|(c, p)| PaceIo { class: c.word().to_owned(), pace: p.word().to_owned() }).collect()))
    }

    /// Choose how fast your mails of some classes come.
    #[oai(path = "/me/mail-preferences", method = "put", operation_id = "setMailPreferences")]
    async fn set_paces(
        &self,
        app: Data<&App>,
        caller: Caller,
        paces: Json<Vec<PaceIo>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let mut chosen = Vec::new();
        for PaceIo { class, pace } in paces.0 {
            let class: MailClass = class.parse().map_err(|_| AppError::invalid("class", "There is no such class"))?;
            let pace: MailPace = pace.parse().map_err(|_| AppError::invalid("pace", "There is no such pace"))?;
            chosen.push((class, pace));
        }
        Ok(app.run_once(&caller.0, key.0.as_deref(), SetPaces(chosen)).await?)
    }

    /// The mail of this installation without texts; for administrators.
    #[oai(path = "/mail", method = "get", operation_id = "listMail")]
    async fn log(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// One of `held`, `queued`, `sent`, `kept`, `failed`, `digested`.
        state: Query<Option<String>>,
        /// Words in subject, address or name.
        q: Query<Option<String>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<MailsOut>, ApiError> {
        Ok(out(app.ask(&caller.0, MailLog(list(state.0, q.0, page.0))).await?))
    }

    /// One mail without its text; for administrators.
    #[oai(path = "/mail/:id", method = "get", operation_id = "getMail")]
    async fn mail(&self, app: Data<&App>, caller: Caller, id: Path<uuid::Uuid>) -> Result<Json<MailOut>, ApiError> {
        Ok(Json(app.ask(&caller.0, MailOf(id.0.into())).await?.into()))
    }

    /// Send a mail again; for administrators.
    #[oai(path = "/mail/:id/send-again", method = "post", operation_id = "sendMailAgain")]
    async fn again(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<uuid::Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), SendAgain(id.0.into())).await?)
    }

    /// Mail that never left, because no mail server is set up; for administrators.
    #[oai(path = "/mailbox", method = "get", operation_id = "listMailbox")]
    async fn mailbox(
        &self,
        app: Data<&App>,
        caller: Caller,
        q: Query<Option<String>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<MailsOut>, ApiError> {
        Ok(out(app.ask(&caller.0, Mailbox { list: list(None, q.0, page.0), all: false }).await?))
    }

    /// One mail that never left, with its text; for administrators.
    #[oai(path = "/mailbox/:id", method = "get", operation_id = "getMailboxMail")]
    async fn mailbox_mail(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<uuid::Uuid>,
    ) -> Result<Json<MailTextOut>, ApiError> {
        let mail = app.ask(&caller.0, MailboxMail { id: id.0.into(), all: false }).await?;
        Ok(Json(MailTextOut { subject: mail.line.subject, text: mail.text, html: mail.html }))
    }
}
