//! The rows of the platform as the values the rules compare: everybody of a call against every party of every
//! proposal.

mod nodes;
mod people;
mod proposals;

use super::rules::{self, Conflicts, Kind, Link, Rule, Side};
use crate::kernel::{AppError, Result, secret};
use chrono::NaiveDate;
use entity::{
    calls::call,
    organisations::organisation_link,
    types::{
        ids::{AccountId, CallId, ProposalId},
        states::{FindingKind, FindingStrength},
    },
};
use nodes::Nodes;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// Longest text kept of either side, in characters.
const TEXT: usize = 254;

/// One tie as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    pub account: AccountId,
    pub kind: FindingKind,
    pub strength: FindingStrength,
    pub party: String,
    pub own: String,
    pub met: String,
    /// Names along the links of ownership, one a line.
    pub path: String,
    pub on: Option<NaiveDate>,
    pub fingerprint: String,
}

/// Everything found in a call.
#[derive(Debug, Clone)]
pub struct Screened {
    /// By proposal, each once, also those without a finding.
    pub found: Vec<(ProposalId, Vec<Tie>)>,
    /// How many people were looked up.
    pub people: usize,
}

/// Compares everybody of a call, or one person, with all its proposals, or one.
///
/// # Errors
/// `NotFound` when there is no such call.
pub async fn screen(
    db: &impl ConnectionTrait,
    id: CallId,
    today: NaiveDate,
    only: Option<AccountId>,
) -> Result<Screened> {
    let call = call::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)?;
    let rule = Rule::of(&call.terms.evaluation.conflicts, today);
    let mut nodes = Nodes::load(db, today).await?;
    let people = people::load(db, id, only).await?;
    let found = proposals::of_call(db, id, &mut nodes).await?;
    let past = proposals::before(db, id, &rule, &mut nodes).await?;
    let links = links(db, &mut nodes).await?;
    let (ids, values): (Vec<ProposalId>, Vec<rules::Proposal>) = found.into_iter().unzip();
    let persons: Vec<rules::Person> = people.iter().map(|one| one.value.clone()).collect();
    let named = values.clone();
    let conflicts = Conflicts::new(rule, &nodes.all, &links, &past, &persons, values);
    let mut all = Vec::new();
    for (at, proposal) in ids.into_iter().enumerate() {
        let mut ties: Vec<Tie> = Vec::new();
        for finding in conflicts.of(at) {
            let who = &people[finding.evaluator];
            // Rivals and countries are a matter of judging, not of running the call.
            if !who.evaluator && matches!(finding.kind, Kind::Rival | Kind::SameCountry) {
                continue;
            }
            let tie = tie(&nodes, &named[at], who.account, finding);
            if !ties.iter().any(|t| t.account == tie.account && t.fingerprint == tie.fingerprint) {
                ties.push(tie);
            }
        }
        all.push((proposal, ties));
    }
    Ok(Screened { found: all, people: people.len() })
}

fn tie(nodes: &Nodes, proposal: &rules::Proposal, account: AccountId, finding: rules::Finding) -> Tie {
    let party = match finding.side {
        Side::Organisation(place) => nodes.name(place),
        Side::Person(place) => proposal.people.get(place).map(|one| one.name.clone()).unwrap_or_default(),
        Side::Whole => String::new(),
    };
    let cut = |text: &str| text.chars().take(TEXT).collect::<String>();
    let path: Vec<String> = finding.path.iter().map(|place| nodes.name(*place)).collect();
    let (party, own, met) = (cut(&party), cut(&finding.own), cut(&finding.met));
    let kind = finding.kind.key().parse().unwrap_or(FindingKind::Declared);
    let strength = finding.strength.key().parse().unwrap_or(FindingStrength::Hint);
    Tie {
        account,
        kind,
        strength,
        fingerprint: secret::hash(&[kind.word(), &party, &own, &met].join("\n")),
        party,
        own,
        met,
        path: if finding.kind == Kind::Ownership { path.join("\n") } else { String::new() },
        on: finding.on,
    }
}

/// Who owns whom, as managers state it.
async fn links(db: &impl ConnectionTrait, nodes: &mut Nodes) -> Result<Vec<Link>> {
    let rows =
        organisation_link::Entity::find().filter(organisation_link::Column::WithdrawnAt.is_null()).all(db).await?;
    let link = |row: organisation_link::Model| {
        let owner = match row.owner_id {
            Some(id) => nodes.of(id)?,
            None => nodes.named(&row.owner_name, row.owner_number.as_deref(), row.owner_country),
        };
        let share = row.share.map(|share| u32::try_from(share.basis_points()).unwrap_or_default());
        Some(Link { owner, owned: nodes.of(row.owned_id)?, share })
    };
    Ok(rows.into_iter().filter_map(link).collect())
}
