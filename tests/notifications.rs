//! Mails: sent, tried again, held, chosen, looked at.

use crate::support::{
    TestApp,
    smtp::{Manner, SmtpServer},
};
use chrono::TimeDelta;
use entity::{
    notifications::mail,
    types::{
        ids::MailId,
        states::{MailClass, MailPace, MailState, Role},
    },
};
use fairway::{
    kernel::{
        Command, Done, Leave, Permission, Result, Subject, Tx,
        event::{AuditLine, Event, MailOrder, Recipient},
    },
    notifications::{
        commands::SetPaces,
        transport::{Protection, Smtp, SmtpSettings},
    },
    server,
};
use sea_orm::{EntityTrait, QueryOrder};

both!(
    mail_leaves_once_with_its_headers,
    an_unreachable_server_loses_nothing_and_doubles_nothing,
    a_refusal_for_good_is_shown_and_can_be_mended,
    a_lost_answer_sends_the_same_message_id,
    held_mail_comes_in_one_a_day,
    people_choose_how_mail_comes,
    administrators_send_many_again,
    without_a_server_mail_is_kept_for_administrators,
);

/// Something that writes to the person who does it.
#[derive(Clone)]
struct Tell(MailClass, u32);
struct Told(entity::types::ids::AccountId, MailClass, u32);

#[derive(askama::Template)]
#[template(ext = "txt", source = "News {{ n }}\n\nSomething happened & more.\n\n→ /calls\n")]
struct News {
    n: u32,
}

impl Event for Told {
    fn audit(&self) -> AuditLine {
        AuditLine::new(Subject::Account(self.0), "told something")
    }
    fn mails(&self) -> Vec<MailOrder> {
        vec![MailOrder::new("T01", self.1, Subject::Account(self.0), [Recipient::Account(self.0)], &News { n: self.2 })]
    }
}

impl Command for Tell {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();
    fn about(&self) -> Subject {
        Subject::Platform
    }
    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        Ok(tx.done(Told(leave.account()?, self.0, self.1), ()))
    }
}

fn smtp(server: &SmtpServer) -> Smtp {
    at(server.address().port())
}

fn at(port: u16) -> Smtp {
    Smtp::new(&SmtpSettings {
        host: "127.0.0.1".into(),
        port,
        tls: Protection::None,
        user: None,
        password: None,
        from: "Fairway <no-reply@fairway.test>".into(),
        reply_to: None,
        timeout_seconds: 1,
        connections: 4,
    })
    .unwrap()
}

async fn states(app: &TestApp) -> Vec<(MailState, i32)> {
    let rows = mail::Entity::find().order_by_asc(mail::Column::Id).all(app.app.database().maintenance()).await.unwrap();
    rows.into_iter().map(|row| (row.state, row.attempts)).collect()
}

async fn mail_leaves_once_with_its_headers(app: TestApp) {
    let server = SmtpServer::start().await;
    for n in 0..20 {
        app.run("Ana Kask", Tell(MailClass::Work, n)).await;
    }

    let carrier = smtp(&server);
    let (one, other) = tokio::join!(server::send(&app.app, &carrier), server::send(&app.app, &carrier));
    one.and(other).unwrap();
    server::send(&app.app, &carrier).await.unwrap();

    let mails = server.mails();
    assert_eq!(mails.len(), 20);
    assert_eq!(states(&app).await, [(MailState::Sent, 1); 20]);
    let first = mails.iter().find(|m| m.header("subject") == "News 0").unwrap();
    assert_eq!(first.to, ["ana.kask@example.org"]);
    assert_eq!(first.header("list-unsubscribe"), "<https://fairway.test/account/mail>");
    assert_eq!(first.text(), "Something happened & more.\n\nhttps://fairway.test/calls");
    assert!(first.html().contains("more.</p>") && first.html().contains("href=\"https://fairway.test/calls\""));
    app.finish().await;
}

