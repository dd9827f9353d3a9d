//! The pool: invited by mail, joined with a profile.

use crate::support::{TestApp, app::first_day, scenes::calls::OLAF};
use chrono::TimeDelta;
use entity::{
    evaluation::{interest, interest_statement},
    types::{
        ids::EvaluatorId,
        states::{CallState, Role},
    },
};
use fairway::evaluation::{affinity::queries::proposals, evaluators::queries::profiles};
use poem::http::Method;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

both!(
    somebody_joins_the_pool_by_mail,
    an_invitation_is_for_one_person_and_one_answer,
    a_profile_is_the_experts_own,
    the_pool_is_searched_and_exported,
    a_profile_says_what_somebody_knows_and_when_somebody_can_work,
    alerts_say_what_is_missing_or_ends,
    what_is_known_of_an_evaluator_is_compared_with_proposals,
    programs_read_and_write_whole_profiles,
    a_profile_is_erased_two_years_after_the_last_call_and_scores_stay,
    a_profile_is_erased_earlier_when_its_owner_asks_and_nothing_is_open,
);

const PROFILE: [(&str, &str); 5] = [
    ("organisation", "Institute of Foresight"),
    ("expertise", "maritime technology, health"),
    ("languages", "English, Finnish"),
    ("countries", "Finland, se"),
    ("capacity", "4"),
];

fn join(extra: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    PROFILE.iter().chain(extra).copied().collect()
}

/// Invites somebody and gives the token of the mail.
async fn invited(app: &TestApp, name: &str, email: &str) -> String {
    let olaf = app.as_(OLAF).await;
    let form = [("name", name), ("email", email), ("message", "We need sailors.")];
    olaf.post("/staff/evaluators", &form).await.goes_to("/staff/evaluators");
    let mail = app.mails().await.pop().unwrap();
    assert_eq!((mail.name.as_str(), mail.address.as_str()), ("M14a", email));
    assert!(mail.text.contains("We need sailors."), "{}", mail.text);
    let at = mail.text.find("/invitations/").unwrap() + "/invitations/".len();
    mail.text[at..].split_whitespace().next().unwrap().to_owned()
}

async fn somebody_joins_the_pool_by_mail(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let token = invited(&app, "Eva Expert", "eva.expert@example.org").await;
    let page = format!("/evaluators/invitations/{token}");
    app.as_(OLAF).await.get("/staff/evaluators").await.expect(200).says("Invitations without a yes").says("Waiting");

    app.visitor().get(&page).await.goes_to(&format!("/invitations/{token}"));
    let eva = app.as_("Eva Expert").await;
    eva.get(&page).await.expect(200).says("We need sailors.");
    let again = eva.post(&page, &[("answer", "accept"), ("organisation", "Institute")]).await.expect(422);
    assert_eq!(again.says("4 things need your attention").input("organisation").as_deref(), Some("Institute"));
    eva.post(&page, &join(&[("answer", "accept"), ("key", "one press")])).await.goes_to("/assignments");
    eva.post(&page, &join(&[("answer", "accept"), ("key", "one press")])).await.goes_to("/assignments");

    eva.get("/evaluator/profile").await.expect(200).says("Fields you know");
    let pool = app.as_(OLAF).await.get("/staff/evaluators").await.expect(200);
    pool.says("Eva Expert").says("0 of 4").says("Finland, Sweden").does_not_say("Invitations without a yes");
    let officer = app.as_(OLAF).await;
    let again = officer.post("/staff/evaluators", &[("name", "E"), ("email", "eva.expert@example.org")]);
    again.await.expect(422).says("in the pool already");
    app.finish().await;
}

