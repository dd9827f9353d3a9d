//! For somebody with a conflict of interest a proposal does not exist: no page, no operation, no export and no mail
//! names it or its points, and every count is that of a world without it.

use super::{
    openapi, paths,
    world::{self, Stage},
};
use crate::support::{TestApp, scenes::calls::OLAF};
use entity::{
    agreements::agreement,
    decisions::decision,
    eligibility::eligibility_check,
    evaluation::{assignment, conflict, plan_pair, ranking_line, score},
    proposals::{letter, part, proposal, submission},
    reporting::report,
    types::{
        ids::{AssignmentId, PartId, ProposalId},
        points::Points,
    },
};
use fairway::server;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use std::collections::{BTreeMap, BTreeSet};

/// The secretariat's officer, the chair, an evaluator who judges it, an officer of its coordinator's agency.
const BLIND: [&str; 4] = [OLAF, "Chris Chair", "Eva Evaluator", "Mette Holm"];

/// Words that stand in the hidden proposals and nowhere else.
const WORDS: [&str; 3] = ["Unheard Zebra", "ZEBRA", "3.33"];

/// What tells of the past or of oneself, and is compared by its own tests.
const BESIDE: [&str; 9] = ["audit", "log", "history", "jobs", "mail", "tokens", "accounts", "sessions", "activity"];

/// The protocol of a draw names what was drawn, and is there for everybody in the world once it is published.
const PUBLISHED: &str = "/calls/:code/lottery";

/// The signed file names every proposal and cannot be cut: whoever has a conflict, and was told so, is not offered it.
const SIGNED: &str = " , JSON as it was signed";

both!(nothing_tells_of_a_hidden_proposal, every_count_is_that_of_a_world_without_it);

/// The first proposal of every call past its deadline, with words and points of its own, and everybody's conflict
/// with it.
async fn hidden(app: &TestApp, world: &[Stage]) -> BTreeMap<ProposalId, String> {
    let db = app.app.database().maintenance();
    let judged = world.iter().filter(|stage| ["evaluating", "ranked", "decided"].contains(&stage.name));
    let ids: BTreeSet<ProposalId> = judged.map(|stage| stage.ids["proposal"].parse().unwrap()).collect();
    let mut codes = BTreeMap::new();
    for id in ids {
        let mut row = proposal::Entity::find_by_id(id).one(db).await.unwrap().unwrap().into_active_model();
        row.title = Set("Unheard Zebra".to_owned());
        row.acronym = Set("ZEBRA".to_owned());
        codes.insert(id, row.update(db).await.unwrap().code);
        for row in ranking_line::Entity::find().filter(ranking_line::Column::ProposalId.eq(id)).all(db).await.unwrap() {
            let mut row = row.into_active_model();
            row.total = Set(333);
            row.update(db).await.unwrap();
        }
        let sheets = tasks(app, id).await;
        for row in score::Entity::find().filter(score::Column::AssignmentId.is_in(sheets)).all(db).await.unwrap() {
            let mut row = row.into_active_model();
            row.points = Set(Some(Points::hundredths(333)));
            row.comment = Set("The Unheard Zebra is clear and convincing.".to_owned());
            row.update(db).await.unwrap();
        }
        for name in BLIND {
            let row = conflict::Model {
                id: fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance()).into(),
                account_id: app.account(name).await,
                proposal_id: Some(id),
                organisation_id: None,
                reason: "Close to it".to_owned(),
                declared_by: None,
                declared_at: app.app.now(),
                withdrawn_at: None,
            };
            conflict::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
        }
    }
    assert_eq!(codes.len(), 3);
    codes
}

async fn tasks(app: &TestApp, id: ProposalId) -> Vec<AssignmentId> {
    assignment::Entity::find()
        .select_only()
        .column(assignment::Column::Id)
        .filter(assignment::Column::ProposalId.eq(id))
        .into_tuple()
        .all(app.app.database().maintenance())
        .await
        .unwrap()
}

/// Pages that answer a GET.
fn pages() -> Vec<String> {
    server::pages().lines().iter().filter(|line| line.method == "GET").map(|line| line.path.clone()).collect()
}

/// Operations that answer a GET.
fn operations() -> Vec<String> {
    openapi::operations().into_iter().filter(|one| one.method == "GET").map(|one| one.path).collect()
}

