//! Calls whose proposals are with evaluators, ranked, or decided.

mod meeting;

use super::{CONFLICTED, Ids, Stage, id, put};
use crate::support::{
    TestApp,
    scenes::{
        calls::{OLAF, file_2017},
        evaluation::{Field, Placed},
    },
};
use chrono::{NaiveDate, TimeDelta};
use entity::{
    agreements::agreement,
    decisions::decision,
    eligibility::eligibility_check,
    evaluation::{
        assignment, calibration, conflict, conflict_finding, lottery, plan, plan_pair, ranking, ranking_line,
        recruitment, score, training, training_sheet,
    },
    proposals::part,
    reporting::{kpi_reading, report},
    types::{
        ids::*,
        points::Points,
        sheets::{Said, SheetText},
        states::*,
        terms::Keys,
        text::Email,
    },
};
use sea_orm::EntityTrait;
use serde_json::json;

/// A call whose proposals are with evaluators, ranked, or decided.
pub async fn judged(app: &TestApp, name: &'static str, state: CallState, proposals: usize) -> Vec<Stage> {
    let mut file = file_2017();
    file.code = format!("IE-{}", name.to_uppercase());
    let criteria: Vec<String> = file.call.criteria.iter().map(|criterion| criterion.key.clone()).collect();
    let kpis: Vec<String> = file.call.kpis.iter().map(|kpi| kpi.key.clone()).collect();
    let field = app.field_of(file.clone(), state, proposals).await;
    let part_state = match state {
        CallState::Evaluating => PartState::Eligible,
        CallState::Ranked => PartState::Recommended,
        _ => PartState::Contracted,
    };
    app.all_parts(&field, part_state).await;
    let first = &field.proposals[0];
    let done = state != CallState::Evaluating;
    let sheet = judge(app, &field, first, "Eva Evaluator", AssignmentState::InProgress, &criteria, done).await;
    let asked = judge(app, &field, first, "Nils New", AssignmentState::Invited, &[], false).await;
    judge(app, &field, first, CONFLICTED, AssignmentState::Conflicted, &[], false).await;
    judge(app, &field, &field.proposals[1], CONFLICTED, AssignmentState::Accepted, &criteria, done).await;
    judge(app, &field, &field.proposals[1], "Eva Evaluator", AssignmentState::Submitted, &criteria, true).await;
    let row = conflict::Model {
        id: id(app),
        account_id: app.account(CONFLICTED).await,
        proposal_id: Some(first.id),
        organisation_id: None,
        reason: "Worked there".into(),
        declared_by: None,
        declared_at: app.app.now(),
        withdrawn_at: None,
    };
    let conflict = row.id;
    put(app, row).await;
    let evaluator_id = app.evaluator("Eva Evaluator", "Inno", "export").await;
    let recruited = recruit(app, &field, evaluator_id, state).await;
    check(app, first).await;
    let training = train(app, &field, &criteria).await;
    let (drafted, pair) = draft(app, &field, evaluator_id).await;
    let found = conflict_finding::Model {
        id: id(app),
        call_id: field.call,
        proposal_id: first.id,
        account_id: app.account("Nils New").await,
        kind: FindingKind::Employer,
        strength: FindingStrength::Hint,
        party: "Denmark Cluster 1".into(),
        own: "Denmark Clusters".into(),
        met: "Denmark Cluster 1".into(),
        path: String::new(),
        on_day: None,
        state: FindingState::Open,
        fingerprint: "0".repeat(64),
        found_at: app.app.now(),
        decided_by: None,
        decided_at: None,
        reason: None,
        conflict_id: None,
        version: 1,
    };
    let finding = found.id;
    put(app, found).await;
    let mut ids: Ids = [
        ("call", field.call.to_string()),
        ("code", file.code),
        ("annex", field.agencies["dk-sfu"].annex.to_string()),
        ("agency", field.agencies["dk-sfu"].id.to_string()),
        ("proposal", first.id.to_string()),
        ("part", first.parts[0].to_string()),
        ("number", "1".to_owned()),
        ("assignment", sheet.to_string()),
        ("conflict", conflict.to_string()),
        ("training", training.to_string()),
        ("recruitment", recruited.to_string()),
        ("plan", drafted.to_string()),
        ("pair", pair.to_string()),
        ("finding", finding.to_string()),
        ("evaluator", app.evaluator("Eva Evaluator", "Inno", "export").await.to_string()),
    ]
    .into();
    let (panel, item, vote) = meeting::meet(app, &field, state).await;
    ids.insert("panel", panel.to_string());
    ids.insert("item", item.to_string());
    ids.insert("vote", vote.to_string());
    if done {
        calibrated(app, &field).await;
        let ranking = rank(app, &field).await;
        ids.insert("ranking", ranking.to_string());
        for (n, placed) in field.proposals.iter().enumerate() {
            for part in &placed.parts {
                decide(app, *part, ranking, if n < 2 { Outcome::Fund } else { Outcome::Reject }, state).await;
            }
        }
        ids.insert("scenario", app.scenarios_of(&field, state).await.to_string());
    }
    if state == CallState::Decided {
        let (agreement, report) = report(app, first.parts[0], &kpis).await;
        ids.insert("agreement", agreement.to_string());
        ids.insert("report", report.to_string());
    }
    let mut stages = vec![Stage { name, ids: ids.clone() }];
    if state == CallState::Evaluating {
        ids.insert("assignment", asked.to_string());
        stages.push(Stage { name: "asked", ids });
    }
    stages
}

