//! The SMEs of a part: enough of them, reachable later, with their declarations.
//!
//! Denmark asked for three Danish SMEs (2013); evaluators of 2014 could not reach companies because nobody had
//! collected their contacts, so a contact and the privacy notice are needed from the start (domain.md 7).

use super::{Finding, FundingLine};
use entity::types::{
    country::Country,
    money::Money,
    states::{FundingSource, SizeClass},
    terms::{AnnexTerms, CallTerms},
    text::Email,
};
use std::collections::BTreeMap;

/// What is known of one company of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmeFacts {
    /// Names the company in findings.
    pub key: String,
    pub name: String,
    pub registration_no: Option<String>,
    pub country: Country,
    pub size_class: SizeClass,
    pub contact_name: String,
    pub contact_email: String,
    /// The contact was told what happens with the data.
    pub notice_given: bool,
    /// Keys of the call's declarations that were made.
    pub declarations: Vec<String>,
    /// What it brings in money and in work, in minor units of the agency's currency; none when it was not said.
    pub cash: Option<i64>,
    pub in_kind: Option<i64>,
}

/// Checks the companies of a part whose agency is of this country.
pub fn check_smes(terms: &CallTerms, annex: &AnnexTerms, home: Country, smes: &[SmeFacts]) -> Vec<Finding> {
    let mut found = Vec::new();
    let counted = smes.iter().filter(|s| s.country == home && s.size_class != SizeClass::Large).count();
    let least = usize::try_from(annex.min_smes).unwrap_or(usize::MAX);
    if counted < least {
        let message = format!("At least {least} SMEs of {} take part; there are {counted}", home.name());
        found.push(Finding::error("smes.few", "participants", message));
    }
    let mut seen: BTreeMap<(Country, String), &str> = BTreeMap::new();
    for sme in smes {
        one(terms, sme, &mut found);
        for identity in identities(sme) {
            if let Some(first) = seen.insert((sme.country, identity), &sme.name)
                && !found.iter().any(|f| f.code == "smes.twice" && f.field == sme.key)
            {
                let message = format!("{} is entered twice (also as {first})", sme.name);
                found.push(Finding::error("smes.twice", &sme.key, message));
            }
        }
    }
    found
}

/// What a company brings of one kind.
type Brings = fn(&SmeFacts) -> Option<i64>;

/// Checks that what companies say they bring is what the financing counts on (Denmark asked for each company's
/// commitment in cash and in kind, 2013; an annex may demand a share of companies, see
/// [`check_budget`](super::check_budget)).
pub fn check_commitments(annex: &AnnexTerms, smes: &[SmeFacts], funding: &[FundingLine]) -> Vec<Finding> {
    if smes.iter().any(|sme| sme.cash.is_none() || sme.in_kind.is_none()) {
        return Vec::new();
    }
    let show = |minor: i64| Money::new(minor, annex.currency);
    let kinds: [(FundingSource, Brings, &str); 2] = [
        (FundingSource::PrivateCash, |sme| sme.cash, "in money"),
        (FundingSource::PrivateInKind, |sme| sme.in_kind, "in work"),
    ];
    let mut found = Vec::new();
    for (source, get, what) in kinds {
        let promised = smes.iter().filter_map(get).fold(0, i64::saturating_add);
        let counted = funding.iter().filter(|f| f.source == source).map(|f| f.minor).fold(0, i64::saturating_add);
        if promised < counted {
            let message = format!(
                "The financing counts on {} of companies {what}; they have promised {}",
                show(counted),
                show(promised)
            );
            found.push(Finding::error("smes.promised", "participants", message));
        } else if promised > counted {
            let message = format!(
                "Companies have promised {} {what}; the financing counts {} of it",
                show(promised),
                show(counted)
            );
            found.push(Finding::warning("smes.uncounted", "participants", message));
        }
    }
    found
}

fn one(terms: &CallTerms, sme: &SmeFacts, found: &mut Vec<Finding>) {
    let who = if sme.name.trim().is_empty() { "This company" } else { sme.name.trim() };
    if sme.name.trim().is_empty() {
        found.push(Finding::error("smes.name", &sme.key, "Enter the company's name"));
    }
    if sme.contact_name.trim().is_empty() || Email::parse(&sme.contact_email).is_err() {
        let message = format!("{who} needs a contact with name and e-mail address");
        found.push(Finding::error("smes.contact", &sme.key, message));
    }
    if !sme.notice_given {
        let message = format!("{who}: confirm that the contact was given the privacy notice");
        found.push(Finding::error("smes.notice", &sme.key, message));
    }
    if terms.consortium.company_commitments && (sme.cash.is_none() || sme.in_kind.is_none()) {
        let message = format!("{who}: enter what it brings in money and in work; 0 is an answer");
        found.push(Finding::error("smes.commitment", &sme.key, message));
    }
    if sme.cash.is_some_and(|minor| minor < 0) || sme.in_kind.is_some_and(|minor| minor < 0) {
        found.push(Finding::error("smes.negative", &sme.key, format!("{who}: a contribution is not negative")));
    }
    for declaration in terms.declarations.iter().filter(|d| !sme.declarations.contains(&d.key)) {
        let message = format!("{who} has not declared: {}", declaration.label);
        found.push(Finding::error("smes.declaration", &sme.key, message));
    }
    if sme.size_class == SizeClass::Large {
        found.push(Finding::warning("smes.large", &sme.key, format!("{who} is no SME and is not counted")));
    }
}

