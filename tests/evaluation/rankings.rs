//! From sheets to an order that is signed.

use crate::support::{
    TestApp,
    scenes::{
        calls::{OLAF, file_2017},
        evaluation::Field,
    },
};
use chrono::TimeDelta;
use entity::{
    evaluation::agreed_score,
    proposals::part,
    types::{
        judging::RankBy,
        points::Points,
        states::{AgreedSource, CallState, PartState, Role},
        terms::TieBreak,
    },
};
use fairway::evaluation::calibration::rules::lottery::{draw, seal};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::json;

both!(
    a_ranking_is_drawn_signed_and_moves_the_parts,
    a_tie_says_why,
    earlier_awards_break_a_tie_where_the_call_says_so,
    a_draft_out_of_date_is_not_signed,
    only_the_chair_signs_and_only_staff_looks,
    a_conflicted_chair_does_not_see_the_place,
    a_fixed_ranking_is_replaced_with_a_reason_and_parts_follow,
    whoever_has_the_signed_file_can_check_it,
    expected_ranks_order_a_call_that_said_so,
    a_lottery_is_sealed_drawn_signed_and_followed,
);

/// Three proposals; the second is below a threshold, the first two places tie when `tie` says so.
async fn judged(app: &TestApp, tie: bool) -> Field {
    let field = app.field(CallState::Evaluating, 3).await;
    app.all_parts(&field, PartState::Eligible).await;
    app.grant("Mona Chair", Role::PanelChair, Some(field.call), None).await;
    let points = if tie { ["4", "4", "4"] } else { ["3.5", "4", "4.5"] };
    for (n, (placed, points)) in field.proposals.iter().zip(points).enumerate() {
        for (k, name) in ["Eva Expert", "Edgar Other"].into_iter().enumerate() {
            let id = app.assigned(placed.id, name).await;
            let but: &[(&str, &str)] = match (n, k) {
                (1, _) => &[("c3", "1")],
                // Same total: c1 and c2 weigh 30 and 20, so 0.5 of c1 less is 0.75 of c2 more; c1 decides.
                (0, 0) if !tie => &[("c1", "4.5")],
                _ => &[],
            };
            app.judged(id, name, app.sheet(points, but)).await;
        }
    }
    field
}

async fn a_ranking_is_drawn_signed_and_moves_the_parts(app: TestApp) {
    let field = judged(&app, false).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    let (olaf, mona) = (app.as_(OLAF).await, app.as_("Mona Chair").await);

    olaf.get(&page).await.expect(200).says("No ranking yet");
    olaf.post(&format!("{page}/draw"), &[("key", "one press")]).await.goes_to(&page);
    olaf.post(&format!("{page}/draw"), &[("key", "one press")]).await.goes_to(&page);
    let shown = olaf.get(&page).await.expect(200);
    let shown = shown.says("Ranking 1").says("Draft").says("has 1.00; the threshold is 3").says("3.00 of 5 points");
    let text = shown.text();
    let places: Vec<usize> = ["IE-2017-003 Project", "IE-2017-001 Project", "IE-2017-002 Project"]
        .iter()
        .map(|code| text.find(code).unwrap_or_else(|| panic!("{code} in {text}")))
        .collect();
    assert!(places.is_sorted(), "{text}");
    assert!(shown.html().contains("class=\"chart"));

    let fix = format!("{page}/fix");
    mona.post(&fix, &[("number", "1"), ("signed_name", "M.")]).await.expect(422).says("Sign with your name");
    let form = [("number", "1"), ("signed_name", "Mona Chair"), ("key", "sign once")];
    mona.post(&fix, &form).await.goes_to(&page);
    mona.post(&fix, &form).await.goes_to(&page);

    assert_eq!(app.call_state(field.call).await, CallState::Ranked);
    assert_eq!(app.part_state(field.proposals[0].parts[1]).await, PartState::Recommended);
    assert_eq!(app.part_state(field.proposals[1].parts[0]).await, PartState::NotRecommended);
    mona.get(&page).await.expect(200).says("Fixed").says("Checksum of what was signed");
    olaf.post(&format!("{page}/draw"), &[]).await.expect(422).says("say why a new version is drawn");
    let csv = olaf.get(&format!("{page}?number=1&export=csv")).await.expect(200).html();
    assert!(csv.contains("1,IE-2017-003,Project number 3,4.50,yes"), "{csv}");
    let (_, ranking) = app.program(OLAF).await.get(&format!("/calls/{}/ranking", field.call)).await;
    assert_eq!(ranking["places"][0]["total"], "4.50", "{ranking}");
    assert_eq!(ranking["places"][1]["spread"], "0.30", "{ranking}");
    let trail = app.audit_trail().await;
    assert!(trail.iter().any(|l| l == "Mona Chair signed and fixed ranking 1: 2 above the thresholds, 1 below"));
    app.finish().await;
}

