//! Organisations and their people.

use crate::support::TestApp;
use entity::types::states::Role;
use poem::http::Method;
use serde_json::{Value, json};

both!(
    a_person_registers_an_organisation_and_changes_it,
    a_second_one_alike_needs_a_second_thought,
    somebody_asks_to_join_and_is_accepted,
    strangers_change_nothing,
    a_stale_version_names_who_changed_it_last,
    an_agency_is_still_found_by_its_key,
    programs_do_the_same,
    programs_answer_requests_and_change_memberships,
    what_was_changed_stands_in_the_history,
    managers_state_who_owns_the_organisation,
    the_directory_is_searched_filtered_sorted_and_kept_by_staff,
);

async fn registered(app: &TestApp) -> String {
    let ana = app.as_("Ana Kask").await;
    let fields = [("kind", "cluster"), ("name", "Baltic Food Cluster"), ("country", "LT"), ("city", "Kaunas")];
    ana.post("/organisations/new", &fields).await.expect(303).location.unwrap()
}

async fn a_person_registers_an_organisation_and_changes_it(app: TestApp) {
    let path = registered(&app).await;
    let ana = app.as_("Ana Kask").await;
    let edit = format!("{path}/edit");
    let first = ana.get(&edit).await.expect(200).input("version").unwrap();
    let fields = |version: &str, name: &'static str| {
        vec![
            ("kind", "cluster".to_owned()),
            ("name", name.to_owned()),
            ("country", "LT".to_owned()),
            ("version", version.to_owned()),
        ]
    };
    let post = async |fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        ana.post(&edit, &fields).await
    };

    post(fields(&first, "Baltic Food and Drink Cluster")).await.goes_to(&path);
    let again = post(fields(&first, "From the other tab")).await.expect(422).says("was changed by");
    assert_eq!(again.input("name").as_deref(), Some("From the other tab"));

    ana.get(&path).await.says("Baltic Food and Drink Cluster");
    ana.get("/organisations?q=drink").await.says("Baltic Food and Drink Cluster");
    app.finish().await;
}

async fn a_second_one_alike_needs_a_second_thought(app: TestApp) {
    registered(&app).await;
    let bruno = app.as_("Bruno Lind").await;
    let fields = [("kind", "cluster"), ("name", "Baltic Food Cluster"), ("country", "LT")];

    bruno.post("/organisations/new", &fields).await.expect(422).says("Ask to join it");
    let again = [("kind", "cluster"), ("name", "Baltic Food Cluster"), ("country", "LT"), ("another", "yes")];
    bruno.post("/organisations/new", &again).await.expect(303);
    app.finish().await;
}

async fn somebody_asks_to_join_and_is_accepted(app: TestApp) {
    let path = registered(&app).await;
    let bruno = app.as_("Bruno Lind").await;
    bruno.post(&format!("{path}/join"), &[("message", "I work here")]).await.goes_to(&path);
    bruno.get(&format!("{path}/people")).await.expect(404);

    let ana = app.as_("Ana Kask").await;
    let html = ana.get(&format!("{path}/people")).await.expect(200).says("I work here").html();
    let at = html.find(&format!("{path}/people/")).unwrap();
    let answer = html[at..].split('"').next().unwrap().to_owned();
    bruno.post(&answer, &[("do", "accept")]).await.expect(404);
    ana.post(&answer, &[("do", "accept")]).await.goes_to(&path);

    bruno.get(&format!("{path}/people")).await.expect(200).says("Bruno Lind");
    assert_eq!(app.inbox().await.last().unwrap(), "O02 to bruno.lind@example.org: Welcome to Baltic Food Cluster");
    app.finish().await;
}

async fn strangers_change_nothing(app: TestApp) {
    let path = registered(&app).await;
    let bruno = app.as_("Bruno Lind").await;

    bruno.get(&path).await.expect(200);
    bruno.get(&format!("{path}/edit")).await.expect(403);
    bruno.post(&format!("{path}/edit"), &[("name", "Mine")]).await.expect(404);
    bruno.post(&format!("{path}/people"), &[("email", "x@example.org")]).await.expect(404);
    app.visitor().get(&path).await.expect(401);
    app.finish().await;
}

async fn programs_do_the_same(app: TestApp) {
    let program = app.program("Ana Kask").await;

    let (status, broken) = program.post("/organisations", json!({ "kind": "sme", "name": "", "country": "XX" })).await;
    assert_eq!((status.as_u16(), broken["errors"].as_array().unwrap().len()), (422, 2));
    let (status, made) =
        program.post("/organisations", json!({ "kind": "sme", "name": "Kask OÜ", "country": "EE" })).await;
    assert_eq!(status.as_u16(), 200);
    let (_, one) = program.get(&format!("/organisations/{}", made["id"].as_str().unwrap())).await;

    assert_eq!((one["name"].as_str(), one["version"].as_i64()), (Some("Kask OÜ"), Some(1)));
    app.finish().await;
}

