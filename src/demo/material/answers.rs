//! The answers to the 2017 form, built from a story, its fields and sentences that vary.

use super::{
    chance::{Chance, fill, listed},
    sectors::sector,
    stories::Story,
};
use entity::types::country::Country;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The joint answers of one proposal.
pub(super) fn joint(chance: &mut Chance, story: &Story, months: u32, nordic_top_up: bool) -> BTreeMap<String, Value> {
    let start = chance.pick(&["2018-02-01", "2018-02-15", "2018-03-01", "2018-03-15", "2018-04-01"]);
    let mut answers = BTreeMap::from([
        ("start_date".to_owned(), json!(start)),
        ("duration_months".to_owned(), json!(months.to_string())),
        ("sectors".to_owned(), json!(story.sectors)),
        ("target_geographies".to_owned(), json!(story.targets)),
        ("internationalisation_model".to_owned(), json!(in_order_of_the_form(story.models))),
        ("partner_role".to_owned(), json!(roles(chance, story))),
        ("milestones".to_owned(), milestones(chance, story, months)),
        ("risks".to_owned(), risks(chance, story)),
        ("topup_requested".to_owned(), json!(nordic_top_up)),
    ]);
    if chance.happens(35) {
        answers.insert("partner_clusters".to_owned(), guests(chance));
    }
    for (key, paragraphs) in TEXTS {
        let text: Vec<String> = paragraphs.iter().map(|variants| told(chance, story, variants)).collect();
        answers.insert((*key).to_owned(), json!(text.join("\n\n")));
    }
    answers
}

