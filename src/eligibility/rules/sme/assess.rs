//! The test itself: from graph and accounts to a class, with everything that led there.

use super::super::{
    finding::{Finding, Subject, Value, ordered},
    ownership::{Groups, Node, Ownership, Through},
};
use super::{
    annex,
    ceilings::{Binding, Class, Law},
    contributions::{Contribution, Counted, Independence, Role, counted},
    figures::{Accounts, Books, Total},
    public::PublicShare,
    status::over_periods,
};
use chrono::{Months, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// One enterprise on one day.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub graph: &'a Ownership,
    pub enterprise: Node,
    /// Of everybody in the graph, in any order.
    pub accounts: &'a [Accounts],
    /// The day the status matters: of the grant, or of the application.
    pub on: NaiveDate,
}

/// What one accounting period says by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    pub closed_on: NaiveDate,
    pub total: Total,
    pub linked: Total,
    pub partners: Total,
    /// The class these figures are in.
    pub class: Class,
    /// The status after it, by the two-period rule.
    pub status: Class,
    pub estimated: bool,
}

#[derive(Debug, Clone)]
pub struct Assessment {
    /// None when figures are missing.
    pub class: Option<Class>,
    pub independence: Independence,
    /// Oldest first.
    pub periods: Vec<Period>,
    /// The figure that keeps the latest period out of the next smaller class.
    pub binding: Option<Binding>,
    /// The figure that would first leave the class.
    pub nearest: Option<Binding>,
    /// Who adds most to the binding figure, after the enterprise itself: the path to show.
    pub heaviest: Option<Contribution>,
    pub contributions: Vec<Contribution>,
    /// Whose figures stand in the accounts of another.
    pub consolidated: BTreeSet<Node>,
    pub favoured: BTreeSet<Node>,
    pub public: PublicShare,
    pub findings: Vec<Finding>,
}

/// Assesses an enterprise by the ceilings in force on the day.
pub fn assess(case: &Case<'_>) -> Assessment {
    let groups = Groups::of(case.graph, Through::PersonsToo);
    let counted = counted(case.graph, &groups, case.enterprise);
    let public = PublicShare::of(case.graph, &groups, case.enterprise);
    let independence = counted.independence();
    let subject = Subject::Party(case.enterprise);
    let mut findings = counted.findings.clone();
    let Some(law) = Law::on(case.on) else {
        findings.push(Finding::blocks("no_law_on_day", subject, annex("Article 2")).with("day", case.on));
        return Assessment {
            class: None,
            independence,
            periods: Vec::new(),
            binding: None,
            nearest: None,
            heaviest: None,
            contributions: counted.list,
            consolidated: BTreeSet::new(),
            favoured: counted.favoured,
            public,
            findings,
        };
    };
    let books = Books::of(case.accounts);
    let (periods, consolidated) = periods(case, &books, law, &counted, &mut findings);
    let last = periods.last();
    let mut class = last.map(|period| period.status);
    if let Some(last) = last {
        if last.estimated {
            findings.push(Finding::informs("figures_estimated", subject.clone(), annex("Article 4(3)")));
        }
        if periods.len() == 1 && !last.estimated {
            findings.push(Finding::informs("one_period_known", subject.clone(), annex("Article 4(2)")));
        }
        if last.status != last.class {
            let found = Finding::warns("ceiling_crossed_once", subject.clone(), annex("Article 4(2)"));
            findings.push(found.with("closed_on", last.closed_on));
        }
    }
    if public.excludes() {
        class = Some(Class::NotSme);
        let found = Finding::blocks("public_bodies_hold_a_quarter", subject, annex("Article 3(4)"));
        findings
            .push(found.with("share", Value::BasisPoints(public.share())).with("ceiling", Value::BasisPoints(2_500)));
    }
    let binding = last.and_then(|period| law.why_not_smaller(period.total));
    let nearest = last.and_then(|period| law.nearest(period.total));
    let heaviest =
        last.and_then(|period| heaviest(&books, &counted, &consolidated, period.closed_on, binding.or(nearest)));
    Assessment {
        class,
        independence,
        binding,
        nearest,
        heaviest,
        contributions: counted.list,
        consolidated,
        favoured: counted.favoured,
        public,
        findings: ordered(findings),
        periods,
    }
}

