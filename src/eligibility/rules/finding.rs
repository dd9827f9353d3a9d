//! What every rule of law answers with: what was found, how much it matters, about whom, with which figures, and where
//! the law says so.

use super::ownership::Node;
use chrono::NaiveDate;
use entity::types::{country::Country, decimal, money::Money, share::Share};
use std::fmt;

/// How much a finding matters; the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The aid, or the part, cannot be granted like this.
    Blocks,
    /// A person must look before deciding.
    Warns,
    /// Worth knowing; changes nothing.
    Informs,
}

/// Where a rule stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Source {
    /// The act, for example `Regulation (EU) 2023/2831`.
    pub act: &'static str,
    /// The place in it, for example `Article 3(7)`.
    pub place: &'static str,
}

impl Source {
    pub const fn new(act: &'static str, place: &'static str) -> Self {
        Self { act, place }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.act, self.place)
    }
}

/// What a finding is about. Places are those of the list the rule was given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The case as a whole.
    Case,
    Party(Node),
    Award(usize),
    /// A line of activities or services.
    Line(usize),
    /// A group of eligible costs.
    Costs(usize),
    Participant(usize),
    Country(Country),
}

/// A number that goes with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    Money(Money),
    /// Hundredths of a percent; may pass the whole, unlike a [`Share`].
    BasisPoints(i64),
    Count(i64),
    /// Hundredths: of a person, or of a ratio.
    Hundredths(i64),
    Day(NaiveDate),
}

impl From<Share> for Value {
    fn from(share: Share) -> Self {
        Self::BasisPoints(share.basis_points().into())
    }
}

impl From<Money> for Value {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

impl From<NaiveDate> for Value {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Money(money) => money.fmt(f),
            Self::BasisPoints(points) => write!(f, "{}\u{a0}%", decimal::plain(*points, 2)),
            Self::Count(count) => f.write_str(&decimal::grouped(*count)),
            Self::Hundredths(number) => f.write_str(&decimal::plain(*number, 2)),
            Self::Day(day) => day.fmt(f),
        }
    }
}

/// One thing a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub severity: Severity,
    /// The key of the reason; its words live where people read them.
    pub code: &'static str,
    pub subject: Subject,
    /// Named numbers, in the order they are best told.
    pub figures: Vec<(&'static str, Value)>,
    pub source: Source,
}

impl Finding {
    pub fn new(severity: Severity, code: &'static str, subject: Subject, source: Source) -> Self {
        Self { severity, code, subject, figures: Vec::new(), source }
    }

    pub fn blocks(code: &'static str, subject: Subject, source: Source) -> Self {
        Self::new(Severity::Blocks, code, subject, source)
    }

    pub fn warns(code: &'static str, subject: Subject, source: Source) -> Self {
        Self::new(Severity::Warns, code, subject, source)
    }

    pub fn informs(code: &'static str, subject: Subject, source: Source) -> Self {
        Self::new(Severity::Informs, code, subject, source)
    }

    /// The finding with one more number.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.figures.push((name, value.into()));
        self
    }

    /// The number of this name.
    pub fn figure(&self, name: &str) -> Option<Value> {
        self.figures.iter().find(|(own, _)| *own == name).map(|(_, value)| *value)
    }
}

/// The gravest first, else in the order they were found.
pub fn ordered(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// Whether nothing found stands in the way.
pub fn passes(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_comes_first_and_only_it_blocks() {
        let source = Source::new("Regulation (EU) 2023/2831", "Article 3(7)");
        let found = ordered(vec![
            Finding::informs("c", Subject::Case, source),
            Finding::blocks("a", Subject::Award(0), source).with("share", Share::percent(50)),
        ]);
        assert_eq!(found[0].code, "a");
        assert!(!passes(&found) && passes(&found[1..]));
        assert_eq!(found[0].figure("share").unwrap().to_string(), "50\u{a0}%");
        assert_eq!(source.to_string(), "Regulation (EU) 2023/2831, Article 3(7)");
    }
}
