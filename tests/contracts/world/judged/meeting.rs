//! A panel's meeting: open while its call is with evaluators, over afterwards.

use super::super::{id, put};
use crate::support::{
    TestApp,
    scenes::{calls::OLAF, evaluation::Field},
};
use chrono::TimeDelta;
use entity::{
    evaluation::{panel, panel_ballot, panel_item, panel_member, panel_note, panel_point, panel_presence, panel_vote},
    types::{ids::*, points::Points, states::*},
};

/// A panel that discusses the first proposal and has decided on the second; the officer is a member.
pub async fn meet(app: &TestApp, field: &Field, state: CallState) -> (PanelId, PanelItemId, PanelVoteId) {
    let now = app.app.now();
    let (chair, eva, olaf) =
        (app.account("Chris Chair").await, app.account("Eva Evaluator").await, app.account(OLAF).await);
    let over = state != CallState::Evaluating;
    let row = panel::Model {
        id: id(app),
        call_id: field.call,
        name: "Health and maritime".into(),
        state: if over { PanelState::Closed } else { PanelState::Open },
        chair_id: chair,
        deputy_id: Some(eva),
        starts_at: Some(now),
        place: "Room 3".into(),
        minutes: 15,
        quorum: 1,
        casting: true,
        order_by: PanelOrder::ByCode,
        created_by: olaf,
        created_at: now,
        opened_at: Some(now),
        closed_at: over.then_some(now),
        version: 3,
        pulse: 3,
    };
    let panel = row.id;
    put(app, row).await;
    for account_id in [chair, eva, olaf] {
        let row = panel_member::Model {
            id: id(app),
            panel_id: panel,
            account_id,
            invited_at: now,
            here: !over,
            ended_at: None,
        };
        put(app, row).await;
        let kind = PresenceKind::Arrived;
        put(
            app,
            panel_presence::Model { id: id(app), panel_id: panel, account_id, kind, item_id: None, why: None, at: now },
        )
        .await;
    }
    let mut first = None;
    for (placed, position) in field.proposals.iter().zip(1..).take(2) {
        let decided = over || position == 2;
        let row = panel_item::Model {
            id: id(app),
            panel_id: panel,
            proposal_id: placed.id,
            position,
            state: if decided { PanelItemState::Decided } else { PanelItemState::Discussed },
            lead_id: Some(eva),
            began_at: Some(now),
            until: Some(now + TimeDelta::minutes(15)),
            ended_at: decided.then_some(now),
            outcome: if decided { "Recommended for funding".into() } else { String::new() },
            version: 2,
        };
        let item = row.id;
        first.get_or_insert(item);
        put(app, row).await;
        put(
            app,
            panel_note::Model {
                id: id(app),
                item_id: item,
                account_id: eva,
                text: "The plan convinced us.".into(),
                minuted: true,
                at: now,
            },
        )
        .await;
        for points in [3, 4] {
            let row = panel_point::Model {
                id: id(app),
                item_id: item,
                criterion: "c1".into(),
                points: Some(Points::whole(points)),
                reason: "The market is shown.".into(),
                set_by: chair,
                set_at: now,
            };
            put(app, row).await;
        }
    }
    let item = first.unwrap();
    let row = panel_vote::Model {
        id: id(app),
        item_id: item,
        question: "Recommend for funding".into(),
        secret: false,
        state: if over { VoteState::Closed } else { VoteState::Open },
        opened_by: chair,
        opened_at: now,
        closed_at: over.then_some(now),
        yes: i32::from(over),
        no: 0,
        abstain: 0,
        result: over.then_some(VoteResult::Carried),
    };
    let vote = row.id;
    put(app, row).await;
    put(
        app,
        panel_ballot::Model {
            id: id(app),
            vote_id: vote,
            account_id: eva,
            choice: Some(VoteChoice::Yes),
            cast_at: now,
        },
    )
    .await;
    (panel, item, vote)
}
