//! Puts the parts of the material together.

use super::{
    DemoActivity, DemoCheck, DemoLetter, DemoPart, DemoProposal, Material, Person, answers, budgets,
    chance::{Chance, fill},
    companies::{self, Register},
    evaluators, judging,
    people::People,
    reports,
    stories::{self, Story},
};
use crate::calls::archive::{AnnexFile, CallFile};
use chrono::{Days, NaiveDate, TimeDelta};
use entity::types::{
    country::Country,
    states::{AnnexClass, FundingSource, Verdict},
    terms::AnnexTerms,
};

/// Parts that are found not eligible: acronym, country, reason. The proposals go on without them.
const NOT_ELIGIBLE: [(&str, &str, &str); 2] = [
    ("SEASENSE", "DK", "The cluster management label had expired on 30 June 2017 and was not renewed by the deadline."),
    ("WOODFIX", "PL", "The applicant could not show that it is a legal entity that stands for a network of companies."),
];

/// What is handed from part to part.
struct Desk<'a> {
    chance: Chance,
    people: People,
    register: Register,
    file: &'a CallFile,
}

pub(super) fn write(seed: u64, file: &CallFile) -> Material {
    let mut desk = Desk { chance: Chance::new(seed), people: People::default(), register: Register::default(), file };
    let mut material = Material { evaluators: evaluators::pool(&mut desk.people), ..Material::default() };
    for story in stories::all() {
        let proposal = desk.proposal(story, &mut material);
        material.proposals.push(proposal);
    }
    judging::judge(&mut desk.chance, &file.call, &mut material);
    material
}

