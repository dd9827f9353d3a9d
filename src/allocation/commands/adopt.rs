//! A scenario is adopted: its minutes are signed, and decisions follow from it.

use super::{about, event, seen, step};
use crate::{
    allocation::{
        events::Deed,
        queries::{Ground, against, kept},
        rules::{Input, Outcome, Settings, Step},
    },
    evaluation::rules::signature,
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, OnUnique},
        secret,
    },
};
use entity::{
    accounts::account,
    allocation::scenario,
    types::{
        ids::{CallId, OrganisationId, ProposalId, ScenarioId},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

/// Adopts a scenario with signed minutes.
#[derive(Clone)]
pub struct AdoptScenario {
    pub call: CallId,
    pub scenario: ScenarioId,
    pub seen: i64,
    pub reason: String,
    pub signed_name: String,
}

impl Command for AdoptScenario {
    const NEEDS: Permission = Permission::AdoptScenario;
    /// The digest of the minutes.
    type Output = String;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<String>> {
        let row = seen(tx, self.call, self.scenario, self.seen).await?;
        let signer = account::Entity::find_by_id(leave.account()?).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let mut errors = FieldErrors::default();
        let reason = errors.take("reason", text::prose(&self.reason, 2_000)).unwrap_or_default();
        if reason.is_empty() && errors.is_empty() {
            errors.add("reason", "Say why this scenario and no other; it stands in the minutes");
        }
        errors.take("signed_name", signature(&self.signed_name, &signer.name));
        errors.done()?;
        let ground = Ground::load(tx.conn(), self.call).await?;
        if let Some(error) = against(tx.conn(), leave, &row, &ground).await? {
            return Err(error);
        }
        let Some(kept) = kept(&row)? else { return Err(AppError::broken("a computed scenario holds nothing")) };
        let said = Minutes {
            ground: &ground,
            row: &row,
            settings: &kept.settings,
            input: &kept.input,
            outcome: &kept.outcome,
        };
        let minutes = said.text(&signer.name, &reason, tx);
        let digest = secret::hash(&minutes);
        let about = about(&row);
        let mut change = step(row, Step::Adopt)?;
        change.reason = Set(reason.clone());
        change.adopted_by = Set(Some(signer.id));
        change.adopted_at = Set(Some(tx.now()));
        change.minutes = Set(Some(minutes));
        change.minutes_digest = Set(Some(digest.clone()));
        let twice = AppError::refused("adopted_already", "Another scenario was adopted at the same moment.");
        change.update(tx.conn()).await.on_unique(twice)?;
        let (ranking, funded) = (kept.input.ranking, kept.outcome.scenario.funded);
        Ok(tx.done(event(about, Deed::Adopted { ranking, digest: digest.clone(), funded, reason }), digest))
    }
}

/// What is signed.
struct Minutes<'a> {
    ground: &'a Ground,
    row: &'a scenario::Model,
    settings: &'a Settings,
    input: &'a Input,
    outcome: &'a Outcome,
}

impl Minutes<'_> {
    fn text(&self, signer: &str, reason: &str, tx: &Tx) -> String {
        let scenario = &self.outcome.scenario;
        let agency = |id: OrganisationId| self.ground.name(id).to_owned();
        let lines: Vec<Value> = scenario
            .lines
            .iter()
            .map(|line| {
                json!({
                    "proposal": self.code(line.proposal),
                    "rank": line.rank,
                    "outcome": line.verdict,
                    "parts": line.parts.iter().map(|part| json!({
                        "part": part.part,
                        "agency": agency(part.agency),
                        "asked": part.asked,
                        "granted": part.granted,
                        "from_the_pot": part.filled,
                        "outcome": part.fate,
                    })).collect::<Vec<_>>(),
                    "lacking": line.lacking.iter().map(|(id, money)| json!({ "agency": agency(*id), "amount": money }))
                        .collect::<Vec<_>>(),
                })
            })
            .collect();
        let agencies: Vec<Value> = scenario
            .agencies
            .iter()
            .map(|line| {
                json!({
                    "agency": agency(line.agency),
                    "budget": line.budget,
                    "asked": line.asked,
                    "granted": line.granted,
                    "left": line.left,
                })
            })
            .collect();
        let top_up = self.outcome.top_up.as_ref().map(|all| {
            let lines = all.lines.iter().map(|line| json!({ "proposal": self.code(line.proposal), "paid": line.paid }));
            json!({ "money": all.money, "left": all.left, "lines": lines.collect::<Vec<_>>() })
        });
        json!({
            "call": self.ground.call.code,
            "ranking": self.input.ranking,
            "ranking_digest": self.input.signed,
            "scenario": self.row.name,
            "strategy": self.settings.summary(),
            "settings": self.settings,
            "input_digest": self.row.digest,
            "signed_by": signer,
            "signed_at": tx.now(),
            "reason": reason,
            "funded": scenario.funded,
            "granted": scenario.granted,
            "pot": scenario.pot,
            "agencies": agencies,
            "lines": lines,
            "left_out": self.input.left_out.len(),
            "top_up": top_up,
        })
        .to_string()
    }

    fn code(&self, proposal: ProposalId) -> &str {
        self.input.candidates.iter().find(|one| one.proposal == proposal).map_or("", |one| one.code.as_str())
    }
}