async fn a_tie_says_why(app: TestApp) {
    let field = judged(&app, true).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    let olaf = app.as_(OLAF).await;

    olaf.post(&format!("{page}/draw"), &[]).await.goes_to(&page);

    let shown = olaf.get(&page).await.expect(200);
    shown.says("After IE-2017-001: same total, submitted earlier").says("Before IE-2017-003");
    app.finish().await;
}

async fn earlier_awards_break_a_tie_where_the_call_says_so(app: TestApp) {
    let mut file = file_2017();
    file.call.evaluation.tie_rule = vec![TieBreak::SmeShare, TieBreak::EarlierAwards];
    let field = app.field_of(file.clone(), CallState::Evaluating, 2).await;
    app.all_parts(&field, PartState::Eligible).await;
    for placed in &field.proposals {
        let id = app.assigned(placed.id, "Eva Expert").await;
        app.judged(id, "Eva Expert", app.sheet("4", &[])).await;
    }
    file.code = "IE-2015".into();
    let earlier = app.field_of(file, CallState::Decided, 1).await;
    app.forgive(&["pending_is_not_final"]);
    let db = app.app.database().maintenance();
    let first = part::Entity::find_by_id(field.proposals[0].parts[0]).one(db).await.unwrap().unwrap();
    let row = part::ActiveModel {
        id: Set(earlier.proposals[0].parts[0]),
        organisation_id: Set(first.organisation_id),
        state: Set(PartState::Awarded),
        ..<part::ActiveModel as ActiveModelTrait>::default()
    };
    row.update(db).await.unwrap();
    let page = format!("/staff/calls/{}/ranking", field.call);
    let olaf = app.as_(OLAF).await;

    olaf.post(&format!("{page}/draw"), &[]).await.goes_to(&page);

    let shown = olaf.get(&page).await.expect(200).says("the fewer awards its applicants got in earlier calls");
    shown.says("Before IE-2017-001: same total, fewer earlier awards (0 against 1)");
    let (_, ranking) = app.program(OLAF).await.get(&format!("/calls/{}/ranking", field.call)).await;
    let why = "After IE-2017-002: same total, fewer earlier awards (0 against 1)";
    assert_eq!(
        (ranking["places"][1]["code"].as_str(), ranking["places"][1]["tie_reason"].as_str()),
        (Some("IE-2017-001"), Some(why)),
        "{ranking}"
    );
    app.finish().await;
}

async fn a_draft_out_of_date_is_not_signed(app: TestApp) {
    let field = judged(&app, false).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    let (olaf, mona) = (app.as_(OLAF).await, app.as_("Mona Chair").await);
    olaf.post(&format!("{page}/draw"), &[]).await.goes_to(&page);
    let third = app.assigned(field.proposals[0].id, "Tina Third").await;

    let form = [("number", "1"), ("signed_name", "Mona Chair")];
    mona.post(&format!("{page}/fix"), &form).await.expect(422).says("1 sheets are still being written");
    app.judged(third, "Tina Third", app.sheet("5", &[])).await;
    mona.get(&page).await.expect(200).says("have changed since this draft was drawn");
    mona.post(&format!("{page}/fix"), &form).await.expect(422).says("Draw it again first");
    olaf.post(&format!("{page}/draw"), &[("reason", "A third sheet came in")]).await.goes_to(&page);
    mona.post(&format!("{page}/fix"), &form).await.expect(422).says("Ranking 1 is replaced");
    mona.post(&format!("{page}/fix"), &[("number", "2"), ("signed_name", "Mona Chair")]).await.goes_to(&page);
    olaf.get(&format!("{page}?number=1")).await.expect(200).says("Replaced");
    app.finish().await;
}

