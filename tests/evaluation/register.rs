//! The list of proposals and the file of one, for staff.

use crate::support::{TestApp, scenes::calls::OLAF};
use entity::types::states::{CallState, PartState, Role};
use serde_json::json;

both!(
    staff_find_proposals,
    a_long_list_is_paged_in_the_database,
    agencies_see_their_own_and_nobody_sees_drafts,
    an_act_for_many_runs_as_a_job,
    a_file_is_for_staff,
    programs_act_on_all_that_match_and_keep_them_as_a_file,
);

async fn staff_find_proposals(app: TestApp) {
    let field = app.field(CallState::Evaluating, 3).await;
    app.part_to(field.proposals[1].parts[0], PartState::Eligible).await;
    let list = format!("/staff/calls/{}/proposals", field.call);
    let olaf = app.as_(OLAF).await;

    let page = olaf.get(&list).await.expect(200);
    page.says("IE-2017-001")
        .says("Denmark Cluster 3")
        .says("Denmark, Lithuania")
        .says("40 000 DKK")
        .says("1 to 3 of 3");
    olaf.get(&format!("{list}?q=cluster+2")).await.expect(200).says("IE-2017-002").does_not_say("IE-2017-001");
    olaf.get(&format!("{list}?state=eligible")).await.expect(200).says("IE-2017-002").does_not_say("IE-2017-003");
    olaf.get(&format!("{list}?country=NO")).await.expect(200).says("No proposals here");
    let text = olaf.get(&format!("{list}?sort=code&direction=desc")).await.expect(200).text();
    assert!(text.find("IE-2017-003").unwrap() < text.find("IE-2017-001").unwrap());
    let csv = olaf.get(&format!("{list}?q=number+3&export=csv")).await.expect(200).html();
    assert!(
        csv.contains("IE-2017-003,PRO3,Project number 3,Denmark Cluster 3") && !csv.contains("IE-2017-001"),
        "{csv}"
    );
    let (_, found) = app.program(OLAF).await.get(&format!("/calls/{}/proposals?country=LT", field.call)).await;
    assert_eq!((found["total"].as_u64(), found["items"][0]["parts"][0].as_str()), (Some(3), Some("submitted")));
    app.finish().await;
}

async fn a_long_list_is_paged_in_the_database(app: TestApp) {
    let field = app.field(CallState::Evaluating, 27).await;
    let list = format!("/staff/calls/{}/proposals", field.call);
    let olaf = app.as_(OLAF).await;
    let mut asked = Vec::new();

    for (query, words) in [
        ("", "1 to 25 of 27"),
        ("?page=2", "26 to 27 of 27"),
        ("?page=3", "27"),
        ("?sort=title&direction=desc", "Project number 9"),
        ("?q=number+27", "1 to 1 of 1"),
        ("?q=zeppelin", "No proposals here"),
    ] {
        let before = app.statements();
        olaf.get(&format!("{list}{query}")).await.expect(200).says(words);
        asked.push(app.statements() - before);
    }
    let most = asked[0];
    assert!(asked.iter().all(|n| *n <= most), "no page asks more than the first: {asked:?}");
    assert!(most <= 24, "{most} statements for one page");
    app.finish().await;
}

async fn agencies_see_their_own_and_nobody_sees_drafts(app: TestApp) {
    let field = app.field(CallState::Open, 2).await;
    app.part_to(field.proposals[0].parts[0], PartState::Draft).await;
    app.part_to(field.proposals[1].parts[0], PartState::Draft).await;
    app.part_to(field.proposals[1].parts[1], PartState::Draft).await;
    let list = format!("/staff/calls/{}/proposals", field.call);

    app.as_(OLAF).await.get(&list).await.expect(200).says("IE-2017-001").does_not_say("IE-2017-002");
    app.as_("Lina Kazlauskaite").await.get(&list).await.expect(200).says("IE-2017-001").does_not_say("Denmark Cluster");
    app.as_("Mette Holm").await.get(&list).await.expect(200).does_not_say("IE-2017-001");
    app.as_("Cora 1").await.get(&list).await.expect(404);
    app.visitor().get(&list).await.expect(401);
    let file = format!("/staff/proposals/{}", field.proposals[0].id);
    app.as_("Mette Holm").await.get(&file).await.expect(404);
    app.as_("Lina Kazlauskaite").await.get(&file).await.expect(200).does_not_say("DK Company");
    app.as_(OLAF).await.get(&format!("/staff/proposals/{}", field.proposals[1].id)).await.expect(404);
    app.finish().await;
}

