//! The finances of all parts side by side.

use crate::{
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject},
    proposals::{
        dossier::{self, Dossier, Head, PartFile, PartHead, applicants_only, check},
        rules::{BudgetSums, Severity, sums},
    },
};
use chrono::{DateTime, Utc};
use entity::types::{
    ids::ProposalId,
    money::{Currency, Money, Rate},
    share::Share,
    states::{AnnexClass, FundingSource},
};

/// The finances of a proposal: all parts for its coordinator, for others their own.
pub struct FinancesOf(pub ProposalId);

#[derive(Debug, Clone)]
pub struct Finances {
    pub head: Head,
    /// The call's currency, in which totals are given.
    pub currency: Currency,
    /// Labels of the cost categories, the rows of the table.
    pub categories: Vec<String>,
    pub columns: Vec<Column>,
    /// Sums of all shown parts in the call's currency: by category, all costs, grants asked for, contributions.
    pub category_sums: Vec<Money>,
    pub total: Money,
    pub requested: Money,
    pub contribution: Money,
    /// Whether parts are left out because the reader does not coordinate.
    pub partial: bool,
}

/// One part.
#[derive(Debug, Clone)]
pub struct Column {
    pub part: PartHead,
    pub currency: Currency,
    pub rate: Rate,
    pub class: AnnexClass,
    /// Costs by category, in the agency's currency.
    pub costs: Vec<Money>,
    pub sums: BudgetSums,
    /// What covers the costs besides the grant, by source.
    pub funding: Vec<(&'static str, Money)>,
    pub total: Money,
    pub requested: Money,
    pub contribution: Money,
    /// Total and grant in the call's currency.
    pub total_converted: Money,
    pub requested_converted: Money,
    /// The share of the costs the grant covers, and the greatest one allowed.
    pub level: Option<Share>,
    pub intensity: Share,
    pub ceiling: Option<Money>,
    /// What breaks a rule.
    pub breaches: Vec<String>,
}

impl Query for FinancesOf {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = Finances;

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Finances> {
        applicants_only(leave)?;
        let dossier = dossier::load(db.conn(), self.0).await?;
        let seen: Vec<&PartFile> = dossier.parts.iter().filter(|p| dossier.sees(leave, p.row.id)).collect();
        let currency = dossier.terms().currency;
        let columns: Vec<Column> = seen.iter().map(|p| column(&dossier, p, leave, db.now())).collect();
        let zero = Money::zero(currency);
        let add = |sum: Money, amount: Money| sum.checked_add(amount).unwrap_or(sum);
        let all = |amount: fn(&Column) -> Money| columns.iter().fold(zero, |sum, c| add(sum, amount(c)));
        let categories = &dossier.terms().cost_categories;
        let category_sums = (0..categories.len())
            .map(|i| columns.iter().fold(zero, |sum, c| add(sum, c.costs[i].to(currency, c.rate))))
            .collect();
        Ok(Finances {
            currency,
            categories: categories.iter().map(|c| c.label.clone()).collect(),
            category_sums,
            total: all(|c| c.total_converted),
            requested: all(|c| c.requested_converted),
            contribution: columns.iter().fold(zero, |sum, c| add(sum, c.contribution.to(currency, c.rate))),
            partial: seen.len() < dossier.parts.len(),
            head: dossier.head(leave),
            columns,
        })
    }
}

fn column(dossier: &Dossier, part: &PartFile, leave: Leave<'_>, now: DateTime<Utc>) -> Column {
    let terms = &part.annex.terms;
    let (own, call) = (part.row.currency, dossier.terms().currency);
    let money = |minor: i64| Money::new(minor, own);
    let (costs, funding) = check::money(part);
    let sums = sums(terms, &costs, &funding, part.row.requested_minor);
    let by_category = dossier.terms().cost_categories.iter().map(|category| {
        let lines = part.costs.iter().filter(|c| c.category == category.key);
        money(lines.fold(0_i64, |sum, c| sum.saturating_add(c.minor)))
    });
    let by_source = FundingSource::ALL.iter().map(|source| {
        let lines = part.funding.iter().filter(|f| f.source == *source);
        (source.label(), money(lines.fold(0_i64, |sum, f| sum.saturating_add(f.minor))))
    });
    let requested = money(part.row.requested_minor);
    let total = money(sums.total);
    let level = requested.share_of(total).and_then(|points| i32::try_from(points).ok());
    let found = check::findings_of_part(dossier, part, dossier.today(part, now));
    Column {
        part: dossier.part_head(part, leave),
        currency: own,
        rate: terms.rate,
        class: terms.class,
        costs: by_category.collect(),
        funding: by_source.collect(),
        contribution: money(sums.contribution),
        total_converted: total.to(call, terms.rate),
        requested_converted: requested.to(call, terms.rate),
        level: level.filter(|_| sums.total > 0).map(Share::from_basis_points),
        intensity: terms.intensity,
        ceiling: terms.ceiling,
        breaches: found
            .into_iter()
            .filter(|(section, f)| *section == "budget" && f.severity == Severity::Error)
            .map(|(_, f)| f.message)
            .collect(),
        total,
        requested,
        sums,
    }
}
