//! When somebody can work, and what somebody should put in order.

use chrono::{NaiveDate, TimeDelta};
use entity::types::states::PeriodKind;

/// Days somebody can or cannot work, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub kind: PeriodKind,
    pub from: NaiveDate,
    pub until: NaiveDate,
}

impl Period {
    fn holds(&self, day: NaiveDate) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

/// Whether somebody can work on a day: not away, and within an available stretch if any is stated.
pub fn free_on(periods: &[Period], day: NaiveDate) -> bool {
    let within = |kind: PeriodKind| periods.iter().any(|period| period.kind == kind && period.holds(day));
    let stated = periods.iter().any(|period| period.kind == PeriodKind::Available);
    !within(PeriodKind::Away) && (!stated || within(PeriodKind::Available))
}

/// The first day from this one on which somebody can work; none when no stretch is left.
pub fn next_free(periods: &[Period], from: NaiveDate) -> Option<NaiveDate> {
    // Only the day itself, the day after an absence and the first day of a stretch can be it.
    let turn = |period: &Period| match period.kind {
        PeriodKind::Away => period.until.succ_opt(),
        PeriodKind::Available => Some(period.from),
    };
    let days = periods.iter().filter_map(turn).chain([from]);
    days.filter(|day| *day >= from && free_on(periods, *day)).min()
}

/// How long before its end a contract or declaration is spoken of.
const SOON: TimeDelta = TimeDelta::days(60);

/// What is looked at for alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Tags of the taxonomy.
    pub tags: usize,
    /// Sections of the curriculum, the free text about oneself included.
    pub texts: usize,
    pub languages: usize,
    pub declaration_until: Option<NaiveDate>,
    pub contract_until: Option<NaiveDate>,
}

/// Something an evaluator should put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    NoTags,
    NoTexts,
    NoLanguages,
    NoDeclaration,
    DeclarationOver(NaiveDate),
    DeclarationEnds(NaiveDate),
    ContractOver(NaiveDate),
    ContractEnds(NaiveDate),
}

impl Alert {
    /// The word for programs.
    pub fn key(self) -> &'static str {
        match self {
            Self::NoTags => "no_fields",
            Self::NoTexts => "no_curriculum",
            Self::NoLanguages => "no_languages",
            Self::NoDeclaration => "no_declaration",
            Self::DeclarationOver(_) => "declaration_over",
            Self::DeclarationEnds(_) => "declaration_ends",
            Self::ContractOver(_) => "contract_over",
            Self::ContractEnds(_) => "contract_ends",
        }
    }

    /// The page on which the evaluator does it, if it is theirs to do.
    pub fn page(self) -> Option<&'static str> {
        match self {
            Self::NoTags | Self::NoTexts | Self::NoLanguages => Some("/evaluator/profile"),
            Self::NoDeclaration | Self::DeclarationOver(_) | Self::DeclarationEnds(_) => Some("/interests"),
            Self::ContractOver(_) | Self::ContractEnds(_) => None,
        }
    }

    /// What is to be done, and by whom.
    pub fn sentence(self) -> String {
        let day = entity::types::period::day;
        match self {
            Self::NoTags => "Choose the fields you know, so that you are asked for the right proposals.".to_owned(),
            Self::NoTexts => "Add a few words of your curriculum; proposals are compared with it.".to_owned(),
            Self::NoLanguages => "Name the languages you can judge in.".to_owned(),
            Self::NoDeclaration => "State and sign your interests.".to_owned(),
            Self::DeclarationOver(on) => format!("Your declaration of interests ended on {}. Sign it anew.", day(on)),
            Self::DeclarationEnds(on) => format!("Your declaration of interests ends on {}. Sign it anew.", day(on)),
            Self::ContractOver(on) => {
                format!("Your contract ended on {}. Ask the joint secretariat for a new one.", day(on))
            }
            Self::ContractEnds(on) => {
                format!("Your contract ends on {}. Ask the joint secretariat for a new one.", day(on))
            }
        }
    }
}

/// What is missing or ends soon; a contract that nobody recorded is no matter of the evaluator.
pub fn alerts(standing: &Standing, today: NaiveDate) -> Vec<Alert> {
    let missing = [
        (standing.tags == 0, Alert::NoTags),
        (standing.texts == 0, Alert::NoTexts),
        (standing.languages == 0, Alert::NoLanguages),
        (standing.declaration_until.is_none(), Alert::NoDeclaration),
    ];
    let ends = |until: Option<NaiveDate>, over: fn(NaiveDate) -> Alert, soon: fn(NaiveDate) -> Alert| {
        let until = until?;
        match until {
            day if day < today => Some(over(until)),
            day if day <= today + SOON => Some(soon(until)),
            _ => None,
        }
    };
    let missing = missing.into_iter().filter_map(|(is, alert)| is.then_some(alert));
    let dated = [
        ends(standing.declaration_until, Alert::DeclarationOver, Alert::DeclarationEnds),
        ends(standing.contract_until, Alert::ContractOver, Alert::ContractEnds),
    ];
    missing.chain(dated.into_iter().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(kind: PeriodKind, from: &str, until: &str) -> Period {
        Period { kind, from: day(from), until: day(until) }
    }

    #[test]
    fn away_beats_available_and_silence_is_free() {
        let may = period(PeriodKind::Available, "2018-05-01", "2018-05-31");
        let trip = period(PeriodKind::Away, "2018-05-01", "2018-05-10");
        assert!(free_on(&[], day("2018-01-01")));
        assert!(!free_on(&[may], day("2018-04-30")) && free_on(&[may], day("2018-05-31")));
        assert_eq!(next_free(&[may, trip], day("2018-02-01")), Some(day("2018-05-11")));
        assert_eq!(next_free(&[trip], day("2018-04-01")), Some(day("2018-04-01")));
        assert_eq!(next_free(&[may], day("2018-06-01")), None);
    }

    #[test]
    fn what_is_missing_or_ends_is_said() {
        let today = day("2018-03-01");
        let nothing = alerts(&Standing::default(), today);
        assert_eq!(nothing, [Alert::NoTags, Alert::NoTexts, Alert::NoLanguages, Alert::NoDeclaration]);
        let (tomorrow, past) = (day("2018-03-02"), day("2018-02-28"));
        let standing =
            Standing { tags: 1, texts: 1, languages: 1, declaration_until: Some(tomorrow), contract_until: Some(past) };
        assert_eq!(alerts(&standing, today), [Alert::DeclarationEnds(tomorrow), Alert::ContractOver(past)]);
        let later = Some(day("2019-01-01"));
        assert_eq!(alerts(&Standing { declaration_until: later, contract_until: None, ..standing }, today), []);
    }
}