async fn nothing_tells_of_a_hidden_proposal(app: TestApp) {
    let world = world::build(&app, 3).await;
    let codes = hidden(&app, &world).await;
    let words: Vec<&str> = WORDS.iter().copied().chain(codes.values().map(String::as_str)).collect();
    let mut faults: BTreeSet<String> = BTreeSet::new();
    let mut asked = 0;
    for name in BLIND {
        let (browser, program) = (app.as_(name).await, app.program(name).await);
        let mut look = |place: &str, text: &str| {
            asked += 1;
            for word in words.iter().filter(|word| text.contains(**word)) {
                faults.insert(format!("{place} tells {name} of {word}"));
            }
        };
        for pattern in pages().into_iter().filter(|pattern| !pattern.starts_with(PUBLISHED)) {
            for path in world::addresses(&world, &pattern) {
                look(&pattern, &browser.get(&path).await.html());
                if pattern.starts_with("/staff/") {
                    for query in ["export=csv", "q=zebra", "size=100"] {
                        let page = browser.get(&format!("{path}?{query}")).await;
                        // The words looked for stand in the search field.
                        look(&format!("{pattern}?{query}"), &page.html());
                    }
                }
            }
        }
        for pattern in operations() {
            for path in world::addresses(&world, &pattern) {
                look(&format!("GET /api/v1{pattern}"), &program.get(&path).await.1.to_string());
            }
        }
    }
    assert!(asked > 1_000, "only {asked} answers");
    assert!(faults.is_empty(), "{faults:#?}");

    // What happens from now on is not told either.
    let before = app.mails().await.len();
    let task = world.iter().find(|stage| stage.name == "asked").unwrap().ids["assignment"].clone();
    let form = [("conflict_reason", "I advise them")];
    app.as_("Nils New").await.post(&format!("/assignments/{task}/conflict"), &form).await.goes_to("/assignments");
    app.work().await;
    let blind: BTreeSet<String> =
        BLIND.iter().map(|name| format!("{}@example.org", name.to_lowercase().replace(' ', "."))).collect();
    for mail in app.mails().await.into_iter().skip(before).filter(|mail| blind.contains(&mail.address)) {
        let told = words.iter().find(|word| mail.text.contains(**word) || mail.subject.contains(**word));
        assert_eq!(told, None, "{} to {}", mail.name, mail.address);
    }
}

/// What somebody is shown of calls, by place.
async fn shown(app: &TestApp, world: &[Stage], name: &str) -> BTreeMap<String, String> {
    let (browser, program) = (app.as_(name).await, app.program(name).await);
    let compared = |pattern: &String| {
        let own = pattern.split('/').filter_map(paths::parameter).all(|name| name == "call");
        own && pattern != "/me" && !BESIDE.iter().any(|word| pattern.contains(word))
    };
    let mut all = BTreeMap::new();
    for pattern in pages().into_iter().filter(compared) {
        for path in world::addresses(world, &pattern) {
            let page = browser.get(&path).await;
            all.insert(path, format!("{} {}", page.status, page.text().replace(SIGNED, "")));
        }
    }
    for pattern in operations().into_iter().filter(compared) {
        for path in world::addresses(world, &pattern) {
            let (status, answer) = program.get(&path).await;
            all.insert(format!("GET {path}"), format!("{status} {answer}"));
        }
    }
    all
}

/// Takes the proposals out of the world, as if they had never been handed in.
async fn take_out(app: &TestApp, ids: &[ProposalId]) {
    let db = app.app.database().maintenance();
    for id in ids {
        for line in ranking_line::Entity::find().filter(ranking_line::Column::ProposalId.eq(*id)).all(db).await.unwrap()
        {
            let below = ranking_line::Entity::find()
                .filter(ranking_line::Column::RankingId.eq(line.ranking_id))
                .filter(ranking_line::Column::Rank.gt(line.rank))
                .all(db)
                .await
                .unwrap();
            ranking_line::Entity::delete_by_id(line.id).exec(db).await.unwrap();
            for row in below {
                let rank = row.rank - 1;
                let mut row = row.into_active_model();
                row.rank = Set(rank);
                row.update(db).await.unwrap();
            }
        }
        let parts: Vec<PartId> = part::Entity::find()
            .select_only()
            .column(part::Column::Id)
            .filter(part::Column::ProposalId.eq(*id))
            .into_tuple()
            .all(db)
            .await
            .unwrap();
        report::Entity::delete_many().filter(report::Column::PartId.is_in(parts.clone())).exec(db).await.unwrap();
        agreement::Entity::delete_many().filter(agreement::Column::PartId.is_in(parts.clone())).exec(db).await.unwrap();
        decision::Entity::delete_many().filter(decision::Column::PartId.is_in(parts.clone())).exec(db).await.unwrap();
        eligibility_check::Entity::delete_many()
            .filter(eligibility_check::Column::PartId.is_in(parts.clone()))
            .exec(db)
            .await
            .unwrap();
        letter::Entity::delete_many().filter(letter::Column::PartId.is_in(parts.clone())).exec(db).await.unwrap();
        submission::Entity::delete_many().filter(submission::Column::PartId.is_in(parts)).exec(db).await.unwrap();
        plan_pair::Entity::delete_many().filter(plan_pair::Column::ProposalId.eq(*id)).exec(db).await.unwrap();
        assignment::Entity::delete_many().filter(assignment::Column::ProposalId.eq(*id)).exec(db).await.unwrap();
        proposal::Entity::delete_by_id(*id).exec(db).await.unwrap();
    }
}

async fn every_count_is_that_of_a_world_without_it(app: TestApp) {
    let world = world::build(&app, 3).await;
    let codes = hidden(&app, &world).await;
    let mut before = BTreeMap::new();
    for name in BLIND {
        before.insert(name, shown(&app, &world, name).await);
    }
    take_out(&app, &codes.into_keys().collect::<Vec<_>>()).await;

    let mut faults = Vec::new();
    for name in BLIND {
        let after = shown(&app, &world, name).await;
        for (place, told) in &before[name] {
            let without = &after[place];
            if told != without {
                let at = told.chars().zip(without.chars()).take_while(|(a, b)| a == b).count();
                let from = at.saturating_sub(60);
                let part = |text: &str| text.chars().skip(from).take(160).collect::<String>();
                faults.push(format!("{name} {place}\n  with:    …{}\n  without: …{}", part(told), part(without)));
            }
        }
    }
    assert!(before.values().map(BTreeMap::len).sum::<usize>() > 100);
    assert!(faults.is_empty(), "{} differences\n{}", faults.len(), faults.join("\n"));
}
