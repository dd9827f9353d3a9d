//! A panel with its people around a table.

use super::{calls::OLAF, evaluation::Field};
use crate::support::TestApp;
use entity::{
    evaluation::{assignment, conflict, panel_item},
    types::{
        ids::{PanelId, PanelItemId, ProposalId},
        states::{AssignmentState, CallState, PartState, Role},
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

pub const CHAIR: &str = "Chris Chair";

/// A panel of chair, deputy and two members on two proposals that two evaluators judged differently.
pub struct Table {
    pub field: Field,
    pub panel: PanelId,
    pub items: Vec<PanelItemId>,
}

impl Table {
    pub fn path(&self) -> String {
        format!("/panels/{}", self.panel)
    }

    pub fn item(&self, n: usize) -> String {
        format!("/panels/{}/items/{}", self.panel, self.items[n])
    }
}

/// The people: Chris Chair, Eva Expert (deputy), Max Judge, Nina Third.
pub async fn table(app: &TestApp) -> Table {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let field = app.field(CallState::Evaluating, 2).await;
    app.all_parts(&field, PartState::Eligible).await;
    app.grant(CHAIR, Role::PanelChair, Some(field.call), None).await;
    for placed in &field.proposals {
        for (name, points) in [("Eva Expert", "4"), ("Max Judge", "3")] {
            let task = app.assigned(placed.id, name).await;
            app.judged(task, name, app.sheet(points, &[])).await;
        }
    }
    let third = app.account("Nina Third").await;
    app.grant("Nina Third", Role::Secretariat, Some(field.call), None).await;
    let (chair, eva, max) = (app.account(CHAIR).await, app.account("Eva Expert").await, app.account("Max Judge").await);
    let olaf = app.as_(OLAF).await;
    let list = format!("/staff/calls/{}/panels", field.call);
    let made = olaf
        .post(
            &list,
            &[
                ("name", "Health and maritime"),
                ("chair", &chair.to_string()),
                ("deputy", &eva.to_string()),
                ("minutes", "15"),
                ("quorum", "2"),
                ("place", "Room 3"),
                ("starts_at", "2018-01-15T09:00"),
            ],
        )
        .await
        .expect(303);
    let path = made.location.expect("the preparation");
    let id: PanelId = path.split('/').nth(2).expect("an id").parse().expect("an id");
    let seat = [("action", "seat".to_owned()), ("accounts", max.to_string()), ("accounts", third.to_string())];
    olaf.post(&path, &seat.each_ref().map(|(k, v)| (*k, v.as_str()))).await.goes_to(&path);
    let ids: Vec<String> = field.proposals.iter().map(|p| p.id.to_string()).collect();
    olaf.post(&path, &[("action", "add"), ("proposals", &ids[0]), ("proposals", &ids[1])]).await.goes_to(&path);
    let items = panel_item::Entity::find()
        .filter(panel_item::Column::PanelId.eq(id))
        .order_by_asc(panel_item::Column::Position)
        .all(app.app.database().maintenance())
        .await
        .unwrap();
    Table { field, panel: id, items: items.into_iter().map(|item| item.id).collect() }
}

/// Opens the meeting with these people in it.
pub async fn gathered(app: &TestApp, table: &Table, people: &[&str]) {
    for name in people {
        app.as_(name).await.post(&table.path(), &[("action", "arrive")]).await.goes_to(&table.path());
    }
    app.as_(CHAIR).await.post(&table.path(), &[("action", "open")]).await.goes_to(&table.path());
}

pub const ALL: [&str; 4] = [CHAIR, "Eva Expert", "Max Judge", "Nina Third"];

/// Somebody has declared a conflict with a proposal before the meeting; their sheet left every number.
pub async fn conflict(app: &TestApp, name: &str, proposal: ProposalId) {
    let account = app.account(name).await;
    let db = app.app.database().maintenance();
    let row = conflict::ActiveModel {
        id: Set(fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance()).into()),
        account_id: Set(account),
        proposal_id: Set(Some(proposal)),
        organisation_id: Set(None),
        reason: Set("Advises them".to_owned()),
        declared_by: Set(None),
        declared_at: Set(app.app.now()),
        withdrawn_at: Set(None),
    };
    conflict::Entity::insert(row).exec_without_returning(db).await.unwrap();
    assignment::Entity::update_many()
        .col_expr(assignment::Column::State, Expr::value(AssignmentState::Conflicted))
        .filter(assignment::Column::ProposalId.eq(proposal))
        .filter(assignment::Column::AccountId.eq(account))
        .exec(db)
        .await
        .unwrap();
}