async fn an_act_for_many_runs_as_a_job(app: TestApp) {
    let field = app.field(CallState::Evaluating, 3).await;
    app.all_parts(&field, PartState::Eligible).await;
    let eva = app.evaluator("Eva Expert", "Institute", "companies").await.to_string();
    let list = format!("/staff/calls/{}/proposals", field.call);
    let olaf = app.as_(OLAF).await;
    let rows: Vec<String> = field.proposals.iter().map(|p| p.id.to_string()).collect();
    let back = ("back", list.as_str());

    olaf.post(&format!("{list}/bulk"), &[("action", "remind"), back]).await.goes_to(&list);
    olaf.get(&list).await.expect(200).says("Tick at least one row first.");
    let form =
        [("action", "invite"), ("evaluator", &eva), ("rows", &rows[0]), ("rows", &rows[2]), back, ("key", "one press")];
    let job = olaf.post(&format!("{list}/bulk"), &form).await;
    assert_eq!(olaf.post(&format!("{list}/bulk"), &form).await.location, job.location);
    app.work().await;
    let asked = app.inbox().await.into_iter().filter(|m| m.starts_with("M14 ")).collect::<Vec<_>>();
    assert_eq!(asked.len(), 2, "{asked:?}");
    olaf.get(job.location.as_deref().unwrap()).await.expect(200);

    let all = [("action", "remind"), ("all_matches", "yes"), ("matching", "q=number+3"), back];
    olaf.post(&format!("{list}/bulk"), &all).await;
    app.work().await;
    let reminded = app.inbox().await.into_iter().filter(|m| m.starts_with("M16b ")).collect::<Vec<_>>();
    assert_eq!(reminded, ["M16b to eva.expert@example.org: Reminder: IE-2017-003"]);
    let body = json!({ "action": "remind", "proposals": rows });
    let stranger = app.program("Cora 1").await.post(&format!("/calls/{}/proposals/bulk", field.call), body).await;
    assert_eq!(stranger.0.as_u16(), 404);
    app.finish().await;
}

async fn a_file_is_for_staff(app: TestApp) {
    let field = app.field(CallState::Evaluating, 1).await;
    app.all_parts(&field, PartState::Eligible).await;
    let id = app.assigned(field.proposals[0].id, "Eva Expert").await;
    app.judged(id, "Eva Expert", app.sheet("4", &[])).await;
    app.grant("Mona Chair", Role::PanelChair, Some(field.call), None).await;
    let file = format!("/staff/proposals/{}", field.proposals[0].id);

    let page = app.as_(OLAF).await.get(&file).await.expect(200);
    page.says("Twelve companies get a first customer abroad.")
        .says("Flights and nights")
        .says("submitted the score sheet of IE-2017-001")
        .says("4.00");
    app.as_("Mona Chair").await.get(&file).await.expect(200).says("4.00");
    // An agency reads the proposal, but learns neither who evaluates it nor how.
    app.as_("Mette Holm").await.get(&file).await.expect(200).says("Flights and nights").does_not_say("Eva Expert");
    for name in ["Eva Expert", "Cora 1", "Somebody Else"] {
        app.as_(name).await.get(&file).await.expect(404);
    }
    let (status, read) = app.program(OLAF).await.get(&format!("/proposals/{}/file", field.proposals[0].id)).await;
    assert_eq!((status.as_u16(), read["parts"][0]["requested"]["amount"].as_str()), (200, Some("40000.00")), "{read}");
    app.finish().await;
}

async fn programs_act_on_all_that_match_and_keep_them_as_a_file(app: TestApp) {
    let field = app.field(CallState::Evaluating, 3).await;
    app.all_parts(&field, PartState::Eligible).await;
    app.grant("Mona Chair", Role::PanelChair, Some(field.call), None).await;
    let eva = app.evaluator("Eva Expert", "Institute", "companies").await.0;
    let (list, program) = (format!("/calls/{}/proposals", field.call), app.program(OLAF).await);

    let sorted = program.get(&format!("{list}?sort=title&direction=desc")).await.1;
    assert_eq!(sorted["items"][0]["code"], "IE-2017-003", "{sorted}");
    let body = json!({ "action": "invite", "evaluator": eva, "matching": { "q": "number 2" } });
    assert_eq!(program.post(&format!("{list}/bulk"), body).await.0.as_u16(), 200);
    app.work().await;
    let asked = app.inbox().await.into_iter().filter(|mail| mail.starts_with("M14 ")).collect::<Vec<_>>();
    assert_eq!(asked, ["M14 to eva.expert@example.org: Please evaluate IE-2017-002"]);
    let nothing = json!({ "action": "remind", "matching": { "q": "zeppelin" } });
    let (status, refused) = program.post(&format!("{list}/bulk"), nothing).await;
    assert_eq!((status.as_u16(), refused["code"].as_str()), (422, Some("no_rows")), "{refused}");

    // The chair of the panel sees the list, so she may keep it; as a program and on the page.
    let chair = app.program("Mona Chair").await;
    let (status, _) = chair.get(&format!("{list}/export?format=csv")).await;
    assert_eq!(status.as_u16(), 200);
    app.as_("Mona Chair").await.get(&format!("/staff{list}?export=csv")).await.expect(200);
    assert_eq!(program.get(&format!("{list}/export?format=pdf")).await.0.as_u16(), 400);
    let stranger = app.program("Cora 1").await;
    assert_eq!(stranger.get(&format!("{list}/export?format=csv")).await.0.as_u16(), 404);
    app.finish().await;
}