impl Desk<'_> {
    fn proposal(&mut self, story: &Story, material: &mut Material) -> DemoProposal {
        let months = self.chance.count(self.file.call.duration.min, self.file.call.duration.max);
        let first = material.clusters.len();
        let mut parts = Vec::new();
        for partner in story.partners {
            let Ok(country) = partner.country.parse::<Country>() else { continue };
            let Some(home) = self.file.annexes.iter().find(|a| a.agency.country == country) else { continue };
            let refused =
                NOT_ELIGIBLE.iter().find(|(acronym, at, _)| *acronym == story.acronym && *at == partner.country);
            let expired = refused.is_some() && country.code() == "DK";
            let cluster = companies::cluster(&mut self.chance, &mut self.people, partner, country, story, expired);
            let size = (cluster.members_total, cluster.members_sme);
            let at = material.clusters.len();
            material.clusters.push(cluster);
            parts.push(self.part(story, home, at, partner.city, size, months, refused.map(|(.., why)| *why)));
        }
        self.letters(&mut parts, &material.clusters[first..], first);
        let top_up = self.top_up(story);
        let answers = answers::joint(&mut self.chance, story, months, top_up);
        for guest in answers::guests_of(&answers) {
            parts.iter_mut().for_each(|part| part.letters.extend(guest_letter(&guest)));
        }
        DemoProposal {
            acronym: story.acronym.to_owned(),
            title: story.title.to_owned(),
            known: story.known,
            answers,
            parts,
            sheets: Vec::new(),
        }
    }

    /// Two paying countries, one of them Nordic (domain.md 0.4).
    fn top_up(&self, story: &Story) -> bool {
        let pays = |country: &Country| {
            self.file.annexes.iter().any(|a| a.agency.country == *country && a.terms.class == AnnexClass::Funding)
        };
        let mut countries: Vec<Country> =
            story.partners.iter().filter_map(|p| p.country.parse().ok()).filter(pays).collect();
        countries.sort_unstable();
        countries.dedup();
        countries.len() >= 2 && countries.iter().any(Country::is_nordic)
    }

    #[expect(clippy::too_many_arguments, reason = "one part has many sides and they are used once")]
    fn part(
        &mut self,
        story: &Story,
        home: &AnnexFile,
        cluster: usize,
        city: &str,
        members: (u32, u32),
        months: u32,
        refused: Option<&str>,
    ) -> DemoPart {
        let annex = &home.terms;
        let terms = (&self.file.call, annex);
        let country = home.agency.country;
        let mut companies = self.register.companies(&mut self.chance, &mut self.people, terms, country, story);
        let activities = self.activities(story, annex, city, months);
        let budget = budgets::budget(&mut self.chance, annex, &activities, companies.len());
        budgets::promise(&mut companies, &budget.funding);
        let pays = annex.class == AnnexClass::Funding;
        let private: i64 = budget
            .funding
            .iter()
            .filter(|f| matches!(f.source, FundingSource::PrivateCash | FundingSource::PrivateInKind))
            .map(|f| f.minor)
            .sum();
        let private = entity::types::money::Money::new(private, annex.currency).to(self.file.call.currency, annex.rate);
        let kpi_targets = self.targets(companies.len(), private.minor / 100);
        let costs: i64 = budget.costs.iter().map(|c| c.minor).sum();
        let reports = reports::reports(&mut self.chance, story, &activities, &kpi_targets, costs);
        DemoPart {
            cluster,
            agency: home.agency.key.clone(),
            answers: answers::part(&mut self.chance, &home.agency.key, pays, members),
            companies,
            activities,
            costs: budget.costs,
            funding: budget.funding,
            requested_minor: budget.requested,
            kpi_targets,
            letters: Vec::new(),
            submitted_before: self.hand_in(),
            check: check(refused),
            reports,
        }
    }

    /// Nearly everything arrives in the last days (domain.md 1.2).
    fn hand_in(&mut self) -> TimeDelta {
        let minutes = match self.chance.between(1, 10) {
            1..=3 => self.chance.between(4, 240),
            4..=7 => self.chance.between(240, 2 * 24 * 60),
            8..=9 => self.chance.between(2 * 24 * 60, 6 * 24 * 60),
            _ => self.chance.between(6 * 24 * 60, 16 * 24 * 60),
        };
        TimeDelta::minutes(minutes)
    }

    fn targets(&mut self, companies: usize, private_eur: i64) -> Vec<(String, i64)> {
        let companies = i64::try_from(companies).unwrap_or(0);
        let c = &mut self.chance;
        [
            ("sme_participants", companies + c.between(3, 9)),
            ("new_contacts", c.between(60, 85)),
            ("c2c_meetings", c.between(4, 12)),
            ("b2b_meetings", c.between(15, 60)),
            ("mou_signed", c.between(1, 3)),
            ("follow_up_projects", c.between(1, 3)),
            ("commercial_contracts", c.between(10, 25)),
            ("private_cofinancing", private_eur),
        ]
        .into_iter()
        .map(|(key, target)| (key.to_owned(), target))
        .collect()
    }

    fn activities(&mut self, story: &Story, annex: &AnnexTerms, city: &str, months: u32) -> Vec<DemoActivity> {
        let n = if self.chance.happens(60) { 3 } else { 4 };
        let kinds = self.chance.some(&annex.activities, n);
        let places: Vec<&str> = story.partners.iter().map(|p| p.city).chain([city]).collect();
        let mut from = 1;
        let mut planned = Vec::new();
        for kind in kinds {
            let Some((_, title, description)) = KINDS.iter().find(|(key, ..)| *key == kind) else { continue };
            let words = [("topic", story.topic), ("members", story.members), ("need", self.chance.pick(&story.needs))];
            let until = (from + self.chance.count(2, 5)).min(months);
            planned.push(DemoActivity {
                title: fill(title, &words),
                description: fill(description, &words),
                place: self.chance.pick(&places).to_owned(),
                start_month: from,
                end_month: until,
                participants: self.chance.count(8, 40),
                kind,
            });
            from = (until + 1).min(months);
        }
        planned
    }

    /// Every cluster signs for its partners' parts, and one company signs a letter of interest.
    fn letters(&mut self, parts: &mut [DemoPart], clusters: &[super::DemoCluster], first: usize) {
        let Some(earliest) = NaiveDate::from_ymd_opt(2017, 9, 4) else { return };
        for part in parts {
            for cluster in clusters.iter().enumerate().filter(|(i, _)| first + i != part.cluster).map(|(_, c)| c) {
                let days = u64::try_from(self.chance.between(0, 38)).unwrap_or(0);
                part.letters.push(DemoLetter {
                    document: "letter_partner".to_owned(),
                    signer: cluster.signatory.clone(),
                    organisation: cluster.name.clone(),
                    text: fill(LETTER, &[("who", &cluster.name), ("city", &cluster.city)]),
                    signed_on: earliest.checked_add_days(Days::new(days)).unwrap_or(earliest),
                });
            }
        }
    }
}

