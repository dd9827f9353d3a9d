//! What a report needs, and how it moves on.

use chrono::NaiveDate;
use entity::types::{
    decimal,
    money::{Currency, Money},
    states::ReportState,
    terms::KpiUnit,
};
use serde::{Deserialize, Serialize};

/// What is done with a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportStep {
    /// Something was written.
    Write,
    Submit,
    /// The officer sends it back with points.
    Return,
    Accept,
}

/// A step that does not start in this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not possible with a report that is “{}”.", .from.label())]
pub struct IllegalStep {
    pub from: ReportState,
    pub step: ReportStep,
}

/// Life of a report (lifecycle.json, object "report").
///
/// # Errors
/// When the step does not start in this state.
pub fn next(from: ReportState, step: ReportStep) -> Result<ReportState, IllegalStep> {
    use ReportState::{Accepted, Draft, Due, Returned, Submitted};
    match (from, step) {
        (Due | Draft, ReportStep::Write) => Ok(Draft),
        (Returned, ReportStep::Write) => Ok(Returned),
        (Due | Draft | Returned, ReportStep::Submit) => Ok(Submitted),
        (Submitted, ReportStep::Return) => Ok(Returned),
        (Submitted, ReportStep::Accept) => Ok(Accepted),
        (from, step) => Err(IllegalStep { from, step }),
    }
}

/// How far a planned activity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    NotStarted,
    UnderWay,
    Done,
    Dropped,
}

impl Progress {
    pub const ALL: [Self; 4] = [Self::NotStarted, Self::UnderWay, Self::Done, Self::Dropped];

    pub fn word(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::UnderWay => "under_way",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::NotStarted => "Not started",
            Self::UnderWay => "Under way",
            Self::Done => "Done",
            Self::Dropped => "Dropped",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.word() == text)
    }
}

/// What a report says of one planned activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityDone {
    /// The id of the activity line of the part.
    pub line: uuid::Uuid,
    pub progress: Option<Progress>,
    #[serde(default)]
    pub note: String,
}

/// What stands in a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    pub activities: Vec<ActivityDone>,
    pub narrative: String,
    pub costs: Option<i64>,
    /// Indicators with a target and whether they have a reading.
    pub indicators: Vec<(String, bool)>,
}

/// What a report still needs before it can be handed in, by field.
pub fn missing(content: &Content) -> Vec<(String, String)> {
    let mut missing = Vec::new();
    if content.narrative.trim().is_empty() {
        missing.push(("narrative".to_owned(), "Say in your own words what was done and reached".to_owned()));
    }
    for activity in content.activities.iter().filter(|a| a.progress.is_none()) {
        missing.push((format!("progress_{}", activity.line), "Say how far this activity is".to_owned()));
    }
    for (key, _) in content.indicators.iter().filter(|(_, read)| !read) {
        missing.push((format!("kpi_{key}"), "Enter what was reached so far; 0 if nothing".to_owned()));
    }
    if content.costs.is_none() {
        missing.push(("costs".to_owned(), "Enter the costs to date; 0 if none".to_owned()));
    }
    missing
}

/// Days before the due day on which a reminder goes out (domain.md 6.3).
pub const REMINDERS: [i64; 3] = [30, 14, 3];

/// The reminder that is due today and was not sent yet: the smallest number of days that still covers the
/// time left, so that a late start sends one mail, not three.
pub fn reminder_due(today: NaiveDate, due_on: NaiveDate, sent: &[i64]) -> Option<i64> {
    let left = (due_on - today).num_days();
    let current = REMINDERS.into_iter().filter(|&days| left <= days && left >= 0).min()?;
    (!sent.contains(&current)).then_some(current)
}

/// A target or a reading in words, with its unit; money is in whole units of the call's currency.
pub fn figure(unit: KpiUnit, value: i64, currency: Currency) -> String {
    match unit {
        KpiUnit::Count => decimal::grouped(value),
        KpiUnit::Percent => format!("{}\u{a0}%", decimal::grouped(value)),
        KpiUnit::Money => Money::new(value.saturating_mul(10i64.pow(currency.decimals())), currency).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_report_moves_only_along_its_arrows() {
        use ReportState::*;
        assert_eq!(next(Due, ReportStep::Write), Ok(Draft));
        assert_eq!(next(Returned, ReportStep::Submit), Ok(Submitted));
        assert!(next(Accepted, ReportStep::Return).is_err());
        assert!(next(Submitted, ReportStep::Write).is_err());
    }

    #[test]
    fn each_reminder_goes_out_once() {
        let due = day("2018-08-01");
        assert_eq!(reminder_due(day("2018-06-01"), due, &[]), None);
        assert_eq!(reminder_due(day("2018-07-02"), due, &[]), Some(30));
        assert_eq!(reminder_due(day("2018-07-05"), due, &[30]), None);
        assert_eq!(reminder_due(day("2018-07-20"), due, &[30]), Some(14));
        assert_eq!(reminder_due(day("2018-07-30"), due, &[]), Some(3));
        assert_eq!(reminder_due(day("2018-08-02"), due, &[30]), None);
    }

    #[test]
    fn everything_missing_is_named() {
        let content = Content { indicators: vec![("b2b".into(), false)], ..Content::default() };
        let fields: Vec<String> = missing(&content).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["narrative", "kpi_b2b", "costs"]);
    }

    #[test]
    fn a_figure_carries_its_unit() {
        let shown = |unit| figure(unit, 1_800, Currency::Eur);

        assert_eq!(shown(KpiUnit::Count), "1\u{a0}800");
        assert_eq!(shown(KpiUnit::Percent), "1\u{a0}800\u{a0}%");
        assert_eq!(shown(KpiUnit::Money), "1\u{a0}800\u{a0}EUR");
    }
}
