//! What is seen of sheets: by the others, of earlier versions, before they are handed in, and several at once.

use super::parts::task_in;
use crate::support::{TestApp, scenes::calls::OLAF};
use entity::types::{judging::SheetVisibility, states::Role, terms::CallTerms};

both!(
    sheets_of_others_are_never_seen_where_the_call_says_so,
    sheets_of_others_are_seen_after_ones_own,
    sheets_of_others_name_their_writers_where_the_call_says_so,
    versions_tell_what_changed_and_why_it_was_given_back,
    a_summary_shows_what_the_applicant_will_read,
    several_sheets_are_handed_in_together,
);

fn seen(when: SheetVisibility, names: bool) -> impl FnOnce(&mut CallTerms) {
    move |terms| {
        terms.evaluation.visibility.individual = when;
        terms.evaluation.visibility.names = names;
    }
}

/// Edgar's whole sheet on the same proposal, with a note to the panel.
async fn edgar_judges(app: &TestApp, field: &crate::support::scenes::evaluation::Field) {
    let other = app.assigned(field.proposals[0].id, "Edgar Other").await;
    let mut sheet = app.sheet("3", &[]);
    sheet.private_note = "Between us and the panel".into();
    app.judged(other, "Edgar Other", sheet).await;
}

async fn sheets_of_others_are_never_seen_where_the_call_says_so(app: TestApp) {
    let (field, id) = task_in(&app, seen(SheetVisibility::Never, true)).await;
    let eva = app.as_("Eva Expert").await;
    let others = format!("/assignments/{id}/sheet/others");
    let alone = eva.get(&others).await.expect(200).says("No sheets to see").text();
    let program = app.program("Eva Expert").await;
    let (_, out) = program.get(&others).await;

    edgar_judges(&app, &field).await;
    app.judged(id, "Eva Expert", app.sheet("4", &[])).await;
    assert_eq!(eva.get(&others).await.expect(200).text(), alone, "the page tells that somebody else has submitted");
    assert_eq!(program.get(&others).await.1, out);
    for page in [format!("/assignments/{id}/sheet"), "/assignments".into(), "/sheets".into()] {
        eva.get(&page).await.expect(200).does_not_say("Edgar").does_not_say("3.00");
    }
    app.finish().await;
}

async fn sheets_of_others_are_seen_after_ones_own(app: TestApp) {
    let (field, id) = task_in(&app, seen(SheetVisibility::AfterOwn, false)).await;
    let eva = app.as_("Eva Expert").await;
    let others = format!("/assignments/{id}/sheet/others");
    let alone = eva.get(&others).await.expect(200).says("No sheets to see").text();
    edgar_judges(&app, &field).await;
    assert_eq!(eva.get(&others).await.text(), alone);

    app.judged(id, "Eva Expert", app.sheet("4", &[])).await;
    let page = eva.get(&others).await.expect(200).says("Evaluator A").says("Weighted total 3.00 of 5");
    page.does_not_say("Edgar").does_not_say("Between us");
    let (_, out) = app.program("Eva Expert").await.get(&others).await;
    assert_eq!(out["sheets"][0]["evaluator"], "Evaluator A");
    assert!(!out.to_string().contains("Between us"), "{out}");
    for name in [OLAF, "Edgar Other", "Cora 1", "Somebody Else"] {
        assert_eq!(app.as_(name).await.get(&others).await.status.as_u16(), 404, "{name}");
    }
    app.finish().await;
}

async fn sheets_of_others_name_their_writers_where_the_call_says_so(app: TestApp) {
    let (field, id) = task_in(&app, seen(SheetVisibility::Always, true)).await;
    edgar_judges(&app, &field).await;
    let eva = app.as_("Eva Expert").await;
    eva.get(&format!("/assignments/{id}/sheet/others")).await.expect(200).says("Edgar Other").says("3.00");
    app.finish().await;
}

