//! The money of one part against its agency's annex.
//!
//! Ceiling, floor, intensity and the private share are the agency's (domain.md 1.3). Companies' work in kind
//! counts as co-financing (Denmark 2013, Norway 2015): it stands among the costs and in the financing with the
//! same amount, so it raises the total the intensity is taken of; but it bears no grant, so the grant never
//! exceeds the costs that are paid in money. An award above the ceiling falls out whole, it is not trimmed.

use super::Finding;
use entity::types::{
    money::Money,
    share::Share,
    states::{AnnexClass, FundingSource},
    terms::AnnexTerms,
};

/// The key of the cost category that holds companies' work.
pub const IN_KIND: &str = "inkind";

/// One cost of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostLine {
    /// Names the line in findings.
    pub key: String,
    /// Key of a cost category of the call.
    pub category: String,
    /// Key of an activity of the call.
    pub activity: Option<String>,
    pub minor: i64,
}

/// Money or work that covers what the grant does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FundingLine {
    pub source: FundingSource,
    pub minor: i64,
}

/// The sums of a part's budget in minor units, shown beside the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetSums {
    /// All costs, work in kind included.
    pub total: i64,
    /// Costs paid in money, the only ones that bear a grant.
    pub cash: i64,
    pub in_kind: i64,
    /// Everything that is not the grant.
    pub contribution: i64,
    /// What companies bring of it, in money or work.
    pub private: i64,
    /// Costs not yet covered; negative when too much is promised.
    pub open: i64,
    /// The greatest grant these costs allow under the annex.
    pub greatest_grant: i64,
}

/// Adds up a budget.
pub fn sums(annex: &AnnexTerms, lines: &[CostLine], funding: &[FundingLine], requested: i64) -> BudgetSums {
    let cash = add(lines.iter().filter(|l| l.category != IN_KIND).map(|l| l.minor));
    let in_kind = add(lines.iter().filter(|l| l.category == IN_KIND).map(|l| l.minor));
    let total = cash.saturating_add(in_kind);
    let contribution = add(funding.iter().map(|f| f.minor));
    let private = add(funding.iter().filter(|f| is_private(f.source)).map(|f| f.minor));
    let by_intensity = Money::new(total, annex.currency).times(annex.intensity).minor;
    let by_ceiling = annex.ceiling.map_or(i64::MAX, |c| c.minor);
    let greatest_grant = match annex.class {
        AnnexClass::Funding => by_intensity.min(by_ceiling).min(cash),
        AnnexClass::Cooperation | AnnexClass::Extended => 0,
    };
    let open = total.saturating_sub(contribution).saturating_sub(requested);
    BudgetSums { total, cash, in_kind, contribution, private, open, greatest_grant }
}

/// Checks the budget of one part; fields are `requested`, `costs`, `funding` or the key of a cost line.
pub fn check_budget(annex: &AnnexTerms, lines: &[CostLine], funding: &[FundingLine], requested: i64) -> Vec<Finding> {
    let mut found: Vec<Finding> = lines
        .iter()
        .filter(|line| line.minor < 0)
        .map(|line| Finding::error("costs.negative", &line.key, "A cost is not negative"))
        .collect();
    if funding.iter().any(|f| f.minor < 0) {
        found.push(Finding::error("funding.negative", "funding", "A contribution is not negative"));
    }
    if requested < 0 {
        found.push(Finding::error("grant.negative", "requested", "The grant is not negative"));
    }
    if !found.is_empty() {
        return found;
    }
    let sums = sums(annex, lines, funding, requested);
    if sums.total == 0 {
        found.push(Finding::error("costs.empty", "costs", "Enter the costs of this part"));
    }
    grant(annex, &sums, requested, &mut found);
    financing(annex, &sums, funding, &mut found);
    found
}

