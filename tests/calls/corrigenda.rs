//! Changes to a public call.

use crate::support::{TestApp, scenes::calls::OLAF};
use entity::types::states::CallState;
use serde_json::{Value, json};

both!(
    a_deadline_is_moved_and_everybody_is_told,
    the_pages_lead_to_a_corrigendum,
    what_may_not_change_is_refused,
    the_wrong_people_correct_nothing,
);

async fn terms_of(app: &TestApp, annex: &str) -> Value {
    let (_, annexes) = app.program(OLAF).await.get("/calls/IE-2017/annexes").await;
    annexes["items"].as_array().unwrap().iter().find(|a| a["id"] == annex).unwrap()["terms"].clone()
}

async fn a_deadline_is_moved_and_everybody_is_told(app: TestApp) {
    let scene = app.open_call_2017().await;
    let before = app.inbox().await.len();
    let annex = scene.agency("no-in").annex.to_string();
    let mut terms = terms_of(&app, &annex).await;
    terms["deadline"]["local"] = json!("2017-11-07T16:00:00");
    let ingrid = app.program("Ingrid Dahl").await;
    let path = format!("/annexes/{annex}/corrigenda");

    let change = json!({ "version": 1, "reason": "The portal of the agency was down for a day.", "terms": terms });
    let (status, answer) = ingrid.post(&path, change.clone()).await;
    assert_eq!((status.as_u16(), answer["number"].as_i64()), (200, Some(1)), "{answer}");
    assert_eq!(ingrid.post(&path, change).await.0.as_u16(), 409);

    let mails = app.mails().await;
    assert!(mails.len() > before);
    let mail = mails.iter().rfind(|m| m.name == "M04").unwrap();
    assert_eq!(mail.subject, "Changed: IE-2017, corrigendum 1");
    assert!(mail.text.contains("Deadline: now “7 November 2017, 16:00 CET (Europe/Oslo)”"), "{}", mail.text);
    assert!(mail.text.contains("Reason: The portal of the agency was down"));
    let page = app.visitor().get("/calls/IE-2017").await.expect(200);
    page.says("This call was changed.").says("7 November 2017, 16:00 CET (Europe/Oslo)");
    app.visitor().get("/calls/IE-2017/corrigenda").await.expect(200).says("Corrigendum 1: annex of Innovation Norway");
    let one = app.visitor().get("/calls/IE-2017/corrigenda/1").await.expect(200);
    assert!(
        one.html().contains("<del>31 October </del>") && one.html().contains("<ins>7 November </ins>"),
        "{}",
        one.html()
    );
    app.visitor().get("/calls/IE-2017/corrigenda/2").await.expect(404);

    // The call stays open until the moved deadline.
    app.jump("2017-11-01T12:00:00Z".parse().unwrap());
    app.work().await;
    assert_eq!(app.call_state(scene.call).await, CallState::Open);
    app.jump("2017-11-07T15:00:01Z".parse().unwrap());
    app.work().await;
    assert_eq!(app.call_state(scene.call).await, CallState::Closed);
    app.finish().await;
}

