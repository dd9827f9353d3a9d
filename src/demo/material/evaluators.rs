//! The pool of evaluators; all of them are made up.

use super::{
    DemoEvaluator,
    chance::{Chance, fill, listed},
    people::{People, slug},
    sectors::sector,
};
use crate::evaluation::evaluators::rules::roots as roots_of_taxonomy;
use chrono::NaiveDate;
use entity::types::country::Country;

/// Given name, family name, country, organisation, fields, languages, countries known.
type Entry = (&'static str, &'static str, &'static str, &'static str, [&'static str; 3], &'static str, &'static str);

const POOL: [Entry; 24] = [
    (
        "Aino",
        "Virtanen",
        "FI",
        "Lakeland Institute of Technology",
        ["advanced_materials", "bioeconomy", "cleantech"],
        "Finnish, English, Swedish",
        "Finland, Sweden, Estonia",
    ),
    (
        "Mikko",
        "Salonen",
        "FI",
        "Salonen Advisory",
        ["ict", "mobility", "logistics"],
        "Finnish, English",
        "Finland, Latvia",
    ),
    (
        "Kadri",
        "Tamm",
        "EE",
        "Emajõgi University",
        ["ict", "creative", "health"],
        "Estonian, English, Russian",
        "Estonia, Finland, Lithuania",
    ),
    (
        "Priit",
        "Saar",
        "EE",
        "Baltic Port Consulting",
        ["maritime", "logistics", "cleantech"],
        "Estonian, English, Finnish",
        "Estonia, Poland",
    ),
    (
        "Marieke",
        "Visser",
        "NL",
        "Polder Research",
        ["food", "bioeconomy", "logistics"],
        "Dutch, English, German",
        "Netherlands, Germany, Denmark",
    ),
    (
        "Joost",
        "van Dam",
        "NL",
        "Delta Maritime Advisors",
        ["maritime", "cleantech", "advanced_materials"],
        "Dutch, English",
        "Netherlands, Norway",
    ),
    (
        "Katharina",
        "Gruber",
        "AT",
        "Alpine University of Applied Sciences",
        ["advanced_materials", "mobility", "ict"],
        "German, English",
        "Austria, Germany",
    ),
    (
        "Wolfgang",
        "Leitner",
        "AT",
        "Leitner Innovation",
        ["health", "cleantech", "tourism"],
        "German, English, Italian",
        "Austria, Spain",
    ),
    (
        "Sigrún",
        "Jónsdóttir",
        "IS",
        "Geysir Innovation House",
        ["food", "maritime", "tourism"],
        "Icelandic, English, Danish",
        "Iceland, Denmark, Norway",
    ),
    (
        "Ólafur",
        "Einarsson",
        "IS",
        "North Atlantic Energy School",
        ["cleantech", "mobility", "maritime"],
        "Icelandic, English, Norwegian",
        "Iceland, Norway",
    ),
    (
        "Claire",
        "Moreau",
        "FR",
        "Institut Rhône Matériaux",
        ["advanced_materials", "health", "bioeconomy"],
        "French, English",
        "France, Germany",
    ),
    (
        "Antoine",
        "Lefèvre",
        "FR",
        "Atelier Numérique",
        ["creative", "ict", "tourism"],
        "French, English, Spanish",
        "France, Spain",
    ),
    ("Niamh", "Byrne", "IE", "Liffey Med Tech Centre", ["health", "ict", "food"], "English, Irish", "Ireland, Sweden"),
    (
        "Declan",
        "Walsh",
        "IE",
        "Atlantic Food Board",
        ["food", "bioeconomy", "logistics"],
        "English",
        "Ireland, Denmark",
    ),
    (
        "Els",
        "Peeters",
        "BE",
        "Schelde Cluster Academy",
        ["logistics", "creative", "mobility"],
        "Dutch, French, English",
        "Belgium, Germany",
    ),
    (
        "Bart",
        "Janssens",
        "BE",
        "Flanders Process Lab",
        ["cleantech", "advanced_materials", "food"],
        "Dutch, English, French",
        "Belgium, Lithuania",
    ),
    (
        "Tereza",
        "Svobodová",
        "CZ",
        "Moravian Technology Office",
        ["mobility", "advanced_materials", "ict"],
        "Czech, English, German",
        "Czechia, Poland",
    ),
    (
        "Petr",
        "Dvořák",
        "CZ",
        "Vltava Health Analytics",
        ["health", "ict", "creative"],
        "Czech, English",
        "Czechia, Latvia",
    ),
    (
        "Giulia",
        "Ferrari",
        "IT",
        "Adriatic Design Centre",
        ["creative", "tourism", "advanced_materials"],
        "Italian, English, Spanish",
        "Italy, Spain",
    ),
    (
        "Marco",
        "Bianchi",
        "IT",
        "Po Valley Agritech",
        ["food", "bioeconomy", "cleantech"],
        "Italian, English",
        "Italy, Germany",
    ),
    (
        "Ana",
        "Silva",
        "PT",
        "Douro Ocean Institute",
        ["maritime", "food", "tourism"],
        "Portuguese, English, Spanish",
        "Portugal, Norway",
    ),
    (
        "Tiago",
        "Pereira",
        "PT",
        "Lisbon Mobility Studio",
        ["mobility", "logistics", "creative"],
        "Portuguese, English",
        "Portugal, Sweden",
    ),
    (
        "Maja",
        "Zupan",
        "SI",
        "Sava Forest Institute",
        ["bioeconomy", "advanced_materials", "tourism"],
        "Slovenian, English, German",
        "Slovenia, Sweden",
    ),
    (
        "Luka",
        "Horvat",
        "HR",
        "Adria Shipyards Advisory",
        ["maritime", "mobility", "ict"],
        "Croatian, English, German",
        "Croatia, Poland",
    ),
];

pub(super) fn pool(people: &mut People) -> Vec<DemoEvaluator> {
    let one = |(at, entry): (usize, &Entry)| {
        let (given, family, country, organisation, fields, languages, countries) = entry;
        let person = people.known(given, family, &format!("{}.example", slug(organisation)));
        let labels = listed(&fields.map(|key| sector(key).label.to_owned()));
        let mut chance = Chance::new(7_000 + at as u64);
        Some(DemoEvaluator {
            bio: fill(
                "{name} has worked with small and medium-sized companies in {fields} for more than ten years, at present at {where}. Made up for the demo.",
                &[("name", &person.name()), ("fields", &labels), ("where", organisation)],
            ),
            tags: tags(fields, &mut chance),
            texts: texts(fields, organisation, &mut chance),
            away: (at % 3 == 1).then(|| Some((day(2017, 12, 18)?, day(2018, 1, 5)?))).flatten(),
            contract_until: if at % 8 == 5 { None } else { day(2018, 12, 31) },
            declaration_until: match at {
                7 => None,
                11 => day(2017, 12, 31),
                _ => day(2018, 6, 30),
            },
            person,
            country: country.parse::<Country>().ok()?,
            organisation: (*organisation).to_owned(),
            sectors: fields.map(str::to_owned).to_vec(),
            expertise: labels,
            languages: (*languages).to_owned(),
            countries: (*countries).to_owned(),
            capacity: 7,
            hours: 20 + 10 * i32::try_from(at % 4).unwrap_or_default(),
        })
    };
    POOL.iter().enumerate().filter_map(one).collect()
}

fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The first field is known best; of each, some parts of the taxonomy; and a method of cluster work.
fn tags(fields: &[&str; 3], chance: &mut Chance) -> Vec<(String, i32)> {
    let mut tags = Vec::new();
    let known = fields.iter().zip([5, 4, 3]).chain([(&"methods", 4)]);
    for (key, level) in known {
        let Some(root) = roots_of_taxonomy().iter().find(|root| root.key == *key) else { continue };
        tags.push((root.key.clone(), level - 1));
        for field in chance.some(&root.fields, 2) {
            tags.push((format!("{}/{}", root.key, field.key), level));
        }
    }
    tags
}

/// A study, a project and a post, in words that proposals of the fields use as well.
fn texts(fields: &[&str; 3], organisation: &str, chance: &mut Chance) -> Vec<(String, String)> {
    const TITLES: [&str; 3] =
        ["Study: small companies and {field}", "Project: partners abroad in {field}", "Advice to companies in {field}"];
    let section = |(key, title): (&&str, &str)| {
        let field = sector(key);
        let text = format!(
            "{} {} {} Written at {organisation}.",
            chance.pick(&field.markets),
            chance.pick(&field.gains),
            chance.pick(&[
                "The work was done with clusters of three countries.",
                "The results were used by a regional agency.",
                "Twelve companies took part from the first workshop to the first order.",
            ])
        );
        (fill(title, &[("field", field.label)]), text)
    };
    fields.iter().zip(TITLES).map(section).collect()
}
