//! What officers do: propose a verdict, confirm a colleague's, return it.

use super::{
    events::{About, EligibilityEvent},
    queries::{Case, Findings},
    rules::{self, Judgement},
};
use crate::{
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, OnUnique},
    },
    proposals::{rules::PartStep, states::commands::advance},
};
use entity::{
    accounts::account,
    eligibility::eligibility_check,
    types::{
        ids::{AccountId, CheckId, PartId},
        states::{CheckState, PartState, Verdict},
        terms::Keys,
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

/// Longest note beside an answer and longest text for the applicant, in characters.
const NOTE: usize = 1_000;
const TEXT: usize = 5_000;

/// Proposes a verdict on a part; a colleague has to confirm it.
#[derive(Clone)]
pub struct ProposeCheck {
    pub part: PartId,
    /// The version of the check the officer saw; 0 when there was none.
    pub seen: i64,
    pub judgement: Judgement,
}

impl Command for ProposeCheck {
    const NEEDS: Permission = Permission::CheckPart;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let officer = leave.account()?;
        let case = Case::load(tx.conn(), leave, self.part).await?;
        open(&case)?;
        not_changed(tx, &case, self.seen).await?;
        if let Some(check) = case.check.as_ref().filter(|c| c.state == CheckState::Proposed)
            && rules::may_judge(check.proposed_by, officer)
        {
            return Err(AppError::refused(
                "already_proposed",
                "A colleague has proposed a verdict. Confirm it, or return it with a note.",
            ));
        }
        let judgement = clean(&case, self.judgement)?;
        let verdict = judgement.verdict.ok_or_else(|| AppError::invalid("verdict", "Choose a verdict"))?;
        let automatic = case.found.iter().map(|(t, m)| (t.label().to_owned(), m.clone())).collect();
        let findings = serde_json::to_value(Findings { answers: judgement.answers, automatic })?;
        let mut row = match case.check.clone() {
            Some(check) => check.into(),
            None => eligibility_check::ActiveModel { part_id: Set(self.part), ..Default::default() },
        };
        row.findings = Set(findings);
        row.verdict = Set(verdict);
        row.reasons = Set(Keys(judgement.reasons.clone()));
        row.note = Set(judgement.note);
        row.state = Set(CheckState::Proposed);
        row.proposed_by = Set(officer);
        row.proposed_at = Set(tx.now());
        row.confirmed_by = Set(None);
        row.confirmed_at = Set(None);
        row.version = Set(self.seen + 1);
        if case.check.is_some() {
            row.update(tx.conn()).await?;
        } else {
            row.id = Set(tx.new_id::<CheckId>());
            row.returned_note = Set(String::new());
            let meanwhile = AppError::Stale { by: "a colleague".into(), at: tx.now(), version: 1 };
            eligibility_check::Entity::insert(row).exec_without_returning(tx.conn()).await.on_unique(meanwhile)?;
        }
        let event = EligibilityEvent::Proposed { about: about(&case), verdict, reasons: judgement.reasons };
        Ok(tx.done(event, ()))
    }
}

/// Confirms what a colleague proposed; the part moves and its team is told.
#[derive(Clone)]
pub struct ConfirmCheck {
    pub part: PartId,
    pub seen: i64,
}

impl Command for ConfirmCheck {
    const NEEDS: Permission = Permission::CheckPart;
    type Output = PartState;

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<PartState>> {
        let case = Case::load(tx.conn(), leave, self.part).await?;
        open(&case)?;
        not_changed(tx, &case, self.seen).await?;
        let (check, officer) = proposed_by_other(&case, leave)?;
        let (verdict, reasons, note) = (check.verdict, check.reasons.0.clone(), check.note.clone());
        let mut row: eligibility_check::ActiveModel = check.into();
        row.state = Set(CheckState::Confirmed);
        row.confirmed_by = Set(Some(officer));
        row.confirmed_at = Set(Some(tx.now()));
        row.version = Set(self.seen + 1);
        row.update(tx.conn()).await?;
        let step = match verdict {
            Verdict::Eligible => PartStep::DeclareEligible,
            Verdict::Ineligible => PartStep::DeclareIneligible,
        };
        let state = advance(tx, self.part, step).await?;
        let event = EligibilityEvent::Confirmed { about: about(&case), verdict, reasons, note };
        Ok(tx.done(event, state))
    }
}

/// Gives a proposed verdict back to the colleague who proposed it.
#[derive(Clone)]
pub struct ReturnCheck {
    pub part: PartId,
    pub seen: i64,
    pub note: String,
}

impl Command for ReturnCheck {
    const NEEDS: Permission = Permission::CheckPart;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let case = Case::load(tx.conn(), leave, self.part).await?;
        open(&case)?;
        not_changed(tx, &case, self.seen).await?;
        let (check, _) = proposed_by_other(&case, leave)?;
        let note = text::prose(&self.note, TEXT).map_err(|e| AppError::invalid("returned_note", e.0))?;
        if note.trim().is_empty() {
            return Err(AppError::invalid("returned_note", "Say what your colleague should look at"));
        }
        let mut row: eligibility_check::ActiveModel = check.into();
        row.state = Set(CheckState::Returned);
        row.returned_note = Set(note.clone());
        row.version = Set(self.seen + 1);
        row.update(tx.conn()).await?;
        Ok(tx.done(EligibilityEvent::Returned { about: about(&case), note }, ()))
    }
}

