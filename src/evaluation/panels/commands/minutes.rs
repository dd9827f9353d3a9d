//! Minutes are signed: by the chair, and by the deputy too where the chair was out of the room.

use super::{REASON, noticed};
use crate::{
    evaluation::{
        panels::{
            events::PanelEvent,
            queries::{Room, chair_was_out, document},
            rules::states::{Step, next},
        },
        rules::signature,
    },
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{ForField, OnUnique},
        secret,
    },
};
use entity::{
    accounts::account,
    evaluation::panel_minutes,
    types::{
        ids::{PanelId, PanelMinutesId},
        states::{MinutesState, PanelState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// Signs the minutes by typing one's name: what is signed is kept letter by letter and never changes. A signed version
/// is replaced only by another one that says why.
#[derive(Clone)]
pub struct SignPanelMinutes {
    pub panel: PanelId,
    pub signed_name: String,
    /// What is corrected; only where signed minutes are replaced.
    pub reason: String,
}

impl Command for SignPanelMinutes {
    const NEEDS: Permission = Permission::SignMinutes;
    /// The digest of what was signed.
    type Output = String;

    fn about(&self) -> Subject {
        Subject::Panel(self.panel)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<String>> {
        let room = Room::load(tx.conn(), self.panel).await?;
        let account = leave.account()?;
        let state = next(room.panel.state, Step::Sign)?;
        let person = account::Entity::find_by_id(account).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        signature(&self.signed_name, &person.name).for_field("signed_name")?;
        let rows = panel_minutes::Entity::find()
            .filter(panel_minutes::Column::PanelId.eq(self.panel))
            .order_by_desc(panel_minutes::Column::Number)
            .all(tx.conn())
            .await?;
        let last = rows.first();
        if let Some(half) = last.filter(|row| row.state == MinutesState::Half && row.chair_id != account) {
            return self.second(tx, &room, half.clone(), (account, state)).await;
        }
        if account != room.panel.chair_id {
            return Err(AppError::refused("chair_first", "The chair signs first."));
        }
        if last.is_some_and(|row| row.state == MinutesState::Half) {
            return Err(AppError::refused("signed_already", "You have signed. The deputy's signature is missing."));
        }
        let reason = text::optional_line(&self.reason, REASON).for_field("reason")?.unwrap_or_default();
        let replaces = room.panel.state == PanelState::Signed;
        if replaces && reason.is_empty() {
            let message = "The minutes are signed: say what this version corrects";
            return Err(AppError::invalid("reason", message));
        }
        let mut minutes = document(tx.conn(), &room).await?;
        if replaces {
            minutes.correction.clone_from(&reason);
        }
        let second = chair_was_out(&room, &minutes);
        if second && room.panel.deputy_id.is_none() {
            return Err(AppError::refused(
                "no_deputy",
                "A second signature is needed, and the panel has no deputy. Take the meeting up again, so that the \
                 secretariat can name one.",
            ));
        }
        let written = serde_json::to_string(&minutes)?;
        let digest = secret::hash(&written);
        let number = last.map_or(0, |row| row.number) + 1;
        for row in rows.into_iter().filter(|row| row.state != MinutesState::Replaced) {
            let mut change: panel_minutes::ActiveModel = row.into();
            change.state = Set(MinutesState::Replaced);
            change.update(tx.conn()).await?;
        }
        let row = panel_minutes::ActiveModel {
            id: Set(tx.new_id::<PanelMinutesId>()),
            panel_id: Set(self.panel),
            number: Set(number),
            state: Set(if second { MinutesState::Half } else { MinutesState::Signed }),
            reason: Set(reason.clone()),
            document: Set(written),
            digest: Set(digest.clone()),
            chair_id: Set(account),
            signed_at: Set(tx.now()),
            deputy_id: Set(None),
            deputy_at: Set(None),
        };
        let twice = AppError::refused("signed_meanwhile", "The minutes were signed at the same moment.");
        panel_minutes::Entity::insert(row).exec_without_returning(tx.conn()).await.on_unique(twice)?;
        let mut change = noticed(&room.panel);
        if !second {
            change.state = Set(state);
        }
        change.update(tx.conn()).await?;
        let event = told(&room, number, &digest, !second, reason);
        Ok(tx.done(event, digest))
    }
}

impl SignPanelMinutes {
    /// The deputy signs the same letters.
    async fn second(
        self,
        tx: &Tx,
        room: &Room,
        half: panel_minutes::Model,
        (account, state): (entity::types::ids::AccountId, PanelState),
    ) -> Result<Done<String>> {
        let (number, digest, reason) = (half.number, half.digest.clone(), half.reason.clone());
        let mut change: panel_minutes::ActiveModel = half.into();
        change.state = Set(MinutesState::Signed);
        change.deputy_id = Set(Some(account));
        change.deputy_at = Set(Some(tx.now()));
        change.update(tx.conn()).await?;
        let mut change = noticed(&room.panel);
        change.state = Set(state);
        change.update(tx.conn()).await?;
        Ok(tx.done(told(room, number, &digest, true, reason), digest))
    }
}

fn told(room: &Room, number: i32, digest: &str, complete: bool, reason: String) -> PanelEvent {
    let members = room.seats.iter().map(|seat| seat.account).collect();
    PanelEvent::Signed { about: room.about(), number, digest: digest.to_owned(), complete, reason, members }
}
