//! The mail server of the tests, tried with the client the application uses.

use super::{Manner, SmtpServer};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::MultiPart,
    transport::smtp::authentication::Credentials,
};
use std::time::Duration;

fn transport(server: &SmtpServer) -> AsyncSmtpTransport<Tokio1Executor> {
    AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(server.address().port())
        .timeout(Some(Duration::from_millis(500)))
        .credentials(Credentials::new("fairway".to_owned(), "secret".to_owned()))
        .build()
}

fn letter() -> Message {
    let parts = MultiPart::alternative_plain_html(
        "Dear Åse,\nthe part is eligible.\n.\nYours".to_owned(),
        "<p>Dear Åse</p>".to_owned(),
    );
    let letter = Message::builder().from("Agency <agency@example.org>".parse().expect("an address"));
    let letter = letter.to("ase@example.org".parse().expect("an address"));
    let subject = "Förderung: the decision on your part of the proposal “Blå vekst”, with a long subject";
    letter.subject(subject).multipart(parts).expect("a letter")
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let server = SmtpServer::start().await;

    transport(&server).send(letter()).await.expect("the server accepts");

    let mails = server.wait_for(1).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].from, "agency@example.org");
    assert_eq!(mails[0].to, ["ase@example.org"]);
    assert_eq!(
        mails[0].header("subject"),
        "Förderung: the decision on your part of the proposal “Blå vekst”, with a long subject"
    );
    assert_eq!(mails[0].text(), "Dear Åse,\nthe part is eligible.\n.\nYours");
    assert_eq!(mails[0].html(), "<p>Dear Åse</p>");
}

#[tokio::test]
async fn refusals_are_for_now_or_for_good() {
    let server = SmtpServer::start().await;

    server.be(Manner::RefusingForNow);
    let now = transport(&server).send(letter()).await.expect_err("refused for now");
    server.be(Manner::RefusingForGood);
    let good = transport(&server).send(letter()).await.expect_err("refused for good");

    assert!(now.is_transient(), "{now}");
    assert!(good.is_permanent(), "{good}");
    assert_eq!(server.mails(), []);
    assert_eq!(server.visits(), 2);
}

/// lettre's own time limit ends with the connection (0.11), so whoever sends needs one around it.
#[tokio::test]
async fn a_silent_server_keeps_the_sender_waiting() {
    let server = SmtpServer::start().await;
    server.be(Manner::Silent);

    let sent = tokio::time::timeout(Duration::from_secs(1), transport(&server).send(letter())).await;

    assert!(sent.is_err(), "{sent:?}");
    assert_eq!(server.visits(), 1);
}

#[tokio::test]
async fn a_lost_answer_leaves_the_sender_in_doubt_though_the_mail_is_there() {
    let server = SmtpServer::start().await;
    server.be(Manner::LosingTheAnswer);

    transport(&server).send(letter()).await.expect_err("the connection breaks");

    assert_eq!(server.mails().len(), 1);
}