async fn an_invitation_is_for_one_person_and_one_answer(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let token = invited(&app, "Eva Expert", "eva.expert@example.org").await;
    let page = format!("/evaluators/invitations/{token}");

    let other = app.as_("Edgar Other").await;
    other.get(&page).await.goes_to(&format!("/invitations/{token}"));
    other.post(&page, &join(&[("answer", "accept")])).await.expect(422).says("was sent to eva.expert@example.org");
    let eva = app.as_("Eva Expert").await;
    eva.post(&page, &[("answer", "decline")]).await.goes_to("/overview");
    eva.post(&page, &join(&[("answer", "accept")])).await.expect(422).says("was answered already");
    eva.get("/evaluator/profile").await.expect(404);
    app.as_(OLAF).await.get("/staff/evaluators").await.expect(200).says("Declined");
    eva.get("/evaluators/invitations/no-such-token").await.expect(404);

    let olaf = app.program(OLAF).await;
    let body = json!({ "name": "Nina", "email": "nina@example.org" });
    assert_eq!(olaf.post("/evaluators/invitations", body).await.0.as_u16(), 200);
    let (_, pool) = olaf.get("/evaluators").await;
    let id = pool["invitations"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/evaluators/invitations/{id}");
    assert_eq!(olaf.call(Method::DELETE, &path, Value::Null).await.0.as_u16(), 200);
    assert_eq!(app.program("Eva Expert").await.get("/evaluators").await.0.as_u16(), 404);
    app.finish().await;
}

async fn a_profile_is_the_experts_own(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let id = app.evaluator("Eva Expert", "Institute", "health").await;
    let eva = app.as_("Eva Expert").await;

    eva.post("/evaluator/profile", &join(&[("version", "1")])).await.goes_to("/evaluator/profile");
    let other_tab = eva.post("/evaluator/profile", &join(&[("version", "1")])).await.expect(422);
    other_tab.says("was changed by");
    let page = format!("/staff/evaluators/{id}");
    eva.get(&page).await.expect(403);
    let olaf = app.as_(OLAF).await;
    olaf.get(&page).await.expect(200).says("Take out of the pool");
    olaf.post(&format!("{page}/state"), &[("state", "left")]).await.goes_to(&page);
    eva.get("/evaluator/profile").await.expect(404);
    olaf.post(&format!("{page}/state"), &[("state", "active")]).await.goes_to(&page);
    eva.get("/evaluator/profile").await.expect(200);
    app.as_("Somebody Else").await.get("/evaluator/profile").await.expect(404);
    app.finish().await;
}

async fn the_pool_is_searched_and_exported(app: TestApp) {
    let field = app.field(CallState::Evaluating, 1).await;
    app.assigned(field.proposals[0].id, "Eva Expert").await;
    app.evaluator("Nora North", "Polar Institute", "ice, shipping").await;
    let olaf = app.as_(OLAF).await;

    let page = olaf.get("/staff/evaluators?q=polar").await.expect(200);
    page.says("Nora North").does_not_say("Eva Expert");
    let file = olaf.get("/staff/evaluators?q=eva&export=csv").await.expect(200).html();
    assert!(file.contains("Eva Expert,eva.expert@example.org,Active") && !file.contains("Nora"), "{file}");
    app.as_("Mette Holm").await.get("/staff/evaluators").await.expect(403);
    app.as_("Cora 1").await.get("/staff/evaluators").await.expect(404);
    app.finish().await;
}

/// What the form holds besides the first page of it.
const DETAILS: [(&str, &str); 10] = [
    ("tag-maritime", "4"),
    ("tag-maritime/propulsion", "5"),
    ("tag-food", ""),
    ("hours", "24"),
    ("text-title-0", "Hulls without biocides"),
    ("text-body-0", "Coatings for ferries were tested in two ports."),
    ("text-title-1", ""),
    ("period-kind-0", "away"),
    ("period-from-0", "2017-12-20"),
    ("period-until-0", "2018-01-07"),
];

async fn a_profile_says_what_somebody_knows_and_when_somebody_can_work(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let id = app.evaluator("Eva Expert", "Institute", "health").await;
    app.evaluator("Nora North", "Polar Institute", "ice").await;
    let eva = app.as_("Eva Expert").await;
    let wrong = [("version", "1"), ("tag-maritime", "9"), ("languages", "Elvish"), ("period-until-0", "2017-01-01")];
    let fields: Vec<_> = join(&DETAILS).into_iter().filter(|(name, _)| !wrong.iter().any(|w| w.0 == *name)).collect();
    let page = eva.post("/evaluator/profile", &[fields, wrong.to_vec()].concat()).await.expect(422);
    let page = page.says("3 things need your attention").says("“Elvish” is not a language we know");
    let page = page.says("Choose a level between 1 and 5").says("The last day is before the first");
    assert_eq!(page.input("text-title-0").as_deref(), Some("Hulls without biocides"));

    let form = [join(&DETAILS), vec![("version", "1"), ("key", "one press")]].concat();
    eva.post("/evaluator/profile", &form).await.goes_to("/evaluator/profile");
    eva.post("/evaluator/profile", &form).await.goes_to("/evaluator/profile");
    let page = eva.get("/evaluator/profile").await.expect(200).says("(2 chosen)");
    assert_eq!(page.input("period-from-0").as_deref(), Some("2017-12-20"));
    assert_eq!(page.input("languages").as_deref(), Some("English, Finnish"));

    let olaf = app.as_(OLAF).await;
    let found = |query: &'static str| {
        let olaf = &olaf;
        async move { olaf.get(&format!("/staff/evaluators?{query}")).await.expect(200) }
    };
    found("tag=maritime").await.says("Eva Expert").says("Propulsion and alternative fuels").does_not_say("Nora North");
    found("tag=maritime%2Foffshore").await.does_not_say("Eva Expert");
    found("language=fi").await.says("Eva Expert").does_not_say("Nora North");
    found("free=2017-12-31").await.says("Nora North").does_not_say("Eva Expert");
    found("free=2018-01-08").await.says("Nora North").says("Eva Expert");
    found("q=propulsion").await.says("Eva Expert").does_not_say("Nora North");
    let file = olaf.get("/staff/evaluators?q=eva&export=csv").await.expect(200).html();
    assert!(file.contains("\"maritime/propulsion 5, maritime 4\""), "{file}");

    // A form with fewer fields takes away what it does not hold.
    let page = format!("/staff/evaluators/{id}");
    olaf.post(&page, &join(&[("version", "2"), ("tag-health", "3")])).await.goes_to(&page);
    found("tag=maritime").await.does_not_say("Eva Expert");
    found("free=2017-12-31").await.says("Eva Expert");
    app.finish().await;
}