/// Everybody on the list of the call: one who is asked, one who declined and one to be invited.
async fn recruit(app: &TestApp, field: &Field, evaluator: EvaluatorId, state: CallState) -> RecruitmentId {
    let (asked, now) = (id(app), app.app.now());
    let taking_part = app.evaluator(CONFLICTED, "Inno", "export").await;
    let people = [
        ("Eva Evaluator", RecruitmentState::Invited, asked),
        ("Nils New", RecruitmentState::Declined, id(app)),
        ("Lea Listed", RecruitmentState::Listed, id(app)),
        (CONFLICTED, RecruitmentState::Accepted, id(app)),
    ];
    for (name, at, id) in people {
        let sent = at != RecruitmentState::Listed;
        let row = recruitment::Model {
            id,
            call_id: field.call,
            evaluator_id: match at {
                RecruitmentState::Accepted => Some(taking_part),
                _ => (id == asked).then_some(evaluator),
            },
            invitation_id: None,
            email: Email::parse(&format!("{}@example.org", name.to_lowercase().replace(' ', "."))).unwrap(),
            name: name.to_owned(),
            state: at,
            message: String::new(),
            added_by: app.account(OLAF).await,
            added_at: now,
            invited_by: if sent { Some(app.account(OLAF).await) } else { None },
            invited_at: sent.then_some(now),
            lapses_at: sent.then(|| now + TimeDelta::days(if state == CallState::Evaluating { 90 } else { 1 })),
            reminders: 0,
            reminded_at: None,
            escalated_at: None,
            answered_at: None,
            signed_name: None,
            places: (at == RecruitmentState::Accepted).then_some(3),
            reason: None,
            version: 1,
        };
        put(app, row).await;
    }
    asked
}

/// A draft of who judges what, with a pair for every proposal; gives one of the second.
async fn draft(app: &TestApp, field: &Field, evaluator: EvaluatorId) -> (PlanId, PlanPairId) {
    let row = plan::Model {
        id: id(app),
        call_id: field.call,
        name: "Greatest total".into(),
        state: PlanState::Ready,
        settings: json!({
            "per_proposal": 2, "least": 0, "most": 5, "objective": "total", "language": true, "expertise": false,
            "outside": false, "apart": true, "bonus": 20_000, "weights": [3000, 1000, 3000, 1000, 500, 1500],
            "home": "indifferent"
        }),
        job: None,
        reason: String::new(),
        outcome: Some(json!({
            "proof": { "gap": 0, "floor": null }, "came": 0, "went": 0, "again": false, "uncovered": []
        })),
        import: None,
        made_by: app.account(OLAF).await,
        made_at: app.app.now(),
        computed_at: Some(app.app.now()),
        deployed_by: None,
        deployed_at: None,
        version: 2,
    };
    let plan = row.id;
    put(app, row).await;
    let mut second = None;
    for placed in &field.proposals {
        let row = plan_pair::Model {
            id: id(app),
            plan_id: plan,
            proposal_id: placed.id,
            evaluator_id: evaluator,
            affinity: Some(617_000),
            locked: false,
            origin: PairOrigin::Computed,
            why: Some(json!([
                { "term": "text", "value": 617_000, "weight": 3000, "gives": 617_000, "reasons": ["export"] }
            ])),
            next: Some(json!({ "kind": "costs", "loss": 40_000, "least_loss": 40_000, "gone": [], "come": [] })),
            left_out: None,
            assignment_id: None,
        };
        if placed.id == field.proposals[1].id {
            second = Some(row.id);
        }
        put(app, row).await;
    }
    (plan, second.unwrap())
}

