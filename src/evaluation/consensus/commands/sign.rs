//! What reviewers answer and say.

use super::{Case, agree};
use crate::{
    evaluation::{
        consensus::{
            events::ConsensusEvent,
            rules::states::{answered, shown_to_reviewers},
        },
        rules::signature,
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::ForField},
};
use entity::{
    evaluation::{consensus_message, consensus_voice},
    types::{
        ids::{AccountId, ConsensusMessageId, ConsensusVoiceId, ProposalId},
        states::{ConsensusState, VoiceState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

/// Longest statement or message, in characters.
const STATEMENT: usize = 4_000;

/// Signs the draft as it was seen, by typing one's name. The last signature closes the consensus.
#[derive(Clone)]
pub struct SignConsensus {
    pub proposal: ProposalId,
    pub seen: i64,
    pub signed_name: String,
}

impl Command for SignConsensus {
    const NEEDS: Permission = Permission::WriteConsensus;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let case = Case::load(tx, self.proposal).await?;
        let mine = case.own(leave)?.clone();
        if mine.state == VoiceState::Signed {
            return Err(AppError::refused("signed_already", "You have signed this draft already."));
        }
        answerable(&case)?;
        case.not_changed(self.seen)?;
        let name = super::name_of(tx, leave.account()?).await?;
        signature(&self.signed_name, &name).for_field("signed_name")?;
        let mut change: consensus_voice::ActiveModel = mine.clone().into();
        change.state = Set(VoiceState::Signed);
        change.signed_name = Set(Some(name.clone()));
        change.statement = Set(String::new());
        change.answered_at = Set(Some(tx.now()));
        change.update(tx.conn()).await?;
        let signed = ConsensusEvent::Signed { about: case.about(), name };
        let state = settle(tx, &case, mine.id, VoiceState::Signed).await?;
        if state != ConsensusState::Agreed {
            return Ok(tx.done(signed, ()));
        }
        let rapporteur: AccountId = case.row.rapporteur_id.unwrap_or(mine.account_id);
        let changed = agree(tx, &case, rapporteur).await?;
        Ok(tx.done(signed, ()).and(ConsensusEvent::Agreed { about: case.about(), changed }))
    }
}

/// Writes down what one does not agree with.
#[derive(Clone)]
pub struct DisagreeConsensus {
    pub proposal: ProposalId,
    pub seen: i64,
    pub statement: String,
}

impl Command for DisagreeConsensus {
    const NEEDS: Permission = Permission::WriteConsensus;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let case = Case::load(tx, self.proposal).await?;
        let mine = case.own(leave)?.clone();
        answerable(&case)?;
        case.not_changed(self.seen)?;
        let statement = text::prose(&self.statement, STATEMENT).for_field("statement")?;
        if statement.is_empty() {
            return Err(AppError::invalid("statement", "Say what you do not agree with"));
        }
        let mut change: consensus_voice::ActiveModel = mine.clone().into();
        change.state = Set(VoiceState::Disagrees);
        change.signed_name = Set(None);
        change.statement = Set(statement.clone());
        change.answered_at = Set(Some(tx.now()));
        change.update(tx.conn()).await?;
        settle(tx, &case, mine.id, VoiceState::Disagrees).await?;
        Ok(tx.done(ConsensusEvent::Disagreed { about: case.about(), statement }, ()))
    }
}

/// Whether the draft is with the reviewers.
fn answerable(case: &Case) -> Result<()> {
    match case.row.state {
        ConsensusState::Signing | ConsensusState::Disputed => Ok(()),
        ConsensusState::Writing => {
            Err(AppError::refused("still_written", "The rapporteur still writes the draft; it cannot be signed yet."))
        }
        state => Err(AppError::refused(
            "consensus_state",
            format!("This consensus is in the state “{}”.", state.label().to_lowercase()),
        )),
    }
}

/// Moves the case to where the answers put it; an answer does not change the draft, so its version stays.
async fn settle(tx: &Tx, case: &Case, mine: ConsensusVoiceId, answer: VoiceState) -> Result<ConsensusState> {
    let voices: Vec<VoiceState> = case.voices.iter().map(|v| if v.id == mine { answer } else { v.state }).collect();
    let state = answered(&voices);
    let mut change: entity::evaluation::consensus::ActiveModel = case.row.clone().into();
    change.state = Set(state);
    if state == ConsensusState::Agreed {
        change.agreed_at = Set(Some(tx.now()));
    }
    change.update(tx.conn()).await?;
    Ok(state)
}

/// Says something in the discussion, as reviewer or officer.
#[derive(Clone)]
pub struct SayInConsensus {
    pub proposal: ProposalId,
    pub text: String,
}

impl Command for SayInConsensus {
    const NEEDS: Permission = Permission::ReadConsensus;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let case = Case::load(tx, self.proposal).await?;
        let by = leave.account()?;
        if !leave.may(Permission::ManageConsensus) {
            case.own(leave)?;
        }
        if !shown_to_reviewers(case.row.state) {
            return Err(AppError::refused("consensus_state", "There is no consensus to talk about at present."));
        }
        let said = text::prose(&self.text, STATEMENT).for_field("text")?;
        if said.is_empty() {
            return Err(AppError::invalid("text", "Write something"));
        }
        let row = consensus_message::ActiveModel {
            id: Set(tx.new_id::<ConsensusMessageId>()),
            consensus_id: Set(case.row.id),
            account_id: Set(by),
            text: Set(said),
            sent_at: Set(tx.now()),
        };
        consensus_message::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        // Reviewers may be nameless to each other; the mail does not tell what the page hides.
        let reviewer = case.voices.iter().any(|v| v.account_id == by);
        let name = match reviewer && !case.call.terms.evaluation.visibility.names {
            true => "A reviewer".to_owned(),
            false => super::name_of(tx, by).await?,
        };
        Ok(tx.done(ConsensusEvent::Said { about: case.about(), by, name }, ()))
    }
}