async fn only_the_chair_signs_and_only_staff_looks(app: TestApp) {
    let field = judged(&app, false).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    let olaf = app.as_(OLAF).await;
    app.as_("Mona Chair").await.post(&format!("{page}/draw"), &[]).await.expect(403);
    olaf.post(&format!("{page}/draw"), &[]).await.goes_to(&page);

    olaf.post(&format!("{page}/fix"), &[("number", "1"), ("signed_name", OLAF)]).await.expect(403);
    for name in ["Eva Expert", "Cora 1", "Somebody Else"] {
        app.as_(name).await.get(&page).await.expect(404);
    }
    app.visitor().get(&page).await.expect(401);
    let path = format!("/calls/{}/ranking/1/fix", field.call);
    let (status, _) = app.program(OLAF).await.post(&path, json!({ "signed_name": OLAF })).await;
    assert_eq!(status.as_u16(), 403);
    // An agency sees the proposals it has a part in.
    app.as_("Mette Holm").await.get(&page).await.expect(200).says("IE-2017-001");
    app.as_("Petra Vogel").await.get(&page).await.expect(200).does_not_say("IE-2017-001").says("3 places");
    app.finish().await;
}

async fn a_conflicted_chair_does_not_see_the_place(app: TestApp) {
    let field = judged(&app, false).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    app.as_(OLAF).await.post(&format!("{page}/draw"), &[]).await.goes_to(&page);
    let mona = app.evaluator("Mona Chair", "Institute", "").await;
    let program = app.program(OLAF).await;
    let body = json!({ "evaluator": mona.0, "reason": "Family" });
    program.post(&format!("/proposals/{}/conflicts", field.proposals[2].id), body).await;

    let shown = app.as_("Mona Chair").await.get(&page).await.expect(200);
    shown.does_not_say("IE-2017-003").says("IE-2017-001").does_not_say("not shown to you");
    app.finish().await;
}

/// The panel agrees on points for a criterion.
async fn agreed(app: &TestApp, field: &Field, proposal: usize, criterion: &str, points: i32) {
    let row = agreed_score::ActiveModel {
        id: Set(fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance()).into()),
        proposal_id: Set(field.proposals[proposal].id),
        source: Set(AgreedSource::Panel),
        criterion: Set(criterion.to_owned()),
        points: Set(Points::hundredths(points)),
        comment: Set("The panel read it again.".to_owned()),
        agreed_by: Set(app.account("Mona Chair").await),
        agreed_at: Set(app.app.now()),
    };
    row.insert(app.app.database().maintenance()).await.unwrap();
}