async fn judge(
    app: &TestApp,
    field: &Field,
    placed: &Placed,
    name: &str,
    state: AssignmentState,
    criteria: &[String],
    done: bool,
) -> AssignmentId {
    let evaluator = app.evaluator(name, "Inno", "export").await;
    let signed = !matches!(state, AssignmentState::Invited | AssignmentState::Conflicted);
    let row = assignment::Model {
        id: id(app),
        call_id: field.call,
        proposal_id: placed.id,
        evaluator_id: evaluator,
        account_id: app.account(name).await,
        state: if done { AssignmentState::Submitted } else { state },
        due_at: Some(app.app.now() + TimeDelta::days(90)),
        signed_name: signed.then(|| name.to_owned()),
        declared_at: signed.then(|| app.app.now()),
        reason: None,
        comment: "A sound plan.".into(),
        private_note: String::new(),
        invited_by: app.account(OLAF).await,
        invited_at: app.app.now(),
        answered_at: signed.then(|| app.app.now()),
        submitted_at: done.then(|| app.app.now()),
        reopened_reason: None,
        version: 1,
    };
    let assignment = row.id;
    put(app, row).await;
    for criterion in criteria {
        let row = score::Model {
            id: id(app),
            assignment_id: assignment,
            criterion: criterion.clone(),
            points: Some(Points::whole(3)),
            comment: "Clear and convincing, with a good plan for the time after.".into(),
            abstained: None,
            version: 1,
            updated_at: app.app.now(),
        };
        put(app, row).await;
    }
    assignment
}

/// A training proposal that is open and was scored by one evaluator.
async fn train(app: &TestApp, field: &Field, criteria: &[String]) -> TrainingId {
    let said = |points| SheetText {
        said: criteria
            .iter()
            .map(|key| Said {
                key: key.clone(),
                points: Some(Points::whole(points)),
                comment: "Clear and convincing.".into(),
                abstained: None,
            })
            .collect(),
        ..SheetText::default()
    };
    let row = training::Model {
        id: id(app),
        call_id: field.call,
        state: TrainingState::Open,
        title: "A boat for two".into(),
        text: "Two firms build a boat.".into(),
        source_id: None,
        answer: said(4),
        required: false,
        made_by: app.account(OLAF).await,
        made_at: app.app.now(),
        version: 2,
    };
    let training = row.id;
    put(app, row).await;
    let sheet = training_sheet::Model {
        id: id(app),
        training_id: training,
        account_id: app.account("Eva Evaluator").await,
        sheet: said(3),
        begun_at: app.app.now(),
        submitted_at: Some(app.app.now()),
        version: 1,
    };
    put(app, sheet).await;
    training
}

async fn check(app: &TestApp, placed: &Placed) {
    for part in &placed.parts {
        let row = eligibility_check::Model {
            id: id(app),
            part_id: *part,
            findings: json!({}),
            verdict: Verdict::Eligible,
            reasons: Keys(Vec::new()),
            note: String::new(),
            state: CheckState::Confirmed,
            proposed_by: app.account("Mette Holm").await,
            proposed_at: app.app.now(),
            confirmed_by: Some(app.account("Anders Bach").await),
            confirmed_at: Some(app.app.now()),
            returned_note: String::new(),
            version: 1,
        };
        put(app, row).await;
    }
}

async fn rank(app: &TestApp, field: &Field) -> RankingId {
    let row = ranking::Model {
        id: id(app),
        call_id: field.call,
        number: 1,
        state: RankingState::Fixed,
        reason: String::new(),
        digest: Some("0".repeat(64)),
        made_by: app.account(OLAF).await,
        made_at: app.app.now(),
        fixed_by: Some(app.account("Chris Chair").await),
        fixed_at: Some(app.app.now()),
        document: Some("{}".into()),
    };
    let ranking = row.id;
    put(app, row).await;
    for (place, placed) in (1..).zip(&field.proposals) {
        let row = ranking_line::Model {
            id: id(app),
            ranking_id: ranking,
            proposal_id: placed.id,
            rank: place,
            total: 400 - place * 50,
            passes: place < 3,
            spread: 50,
            tie_reason: None,
            detail: json!({ "failed": [], "criteria": [], "totals": [300, 350], "countries": 2, "smes": 6 }),
        };
        put(app, row).await;
    }
    ranking
}