async fn alerts_say_what_is_missing_or_ends(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let id = app.evaluator("Eva Expert", "Institute", "health").await;
    let eva = app.as_("Eva Expert").await;
    let page = eva.get("/assignments").await.expect(200).says("State and sign your interests");
    page.says("Choose the fields you know").says("0 of 5 taken").says("Next free place now");

    let terms = format!("/staff/evaluators/{id}/terms");
    eva.post(&terms, &[("contract_until", "2030-01-01")]).await.expect(403);
    let olaf = app.as_(OLAF).await;
    olaf.post(&terms, &[("contract_until", "soon")]).await.expect(422);
    let days = [("contract_until", "2017-10-01"), ("declaration_until", "2017-08-01")];
    olaf.post(&terms, &days).await.goes_to(&format!("/staff/evaluators/{id}"));
    let page = eva.get("/assignments").await.says("Your contract ends on 1 October 2017");
    page.says("Your declaration of interests ended on 1 August 2017");

    // What is signed here counts from then on, until the list changes.
    let form = [("declared", "yes"), ("signed_name", "Eva Expert")];
    eva.post("/interests/sign", &form).await.goes_to("/interests");
    let page = eva.get("/evaluator/profile").await.says("holds until 1 September 2018");
    page.does_not_say("declaration of interests ended");
    olaf.get("/staff/evaluators").await.says("until 1 September 2018");
    app.jump(first_day() + TimeDelta::minutes(5));
    let eva = app.as_("Eva Expert").await;
    eva.post("/interests", &[("kind", "employment"), ("name", "Harbour Ltd")]).await.goes_to("/interests");
    eva.get("/evaluator/profile").await.says("Your declaration of interests ended on 1 August 2017");
    app.finish().await;
}

