//! The panels of a call, and those somebody belongs to.

use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::bars};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    calls::call,
    evaluation::{panel, panel_item, panel_member},
    types::{
        ids::{AccountId, CallId, PanelId, ProposalId},
        states::{CallState, PanelItemState, PanelState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// A panel in a list.
#[derive(Debug, Clone)]
pub struct PanelLine {
    pub id: PanelId,
    pub call: CallId,
    pub call_code: String,
    pub name: String,
    pub state: PanelState,
    pub chair: String,
    pub starts_at: Option<DateTime<Utc>>,
    pub zone: Tz,
    pub place: String,
    pub members: usize,
    /// Proposals that are done, and all of them, as far as they exist for the reader.
    pub done: usize,
    pub items: usize,
}

/// The panels of a call.
pub struct Panels {
    pub call: CallId,
    pub call_code: String,
    pub zone: Tz,
    pub lines: Vec<PanelLine>,
    pub may_prepare: bool,
    /// Those who can chair and be deputies.
    pub guests: Vec<super::Guest>,
}

/// The panels of a call for its staff.
pub struct PanelsOf(pub CallId);

impl Query for PanelsOf {
    const NEEDS: Permission = Permission::SeePanels;
    type Output = Panels;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Panels> {
        let db = db.conn();
        let call = call::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let rows = panel::Entity::find().filter(panel::Column::CallId.eq(self.0)).order_by_asc(panel::Column::Id);
        let rows = rows.all(db).await?.into_iter().map(|row| (row, call.clone())).collect();
        let may_prepare = leave.may(Permission::PreparePanel);
        Ok(Panels {
            call: call.id,
            zone: call.terms.zone,
            lines: lines(db, rows, leave.actor().account()).await?,
            guests: if may_prepare { super::guests(db, leave, call.id).await? } else { Vec::new() },
            may_prepare,
            call_code: call.code,
        })
    }
}

/// The panels the actor is a member of, while their call is evaluated and until its decisions are out.
pub struct OwnPanels;

impl Query for OwnPanels {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<PanelLine>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<PanelLine>> {
        let (db, account) = (db.conn(), leave.account()?);
        let mine = panel_member::Entity::find()
            .filter(panel_member::Column::AccountId.eq(account))
            .filter(panel_member::Column::EndedAt.is_null())
            .all(db)
            .await?;
        let rows = panel::Entity::find()
            .find_also_related(call::Entity)
            .filter(panel::Column::Id.is_in(mine.iter().map(|m| m.panel_id)))
            .order_by_asc(panel::Column::StartsAt)
            .order_by_asc(panel::Column::Id)
            .all(db)
            .await?;
        let shown = |state| matches!(state, CallState::Closed | CallState::Evaluating | CallState::Ranked);
        let rows = rows.into_iter().filter_map(|(row, call)| Some((row, call?)));
        lines(db, rows.filter(|(_, call)| shown(call.state)).collect(), Some(account)).await
    }
}

async fn lines(
    db: &impl ConnectionTrait,
    rows: Vec<(panel::Model, call::Model)>,
    account: Option<AccountId>,
) -> Result<Vec<PanelLine>> {
    let ids = || rows.iter().map(|(row, _)| row.id);
    let items = panel_item::Entity::find().filter(panel_item::Column::PanelId.is_in(ids())).all(db).await?;
    let proposals: Vec<ProposalId> = items.iter().map(|item| item.proposal_id).collect();
    let bars = bars::of(db, &proposals).await?;
    let members = panel_member::Entity::find()
        .filter(panel_member::Column::PanelId.is_in(ids()))
        .filter(panel_member::Column::EndedAt.is_null())
        .all(db)
        .await?;
    let chairs = account::Entity::find().filter(account::Column::Id.is_in(rows.iter().map(|(row, _)| row.chair_id)));
    let names: BTreeMap<AccountId, String> = chairs.all(db).await?.into_iter().map(|a| (a.id, a.name)).collect();
    let line = |(row, call): (panel::Model, call::Model)| {
        let seen = items
            .iter()
            .filter(|item| item.panel_id == row.id)
            .filter(|item| account.is_none_or(|one| bars.bars(item.proposal_id, one).is_none()));
        let done = |item: &&panel_item::Model| matches!(item.state, PanelItemState::Decided | PanelItemState::Deferred);
        PanelLine {
            done: seen.clone().filter(done).count(),
            items: seen.count(),
            members: members.iter().filter(|member| member.panel_id == row.id).count(),
            chair: names.get(&row.chair_id).cloned().unwrap_or_default(),
            id: row.id,
            call: call.id,
            zone: call.terms.zone,
            call_code: call.code,
            name: row.name,
            state: row.state,
            starts_at: row.starts_at,
            place: row.place,
        }
    };
    Ok(rows.into_iter().map(line).collect())
}
