//! One part with everything that is filled in there.

use super::super::rules::{Budget, Contribution, Cost, targets_digest};
use crate::{
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
    proposals::{
        Place,
        dossier::{self, Dossier, Head, PartFile, PartHead, check},
        rules::{BudgetSums, Finding, activities::blocked, sums},
    },
};
use chrono::NaiveDate;
use entity::{
    proposals::{cost_line, funding_line, part},
    types::{
        country::Country,
        ids::{AccountId, ActivityLineId, PartId, ParticipantId},
        money::{Currency, Money},
        states::{LabelLevel, SizeClass, TeamRole},
        terms::{AnnexTerms, Kpi, Months, Named},
    },
};
use sea_orm::EntityTrait;
use std::collections::BTreeMap;

/// A part, for its people and the coordinator.
pub struct PartOf(pub PartId);

#[derive(Debug, Clone)]
pub struct PartView {
    pub head: Head,
    pub part: PartHead,
    /// Why it cannot be changed by the reader; none when it can.
    pub fixed: Option<String>,
    pub version: i64,
    pub country: Country,
    pub agency_country: Country,
    pub terms: AnnexTerms,
    pub duration: Months,
    pub call_currency: Currency,
    /// The call's kinds of activities, with the reason when the home agency does not support one.
    pub kinds: Vec<Kind>,
    pub categories: Vec<Named>,
    pub declarations: Vec<Named>,
    /// Whether each company says what it brings.
    pub commitments: bool,
    pub kpis: Vec<Kpi>,
    pub companies: Vec<Company>,
    pub activities: Vec<ActivityRow>,
    pub budget: Budget,
    pub sums: BudgetSums,
    pub targets: BTreeMap<String, i64>,
    pub targets_seen: String,
    pub contact: Option<AccountId>,
    pub contact_name: String,
    pub signatory: String,
    pub signatory_email: String,
    pub people: Vec<Person>,
    pub label: Option<(LabelLevel, NaiveDate)>,
    /// What the rules say, with the section it belongs to; fields of costs are `cost.0` and so on.
    pub findings: Vec<(&'static str, Finding)>,
    pub sections: Vec<check::SectionStatus>,
}

#[derive(Debug, Clone)]
pub struct Kind {
    pub key: String,
    pub label: String,
    pub blocked: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Company {
    pub id: ParticipantId,
    pub name: String,
    pub registration_no: String,
    pub country: Country,
    pub size_class: SizeClass,
    pub contact_name: String,
    pub contact_email: String,
    pub role: String,
    pub notice_given: bool,
    pub declarations: Vec<String>,
    pub cash: Option<Money>,
    pub in_kind: Option<Money>,
    pub version: i64,
}

#[derive(Debug, Clone)]
pub struct ActivityRow {
    pub id: ActivityLineId,
    pub activity: String,
    pub title: String,
    pub description: String,
    pub place: String,
    pub start_month: i32,
    pub end_month: i32,
    pub participants: i32,
    pub version: i64,
}

/// Somebody who works on the part.
#[derive(Debug, Clone)]
pub struct Person {
    pub account: AccountId,
    pub name: String,
    pub email: String,
    pub role: TeamRole,
}

impl PartView {
    /// What the rules say about one section.
    pub fn findings_in(&self, section: &str) -> Vec<&Finding> {
        self.findings.iter().filter(|(s, _)| *s == section).map(|(_, finding)| finding).collect()
    }

    /// What the rules say about one line or field.
    pub fn findings_at(&self, field: &str) -> Vec<&Finding> {
        self.findings.iter().map(|(_, finding)| finding).filter(|f| f.field == field).collect()
    }

    /// The words for a key of a list of the call.
    pub fn kind(&self, key: &str) -> String {
        self.kinds.iter().find(|k| k.key == key).map_or_else(|| key.to_owned(), |k| k.label.clone())
    }