fn grant(annex: &AnnexTerms, sums: &BudgetSums, requested: i64, found: &mut Vec<Finding>) {
    let show = |minor: i64| Money::new(minor, annex.currency);
    let mut error = |code, message: String| found.push(Finding::error(code, "requested", message));
    if annex.class != AnnexClass::Funding {
        if requested > 0 {
            error("grant.not_paid", "This agency pays no grants in this call; enter 0".to_owned());
        }
        return;
    }
    if requested == 0 {
        return error("grant.empty", "Enter the grant you ask for".to_owned());
    }
    if let Some(floor) = annex.floor.filter(|floor| requested < floor.minor) {
        error("grant.floor", format!("The smallest grant is {floor}; you ask for {}", show(requested)));
    }
    if let Some(ceiling) = annex.ceiling.filter(|ceiling| requested > ceiling.minor) {
        let over = show(requested - ceiling.minor);
        error("grant.ceiling", format!("The greatest grant is {ceiling}; you ask for {over} more"));
    }
    let allowed = show(sums.total).times(annex.intensity);
    if requested > allowed.minor {
        let message = format!(
            "The grant covers at most {} of the costs, which is {allowed}; you ask for {}",
            annex.intensity,
            show(requested)
        );
        error("grant.intensity", message);
    }
    if requested > sums.cash {
        let message = format!("Work in kind bears no grant: at most {} can be asked for", show(sums.cash));
        error("grant.in_kind", message);
    }
}

fn financing(annex: &AnnexTerms, sums: &BudgetSums, funding: &[FundingLine], found: &mut Vec<Finding>) {
    let show = |minor: i64| Money::new(minor, annex.currency);
    let mut error = |code, message: String| found.push(Finding::error(code, "funding", message));
    let promised = add(funding.iter().filter(|f| f.source == FundingSource::PrivateInKind).map(|f| f.minor));
    if promised != sums.in_kind {
        let message = format!(
            "Companies' work stands with {} among the costs and with {} in the financing; the two must be equal",
            show(sums.in_kind),
            show(promised)
        );
        error("funding.in_kind", message);
    }
    match sums.open {
        0 => {}
        open if open > 0 => error("funding.open", format!("{} of the costs are not financed yet", show(open))),
        over => error("funding.over", format!("The financing is {} more than the costs", show(over.saturating_neg()))),
    }
    if let Some(least) = annex.private_share_min.filter(|s| !holds(sums.private, sums.contribution, *s)) {
        let message = format!(
            "Companies must bring at least {least} of the {} that are not the grant; they bring {}",
            show(sums.contribution),
            show(sums.private)
        );
        error("funding.private", message);
    }
}

/// Whether a part is at least this share of a whole, without rounding.
fn holds(part: i64, whole: i64, share: Share) -> bool {
    i128::from(part) * 10_000 >= i128::from(whole) * i128::from(share.basis_points())
}

fn is_private(source: FundingSource) -> bool {
    matches!(source, FundingSource::PrivateCash | FundingSource::PrivateInKind)
}

