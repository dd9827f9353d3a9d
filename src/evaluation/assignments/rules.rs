//! How an assignment moves, who may not be assigned, and who fits.
//!
//! States and steps are those of lifecycle.json, object "review", as far as they exist here. Automatic checks look
//! at employer and mail domain (domain.md 8: per-project signed declaration, automatic checks, recorded recusal).

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use entity::types::{country::Country, states::AssignmentState};

/// What moves an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The secretariat asks an expert, for the first time or again.
    Invite,
    /// The expert accepts with a signed declaration.
    Accept,
    /// The expert declines.
    Decline,
    /// The expert declares a conflict of interest.
    DeclareConflict,
    /// The first points or words are saved.
    Begin,
    /// The sheet is complete and handed in.
    Submit,
    /// The secretariat gives a sheet back.
    Reopen,
    /// The secretariat takes the task back.
    Withdraw,
    /// Nobody answered in time.
    Lapse,
}

impl Step {
    pub const ALL: [Self; 9] = [
        Self::Invite,
        Self::Accept,
        Self::Decline,
        Self::DeclareConflict,
        Self::Begin,
        Self::Submit,
        Self::Reopen,
        Self::Withdraw,
        Self::Lapse,
    ];
}

/// The assignment is not where this step starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not possible while the task is in the state “{}”.", .from.label())]
pub struct IllegalStep {
    pub from: AssignmentState,
    pub step: Step,
}

/// The state a step leads to.
///
/// # Errors
/// When the step does not start in this state.
pub fn next(from: AssignmentState, step: Step) -> Result<AssignmentState, IllegalStep> {
    use AssignmentState as S;
    Ok(match (from, step) {
        (S::Declined | S::Withdrawn, Step::Invite) => S::Invited,
        (S::Invited, Step::Accept) => S::Accepted,
        (S::Invited, Step::Decline) => S::Declined,
        // A conflict may also be noticed while reading, or after the sheet was handed in: it then counts nowhere.
        (S::Invited | S::Accepted | S::InProgress | S::Submitted, Step::DeclareConflict) => S::Conflicted,
        (S::Accepted | S::InProgress, Step::Begin) => S::InProgress,
        (S::Accepted | S::InProgress, Step::Submit) => S::Submitted,
        (S::Submitted, Step::Reopen) => S::InProgress,
        (S::Invited | S::Accepted | S::InProgress, Step::Withdraw) => S::Withdrawn,
        (S::Invited, Step::Lapse) => S::Withdrawn,
        _ => return Err(IllegalStep { from, step }),
    })
}

/// How long an invitation waits for an answer (lifecycle.json, review `expire`: "no reply in n days", assumed).
pub const ANSWER_WITHIN: TimeDelta = TimeDelta::days(10);

/// When an invitation lapses: with the hour in which [`ANSWER_WITHIN`] ends, and not after the sheet is due.
pub fn answer_by(invited_at: DateTime<Utc>, due_at: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let end = invited_at + ANSWER_WITHIN;
    let hour = end.duration_trunc(TimeDelta::hours(1)).unwrap_or(end);
    let last = if hour == end { end } else { hour + TimeDelta::hours(1) };
    due_at.map_or(last, |due| due.min(last))
}

/// Whether a task in this state takes one of an evaluator's places.
pub fn counts(state: AssignmentState) -> bool {
    use AssignmentState as S;
    matches!(state, S::Invited | S::Accepted | S::InProgress | S::Submitted)
}

/// Why people decline: key and sentence.
pub const DECLINES: &[(&str, &str)] = &[
    ("time", "I have no time before the date"),
    ("expertise", "It is outside my field"),
    ("language", "I do not read the language well enough"),
    ("other", "Another reason"),
];

/// The sentence of a reason to decline.
pub fn decline(key: &str) -> Option<&'static str> {
    DECLINES.iter().find(|(k, _)| *k == key).map(|(_, sentence)| *sentence)
}

/// What is known of an expert for the check.
#[derive(Debug, Clone)]
pub struct Expert<'a> {
    pub organisation: &'a str,
    /// The part of the address after the @.
    pub domain: &'a str,
    pub countries: Vec<Country>,
    /// Comma-separated fields.
    pub expertise: &'a str,
}

/// What is known of somebody in the proposal: a partner or a company.
#[derive(Debug, Clone)]
pub struct Involved {
    pub name: String,
    pub country: Country,
    /// Domains of its website and of its people's addresses.
    pub domains: Vec<String>,
}

/// Something the data say about an expert and a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Whether it keeps the expert from being assigned.
    pub grave: bool,
    /// Whether it says that the proposal is the expert's own, which nobody can dismiss.
    pub own: bool,
    pub why: String,
}