async fn a_fixed_ranking_is_replaced_with_a_reason_and_parts_follow(app: TestApp) {
    let field = judged(&app, false).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    let (olaf, mona) = (app.as_(OLAF).await, app.as_("Mona Chair").await);
    olaf.post(&format!("{page}/draw"), &[]).await.goes_to(&page);
    mona.post(&format!("{page}/fix"), &[("number", "1"), ("signed_name", "Mona Chair")]).await.goes_to(&page);
    assert_eq!(app.part_state(field.proposals[1].parts[0]).await, PartState::NotRecommended);
    let decisions = format!("/staff/calls/{}/decisions", field.call);
    app.adopt_strict_skip(field.call).await;
    olaf.post(&format!("{decisions}/propose"), &[]).await.goes_to(&decisions);
    let counted = olaf.get(&format!("{decisions}/places")).await.location.unwrap();
    assert_eq!(counted, format!("/staff/calls/{}/calibration?places=2", field.call));

    agreed(&app, &field, 1, "c3", 400).await;
    olaf.post(&format!("{page}/draw"), &[("reason", "The panel read one again")]).await.goes_to(&page);
    let shown = mona.get(&page).await.expect(200).says("What moved since ranking 1");
    shown
        .says("IE-2017-002")
        .says("3 (3.55, below a threshold)")
        .says("2 (4.00)")
        .says("1 place up")
        .says("by the panel");

    let replace = format!("{page}/replace");
    let form = |why: &'static str, name: &'static str| {
        [("number", "2"), ("why", why), ("signed_name", name), ("key", "one press")]
    };
    olaf.post(&replace, &form("A reason", OLAF)).await.expect(403);
    mona.post(&replace, &form("", "Mona Chair")).await.expect(422).says("Say why the fixed ranking is replaced");
    mona.post(&replace, &form("The panel read it again", "M.")).await.expect(422).says("Sign with your name");
    mona.post(&replace, &form("The panel read it again", "Mona Chair")).await.goes_to(&page);
    mona.post(&replace, &form("The panel read it again", "Mona Chair")).await.goes_to(&page);

    assert_eq!(app.call_state(field.call).await, CallState::Ranked);
    assert_eq!(app.part_state(field.proposals[1].parts[0]).await, PartState::Recommended);
    olaf.get(&page).await.expect(200).says("Ranking 2").says("Fixed").says("The panel read it again");
    olaf.get(&format!("{page}?number=1")).await.expect(200).says("signed and later replaced").says("Checksum");
    olaf.get(&format!("{page}?number=9")).await.expect(404);
    app.work().await;
    let inbox = app.inbox().await;
    assert!(
        inbox.iter().any(|mail| mail.starts_with("M20b to mette.holm") && mail.contains("was replaced")),
        "{inbox:?}"
    );
    let trail = app.audit_trail().await;
    let told = "signed ranking 2 in the place of ranking 1: 3 above the thresholds, 0 below";
    assert!(trail.iter().any(|line| line == &format!("Mona Chair {told}")), "{trail:?}");
    assert!(trail.iter().any(|line| line.ends_with("pending decisions follow the new ranking")), "{trail:?}");
    let (_, ranking) = app.program(OLAF).await.get(&format!("/calls/{}/ranking", field.call)).await;
    assert_eq!(
        (&ranking["compared_with"], &ranking["moved"][1]["passes_after"]),
        (&json!(1), &json!(true)),
        "{ranking}"
    );

    // Once decisions are released, the ranking stands.
    app.call_to(field.call, CallState::Decided).await;
    mona.post(&replace, &[("number", "2"), ("why", "Again"), ("signed_name", "Mona Chair")]).await.expect(403);
    app.finish().await;
}

async fn whoever_has_the_signed_file_can_check_it(app: TestApp) {
    let field = judged(&app, false).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    let (olaf, mona) = (app.as_(OLAF).await, app.as_("Mona Chair").await);
    olaf.post(&format!("{page}/draw"), &[]).await.goes_to(&page);
    olaf.get(&format!("{page}?export=json")).await.expect(404);
    app.grant("Otto Auditor", Role::Auditor, None, None).await;
    let otto = app.evaluator("Otto Auditor", "Institute", "").await;
    let body = json!({ "evaluator": otto.0, "reason": "Family" });
    app.program(OLAF).await.post(&format!("/proposals/{}/conflicts", field.proposals[2].id), body).await;
    mona.post(&format!("{page}/fix"), &[("number", "1"), ("signed_name", "Mona Chair")]).await.goes_to(&page);

    let file = olaf.get(&format!("{page}?number=1&export=json")).await.expect(200).html();
    assert!(file.contains("\"signed_by\":\"Mona Chair\"") && file.contains("IE-2017-002"), "{file}");
    let pdf = olaf.get(&format!("{page}?number=1&export=pdf")).await.expect(200);
    assert!(pdf.bytes.starts_with(b"%PDF"));
    let anybody = app.visitor();
    let genuine = anybody.upload("/rankings/verify", &[], ("file", "ranking.json", file.as_bytes())).await.expect(200);
    genuine
        .says("the ranking as it was signed")
        .says("IE-2017")
        .says("Yes, it is the ranking")
        .does_not_say("IE-2017-001");
    let forged = file.replacen("450", "451", 1);
    let forged = anybody.upload("/rankings/verify", &[], ("file", "ranking.json", forged.as_bytes())).await.expect(200);
    forged.says("No such ranking");
    anybody.upload("/rankings/verify", &[], ("file", "empty.json", b"")).await.expect(422).says("Choose the file");
    anybody.get("/rankings/verify?checksum=abc").await.expect(422);
    let (_, ranking) = app.program(OLAF).await.get(&format!("/calls/{}/ranking", field.call)).await;
    let sum = ranking["digest"].as_str().unwrap();
    anybody.get(&format!("/rankings/verify?checksum={sum}")).await.expect(200).says("as it was signed");

    // Whoever does not see every place gets no whole file: an agency with one part, a conflicted auditor.
    for name in ["Petra Vogel", "Otto Auditor"] {
        app.as_(name).await.get(&format!("{page}?number=1&export=json")).await.expect(404);
    }
    let path = format!("/calls/{}/ranking/1/document", field.call);
    assert_eq!(app.program("Otto Auditor").await.get(&path).await.0.as_u16(), 404);
    assert_eq!(app.program(OLAF).await.get(&path).await.0.as_u16(), 200);
    app.finish().await;
}

