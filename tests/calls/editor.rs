//! Writing a call.

use crate::support::{TestApp, scenes::calls::OLAF};
use entity::types::states::Role;
use fairway::calls::archive::shipped::INNOVATION_EXPRESS_2017;
use serde_json::json;

both!(
    a_call_is_written_from_nothing,
    two_tabs_never_overwrite_each_other,
    what_was_typed_is_shown_again,
    questions_are_added_moved_and_removed,
    the_wrong_people_write_nothing,
    a_call_with_the_agencies_rests,
    marks_fall_with_the_value_they_speak_of,
    a_broken_file_is_explained_on_the_page,
    a_program_saves_terms_as_a_document,
    every_page_of_the_editor_opens,
    how_proposals_are_judged_is_part_of_the_terms,
);

async fn a_call_is_written_from_nothing(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let olaf = app.as_(OLAF).await;

    let made = olaf.post("/staff/calls/new", &[("code", "ie-2018"), ("title", "Innovation Express 2018")]).await;
    let home = made.location.clone().unwrap();
    let page = olaf.get(&home).await.expect(200);
    page.says("IE-2018: Innovation Express 2018").says("Give at least one criterion").says("3 of 9 tasks complete");
    let fields = [
        ("version", "1"),
        ("min_parts", "3"),
        ("min_countries", "2"),
        ("min_funding_countries", "0"),
        ("rules", "One rule\n\nAnother rule"),
    ];
    olaf.post(&format!("{home}/edit/consortium"), &fields).await.goes_to(&format!("{home}/edit/consortium"));

    let page = olaf.get(&format!("{home}/edit/consortium")).await.expect(200).says("Saved.");
    assert_eq!((page.input("min_parts").as_deref(), page.input("version").as_deref()), (Some("3"), Some("2")));
    olaf.get(&home).await.says("4 of 9 tasks complete");
    let trail = app.audit_trail().await;
    assert!(trail.last().unwrap().starts_with("Olaf Berg changed the terms of IE-2018: Smallest number of parts"));
    app.finish().await;
}

async fn two_tabs_never_overwrite_each_other(app: TestApp) {
    let scene = app.draft_call_2017().await;
    let olaf = app.as_(OLAF).await;
    let path = format!("/staff/calls/{}/edit/consortium", scene.call);
    let fields = |parts: &'static str| {
        [("version", "1"), ("min_parts", parts), ("min_countries", "2"), ("min_funding_countries", "1"), ("rules", "x")]
    };

    olaf.post(&path, &fields("4")).await.goes_to(&path);
    let second = olaf.post(&path, &fields("7")).await.expect(422);

    assert_eq!(second.input("min_parts").as_deref(), Some("7"));
    assert_eq!(second.input("version").as_deref(), Some("1"));
    second.says("This was changed by Olaf Berg at");
    assert_eq!(olaf.get(&path).await.input("min_parts").as_deref(), Some("4"));
    app.finish().await;
}

async fn how_proposals_are_judged_is_part_of_the_terms(app: TestApp) {
    let scene = app.draft_call_2017().await;
    let olaf = app.as_(OLAF).await;
    let path = format!("/staff/calls/{}/edit/judging", scene.call);
    let mut fields = vec![
        ("version", "1"),
        ("divergence.0.when", "criterion_differs"),
        ("divergence.0.more_than", "2,5"),
        ("divergence.0.then", "third_review"),
        ("divergence.1.when", "total_across_threshold"),
        ("divergence.1.then", "consensus"),
        ("outliers", "median"),
        ("k_criteria", "two"),
        ("k_least", "3"),
        ("individual", "never"),
        ("consensus", "always"),
        ("years_after_leaving", "4"),
        ("years_of_past_proposals", "5"),
        ("links", "3"),
        ("least_share", "25"),
        ("same_cluster", "barring"),
        ("rival", "none"),
        ("same_country", "hint"),
        ("by", "expected_ranks"),
        ("lottery", "yes"),
        ("fields", "sectors"),
    ];

    let page = olaf.post(&path, &fields).await.expect(422);
    assert_eq!(page.input("divergence.0.more_than").as_deref(), Some("2,5"));
    fields[7].1 = "2";
    olaf.post(&path, &fields).await.goes_to(&path);

    let file = olaf.get(&format!("/staff/calls/{}/export", scene.call)).await.expect(200).text();
    let file: serde_json::Value = serde_json::from_str(&file).unwrap();
    let rules = &file["call"]["evaluation"];
    assert_eq!(rules["divergence"][0]["more_than"], "2.5");
    assert_eq!(rules["divergence"][1]["when"], "total_across_threshold");
    assert_eq!(rules["k_of_n"]["criteria"], 2);
    assert_eq!(rules["ranking"], serde_json::json!({"by": "expected_ranks", "lottery": true}));
    assert_eq!(rules["conflicts"]["rival"], serde_json::Value::Null);
    app.finish().await;
}

