//! The screens around mail: one's own, the administrators' log, the mailbox of an installation without server.

use super::{
    commands::{SendAgain, SetPaces},
    queries::{MailFigures, MailLine, MailLog, MailOf, MailText, Mailbox, MailboxMail, OwnMail, OwnMailOf, OwnPaces},
};
use crate::{
    documents::sheet::Cell,
    jobs::commands::OrderBulk,
    kernel::{Actor, Result, Subject, paging::Listed},
    lists::views::pages::own,
    web::{
        Answer, FieldErrors, Frame, Pages, Posted, Visit,
        frame::Choice,
        keep,
        list::{Chosen, Exported, Format, ListShape, ListView, export, order_bulk, words},
        show,
    },
};
use askama::Template;
use entity::types::{
    ids::MailId,
    states::{MailClass, MailPace, MailState},
};
use poem::{handler, web::Path};

const LIST: ListShape = ListShape {
    key: "mail",
    sorts: &[("when", "Ordered"), ("address", "To"), ("subject", "Subject"), ("tries", "Tries")],
    descending: true,
    filters: &["state", "class", "from", "until"],
};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/account/mail", own_mail)
        .post("/account/mail", own_mail_posted)
        .get("/account/mail/:id", own_mail_text)
        .get("/admin/mail", mail_log)
        .post("/admin/mail", mail_log_posted)
        .get("/admin/mail/:id", one_mail)
        .post("/admin/mail/:id/again", mail_again)
        .get("/mailbox", mailbox)
        .get("/mailbox/:id", mailbox_mail)
}

#[derive(Template)]
#[template(path = "notifications/own.html")]
struct OwnMailPage {
    frame: Frame,
    errors: FieldErrors,
    paces: Vec<ClassChoice>,
    list: ListView,
    rows: Vec<MailLine>,
}

/// One class of mails with the pace chosen for it.
struct ClassChoice {
    name: String,
    label: &'static str,
    hint: &'static str,
    chosen: String,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "notifications/text.html")]
struct MailTextPage {
    frame: Frame,
    mail: MailText,
    /// What stands in the body of the HTML version: composed by the kernel from escaped text.
    html: String,
}

#[derive(Template)]
#[template(path = "notifications/log.html")]
struct LogPage {
    frame: Frame,
    list: ListView,
    rows: Vec<MailLine>,
}

#[derive(Template)]
#[template(path = "notifications/one.html")]
struct OnePage {
    frame: Frame,
    mail: MailLine,
    about: Option<String>,
}

#[derive(Template)]
#[template(path = "notifications/mailbox.html")]
struct MailboxPage {
    frame: Frame,
    list: ListView,
    rows: Vec<MailLine>,
}

impl Exported for MailLine {
    fn columns() -> Vec<&'static str> {
        vec!["Ordered", "Mail", "Class", "To", "Subject", "State", "Tries", "Left", "Problem"]
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(self.created_at.to_rfc3339()),
            Cell::text(&self.name),
            Cell::text(self.class.label()),
            Cell::text(&self.address),
            Cell::text(&self.subject),
            Cell::text(self.state.label()),
            Cell::number(self.attempts),
            self.sent_at.map_or(Cell::Empty, |at| Cell::text(at.to_rfc3339())),
            Cell::from(self.error.as_deref().unwrap_or_default()),
        ]
    }
}

fn framed(list: ListView) -> ListView {
    list.search("subject, address or name of the mail")
        .select("state", "State", words(MailState::ALL.iter().map(|s| (s.word(), s.label()))))
        .select("class", "Class", words(MailClass::ALL.iter().map(|c| (c.word(), c.label()))))
        .day("from", "Ordered from")
        .day("until", "Ordered until")
}

#[handler]
async fn own_mail(visit: Visit) -> Answer {
    let paces = visit.ask(OwnPaces).await?;
    visit.page(&own_page(&visit, paces, FieldErrors::default()).await?)
}