fn add(amounts: impl Iterator<Item = i64>) -> i64 {
    amounts.fold(0, i64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{annex, codes};
    use super::*;

    fn line(category: &str, units: i64) -> CostLine {
        CostLine { key: category.into(), category: category.into(), activity: None, minor: units * 100 }
    }

    fn from(source: FundingSource, units: i64) -> FundingLine {
        FundingLine { source, minor: units * 100 }
    }

    /// A Danish part of 500 000 DKK, half of it in kind.
    fn danish() -> (Vec<CostLine>, Vec<FundingLine>) {
        (
            vec![line("staff", 200_000), line("travel", 100_000), line(IN_KIND, 200_000)],
            vec![from(FundingSource::PrivateInKind, 200_000), from(FundingSource::OwnCash, 50_000)],
        )
    }

    #[test]
    fn a_part_at_every_limit_passes() {
        let (lines, funding) = danish();
        assert_eq!(check_budget(&annex("dk-sfu"), &lines, &funding, 250_000 * 100), vec![]);
    }

    #[test]
    fn a_single_oere_above_the_ceiling_fails() {
        let (mut lines, funding) = danish();
        lines[0].minor += 1;
        let found = check_budget(&annex("dk-sfu"), &lines, &funding, 250_000 * 100 + 1);
        assert_eq!(codes(&found), ["grant.ceiling", "grant.intensity"]);
        assert_eq!(found[0].message, "The greatest grant is 250\u{a0}000\u{a0}DKK; you ask for 0.01\u{a0}DKK more");
    }

    #[test]
    fn the_grant_covers_no_work_in_kind() {
        let lines = [line("staff", 100_000), line(IN_KIND, 300_000)];
        let funding = [from(FundingSource::PrivateInKind, 300_000)];
        let found = check_budget(&annex("dk-sfu"), &lines, &funding, 150_000 * 100);
        assert_eq!(codes(&found), ["grant.in_kind", "funding.over"]);
        assert_eq!(sums(&annex("dk-sfu"), &lines, &funding, 0).greatest_grant, 100_000 * 100);
    }

    #[test]
    fn danish_firms_bring_two_fifths_of_what_is_not_the_grant() {
        let lines = [line("staff", 400_000), line(IN_KIND, 79_999)];
        let funding = [from(FundingSource::PrivateInKind, 79_999), from(FundingSource::OwnCash, 160_001)];
        let found = check_budget(&annex("dk-sfu"), &lines, &funding, 239_999 * 100);
        assert_eq!(codes(&found), ["funding.private"]);

        let funding = [
            from(FundingSource::PrivateInKind, 79_999),
            from(FundingSource::PrivateCash, 16_001),
            from(FundingSource::OwnCash, 144_000),
        ];
        assert_eq!(check_budget(&annex("dk-sfu"), &lines, &funding, 239_999 * 100), vec![]);
    }

    #[test]
    fn costs_and_financing_are_equal_to_the_cent() {
        let lines = [line("staff", 15_000)];
        let check =
            |own: i64| codes(&check_budget(&annex("lt-mita"), &lines, &[from(FundingSource::OwnCash, own)], 1_200_000));
        assert_eq!(check(2_999), ["funding.open"]);
        assert_eq!(check(3_000), Vec::<&str>::new());
        assert_eq!(check(3_001), ["funding.over"]);
    }

    #[test]
    fn too_small_empty_and_negative_budgets_are_named() {
        assert_eq!(codes(&check_budget(&annex("lt-mita"), &[], &[], 0)), ["costs.empty", "grant.empty"]);
        let lines = [line("staff", 10_000)];
        let own = [from(FundingSource::OwnCash, 5_000)];
        assert_eq!(codes(&check_budget(&annex("lt-mita"), &lines, &own, 500_000)), ["grant.floor"]);
        let lines = [line("staff", -1)];
        assert_eq!(codes(&check_budget(&annex("lt-mita"), &lines, &[], 0)), ["costs.negative"]);
    }

    #[test]
    fn an_agency_that_does_not_pay_gets_no_request() {
        let lines = [line("staff", 10_000)];
        let own = [from(FundingSource::OwnCash, 10_000)];
        assert_eq!(check_budget(&annex("lv-liaa"), &lines, &own, 0), vec![]);
        assert_eq!(codes(&check_budget(&annex("lv-liaa"), &lines, &own, 100)), ["grant.not_paid", "funding.over"]);
    }

    #[test]
    fn sums_of_any_size_do_not_overflow() {
        let lines = [line("staff", i64::MAX / 100), line("travel", i64::MAX / 100)];
        let own = [from(FundingSource::OwnCash, i64::MAX / 100), from(FundingSource::OwnCash, i64::MAX / 100)];
        check_budget(&annex("lt-mita"), &lines, &own, i64::MAX);
    }
}
