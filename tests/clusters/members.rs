//! Membership lists of clusters.

use crate::support::{TestApp, people::Client};
use poem::http::Method;
use serde_json::{Value, json};

both!(
    an_import_is_shown_before_it_changes_anything,
    a_plan_is_applied_as_it_was_shown_or_not_at_all,
    a_long_list_needs_no_more_statements_than_a_short_one,
    members_leave_the_house_as_they_came,
    strangers_see_no_members,
    programs_do_the_same,
);

/// A cluster Ana Kask manages: where its pages begin.
pub async fn cluster(app: &TestApp) -> String {
    cluster_of(app, "Baltic Food Cluster").await
}

async fn cluster_of(app: &TestApp, name: &str) -> String {
    let ana = app.as_("Ana Kask").await;
    let fields = [("kind", "cluster"), ("name", name), ("country", "LT")];
    let path = ana.post("/organisations/new", &fields).await.expect(303).location.unwrap();
    path.replace("/organisations/", "/clusters/")
}

/// Uploads a list; gives the page of its plan.
async fn planned(browser: &Client<'_>, path: &str, list: &[u8], fields: &[(&str, &str)]) -> String {
    browser.upload(path, fields, ("list", "members.csv", list)).await.expect(303).location.unwrap()
}

async fn an_import_is_shown_before_it_changes_anything(app: TestApp) {
    let path = format!("{}/members", cluster(&app).await);
    let ana = app.as_("Ana Kask").await;
    ana.post(&path, &[("name", "Old Mill UAB"), ("country", "LT")]).await.goes_to(&path);
    ana.post(&path, &[("name", "Old Mill"), ("country", "LT")]).await.expect(422).says("is a member already");
    let import = format!("{path}/import");
    ana.upload(&import, &[], ("list", "members.csv", b"Firma;Ort\nA;B\n"))
        .await
        .expect(422)
        .says("must name the columns");
    ana.upload(&import, &[], ("list", "members.xls", b"")).await.expect(422);

    let list = "name;country;number\nGood UAB;LT;304\nBakery ApS;DK;\nBad one;Atlantis;\n";
    let plan = planned(&ana, &import, list.as_bytes(), &[]).await;
    let page = ana.get(&plan).await.expect(200).says("1 rows cannot be used").says("Bad one");
    page.says("New organisation").says("Nothing is changed yet").does_not_say("Memberships that end");
    ana.get(&path).await.does_not_say("Good UAB");
    app.as_("Bruno Lind").await.get(&plan).await.expect(404);

    let key = [("key", "import-one")];
    ana.post(&format!("{plan}/apply"), &key).await.goes_to(&plan);
    ana.post(&format!("{plan}/apply"), &key).await.goes_to(&plan);
    ana.post(&format!("{plan}/apply"), &[]).await.expect(422).says("applied already").says("Bad one");
    ana.get(&plan).await.says("was applied").says("Bad one").does_not_say("Apply the list");
    ana.get(&path).await.says("Good UAB").says("Bakery ApS").says("Old Mill UAB");

    let whole = planned(&ana, &import, b"name;country\nGOOD;LT\nBakery;DK\n", &[("whole", "yes")]).await;
    ana.get(&whole).await.says("Old Mill UAB, last day 1 September 2017").says("No change");
    ana.post(&format!("{whole}/apply"), &[]).await.goes_to(&path);
    ana.get(&path).await.says("Good UAB").does_not_say("Old Mill UAB");
    let applied = app.audit_trail().await.iter().filter(|line| line.contains("2 registered, 0 joined")).count();
    assert_eq!(applied, 1);
    app.finish().await;
}

async fn a_plan_is_applied_as_it_was_shown_or_not_at_all(app: TestApp) {
    let path = format!("{}/members", cluster(&app).await);
    let ana = app.as_("Ana Kask").await;
    let import = format!("{path}/import");
    let plan = planned(&ana, &import, b"name;country\nGood UAB;LT\n", &[]).await;

    let other = [("kind", "sme"), ("name", "Good"), ("country", "LT")];
    app.as_("Bruno Lind").await.post("/organisations/new", &other).await.expect(303);
    ana.post(&format!("{plan}/apply"), &[]).await.expect(422).says("changed since this plan was made");
    ana.get(&path).await.does_not_say("Good");

    let plan = planned(&ana, &import, b"name;country\nGood UAB;LT\n", &[]).await;
    ana.get(&plan).await.says("Joins");
    app.jump(app.app.now() + chrono::TimeDelta::hours(25));
    let ana = app.as_("Ana Kask").await;
    ana.get(&plan).await.says("older than a day").does_not_say("Apply the list");
    ana.post(&format!("{plan}/apply"), &[]).await.expect(422).says("older than a day");
    let plan = planned(&ana, &import, b"name;country\nGood UAB;LT\n", &[]).await;
    ana.post(&format!("{plan}/apply"), &[]).await.goes_to(&path);

    let other = cluster_of(&app, "Another Cluster").await;
    let elsewhere = plan.replace(&path, &format!("{other}/members"));
    ana.get(&elsewhere).await.expect(404);
    ana.post(&format!("{elsewhere}/apply"), &[]).await.expect(404);
    app.finish().await;
}

