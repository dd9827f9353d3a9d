//! Membership lists and labels of clusters.

use crate::support::TestApp;

both!(an_import_is_shown_before_it_changes_anything, a_label_is_recorded_and_renewed, strangers_see_no_members);

async fn cluster(app: &TestApp) -> String {
    let ana = app.as_("Ana Kask").await;
    let fields = [("kind", "cluster"), ("name", "Baltic Food Cluster"), ("country", "LT")];
    let path = ana.post("/organisations/new", &fields).await.expect(303).location.unwrap();
    path.replace("/organisations/", "/clusters/")
}

async fn an_import_is_shown_before_it_changes_anything(app: TestApp) {
    let path = format!("{}/members", cluster(&app).await);
    let ana = app.as_("Ana Kask").await;
    ana.post(&path, &[("name", "Old Mill UAB"), ("country", "LT")]).await.goes_to(&path);

    let broken = b"name;country\nGood UAB;LT\nBad one;Lithuania\n";
    let page = ana.upload(&format!("{path}/import"), &[], ("list", "members.csv", broken)).await.expect(200);
    page.says("“Lithuania” is no country code").does_not_say("Apply the list");

    let list = "name;country;number\nGood UAB;LT;304\nBakery ApS;DK;\n";
    let page = ana.upload(&format!("{path}/import"), &[], ("list", "members.csv", list.as_bytes())).await.expect(200);
    let page = page.says("is registered and becomes a member").says("Old Mill UAB");
    ana.get(&path).await.does_not_say("Good UAB");
    let rows = page.input("rows").unwrap().replace("&quot;", "\"").replace("&#34;", "\"");
    let apply = [("rows", rows.as_str()), ("complete", "yes"), ("key", "import-one")];
    ana.post(&format!("{path}/import/apply"), &apply).await.goes_to(&path);
    ana.post(&format!("{path}/import/apply"), &apply).await.goes_to(&path);

    ana.get(&path).await.says("Good UAB").says("Bakery ApS").does_not_say("Old Mill UAB");
    let applied = app.audit_trail().await.iter().filter(|line| line.contains("2 added, 1 ended, 2 newly")).count();
    assert_eq!(applied, 1);
    app.finish().await;
}

async fn a_label_is_recorded_and_renewed(app: TestApp) {
    let path = format!("{}/labels", cluster(&app).await);
    let ana = app.as_("Ana Kask").await;

    ana.post(&path, &[("level", "bronze"), ("awarded_on", "2030-01-01")]).await.expect(422).says("in the future");
    ana.post(&path, &[("level", "bronze"), ("awarded_on", "2014-10-07")]).await.goes_to(&path);
    ana.get(&path).await.says("31 October 2016").says("can be renewed until 31 October 2017");
    ana.post(&path, &[("level", "bronze"), ("awarded_on", "2017-08-15")]).await.goes_to(&path);

    ana.get(&path).await.says("31 October 2019").says("renewal");
    app.as_("Bruno Lind").await.post(&path, &[("level", "gold"), ("awarded_on", "2017-08-15")]).await.expect(404);
    app.finish().await;
}

async fn strangers_see_no_members(app: TestApp) {
    let path = format!("{}/members", cluster(&app).await);

    app.as_("Bruno Lind").await.get(&path).await.expect(404);
    app.visitor().get(&path).await.expect(401);
    app.finish().await;
}
