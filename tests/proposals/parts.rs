//! Filling in a part: companies, activities, costs and financing, targets, contact.

use crate::support::{TestApp, scenes::proposals::Draft};
use serde_json::json;

both!(
    companies_are_entered_changed_and_removed,
    a_blocked_activity_is_refused_with_its_reason,
    the_budget_is_checked_while_it_is_typed,
    two_people_never_overwrite_each_others_budget,
    targets_and_contact_are_kept,
    a_part_belongs_to_its_people,
    finances_stand_side_by_side,
    programs_fill_in_parts,
    companies_say_what_they_bring_and_the_financing_counts_it,
);

fn of(draft: &Draft, rest: &str) -> String {
    format!("/proposals/{}/parts/{}/{rest}", draft.proposal, draft.coordinator_part)
}

async fn companies_are_entered_changed_and_removed(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let ana = app.as_("Ana Kask").await;
    let list = of(&draft, "companies");
    let new = of(&draft, "companies/new");

    ana.get(&list).await.expect(200).says("No company yet").says("At least 1 SMEs of Lithuania");
    let page = ana.get(&new).await.expect(200);
    let key = page.input("key").unwrap();
    let empty = ana.post(&new, &[("name", ""), ("country", "LT"), ("size_class", "small")]).await;
    empty.expect(422).says("Fill this in");
    let fields = [
        ("key", key.as_str()),
        ("name", "Medis UAB"),
        ("country", "LT"),
        ("size_class", "small"),
        ("contact_email", "ida"),
    ];
    ana.post(&new, &fields).await.goes_to(&list);
    ana.post(&new, &fields).await.goes_to(&list);
    let page = ana.get(&list).await.says("Medis UAB needs a contact").says("has not declared");
    assert_eq!(page.html().matches("Medis UAB</a>").count(), 1);

    let html = page.html();
    let at = html.find("companies/0").unwrap();
    let edit = format!("{list}/{}", &html[at + 10..at + 46]);
    let seen = ana.get(&edit).await.input("version").unwrap();
    let full = |version: &str| {
        vec![
            ("version".to_owned(), version.to_owned()),
            ("name".to_owned(), "Medis UAB".to_owned()),
            ("country".to_owned(), "LT".to_owned()),
            ("size_class".to_owned(), "small".to_owned()),
            ("contact_name".to_owned(), "Ida Holm".to_owned()),
            ("contact_email".to_owned(), "ida@medis.example".to_owned()),
            ("notice_given".to_owned(), "yes".to_owned()),
            ("declarations".to_owned(), "sme_status".to_owned()),
            ("declarations".to_owned(), "not_in_difficulty".to_owned()),
            ("declarations".to_owned(), "no_double_funding".to_owned()),
        ]
    };
    let fields = full(&seen);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let (status, told) = ana.autosave(&edit, &fields).await;
    assert_eq!((status.as_u16(), told["version"].as_str()), (200, Some("2")));
    ana.get(&list).await.does_not_say("Medis UAB needs a contact").does_not_say("At least 1 SMEs");

    let mut older = fields.clone();
    older[1] = ("name", "Medis AB");
    assert_eq!(ana.autosave(&edit, &older).await.0.as_u16(), 409);
    ana.post(&edit, &older).await.expect(422).says("changed by Ana Kask").says("Save the company");

    ana.get(&format!("{edit}/remove")).await.expect(200).says("Remove “Medis UAB”?");
    ana.post(&format!("{edit}/remove"), &[]).await.goes_to(&list);
    ana.post(&format!("{edit}/remove"), &[]).await.goes_to(&list);
    ana.get(&list).await.says("No company yet");
    app.finish().await;
}

async fn a_blocked_activity_is_refused_with_its_reason(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let ana = app.as_("Ana Kask").await;
    let new = of(&draft, "activities/new");

    let page = ana.get(&new).await.expect(200);
    let page = page.says("One kind is not possible in this part").says("Agency for Science, Innovation and Technology");
    assert!(!page.html().contains("value=\"recruitment_training_education\""));
    let blocked = [
        ("activity", "recruitment_training_education"),
        ("title", "Courses"),
        ("start_month", "2"),
        ("end_month", "3"),
    ];
    let refused = ana.post(&new, &blocked).await.expect(422);
    refused.says("does not support “Recruitment, training and education” in this call");
    let odd = [("activity", "market_research"), ("title", "Survey"), ("start_month", "9"), ("end_month", "three")];
    ana.post(&new, &odd).await.expect(422).says("number");
    let late = [("activity", "market_research"), ("title", "Survey"), ("start_month", "9"), ("end_month", "20")];
    ana.post(&new, &late).await.goes_to(&of(&draft, "activities"));
    ana.get(&of(&draft, "activities")).await.says("Survey").says("must lie between month 1 and month 18");
    app.finish().await;
}

