//! What the clock does with invitations that wait.

use super::{Rows, Sender, staff::may_remind};
use crate::{
    evaluation::recruitment::{
        events::RecruitmentEvent,
        queries::waiting,
        rules::{Due, Step, due},
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    accounts::account,
    calls::call,
    evaluation::recruitment,
    types::{
        ids::{CallId, RecruitmentId},
        states::RecruitmentState,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// Sends a reminder in the name of whoever sent the invitation.
pub(super) async fn remind(tx: &Tx, rows: &Rows) -> Result<RecruitmentEvent> {
    may_remind(&rows.row)?;
    let (Some(by), Some(until)) = (rows.row.invited_by, rows.row.lapses_at) else {
        return Err(AppError::broken("an invitation without sender or end"));
    };
    let sender = account::Entity::find_by_id(by).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    let mut change: recruitment::ActiveModel = rows.row.clone().into();
    let sender = Sender { account: by, name: sender.name, message: rows.row.message.clone(), until };
    let letter = rows.letter(tx, &mut change, sender).await?;
    change.reminders = Set(rows.row.reminders + 1);
    change.reminded_at = Set(Some(tx.now()));
    change.update(tx.conn()).await?;
    Ok(RecruitmentEvent::Reminded { about: rows.about(), letter })
}

/// Reminds somebody who is silent, or lets the invitation lapse on its day.
#[derive(Clone)]
pub struct FollowUpRecruitment {
    pub call: CallId,
    pub recruitment: RecruitmentId,
}

impl Command for FollowUpRecruitment {
    const NEEDS: Permission = Permission::RecruitEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let rows = Rows::load(tx, self.call, self.recruitment).await?;
        match waiting(&rows.row).and_then(|waiting| due(&waiting, tx.now())) {
            Some(Due::Remind) => {
                let event = remind(tx, &rows).await?;
                Ok(tx.done(event, ()))
            }
            Some(Due::Lapse) => {
                let change = rows.advance(Step::Lapse)?;
                rows.take_link_back(tx).await?;
                change.update(tx.conn()).await?;
                Ok(tx.done(RecruitmentEvent::Lapsed { about: rows.about() }, ()))
            }
            Some(Due::Escalate) | None => Err(AppError::refused("not_due", "Nothing is due with this invitation.")),
        }
    }
}

/// Tells the secretariat of a call, in one mail, who did not answer two reminders.
#[derive(Clone)]
pub struct EscalateSilence(pub CallId);

impl Command for EscalateSilence {
    const NEEDS: Permission = Permission::RecruitEvaluators;
    type Output = usize;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<usize>> {
        let call = call::Entity::find_by_id(self.0).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let rows = recruitment::Entity::find()
            .filter(recruitment::Column::CallId.eq(self.0))
            .filter(recruitment::Column::State.eq(RecruitmentState::Invited))
            .order_by_asc(recruitment::Column::Name)
            .all(tx.conn())
            .await?;
        let mut names = Vec::new();
        for row in rows {
            if waiting(&row).and_then(|waiting| due(&waiting, tx.now())) != Some(Due::Escalate) {
                continue;
            }
            names.push(format!("{} ({})", row.name, row.email));
            let mut change: recruitment::ActiveModel = row.into();
            change.escalated_at = Set(Some(tx.now()));
            change.update(tx.conn()).await?;
        }
        if names.is_empty() {
            return Err(AppError::refused("not_due", "Nobody is silent."));
        }
        let told = names.len();
        Ok(tx.done(RecruitmentEvent::Escalated { call: self.0, call_title: call.title, names }, told))
    }
}