async fn versions_tell_what_changed_and_why_it_was_given_back(app: TestApp) {
    let (field, id) = task_in(&app, |_| {}).await;
    let versions = format!("/assignments/{id}/sheet/versions");
    app.judged(id, "Eva Expert", app.sheet("4", &[])).await;
    let olaf = app.as_(OLAF).await;
    let reopen = format!("/staff/assignments/{id}/reopen");
    olaf.post(&reopen, &[("reason", "Please look at c2 again"), ("back", "/staff")]).await.goes_to("/staff");
    olaf.get(&versions).await.expect(200).says("Given back by Olaf Berg").says("Please look at c2 again");
    app.judged(id, "Eva Expert", app.sheet("4", &[("c2", "2.5")])).await;

    app.grant("Audra Auditor", Role::Auditor, None, None).await;
    for name in ["Eva Expert", OLAF, "Audra Auditor"] {
        let page = app.as_(name).await.get(&versions).await.expect(200);
        page.says("Version 2").says("Changes since version 1").says(": points 4 2.5").says("Please look at c2 again");
    }
    app.as_("Eva Expert").await.get(&format!("/assignments/{id}/sheet")).await.says("Earlier versions of this sheet");
    let (_, out) = app.program(OLAF).await.get(&versions).await;
    assert_eq!(
        (out[0]["changes"][0]["before"].as_str(), out[0]["changes"][0]["after"].as_str()),
        (Some("4"), Some("2.5")),
        "{out}"
    );
    assert_eq!(out[1]["reopened_reason"], "Please look at c2 again");
    app.assigned(field.proposals[0].id, "Edgar Other").await;
    for name in ["Edgar Other", "Cora 1", "Somebody Else"] {
        assert_eq!(app.as_(name).await.get(&versions).await.status.as_u16(), 404, "{name}");
    }
    app.finish().await;
}

async fn a_summary_shows_what_the_applicant_will_read(app: TestApp) {
    let (_, id) = task_in(&app, |_| {}).await;
    let eva = app.as_("Eva Expert").await;
    let (sheet, summary) = (format!("/assignments/{id}/sheet"), format!("/assignments/{id}/sheet/summary"));
    let half = [
        ("version", "2"),
        ("points-c1", "5"),
        ("comment-c1", "Well founded"),
        ("private_note", "Ask Bo"),
        ("action", "summary"),
    ];
    eva.post(&sheet, &half).await.goes_to(&summary);
    let page = eva.get(&summary).await.expect(200).says("1.50 of 5, 30 %").says("Well founded");
    let (seen, private) = page
        .text()
        .split_once("What only panel and secretariat see")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    assert!(!seen.contains("Ask Bo") && private.contains("Ask Bo"));
    let version = page.input("version").unwrap();
    eva.post(&summary, &[("version", &version)]).await.expect(422).says("Give points");
    eva.post(&summary, &[("version", "2")]).await.expect(422).says("was changed by");
    for name in [OLAF, "Cora 1", "Somebody Else"] {
        assert_eq!(app.as_(name).await.get(&summary).await.status.as_u16(), 404, "{name}");
    }
    app.finish().await;
}

async fn several_sheets_are_handed_in_together(app: TestApp) {
    let (field, first) = task_in(&app, |_| {}).await;
    let second = app.assigned(field.proposals[1].id, "Eva Expert").await;
    let eva = app.as_("Eva Expert").await;
    for id in [first, second] {
        let seen = app.ask("Eva Expert", fairway::evaluation::scores::queries::SheetOf(id)).await.version;
        let save =
            fairway::evaluation::scores::commands::SaveSheet { assignment: id, seen, sheet: app.sheet("4", &[]) };
        app.run("Eva Expert", save).await;
    }
    eva.get("/sheets?sort=-total").await.expect(200).says("Complete, not submitted").says("80 %");
    eva.post("/sheets/submit", &[("key", "nothing ticked")]).await.expect(422).says("Tick the sheets");

    // The second was changed in another tab since the list was made.
    let ids = [first.to_string(), second.to_string()];
    let [one, two] = [ids[0].as_str(), ids[1].as_str()];
    let seen = [format!("version-{first}"), format!("version-{second}")];
    let [v1, v2] = [seen[0].as_str(), seen[1].as_str()];
    let form = [("key", "several at once"), ("sheet", one), ("sheet", two), (v1, "3"), (v2, "2")];
    let page = eva.post("/sheets/submit", &form).await.expect(422);
    page.says("Submitted: IE-2017-001").says("IE-2017-002 was not submitted").says("was changed by");
    let form = [("key", "several again"), ("sheet", one), ("sheet", two), (v1, "3"), (v2, "3")];
    eva.post("/sheets/submit", &form).await.expect(422).says("IE-2017-001 was not submitted. This sheet was submitted");
    let received = app.inbox().await.iter().filter(|mail| mail.starts_with("M18 ")).count();
    assert_eq!(received, 2, "each sheet is received once");
    // Somebody else's sheet is nobody's to hand in.
    let edgar = app.as_("Edgar Other").await;
    edgar.post("/sheets/submit", &[("key", "not my sheet"), ("sheet", one), (v1, "4")]).await.expect(422);
    app.finish().await;
}
