//! Who must apply together, and until when (consortium rules R1 to R6 of the call, domain.md 1.4 and 6.2).

use super::Finding;
use chrono::{DateTime, Utc};
use entity::types::{
    country::Country,
    states::{AnnexClass, PartState},
    terms::{AnnexTerms, CallTerms},
};
use std::collections::BTreeSet;

/// What counts of a part for the consortium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartFacts {
    pub country: Country,
    /// Of the annex of its home agency.
    pub class: AnnexClass,
    pub state: PartState,
}

/// Checks the parts of a proposal together; withdrawn, ineligible and rejected parts do not count.
pub fn check_consortium(terms: &CallTerms, parts: &[PartFacts]) -> Vec<Finding> {
    let counted: Vec<&PartFacts> = parts
        .iter()
        .filter(|p| !matches!(p.state, PartState::Withdrawn | PartState::Ineligible | PartState::Rejected))
        .collect();
    let countries: BTreeSet<Country> = counted.iter().map(|p| p.country).collect();
    let paying: BTreeSet<Country> =
        counted.iter().filter(|p| p.class == AnnexClass::Funding).map(|p| p.country).collect();
    let rules = &terms.consortium;
    let few = |n: usize, least: u32| n < usize::try_from(least).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    let mut error = |code, message| found.push(Finding::error(code, "consortium", message));
    if few(counted.len(), rules.min_parts) {
        let message = format!("A proposal has at least {} parts; this has {}", rules.min_parts, counted.len());
        error("consortium.parts", message);
    }
    if few(countries.len(), rules.min_countries) {
        let message =
            format!("Partners come from at least {} countries; these are {}", rules.min_countries, countries.len());
        error("consortium.countries", message);
    }
    if few(paying.len(), rules.min_funding_countries) {
        let message = format!(
            "At least {} of the countries must have an agency that pays; here {} do",
            rules.min_funding_countries,
            paying.len()
        );
        error("consortium.paying", message);
    }
    found
}

/// Checks whether a part can still be submitted: the home agency's own deadline decides, by the server's clock.
pub fn check_deadline(annex: &AnnexTerms, now: DateTime<Utc>) -> Option<Finding> {
    let message = || format!("The deadline of your agency was {}", annex.deadline);
    annex.deadline.passed(now).then(|| Finding::error("deadline.passed", "deadline", message()))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{annex, call, codes};
    use super::*;

    fn part(country: &str, class: AnnexClass) -> PartFacts {
        PartFacts { country: country.parse().unwrap(), class, state: PartState::Draft }
    }

    #[test]
    fn two_parts_from_two_countries_with_one_that_pays_suffice() {
        let mut parts = [part("LT", AnnexClass::Funding), part("LV", AnnexClass::Extended)];
        assert_eq!(check_consortium(&call(), &parts), vec![]);

        parts[0].class = AnnexClass::Cooperation;
        assert_eq!(codes(&check_consortium(&call(), &parts)), ["consortium.paying"]);
        parts[1].state = PartState::Withdrawn;
        assert_eq!(
            codes(&check_consortium(&call(), &parts)),
            ["consortium.parts", "consortium.countries", "consortium.paying"]
        );
    }

    #[test]
    fn two_clusters_of_one_country_are_not_enough() {
        let parts = [part("DK", AnnexClass::Funding), part("DK", AnnexClass::Funding)];
        assert_eq!(codes(&check_consortium(&call(), &parts)), ["consortium.countries"]);
    }

    #[test]
    fn each_agency_closes_by_its_own_wall_clock() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();

        assert_eq!(check_deadline(&annex("lt-mita"), at("2017-10-31T14:00:00Z")), None);
        let late = check_deadline(&annex("lt-mita"), at("2017-10-31T14:00:01Z")).unwrap();
        assert_eq!(late.message, "The deadline of your agency was 31 October 2017, 16:00 EET (Europe/Vilnius)");
        assert_eq!(check_deadline(&annex("no-in"), at("2017-10-31T14:00:01Z")), None);
    }
}