async fn what_is_known_of_an_evaluator_is_compared_with_proposals(app: TestApp) {
    let field = app.field(CallState::Evaluating, 2).await;
    let eva = app.evaluator("Eva Expert", "Institute", "health").await;
    let nora = app.evaluator("Nora North", "Polar Institute", "ice").await;
    let form = [join(&DETAILS), vec![("version", "1"), ("bio", "Ferries.")]].concat();
    app.as_("Eva Expert").await.post("/evaluator/profile", &form).await.goes_to("/evaluator/profile");

    let db = app.app.database().maintenance();
    let nobody = EvaluatorId(fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance()));
    let known = profiles(db, &[eva, nora, nobody]).await.unwrap();
    assert_eq!(known.len(), 2);
    let (_, one) = known.iter().find(|(id, _)| *id == eva).unwrap();
    assert_eq!((one.expertise[0].tag.as_str(), one.expertise[0].level), ("maritime/propulsion", 5));
    assert_eq!(one.keywords, ["maritime technology", "health"]);
    assert_eq!((one.languages.join(" "), one.countries.join(" ")), ("en fi".to_owned(), "FI SE".to_owned()));
    assert_eq!(one.texts.len(), 2);

    let call = entity::calls::call::Entity::find_by_id(field.call).one(db).await.unwrap().unwrap();
    let ids: Vec<_> = field.proposals.iter().map(|placed| placed.id).collect();
    let row = entity::proposals::answer::ActiveModel {
        id: Set(fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance()).into()),
        proposal_id: Set(ids[0]),
        place: Set("joint".to_owned()),
        question: Set("sectors".to_owned()),
        value: Set(json!(["maritime", "food"])),
        version: Set(1),
        updated_by: Set(None),
        updated_at: Set(app.app.now()),
    };
    entity::proposals::answer::Entity::insert(row).exec_without_returning(db).await.unwrap();
    let proposals = proposals(db, &call, &ids).await.unwrap();
    let (id, first) = &proposals[0];
    assert_eq!((*id, first.tags.join(" ")), (ids[0], "maritime food".to_owned()));
    assert_eq!((first.languages.join(" "), first.countries.join(" ")), ("en".to_owned(), "DK LT".to_owned()));
    assert!(first.text.fields.iter().any(|text| text.contains("sell in each other's market")));
    app.finish().await;
}

async fn programs_read_and_write_whole_profiles(app: TestApp) {
    let id = app.evaluator("Eva Expert", "Institute", "health").await;
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let eva = app.program("Eva Expert").await;
    let (_, fields) = eva.get("/evaluators/taxonomy").await;
    assert!(fields.as_array().unwrap().iter().any(|field| field["tag"] == "cleantech/water"));
    let profile = json!({
        "organisation": "Institute", "tags": [{ "tag": "cleantech/water", "level": 3 }], "languages": "English",
        "countries": "FI", "capacity": 2, "hours": 10, "version": 1,
        "curriculum": [{ "title": "Clean rivers", "body": "Sewage and sensors." }],
        "periods": [{ "kind": "available", "from": "2017-10-01", "until": "2017-10-31" }],
    });
    assert_eq!(eva.call(Method::PUT, "/evaluators/me", profile.clone()).await.0.as_u16(), 200);
    assert_eq!(eva.call(Method::PUT, "/evaluators/me", profile).await.0.as_u16(), 409);
    let (_, own) = eva.get("/evaluators/me").await;
    assert_eq!((&own["tags"][0]["level"], &own["hours"]), (&json!(3), &json!(10)));
    assert_eq!(own["curriculum"][0]["title"], "Clean rivers");
    let (_, places) = eva.get("/evaluators/me/places").await;
    assert_eq!(places["next_free"], "2017-10-01");
    assert_eq!(places["alerts"][0]["code"], "no_declaration");

    let terms = format!("/evaluators/{id}/terms");
    let body = json!({ "contract_until": "2018-12-31" });
    assert_eq!(eva.call(Method::PUT, &terms, body.clone()).await.0.as_u16(), 403);
    let olaf = app.program(OLAF).await;
    assert_eq!(olaf.call(Method::PUT, &terms, body).await.0.as_u16(), 200);
    let (_, pool) = olaf.get("/evaluators?tag=cleantech&free=2017-10-15").await;
    assert_eq!((&pool["total"], &pool["items"][0]["contract_until"]), (&json!(1), &json!("2018-12-31")));
    assert_eq!(olaf.get("/evaluators?free=2017-11-15").await.1["total"], 0);
    app.finish().await;
}

