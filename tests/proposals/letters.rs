//! Letters of commitment: asked for, signed by link, refused, sent on paper, and never seen by others.

use crate::support::{TestApp, scenes::proposals::Draft};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    proposals::{letter, part},
    types::states::LetterState,
};
use fairway::proposals::letters::commands::AskForLetter;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};
use serde_json::{Value, json};

both!(
    a_letter_is_signed_by_link_without_an_account,
    looking_at_a_link_changes_nothing_and_a_wrong_one_is_not_found,
    a_letter_on_paper_bears_a_day_of_the_call,
    a_letter_is_refused_with_a_reason,
    a_reminder_replaces_the_link_and_a_withdrawal_ends_it,
    what_is_wrong_is_said_and_what_was_typed_is_kept,
    a_letter_that_speaks_of_other_amounts_is_flagged,
    strangers_and_partners_do_not_ask_in_the_name_of_others,
    a_program_asks_and_a_signer_signs_by_api,
    every_partner_abroad_signs_and_one_letter_speaks_for_one,
);

const ANA: &str = "Ana Kask";
const BRUNO: &str = "Bruno Lind";
const PDF: &[u8] = b"%PDF-1.7\nwe commit ourselves\n%%EOF\n";

fn path(draft: &Draft) -> String {
    format!("/proposals/{}/parts/{}/letters", draft.proposal, draft.coordinator_part)
}

async fn draft(app: &TestApp) -> Draft {
    let call = app.call_open_for_drafts().await;
    app.draft_without_letters(&call).await
}

/// Asks Ida Holm for a letter; gives the token of the link she got.
async fn ask(app: &TestApp, draft: &Draft) -> String {
    let command = AskForLetter {
        part: draft.coordinator_part,
        document: "letter_sme".into(),
        signer_name: "Ida Holm".into(),
        signer_email: "ida@optics.example".into(),
        signer_organisation: "Optics UAB".into(),
        participant: None,
        text: "We take part and bring forty hours.".into(),
    };
    app.run(ANA, command).await;
    token(app).await
}

/// The token in the latest mail to a signer.
async fn token(app: &TestApp) -> String {
    let mails = app.mails().await;
    let text = &mails.iter().rev().find(|m| m.text.contains("/letters/")).unwrap().text;
    let at = text.find("/letters/").unwrap() + "/letters/".len();
    text[at..].split_whitespace().next().unwrap().to_owned()
}

async fn latest(app: &TestApp) -> letter::Model {
    let rows = letter::Entity::find().order_by_desc(letter::Column::Id);
    rows.one(app.app.database().maintenance()).await.unwrap().unwrap()
}

async fn a_letter_is_signed_by_link_without_an_account(app: TestApp) {
    let draft = draft(&app).await;
    let (ana, path) = (app.as_(ANA).await, path(&draft));
    let page = ana.get(&path).await.expect(200).says("No letters yet").says("a grant of 12 000 EUR is asked for");
    let key = page.input("key").unwrap();
    let fields = [
        ("key", key.as_str()),
        ("document", "letter_sme"),
        ("signer_name", "Ida Holm"),
        ("signer_email", "Ida@Optics.example"),
        ("signer_organisation", "Optics UAB"),
        ("text", "We, [organisation], take part."),
    ];
    for _ in 0..2 {
        ana.post(&path, &fields).await.goes_to(&path);
    }
    let asked: Vec<String> = app.inbox().await.into_iter().filter(|m| m.starts_with("letter-asked")).collect();
    assert_eq!(asked, ["letter-asked to ida@optics.example: Sunrise Valley asks you for a letter of commitment"]);

    let (ida, link) = (app.visitor(), format!("/letters/{}", token(&app).await));
    let shown = ida.get(&link).await.expect(200).says("We, Optics UAB, take part.").says("Light for Nordic forests");
    let shown = shown.says("Ana Kask of Sunrise Valley asks Optics UAB for this letter");
    shown.does_not_say("15 000").does_not_say("Visual Sweden");
    let unconfirmed = ida.post(&format!("{link}/sign"), &[("name", "Ida Holm, CEO")]).await.expect(422);
    assert_eq!(unconfirmed.says("Confirm that you may sign").input("name").as_deref(), Some("Ida Holm, CEO"));
    let sign = [("name", "Ida Holm, CEO"), ("confirmed", "yes")];
    ida.post(&format!("{link}/sign"), &sign).await.goes_to(&link);
    ida.get(&link).await.says("The letter is signed").says("Ida Holm, CEO signed it on 1 September 2017");
    ida.post(&format!("{link}/sign"), &sign).await.expect(422).says("signed already");

    ana.get(&path).await.says("1 of 1 signed").says("Ida Holm, CEO, 1 September 2017");
    let mails = app.inbox().await;
    assert!(mails.iter().any(|m| m.starts_with("letter-signed to ana.kask@example.org")), "{mails:#?}");
    assert!(mails.iter().any(|m| m.starts_with("letter-thanks to ida@optics.example")), "{mails:#?}");
    let trail = app.audit_trail().await.join("\n");
    assert!(trail.contains("somebody not signed in signed the letter of Ida Holm (Optics UAB)"), "{trail}");
    app.finish().await;
}