async fn the_pages_lead_to_a_corrigendum(app: TestApp) {
    let scene = app.open_call_2017().await;
    let olaf = app.as_(OLAF).await;
    let home = format!("/staff/calls/{}", scene.call);
    let edit = format!("{home}/edit/consortium");
    let rules = [
        ("min_parts", "2"),
        ("min_countries", "2"),
        ("min_funding_countries", "1"),
        ("guests", "partner_clusters"),
        ("company_commitments", "yes"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [rules.as_slice(), more].concat();

    olaf.get(&edit).await.expect(200).says("Continue to the corrigendum");
    let review = olaf.post(&edit, &with(&[("version", "1"), ("rules", "Be kind.")])).await.expect(200);
    review.text();
    let terms = unescaped(&review.input("terms").unwrap());
    let review = review.says("Publish the corrigendum").says("Be kind.");
    assert_eq!(olaf.get("/calls/IE-2017").await.text().contains("Be kind."), false);

    let path = format!("{home}/corrigenda");
    let back = review.input("back").unwrap();
    let fields = |reason: &'static str| {
        vec![("version", "1"), ("reason", reason), ("terms", terms.as_str()), ("back", back.as_str())]
    };
    let again = olaf.post(&path, &fields("")).await.expect(422);
    again.says("Say why the call is changed").says("Be kind.");
    olaf.post(&path, &fields("Kindness was missing.")).await.goes_to("/calls/IE-2017/corrigenda/1");
    olaf.get("/calls/IE-2017").await.says("Be kind.").says("Kindness was missing.");
    // The same terms once more change nothing, so there is nothing to publish.
    olaf.post(&path, &fields("Once more.")).await.expect(303);
    olaf.post(&edit, &with(&[("version", "1"), ("rules", "x")])).await.expect(422).says("This was changed");
    assert_eq!(
        app.audit_trail().await.last().unwrap().as_str(),
        "Olaf Berg published corrigendum 1 of IE-2017: Rule 1, Rule 2 and 4 more"
    );
    app.finish().await;
}

fn unescaped(html: &str) -> String {
    html.replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")
}

async fn what_may_not_change_is_refused(app: TestApp) {
    let scene = app.open_call_2017().await;
    let olaf = app.program(OLAF).await;
    let annex = scene.agency("no-in").annex.to_string();
    let mut terms = terms_of(&app, &annex).await;
    terms["deadline"]["local"] = json!("2017-10-01T16:00:00");
    terms["budget"] = json!(null);

    let earlier = json!({ "version": 1, "reason": "x", "terms": terms });
    let ingrid = app.program("Ingrid Dahl").await;
    let (status, answer) = ingrid.post(&format!("/annexes/{annex}/corrigenda"), earlier).await;
    let places: Vec<&str> = answer["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!((status.as_u16(), places), (422, vec!["/deadline", "/budget"]));

    let (_, call) = olaf.get("/calls/IE-2017").await;
    let same = json!({ "version": 1, "reason": "x", "terms": call["terms"] });
    assert_eq!(olaf.post("/calls/IE-2017/corrigenda", same).await.1["code"], "nothing_changed");
    let mut terms = call["terms"].clone();
    terms["sections"].as_array_mut().unwrap().remove(0);
    terms["criteria"][0]["weight"] = json!("10");
    let removed = json!({ "version": 1, "reason": "x", "terms": terms });
    let (status, answer) = olaf.post("/calls/IE-2017/corrigenda", removed).await;
    assert_eq!((status.as_u16(), answer["errors"].as_array().unwrap().len()), (422, 3), "{answer}");
    assert!(!app.inbox().await.iter().any(|m| m.starts_with("M04")));
    app.finish().await;
}

async fn the_wrong_people_correct_nothing(app: TestApp) {
    let scene = app.open_call_2017().await;
    let annex = scene.agency("no-in").annex.to_string();
    let terms = terms_of(&app, &annex).await;
    let change = json!({ "version": 1, "reason": "x", "terms": terms });
    let path = format!("/annexes/{annex}/corrigenda");

    assert_eq!(app.program("Ana Kask").await.post(&path, change.clone()).await.0.as_u16(), 404);
    // The money of an annex is its agency's: neither the secretariat nor another agency changes it.
    assert_eq!(app.program(OLAF).await.post(&path, change.clone()).await.0.as_u16(), 403);
    assert_eq!(app.program("Mette Holm").await.post(&path, change.clone()).await.0.as_u16(), 404);
    let page = format!("/staff/calls/{}/annexes/{annex}", scene.call);
    app.as_(OLAF).await.get(&page).await.expect(200).does_not_say("Change by corrigendum");
    app.as_("Ingrid Dahl").await.get(&page).await.expect(200).says("Change by corrigendum");
    app.close_call(&scene).await;
    assert_eq!(app.program("Ingrid Dahl").await.post(&path, change).await.1["code"], "phase");
    app.finish().await;
}
