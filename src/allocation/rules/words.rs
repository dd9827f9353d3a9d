//! What scenarios say, in words.

use super::{
    scenario::{Fate, Verdict},
    setting::Setting,
    ties::{Tie, TieReason},
};
use entity::types::{decimal, money::Money};

impl Verdict {
    /// The word that decides the tone.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Funded | Self::Filled => "fund",
            Self::Reduced => "reduced",
            Self::Skipped | Self::Stopped | Self::NotChosen => "reserve",
            Self::Broken => "reject",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Funded => "Funded",
            Self::Reduced => "Funded in part",
            Self::Filled => "Funded with the pot",
            Self::Skipped => "Skipped",
            Self::Stopped => "Not reached",
            Self::NotChosen => "Not chosen",
            Self::Broken => "No consortium left",
        }
    }
}

impl Fate {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Cut => "cut",
            Self::Filled => "filled",
            Self::Signed => "signed",
            Self::Dropped => "dropped",
            Self::Lacking => "lacking",
            Self::Stranded => "stranded",
            Self::NotReached => "not_reached",
            Self::Declined => "declined",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Cut => "cut",
            Self::Filled => "filled by the pot",
            Self::Signed => "signed",
            Self::Dropped => "dropped",
            Self::Lacking => "no money left",
            Self::Stranded => "stranded",
            Self::NotReached => "not reached",
            Self::Declined => "declined",
        }
    }

    /// Whether it gets money, or takes part without.
    pub const fn pays(self) -> bool {
        matches!(self, Self::Granted | Self::Cut | Self::Filled | Self::Signed)
    }
}

/// Names with commas and an “and”, and how many are not named.
pub fn listed(names: &[&str], more: usize) -> String {
    let mut all: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    if more > 0 {
        all.push(format!("{more} more"));
    }
    match all.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
    }
}

/// A number as it begins a phrase.
fn count(n: usize) -> String {
    const WORDS: [&str; 10] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    WORDS.get(n).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// What a little more or less money changes (domain.md 6.4: "EUR 9,000 more in LT would fund three more projects");
/// `gains` and `loses` are the codes that may be named, and how many others there are.
pub fn change(
    agency: &str,
    amount: Money,
    more: bool,
    (gains, other_gains): (&[&str], usize),
    (loses, other_loses): (&[&str], usize),
) -> String {
    let word = if more { "more" } else { "less" };
    let mut said = format!("{amount} {word} at {agency} would ");
    let (gained, lost) = (gains.len() + other_gains, loses.len() + other_loses);
    if gained > 0 {
        said.push_str(&format!("fund {} more: {}", count(gained), listed(gains, other_gains)));
    }
    if gained > 0 && lost > 0 {
        said.push_str(", and ");
    }
    if lost > 0 {
        said.push_str(&format!("leave {} without: {}", count(lost), listed(loses, other_loses)));
    }
    if gained + lost == 0 {
        said.push_str("change who needs the pot");
    }
    said.push('.');
    said
}

/// Why a proposal stands after another of the same place.
pub fn tie(setting: &Setting, reason: &TieReason, after: &str) -> String {
    let money = |minor: i64| Money::new(minor, setting.currency).to_string();
    let points = |hundredths: i64| decimal::plain(hundredths, 2);
    let (own, other) = (reason.own, reason.other);
    let why = match reason.by {
        Some(Tie::Score) => format!("a lower score ({} against {})", points(own), points(other)),
        Some(Tie::Measure(_)) => format!("a lower measure ({own} against {other})"),
        Some(Tie::FundingCountries) => format!("fewer countries that pay ({own} against {other})"),
        Some(Tie::LessMoney) => format!("more money asked ({} against {})", money(own), money(other)),
        None => "its number, because nothing else tells them apart".to_owned(),
    };
    format!("After {after} of the same place by {why}")
}

/// The tie rule in words.
pub fn tie_rule() -> String {
    let step = |tie: &Tie| match tie {
        Tie::Score => "the higher score",
        Tie::Measure(_) => "the higher measure",
        Tie::FundingCountries => "more countries that pay",
        Tie::LessMoney => "less money asked",
    };
    let steps: Vec<&str> = super::input::TIE_RULE.iter().map(step).collect();
    format!("{}, then the number", steps.join(", then "))
}

/// A factor in basis points as people say it: two and a half times is `2.5`.
pub fn times(basis_points: u64) -> String {
    decimal::plain(i64::try_from(basis_points / 100).unwrap_or(i64::MAX), 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::types::money::Currency::Eur;

    #[test]
    fn a_change_is_told_as_a_sentence() {
        let amount = Money::new(900_000, Eur);
        let said = change("MITA", amount, true, (&["A", "B"], 1), (&[], 0));
        assert_eq!(said.replace('\u{a0}', " "), "9 000 EUR more at MITA would fund three more: A, B and 1 more.");
        let both = change("MITA", amount, false, (&["A"], 0), (&["B"], 0));
        assert!(both.ends_with("fund one more: A, and leave one without: B."), "{both}");
    }

    #[test]
    fn a_factor_keeps_two_decimals() {
        assert_eq!((times(25_000).as_str(), times(10_001).as_str()), ("2.5", "1"));
    }
}