async fn looking_at_a_link_changes_nothing_and_a_wrong_one_is_not_found(app: TestApp) {
    let draft = draft(&app).await;
    let token = ask(&app, &draft).await;
    let anybody = app.visitor();

    for page in [format!("/letters/{token}"), format!("/letters/{token}")] {
        anybody.get(&page).await.expect(200);
    }
    assert_eq!(latest(&app).await.state, LetterState::Asked);
    let sign = [("name", "Eve"), ("confirmed", "yes")];
    for wrong in ["0".repeat(64), token.to_uppercase(), "x".into(), latest(&app).await.token_hash] {
        anybody.get(&format!("/letters/{wrong}")).await.expect(404).says("There is no letter behind this link");
        anybody.post(&format!("/letters/{wrong}/sign"), &sign).await.expect(404);
    }
    for _ in 0..40 {
        anybody.get("/letters/guess").await;
    }
    anybody.get("/letters/guess").await.expect(429);
    anybody.get(&format!("/letters/{token}")).await.expect(200);

    app.jump("2017-10-31T14:00:02Z".parse::<DateTime<Utc>>().unwrap());
    anybody.get(&format!("/letters/{token}")).await.expect(200).says("can no longer be answered");
    anybody.post(&format!("/letters/{token}/sign"), &sign).await.expect(422).says("deadline of the call has passed");
    app.finish().await;
}

async fn a_letter_on_paper_bears_a_day_of_the_call(app: TestApp) {
    let draft = draft(&app).await;
    let token = ask(&app, &draft).await;
    let (ida, link) = (app.visitor(), format!("/letters/{token}"));
    let send = format!("{link}/paper");
    let fields = |day| [("paper_name", "Ida Holm"), ("signed_on", day)];

    let early = ida.upload(&send, &fields("2017-04-02"), ("paper", "letter.pdf", PDF)).await.expect(422);
    early.says("The letter must be signed after the call opened on 3 April 2017");
    ida.upload(&send, &fields("2017-09-02"), ("paper", "letter.pdf", PDF)).await.expect(422).says("in the future");
    ida.upload(&send, &fields("soon"), ("paper", "letter.pdf", PDF)).await.expect(422).says("Enter a date");
    let lying = ida.upload(&send, &fields("2017-08-30"), ("paper", "letter.pdf", b"\x89PNG\r\n\x1a\n")).await;
    assert_eq!(lying.expect(422).says("its content is a PNG").input("signed_on").as_deref(), Some("2017-08-30"));
    ida.upload(&send, &fields("2017-08-30"), ("paper", "a.txt", b"I sign")).await.expect(422).says("as a PDF");
    ida.upload(&send, &fields("2017-08-30"), ("paper", "letter.pdf", PDF)).await.goes_to(&link);

    let row = latest(&app).await;
    assert_eq!((row.state, row.signed_on.unwrap().to_string().as_str()), (LetterState::Signed, "2017-08-30"));
    let file = format!("/files/{}", row.file_id.unwrap());
    assert_eq!(app.as_(ANA).await.get(&file).await.expect(200).bytes, PDF);
    ida.get(&file).await.expect(401);
    app.as_("Somebody Else").await.get(&file).await.expect(404);
    app.finish().await;
}

