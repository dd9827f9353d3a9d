//! What a funded part reports half-way and at the end.

use super::{
    DemoActivity, DemoReport,
    chance::{Chance, fill},
    stories::Story,
};
use entity::types::states::ReportKind;

pub(super) fn reports(
    chance: &mut Chance,
    story: &Story,
    activities: &[DemoActivity],
    targets: &[(String, i64)],
    costs: i64,
) -> Vec<DemoReport> {
    let reach = chance.between(72, 128);
    vec![
        DemoReport {
            kind: ReportKind::Interim,
            narrative: told(chance, story, &INTERIM),
            deviations: chance.pick(&INTERIM_DEVIATIONS).to_owned(),
            activities: activities.iter().map(|a| progress(chance, a, 6)).collect(),
            costs_minor: costs * chance.between(31, 48) / 100,
            readings: readings(chance, targets, reach / 2),
        },
        DemoReport {
            kind: ReportKind::Final,
            narrative: told(chance, story, &FINAL),
            deviations: chance.pick(&FINAL_DEVIATIONS).to_owned(),
            activities: activities.iter().map(|a| progress(chance, a, 18)).collect(),
            costs_minor: costs * chance.between(91, 100) / 100,
            readings: readings(chance, targets, reach),
        },
    ]
}

/// Shares stay below a hundred; a target of one is reached or not.
fn readings(chance: &mut Chance, targets: &[(String, i64)], reach: i64) -> Vec<(String, i64)> {
    targets
        .iter()
        .map(|(key, target)| {
            let value = (target * (reach + chance.between(-18, 18)) + 50) / 100;
            let most = if matches!(key.as_str(), "new_contacts" | "commercial_contracts") { 100 } else { i64::MAX };
            (key.clone(), value.clamp(0, most))
        })
        .collect()
}

fn told(chance: &mut Chance, story: &Story, paragraphs: &[&[&str]]) -> String {
    let words = [
        ("topic", story.topic),
        ("members", story.members),
        ("gain", story.gain),
        ("next", story.next),
        ("need", chance.pick(&story.needs)),
        ("n", &chance.between(9, 22).to_string()),
    ];
    let text: Vec<String> = paragraphs.iter().map(|variants| fill(chance.pick(variants), &words)).collect();
    text.join("\n\n")
}

fn progress(chance: &mut Chance, activity: &DemoActivity, month: u32) -> String {
    if activity.start_month > month {
        return "Not started yet; companies are chosen and the place is booked.".to_owned();
    }
    if activity.end_month > month {
        return chance
            .pick(&[
                "Under way: the first half is done and notes have been sent to all companies.",
                "Started as planned; two companies were replaced by others from the list.",
            ])
            .to_owned();
    }
    let came = i64::from(activity.participants) * chance.between(70, 125) / 100;
    fill(
        chance.pick(&[
            "Done in {place} with {n} participants; every company received its follow-up call.",
            "Done in {place}; {n} people took part and filled in the short questionnaire.",
            "Done in {place} with {n} participants, a week later than planned.",
        ]),
        &[("place", &activity.place), ("n", &came.to_string())],
    )
}

const INTERIM: [&[&str]; 2] = [
    &[
        "The companies have been chosen and have met. {n} of them have visited a partner abroad, and the wish named most often, {need}, has been the subject of every meeting.",
        "Work began as planned. After the kick-off {n} companies took part in the first visits; most of them came back with a contact they want to keep.",
    ],
    &[
        "Companies value the small groups. What surprised us is how much time preparation takes: a visit that is well prepared needs two days of work for each day abroad.",
        "Contacts between the organisations are now daily. For {topic} we have already agreed on a common way of writing down results.",
    ],
];

const FINAL: [&[&str]; 3] = [
    &[
        "All activities have been carried out. {n} companies took part from beginning to end, and most of them would do so again.",
        "The project has ended as planned. Looking back, {n} companies used what they learned; the others say that they know now what does not fit them.",
    ],
    &[
        "At the start we wrote: “{gain}” Measured by this sentence the project has kept its promise in most points; the figures show where it has not.",
    ],
    &["What comes next is settled. {next}", "The companies asked for a continuation, and it is prepared. {next}"],
];

const INTERIM_DEVIATIONS: [&str; 3] = [
    "None.",
    "One visit was moved by three weeks because of illness; the costs do not change.",
    "One company left the project after a change of owner and was replaced.",
];

const FINAL_DEVIATIONS: [&str; 3] = [
    "None worth mentioning.",
    "The last workshop was held online for half of the participants; travel costs are lower for this reason.",
    "Less external expertise was needed than planned; the difference was not spent.",
];