/// What stands in the accounts of another who counts for at least as much, and so is not added again (Article 6(2) and
/// (3)); of two who include each other the first stays.
fn consolidated(books: &Books<'_>, list: &[Contribution], closed_on: NaiveDate) -> BTreeSet<Node> {
    let shares: BTreeMap<Node, i64> = list.iter().map(|one| (one.node, one.share)).collect();
    let mut inside = BTreeSet::new();
    for other in list {
        for node in books.at(other.node, closed_on).iter().flat_map(|accounts| &accounts.includes) {
            let counts = *node != other.node && shares.get(node).is_some_and(|share| other.share >= *share);
            let mutual = || books.at(*node, closed_on).is_some_and(|own| own.includes.contains(&other.node));
            if counts && !(*node < other.node && mutual()) {
                inside.insert(*node);
            }
        }
    }
    inside
}

fn periods(
    case: &Case<'_>,
    books: &Books<'_>,
    law: &Law,
    counted: &Counted,
    findings: &mut Vec<Finding>,
) -> (Vec<Period>, BTreeSet<Node>) {
    let own = case.accounts.iter().filter(|one| one.node == case.enterprise);
    let known = own.filter(|one| one.closed_on <= case.on || one.estimated);
    let closings: BTreeSet<NaiveDate> = known.map(|one| one.closed_on).collect();
    let mut included = BTreeSet::new();
    let mut periods: Vec<Period> = Vec::new();
    let mut latest_missing = vec![case.enterprise];
    // From the latest back: what lies before a gap cannot stand beside what comes after it.
    for closed_on in closings.into_iter().rev() {
        if periods.last().is_some_and(|later| !follow(closed_on, later.closed_on)) {
            break;
        }
        let inside = consolidated(books, &counted.list, closed_on);
        let mut period = Period {
            closed_on,
            total: Total::default(),
            linked: Total::default(),
            partners: Total::default(),
            class: Class::NotSme,
            status: Class::NotSme,
            estimated: false,
        };
        let mut missing = Vec::new();
        for one in counted.list.iter().filter(|one| !inside.contains(&one.node)) {
            let Some(accounts) = books.at(one.node, closed_on) else {
                missing.push(one.node);
                continue;
            };
            let part = Total::of(accounts, one.share);
            period.estimated |= accounts.estimated;
            period.total = period.total.plus(part);
            match one.role {
                Role::Own => {}
                Role::Linked => period.linked = period.linked.plus(part),
                Role::Partner => period.partners = period.partners.plus(part),
            }
        }
        if periods.is_empty() {
            latest_missing.clone_from(&missing);
            included = inside;
        }
        if !missing.is_empty() {
            break;
        }
        period.class = law.class(period.total);
        periods.push(period);
    }
    if periods.is_empty() {
        let missing = latest_missing.into_iter();
        findings
            .extend(missing.map(|node| Finding::blocks("figures_missing", Subject::Party(node), annex("Article 6"))));
    }
    periods.reverse();
    let raw: Vec<Class> = periods.iter().map(|period| period.class).collect();
    for (period, status) in periods.iter_mut().zip(over_periods(&raw)) {
        period.status = status;
    }
    (periods, included)
}

/// Whether a period closed at the one end and the next at the other follow each other: at most eighteen months apart,
/// so that a changed accounting year is no gap.
fn follow(earlier: NaiveDate, later: NaiveDate) -> bool {
    earlier.checked_add_months(Months::new(18)).is_some_and(|latest| later <= latest)
}

fn heaviest(
    books: &Books<'_>,
    counted: &Counted,
    consolidated: &BTreeSet<Node>,
    closed_on: NaiveDate,
    binding: Option<Binding>,
) -> Option<Contribution> {
    use super::ceilings::Measure;
    let measure = binding?.measure;
    let weight = |one: &Contribution| {
        books.at(one.node, closed_on).map_or(0, |accounts| {
            let total = Total::of(accounts, one.share);
            match measure {
                Measure::Headcount => total.headcount,
                Measure::Turnover => total.turnover,
                Measure::Balance => total.balance,
            }
        })
    };
    let others = counted.list.iter().filter(|one| one.role != Role::Own && !consolidated.contains(&one.node));
    others.filter(|one| weight(one) > 0).max_by_key(|one| (weight(one), std::cmp::Reverse(one.node))).cloned()
}