async fn a_letter_is_refused_with_a_reason(app: TestApp) {
    let draft = draft(&app).await;
    let token = ask(&app, &draft).await;
    let (ida, refuse) = (app.visitor(), format!("/letters/{token}/refuse"));

    ida.post(&refuse, &[("reason", " ")]).await.expect(422).says("Fill this in");
    ida.post(&refuse, &[("reason", "We have no time in 2018.")]).await.goes_to(&format!("/letters/{token}"));

    let ana = app.as_(ANA).await;
    ana.get(&path(&draft)).await.says("Refused").says("We have no time in 2018.");
    ana.get(&path(&draft).replace("letters", "check")).await.says("Ida Holm (Optics UAB) has refused to sign");
    assert!(app.inbox().await.iter().any(|m| m.starts_with("letter-refused to ana.kask")));
    app.finish().await;
}

async fn a_reminder_replaces_the_link_and_a_withdrawal_ends_it(app: TestApp) {
    let draft = draft(&app).await;
    let first = ask(&app, &draft).await;
    let (ana, path, id) = (app.as_(ANA).await, path(&draft), latest(&app).await.id);
    let (remind, withdraw) = (format!("{path}/{id}/remind"), format!("{path}/{id}/withdraw"));

    ana.post(&remind, &[]).await.expect(422).says("less than a day ago");
    app.jump(app.app.now() + TimeDelta::hours(25));
    let ana = app.as_(ANA).await;
    ana.post(&remind, &[]).await.goes_to(&path);
    let second = token(&app).await;
    assert_ne!(first, second);
    let anybody = app.visitor();
    anybody.get(&format!("/letters/{first}")).await.expect(404);
    anybody.get(&format!("/letters/{second}")).await.expect(200);

    ana.post(&withdraw, &[]).await.goes_to(&path);
    anybody.get(&format!("/letters/{second}")).await.expect(404);
    let sign = [("name", "Ida"), ("confirmed", "yes")];
    anybody.post(&format!("/letters/{second}/sign"), &sign).await.expect(404);
    ana.post(&withdraw, &[]).await.expect(422).says("withdrawn already");
    assert!(app.inbox().await.iter().any(|m| m.starts_with("letter-withdrawn to ida@optics.example")));
    app.finish().await;
}

async fn what_is_wrong_is_said_and_what_was_typed_is_kept(app: TestApp) {
    let draft = draft(&app).await;
    let (ana, path) = (app.as_(ANA).await, path(&draft));

    let fields = [("document", "dance"), ("signer_name", "Ida"), ("signer_email", "ida at optics"), ("text", "")];
    let page = ana.post(&path, &fields).await.expect(422);
    let page = page.says("Choose a document of this call").says("Enter an e-mail address").says("Write what is to be");
    assert_eq!(page.input("signer_email").as_deref(), Some("ida at optics"));
    ask(&app, &draft).await;
    let twice = [
        ("document", "letter_sme"),
        ("signer_name", "Ida"),
        ("signer_email", "ida@optics.example"),
        ("signer_organisation", "Optics"),
        ("text", "Once more"),
    ];
    ana.post(&path, &twice).await.expect(422).says("remind them instead");
    app.finish().await;
}

async fn a_letter_that_speaks_of_other_amounts_is_flagged(app: TestApp) {
    let draft = draft(&app).await;
    let token = ask(&app, &draft).await;
    let sign = [("name", "Ida"), ("confirmed", "yes")];
    app.visitor().post(&format!("/letters/{token}/sign"), &sign).await.expect(303);
    let (ana, check) = (app.as_(ANA).await, path(&draft).replace("letters", "check"));
    ana.get(&check).await.expect(200).does_not_say("speaks of a grant");

    let db = app.app.database().maintenance();
    let own = part::Entity::find_by_id(draft.coordinator_part).one(db).await.unwrap().unwrap();
    let mut own: part::ActiveModel = own.into();
    own.requested_minor = Set(1_000_000);
    own.update(db).await.unwrap();

    ana.get(&check).await.says("speaks of a grant of 12 000 EUR");
    ana.get(&path(&draft)).await.says("the amounts changed since");
    app.finish().await;
}

async fn strangers_and_partners_do_not_ask_in_the_name_of_others(app: TestApp) {
    let draft = draft(&app).await;
    ask(&app, &draft).await;
    let (path, id) = (path(&draft), latest(&app).await.id);
    let (bruno, stranger) = (app.as_(BRUNO).await, app.as_("Somebody Else").await);

    bruno.get(&path).await.expect(200).does_not_say("Ask for a letter");
    for act in [path.clone(), format!("{path}/{id}/remind"), format!("{path}/{id}/withdraw")] {
        bruno.post(&act, &[]).await.expect(403);
        stranger.post(&act, &[]).await.expect(404);
        app.visitor().post(&act, &[]).await.expect(401);
    }
    stranger.get(&path).await.expect(404);
    let other = format!("/proposals/{}/parts/{}/letters/{id}/withdraw", draft.proposal, draft.partner_part);
    bruno.post(&other, &[]).await.expect(404);
    assert_eq!(latest(&app).await.state, LetterState::Asked);
    app.finish().await;
}

