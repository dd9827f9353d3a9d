//! Calls as files.

use crate::support::{TestApp, scenes::calls::OLAF};
use entity::types::states::Role;
use fairway::calls::archive::shipped::INNOVATION_EXPRESS_2017;
use poem::http::Method;
use serde_json::{Value, json};

both!(
    a_call_comes_in_by_a_program_and_goes_out_the_same,
    a_broken_file_names_every_mistake_with_its_place,
    a_code_is_given_once_and_a_second_press_makes_no_second_call,
    a_draft_is_nobody_elses_business,
    a_call_is_copied_under_a_new_code,
);

fn file() -> Value {
    serde_json::from_str(INNOVATION_EXPRESS_2017).unwrap()
}

async fn a_call_comes_in_by_a_program_and_goes_out_the_same(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let olaf = app.program(OLAF).await;

    let (status, made) = olaf.post("/calls/import", file()).await;
    assert_eq!(status.as_u16(), 200, "{made}");
    let (_, by_code) = olaf.get("/calls/IE-2017/export").await;
    let (_, by_id) = olaf.get(&format!("/calls/{}/export", made["id"].as_str().unwrap())).await;

    assert_eq!(by_code, file());
    assert_eq!(by_id, file());
    assert_eq!(app.audit_trail().await, ["Olaf Berg imported the call IE-2017 with 8 annexes"]);
    app.finish().await;
}

async fn a_broken_file_names_every_mistake_with_its_place(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let olaf = app.program(OLAF).await;
    let mut broken = file();
    broken["call"]["title"] = json!("");
    broken["call"]["criteria"][0]["weight"] = json!("120");
    broken["annexes"][0]["terms"]["deadline"]["zone"] = json!("Europe/Kopenhagen");

    let (status, answer) = olaf.post("/calls/import", broken).await;

    assert_eq!((status.as_u16(), answer["code"].as_str()), (422, Some("invalid")));
    let places: Vec<&str> = answer["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(
        places.iter().collect::<std::collections::BTreeSet<_>>(),
        ["/annexes/0/terms/deadline/zone", "/call/criteria/0/weight", "/call/title"].iter().collect()
    );
    assert_eq!(olaf.get("/calls/IE-2017/export").await.0.as_u16(), 404);
    app.finish().await;
}

async fn a_code_is_given_once_and_a_second_press_makes_no_second_call(app: TestApp) {
    app.draft_call_2017().await;
    let olaf = app.program(OLAF).await;

    let (status, answer) = olaf.post("/calls/import", file()).await;

    assert_eq!(status.as_u16(), 422);
    assert_eq!(answer["errors"][0]["message"], "There is already a call with the code IE-2017");
    app.finish().await;
}

async fn a_draft_is_nobody_elses_business(app: TestApp) {
    app.draft_call_2017().await;

    let ana = app.program("Ana Kask").await;
    assert_eq!(ana.get("/calls/IE-2017/export").await.0.as_u16(), 404);
    assert_eq!(ana.post("/calls/import", file()).await.0.as_u16(), 404);
    assert_eq!(ana.post("/calls/IE-2017/copy", json!({"code": "IE-X", "title": "x"})).await.0.as_u16(), 404);
    assert_eq!(app.visitor().get("/api/v1/calls/IE-2017/export").await.status.as_u16(), 404);
    let petra = app.program("Petra Vogel").await;
    assert_eq!(petra.get("/calls/IE-2017/export").await.0.as_u16(), 200);
    assert_eq!(petra.post("/calls/import", file()).await.0.as_u16(), 403);
    app.finish().await;
}

async fn a_call_is_copied_under_a_new_code(app: TestApp) {
    app.approved_call_2017().await;
    let olaf = app.program(OLAF).await;

    let copy = |code: &str| json!({ "code": code, "title": "Innovation Express 2018" });
    let (status, _) = olaf.call(Method::POST, "/calls/IE-2017/copy", copy("ie-2018")).await;
    assert_eq!(status.as_u16(), 200);
    let (_, twin) = olaf.get("/calls/IE-2018/export").await;

    let mut expected = file();
    expected["code"] = json!("IE-2018");
    expected["call"]["title"] = json!("Innovation Express 2018");
    assert_eq!(twin, expected);
    let (status, answer) = olaf.post("/calls/IE-2017/copy", copy("IE 18")).await;
    assert_eq!((status.as_u16(), answer["errors"][0]["field"].as_str()), (422, Some("code")));
    app.finish().await;
}
