//! What a consortium may do about a stranded proposal.

use crate::allocation::rules::{AskedPart, Consortium, Fate, Input, ScenarioLine};
use chrono::{Days, NaiveDate};
use entity::types::states::StrandedOption;

/// Days to name another partner, counted from the release. Assumed: domain.md 6.2 says "within n days" and no call text
/// says how many; it is the time in which a review may be asked for.
pub const REPLACE_DAYS: u64 = 30;

/// Whether a line of the adopted scenario is stranded: not funded, with a part its own agency could pay.
pub fn is_stranded(line: &ScenarioLine) -> bool {
    !line.verdict.funds() && line.parts.iter().any(|part| part.fate == Fate::Stranded && part.asked.minor > 0)
}

/// Why an option is not open; none when it is.
pub fn barred(
    option: StrandedOption,
    line: &ScenarioLine,
    input: &Input,
    today: NaiveDate,
    released: NaiveDate,
) -> Option<String> {
    match option {
        StrandedOption::Smaller => {
            let ranked = input.candidates.iter().find(|one| one.proposal == line.proposal)?;
            let lost = |at: usize| line.parts.get(at).is_some_and(|part| part.fate == Fate::Lacking);
            let kept: Vec<AskedPart> = ranked
                .parts
                .iter()
                .enumerate()
                .filter(|(at, _)| !lost(*at))
                .map(|(_, part)| AskedPart {
                    part: part.part,
                    agency: part.agency,
                    country: part.country,
                    asked: part.asked,
                    needed: part.needed,
                })
                .collect();
            let lead = ranked.parts.iter().enumerate().any(|(at, part)| part.needed && lost(at));
            (lead || !stands(&input.consortium, &kept))
                .then(|| "The parts that can be paid are no consortium by the rules of the call.".to_owned())
        }
        StrandedOption::Replace => {
            let last = replace_until(released);
            (today > last).then(|| format!("The {REPLACE_DAYS} days to name another partner are over."))
        }
        StrandedOption::PayOneself | StrandedOption::Withdraw => None,
    }
}

fn stands(rules: &Consortium, parts: &[AskedPart]) -> bool {
    rules.stands(parts.iter())
}

/// The last day to name another partner.
pub fn replace_until(released: NaiveDate) -> NaiveDate {
    released.checked_add_days(Days::new(REPLACE_DAYS)).unwrap_or(released)
}

/// What an option means, in a sentence.
pub fn means(option: StrandedOption) -> String {
    match option {
        StrandedOption::Smaller => "The proposal goes on with the parts whose agencies can pay.".to_owned(),
        StrandedOption::PayOneself => "The partner whose agency cannot pay takes part with its own money.".to_owned(),
        StrandedOption::Replace => {
            format!("Another partner takes the place, named within {REPLACE_DAYS} days of the decision.")
        }
        StrandedOption::Withdraw => "The proposal leaves every reserve list.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocation::rules::{PartLine, Ranked, RankedPart, Verdict};
    use entity::types::{
        money::{Currency::Eur, Money},
        points::Points,
    };
    use uuid::Uuid;

    /// Three parts of three countries; the last cannot be paid.
    fn scene(lead_is_lost: bool) -> (Input, ScenarioLine) {
        let id = |n: u128| Uuid::from_u128(n);
        let eur = |minor| Money::new(minor, Eur);
        let fates = [Fate::Stranded, Fate::Stranded, Fate::Lacking];
        let part = |n: usize| RankedPart {
            part: id(n as u128).into(),
            agency: id(n as u128 + 10).into(),
            country: ["LT", "NO", "DK"][n].parse().unwrap(),
            asked: eur(5),
            needed: n == if lead_is_lost { 2 } else { 0 },
        };
        let input = Input {
            ranking: 1,
            signed: None,
            currency: Eur,
            agencies: Vec::new(),
            consortium: Consortium::TWO,
            candidates: vec![Ranked {
                proposal: id(1).into(),
                code: "P1".into(),
                rank: 1,
                score: Points::hundredths(400),
                parts: (0..3).map(part).collect(),
            }],
            left_out: Vec::new(),
        };
        let parts = (0..3).map(|n| PartLine {
            part: id(n as u128).into(),
            agency: id(n as u128 + 10).into(),
            asked: eur(5),
            granted: eur(0),
            filled: eur(0),
            fate: fates[n],
        });
        let line = ScenarioLine {
            proposal: id(1).into(),
            rank: 1,
            verdict: Verdict::Skipped,
            parts: parts.collect(),
            lacking: Vec::new(),
        };
        (input, line)
    }

    #[test]
    fn two_of_three_countries_may_go_on_unless_the_lead_is_lost() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (today, released) = (day("2018-01-20"), day("2018-01-10"));
        let (input, line) = scene(false);
        assert!(is_stranded(&line));
        assert_eq!(barred(StrandedOption::Smaller, &line, &input, today, released), None);
        let (input, line) = scene(true);
        assert!(barred(StrandedOption::Smaller, &line, &input, today, released).is_some());
        assert_eq!(barred(StrandedOption::Withdraw, &line, &input, today, released), None);
    }

    #[test]
    fn another_partner_is_named_in_time() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (input, line) = scene(false);
        let barred = |today: &str| barred(StrandedOption::Replace, &line, &input, day(today), day("2018-01-10"));
        assert_eq!(barred("2018-02-09"), None);
        assert!(barred("2018-02-10").is_some());
    }
}
