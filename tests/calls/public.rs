//! Calls as everybody reads them.

use crate::support::{
    TestApp,
    scenes::calls::{OLAF, file_2017},
};
use entity::types::{
    judging::{OutlierRule, RankBy, RankingTerms, SheetVisibility},
    terms::TieBreak,
};
use fairway::calls::publishing::commands::PublishCall;

both!(
    a_visitor_reads_an_open_call_with_its_annexes,
    a_call_that_is_not_public_is_seen_by_its_people_only,
    calls_are_found_by_words_and_state,
    the_deadlines_come_as_a_calendar,
    programs_read_calls_without_a_token_but_not_with_a_bad_one,
    every_value_says_where_it_comes_from,
    how_proposals_are_judged_is_stated_before_anybody_applies,
);

async fn a_visitor_reads_an_open_call_with_its_annexes(app: TestApp) {
    app.open_call_2017().await;

    let page = app.visitor().get("/calls/IE-2017").await.expect(200);

    let html = page.html();
    assert!(html.contains("href=\"/calls/IE-2017/apply\""));
    assert!(html.contains("data-deadline=\"2017-10-31T14:00:00Z\""), "{html}");
    page.says("BSR Stars Innovation Express 2017")
        .says("31 October 2017, 16:00 EET (Europe/Vilnius)")
        .says("400 000 EUR")
        .says("Innovation Norway")
        .says("(assumed)")
        .says("Potential to create benefits for the participating companies");
    app.visitor().get("/calls/ie-2017").await.expect(200);
    app.finish().await;
}

async fn a_call_that_is_not_public_is_seen_by_its_people_only(app: TestApp) {
    let scene = app.approved_call_2017().await;

    app.visitor().get("/calls/IE-2017").await.expect(404);
    app.as_("Ana Kask").await.get("/calls/IE-2017").await.expect(404);
    app.visitor().get("/calls/IE-2017/deadlines.ics").await.expect(404);
    app.as_("Petra Vogel").await.get("/calls/IE-2017").await.expect(200).says("Not public yet");
    app.as_(OLAF).await.get("/calls/IE-2017").await.expect(200).says("Not public yet");
    app.visitor().get("/calls").await.expect(200).says("No call here");

    app.run(OLAF, PublishCall(scene.call)).await;
    app.visitor().get("/calls/IE-2017").await.expect(200).says("Announced").does_not_say("Start a proposal");
    app.finish().await;
}

async fn calls_are_found_by_words_and_state(app: TestApp) {
    app.open_call_2017().await;
    let visitor = app.visitor();

    for found in ["/calls", "/calls?q=innovation+2017", "/calls?state=open", "/calls?q=ie-2017"] {
        visitor.get(found).await.expect(200).says("BSR Stars Innovation Express 2017").says("Germany");
    }
    for nothing in ["/calls?q=innovation+2031", "/calls?state=closed", "/calls?q=%25%25%25x", "/calls?state=draft"] {
        visitor.get(nothing).await.expect(200).says("No call here");
    }
    app.finish().await;
}

async fn the_deadlines_come_as_a_calendar(app: TestApp) {
    app.open_call_2017().await;

    let file = app.visitor().get("/calls/IE-2017/deadlines.ics").await.expect(200);

    assert_eq!(file.headers["content-type"], "text/calendar; charset=utf-8");
    let text = file.html();
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 9);
    assert!(text.contains("SUMMARY:IE-2017: deadline of Innovation Norway"));
    assert!(text.contains("DTSTART:20171031T150000Z"));
    app.finish().await;
}

async fn programs_read_calls_without_a_token_but_not_with_a_bad_one(app: TestApp) {
    app.open_call_2017().await;

    let list = app.visitor().get("/api/v1/calls?state=open").await.expect(200);
    let list: serde_json::Value = serde_json::from_slice(&list.bytes).unwrap();
    assert_eq!((list["total"].as_u64(), list["items"][0]["code"].as_str()), (Some(1), Some("IE-2017")));
    let one = app.visitor().get("/api/v1/calls/IE-2017").await.expect(200);
    let one: serde_json::Value = serde_json::from_slice(&one.bytes).unwrap();
    assert_eq!(one["annexes"].as_array().unwrap().len(), 8);
    assert_eq!(one["terms"]["criteria"][0]["weight"], "30");
    let bad = poem::Request::builder().uri_str("/api/v1/calls").header("authorization", "Bearer nonsense").finish();
    assert_eq!(app.send(bad).await.status().as_u16(), 401);
    app.finish().await;
}

/// What the published text does not state is told apart wherever it stands on the page.
async fn every_value_says_where_it_comes_from(app: TestApp) {
    app.open_call_2017().await;

    let page = app.visitor().get("/calls/IE-2017").await.expect(200);
    let page = page
        .says("16:00 EET (Europe/Vilnius) (hour assumed)")
        .says("3 evaluators (assumed)")
        .says("December 2017 (derived)")
        .says("26 January 2018, 15:00 EET (Europe/Vilnius)")
        .says("1 NOK = 0.1091 EUR (assumed)")
        .says("31 March 2017 (assumed)")
        .says("Polish partner Poland (assumed)")
        .says("Its own questions")
        .says("one from each partner from another country");
    let html = page.html();
    assert!(html.contains("DK</abbr> <span class=\"quiet small\">(assumed)</span>"), "the matrix: {html}");
    assert!(html.contains("<div>3 <span class=\"quiet small\">(assumed)</span></div>"), "the thresholds");
    app.finish().await;
}

async fn how_proposals_are_judged_is_stated_before_anybody_applies(app: TestApp) {
    app.open_call_2017().await;
    let usual = app.visitor().get("/calls/IE-2017").await.expect(200);
    usual
        .says("the totals differ by more than 1: a consensus of the evaluators")
        .says("Other sheets while writing alone")
        .says("not seen")
        .says("Whose points count")
        .says("everybody's")
        .says("weighted totals")
        .says("none is drawn")
        .says("Between equal totals decides")
        .says("the greater number of countries")
        .says("A former employment or seat counts");

    let mut file = file_2017();
    file.code = "IE-2031".into();
    file.call.marks.retain(|mark| !mark.at.starts_with("/call/evaluation/"));
    let rules = &mut file.call.evaluation;
    rules.divergence.clear();
    rules.outliers = OutlierRule::Median;
    rules.visibility.individual = SheetVisibility::AfterOwn;
    rules.ranking = RankingTerms { by: RankBy::ExpectedRanks, lottery: true };
    rules.tie_rule = vec![TieBreak::SmeShare, TieBreak::EarlierAwards];
    let scene = app.draft_call(file).await;
    app.as_(OLAF)
        .await
        .get(&format!("/calls/{}", scene.code))
        .await
        .expect(200)
        .says("nothing follows by itself")
        .says("the median's")
        .says("seen after one's own was submitted")
        .says("expected ranks, with evaluators' severity taken out")
        .says("drawn among proposals that cannot be told apart")
        .says("the greater share of SMEs");
    app.finish().await;
}