fn open(case: &Case) -> Result<()> {
    match case.part().row.state {
        PartState::Submitted => Ok(()),
        state => Err(AppError::refused(
            "part_state",
            format!("This part is in the state “{}”; it can no longer be checked.", state.label()),
        )),
    }
}

async fn not_changed(tx: &Tx, case: &Case, seen: i64) -> Result<()> {
    let Some(check) = case.check.as_ref().filter(|c| c.version != seen) else {
        return if case.check.is_none() && seen != 0 { Err(AppError::NotFound) } else { Ok(()) };
    };
    let last = check.confirmed_by.unwrap_or(check.proposed_by);
    let by = account::Entity::find_by_id(last).one(tx.conn()).await?.map(|a| a.name).unwrap_or_default();
    let at = check.confirmed_at.unwrap_or(check.proposed_at);
    Err(AppError::Stale { by, at, version: check.version })
}

fn proposed_by_other(case: &Case, leave: Leave<'_>) -> Result<(eligibility_check::Model, AccountId)> {
    let officer = leave.account()?;
    let check = case.check.clone().filter(|c| c.state == CheckState::Proposed);
    let check =
        check.ok_or_else(|| AppError::refused("nothing_proposed", "There is no verdict waiting to be confirmed."))?;
    if !rules::may_judge(check.proposed_by, officer) {
        return Err(AppError::refused(
            "four_eyes",
            "You proposed this verdict yourself. A second officer has to confirm or return it.",
        ));
    }
    Ok((check, officer))
}

/// The judgement with clean texts, when nothing is missing.
fn clean(case: &Case, mut judgement: Judgement) -> Result<Judgement> {
    let items = case.items();
    judgement.answers.retain(|answer| items.iter().any(|item| item.key == answer.key));
    let mut errors = FieldErrors::default();
    for answer in &mut judgement.answers {
        let field = format!("note-{}", answer.key);
        if let Some(note) = errors.take(&field, text::prose(&answer.note, NOTE)) {
            answer.note = note;
        }
    }
    if let Some(note) = errors.take("note", text::prose(&judgement.note, TEXT)) {
        judgement.note = note;
    }
    for (field, message) in rules::missing(&items, &judgement) {
        errors.add(field, message);
    }
    errors.done()?;
    Ok(judgement)
}

fn about(case: &Case) -> About {
    let part = case.part();
    About {
        part: part.row.id,
        proposal: case.dossier.proposal.id,
        call: case.dossier.call.id,
        call_title: case.dossier.call.title.clone(),
        code: case.dossier.proposal.code.clone(),
        title: case.dossier.proposal.title.clone(),
        organisation: part.organisation.name.clone(),
        agency: part.agency.name.clone(),
    }
}
