//! Reports of awarded parts.

use crate::support::TestApp;
use entity::reporting::report;
use entity::types::{ids::PartId, states::Role};
use poem::http::Method;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

both!(
    a_report_is_written_returned_and_accepted,
    the_last_report_closes_the_part,
    two_tabs_do_not_overwrite_each_other,
    a_reminder_is_sent_once,
    the_list_is_searched_filtered_sorted_and_kept_as_a_file,
    an_officer_reminds_of_all_that_match,
    a_report_has_a_history,
);

/// Sets the dates of a part and gives its first report.
async fn first_report(app: &TestApp, part: PartId) -> String {
    let dates = [("starts_on", "2018-02-01"), ("ends_on", "2019-01-31"), ("version", "0")];
    app.as_("Dorte Dahl").await.post(&format!("/staff/parts/{part}/agreement"), &dates).await.expect(303);
    app.work().await;
    let rows = report::Entity::find().filter(report::Column::PartId.eq(part)).order_by_asc(report::Column::DueOn);
    rows.one(app.app.database().maintenance()).await.unwrap().unwrap().id.to_string()
}

async fn a_report_is_written_returned_and_accepted(app: TestApp) {
    let field = app.decided_field(1).await;
    let report = first_report(&app, field.proposals[0].parts[0]).await;
    let (own, staff) = (format!("/reports/{report}"), format!("/staff/reports/{report}"));
    let cora = app.as_(&field.proposals[0].coordinator).await;
    let dorte = app.as_("Dorte Dahl").await;

    let page = cora.get(&own).await.expect(200);
    let html = page.html();
    let at = html.find("progress_").unwrap();
    let progress = html[at..].split('"').next().unwrap().to_owned();
    let note = progress.replace("progress_", "note_");
    let version = page.input("version").unwrap();
    let half = [("version", version.as_str()), ("narrative", "We went to Vilnius."), ("costs", "12x"), ("do", "save")];
    cora.post(&own, &half).await.expect(422).says("We went to Vilnius.");
    let early = [
        ("version", version.as_str()),
        (&note, "Done in May"),
        ("narrative", "We went."),
        ("costs", ""),
        ("do", "submit"),
    ];
    cora.post(&own, &early).await.expect(422).says("Say how far this activity is").says("Enter the costs to date");
    let version = cora.get(&own).await.input("version").unwrap();
    let full = [
        ("version", version.as_str()),
        (&progress, "done"),
        (&note, "Done in May"),
        ("narrative", "We went."),
        ("costs", "8000"),
        ("kpi_b2b_meetings", "12"),
        ("do", "submit"),
    ];
    cora.post(&own, &full).await.goes_to(&own);
    app.as_("Strange Person").await.get(&own).await.expect(404);
    app.as_("Lina Laukyte").await.get(&staff).await.expect(404);

    let version = dorte.get(&staff).await.expect(200).says("8 000").input("version").unwrap();
    let back = [("version", version.as_str()), ("do", "return"), ("points", "")];
    dorte.post(&staff, &back).await.expect(422).says("Say what the applicant has to work on");
    let back = [("version", version.as_str()), ("do", "return"), ("points", "Name the companies.")];
    dorte.post(&staff, &back).await.goes_to(&staff);
    let version = cora.get(&own).await.expect(200).says("Name the companies.").input("version").unwrap();
    let mut again = full.to_vec();
    again[0].1 = &version;
    cora.post(&own, &again).await.goes_to(&own);
    let version = dorte.get(&staff).await.input("version").unwrap();
    dorte.post(&staff, &[("version", version.as_str()), ("do", "accept")]).await.goes_to(&staff);

    cora.get(&own).await.says("Accepted");
    let names: Vec<String> = app.inbox().await.iter().map(|m| m.split(' ').next().unwrap().to_owned()).collect();
    assert!(["M35", "M36", "M36b"].iter().all(|name| names.iter().any(|n| n == name)), "{names:?}");
    app.finish().await;
}

