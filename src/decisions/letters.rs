//! The decision letter: the same words in the preview, on the applicant's page and in the PDF.

use super::queries::{Feedback, LetterDue};
use crate::{
    documents::letters::{DecisionLetter, Fact, Judged, Letterhead, Signature},
    kernel::Result,
};
use chrono::NaiveDate;
use entity::{
    accounts::account,
    organisations::membership,
    proposals::{part, team_member},
    types::{
        ids::{AccountId, OrganisationId, PartId},
        money::Money,
        states::{MembershipRole, MembershipState, Outcome},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::BTreeMap;

/// Days in which an applicant may ask for a review (as in joint ERA-NET calls, domain.md 2.3).
const REDRESS_DAYS: u32 = 30;

/// What was decided, in sentences.
pub fn paragraphs(outcome: Outcome, agency: &str, amount: Money, reason: &str, call: &str) -> Vec<String> {
    let first = match outcome {
        Outcome::Fund => format!("{agency} has decided to fund your part in the call {call} with at most {amount}."),
        Outcome::Reserve => format!(
            "{agency} has put your part in the call {call} on the reserve list. It will be funded if money becomes free."
        ),
        Outcome::Reject => format!("{agency} has decided not to fund your part in the call {call}."),
    };
    let mut all = vec![first];
    all.extend(reason.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned));
    all
}

/// The letter of a released decision.
pub fn letter(due: &LetterDue, today: NaiveDate) -> DecisionLetter {
    let feedback = &due.feedback;
    let said = paragraphs(feedback.outcome, &feedback.agency, feedback.amount, &feedback.reason, &feedback.call_title);
    let (outcome, reasons) = said.split_at(1);
    let subject = match feedback.outcome {
        Outcome::Fund => format!("Your part of “{}” will be funded", feedback.title),
        Outcome::Reserve => format!("Your part of “{}” is on the reserve list", feedback.title),
        Outcome::Reject => format!("Your part of “{}” will not be funded", feedback.title),
    };
    let mut addressee = vec![feedback.organisation.clone()];
    addressee.extend(due.contact.clone());
    DecisionLetter {
        language: "en".to_owned(),
        date: today,
        agency: Letterhead { name: feedback.agency.clone(), lines: Vec::new() },
        addressee,
        reference: feedback.code.clone(),
        call: feedback.call_title.clone(),
        code: feedback.code.clone(),
        subject,
        salutation: due.contact.as_ref().map_or("Dear applicant,".to_owned(), |name| format!("Dear {name},")),
        outcome: outcome.to_vec(),
        amount: (feedback.outcome == Outcome::Fund).then(|| Fact::new("Granted, at most", feedback.amount.to_string())),
        reasons: reasons.to_vec(),
        conditions: feedback.conditions.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect(),
        criteria: criteria(feedback),
        total: feedback.total.map(|t| t.to_string()),
        redress: vec![format!(
            "Within {REDRESS_DAYS} days of this letter you may ask the agency to review how the decision was made. \
             The evaluators' judgement itself is not reopened."
        )],
        signature: Signature { name: due.officer.clone(), role: feedback.agency.clone() },
        contact: None,
    }
}

fn criteria(feedback: &Feedback) -> Vec<Judged> {
    let judged = |c: &super::queries::JudgedCriterion| Judged {
        name: c.name.clone(),
        weight: c.weight.to_string(),
        threshold: c.threshold.map_or("–".to_owned(), |t| t.to_string()),
        points: c.mean.map_or("–".to_owned(), |m| m.to_string()),
        scale: c.highest.to_string(),
        comment: c.comments.join("\n\n"),
    };
    feedback.criteria.iter().map(judged).collect()
}

/// The addresses that will get the mail of each part: its team and the managers of its organisation.
pub(super) async fn people_of(db: &impl ConnectionTrait, parts: &[PartId]) -> Result<BTreeMap<PartId, Vec<String>>> {
    let rows = part::Entity::find()
        .select_only()
        .columns([part::Column::Id, part::Column::OrganisationId])
        .filter(part::Column::Id.is_in(parts.to_vec()))
        .into_tuple::<(PartId, OrganisationId)>()
        .all(db)
        .await?;
    let team = team_member::Entity::find()
        .select_only()
        .columns([team_member::Column::PartId, team_member::Column::AccountId])
        .filter(team_member::Column::PartId.is_in(parts.to_vec()))
        .into_tuple::<(PartId, AccountId)>()
        .all(db)
        .await?;
    let managers = membership::Entity::find()
        .select_only()
        .columns([membership::Column::OrganisationId, membership::Column::AccountId])
        .filter(membership::Column::OrganisationId.is_in(rows.iter().map(|(_, organisation)| *organisation)))
        .filter(membership::Column::Role.eq(MembershipRole::Manager))
        .filter(membership::Column::State.eq(MembershipState::Active))
        .into_tuple::<(OrganisationId, AccountId)>()
        .all(db)
        .await?;
    let accounts = team.iter().map(|(_, a)| *a).chain(managers.iter().map(|(_, a)| *a));
    let emails: BTreeMap<AccountId, String> = account::Entity::find()
        .filter(account::Column::Id.is_in(accounts))
        .all(db)
        .await?
        .into_iter()
        .map(|a| (a.id, a.email.to_string()))
        .collect();
    let mut people: BTreeMap<PartId, Vec<String>> = BTreeMap::new();
    for (part, organisation) in rows {
        let of_team = team.iter().filter(|(p, _)| *p == part).map(|(_, a)| a);
        let of_house = managers.iter().filter(|(o, _)| *o == organisation).map(|(_, a)| a);
        let mut all: Vec<String> = of_team.chain(of_house).filter_map(|a| emails.get(a).cloned()).collect();
        all.sort();
        all.dedup();
        people.insert(part, all);
    }
    Ok(people)
}