async fn own_page(visit: &Visit, paces: Vec<(MailClass, MailPace)>, errors: FieldErrors) -> Result<OwnMailPage> {
    let request = LIST.request(visit);
    let listed = visit.ask(OwnMail(request.clone())).await?;
    let list = framed(LIST.view(visit, &request, listed.total));
    let choices = |class| paces_of(class).iter().map(|pace| Choice::new(pace.word(), pace.label())).collect();
    let classes = paces.into_iter().map(|(class, pace)| ClassChoice {
        name: format!("pace_{class}"),
        label: class.label(),
        hint: hint_of(class),
        chosen: pace.word().to_owned(),
        choices: choices(class),
    });
    let frame = visit.frame_below("My mail", &[("My account", "/account")]);
    Ok(OwnMailPage { frame, errors, paces: classes.collect(), list, rows: listed.rows })
}

fn paces_of(class: MailClass) -> &'static [MailPace] {
    match class {
        MailClass::Essential => &[MailPace::AtOnce],
        // What somebody has to do may be gathered, never silenced.
        MailClass::Work => &[MailPace::AtOnce, MailPace::Daily],
        MailClass::News => MailPace::ALL,
    }
}

fn hint_of(class: MailClass) -> &'static str {
    match class {
        MailClass::Essential => "These always come at once.",
        MailClass::Work => "Invitations, tasks and reminders of proposals, assignments and reports.",
        MailClass::News => "New calls, changed calls, results.",
    }
}

#[handler]
async fn own_mail_posted(visit: Visit, posted: Posted) -> Answer {
    let mut chosen = Vec::new();
    let mut errors = FieldErrors::default();
    for class in [MailClass::Work, MailClass::News] {
        let name = format!("pace_{class}");
        match posted.parse::<MailPace>(&name).ok().filter(|pace| paces_of(class).contains(pace)) {
            Some(pace) => chosen.push((class, pace)),
            None => errors.add(name, "Choose one from the list"),
        }
    }
    if !errors.is_empty() {
        let paces = visit.ask(OwnPaces).await?;
        return visit.again(&own_page(&visit, paces, errors).await?);
    }
    visit.run(&posted, SetPaces(chosen)).await?;
    visit.to_with("/account/mail", "Your choice was saved.")
}

#[handler]
async fn own_mail_text(visit: Visit, Path(id): Path<MailId>) -> Answer {
    let mail = visit.ask(OwnMailOf(id)).await?;
    let frame = visit.frame_below(&mail.line.subject, &[("My account", "/account"), ("My mail", "/account/mail")]);
    visit.page(&MailTextPage { frame, html: body_of(&mail.html), mail })
}

#[handler]
async fn mail_log(visit: Visit) -> Answer {
    let request = LIST.request(&visit);
    if let Some(format) = Format::asked(&visit) {
        let all = visit.ask(MailLog(request.everything())).await?;
        return export(&visit, Subject::Platform, format, "Mail", &all.rows).await;
    }
    let listed = visit.ask(MailLog(request.clone())).await?;
    let list = framed(LIST.view(&visit, &request, listed.total))
        .preset("Failed", "state=failed")
        .preset("Waiting", "state=queued")
        .exports()
        .views(own(&visit, LIST.key).await?);
    let frame = visit.frame_below("Mail", &[("Administration", "/admin")]);
    visit.page(&LogPage { frame, list, rows: listed.rows })
}

