//! Criteria with parts, and abstaining from a criterion.

use crate::support::{
    TestApp,
    scenes::{
        calls::{OLAF, file_2017},
        evaluation::{COMMENT, Field},
    },
};
use entity::types::{
    ids::AssignmentId,
    judging::SubCriterion,
    points::{Points, Scale},
    states::{CallState, PartState},
    terms::CallTerms,
};
use serde_json::json;

both!(
    a_criterion_has_the_exact_mean_of_its_parts,
    points_for_the_whole_of_a_criterion_with_parts_are_refused,
    who_abstains_with_a_reason_lacks_nothing,
    no_one_abstains_where_the_call_does_not_say_so,
    a_fine_scale_is_typed,
);

/// Eva's task in a call whose terms are a little different from the real one's.
pub async fn task_in(app: &TestApp, change: impl FnOnce(&mut CallTerms)) -> (Field, AssignmentId) {
    let mut file = file_2017();
    change(&mut file.call);
    let field = app.field_of(file, CallState::Evaluating, 2).await;
    app.all_parts(&field, PartState::Eligible).await;
    let id = app.assigned(field.proposals[0].id, "Eva Expert").await;
    (field, id)
}

fn in_parts(terms: &mut CallTerms) {
    terms.criteria[0].sub_criteria = [("need", "Need"), ("market", "Market"), ("team", "Team")]
        .map(|(key, name)| SubCriterion { key: key.into(), name: name.into(), guidance: format!("Judge the {key}.") })
        .into();
    terms.evaluation.abstain = true;
}

/// A whole sheet but for the first criterion.
fn rest(version: &str, action: &str) -> Vec<(String, String)> {
    let mut form = vec![("version".to_owned(), version.to_owned()), ("action".to_owned(), action.to_owned())];
    for key in ["c2", "c3", "c4", "c5", "c6"] {
        form.push((format!("points-{key}"), "4".to_owned()));
        form.push((format!("comment-{key}"), COMMENT.to_owned()));
    }
    form
}

fn pairs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()
}

async fn a_criterion_has_the_exact_mean_of_its_parts(app: TestApp) {
    let (_, id) = task_in(&app, in_parts).await;
    let eva = app.as_("Eva Expert").await;
    let sheet = format!("/assignments/{id}/sheet");
    eva.get(&sheet).await.expect(200).says("Judge the market.").says("the mean of its parts: –");

    let given = [("version", "2"), ("points-c1.need", "3"), ("points-c1.market", "4"), ("points-c1.team", "4")];
    // Whatever total a form claims, the server adds up for itself: 11/3 of 30 % is 1.1.
    let lied = [&given[..], &[("total", "5.00"), ("mean-c1", "5")]].concat();
    let (status, told) = eva.autosave(&sheet, &lied).await;
    assert_eq!((status.as_u16(), told["live"]["mean-c1"].as_str()), (200, Some("3.67")), "{told}");
    assert!(told["live"]["running-total"].as_str().unwrap().contains("<strong>1.10</strong>"), "{told}");
    eva.get(&sheet).await.says("1 of 6 criteria").says("the mean of its parts: 3.67");

    let mut form = rest("3", "submit");
    for (key, points) in [("need", "3"), ("market", "4")] {
        form.push((format!("points-c1.{key}"), points.to_owned()));
        form.push((format!("comment-c1.{key}"), COMMENT.to_owned()));
    }
    let page = eva.post(&sheet, &pairs(&form)).await.expect(422).says("2 things need your attention");
    assert!(page.html().contains("href=\"#points-c1.team\"") && page.html().contains("href=\"#comment-c1.team\""));
    let version = page.input("version").unwrap();
    form[0].1 = version;
    form.push(("points-c1.team".into(), "4".into()));
    form.push(("comment-c1.team".into(), COMMENT.into()));
    eva.post(&sheet, &pairs(&form)).await.goes_to("/assignments");

    app.as_(OLAF).await.get(&sheet).await.expect(200).says("Market: 4").says("3.67 of 5 points").says("3.90");
    let (_, out) = app.program("Eva Expert").await.get(&sheet).await;
    assert_eq!((out["scores"][0]["points"].as_str(), out["total"].as_str()), (Some("3.67"), Some("3.90")), "{out}");
    assert_eq!(out["scores"][0]["parts"][1]["criterion"], "c1.market");
    app.finish().await;
}