async fn a_profile_is_erased_two_years_after_the_last_call_and_scores_stay(app: TestApp) {
    let field = app.field(CallState::Evaluating, 1).await;
    let task = app.assigned(field.proposals[0].id, "Eva Expert").await;
    app.judged(task, "Eva Expert", app.sheet("3", &[])).await;
    let nora = app.evaluator("Nora North", "Polar Institute", "ice").await;
    let form = [join(&DETAILS), vec![("version", "1"), ("bio", "Ferries.")]].concat();
    let eva = app.as_("Eva Expert").await;
    eva.post("/evaluator/profile", &form).await.goes_to("/evaluator/profile");
    eva.post("/interests", &[("kind", "employment"), ("name", "Harbour Ltd")]).await.goes_to("/interests");
    eva.post("/interests/sign", &[("declared", "yes"), ("signed_name", "Eva Expert")]).await.goes_to("/interests");

    // Neither time alone nor a call that runs is enough.
    app.jump(first_day() + TimeDelta::days(3 * 365));
    app.as_("Nora North").await.post("/evaluator/renew", &[]).await.goes_to("/evaluator/profile");
    app.work().await;
    app.as_("Eva Expert").await.get("/evaluator/profile").await.expect(200).says("Ferries.");
    app.call_to(field.call, CallState::Archived).await;
    app.jump(first_day() + TimeDelta::days(3 * 365 + 2));
    app.work().await;

    let db = app.app.database().maintenance();
    let known = profiles(db, &[nora]).await.unwrap();
    assert_eq!(known[0].1.keywords, ["ice"], "whoever renewed is kept");
    let (_, pool) = app.program(OLAF).await.get("/evaluators?state=left").await;
    let erased = &pool["items"][0];
    assert_eq!((&pool["total"], &erased["organisation"], &erased["tags"]), (&json!(1), &json!(""), &json!([])));
    let name = erased["name"].as_str().unwrap();
    assert!(
        name.starts_with("Evaluator ") && erased["email"].as_str().unwrap().ends_with("@erased.invalid"),
        "{erased}"
    );
    let row = entity::evaluation::assignment::Entity::find_by_id(task).one(db).await.unwrap().unwrap();
    assert_eq!(row.signed_name.as_deref(), Some(name));
    let (stated, signed) = (interest::Entity::find().all(db).await, interest_statement::Entity::find().all(db).await);
    assert_eq!((stated.unwrap().len(), signed.unwrap().len()), (0, 0));
    let scores = entity::evaluation::score::Entity::find().all(db).await.unwrap();
    assert!(!scores.is_empty() && scores.iter().all(|score| score.points.is_some()));
    assert!(app.audit_trail().await.iter().any(|line| line.ends_with(&format!("erased the profile of {name}"))));
    app.finish().await;
}

async fn a_profile_is_erased_earlier_when_its_owner_asks_and_nothing_is_open(app: TestApp) {
    let field = app.field(CallState::Evaluating, 1).await;
    app.assigned(field.proposals[0].id, "Eva Expert").await;
    let eva = app.as_("Eva Expert").await;
    let form = [("erase_name", "Eva Expert"), ("key", "one press")];
    eva.post("/evaluator/erase", &[("erase_name", "Olaf")]).await.expect(422).says("Type your name");
    eva.post("/evaluator/erase", &form).await.expect(422).says("is not decided yet");
    app.as_("Somebody Else").await.post("/evaluator/erase", &form).await.expect(404);
    app.call_to(field.call, CallState::Decided).await;
    let program = app.program("Eva Expert").await;
    let body = json!({ "signed_name": "Eva Expert" });
    assert_eq!(program.post("/evaluators/me/erase", body.clone()).await.0.as_u16(), 200);
    assert_eq!(program.post("/evaluators/me/erase", body).await.0.as_u16(), 401);
    eva.get("/evaluator/profile").await.expect(401);
    let (_, pool) = app.program(OLAF).await.get("/evaluators?q=expert").await;
    assert_eq!(pool["total"], 0);
    app.finish().await;
}