/// A partner without a part signs for every part.
fn guest_letter((name, contact): &(String, String)) -> Option<DemoLetter> {
    let (given, family) = contact.split_once(' ')?;
    let host = super::people::slug(name);
    Some(DemoLetter {
        document: "letter_partner".to_owned(),
        signer: Person {
            given: given.to_owned(),
            family: family.to_owned(),
            email: format!("{}@{host}.example", super::people::slug(contact)),
        },
        organisation: name.clone(),
        text: fill(
            "{who} takes part in this project as described in the proposal, with its own money.",
            &[("who", name)],
        ),
        signed_on: NaiveDate::from_ymd_opt(2017, 9, 20)?,
    })
}

const LETTER: &str = "{who} in {city} takes part in this project as described in the proposal. We bring our own staff \
and our members' time, take part in the planned activities and share the results with our members.";

/// Kinds of activity with title and description.
const KINDS: [(&str, &str, &str); 8] = [
    (
        "workshops_study_trips",
        "Visits to {members} abroad",
        "Two days with visits to workplaces in the morning and work on {need} in the afternoon; each company prepares one question and leaves with one task.",
    ),
    (
        "networking_speed_dating",
        "Matched meetings on {topic}",
        "Meetings of twenty minutes between companies chosen beforehand, each with a reason; the cluster follows up every pair after two weeks.",
    ),
    (
        "market_research",
        "Short market study for {topic}",
        "Interviews with fifteen buyers about {need}; the result is a list of named customers, not a book.",
    ),
    (
        "technology_knowledge_transfer",
        "Open laboratory for {topic}",
        "Companies bring their own part or problem to a partner's laboratory and try it out with an expert at their side, with {need} in mind.",
    ),
    (
        "recruitment_training_education",
        "Training for technicians in {topic}",
        "Three days of training with a test at the end, given once in each country and recorded for those who cannot travel.",
    ),
    (
        "cross_sectorial_inter_cluster",
        "Mixed teams of different fields",
        "Teams of three companies from different fields work on one task for six weeks and show the result to customers; the tasks come from {need}.",
    ),
    (
        "feasibility_pilot_pre_rdi",
        "Small pilots before a larger project",
        "Three pilots of at most ten days each show whether an idea on {topic} is worth a research project; results are shared in the group.",
    ),
    (
        "inter_cluster_strategy",
        "Joint strategy of the clusters for {topic}",
        "Boards and managers agree on three goals for three years, on persons and on dates, with the members' answers on {need} before them.",
    ),
];

fn check(refused: Option<&str>) -> DemoCheck {
    match refused {
        Some(reason) => DemoCheck {
            verdict: Verdict::Ineligible,
            reasons: vec![reason.to_owned()],
            note: "Checked against the annex and the register; the applicant was heard by telephone.".to_owned(),
        },
        None => DemoCheck {
            verdict: Verdict::Eligible,
            reasons: Vec::new(),
            note: "Complete and in time; letters and declarations are in order.".to_owned(),
        },
    }
}