async fn what_was_typed_is_shown_again(app: TestApp) {
    let scene = app.draft_call_2017().await;
    let olaf = app.as_(OLAF).await;
    let path = format!("/staff/calls/{}/edit/basics", scene.call);

    let fields = [
        ("version", "1"),
        ("title", ""),
        ("programme", "My programme"),
        ("opens_at", "yesterday"),
        ("zone", "Europe/Oslo"),
        ("duration_min", "twelve"),
        ("duration_max", "18"),
        ("currency", "EUR"),
    ];
    let page = olaf.post(&path, &fields).await.expect(422);

    for (field, value) in [("programme", "My programme"), ("opens_at", "yesterday"), ("duration_min", "twelve")] {
        assert_eq!(page.input(field).as_deref(), Some(value));
    }
    page.says("3 things need your attention").says("Enter date and time");
    app.finish().await;
}

async fn questions_are_added_moved_and_removed(app: TestApp) {
    let scene = app.draft_call_2017().await;
    let olaf = app.as_(OLAF).await;
    let form = format!("/staff/calls/{}/form", scene.call);

    let section = [("version", "1"), ("title", "Ethics & safety"), ("scope", "part"), ("guidance", "")];
    olaf.post(&format!("{form}/new-section"), &section).await.goes_to(&form);
    let new_question = format!("{form}/sections/ethics_safety/new-question");
    let yes_no = [("version", "2"), ("label", "Are animals involved?"), ("required", "yes"), ("kind", "yes_no")];
    olaf.post(&new_question, &yes_no).await.goes_to(&form);
    let choice = [
        ("version", "3"),
        ("label", "Which ones?"),
        ("kind", "choices"),
        ("options.0.label", "Mice"),
        ("options.1.label", "Fish"),
        ("options.2.label", "Mice"),
        ("choices_min", "1"),
        ("show_if", "are_animals_involved=yes"),
    ];
    olaf.post(&new_question, &choice).await.goes_to(&form);
    olaf.get(&form).await.says("Which ones?").says("asked only after certain answers");

    let terms = app.program(OLAF).await.get("/calls/IE-2017").await.1["terms"].clone();
    let section = terms["sections"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(section["scope"], "part");
    let options = &section["questions"][1]["kind"]["options"];
    assert_eq!(options[2], json!({"key": "mice_2", "label": "Mice"}));
    assert_eq!(section["questions"][1]["show_if"], json!({"question": "are_animals_involved", "is": ["yes"]}));

    let up = [("version", "4"), ("section", "ethics_safety"), ("question", "which_ones"), ("do", "up")];
    olaf.post(&form, &up).await.goes_to(&form);
    olaf.get(&form).await.says("is not an earlier question of the same section");
    let remove = [("version", "5"), ("section", "ethics_safety"), ("question", ""), ("do", "remove")];
    olaf.post(&form, &remove).await.goes_to(&form);
    olaf.get(&form).await.does_not_say("Which ones?");
    app.finish().await;
}

async fn the_wrong_people_write_nothing(app: TestApp) {
    let scene = app.draft_call_2017().await;
    let home = format!("/staff/calls/{}", scene.call);
    let fields = [("version", "1"), ("min_parts", "4"), ("min_countries", "2"), ("min_funding_countries", "1")];

    for path in ["", "/edit/consortium", "/form", "/preview", "/annexes", "/figures", "/export", "/steps/submit"] {
        app.visitor().get(&format!("{home}{path}")).await.expect(401);
        app.as_("Ana Kask").await.get(&format!("{home}{path}")).await.expect(404);
    }
    app.as_("Ana Kask").await.post(&format!("{home}/edit/consortium"), &fields).await.expect(404);
    app.as_("Ana Kask").await.get("/staff/calls").await.expect(404);
    app.as_("Ana Kask").await.post("/staff/calls/new", &[("code", "X-1"), ("title", "x")]).await.expect(404);
    let petra = app.as_("Petra Vogel").await;
    petra.get(&home).await.expect(200).does_not_say("Send to the agencies");
    petra.post(&format!("{home}/edit/consortium"), &fields).await.expect(422).says("cannot be changed now");
    petra.get("/staff/calls/new").await.expect(403);
    petra.get(&format!("{home}/steps/submit")).await.expect(403);
    petra.post(&format!("{home}/steps/submit"), &[]).await.expect(403);
    app.grant("Audrey Stone", Role::Auditor, None, None).await;
    app.as_("Audrey Stone").await.get(&home).await.expect(200).does_not_say("Send to the agencies");
    app.finish().await;
}

async fn a_call_with_the_agencies_rests(app: TestApp) {
    let scene = app.draft_call_2017().await;
    let olaf = app.as_(OLAF).await;
    let home = format!("/staff/calls/{}", scene.call);

    olaf.get(&format!("{home}/steps/submit")).await.expect(200).says("The officers of 8 agencies get a mail");
    olaf.post(&format!("{home}/steps/submit"), &[]).await.goes_to(&home);
    let save = json!({ "version": 1, "terms": app.program(OLAF).await.get("/calls/IE-2017").await.1["terms"] });
    let (status, answer) = app.program(OLAF).await.put("/calls/IE-2017/terms", save).await;
    assert_eq!((status.as_u16(), answer["code"].as_str()), (422, Some("with_agencies")));
    olaf.post(&format!("{home}/steps/publish"), &[]).await.expect(422).says("Vinnova has not approved its annex");
    olaf.post(&format!("{home}/steps/take-back"), &[]).await.goes_to(&home);
    olaf.post(&format!("{home}/steps/take-back"), &[]).await.expect(422);
    app.finish().await;
}

async fn marks_fall_with_the_value_they_speak_of(app: TestApp) {
    let scene = app.draft_call_2017().await;
    let olaf = app.as_(OLAF).await;
    let path = format!("/staff/calls/{}/edit/criteria", scene.call);
    let count = async |at: &str| {
        let terms = app.program(OLAF).await.get("/calls/IE-2017").await.1["terms"].clone();
        terms["marks"].as_array().unwrap().iter().filter(|m| m["at"] == at).count()
    };
    let page = olaf.get(&path).await.expect(200).says("assumed");
    let mut fields: Vec<(String, String)> = Vec::new();
    for i in 0..6 {
        for field in ["key", "name", "weight", "threshold", "order"] {
            let name = format!("criteria.{i}.{field}");
            fields.push((name.clone(), page.input(&name).unwrap()));
        }
    }
    for name in
        ["version", "scale_min", "scale_max", "scale_step", "threshold_overall", "evaluators", "min_comment_words"]
    {
        fields.push((name.to_owned(), page.input(name).unwrap()));
    }
    fields.iter_mut().find(|(name, _)| name == "evaluators").unwrap().1 = "4".to_owned();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();

    assert_eq!((count("/call/evaluation/scale").await, count("/call/criteria/0/weight").await), (1, 1));
    olaf.post(&path, &fields).await.goes_to(&path);

    assert_eq!((count("/call/evaluation/scale").await, count("/call/criteria/0/weight").await), (1, 1));
    // The tie rule was emptied, so it is no longer the assumed one.
    assert_eq!(count("/call/evaluation/tie_rule").await, 0);
    app.finish().await;
}

async fn a_broken_file_is_explained_on_the_page(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let olaf = app.as_(OLAF).await;
    let broken = INNOVATION_EXPRESS_2017.replacen("\"EUR\"", "\"EURO\"", 1).replacen("\"max\": 18", "\"max\": 8", 1);

    let page = olaf.upload("/staff/calls/import", &[], ("file", "call.json", broken.as_bytes())).await.expect(422);
    page.says("Nothing was imported.").says("line 11: /call/currency: Use one of “EUR”");
    let page = olaf.upload("/staff/calls/import", &[], ("file", "call.json", b"\xff\x00{")).await.expect(422);
    page.says("This is not JSON");
    let good = olaf.upload("/staff/calls/import", &[], ("file", "c.json", INNOVATION_EXPRESS_2017.as_bytes())).await;
    assert_eq!(good.status.as_u16(), 303);
    app.finish().await;
}

async fn a_program_saves_terms_as_a_document(app: TestApp) {
    app.draft_call_2017().await;
    let olaf = app.program(OLAF).await;
    let (_, call) = olaf.get("/calls/IE-2017").await;
    let mut terms = call["terms"].clone();
    terms["title"] = json!("Express");

    let (status, answer) = olaf.put("/calls/IE-2017/terms", json!({ "version": 1, "terms": terms })).await;
    assert_eq!((status.as_u16(), answer["version"].as_i64()), (200, Some(2)), "{answer}");
    let (status, answer) = olaf.put("/calls/IE-2017/terms", json!({ "version": 1, "terms": terms })).await;
    assert_eq!((status.as_u16(), answer["version"].as_i64()), (409, Some(2)));
    terms["title"] = json!("x".repeat(500));
    terms["kpis"][0]["key"] = json!("Not A Key");
    let (status, answer) = olaf.put("/calls/IE-2017/terms", json!({ "version": 2, "terms": terms })).await;
    assert_eq!(status.as_u16(), 422);
    assert_eq!(answer["errors"][0]["field"], "/call/kpis/0/key", "{answer}");
    terms["kpis"][0]["key"] = call["terms"]["kpis"][0]["key"].clone();
    for (wrong, says) in [(json!("x".repeat(501)), "Use at most 500 characters"), (json!(5), "Write text in quotes")] {
        terms["title"] = wrong;
        let (status, answer) = olaf.put("/calls/IE-2017/terms", json!({ "version": 2, "terms": terms })).await;
        let error = &answer["errors"][0];
        assert_eq!((status.as_u16(), error["field"].as_str()), (422, Some("/call/title")), "{answer}");
        assert!(error["message"].as_str().unwrap().starts_with(says), "{answer}");
    }
    app.finish().await;
}

async fn every_page_of_the_editor_opens(app: TestApp) {
    let scene = app.open_call_2017().await;
    let olaf = app.as_(OLAF).await;
    let home = format!("/staff/calls/{}", scene.call);

    for page in [
        "/edit/basics",
        "/edit/criteria",
        "/edit/costs",
        "/edit/documents",
        "/edit/kpis",
        "/edit/consortium",
        "/form",
        "/form/new-section",
        "/form/sections/a",
        "/form/sections/a/questions/public_summary",
        "/form/sections/a/questions/sectors",
        "/form/sections/a/new-question",
        "/preview",
        "/annexes",
        "/figures",
        "",
    ] {
        olaf.get(&format!("{home}{page}")).await.expect(200);
    }
    olaf.get("/staff/calls").await.expect(200).says("IE-2017").says("5 of 5");
    olaf.get("/staff/calls?export=csv").await.expect(200);
    let file = olaf.get(&format!("{home}/export")).await.expect(200);
    assert_eq!(file.html(), INNOVATION_EXPRESS_2017);
    for wrong in ["/edit/nothing", "/form/sections/zz", "/form/sections/a/questions/zz", "/steps/fly"] {
        olaf.get(&format!("{home}{wrong}")).await.expect(404);
    }
    app.finish().await;
}