/// Mail services used by everybody, which say nothing about an employer.
const PUBLIC_MAIL: &[&str] =
    &["gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "proton.me", "gmx.de", "gmx.net", "web.de"];

/// What the data say against an expert.
pub fn hints(expert: &Expert<'_>, involved: &[Involved]) -> Vec<Hint> {
    let mut found = Vec::new();
    let employer = plain(expert.organisation);
    for one in involved {
        if !employer.is_empty() && employer == plain(&one.name) {
            found.push(Hint { grave: true, own: false, why: format!("works for {}", one.name) });
        } else if same_domain(expert.domain, &one.domains) {
            found.push(Hint { grave: true, own: false, why: format!("has a mail address at {}", one.name) });
        }
    }
    let shared: Vec<&str> = expert
        .countries
        .iter()
        .filter(|country| involved.iter().any(|one| one.country == **country))
        .map(Country::name)
        .collect();
    if !shared.is_empty() {
        found.push(Hint { grave: false, own: false, why: format!("same country as a partner: {}", shared.join(", ")) });
    }
    found
}

fn same_domain(mail: &str, others: &[String]) -> bool {
    let mail = mail.trim_start_matches("www.").to_lowercase();
    let under = |short: &str, long: &str| long == short || long.ends_with(&format!(".{short}"));
    !mail.is_empty()
        && !PUBLIC_MAIL.contains(&mail.as_str())
        && others.iter().filter(|d| !d.is_empty()).any(|d| under(d, &mail) || under(&mail, d))
}

/// The domain of an address or a website, in lower case without `www.`.
pub fn domain(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let rest = text.rsplit_once('@').map_or(text.as_str(), |(_, domain)| domain);
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?']).next().unwrap_or_default();
    host.trim_start_matches("www.").to_owned()
}

fn plain(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Words that name a field only together with another.
const WEAK_WORDS: &[&str] = &[
    "technology",
    "technologies",
    "industry",
    "industries",
    "services",
    "systems",
    "sector",
    "development",
    "business",
];

/// The fields of an expert that occur in a text about the proposal.
pub fn fitting(expertise: &str, about: &str) -> Vec<String> {
    let about = about.to_lowercase();
    let holds = |field: &str| {
        let field = field.to_lowercase();
        // A field fits by one strong word as well: "maritime technology" fits a text about maritime clusters.
        let strong = |word: &str| word.chars().count() >= 6 && !WEAK_WORDS.contains(&word);
        about.contains(&field) || field.split_whitespace().any(|word| strong(word) && about.contains(word))
    };
    tags(expertise).into_iter().filter(|field| holds(field)).collect()
}

/// A comma-separated list as its entries.
pub fn tags(text: &str) -> Vec<String> {
    text.split([',', ';', '\n']).map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use AssignmentState as S;

    #[test]
    fn a_task_walks_from_invitation_to_sheet_and_back() {
        let walk = [Step::Accept, Step::Begin, Step::Begin, Step::Submit, Step::Reopen, Step::Submit];
        assert_eq!(walk.into_iter().try_fold(S::Invited, next), Ok(S::Submitted));
        assert_eq!(next(S::Declined, Step::Invite), Ok(S::Invited));
    }

    #[test]
    fn a_conflict_is_the_end() {
        for step in Step::ALL {
            assert!(next(S::Conflicted, step).is_err());
        }
        assert!(next(S::Invited, Step::Submit).is_err(), "no score without a declaration");
    }

    fn partner() -> Involved {
        let domains = vec![domain("https://www.wind-cluster.dk/about"), domain("mette@wind-cluster.dk")];
        Involved { name: "Wind Cluster".into(), country: "DK".parse().unwrap(), domains }
    }

    fn expert<'a>(organisation: &'a str, domain: &'a str) -> Expert<'a> {
        Expert { organisation, domain, countries: vec!["FI".parse().unwrap()], expertise: "" }
    }

    #[test]
    fn colleagues_are_found_by_name_and_by_mail() {
        let partners = [partner()];
        let why = |expert: &Expert<'_>| hints(expert, &partners).into_iter().map(|h| h.why).collect::<Vec<_>>();

        assert_eq!(why(&expert("WIND cluster", "x.org")), ["works for Wind Cluster"]);
        assert_eq!(why(&expert("Other", "lab.wind-cluster.dk")), ["has a mail address at Wind Cluster"]);
        assert_eq!(why(&expert("Other", "blindwind-cluster.dk")), Vec::<String>::new());
        let mut neighbour = expert("Other", "x.org");
        neighbour.countries = vec!["DK".parse().unwrap()];
        assert_eq!(hints(&neighbour, &partners)[0].grave, false);
    }

    #[test]
    fn public_mail_says_nothing() {
        let mut one = partner();
        one.domains.push("gmail.com".into());
        assert_eq!(hints(&expert("Other", "gmail.com"), &[one]), vec![]);
    }

    #[test]
    fn fields_fit_by_one_strong_word() {
        assert_eq!(fitting("Maritime technology, health; food", "Maritime clusters meet"), ["Maritime technology"]);
        assert_eq!(fitting("Maritime technology", "Technology for hospitals"), Vec::<String>::new());
        assert_eq!(domain("HTTP://Example.org:80/x"), "example.org");
    }
}