/// Fields of a budget of one cost line and one contribution.
fn budget<'a>(version: &'a str, cost: &'a str, own: &'a str, requested: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("version", version),
        ("cost.0.category", "staff"),
        ("cost.0.description", "Project leader"),
        ("cost.0.amount", cost),
        ("cost.1.category", "travel"),
        ("cost.1.description", ""),
        ("cost.1.amount", ""),
        ("funding.0.source", "own_cash"),
        ("funding.0.description", ""),
        ("funding.0.amount", own),
        ("requested", requested),
    ]
}

async fn the_budget_is_checked_while_it_is_typed(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let ana = app.as_("Ana Kask").await;
    let path = of(&draft, "budget");
    let seen = ana.get(&path).await.expect(200).says("Enter the costs of this part").input("version").unwrap();

    let (status, told) = ana.autosave(&path, &budget(&seen, "20 000", "7000", "13000")).await;
    assert_eq!(status.as_u16(), 200, "{told}");
    let live = told["live"]["budget-live"].as_str().unwrap();
    assert!(live.contains("The greatest grant is 12"), "{live}");
    assert!(!live.contains("not financed yet"), "{live}");
    let seen = told["version"].as_str().unwrap().to_owned();
    let (status, told) = ana.autosave(&path, &budget(&seen, "15000", "3000", "12000")).await;
    assert_eq!(status.as_u16(), 200);
    assert!(told["live"]["budget-live"].as_str().unwrap().contains("holds every rule"), "{told}");

    let seen = told["version"].as_str().unwrap().to_owned();
    let (status, told) = ana.autosave(&path, &budget(&seen, "fifteen", "3000", "12000")).await;
    assert_eq!(status.as_u16(), 422);
    assert!(told["errors"]["cost.0.amount"].is_string(), "{told}");
    let again = ana.post(&path, &budget(&seen, "fifteen", "3000", "12000")).await.expect(422);
    assert_eq!(again.input("cost.0.amount").as_deref(), Some("fifteen"));
    let page = ana.get(&path).await;
    assert_eq!(page.input("cost.0.amount").as_deref(), Some("15000"));
    assert_eq!(page.input("requested").as_deref(), Some("12000"));
    app.finish().await;
}

async fn two_people_never_overwrite_each_others_budget(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let ana = app.as_("Ana Kask").await;
    let path = of(&draft, "budget");
    let seen = ana.get(&path).await.input("version").unwrap();

    assert_eq!(ana.autosave(&path, &budget(&seen, "15000", "3000", "12000")).await.0.as_u16(), 200);
    let (status, told) = ana.autosave(&path, &budget(&seen, "14000", "2000", "12000")).await;
    assert_eq!((status.as_u16(), told["by"].as_str()), (409, Some("Ana Kask")));
    ana.post(&path, &budget(&seen, "14000", "2000", "12000")).await.expect(422).says("changed by Ana Kask");
    assert_eq!(ana.get(&path).await.input("cost.0.amount").as_deref(), Some("15000"));
    app.finish().await;
}