/// Options are kept in the order of the form, whatever the story names first.
fn in_order_of_the_form(models: &[&'static str]) -> Vec<&'static str> {
    [
        "value_chain",
        "cross_sectorial_innovation",
        "sme_globalisation_via_clusters",
        "system_export_complex_solutions",
        "transnational_cluster_platform",
        "support_international_research",
    ]
    .into_iter()
    .filter(|model| models.contains(model))
    .collect()
}

/// Questions answered in paragraphs; of each paragraph one variant is told.
const TEXTS: &[(&str, &[&[&str]])] = &[
    (
        "public_summary",
        &[
            &["{challenge}", "{market} {challenge}"],
            &[
                "{idea} {clusters} carry the project; they come from {countries} and bring together {members}.",
                "In this project {clusters} from {countries} join forces for {members}. {idea}",
            ],
            &["{gain} {gain2}", "{gain}"],
        ],
    ),
    (
        "needs_evidence",
        &[
            &[
                "In the spring of 2017 both networks asked their members the same twelve questions about {topic}. {n} companies answered; {m} of them were then interviewed for an hour each, half of them at their own place of work.",
                "The idea comes from the members. Between February and June 2017 {n} companies filled in a short survey on {topic}, and the managers of the clusters visited {m} of them to understand the answers.",
                "We began with a meeting of {m} companies in each country, where {members} described what keeps them from selling abroad. A survey sent to all members afterwards brought {n} answers and confirmed the picture.",
            ],
            &[
                "Three wishes were named most often: {need1}, {need2}, and {need3}. Four out of five companies want to meet partners at their workplaces rather than at fairs, and two out of three would give working hours if the group is small.",
                "Asked for what they miss, the companies named {need1} first, then {need2} and {need3}. Money came only in sixth place. Most of them are ready to spend ten to fifteen days of work on a project that answers these points.",
                "The answers can be put in order: {need1} (named by more than half), {need2} (by almost half) and {need3} (by a third). Firms with fewer than ten people want short visits; larger ones want a tested result.",
            ],
            &[
                "{market} The companies listed in the parts were chosen because they named one of these wishes and promised time in writing.",
                "The answers also show what not to do: nobody asked for another conference. {market}",
            ],
        ],
    ),
    (
        "member_communication",
        &[
            &[
                "Every member of the clusters receives a page of news each quarter: what was tried, what failed and what can be used. Companies outside the project may join one open day in each country.",
                "Results are told where members already are: in the monthly letter of each cluster, at the annual meeting and in two open workshops with room for forty guests each.",
                "After each activity one participating company writes half a page for the others, in its own words. The clusters translate it and send it to all members within two weeks.",
            ],
            &[
                "Members can put questions to the project at any time; answers are collected on a page that is open to all. How many read and how many come is counted and reported.",
                "We count who opens the letters and who comes, and ask ten members outside the project twice whether they learned something they can use.",
            ],
        ],
    ),
    (
        "benefit_clusters",
        &[
            &[
                "The organisations behind this project know their own regions well and the neighbour's hardly at all. {brings} After the project each of them can send a member to a named person abroad who knows what is possible.",
                "{brings} What one organisation has learned in years the other can take over in months, and both can offer it to members who do not take part.",
            ],
            &[
                "Two services will remain: visits in small groups with a fixed preparation and follow-up, and a list of tested partners that is kept up to date. Both will be offered to all members from the second year on, for a fee that covers the costs.",
                "We will write down how we prepare, lead and follow up visits, and use the same method from then on. The joint list of partners and test places is kept by all organisations together.",
                "The cluster managers will spend two weeks in each other's offices. Experience of earlier projects shows that this is what lasts: one calls a colleague, not an institution.",
            ],
            &[
                "A short strategy for {topic}, agreed by both boards, names three goals for the next three years and says who works on which.",
                "At the end the boards meet and decide on a joint plan for {topic}, with goals, persons and dates.",
            ],
        ],
    ),
    (
        "benefit_companies",
        &[
            &["{challenge} {idea}", "{idea} This answers what companies asked for: {need1}, {need2} and {need3}."],
            &[
                "{gain} {gain2} Every company gets a coach for half a day after each activity, so that contacts turn into offers while memory is fresh.",
                "{gain2} {gain} Time for follow-up is part of the plan: six hours for each company after every visit.",
            ],
            &[
                "Companies put in working hours and a fee of their own. We ask for it because it shows who means it; those who have promised are named in the parts with what they will do.",
                "The group is kept small on purpose. A company that cannot take part any more is replaced from a list of firms that have shown interest, so that the benefit does not shrink.",
                "After six and after twelve months we ask each company what it has gained: knowledge, partners, orders. The answers decide what the second half of the project concentrates on.",
            ],
        ],
    ),
    (
        "cross_sectoral",
        &[
            &["{shared}"],
            &[
                "{brings} The two do not compete: what one side lacks the other has.",
                "The strengths complete each other. {brings}",
            ],
            &[
                "In every activity companies of different fields work on one task, and no team may come from one field only. {gain2}",
                "Each field names one person who explains its limits and rules to the others at the first meeting; misunderstandings there have ended many good plans.",
            ],
        ],
    ),
    (
        "follow_up",
        &[
            &[
                "{next}",
                "{next} The responsible persons are named, and the time for it is reserved in both organisations.",
            ],
            &[
                "Two months before the end all companies and clusters meet for one day to decide what goes on, what stops and who pays. Each company leaves with a plan of one page.",
                "The last quarter of the project belongs to follow-up: coaching for the companies, and applications for the next step while the results are fresh.",
                "Half a year after the end the partners ask all companies again and tell the agencies what has become of the contacts.",
            ],
        ],
    ),
];

fn told(chance: &mut Chance, story: &Story, variants: &[&str]) -> String {
    let field = sector(story.sectors.first().copied().unwrap_or_default());
    let brings: Vec<String> = story.partners.iter().map(|p| format!("{} brings {}.", p.name, p.brings)).collect();
    let brings = brings.into_iter().take(3).collect::<Vec<_>>().join(" ");
    let clusters = listed(&story.partners.iter().map(|p| p.name.to_owned()).collect::<Vec<_>>());
    let [need1, need2, need3] = story.needs;
    let words = [
        ("challenge", story.challenge),
        ("idea", story.idea),
        ("gain", story.gain),
        ("shared", story.shared),
        ("next", story.next),
        ("topic", story.topic),
        ("members", story.members),
        ("need1", need1),
        ("need2", need2),
        ("need3", need3),
        ("brings", &brings),
        ("clusters", &clusters),
        ("countries", &countries(story)),
        ("market", chance.pick(&field.markets)),
        ("gain2", chance.pick(&field.gains)),
        ("n", &chance.between(38, 96).to_string()),
        ("m", &chance.between(12, 24).to_string()),
    ];
    fill(chance.pick(variants), &words)
}

fn countries(story: &Story) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in story.partners.iter().filter_map(|p| p.country.parse::<Country>().ok()).map(|c| c.name().to_owned()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    listed(&names)
}

fn roles(chance: &mut Chance, story: &Story) -> String {
    let tasks: &[&str] = if story.partners.len() > 3 {
        &["takes part in all tests", "hosts one visit", "finds the test customers"]
    } else {
        &[
            "prepares the companies of its country, hosts one visit and answers for the follow-up there",
            "leads the common tests, collects the results and shares them with everybody",
            "finds customers for the trials, hosts the closing meeting and keeps the list of partners",
        ]
    };
    let lead = story.partners.first().map_or("", |p| p.name);
    let mut lines: Vec<String> = story
        .partners
        .iter()
        .zip(tasks.iter().cycle())
        .map(|(p, task)| format!("{} ({}) brings {}; it {task}.", p.name, p.city, p.brings))
        .collect();
    let closing = ["{lead} coordinates.", "{lead} keeps the plan and speaks for the project."];
    lines.push(fill(chance.pick(&closing), &[("lead", lead)]));
    lines.join("\n")
}

fn milestones(chance: &mut Chance, story: &Story, months: u32) -> Value {
    let row = |milestone: &str, month: u32, evidence: &str| json!({ "milestone": fill(milestone, &[("topic", story.topic)]), "month": month.to_string(), "evidence": evidence });
    let half = months / 2;
    json!([
        row(
            chance.pick(&["All companies chosen and briefed", "Kick-off with all companies"]),
            2,
            "List of companies with signed letters"
        ),
        row(
            chance.pick(&["First visits done", "First common tests done", "First teams formed"]),
            half.saturating_sub(2).max(3),
            "Notes of each visit, one page each"
        ),
        row("Interim results on {topic} discussed by both boards", half + 1, "Minutes with decisions"),
        row(
            chance.pick(&["Trials finished", "Second round of visits done"]),
            months - 3,
            "Results shared with all companies"
        ),
        row("Plan for the time after the project agreed", months, "Signed memorandum")
    ])
}

fn risks(chance: &mut Chance, story: &Story) -> Value {
    let mut rows: Vec<Value> = story
        .sectors
        .iter()
        .flat_map(|key| sector(key).risks)
        .map(|(risk, answer)| json!({ "risk": risk, "answer": answer }))
        .collect();
    rows.truncate(3);
    if chance.happens(60) {
        rows.push(json!({
            "risk": "A partner's agency decides later than the others",
            "answer": "Activities of the first three months can start with the remaining partners"
        }));
    }
    Value::Array(rows)
}

/// A partner from outside the call who pays for itself.
fn guests(chance: &mut Chance) -> Value {
    let guests = [
        ("Tampere Industry Network", "FI", "Johanna Laine", "own money"),
        ("Tartu Applied Research Cluster", "EE", "Martin Kask", "own money"),
        ("Reykjavik Ocean Forum", "IS", "Anna Gunnarsson", "own money"),
        ("Hamburg Supply Circle", "DE", "Peter Steiner", "its city"),
    ];
    let rows: Vec<Value> = chance
        .some(&guests, 1)
        .into_iter()
        .map(|(name, country, contact, paid)| json!({ "name": name, "country": country, "contact": contact, "paid_by": paid }))
        .collect();
    Value::Array(rows)
}

/// Name and contact of each partner without a part.
pub(super) fn guests_of(answers: &BTreeMap<String, Value>) -> Vec<(String, String)> {
    let rows = answers.get("partner_clusters").and_then(Value::as_array).into_iter().flatten();
    let text = |row: &Value, key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    rows.map(|row| (text(row, "name"), text(row, "contact"))).collect()
}

/// The answers of one part.
pub(super) fn part(
    chance: &mut Chance,
    agency: &str,
    pays: bool,
    (members_total, members_sme): (u32, u32),
) -> BTreeMap<String, Value> {
    let kind = chance.pick(&["sme_network", "cluster_initiative", "cluster_initiative", "specialised_ri_environment"]);
    let basis = if pays { chance.pick(&["de_minimis", "de_minimis", "gber_28", "gber_27"]) } else { "no_aid" };
    let mut answers = BTreeMap::from([
        ("org_type".to_owned(), json!(kind)),
        ("members_total".to_owned(), json!(members_total.to_string())),
        ("members_sme".to_owned(), json!(members_sme.to_string())),
        ("aid_basis".to_owned(), json!(basis)),
    ]);
    if basis == "de_minimis" && chance.happens(50) {
        let row = json!({
            "undertaking": "The applicant",
            "granted_on": chance.pick(&["2015-11-20", "2016-03-04", "2016-09-15", "2017-02-08"]),
            "amount_eur": (chance.between(30, 180) * 100).to_string(),
            "granted_by": chance.pick(&["Chamber of commerce", "Regional development agency", "Ministry"])
        });
        answers.insert("de_minimis_declaration".to_owned(), json!([row]));
    }
    if agency == "de-bw" {
        let format = chance.pick(&["meta", "cross", "cross", "inter", "transfer"]);
        answers.insert("bw_cooperation_format".to_owned(), json!(format));
    }
    answers
}
