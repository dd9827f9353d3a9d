//! Labels of clusters.

use super::members::cluster;
use crate::support::TestApp;
use poem::http::Method;
use serde_json::{Value, json};

both!(a_label_is_recorded_and_renewed, a_certificate_is_added_and_read_by_the_cluster, programs_do_the_same,);

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

async fn a_certificate_is_added_and_read_by_the_cluster(app: TestApp) {
    let path = format!("{}/labels", cluster(&app).await);
    let ana = app.as_("Ana Kask").await;
    let fields = [("level", "bronze"), ("awarded_on", "2017-01-07")];
    let pdf = b"%PDF-1.7\nbronze\n%%EOF\n".as_slice();

    ana.upload(&path, &fields, ("certificate", "bronze.pdf", b"MZ program")).await.expect(422);
    ana.get(&path).await.does_not_say("31 January 2019");
    ana.upload(&path, &fields, ("certificate", "bronze.pdf", pdf)).await.goes_to(&path);
    let html = ana.get(&path).await.expect(200).html();
    let at = html.find("/files/").unwrap();
    let file = html[at..].split('"').next().unwrap().to_owned();
    assert_eq!(ana.get(&file).await.expect(200).bytes, pdf);
    app.as_("Bruno Lind").await.get(&file).await.expect(404);
    app.as_("Bruno Lind").await.get(&path).await.expect(200).does_not_say("Download");

    // Another file takes its place; the page says beside which label something is wrong.
    let label = between(&html, &format!("{path}/"), "/certificate\"").to_owned();
    let (field, replace) = (format!("certificate-{label}"), format!("{path}/{label}/certificate"));
    let newer = b"%PDF-1.7\nbronze, signed\n%%EOF\n".as_slice();
    let refused = ana.upload(&replace, &[], (&field, "bronze.pdf", b"MZ program")).await.expect(422).html();
    assert!(refused.contains(&format!("id=\"{field}-error\">")), "{refused}");
    app.as_("Bruno Lind").await.upload(&replace, &[], (&field, "bronze.pdf", newer)).await.expect(404);
    ana.upload(&replace, &[], (&field, "bronze.pdf", newer)).await.goes_to(&path);
    let file = format!("/files/{}", between(&ana.get(&path).await.html(), "/files/", "\""));
    assert_eq!(ana.get(&file).await.expect(200).bytes, newer);
    app.finish().await;
}

fn between<'h>(html: &'h str, start: &str, end: &str) -> &'h str {
    html.split(start).skip(1).find_map(|rest| rest.split_once(end)).map_or("", |(found, _)| found)
}

async fn programs_do_the_same(app: TestApp) {
    let path = cluster(&app).await;
    let (ana, bruno) = (app.program("Ana Kask").await, app.program("Bruno Lind").await);
    let labels = format!("{path}/labels");
    let bronze = json!({ "level": "bronze", "awarded_on": "2014-10-07" });
    assert_eq!(bruno.post(&labels, bronze.clone()).await.0.as_u16(), 404);
    let (status, label) = ana.post(&labels, bronze).await;
    assert_eq!(status.as_u16(), 200);
    let certificate = format!("{labels}/{}/certificate", label["id"].as_str().unwrap());
    let file = ("certificate", "bronze.pdf", b"%PDF-1.7\nbronze\n%%EOF\n".as_slice());
    assert_eq!(bruno.upload(Method::PUT, &certificate, file).await.0.as_u16(), 404);
    let (status, kept) = ana.upload(Method::PUT, &certificate, file).await;
    assert_eq!(status.as_u16(), 200, "{kept}");
    let (status, renewed) = ana.post(&labels, json!({ "level": "bronze", "awarded_on": "2017-08-15" })).await;
    assert_eq!(status.as_u16(), 200, "{renewed}");
    let (_, all) = ana.get(&labels).await;
    assert_eq!(
        (all["items"][0]["renewal"].as_bool(), all["items"][1]["certificate"].as_str()),
        (Some(true), kept["file"].as_str())
    );
    assert_eq!(bruno.get(&labels).await.1["items"][1]["certificate"], Value::Null);
    app.finish().await;
}
