//! What the rule of the call says once the sheets of a proposal are in.

use super::{Case, about, place, seat, unagree, voices_of};
use crate::{
    evaluation::consensus::{
        events::ConsensusEvent,
        queries::{Due, Facts, Given, sentence},
        rules::states::{Step, answered, next, rapporteur},
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    evaluation::{consensus, consensus_voice},
    types::{
        ids::{AccountId, ConsensusId, ProposalId},
        states::{ConsensusState, VoiceState},
        terms::CallTerms,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Applies the call's rule to a proposal: run by a job whenever a sheet comes in or drops out.
#[derive(Clone)]
pub struct ExamineSheets(pub ProposalId);

impl Command for ExamineSheets {
    const NEEDS: Permission = Permission::ManageConsensus;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let (proposal, call) = place(tx, self.0).await?;
        let facts = Facts::of(tx.conn(), [self.0]).await?.remove(&self.0).unwrap_or_default();
        let case = consensus::Entity::find().filter(consensus::Column::ProposalId.eq(self.0)).one(tx.conn()).await?;
        let voices = match &case {
            Some(case) => voices_of(tx, case).await?,
            None => Vec::new(),
        };
        let terms = &call.terms;
        let found: Vec<String> = facts.verdict(terms).found.iter().map(|f| sentence(f, terms)).collect();
        match Due::of(terms, &facts, case.as_ref(), &voices) {
            Due::Nothing => {
                Err(AppError::refused("nothing_due", "The sheets of this proposal ask for nothing at present."))
            }
            Due::AskThird => {
                let row = keep(tx, case, (call.id, self.0), Step::AskThird, &found).await?;
                let about = about(&row, &proposal, &call, &[]);
                Ok(tx.done(ConsensusEvent::ThirdAsked { about, found }, ()))
            }
            Due::Open => {
                let opened = Opening { reason: String::new(), by: None, rapporteur: None, due: None };
                open(tx, (&proposal, &call), case, &facts, opened).await
            }
            Due::Settle => {
                let row = keep(tx, case, (call.id, self.0), Step::Settle, &found).await?;
                Ok(tx.done(ConsensusEvent::Settled { about: about(&row, &proposal, &call, &voices) }, ()))
            }
            Due::Drop(account) => drop_out(tx, Case::load(tx, self.0).await?, account).await,
        }
    }
}

/// How a consensus is opened.
pub(super) struct Opening {
    pub reason: String,
    pub by: Option<AccountId>,
    pub rapporteur: Option<AccountId>,
    pub due: Option<chrono::DateTime<chrono::Utc>>,
}

/// Opens a consensus among everybody with a sheet.
pub(super) async fn open(
    tx: &Tx,
    (proposal, call): (&entity::proposals::proposal::Model, &entity::calls::call::Model),
    case: Option<consensus::Model>,
    facts: &Facts,
    opening: Opening,
) -> Result<Done<()>> {
    let terms = &call.terms;
    let found: Vec<String> = facts.verdict(terms).found.iter().map(|f| sentence(f, terms)).collect();
    let drafts = opening.rapporteur.or_else(|| nearest(facts, terms));
    let drafts = drafts.ok_or_else(|| AppError::refused("no_sheets", "Nobody has handed in a sheet yet."))?;
    let step = match case.as_ref().map(|c| c.state) {
        Some(ConsensusState::Agreed | ConsensusState::ToPanel) => Step::Reopen,
        _ => Step::Open,
    };
    if step == Step::Reopen {
        unagree(tx, proposal.id).await?;
    }
    let row = keep(tx, case, (call.id, proposal.id), step, &found).await?;
    seat(tx, &row, &facts.submitted).await?;
    let mut change: consensus::ActiveModel = row.into();
    change.rapporteur_id = Set(Some(drafts));
    change.reason = Set(opening.reason.clone());
    change.opened_by = Set(opening.by);
    change.opened_at = Set(tx.now());
    change.due_at = Set(opening.due);
    change.reminded = Set(0);
    change.sent_at = Set(None);
    change.agreed_at = Set(None);
    let row = change.update(tx.conn()).await?;
    let voices = voices_of(tx, &row).await?;
    let named = facts.submitted.iter().find(|g| g.account == drafts).map(|g| g.name.clone()).unwrap_or_default();
    let about = about(&row, proposal, call, &voices);
    Ok(tx.done(ConsensusEvent::Opened { about, found, rapporteur: named, reason: opening.reason }, ()))
}

/// The reviewer whose total is nearest the mean.
fn nearest(facts: &Facts, terms: &CallTerms) -> Option<AccountId> {
    let weights: Vec<i64> = terms.criteria.iter().map(|c| i64::from(c.weight.basis_points())).collect();
    let sheets = facts.sheets(terms);
    let totals: Vec<(usize, i64)> = sheets.iter().filter_map(|s| Some((s.evaluator, s.total(&weights)?))).collect();
    let place = rapporteur(&totals).or_else(|| (!facts.submitted.is_empty()).then_some(0))?;
    facts.submitted.get(place).map(|given: &Given| given.account)
}

/// Moves the case, or begins it.
async fn keep(
    tx: &Tx,
    case: Option<consensus::Model>,
    (call, proposal): (entity::types::ids::CallId, ProposalId),
    step: Step,
    found: &[String],
) -> Result<consensus::Model> {
    let divergence = serde_json::json!(found);
    if let Some(case) = case {
        let to = next(case.state, step).map_err(|e| AppError::refused("consensus_state", e.to_string()))?;
        let version = case.version + 1;
        let mut change: consensus::ActiveModel = case.into();
        change.state = Set(to);
        change.divergence = Set(divergence);
        change.version = Set(version);
        return Ok(change.update(tx.conn()).await?);
    }
    let state = if step == Step::AskThird { ConsensusState::ThirdReview } else { ConsensusState::Writing };
    let row = consensus::Model {
        id: tx.new_id::<ConsensusId>(),
        call_id: call,
        proposal_id: proposal,
        state,
        divergence,
        reason: String::new(),
        rapporteur_id: None,
        comment: String::new(),
        due_at: None,
        reminded: 0,
        opened_by: None,
        opened_at: tx.now(),
        sent_at: None,
        agreed_at: None,
        version: 1,
    };
    let new: consensus::ActiveModel = row.clone().into();
    consensus::Entity::insert(new.reset_all()).exec_without_returning(tx.conn()).await?;
    Ok(row)
}

/// Takes somebody out; what was signed with them is taken up again, and another one drafts if they did.
async fn drop_out(tx: &Tx, mut case: Case, account: AccountId) -> Result<Done<()>> {
    let name = super::name_of(tx, account).await?;
    for voice in case.voices.iter_mut().filter(|v| v.account_id == account) {
        let mut change: consensus_voice::ActiveModel = voice.clone().into();
        change.state = Set(VoiceState::Left);
        change.answered_at = Set(Some(tx.now()));
        *voice = change.update(tx.conn()).await?;
    }
    let was_agreed = case.row.state == ConsensusState::Agreed;
    let mut change = if was_agreed {
        unagree(tx, case.proposal.id).await?;
        case.take_back(tx).await?;
        case.advance(Step::Reopen)?
    } else if matches!(case.row.state, ConsensusState::Signing | ConsensusState::Disputed) {
        let voices: Vec<VoiceState> = case.voices.iter().map(|v| v.state).collect();
        // Agreement by a departure is no agreement: the draft is written anew.
        match answered(&voices) {
            ConsensusState::Agreed => {
                case.take_back(tx).await?;
                case.advance(Step::Revise)?
            }
            state => case.moved(state),
        }
    } else {
        case.moved(case.row.state)
    };
    if case.row.rapporteur_id == Some(account) {
        let next = case.voices.iter().find(|v| v.state != VoiceState::Left).map(|v| v.account_id);
        change.rapporteur_id = Set(next);
    }
    change.agreed_at = Set(None);
    change.update(tx.conn()).await?;
    Ok(tx.done(ConsensusEvent::Left { about: case.about(), name }, ()))
}