async fn a_long_list_needs_no_more_statements_than_a_short_one(app: TestApp) {
    let path = format!("{}/members", cluster(&app).await);
    let ana = app.as_("Ana Kask").await;
    let import = format!("{path}/import");
    let list = |rows: std::ops::Range<usize>| {
        let rows: String = rows.map(|n| format!("Company {n};LT\n")).collect();
        format!("name;country\n{rows}").into_bytes()
    };
    let mut counts = Vec::new();
    for (list, fields) in
        [(list(0..2), [].as_slice()), (list(2..202), &[]), (list(1..2), &[("whole", "yes")]), (list(1..202), &[])]
    {
        let before = app.statements();
        let plan = planned(&ana, &import, &list, fields).await;
        ana.post(&format!("{plan}/apply"), &[]).await.goes_to(&path);
        counts.push(app.statements() - before);
    }

    assert!(counts.iter().all(|count| count.abs_diff(counts[0]) <= 1), "{counts:?}");
    app.finish().await;
}

async fn members_leave_the_house_as_they_came(app: TestApp) {
    let path = format!("{}/members", cluster(&app).await);
    let ana = app.as_("Ana Kask").await;
    ana.post(&path, &[("name", "Old Mill UAB"), ("country", "LT"), ("registration_no", "304 111")])
        .await
        .goes_to(&path);

    let csv = ana.get(&format!("{path}?export=csv")).await.expect(200);
    assert!(csv.html().contains("Old Mill UAB,LT,304 111,SME,2017-09-01"), "{}", csv.html());
    for (format, name) in [("csv", "members.csv"), ("xlsx", "members.xlsx")] {
        let file = ana.get(&format!("{path}?export={format}")).await.expect(200).bytes;
        let page = ana.upload(&format!("{path}/import"), &[], ("list", name, &file)).await.expect(303);
        ana.get(&page.location.unwrap()).await.says("No change").says("There is nothing to change");
    }
    app.as_("Bruno Lind").await.get(&format!("{path}?export=csv")).await.expect(404);
    app.finish().await;
}

async fn strangers_see_no_members(app: TestApp) {
    let path = format!("{}/members", cluster(&app).await);

    app.as_("Bruno Lind").await.get(&path).await.expect(404);
    app.visitor().get(&path).await.expect(401);
    app.finish().await;
}

async fn programs_do_the_same(app: TestApp) {
    let path = cluster(&app).await;
    let (ana, bruno) = (app.program("Ana Kask").await, app.program("Bruno Lind").await);
    let members = format!("{path}/members");

    let (status, added) = ana.post(&members, json!({ "name": "Old Mill UAB", "country": "LT" })).await;
    assert_eq!((status.as_u16(), added["registered"].as_bool()), (200, Some(true)));
    let (_, listed) = ana.get(&members).await;
    assert_eq!((listed["total"].as_u64(), listed["items"][0]["name"].as_str()), (Some(1), Some("Old Mill UAB")));
    assert_eq!(bruno.get(&members).await.0.as_u16(), 404);

    let list = ("list", "members.csv", b"name;country\nGood UAB;LT\nBad;Atlantis\n".as_slice());
    let (status, plan) = ana.upload(Method::POST, &format!("{members}/imports"), list).await;
    assert_eq!(status.as_u16(), 200, "{plan}");
    assert_eq!(
        (plan["steps"][0]["change"].as_str(), plan["faults"][0]["row"].as_u64()),
        (Some("New organisation"), Some(3))
    );
    assert_eq!(bruno.upload(Method::POST, &format!("{members}/imports"), list).await.0.as_u16(), 404);
    let plan = format!("{members}/imports/{}", plan["id"].as_str().unwrap());
    assert_eq!(bruno.post(&format!("{plan}/apply"), json!({})).await.0.as_u16(), 404);
    let (status, done) = ana.post(&format!("{plan}/apply"), json!({})).await;
    assert_eq!((status.as_u16(), done["registered"].as_u64(), done["left_out"].as_u64()), (200, Some(1), Some(1)));
    assert_eq!(ana.get(&plan).await.1["applied"], true);
    let membership = listed["items"][0]["id"].as_str().unwrap();
    let end = format!("{members}/{membership}");
    assert_eq!(bruno.call(Method::DELETE, &end, Value::Null).await.0.as_u16(), 404);
    assert_eq!(ana.call(Method::DELETE, &end, Value::Null).await.0.as_u16(), 204);
    assert_eq!(ana.get(&members).await.1["items"][0]["name"], "Good UAB");
    assert_eq!(ana.get(&format!("{members}/export?format=xlsx")).await.0.as_u16(), 200);
    app.finish().await;
}