/// What makes two entries the same company: the registration number, else the name without its spelling.
fn identities(sme: &SmeFacts) -> Vec<String> {
    let plain = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let number = sme.registration_no.as_deref().map(plain).filter(|n| !n.is_empty()).map(|n| format!("no {n}"));
    let name = Some(plain(&sme.name)).filter(|n| !n.is_empty()).map(|n| format!("name {n}"));
    number.into_iter().chain(name).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{annex, call, codes};
    use super::*;

    fn sme(n: u32) -> SmeFacts {
        SmeFacts {
            key: format!("sme-{n}"),
            name: format!("Firma {n} ApS"),
            registration_no: Some(format!("1000000{n}")),
            country: "DK".parse().unwrap(),
            size_class: SizeClass::Small,
            contact_name: "Ida Holm".into(),
            contact_email: format!("ida@firma{n}.example"),
            notice_given: true,
            declarations: call().declarations.into_iter().map(|d| d.key).collect(),
            cash: Some(10_000),
            in_kind: Some(0),
        }
    }

    fn check(change: impl FnOnce(&mut Vec<SmeFacts>)) -> Vec<&'static str> {
        let mut smes = vec![sme(1), sme(2), sme(3)];
        change(&mut smes);
        codes(&check_smes(&call(), &annex("dk-sfu"), "DK".parse().unwrap(), &smes))
    }

    #[test]
    fn three_complete_danish_smes_pass() {
        assert_eq!(check(|_| ()), Vec::<&str>::new());
    }

    #[test]
    fn foreign_and_large_companies_are_not_counted() {
        assert_eq!(check(|s| s[0].country = "SE".parse().unwrap()), ["smes.few"]);
        assert_eq!(check(|s| s[0].size_class = SizeClass::Large), ["smes.few", "smes.large"]);
        assert_eq!(check(|s| s.truncate(2)), ["smes.few"]);
    }

    #[test]
    fn a_company_is_reachable_and_has_declared() {
        assert_eq!(check(|s| s[1].contact_email = "ida".into()), ["smes.contact"]);
        assert_eq!(check(|s| s[1].notice_given = false), ["smes.notice"]);
        assert_eq!(check(|s| drop(s[1].declarations.pop())), ["smes.declaration"]);
    }

    #[test]
    fn every_company_says_what_it_brings_if_the_call_asks() {
        assert_eq!(check(|s| s[0].in_kind = None), ["smes.commitment"]);
        assert_eq!(check(|s| s[0].cash = Some(-1)), ["smes.negative"]);
        let mut call = call();
        call.consortium.company_commitments = false;
        let smes = [SmeFacts { cash: None, in_kind: None, ..sme(1) }, sme(2), sme(3)];
        assert_eq!(check_smes(&call, &annex("dk-sfu"), "DK".parse().unwrap(), &smes), vec![]);
    }

    #[test]
    fn what_companies_promise_is_what_the_financing_counts() {
        let annex = annex("dk-sfu");
        let smes = [sme(1), sme(2)];
        let check = |cash: i64, in_kind: i64| {
            let line = |source, minor| FundingLine { source, minor };
            let own = line(FundingSource::OwnCash, 5_000);
            let funding = [line(FundingSource::PrivateCash, cash), line(FundingSource::PrivateInKind, in_kind), own];
            check_commitments(&annex, &smes, &funding)
        };
        assert_eq!(check(20_000, 0), vec![]);
        assert_eq!(codes(&check(20_001, 0)), ["smes.promised"]);
        assert_eq!(codes(&check(19_999, 1)), ["smes.uncounted", "smes.promised"]);
        let unsaid = [SmeFacts { cash: None, ..sme(1) }];
        assert_eq!(check_commitments(&annex, &unsaid, &[]), vec![]);
    }

    #[test]
    fn the_same_company_in_another_spelling_is_found() {
        assert_eq!(check(|s| s[2].registration_no = Some("10 000 001".into())), ["smes.twice"]);
        assert_eq!(check(|s| (s[2].name, s[2].registration_no) = ("FIRMA-1 ApS".into(), None)), ["smes.twice"]);
    }
}