async fn two_tabs_do_not_overwrite_each_other(app: TestApp) {
    let field = app.decided_field(1).await;
    let report = first_report(&app, field.proposals[0].parts[0]).await;
    let cora = app.as_(&field.proposals[0].coordinator).await;
    let path = format!("/reports/{report}");

    let (first, answer) = cora.autosave(&path, &[("version", "1"), ("narrative", "First tab")]).await;
    let (second, stale) = cora.autosave(&path, &[("version", "1"), ("narrative", "Second tab")]).await;

    assert_eq!((first.as_u16(), answer["version"].as_i64()), (200, Some(2)));
    assert_eq!((second.as_u16(), stale["version"].as_i64()), (409, Some(2)));
    cora.get(&path).await.says("First tab").does_not_say("Second tab");
    app.finish().await;
}

async fn a_reminder_is_sent_once(app: TestApp) {
    let field = app.decided_field(1).await;
    first_report(&app, field.proposals[0].parts[0]).await;
    let reminders = async || app.inbox().await.iter().filter(|m| m.starts_with("M34")).count();

    app.jump("2018-07-03T08:00:00Z".parse().unwrap());
    app.work().await;
    let once = reminders().await;
    app.jump("2018-07-04T08:00:00Z".parse().unwrap());
    app.work().await;

    assert!(once >= 1);
    assert_eq!(reminders().await, once);
    app.finish().await;
}

