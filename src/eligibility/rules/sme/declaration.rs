//! What the model declaration asks for (Commission communication 2003/C 118/03): type, figures by line, and the
//! sheets of partners and linked enterprises.

use super::{
    assess::{Assessment, Case},
    ceilings::Class,
    contributions::{Contribution, Independence, Role},
    figures::{Books, Total},
};
use chrono::NaiveDate;

/// One line of the table: whose figures, and how much of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub of: Contribution,
    /// Counted already in the accounts of another; its figures are nothing here.
    pub consolidated: bool,
    pub figures: Total,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    pub independence: Independence,
    pub closed_on: NaiveDate,
    pub own: Total,
    pub linked: Total,
    pub partners: Total,
    pub total: Total,
    /// The sheets, linked enterprises first.
    pub rows: Vec<Row>,
    pub class: Class,
    /// Whether the figures moved the enterprise to another class than the period before (the form's last question).
    pub changed: bool,
    pub estimated: bool,
}

/// The declaration of an assessment; none while figures are missing.
pub fn declaration(case: &Case<'_>, assessment: &Assessment) -> Option<Declaration> {
    let class = assessment.class?;
    let last = assessment.periods.last()?;
    let books = Books::of(case.accounts);
    let before = assessment.periods.iter().rev().nth(1);
    let row = |one: &Contribution| {
        let consolidated = assessment.consolidated.contains(&one.node);
        let accounts = books.at(one.node, last.closed_on).filter(|_| !consolidated);
        let figures = accounts.map_or_else(Total::default, |accounts| Total::of(accounts, one.share));
        Row { of: one.clone(), consolidated, figures }
    };
    let (own, rows): (Vec<Row>, Vec<Row>) =
        assessment.contributions.iter().map(row).partition(|row| row.of.role == Role::Own);
    Some(Declaration {
        independence: assessment.independence,
        closed_on: last.closed_on,
        own: own.iter().fold(Total::default(), |sum, row| sum.plus(row.figures)),
        linked: last.linked,
        partners: last.partners,
        total: last.total,
        rows,
        class,
        changed: before.is_some_and(|before| before.class != last.class),
        estimated: last.estimated,
    })
}