async fn a_stale_version_names_who_changed_it_last(app: TestApp) {
    let path = registered(&app).await;
    let ana = app.as_("Ana Kask").await;
    app.grant("Ada Admin", Role::Administrator, None, None).await;
    let version = ana.get(&format!("{path}/edit")).await.input("version").unwrap();
    let fields = [("kind", "cluster"), ("name", "Baltic Food"), ("country", "LT"), ("version", version.as_str())];

    app.as_("Ada Admin").await.post(&format!("{path}/edit"), &fields).await.goes_to(&path);
    app.as_("Bruno Lind").await.post(&format!("{path}/join"), &[("message", "Hello")]).await.expect(303);

    ana.post(&format!("{path}/edit"), &fields).await.expect(422).says("was changed by Ada Admin");
    app.finish().await;
}

async fn an_agency_is_still_found_by_its_key(app: TestApp) {
    let scene = app.draft_call_2017().await;
    app.grant("Ada Admin", Role::Administrator, None, None).await;
    let ada = app.as_("Ada Admin").await;
    let path = format!("/organisations/{}", scene.agency("lt-mita").agency);
    let version = ada.get(&format!("{path}/edit")).await.expect(200).input("version").unwrap();
    let fields = [("name", "Agency for Innovation"), ("country", "LT"), ("version", version.as_str())];

    ada.post(&format!("{path}/edit"), &fields).await.goes_to(&path);

    ada.get("/organisations?q=lt-mita").await.expect(200).says("Agency for Innovation");
    app.finish().await;
}

async fn programs_answer_requests_and_change_memberships(app: TestApp) {
    let path = registered(&app).await;
    app.as_("Bruno Lind").await.post(&format!("{path}/join"), &[("message", "I work here")]).await.expect(303);
    let (ana, bruno) = (app.program("Ana Kask").await, app.program("Bruno Lind").await);
    let (_, people) = ana.get(&format!("{path}/people")).await;
    let asking = people["items"].as_array().unwrap().iter().find(|p| p["state"] == "requested").unwrap();
    let member = format!("{path}/people/{}", asking["membership"].as_str().unwrap());
    let yes = json!({ "accepted": true });

    assert_eq!(bruno.post(&format!("{member}/answer"), yes.clone()).await.0.as_u16(), 404);
    assert_eq!(ana.post(&format!("{member}/answer"), yes.clone()).await.0.as_u16(), 204);
    let (status, twice) = ana.post(&format!("{member}/answer"), yes).await;
    assert_eq!(status.as_u16(), 422, "{twice}");
    let manager = json!({ "role": "manager" });
    assert_eq!(bruno.call(Method::PUT, &member, manager.clone()).await.0.as_u16(), 403);
    assert_eq!(ana.call(Method::PUT, &member, json!({ "role": "king" })).await.0.as_u16(), 422);
    assert_eq!(ana.call(Method::PUT, &member, manager).await.0.as_u16(), 204);
    assert_eq!(bruno.call(Method::DELETE, &member, Value::Null).await.0.as_u16(), 204);
    assert_eq!(bruno.get(&format!("{path}/people")).await.0.as_u16(), 404);
    let (_, mine) = ana.get("/organisations?mine=true").await;
    assert_eq!(mine["total"], 1, "{mine}");
    app.finish().await;
}

async fn what_was_changed_stands_in_the_history(app: TestApp) {
    let path = registered(&app).await;
    let ana = app.as_("Ana Kask").await;
    let version = ana.get(&format!("{path}/edit")).await.input("version").unwrap();
    let fields = [("kind", "cluster"), ("name", "Baltic Food"), ("country", "LT"), ("version", version.as_str())];
    ana.post(&format!("{path}/edit"), &fields).await.goes_to(&path);
    let history = format!("/history{path}");

    ana.get(&path).await.says("History");
    let page = ana.get(&history).await.expect(200).says("Ana Kask changed the profile of Baltic Food");
    page.says("before “Baltic Food Cluster”, now “Baltic Food”").says("before “Kaunas”, now nothing");
    app.as_("Bruno Lind").await.get(&history).await.expect(404);
    assert_eq!(app.program("Bruno Lind").await.get(&format!("{path}/history")).await.0.as_u16(), 404);
    assert_eq!(app.program("Ana Kask").await.get(&format!("{path}/history")).await.1["total"], 2);
    app.finish().await;
}