async fn points_for_the_whole_of_a_criterion_with_parts_are_refused(app: TestApp) {
    let (_, id) = task_in(&app, in_parts).await;
    let program = app.program("Eva Expert").await;
    let path = format!("/assignments/{id}/sheet");
    for (key, points, field) in
        [("c1", "3", "points-c1"), ("c1.price", "3", "points-c1.price"), ("c2.need", "3", "points-c2.need")]
    {
        let body = json!({ "version": 2, "scores": [{ "criterion": key, "points": points }] });
        let (status, problem) = program.put(&path, body).await;
        assert_eq!((status.as_u16(), problem["errors"][0]["field"].as_str()), (422, Some(field)), "{problem}");
    }
    let body = json!({ "version": 2, "scores": [{ "criterion": "c1.need", "points": "3,5", "comment": "So so" }] });
    assert_eq!(program.put(&path, body).await.0.as_u16(), 200);
    app.finish().await;
}

async fn who_abstains_with_a_reason_lacks_nothing(app: TestApp) {
    let (_, id) = task_in(&app, in_parts).await;
    let eva = app.as_("Eva Expert").await;
    let sheet = format!("/assignments/{id}/sheet");
    eva.get(&sheet).await.expect(200).says("I abstain from");

    let mut form = rest("2", "submit");
    form.push(("abstain-c1".into(), "yes".into()));
    form.push(("points-c1.need".into(), "5".into()));
    let page = eva.post(&sheet, &pairs(&form)).await.expect(422).says("Say why you abstain");
    form[0].1 = page.input("version").unwrap();
    form.push(("reason-c1".into(), "I know nothing of this market".into()));
    eva.post(&sheet, &pairs(&form)).await.goes_to("/assignments");

    // What is left weighs as much as the whole: 4 everywhere is 4.
    let page = app.as_(OLAF).await.get(&sheet).await.expect(200);
    page.says("Abstained: I know nothing of this market").says("without what was abstained from 4.00 of 5");
    let (_, out) = app.program("Eva Expert").await.get(&sheet).await;
    assert_eq!(
        (out["scores"][0]["points"].as_str(), out["scores"][0]["abstained"].as_str()),
        (None, Some("I know nothing of this market")),
        "{out}"
    );
    app.finish().await;
}

async fn no_one_abstains_where_the_call_does_not_say_so(app: TestApp) {
    let (_, id) = task_in(&app, |_| {}).await;
    let eva = app.as_("Eva Expert").await;
    let sheet = format!("/assignments/{id}/sheet");
    eva.get(&sheet).await.expect(200).does_not_say("I abstain");
    let (status, told) = eva.autosave(&sheet, &[("version", "2"), ("abstain-c1", "yes"), ("reason-c1", "No")]).await;
    assert_eq!(status.as_u16(), 422, "{told}");
    assert!(told["errors"]["reason-c1"].as_str().unwrap().contains("does not allow abstaining"), "{told}");
    app.finish().await;
}

async fn a_fine_scale_is_typed(app: TestApp) {
    let fine = |terms: &mut CallTerms| {
        terms.evaluation.scale =
            Scale { min: Points::whole(-10), max: Points::whole(100), step: Points::hundredths(25) };
    };
    let (_, id) = task_in(&app, fine).await;
    let eva = app.as_("Eva Expert").await;
    let sheet = format!("/assignments/{id}/sheet");
    eva.get(&sheet).await.expect(200).says("From -10 to 100 in steps of 0.25");
    for (points, status) in [("72,25", 200), ("-9.75", 200), ("72.3", 422), ("101", 422)] {
        let version = eva.get(&sheet).await.input("version").unwrap();
        let (answer, told) = eva.autosave(&sheet, &[("version", &version), ("points-c1", points)]).await;
        assert_eq!(answer.as_u16(), status, "{points}: {told}");
    }
    app.finish().await;
}
