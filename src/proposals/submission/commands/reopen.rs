//! Taking a submitted part back to change it.

use super::super::{about::About, bundle::Bundle, events::SubmissionEvent};
use crate::{
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
    proposals::rules::{PartStep, check_deadline},
};
use entity::types::{ids::PartId, states::CallState};

/// Opens a submitted part again before its agency's deadline; until it is submitted anew, nothing is submitted.
#[derive(Clone)]
pub struct ReopenPart(pub PartId);

impl Command for ReopenPart {
    const NEEDS: Permission = Permission::SubmitPart;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let bundle = Bundle::load(tx.conn(), self.0).await?;
        if let Some(late) = check_deadline(&bundle.own().annex.terms, tx.now()) {
            return Err(AppError::refused("deadline_passed", format!("{}. What you submitted stands.", late.message)));
        }
        if bundle.dossier.call.state != CallState::Open {
            return Err(AppError::refused("call_not_open", "The call is not open; what you submitted stands."));
        }
        super::step(tx, &bundle, PartStep::Reopen, None).await?;
        let number = super::end(tx, self.0).await?.unwrap_or_default();
        Ok(tx.done(SubmissionEvent::Reopened { about: Box::new(About::of(&bundle)), number }, ()))
    }
}