/// What the model said, with a lottery that was drawn from it.
async fn calibrated(app: &TestApp, field: &Field) {
    let spreads = json!({ "proposals": 0.5, "evaluators": 0.3, "residual": 0.4 });
    let proposal = |(n, placed): (u32, &Placed)| {
        json!({
            "proposal": placed.id,
            "sheets": 2,
            "raw": 3.5,
            "adjusted": 3.4,
            "adjusted_90": [2.9, 3.9],
            "expected_rank": f64::from(n),
            "expected_rank_reml": f64::from(n),
            "rank_50": [1, n + 1],
            "rank_90": [1, n + 2],
            "above": 0.6,
            "side": "within",
            "island": 0,
        })
    };
    let row = calibration::Model {
        id: id(app),
        call_id: field.call,
        number: 1,
        places: 1,
        seed: "2017".into(),
        inputs: "0".repeat(64),
        result: json!({
            "mean": 3.2,
            "spreads": spreads,
            "spreads_reml": spreads,
            "split_ratio": 1.01,
            "draws": 4000,
            "line": 1.5,
            "open": 1,
            "proposals": (1..).zip(&field.proposals).map(proposal).collect::<Vec<_>>(),
            "evaluators": [{
                "evaluator": app.evaluator("Eva Evaluator", "Inno", "export").await,
                "sheets": 2,
                "severity": 0.2,
                "error": 0.3,
            }],
            "islands": 1,
            "unscored": [],
            "incomplete": [],
        }),
        made_by: app.account(OLAF).await,
        made_at: app.app.now(),
    };
    let calibration = row.id;
    put(app, row).await;
    let codes: Vec<&str> = field.proposals.iter().map(|placed| placed.code.as_str()).collect();
    let row = lottery::Model {
        id: id(app),
        call_id: field.call,
        calibration_id: calibration,
        number: 1,
        state: LotteryState::Drawn,
        source: "The numbers of the state lottery, in the order drawn.".into(),
        known_at: app.app.now(),
        codes: json!({ "salt": "salt", "codes": codes }),
        commitment: "0".repeat(64),
        announced_by: app.account(OLAF).await,
        announced_at: app.app.now(),
        seed: Some("3 8 21 27 40 44".into()),
        drawn_by: Some(app.account(OLAF).await),
        drawn_at: Some(app.app.now()),
        signed_by: None,
        signed_at: None,
        reason: None,
    };
    put(app, row).await;
}

async fn decide(app: &TestApp, part: PartId, ranking: RankingId, outcome: Outcome, state: CallState) {
    let share = part::Entity::find_by_id(part).one(app.app.database().maintenance()).await.unwrap().unwrap();
    let released = state == CallState::Decided;
    let row = decision::Model {
        id: id(app),
        part_id: part,
        ranking_id: Some(ranking),
        outcome,
        minor: if outcome == Outcome::Fund { share.requested_minor } else { 0 },
        currency: share.currency,
        reason: "Ranked high enough for the budget.".into(),
        conditions: String::new(),
        state: if released { DecisionState::Released } else { DecisionState::Pending },
        drafted_by: app.account("Mette Holm").await,
        drafted_at: app.app.now(),
        released_by: if released { Some(app.account(OLAF).await) } else { None },
        released_at: released.then(|| app.app.now()),
        letter_file_id: None,
        reserve_place: None,
        reserve_until: None,
        version: 1,
    };
    put(app, row).await;
    if released && outcome == Outcome::Reject {
        app.part_to(part, PartState::Rejected).await;
    }
}

async fn report(app: &TestApp, part: PartId, kpis: &[String]) -> (AgreementId, ReportId) {
    let day = |year, month| NaiveDate::from_ymd_opt(year, month, 1);
    let row = agreement::Model {
        id: id(app),
        part_id: part,
        state: AgreementState::Active,
        starts_on: day(2018, 2),
        ends_on: day(2019, 4),
        signed_on: day(2018, 1),
        note: String::new(),
        made_by: app.account("Mette Holm").await,
        made_at: app.app.now(),
        version: 1,
    };
    let agreement = row.id;
    put(app, row).await;
    let by = app.account("Cora 1").await;
    let mut reports = Vec::new();
    for (kind, state) in [(ReportKind::Interim, ReportState::Submitted), (ReportKind::Final, ReportState::Due)] {
        let handed_in = state == ReportState::Submitted;
        let row = report::Model {
            id: id(app),
            agreement_id: agreement,
            part_id: part,
            kind,
            label: kind.label().to_owned(),
            due_on: NaiveDate::from_ymd_opt(2018, 12, 1).unwrap(),
            state,
            activities: json!([]),
            narrative: "The first study trip took place.".into(),
            deviations: String::new(),
            costs_minor: 100_000,
            returned_points: String::new(),
            submitted_by: handed_in.then_some(by),
            submitted_at: handed_in.then(|| app.app.now()),
            decided_by: None,
            decided_at: None,
            reminded: String::new(),
            version: 1,
        };
        let report_id = row.id;
        put(app, row).await;
        for kpi in kpis.iter().filter(|_| reports.is_empty()) {
            put(app, kpi_reading::Model { id: id(app), report_id, kpi: kpi.clone(), value: 4, note: None }).await;
        }
        reports.push(report_id);
    }
    (agreement, reports[0])
}