/// Sends the chosen mails again, as a job with progress.
#[handler]
async fn mail_log_posted(visit: Visit, posted: Posted) -> Answer {
    // The job asks again for each row; whoever may not see the log learns so at once.
    visit.ask(MailFigures).await?;
    let mails = match chosen(&visit, &posted).await {
        Ok(mails) if !mails.is_empty() && !posted.ticked("confirmed") => {
            let fields = ["rows", "all_matches", "matching", "back", "key"];
            let kept = posted.fields().iter().filter(|(name, _)| fields.contains(&name.as_str())).cloned().collect();
            let frame = visit.frame_below(
                format!("Send {} again?", show::count(mails.len() as i64, "mail", "mails")),
                &[("Administration", "/admin"), ("Mail", "/admin/mail")],
            );
            let (count, mails) = (mails.len(), mails.into_iter().take(SHOWN).collect());
            return visit.page(&ConfirmPage { frame, count, mails, kept, back: posted.text("back").to_owned() });
        }
        other => other,
    };
    let order = mails.map(|mails| {
        let ids: Vec<MailId> = mails.into_iter().map(|mail| mail.id).collect();
        OrderBulk::new("notifications.again", &ids, posted.text("back"))
    });
    order_bulk(&visit, &posted, order).await
}

/// The most mails named before they are sent again.
const SHOWN: usize = 20;

/// The last look before many mails go out again: how many, and what to whom.
#[derive(Template)]
#[template(path = "notifications/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    count: usize,
    mails: Vec<MailLine>,
    /// What was chosen, to be sent once more.
    kept: Vec<(String, String)>,
    back: String,
}

async fn chosen(visit: &Visit, posted: &Posted) -> Result<Vec<MailLine>> {
    match LIST.chosen::<MailId>(posted)? {
        Chosen::Matches(list) => Ok(visit.ask(MailLog(list)).await?.rows),
        Chosen::Rows(ids) => {
            let mut mails = Vec::new();
            for id in ids {
                mails.push(visit.ask(MailOf(id)).await?);
            }
            Ok(mails)
        }
    }
}

#[handler]
async fn one_mail(visit: Visit, Path(id): Path<MailId>) -> Answer {
    let mail = visit.ask(MailOf(id)).await?;
    let frame = visit.frame_below(&mail.subject, &[("Administration", "/admin"), ("Mail", "/admin/mail")]);
    let about = mail.about.and_then(|subject| crate::web::links::page_of(subject, None, &visit.actor));
    visit.page(&OnePage { frame, mail, about })
}

#[handler]
async fn mail_again(visit: Visit, posted: Posted, Path(id): Path<MailId>) -> Answer {
    match visit.run(&posted, SendAgain(id)).await {
        Ok(()) => visit.to_with(format!("/admin/mail/{id}"), "The mail is on its way again."),
        Err(error) => {
            visit.leave_error(&keep(error)?);
            visit.to(format!("/admin/mail/{id}"))
        }
    }
}

/// In the demo everybody looks into the mailbox; otherwise administrators do.
fn reader(visit: &Visit) -> Actor {
    if visit.is_demo() { Actor::System("the demo's mailbox") } else { visit.actor.clone() }
}

#[handler]
async fn mailbox(visit: Visit) -> Answer {
    let request = LIST.request(&visit);
    let query = Mailbox { list: request.clone(), all: visit.is_demo() };
    let listed: Listed<MailLine> = visit.app.ask(&reader(&visit), query).await?;
    let list = LIST.view(&visit, &request, listed.total).search("subject, address or name of the mail");
    visit.page(&MailboxPage { frame: visit.frame("Mailbox"), list, rows: listed.rows })
}

#[handler]
async fn mailbox_mail(visit: Visit, Path(id): Path<MailId>) -> Answer {
    let mail = visit.app.ask(&reader(&visit), MailboxMail { id, all: visit.is_demo() }).await?;
    let frame = visit.frame_below(&mail.line.subject, &[("Mailbox", "/mailbox")]);
    visit.page(&MailTextPage { frame, html: body_of(&mail.html), mail })
}

/// What stands between the body tags.
fn body_of(html: &str) -> String {
    let inner = html.split_once("<body>").map_or(html, |(_, rest)| rest);
    inner.split_once("</body>").map_or(inner, |(body, _)| body).trim().to_owned()
}
