//! The coordinator says what the consortium does.

use super::{events::Chosen, queries::Stranded};
use crate::{
    evaluation::rules::signature,
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, OnUnique},
    },
};
use entity::{
    accounts::account,
    decisions::stranded_choice,
    types::{ids::ProposalId, states::StrandedOption, text},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Answers for a stranded proposal, once.
#[derive(Clone)]
pub struct AnswerStranded {
    pub proposal: ProposalId,
    /// The word of an option, as it was chosen.
    pub choice: String,
    pub reason: String,
    pub signed_name: String,
}

impl Command for AnswerStranded {
    const NEEDS: Permission = Permission::AnswerStranded;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let Some(found) = Stranded::load(tx.conn(), self.proposal).await? else {
            return Err(AppError::refused("not_stranded", "This proposal is not stranded."));
        };
        if let Some(row) = &found.choice {
            let message = format!("It was answered already: {}.", row.choice.label().to_lowercase());
            return Err(AppError::refused("answered", message));
        }
        let signer = account::Entity::find_by_id(leave.account()?).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let mut errors = FieldErrors::default();
        let choice = errors.take("choice", self.choice.parse::<StrandedOption>().map_err(|_| "Choose one of these"));
        let reason = errors.take("choice_reason", text::prose(&self.reason, 2_000)).unwrap_or_default();
        if reason.is_empty() && errors.of("choice_reason").is_none() {
            errors.add("choice_reason", "Say why: the agencies read it");
        }
        errors.take("signed_name", signature(&self.signed_name, &signer.name));
        let today = tx.now().with_timezone(&found.call.terms.zone).date_naive();
        if let Some(why) = choice.and_then(|choice| found.barred(choice, today)) {
            errors.add("choice", why);
        }
        errors.done()?;
        let Some(choice) = choice else { return Err(AppError::invalid("choice", "Choose one of these")) };
        let row = stranded_choice::ActiveModel {
            id: Set(tx.new_id()),
            proposal_id: Set(self.proposal),
            choice: Set(choice),
            reason: Set(reason.clone()),
            chosen_by: Set(signer.id),
            chosen_at: Set(tx.now()),
            until: Set(found.until(choice)),
        };
        let twice = AppError::refused("answered", "It was answered at the same moment.");
        stranded_choice::Entity::insert(row).exec_without_returning(tx.conn()).await.on_unique(twice)?;
        let event = Chosen {
            call: found.call.id,
            proposal: self.proposal,
            agencies: found.line.parts.iter().map(|part| part.agency).collect(),
            code: found.proposal.code,
            title: found.proposal.title,
            choice,
            reason,
        };
        Ok(tx.done(event, ()))
    }
}
