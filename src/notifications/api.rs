//! Mail for programs.

use super::{
    commands::{SendAgain, SetPaces},
    queries::{MailFigures, MailLine, MailLog, MailOf, Mailbox, MailboxMail, OwnMail, OwnMailOf, OwnPaces},
};
use crate::api::{ApiError, Caller, Direction, FileFormat, ListFile, Tag, Wanted, exported, next_page};
use crate::jobs::commands::OrderBulk;
use crate::kernel::{
    App, AppError, Subject,
    paging::{ListRequest, Listed},
};
use chrono::{DateTime, NaiveDate, Utc};
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

/// What narrows the list of mails.
#[derive(Object)]
struct MailsMatchingIn {
    /// Words in subject, address or name.
    q: Option<String>,
    /// One of `held`, `queued`, `sent`, `kept`, `failed`, `digested`.
    state: Option<String>,
    /// One of `essential`, `work`, `news`.
    class: Option<String>,
    /// The first day on which it was ordered.
    from: Option<NaiveDate>,
    /// The last day on which it was ordered.
    until: Option<NaiveDate>,
}

/// Which mails to send again: those named, or all that match.
#[derive(Object)]
struct MailsAgainIn {
    #[oai(default)]
    mails: Vec<uuid::Uuid>,
    /// All mails that match, when none are named.
    matching: Option<MailsMatchingIn>,
}

/// The job that sends them.
#[derive(Object)]
struct MailJobOut {
    job: uuid::Uuid,
}

impl MailsMatchingIn {
    fn request(self, sort: Option<String>, direction: Option<Direction>, page: Option<u64>) -> ListRequest {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        let filters =
            vec![("state", self.state), ("class", self.class), ("from", day(self.from)), ("until", day(self.until))];
        Wanted { q: self.q, filters, sort, direction, page }.request("when", true)
    }
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

/// A page of mails, latest first.
fn latest(q: Option<String>, page: Option<u64>) -> ListRequest {
    Wanted { q, page, ..Wanted::default() }.request("when", true)
}

fn out(listed: Listed<MailLine>) -> Json<MailsOut> {
    let next = next_page(&listed);
    Json(MailsOut { total: listed.total, next, items: listed.rows.into_iter().map(Into::into).collect() })
}

#[OpenApi(tag = "Tag::Platform")]
impl MailApi {
    /// Your own mail, latest first.
    #[oai(path = "/me/mail", method = "get", operation_id = "listOwnMail")]
    async fn own(&self, app: Data<&App>, caller: Caller, page: Query<Option<u64>>) -> Result<Json<MailsOut>, ApiError> {
        Ok(out(app.ask(&caller.0, OwnMail(latest(None, page.0))).await?))
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
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn log(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// Words in subject, address or name.
        q: Query<Option<String>>,
        /// One of `held`, `queued`, `sent`, `kept`, `failed`, `digested`.
        state: Query<Option<String>>,
        /// One of `essential`, `work`, `news`.
        class: Query<Option<String>>,
        /// The first day on which it was ordered.
        from: Query<Option<NaiveDate>>,
        /// The last day on which it was ordered.
        until: Query<Option<NaiveDate>>,
        /// One of `when`, `address`, `subject`, `tries`.
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<MailsOut>, ApiError> {
        let matching = MailsMatchingIn { q: q.0, state: state.0, class: class.0, from: from.0, until: until.0 };
        Ok(out(app.ask(&caller.0, MailLog(matching.request(sort.0, direction.0, page.0))).await?))
    }

    /// All matching mails without texts as a file; for administrators.
    #[oai(path = "/mail/export", method = "get", operation_id = "exportMail")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
        /// Words in subject, address or name.
        q: Query<Option<String>>,
        /// One of `held`, `queued`, `sent`, `kept`, `failed`, `digested`.
        state: Query<Option<String>>,
        /// One of `essential`, `work`, `news`.
        class: Query<Option<String>>,
        /// The first day on which it was ordered.
        from: Query<Option<NaiveDate>>,
        /// The last day on which it was ordered.
        until: Query<Option<NaiveDate>>,
    ) -> Result<ListFile, ApiError> {
        let matching = MailsMatchingIn { q: q.0, state: state.0, class: class.0, from: from.0, until: until.0 };
        let all = app.ask(&caller.0, MailLog(matching.request(None, None, None).everything())).await?;
        exported(&app, &caller, Subject::Platform, format.0, "Mail", &all.rows).await
    }

    /// Send many mails again, those named or all that match; a job does it. For administrators.
    #[oai(path = "/mail/send-again", method = "post", operation_id = "sendMailsAgain")]
    async fn many_again(
        &self,
        app: Data<&App>,
        caller: Caller,
        body: Json<MailsAgainIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<MailJobOut>, ApiError> {
        // The job asks again for each row; whoever may not see the log learns so at once.
        app.ask(&caller.0, MailFigures).await?;
        let MailsAgainIn { mails, matching } = body.0;
        let mails = match matching {
            Some(matching) if mails.is_empty() => {
                let all = app.ask(&caller.0, MailLog(matching.request(None, None, None).everything())).await?;
                all.rows.into_iter().map(|mail| mail.id.0).collect()
            }
            _ => mails,
        };
        let order = OrderBulk::new("notifications.again", &mails, "/admin/mail");
        Ok(Json(MailJobOut { job: app.run_once(&caller.0, key.0.as_deref(), order).await?.0 }))
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
        Ok(out(app.ask(&caller.0, Mailbox { list: latest(q.0, page.0), all: false }).await?))
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