    pub fn category(&self, key: &str) -> String {
        self.categories.iter().find(|c| c.key == key).map_or_else(|| key.to_owned(), |c| c.label.clone())
    }
}

impl Query for PartOf {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = PartView;

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<PartView> {
        let row = part::Entity::find_by_id(self.0).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        let dossier = dossier::load(db.conn(), row.proposal_id).await?;
        let part = dossier.seen_part(leave, self.0)?;
        let today = dossier.today(part, db.now());
        Ok(view(&dossier, part, leave, today))
    }
}

fn view(dossier: &Dossier, part: &PartFile, leave: Leave<'_>, today: NaiveDate) -> PartView {
    let terms = &part.annex.terms;
    let call = dossier.terms();
    let place = Place::Part(part.row.id);
    let kinds = call.activities.iter().map(|a| Kind {
        key: a.key.clone(),
        label: a.label.clone(),
        blocked: blocked(call, &part.agency.name, terms, &a.key),
    });
    let targets: BTreeMap<String, i64> = part.targets.iter().map(|t| (t.kpi.clone(), t.target)).collect();
    let ordered: Vec<(String, i64)> =
        call.kpis.iter().filter_map(|k| targets.get(&k.key).map(|n| (k.key.clone(), *n))).collect();
    let (costs, funding) = check::money(part);
    let ids: Vec<ActivityLineId> = part.activities.iter().map(|a| a.id).collect();
    let mut findings = check::findings_of_part(dossier, part, today);
    for (_, finding) in &mut findings {
        if let Some(at) = part.costs.iter().position(|c| c.id.to_string() == finding.field) {
            finding.field = format!("cost.{at}");
        }
    }
    PartView {
        head: dossier.head(leave),
        part: dossier.part_head(part, leave),
        fixed: dossier.why_fixed(leave, place),
        version: part.row.version,
        country: part.organisation.country,
        agency_country: part.agency.country,
        duration: call.duration,
        call_currency: call.currency,
        kinds: kinds.collect(),
        categories: call.cost_categories.clone(),
        declarations: call.declarations.clone(),
        commitments: call.consortium.company_commitments,
        kpis: call.kpis.clone(),
        companies: part.participants.iter().map(|row| company(row, terms.currency)).collect(),
        activities: part.activities.iter().map(activity).collect(),
        budget: budget_of(part.row.requested_minor, &ids, &part.costs, &part.funding),
        sums: sums(terms, &costs, &funding, part.row.requested_minor),
        targets_seen: targets_digest(&ordered),
        targets,
        contact: part.row.contact_id,
        contact_name: dossier.name(part.row.contact_id).to_owned(),
        signatory: part.row.signatory.clone().unwrap_or_default(),
        signatory_email: part.row.signatory_email.as_ref().map(ToString::to_string).unwrap_or_default(),
        people: people(dossier, part.row.id),
        label: part.label,
        findings,
        sections: check::statuses(dossier, place, today),
        terms: terms.clone(),
    }
}

fn people(dossier: &Dossier, part: PartId) -> Vec<Person> {
    let here = dossier.team.iter().filter(|(member, _)| member.part_id == Some(part));
    here.map(|(member, account)| Person {
        account: account.id,
        name: account.name.clone(),
        email: account.email.to_string(),
        role: member.role,
    })
    .collect()
}

fn company(row: &entity::proposals::participant::Model, currency: Currency) -> Company {
    let money = |minor: Option<i64>| minor.map(|minor| Money::new(minor, currency));
    Company {
        id: row.id,
        name: row.name.clone(),
        registration_no: row.registration_no.clone().unwrap_or_default(),
        country: row.country,
        size_class: row.size_class,
        contact_name: row.contact_name.clone(),
        contact_email: row.contact_email.clone(),
        role: row.role.clone(),
        notice_given: row.notice_given,
        declarations: row.declarations.0.clone(),
        cash: money(row.cash_minor),
        in_kind: money(row.in_kind_minor),
        version: row.version,
    }
}

fn activity(row: &entity::proposals::activity_line::Model) -> ActivityRow {
    ActivityRow {
        id: row.id,
        activity: row.activity.clone(),
        title: row.title.clone(),
        description: row.description.clone(),
        place: row.place.clone(),
        start_month: row.start_month,
        end_month: row.end_month,
        participants: row.participants,
        version: row.version,
    }
}

/// A budget as rows keep it.
pub fn budget_of(
    requested: i64,
    activities: &[ActivityLineId],
    costs: &[cost_line::Model],
    funding: &[funding_line::Model],
) -> Budget {
    let cost = |row: &cost_line::Model| Cost {
        category: row.category.clone(),
        activity: row.activity_line_id.and_then(|id| activities.iter().position(|a| *a == id)),
        description: row.description.clone(),
        minor: row.minor,
    };
    let contribution = |row: &funding_line::Model| Contribution {
        source: row.source,
        description: row.description.clone(),
        minor: row.minor,
    };
    Budget { costs: costs.iter().map(cost).collect(), funding: funding.iter().map(contribution).collect(), requested }
}