async fn an_unreachable_server_loses_nothing_and_doubles_nothing(app: TestApp) {
    app.run("Ana Kask", Tell(MailClass::Work, 1)).await;
    app.run("Ana Kask", Tell(MailClass::Work, 2)).await;

    // Nobody listens on port 1.
    server::send(&app.app, &at(1)).await.unwrap();
    assert_eq!(states(&app).await, [(MailState::Queued, 1), (MailState::Queued, 1)]);
    // Too early for another try.
    server::send(&app.app, &at(1)).await.unwrap();
    assert_eq!(states(&app).await, [(MailState::Queued, 1), (MailState::Queued, 1)]);
    app.jump(app.app.now() + TimeDelta::seconds(61));
    let silent = SmtpServer::start().await;
    silent.be(Manner::Silent);
    server::send(&app.app, &smtp(&silent)).await.unwrap();
    app.jump(app.app.now() + TimeDelta::minutes(6));
    let server = SmtpServer::start().await;
    server.be(Manner::RefusingForNow);
    server::send(&app.app, &smtp(&server)).await.unwrap();
    assert_eq!(states(&app).await, [(MailState::Queued, 3), (MailState::Queued, 3)]);

    app.jump(app.app.now() + TimeDelta::minutes(16));
    server.be(Manner::Accepting);
    server::send(&app.app, &smtp(&server)).await.unwrap();
    server::send(&app.app, &smtp(&server)).await.unwrap();

    assert_eq!(states(&app).await, [(MailState::Sent, 4), (MailState::Sent, 4)]);
    let mut subjects: Vec<String> = server.mails().iter().map(|m| m.header("subject")).collect();
    subjects.sort();
    assert_eq!(subjects, ["News 1", "News 2"]);
    app.finish().await;
}

async fn a_refusal_for_good_is_shown_and_can_be_mended(app: TestApp) {
    app.grant("Adam Min", Role::Administrator, None, None).await;
    app.run("Ana Kask", Tell(MailClass::Work, 1)).await;
    let server = SmtpServer::start().await;
    server.be(Manner::RefusingForGood);

    server::send(&app.app, &smtp(&server)).await.unwrap();

    assert_eq!(states(&app).await, [(MailState::Failed, 1)]);
    let adam = app.as_("Adam Min").await;
    let log = adam.get("/admin/mail?state=failed").await.expect(200).says("News 1").says("nobody of that name");
    log.does_not_say("Something happened");
    let id = app.mails().await[0].id;
    let path = format!("/admin/mail/{id}");
    let page = adam.get(&path).await.expect(200).says("Failed").does_not_say("Something happened");
    app.as_("Ana Kask").await.get(&path).await.expect(404);
    app.as_("Ana Kask").await.get("/admin/mail").await.expect(404);
    app.as_("Ana Kask").await.post(&format!("{path}/again"), &[]).await.expect(404);
    app.visitor().get("/admin/mail").await.expect(401);
    server.be(Manner::Accepting);
    let key = page.input("key").unwrap();
    adam.post(&format!("{path}/again"), &[("key", &key)]).await.goes_to(&path);
    adam.post(&format!("{path}/again"), &[("key", &key)]).await.goes_to(&path);
    server::send(&app.app, &smtp(&server)).await.unwrap();
    assert_eq!((server.mails().len(), states(&app).await), (1, vec![(MailState::Sent, 1)]));
    let again = app.audit_trail().await.into_iter().filter(|line| line.contains("again")).count();
    assert_eq!(again, 1);
    app.finish().await;
}

async fn a_lost_answer_sends_the_same_message_id(app: TestApp) {
    app.run("Ana Kask", Tell(MailClass::Work, 1)).await;
    let server = SmtpServer::start().await;
    server.be(Manner::LosingTheAnswer);
    server::send(&app.app, &smtp(&server)).await.unwrap();
    server.be(Manner::Accepting);

    app.jump(app.app.now() + TimeDelta::minutes(2));
    server::send(&app.app, &smtp(&server)).await.unwrap();

    let ids: Vec<String> = server.mails().iter().map(|m| m.header("message-id")).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
    app.finish().await;
}

async fn held_mail_comes_in_one_a_day(app: TestApp) {
    app.run("Ana Kask", SetPaces(vec![(MailClass::Work, MailPace::Daily), (MailClass::News, MailPace::Never)])).await;
    app.run("Ana Kask", Tell(MailClass::Work, 1)).await;
    app.run("Ana Kask", Tell(MailClass::News, 2)).await;
    app.run("Ana Kask", Tell(MailClass::Work, 3)).await;
    app.run("Ana Kask", Tell(MailClass::Essential, 4)).await;
    let server = SmtpServer::start().await;

    server::send(&app.app, &smtp(&server)).await.unwrap();
    assert_eq!(server.mails().iter().map(|m| m.header("subject")).collect::<Vec<_>>(), ["News 4"]);
    app.jump(app.app.now() + TimeDelta::days(1));
    server::work(&app.app, &server::jobs()).await.unwrap();
    server::send(&app.app, &smtp(&server)).await.unwrap();
    server::work(&app.app, &server::jobs()).await.unwrap();
    server::send(&app.app, &smtp(&server)).await.unwrap();

    let mails = server.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].header("subject"), "Your messages of the day: 2");
    let text = mails[1].text();
    assert!(text.contains("1. News 1") && text.contains("2. News 3") && !text.contains("News 2"), "{text}");
    assert!(mails[1].html().contains("<a href=\"https://fairway.test/calls\">"));
    app.finish().await;
}

