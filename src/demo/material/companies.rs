//! Clusters and the companies of their parts.

use super::{
    DemoCluster, DemoCompany,
    chance::{Chance, fill},
    people::{People, slug},
    sectors::sector,
    stories::{Partner, Story},
};
use chrono::NaiveDate;
use entity::types::{
    country::Country,
    states::{LabelLevel, SizeClass},
    terms::{AnnexTerms, CallTerms},
};
use std::collections::BTreeSet;

/// The cluster behind a part; its label expires early where the story of the demo needs it.
pub(super) fn cluster(
    chance: &mut Chance,
    people: &mut People,
    partner: &Partner,
    country: Country,
    story: &Story,
    expired: bool,
) -> DemoCluster {
    let key = slug(partner.name).chars().take(40).collect::<String>().trim_end_matches('-').to_owned();
    let host = format!("{key}.example");
    let origin = if story.known {
        "Only the name is that of a real cluster; everything else here is made up for the demo."
    } else {
        "Made up for the demo."
    };
    let members_total = chance.count(36, 190);
    let members_sme = members_total * chance.count(68, 92) / 100;
    DemoCluster {
        website: format!("https://{host}"),
        registration_no: number(chance, country, 8),
        description: fill(
            "{name} in {city} brings together {members}. {origin}",
            &[("name", partner.name), ("city", partner.city), ("members", story.members), ("origin", origin)],
        ),
        name: partner.name.to_owned(),
        country,
        city: partner.city.to_owned(),
        members_total,
        members_sme,
        label: label(chance, country, expired),
        manager: people.meet(chance, country, &host),
        signatory: people.meet(chance, country, &host),
        key,
    }
}

/// Danish applicants need a label; elsewhere it is a matter of pride.
fn label(chance: &mut Chance, country: Country, expired: bool) -> Option<(LabelLevel, NaiveDate, NaiveDate)> {
    let days = |from: (i32, u32, u32), to: (i32, u32, u32)| {
        Some((NaiveDate::from_ymd_opt(from.0, from.1, from.2)?, NaiveDate::from_ymd_opt(to.0, to.1, to.2)?))
    };
    if expired {
        return days((2015, 6, 11), (2017, 6, 30)).map(|(from, to)| (LabelLevel::Bronze, from, to));
    }
    if country.code() != "DK" && chance.happens(45) {
        return None;
    }
    let level = match chance.between(1, 10) {
        1..=6 => LabelLevel::Bronze,
        7..=8 => LabelLevel::Silver,
        _ => LabelLevel::Gold,
    };
    let month = chance.count(1, 12);
    let from = NaiveDate::from_ymd_opt(2016, month, 14)?;
    Some((level, from, crate::clusters::labels::rules::first_valid_until(from)))
}

/// Makes up companies, none with another's name.
#[derive(Default)]
pub(super) struct Register {
    taken: BTreeSet<String>,
}

impl Register {
    /// The companies of a part: at least as many as its agency demands.
    pub fn companies(
        &mut self,
        chance: &mut Chance,
        people: &mut People,
        (terms, annex): (&CallTerms, &AnnexTerms),
        country: Country,
        story: &Story,
    ) -> Vec<DemoCompany> {
        let n = chance.count(annex.min_smes.max(2), annex.min_smes.max(2) + 3);
        (0..n).map(|_| self.company(chance, people, terms, country, story)).collect()
    }

    fn company(
        &mut self,
        chance: &mut Chance,
        people: &mut People,
        terms: &CallTerms,
        country: Country,
        story: &Story,
    ) -> DemoCompany {
        let name = self.name(chance, country, story);
        let host = format!("{}.example", slug(&name));
        let role = fill(
            chance.pick(&[
                "Takes part in all visits and tests its own product abroad; looks for {need}.",
                "Offers its workshop for a visit and gives about eighty hours of work; looks for {need}.",
                "Wants a partner for a joint offer; expects {need}.",
                "Tests results of the others as a first customer and reports on them.",
            ]),
            &[("need", chance.pick(&story.needs))],
        );
        DemoCompany {
            registration_no: number(chance, country, 9),
            country,
            size_class: match chance.between(1, 10) {
                1..=4 => SizeClass::Micro,
                5..=8 => SizeClass::Small,
                _ => SizeClass::Medium,
            },
            contact: people.meet(chance, country, &host),
            role,
            declarations: terms.declarations.iter().map(|d| d.key.clone()).collect(),
            cash_minor: 0,
            in_kind_minor: 0,
            name,
        }
    }

    fn name(&mut self, chance: &mut Chance, country: Country, story: &Story) -> String {
        let (roots, form) = roots(country.code());
        let mut name = String::new();
        for _ in 0..200 {
            let field = sector(chance.pick(story.sectors));
            name = format!("{} {} {form}", chance.pick(roots), chance.pick(&field.words));
            if self.taken.insert(name.clone()) {
                break;
            }
        }
        name
    }
}

fn roots(country: &str) -> (&'static [&'static str], &'static str) {
    match country {
        "DE" => (
            &[
                "Alb", "Brenz", "Donau", "Enz", "Filder", "Jagst", "Kocher", "Lauter", "Neckar", "Rems", "Tauber",
                "Zollern",
            ],
            "GmbH",
        ),
        "DK" => (
            &[
                "Bælt", "Egholm", "Fjordby", "Gudenå", "Havn", "Klit", "Lille", "Mols", "Nørre", "Skagen", "Vadehav",
                "Ærø",
            ],
            "ApS",
        ),
        "ES" => (&["Alba", "Brisa", "Costa", "Duero", "Ebro", "Jara", "Luz", "Mar", "Norte", "Sierra"], "S.L."),
        "LT" => (&["Aukštai", "Baltija", "Dainava", "Gintaras", "Nemunas", "Neris", "Vėjas", "Žalia"], "UAB"),
        "LV" => (&["Daugava", "Gauja", "Jūra", "Kurzeme", "Mežs", "Saule", "Venta", "Zeme"], "SIA"),
        "NO" => {
            (&["Bre", "Elv", "Fjell", "Havgap", "Kyst", "Lys", "Nord", "Skog", "Sund", "Tind", "Vidda", "Øy"], "AS")
        }
        "PL" => (&["Bałtyk", "Czarna", "Jantar", "Karpaty", "Morze", "Odra", "Tatry", "Wisła"], "sp. z o.o."),
        _ => (
            &[
                "Bergslag",
                "Dal",
                "Göta",
                "Halland",
                "Kattegatt",
                "Mälar",
                "Norr",
                "Skåne",
                "Småland",
                "Värmland",
                "Älv",
            ],
            "AB",
        ),
    }
}

fn number(chance: &mut Chance, country: Country, digits: u32) -> String {
    let low = 10i64.pow(digits - 1);
    format!("{} {}", country.code(), chance.between(low, low * 10 - 1))
}
