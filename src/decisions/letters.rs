//! The decision letter and the evaluation summary: the same words in the preview, on the applicant's page and in the
//! PDF.

use super::{
    queries::{Feedback, JudgedCriterion, LetterDue},
    rules::REDRESS_DAYS,
};
use crate::{
    documents::letters::{DecisionLetter, EvaluationSummary, Fact, Judged, Letterhead, Signature, Step},
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
        period,
        points::Points,
        states::{MembershipRole, MembershipState, Outcome},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::BTreeMap;

/// The outcome in one sentence; `reserve` is the place on the agency's reserve list and its last day.
pub fn outcome(
    outcome: Outcome,
    agency: &str,
    amount: Money,
    call: Option<&str>,
    reserve: Option<(i32, NaiveDate)>,
) -> String {
    let part = call.map_or_else(|| "your part".to_owned(), |call| format!("your part in the call {call}"));
    match outcome {
        // Cooperation and extended partners of a call pay nothing (call texts of 2016 and 2017).
        Outcome::Fund if amount.minor == 0 => format!(
            "{agency} has decided that {part} takes part in the project. It asks for no money of this call and gets none."
        ),
        Outcome::Fund => format!("{agency} has decided to fund {part} with at most {amount}."),
        Outcome::Reserve => {
            let place = reserve.map_or_else(
                || "on the reserve list".to_owned(),
                |(place, until)| {
                    format!("at place {place} of its reserve list, which holds until {}", period::day(until))
                },
            );
            format!("{agency} has put {part} {place}. It will be funded if money becomes free.")
        }
        Outcome::Reject => format!("{agency} has decided not to fund {part}."),
    }
}

/// What was decided, in sentences: the outcome, then the reasons.
pub fn paragraphs(feedback: &Feedback) -> Vec<String> {
    let f = feedback;
    let mut all = vec![outcome(f.outcome, &f.agency, f.amount, Some(&f.call_title), f.reserve)];
    all.extend(f.reason.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned));
    all
}

/// How to object, and until when.
pub fn redress() -> String {
    format!(
        "Within {REDRESS_DAYS} days of this letter you may ask the agency to review how the decision was made. \
         The evaluators' judgement itself is not reopened."
    )
}

/// The letter of a decision.
pub fn letter(due: &LetterDue, today: NaiveDate) -> DecisionLetter {
    let feedback = &due.feedback;
    let said = paragraphs(feedback);
    let (outcome, reasons) = said.split_at(1);
    let paid = feedback.amount.minor > 0;
    let subject = match feedback.outcome {
        Outcome::Fund if !paid => format!("Your part of “{}” takes part without a grant", feedback.title),
        Outcome::Fund => format!("Your part of “{}” will be funded", feedback.title),
        Outcome::Reserve => format!("Your part of “{}” is on the reserve list", feedback.title),
        Outcome::Reject => format!("Your part of “{}” will not be funded", feedback.title),
    };
    let granted = feedback.outcome == Outcome::Fund && paid;
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
        amount: granted.then(|| Fact::new("Granted, at most", feedback.amount.to_string())),
        reasons: reasons.to_vec(),
        conditions: feedback.conditions.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect(),
        criteria: criteria(feedback),
        total: feedback.total.map(|t| t.to_string()),
        remarks: feedback.comments.clone(),
        redress: vec![redress()],
        signature: Signature {
            name: due.officer.clone().unwrap_or_else(|| feedback.agency.clone()),
            role: "Officer of the agency".to_owned(),
        },
        contact: None,
    }
}

/// What the evaluators said, printed to go with the letter; none when nobody evaluated.
pub fn summary(due: &LetterDue, today: NaiveDate) -> Option<EvaluationSummary> {
    let feedback = &due.feedback;
    let evaluated_by = match feedback.evaluators {
        0 => return None,
        1 => "1 evaluator".to_owned(),
        n => format!("{n} evaluators, each for themselves"),
    };
    let highest = feedback.criteria.first().map(|c| c.highest)?;
    Some(EvaluationSummary {
        language: "en".to_owned(),
        date: today,
        issuer: feedback.call_title.clone(),
        call: feedback.call_title.clone(),
        title: feedback.title.clone(),
        code: feedback.code.clone(),
        coordinator: due.coordinator.clone(),
        evaluated_by,
        total: feedback.total.map_or("–".to_owned(), |t| format!("{t} of {highest}")),
        band: feedback.place.map(|(place, all)| format!("Place {place} of {all} ranked proposals.")),
        criteria: criteria(feedback),
        remarks: feedback.comments.clone(),
        distribution: feedback.total.map(|own| distribution(&due.totals, own, highest)).unwrap_or_default(),
    })
}