async fn people_choose_how_mail_comes(app: TestApp) {
    let ana = app.as_("Ana Kask").await;

    ana.get("/account/mail").await.expect(200).says("Things to do").says("Not by mail");
    let chosen = [("pace_work", "daily"), ("pace_news", "never")];
    ana.post("/account/mail", &chosen).await.goes_to("/account/mail");
    ana.post("/account/mail", &[("pace_work", "never"), ("pace_news", "x")]).await.expect(422).says("2 things need");
    app.visitor().get("/account/mail").await.expect(401);

    let program = app.program("Ana Kask").await;
    let (_, paces) = program.get("/me/mail-preferences").await;
    assert_eq!(paces[1]["pace"], "daily");
    let essential = serde_json::json!([{ "class": "essential", "pace": "never" }]);
    assert_eq!(program.put("/me/mail-preferences", essential).await.0.as_u16(), 422);
    app.run("Ana Kask", Tell(MailClass::Work, 7)).await;
    let id: MailId = app.mails().await[0].id;
    ana.get("/account/mail").await.says("News 7").says("Held for the daily digest");
    ana.get(&format!("/account/mail/{id}")).await.expect(200).says("Something happened & more.");
    app.as_("Somebody Else").await.get(&format!("/account/mail/{id}")).await.expect(404);
    app.finish().await;
}

async fn administrators_send_many_again(app: TestApp) {
    app.grant("Adam Min", Role::Administrator, None, None).await;
    for n in 0..30 {
        app.run("Ana Kask", Tell(MailClass::Work, n)).await;
    }
    app.work().await;
    let adam = app.as_("Adam Min").await;

    adam.get("/admin/mail?state=kept").await.expect(200).says("All 30 matches").says("1 to 25 of 30");
    adam.post("/admin/mail", &[("back", "/admin/mail")]).await.goes_to("/admin/mail");
    adam.get("/admin/mail").await.says("Tick at least one row first.");
    let form =
        [("all_matches", "yes"), ("matching", "state=kept&q=news"), ("back", "/admin/mail"), ("key", "a-form-key")];
    let look =
        adam.post("/admin/mail", &form).await.expect(200).says("Send 30 mails again?").says("the first 20 of 30");
    assert_eq!(look.input("matching").as_deref(), Some("state=kept&#38;q=news"));
    assert_eq!(look.input("confirmed").as_deref(), Some("yes"));
    let form = [&form[..], &[("confirmed", "yes")]].concat();
    let page = adam.post("/admin/mail", &form).await.expect(303);
    let job = page.location.unwrap();
    assert_eq!(adam.post("/admin/mail", &form).await.location.unwrap(), job);
    adam.get(&job).await.expect(200).says("0 of 0 done");
    app.as_("Ana Kask").await.get(&job).await.expect(404);
    server::work(&app.app, &server::jobs()).await.unwrap();
    adam.get(&job).await.expect(200).says("30 done.").says("Back to the list");
    let progress = adam.get(&format!("{job}/progress")).await.expect(200);
    let told: serde_json::Value = serde_json::from_slice(&progress.bytes).unwrap();
    assert_eq!((told["state"].as_str(), told["done"].as_i64()), (Some("done"), Some(30)));
    let server = SmtpServer::start().await;
    server::send(&app.app, &smtp(&server)).await.unwrap();
    assert_eq!(server.mails().len(), 30);

    let csv = adam.get("/admin/mail?export=csv&q=news+1").await.expect(200);
    assert_eq!(csv.html().lines().count(), 1 + 11, "News 1 and News 10 to 19");
    app.as_("Ana Kask").await.get("/admin/mail?export=csv").await.expect(404);
    app.finish().await;
}

async fn without_a_server_mail_is_kept_for_administrators(app: TestApp) {
    app.grant("Adam Min", Role::Administrator, None, None).await;
    app.run("Ana Kask", Tell(MailClass::Work, 1)).await;
    let adam = app.as_("Adam Min").await;
    adam.get("/mailbox").await.expect(200).says("No mail yet");

    app.work().await;

    assert_eq!(states(&app).await, [(MailState::Kept, 1)]);
    adam.get("/mailbox").await.expect(200).says("News 1");
    let id = app.mails().await[0].id;
    adam.get(&format!("/mailbox/{id}")).await.expect(200).says("Something happened & more.");
    app.as_("Ana Kask").await.get("/mailbox").await.expect(404);
    app.as_("Ana Kask").await.get(&format!("/mailbox/{id}")).await.expect(404);
    app.visitor().get("/mailbox").await.expect(401);
    app.finish().await;
}