async fn targets_and_contact_are_kept(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let ana = app.as_("Ana Kask").await;
    let path = of(&draft, "targets");

    let seen = ana.get(&path).await.expect(200).input("version").unwrap();
    let fields = [("version", seen.as_str()), ("t.b2b_meetings", "40"), ("t.new_contacts", "140")];
    let list = format!("/proposals/{}", draft.proposal);
    ana.post(&path, &fields).await.goes_to(&list);
    let page = ana.get(&path).await.says("is a share of at most 100 per cent");
    assert_eq!(page.input("t.b2b_meetings").as_deref(), Some("40"));
    let (status, told) = ana.autosave(&path, &[("version", &seen), ("t.b2b_meetings", "many")]).await;
    assert_eq!(status.as_u16(), 422);
    assert!(told["errors"]["t.b2b_meetings"].is_string(), "{told}");
    let stale = ana.autosave(&path, &[("version", &seen), ("t.b2b_meetings", "50")]).await;
    assert_eq!(stale.0.as_u16(), 409);

    let path = of(&draft, "contact");
    let seen = ana.get(&path).await.expect(200).input("version").unwrap();
    let bruno = app.account("Bruno Lind").await.to_string();
    let fields = [("version", seen.as_str()), ("contact", bruno.as_str()), ("signatory", "Rasa Petrauskaite")];
    ana.post(&path, &fields).await.expect(422).says("Choose somebody who works on this part");
    let own = app.account("Ana Kask").await.to_string();
    let bad = [("version", seen.as_str()), ("signatory", "Rasa"), ("signatory_email", "no address")];
    let again = ana.post(&path, &bad).await.expect(422);
    assert_eq!(again.input("signatory_email").as_deref(), Some("no address"));
    let fields = [
        ("version", seen.as_str()),
        ("contact", own.as_str()),
        ("signatory", "Rasa Petrauskaite"),
        ("signatory_email", "rasa@valley.example"),
    ];
    ana.post(&path, &fields).await.goes_to(&list);
    assert_eq!(ana.get(&path).await.input("signatory").as_deref(), Some("Rasa Petrauskaite"));
    assert_eq!(ana.get(&path).await.input("signatory_email").as_deref(), Some("rasa@valley.example"));
    app.finish().await;
}

async fn a_part_belongs_to_its_people(app: TestApp) {
    let scene = app.open_call_2017().await;
    let draft = app.complete_draft(&scene.call).await;
    let pages = ["", "companies", "activities", "budget", "targets", "contact"];

    for name in [scene.agency("lt-mita").officer.as_str(), "Olga Berg", "Bruno Lind"] {
        let person = app.as_(name).await;
        for page in pages {
            person.get(of(&draft, page).trim_end_matches('/')).await.expect(404);
        }
        let posted = person.post(&of(&draft, "contact"), &[("signatory", "Mallory")]).await;
        assert_eq!(posted.status.as_u16(), 404);
    }
    let ana = app.as_("Ana Kask").await;
    let partner = |page: &str| format!("/proposals/{}/parts/{}/{page}", draft.proposal, draft.partner_part);
    for page in pages {
        ana.get(partner(page).trim_end_matches('/')).await.expect(200).says("You may read this, but not change it.");
    }
    assert_eq!(
        ana.post(&partner("companies/new"), &[("name", "x"), ("country", "SE"), ("size_class", "small")])
            .await
            .status
            .as_u16(),
        403
    );
    app.visitor().get(&partner("budget")).await.expect(401);
    app.finish().await;
}

async fn finances_stand_side_by_side(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.complete_draft(&call).await;
    let path = format!("/proposals/{}/finances", draft.proposal);

    let page = app.as_("Ana Kask").await.get(&path).await.expect(200);
    let page = page.says("Sunrise Valley").says("Visual Sweden").says("SEK, 1 = 0.1049 EUR");
    // 300 000 SEK at the fixed rate are 31 470 EUR, and 12 000 EUR more.
    page.says("43 470 EUR").says("All held");
    let page = app.as_("Bruno Lind").await.get(&path).await.expect(200);
    page.says("Visual Sweden").does_not_say("Sunrise Valley").says("You see your own part");
    app.as_("Olga Berg").await.get(&path).await.expect(404);
    app.finish().await;
}