/// How many proposals reached which whole number of points, the highest last.
fn distribution(totals: &[i32], own: Points, highest: Points) -> Vec<Step> {
    let last = (highest.as_hundredths() / 100 - 1).max(0);
    let band = |hundredths: i32| (hundredths / 100).clamp(0, last);
    let step = |n: i32| {
        let end = if n == last { highest.to_string() } else { Points::hundredths(n * 100 + 99).to_string() };
        Step {
            label: format!("{} – {end}", Points::hundredths(n * 100)),
            count: u32::try_from(totals.iter().filter(|t| band(**t) == n).count()).unwrap_or(u32::MAX),
            own: band(own.as_hundredths()) == n,
        }
    };
    (0..=last).map(step).collect()
}

fn criteria(feedback: &Feedback) -> Vec<Judged> {
    let judged = |c: &JudgedCriterion| Judged {
        name: c.name.clone(),
        weight: c.weight.to_string(),
        threshold: c.threshold.map_or("–".to_owned(), |t| t.to_string()),
        points: c.mean.map_or("–".to_owned(), |m| m.to_string()),
        scale: c.highest.to_string(),
        comment: agreed(c).into_iter().chain(c.comments.iter().cloned()).collect::<Vec<_>>().join("\n\n"),
    };
    feedback.criteria.iter().map(judged).collect()
}

/// Whose points these are, when they are not the mean of the evaluators' own.
pub fn agreed(criterion: &JudgedCriterion) -> Option<String> {
    criterion.agreed.map(|source| format!("Points agreed by the {}.", source.label().trim_start_matches("the ")))
}

/// The addresses that will get the mail of each part: its team, of an unpaid part without a team its contact,
/// and the managers of its organisation.
pub(super) async fn people_of(db: &impl ConnectionTrait, parts: &[PartId]) -> Result<BTreeMap<PartId, Vec<String>>> {
    let rows = part::Entity::find()
        .select_only()
        .columns([part::Column::Id, part::Column::OrganisationId, part::Column::ContactId])
        .filter(part::Column::Id.is_in(parts.to_vec()))
        .into_tuple::<(PartId, OrganisationId, Option<AccountId>)>()
        .all(db)
        .await?;
    let mut team = team_member::Entity::present()
        .select_only()
        .columns([team_member::Column::PartId, team_member::Column::AccountId])
        .filter(team_member::Column::PartId.is_in(parts.to_vec()))
        .into_tuple::<(PartId, AccountId)>()
        .all(db)
        .await?;
    let unpaid = part::Entity::find()
        .select_only()
        .column(part::Column::Id)
        .filter(part::Column::Id.is_in(parts.to_vec()))
        .filter(part::Column::RequestedMinor.eq(0))
        .into_tuple::<PartId>()
        .all(db)
        .await?;
    let alone = rows.iter().filter(|(id, ..)| unpaid.contains(id) && team.iter().all(|(part, _)| part != id));
    let contacts: Vec<(PartId, AccountId)> = alone.filter_map(|(id, _, contact)| Some((*id, (*contact)?))).collect();
    team.extend(contacts);
    let managers = membership::Entity::find()
        .select_only()
        .columns([membership::Column::OrganisationId, membership::Column::AccountId])
        .filter(membership::Column::OrganisationId.is_in(rows.iter().map(|(_, organisation, _)| *organisation)))
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
    for (part, organisation, _) in rows {
        let of_team = team.iter().filter(|(p, _)| *p == part).map(|(_, a)| a);
        let of_house = managers.iter().filter(|(o, _)| *o == organisation).map(|(_, a)| a);
        let mut all: Vec<String> = of_team.chain(of_house).filter_map(|a| emails.get(a).cloned()).collect();
        all.sort();
        all.dedup();
        people.insert(part, all);
    }
    Ok(people)
}
