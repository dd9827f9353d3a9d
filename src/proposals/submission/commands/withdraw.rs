//! Giving a submitted part up.

use super::super::{about::About, bundle::Bundle, events::SubmissionEvent};
use crate::{
    kernel::{Command, Done, Leave, Permission, Result, Subject, Tx},
    proposals::rules::PartStep,
};
use entity::types::ids::PartId;

/// Withdraws a submitted part before the decision; it cannot be taken up again.
#[derive(Clone)]
pub struct WithdrawPart(pub PartId);

impl Command for WithdrawPart {
    const NEEDS: Permission = Permission::SubmitPart;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let bundle = Bundle::load(tx.conn(), self.0).await?;
        super::step(tx, &bundle, PartStep::Withdraw, None).await?;
        super::end(tx, self.0).await?;
        Ok(tx.done(
            SubmissionEvent::Withdrawn {
                about: Box::new(About::of(&bundle)),
                agencies: super::agencies_concerned(&bundle),
            },
            (),
        ))
    }
}