/// A call that ranks by expected ranks and draws lots, with four proposals of three sheets each.
async fn by_the_model(app: &TestApp, lottery: bool) -> Field {
    let mut file = file_2017();
    file.call.evaluation.ranking.by = RankBy::ExpectedRanks;
    file.call.evaluation.ranking.lottery = lottery;
    let field = app.field_of(file, CallState::Evaluating, 4).await;
    app.all_parts(&field, PartState::Eligible).await;
    app.grant("Mona Chair", Role::PanelChair, Some(field.call), None).await;
    let sheets = [["4", "3.5", "4.5"], ["4.5", "4", "3.5"], ["3.5", "4.5", "4"], ["4", "4", "4.5"]];
    for (placed, points) in field.proposals.iter().zip(sheets) {
        for (name, points) in ["Eva Expert", "Edgar Other", "Tina Third"].into_iter().zip(points) {
            let id = app.assigned(placed.id, name).await;
            app.judged(id, name, app.sheet(points, &[])).await;
        }
    }
    field
}

async fn expected_ranks_order_a_call_that_said_so(app: TestApp) {
    let field = by_the_model(&app, false).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    let olaf = app.as_(OLAF).await;
    olaf.post(&format!("{page}/draw"), &[]).await.expect(422).says("make a calibration first");

    olaf.post(&format!("/staff/calls/{}/calibration", field.call), &[("places", "2")]).await;
    app.work().await;
    olaf.post(&format!("{page}/draw"), &[]).await.goes_to(&page);
    olaf.get(&page).await.expect(200).says("Expected rank").says("as the call said before it opened (calibration 1)");
    let program = app.program(OLAF).await;
    let (_, ranking) = program.get(&format!("/calls/{}/ranking", field.call)).await;
    let (_, model) = program.get(&format!("/calls/{}/calibration", field.call)).await;
    // Three have the same points: where chance parts them by less than is printed, the code decides, so not the
    // codes are compared but the ranks as printed.
    let places = ranking["places"].as_array().unwrap();
    let ranks: Vec<&str> = places.iter().map(|place| place["expected_rank"].as_str().unwrap()).collect();
    let printed = model["proposals"].as_array().unwrap().iter();
    let printed: Vec<String> = printed.map(|one| format!("{:.2}", one["expected_rank"].as_f64().unwrap())).collect();
    assert_eq!(ranks, printed, "{ranking} {model}");
    assert!(ranks.is_sorted() && ranks.len() == 4, "{ranks:?}");
    assert_eq!(places[0]["code"], "IE-2017-004");

    // The panel's points change totals, not the model; a new sheet changes the model.
    let late = app.assigned(field.proposals[0].id, "Lars Late").await;
    app.judged(late, "Lars Late", app.sheet("5", &[])).await;
    olaf.get(&page).await.expect(200).says("Sheets have changed since the latest calibration");
    olaf.post(&format!("{page}/draw"), &[("reason", "One more")]).await.expect(422).says("make it again");
    app.finish().await;
}