async fn the_last_report_closes_the_part(app: TestApp) {
    let field = app.decided_field(1).await;
    let part = field.proposals[0].parts[0];
    first_report(&app, part).await;
    let cora = app.as_(&field.proposals[0].coordinator).await;
    let dorte = app.as_("Dorte Dahl").await;
    let closed =
        async || app.mails().await.into_iter().filter(|m| m.name == "M37").map(|m| m.address).collect::<Vec<_>>();
    let rows = report::Entity::find().filter(report::Column::PartId.eq(part)).order_by_asc(report::Column::DueOn);

    for row in rows.all(app.app.database().maintenance()).await.unwrap() {
        assert_eq!(closed().await, Vec::<String>::new());
        let (own, staff) = (format!("/reports/{}", row.id), format!("/staff/reports/{}", row.id));
        let page = cora.get(&own).await.expect(200);
        let html = page.html();
        let names = html.split("name=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let mut fields: Vec<(String, String)> = Vec::new();
        for name in names {
            let value = match name {
                "version" => page.input("version").unwrap(),
                "narrative" => "We went.".to_owned(),
                "costs" => "8000".to_owned(),
                name if name.starts_with("progress_") => "done".to_owned(),
                name if name.starts_with("note_") => "Done in May".to_owned(),
                name if name.starts_with("kpi_") => "12".to_owned(),
                _ => continue,
            };
            if fields.iter().all(|(known, _)| known != name) {
                fields.push((name.to_owned(), value));
            }
        }
        fields.push(("do".to_owned(), "submit".to_owned()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        cora.post(&own, &fields).await.goes_to(&own);
        let version = dorte.get(&staff).await.input("version").unwrap();
        dorte.post(&staff, &[("version", version.as_str()), ("do", "accept")]).await.goes_to(&staff);
    }

    assert_eq!(closed().await, ["cora.1@cluster.example"]);
    assert_eq!(app.part_state(part).await, entity::types::states::PartState::Closed);
    app.finish().await;
}

async fn the_list_is_searched_filtered_sorted_and_kept_as_a_file(app: TestApp) {
    let field = app.decided_field(2).await;
    first_report(&app, field.proposals[0].parts[0]).await;
    let list = format!("/staff/calls/{}/reports", field.call);
    let dorte = app.as_("Dorte Dahl").await;

    let page = dorte.get(&list).await.expect(200);
    page.says("IE-2017-001, Interim report").says("Denmark Cluster 1").says("1 to 2 of 2").says("Save all 2 rows");
    dorte.get(&format!("{list}?kind=final")).await.says("1 match:").does_not_say("IE-2017-001, Interim report");
    dorte.get(&format!("{list}?q=cluster+1&sort=code&direction=desc")).await.says("2 matches:");
    dorte.get(&format!("{list}?q=nowhere")).await.says("No reports here");
    dorte.get(&format!("{list}?late=yes")).await.says("No reports here");
    app.jump("2020-01-01T00:00:00Z".parse().unwrap());
    let dorte = app.as_("Dorte Dahl").await;
    dorte.get(&format!("{list}?late=yes")).await.says("2 matches:").says("Overdue");
    let csv = dorte.get(&format!("{list}?kind=final&export=csv")).await.expect(200).html();
    assert_eq!(csv.lines().count(), 2, "{csv}");
    let (status, reports) =
        app.program("Dorte Dahl").await.get(&format!("/calls/{}/reports?kind=final", field.call)).await;
    assert_eq!((status.as_u16(), reports["total"].as_u64()), (200, Some(1)), "{reports}");
    // The Lithuanian officer sees reports of her own agency only; a stranger sees no list.
    app.as_("Lina Laukyte").await.get(&list).await.expect(200).says("No reports here");
    app.as_("Strange Person").await.get(&list).await.expect(404);
    app.finish().await;
}

async fn an_officer_reminds_of_all_that_match(app: TestApp) {
    let field = app.decided_field(1).await;
    first_report(&app, field.proposals[0].parts[0]).await;
    let (list, remind) =
        (format!("/staff/calls/{}/reports", field.call), format!("/staff/calls/{}/reports/remind", field.call));
    let sent = async || app.inbox().await.into_iter().filter(|mail| mail.starts_with("M34")).count();
    let dorte = app.as_("Dorte Dahl").await;

    dorte.post(&remind, &[("back", list.as_str())]).await.goes_to(&list);
    dorte.get(&list).await.says("Tick at least one row first.");
    let all = [("all_matches", "yes"), ("matching", "kind=interim"), ("back", list.as_str()), ("key", "one press")];
    let job = dorte.post(&remind, &all).await.expect(303).location.unwrap();
    dorte.post(&remind, &all).await.goes_to(&job);
    app.work().await;
    dorte.get(&job).await.expect(200).says("1 done.");
    assert_eq!(sent().await, 1);
    app.as_("Strange Person").await.post(&remind, &all).await.expect(404);

    let path = format!("/calls/{}/reports/remind", field.call);
    let (status, job) = app.program("Dorte Dahl").await.post(&path, serde_json::json!({ "matching": {} })).await;
    assert_eq!(status.as_u16(), 200, "{job}");
    app.work().await;
    assert_eq!(sent().await, 3);
    let (status, _) = app.program("Strange Person").await.post(&path, serde_json::json!({ "matching": {} })).await;
    assert_eq!(status.as_u16(), 404);
    app.finish().await;
}

async fn a_report_has_a_history(app: TestApp) {
    let field = app.decided_field(1).await;
    let report = first_report(&app, field.proposals[0].parts[0]).await;
    let path = format!("/history/reports/{report}");
    let cora = app.as_(&field.proposals[0].coordinator).await;
    let version = cora.get(&format!("/reports/{report}")).await.input("version").unwrap();
    let half = [("version", version.as_str()), ("narrative", "We went to Vilnius."), ("do", "save")];
    cora.post(&format!("/reports/{report}"), &half).await.expect(303);

    cora.get(&format!("/reports/{report}")).await.says("History of this report");
    cora.get(&path).await.expect(200).says("wrote the interim report of IE-2017-001");
    app.as_("Dorte Dahl").await.get(&path).await.expect(200).says("wrote the interim report");
    app.as_("Lina Laukyte").await.get(&path).await.expect(404);
    app.as_("Strange Person").await.get(&path).await.expect(404);
    let program = app.program(&field.proposals[0].coordinator).await;
    let (status, lines) =
        program.call(Method::GET, &format!("/reports/{report}/history"), serde_json::Value::Null).await;
    assert_eq!((status.as_u16(), lines["total"].as_u64()), (200, Some(1)), "{lines}");
    app.grant("Otto Auditor", Role::Auditor, None, None).await;
    app.as_("Otto Auditor").await.get(&format!("{path}?export=csv")).await.expect(200);
    app.finish().await;
}
