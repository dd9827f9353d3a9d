//! Budgets that keep their annex's rules: ceiling, floor, intensity, companies' share, work in kind.

use super::{DemoActivity, DemoCompany, DemoCost, DemoFunding, chance::Chance};
use entity::types::{
    states::{AnnexClass, FundingSource},
    terms::AnnexTerms,
};

/// Costs, financing and the grant of one part in minor units.
pub(super) struct Budget {
    pub costs: Vec<DemoCost>,
    pub funding: Vec<DemoFunding>,
    pub requested: i64,
}

/// Makes up a budget for so many companies.
pub(super) fn budget(chance: &mut Chance, annex: &AnnexTerms, activities: &[DemoActivity], companies: usize) -> Budget {
    // Kronor and kroner are budgeted in thousands, euro in hundreds.
    let step = if annex.currency == entity::types::money::Currency::Eur { 10_000 } else { 100_000 };
    let requested = grant(chance, annex, step);
    let total = if requested > 0 {
        let least = up(requested * 10_000 / i64::from(annex.intensity.basis_points().max(1)) + 1, step);
        up(least + least * chance.between(0, 6) / 100, step)
    } else {
        chance.between(80, 160) * step
    };
    let contribution = total - requested;
    let in_kind = up(contribution * chance.between(25, 45) / 100, step).min(contribution);
    let private = up(contribution * chance.between(20, 40) / 100, step).min(contribution - in_kind);
    let own = contribution - in_kind - private;
    let funding = [
        (FundingSource::PrivateInKind, "Working hours of the companies", in_kind),
        (FundingSource::PrivateCash, "Fees of the companies", private),
        (FundingSource::OwnCash, "Own money of the cluster", own),
    ];
    Budget {
        costs: costs(chance, total - in_kind, in_kind, step, activities, companies),
        funding: funding
            .into_iter()
            .filter(|(.., minor)| *minor > 0)
            .map(|(source, text, minor)| DemoFunding { source, description: text.to_owned(), minor })
            .collect(),
        requested,
    }
}

/// Companies bring together what the financing counts from them: equal shares, the first takes what is left over.
pub(super) fn promise(companies: &mut [DemoCompany], funding: &[DemoFunding]) {
    let n = i64::try_from(companies.len().max(1)).unwrap_or(1);
    let sum = |source| funding.iter().filter(|f| f.source == source).map(|f| f.minor).sum::<i64>();
    let (cash, in_kind) = (sum(FundingSource::PrivateCash), sum(FundingSource::PrivateInKind));
    for (i, company) in companies.iter_mut().enumerate() {
        let left_over = |whole: i64| if i == 0 { whole % n } else { 0 };
        company.cash_minor = cash / n + left_over(cash);
        company.in_kind_minor = in_kind / n + left_over(in_kind);
    }
}

fn grant(chance: &mut Chance, annex: &AnnexTerms, step: i64) -> i64 {
    let Some(ceiling) = annex.ceiling.filter(|_| annex.class == AnnexClass::Funding) else { return 0 };
    let floor = annex.floor.map_or(ceiling.minor * 4 / 10, |f| f.minor);
    let wish = floor + (ceiling.minor - floor) * chance.between(45, 100) / 100;
    (wish / step * step).max(floor)
}

fn costs(
    chance: &mut Chance,
    cash: i64,
    in_kind: i64,
    step: i64,
    activities: &[DemoActivity],
    companies: usize,
) -> Vec<DemoCost> {
    let trip = activities.iter().position(|a| a.kind == "workshops_study_trips").or(Some(0));
    let last = activities.len().checked_sub(1);
    let shares = [
        ("travel", trip, "Travel and nights for companies and staff", chance.between(14, 20)),
        ("external", last, "External experts and interpreters", chance.between(10, 16)),
        ("events", trip, "Rooms and catering for workshops", chance.between(9, 14)),
        ("dissemination", None, "Letters to members, translations, open day", chance.between(4, 7)),
        ("staff", Some(0), "Preparation and coaching of companies", chance.between(18, 24)),
    ];
    let mut lines: Vec<DemoCost> = shares
        .into_iter()
        .map(|(category, activity, description, percent)| DemoCost {
            category: category.to_owned(),
            activity,
            description: description.to_owned(),
            minor: cash * percent / 100 / step * step,
        })
        .filter(|line| line.minor > 0)
        .collect();
    let spent: i64 = lines.iter().map(|l| l.minor).sum();
    let lead = DemoCost {
        category: "staff".to_owned(),
        activity: None,
        description: "Project management and reporting".to_owned(),
        minor: cash - spent,
    };
    lines.insert(0, lead);
    if in_kind > 0 {
        let description = format!("Working hours of {companies} companies in visits, tests and meetings");
        lines.push(DemoCost { category: "inkind".to_owned(), activity: last, description, minor: in_kind });
    }
    lines
}

fn up(minor: i64, step: i64) -> i64 {
    (minor + step - 1) / step * step
}