async fn a_lottery_is_sealed_drawn_signed_and_followed(app: TestApp) {
    let field = by_the_model(&app, true).await;
    let (page, ranking) =
        (format!("/staff/calls/{}/lottery", field.call), format!("/staff/calls/{}/ranking", field.call));
    let (olaf, mona, anybody) = (app.as_(OLAF).await, app.as_("Mona Chair").await, app.visitor());
    olaf.get(&page).await.expect(200).says("Make a calibration first");
    olaf.post(&format!("/staff/calls/{}/calibration", field.call), &[("places", "2")]).await;
    app.work().await;
    olaf.post(&format!("{ranking}/draw"), &[]).await.goes_to(&ranking);
    olaf.get(&ranking).await.expect(200).says("the lottery has not been drawn and signed");
    let fix = [("number", "1"), ("signed_name", "Mona Chair")];
    mona.post(&format!("{ranking}/fix"), &fix).await.expect(422).says("has not been drawn and signed");

    let day = |days| (app.app.now() + TimeDelta::days(days)).date_naive().to_string();
    let (today, later) = (day(0), day(2));
    let source = "The numbers of the state lottery, in the order drawn, with one blank between them";
    olaf.post(&page, &[("source", ""), ("known_on", &later)])
        .await
        .expect(422)
        .says("Say where the value is published");
    olaf.post(&page, &[("source", source), ("known_on", &today)]).await.expect(422).says("Choose a day after today");
    mona.post(&page, &[("source", source), ("known_on", &later)]).await.expect(403);
    let form = [("source", source), ("known_on", later.as_str()), ("key", "announce once")];
    olaf.post(&page, &form).await.goes_to(&page);
    olaf.post(&page, &form).await.goes_to(&page);
    olaf.post(&page, &form[..2]).await.expect(422).says("Lottery 1 stands already");

    let public = anybody.get("/calls/IE-2017/lottery").await.expect(200).says(source).does_not_say("IE-2017-001");
    let text = anybody.get("/calls/IE-2017/lottery.txt").await.expect(200).html();
    assert!(text.contains("Announced") && !text.contains("IE-2017-001"), "{text}");
    let (_, kept) = app.program(OLAF).await.get(&format!("/calls/{}/lotteries", field.call)).await;
    let codes: Vec<&str> = field.proposals.iter().map(|placed| placed.code.as_str()).collect();
    let commitment = seal(kept["items"][0]["salt"].as_str().unwrap(), &codes);
    public.says(&commitment);
    let seed = [("number", "1"), ("seed", "3 8 21 27 40 44"), ("key", "draw once")];
    olaf.post(&format!("{page}/draw"), &seed).await.expect(422).says("cannot be known before the day");

    app.jump(app.app.now() + TimeDelta::days(3));
    app.work().await;
    let (olaf, mona) = (app.as_(OLAF).await, app.as_("Mona Chair").await);
    olaf.post(&format!("{page}/withdraw"), &[("number", "1"), ("reason", "I do not like it")])
        .await
        .expect(422)
        .says("the lottery stands");
    olaf.post(&format!("{page}/draw"), &[("number", "1"), ("seed", "")]).await.expect(422);
    olaf.post(&format!("{page}/draw"), &seed).await.goes_to(&page);
    olaf.post(&format!("{page}/draw"), &seed).await.goes_to(&page);
    olaf.post(&format!("{page}/sign"), &[("number", "1"), ("signed_name", OLAF)]).await.expect(403);
    mona.post(&format!("{page}/sign"), &[("number", "1"), ("signed_name", "Mona Chair")]).await.goes_to(&page);

    olaf.post(&format!("{ranking}/draw"), &[("reason", "The lots are drawn")]).await.goes_to(&ranking);
    let (_, drawn) = app.program(OLAF).await.get(&format!("/calls/{}/ranking", field.call)).await;
    let placed: Vec<&str> = drawn["places"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
    let lots: Vec<String> = draw("3 8 21 27 40 44", &codes).unwrap().into_iter().map(|ticket| ticket.code).collect();
    assert_eq!(placed, lots, "{drawn}");
    mona.post(&format!("{ranking}/fix"), &[("number", "2"), ("signed_name", "Mona Chair")]).await.goes_to(&ranking);

    app.call_to(field.call, CallState::Decided).await;
    let text = anybody.get("/calls/IE-2017/lottery.txt").await.expect(200).html();
    assert!(text.contains("'3 8 21 27 40 44'") && text.contains(&format!("1  {}", lots[0])), "{text}");
    app.as_("Eva Expert").await.get(&page).await.expect(404);
    app.finish().await;
}