async fn programs_fill_in_parts(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let ana = app.program("Ana Kask").await;
    let path = format!("/parts/{}", draft.coordinator_part);

    let company = json!({ "name": "Medis UAB", "country": "LT", "size_class": "small" });
    let (status, added) = ana.post(&format!("{path}/companies"), company).await;
    assert_eq!((status.as_u16(), added["version"].as_i64()), (200, Some(1)), "{added}");
    let activity = json!({ "activity": "market_research", "title": "Survey", "start_month": 1, "end_month": 3 });
    let (status, planned) = ana.post(&format!("{path}/activities"), activity).await;
    assert_eq!(status.as_u16(), 200, "{planned}");
    let blocked =
        json!({ "activity": "recruitment_training_education", "title": "Courses", "start_month": 1, "end_month": 3 });
    assert_eq!(ana.post(&format!("{path}/activities"), blocked).await.0.as_u16(), 422);

    let (_, part) = ana.get(&path).await;
    let budget = json!({
        "costs": [{ "category": "staff", "activity": planned["id"], "amount": "15000" }],
        "funding": [{ "source": "own_cash", "amount": "3000" }],
        "requested": "12000",
        "seen": part["budget"]["seen"],
    });
    let (status, kept) = ana.put(&format!("{path}/budget"), budget.clone()).await;
    assert_eq!(status.as_u16(), 200, "{kept}");
    let (_, part) = ana.get(&path).await;
    assert_eq!(part["budget"]["greatest_grant"], json!({ "amount": "12000.00", "currency": "EUR" }));
    let codes: Vec<&str> =
        part["findings"].as_array().unwrap().iter().map(|f| f["section"].as_str().unwrap()).collect();
    assert!(!codes.contains(&"budget") && codes.contains(&"companies"), "{codes:?}");
    let mut other = budget;
    other["requested"] = json!("11000");
    assert_eq!(ana.put(&format!("{path}/budget"), other).await.0.as_u16(), 409);
    let targets = json!({ "targets": [{ "kpi": "b2b_meetings", "target": 40 }], "seen": part["targets_seen"] });
    assert_eq!(ana.put(&format!("{path}/targets"), targets).await.0.as_u16(), 200);
    let contact = json!({ "signatory": "Rasa Petrauskaite", "version": part["version"] });
    assert_eq!(ana.put(&format!("{path}/contact"), contact).await.0.as_u16(), 200);
    let (_, finances) = ana.get(&format!("/proposals/{}/finances", draft.proposal)).await;
    assert_eq!(finances["requested"]["amount"], "12000.00");
    let company = format!("{path}/companies/{}", added["id"].as_str().unwrap());
    let (status, _) = ana.call(poem::http::Method::DELETE, &company, serde_json::Value::Null).await;
    assert_eq!(status.as_u16(), 200);

    let bruno = app.program("Bruno Lind").await;
    assert_eq!(bruno.get(&path).await.0.as_u16(), 404);
    assert_eq!(bruno.put(&format!("{path}/contact"), json!({ "signatory": "B", "version": 1 })).await.0.as_u16(), 403);
    app.finish().await;
}

async fn companies_say_what_they_bring_and_the_financing_counts_it(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.complete_draft(&call).await;
    let (ana, list) = (app.as_("Ana Kask").await, of(&draft, "companies"));
    let page = ana.get(&list).await.expect(200).does_not_say("enter what it brings");
    let html = page.html();
    let at = html.find("companies/0").unwrap();
    let edit = format!("{list}/{}", &html[at + 10..at + 46]);
    let shown = ana.get(&edit).await.expect(200).says("What the company brings").says("EUR");
    assert_eq!(shown.input("name").as_deref(), Some("Lithuania Optics 0"));
    assert_eq!((shown.input("cash").as_deref(), shown.input("in_kind").as_deref()), (Some("0"), Some("0")));
    let save = |version: &str, cash: &str, in_kind: &str| {
        let fields = [
            ("version", version),
            ("name", "Lithuania Optics 0"),
            ("country", "LT"),
            ("size_class", "small"),
            ("contact_name", "Ida Holm"),
            ("contact_email", "ida0@optics.example"),
            ("notice_given", "yes"),
            ("declarations", "sme_status"),
            ("declarations", "not_in_difficulty"),
            ("declarations", "no_double_funding"),
            ("cash", cash),
            ("in_kind", in_kind),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let send = |fields: [(String, String); 12]| {
        let (ana, edit) = (&ana, &edit);
        async move {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            ana.post(edit, &fields).await
        }
    };

    // Nothing said is no answer; 0 is one.
    send(save("1", "", "")).await.goes_to(&list);
    ana.get(&list).await.says("Lithuania Optics 0: enter what it brings in money and in work; 0 is an answer");
    let again = send(save("2", "-5", "some")).await.expect(422);
    let again = again.says("Enter an amount that is not negative");
    assert_eq!(again.input("in_kind").as_deref(), Some("some"));

    // The cluster pays all of what is not the grant, so a promise of companies is not counted anywhere.
    send(save("2", "500", "12,50")).await.goes_to(&list);
    let page = ana.get(&list).await.expect(200);
    page.says("Companies have promised 500 EUR in money; the financing counts 0 EUR of it").says("12.50 EUR");
    ana.get(&of(&draft, "check")).await.says("the financing counts 0 EUR of it");
    let (status, part) = app.program("Ana Kask").await.get(&format!("/parts/{}", draft.coordinator_part)).await;
    assert_eq!(status.as_u16(), 200);
    assert_eq!(part["companies"][0]["cash"], json!({ "amount": "500.00", "currency": "EUR" }), "{part}");
    app.finish().await;
}