async fn managers_state_who_owns_the_organisation(app: TestApp) {
    let path = registered(&app).await;
    let owners = format!("{path}/owners");
    let (ana, bruno) = (app.as_("Ana Kask").await, app.as_("Bruno Lind").await);
    bruno.get(&owners).await.expect(404);
    bruno.post(&owners, &[("name", "Bruno's")]).await.expect(404);
    ana.get(&owners).await.expect(200).says("No owners stated");

    let again = ana.post(&owners, &[("name", "Food Holding"), ("share", "130")]).await.expect(422);
    assert_eq!(again.input("name").as_deref(), Some("Food Holding"));
    let form = [("name", "Food Holding"), ("country", "SE"), ("share", "51,5"), ("key", "state once")];
    ana.post(&owners, &form).await.goes_to(&owners);
    ana.post(&owners, &form).await.goes_to(&owners);
    ana.post(&owners, &[("name", "Food Holding")]).await.expect(422).says("stated already");

    let id = path.rsplit('/').next().unwrap();
    let program = app.program("Ana Kask").await;
    let (_, listed) = program.get(&format!("/organisations/{id}/owners")).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!((listed["items"][0]["share"].as_str(), &listed["items"][0]["country"]), (Some("51.5"), &json!("SE")));
    let link = listed["items"][0]["id"].as_str().unwrap();
    bruno.post(&format!("{owners}/{link}/withdraw"), &[]).await.expect(404);
    let (status, _) = program.post(&format!("/organisations/{id}/owners/{link}/withdraw"), json!(null)).await;
    assert_eq!(status.as_u16(), 200);
    ana.get(&owners).await.expect(200).says("No owners stated");
    app.finish().await;
}

async fn the_directory_is_searched_filtered_sorted_and_kept_by_staff(app: TestApp) {
    registered(&app).await;
    let carl = app.as_("Carl Vik").await;
    for (kind, name, country, city) in
        [("sme", "Alta Sensors", "NO", "Alta"), ("cluster", "Zealand Light", "DK", "Roskilde")]
    {
        let fields = [("kind", kind), ("name", name), ("country", country), ("city", city)];
        carl.post("/organisations/new", &fields).await.expect(303);
    }
    let order = |text: &str| {
        let mut names: Vec<(usize, &str)> = ["Alta Sensors", "Baltic Food Cluster", "Zealand Light"]
            .into_iter()
            .filter_map(|name| Some((text.find(&format!("{name} "))?, name)))
            .collect();
        names.sort_unstable();
        names.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
    };

    let by_name = carl.get("/organisations").await.expect(200).text();
    assert_eq!(order(&by_name), ["Alta Sensors", "Baltic Food Cluster", "Zealand Light"], "{by_name}");
    let by_country = carl.get("/organisations?sort=country").await.expect(200).text();
    assert_eq!(order(&by_country), ["Zealand Light", "Baltic Food Cluster", "Alta Sensors"], "{by_country}");
    let clusters = carl.get("/organisations?kind=cluster&sort=name&direction=desc").await.expect(200).text();
    assert_eq!(order(&clusters), ["Zealand Light", "Baltic Food Cluster"], "{clusters}");
    let mine = carl.get("/organisations?mine=yes&q=roskilde").await.expect(200).text();
    assert_eq!(order(&mine), ["Zealand Light"], "{mine}");
    carl.get("/organisations?kind=castle&sort=secret").await.expect(200).says("Alta Sensors");
    let view = [("list", "organisations"), ("name", "Clusters"), ("query", "kind=cluster"), ("back", "/organisations")];
    carl.post("/lists/views", &view).await.expect(303);
    carl.get("/organisations").await.says("Clusters").does_not_say("Save all");

    // Everybody signed in may look; files are for staff.
    carl.get("/organisations?export=csv").await.expect(403);
    app.visitor().get("/organisations?export=csv").await.expect(401);
    app.grant("Olga Staff", Role::Secretariat, None, None).await;
    let olga = app.as_("Olga Staff").await;
    olga.get("/organisations").await.expect(200).says("Save all 3 rows");
    let csv = olga.get("/organisations?kind=cluster&export=csv").await.expect(200).html();
    assert!(csv.contains("Zealand Light,Cluster,Denmark,Roskilde") && !csv.contains("Alta"), "{csv}");
    let (_, list) = app.program("Carl Vik").await.get("/organisations?country=NO&sort=name&direction=desc").await;
    assert_eq!((list["total"].as_u64(), list["items"][0]["name"].as_str()), (Some(1), Some("Alta Sensors")));
    let (status, _) = app.program("Carl Vik").await.get("/organisations/export").await;
    assert_eq!(status.as_u16(), 403);
    app.finish().await;
}