async fn a_program_asks_and_a_signer_signs_by_api(app: TestApp) {
    let draft = draft(&app).await;
    let (program, part) = (app.program(ANA).await, draft.coordinator_part);
    let order = json!({
        "document": "letter_partner", "signer_name": "Ida Holm", "signer_email": "ida@optics.example",
        "signer_organisation": "Optics UAB", "text": "We take part.",
    });

    let (status, asked) = program.post(&format!("/parts/{part}/letters"), order.clone()).await;
    assert_eq!(status.as_u16(), 200, "{asked}");
    let (status, _) = app.program(BRUNO).await.post(&format!("/parts/{part}/letters"), order).await;
    assert_eq!(status.as_u16(), 403);
    let token = token(&app).await;
    let (_, letter) = program.get(&format!("/letters/{token}")).await;
    assert_eq!((letter["state"].as_str(), letter["text"].as_str()), (Some("asked"), Some("We take part.")));
    let sign = json!({ "name": "Ida Holm", "confirmed": true });
    let (status, _) = program.post(&format!("/letters/{token}/sign"), sign).await;
    assert_eq!(status.as_u16(), 200);
    let (_, list) = program.get(&format!("/parts/{part}/letters")).await;
    assert_eq!(list["items"][0]["state"].as_str(), Some("signed"));
    let (status, _) = program.get("/letters/guess").await;
    assert_eq!(status.as_u16(), 404);
    let (status, _) = program.post(&format!("/letters/{token}/refuse"), json!({ "reason": "no" })).await;
    assert_eq!(status.as_u16(), 422);
    let (status, _) =
        program.post(&format!("/parts/{part}/letters/{}/remind", asked["id"].as_str().unwrap()), Value::Null).await;
    assert_eq!(status.as_u16(), 422);
    app.finish().await;
}

async fn every_partner_abroad_signs_and_one_letter_speaks_for_one(app: TestApp) {
    let draft = draft(&app).await;
    let (ana, path) = (app.as_(ANA).await, path(&draft));
    let check = path.replace("letters", "check");
    let submit = path.replace("letters", "review");
    let missing = "Letter of commitment from each foreign partner: no letter from ";

    ana.get(&check).await.expect(200).says(&format!("{missing}Visual Sweden"));
    ana.get(&submit).await.expect(200).says(&format!("{missing}Visual Sweden"));
    let page = ana.get(&path).await.expect(200).says("Letters nobody was asked for yet").says("Lithuania Optics 0");
    let link = page.html().split("href=\"").find(|l| l.contains("partner=Visual")).unwrap().to_owned();
    let link = link.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    let form = ana.get(link.split('#').next().unwrap()).await.expect(200);
    assert_eq!(form.input("signer_organisation").as_deref(), Some("Visual Sweden"));

    let ask = |organisation: &str, email: &str| AskForLetter {
        part: draft.coordinator_part,
        document: "letter_partner".into(),
        signer_name: "Sven Ek".into(),
        signer_email: email.into(),
        signer_organisation: organisation.into(),
        participant: None,
        text: "We take part.".into(),
    };
    // Somebody else's letter does not speak for the partner.
    app.run(ANA, ask("Optics UAB", "sven@optics.example")).await;
    ana.get(&check).await.says(&format!("{missing}Visual Sweden"));
    app.run(ANA, ask("visual sweden", "sven@visual.example")).await;
    ana.get(&check).await.does_not_say("no letter from").says("Sven Ek (visual sweden) has not signed yet");
    let sign = [("name", "Sven Ek"), ("confirmed", "yes")];
    app.visitor().post(&format!("/letters/{}/sign", token(&app).await), &sign).await.expect(303);
    ana.get(&check).await.does_not_say("Sven Ek (visual sweden) has not signed");

    // A partner without a part brings its own money and signs as well.
    let partners = json!([{ "name": "Tartu Cluster", "country": "EE", "contact": "Mari Tamm" }]);
    app.answer(draft.proposal, "partner_clusters", partners).await;
    ana.get(&check).await.says(&format!("{missing}Tartu Cluster"));
    app.finish().await;
}
