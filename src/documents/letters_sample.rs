//! One plausible document of each kind, for tests, previews and the look of the templates.

use super::letters::{
    Block, Column, DecisionLetter, EvaluationSummary, Fact, Judged, Letterhead, ListDocument, Receipt, RecordDocument,
    RecordSection, Section, Signature, Step,
};
use chrono::NaiveDate;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn texts(of: &[&str]) -> Vec<String> {
    of.iter().map(|&text| text.to_owned()).collect()
}

fn rows(of: &[&[&str]]) -> Vec<Vec<String>> {
    of.iter().map(|row| texts(row)).collect()
}

fn judged(name: &str, weight: &str, threshold: &str, points: &str, comment: &str) -> Judged {
    Judged {
        name: name.into(),
        weight: weight.into(),
        threshold: threshold.into(),
        points: points.into(),
        scale: "5".into(),
        comment: comment.into(),
    }
}

fn criteria() -> Vec<Judged> {
    vec![
        judged(
            "Relevance to the call",
            "30 %",
            "3",
            "4.5",
            "The plan answers the needs of the named SMEs and names the market it wants to enter.\n\n\
             The link between the matchmaking event and the later visits could be closer.",
        ),
        judged("Quality of the activities", "40 %", "3", "4", "Well sequenced, with clear responsibilities."),
        judged(
            "Impact on SMEs",
            "30 %",
            "–",
            "3.5",
            "Targets are measurable; the baseline is missing for one of them.",
        ),
    ]
}

impl Receipt {
    pub fn sample() -> Self {
        Self {
            language: "en".into(),
            date: day(2017, 3, 15),
            issuer: "Innovation Express 2017".into(),
            call: "Innovation Express 2017".into(),
            title: "Smart sensors for clean harbours".into(),
            code: "IE17-007".into(),
            part: "IE17-007-NO".into(),
            organisation: "Nordvest Maritime Cluster".into(),
            agency: "Innovasjon Norge".into(),
            submitted_by: "Åse Bjørnstad".into(),
            submitted_at: "15 March 2017, 16:58:03".into(),
            zone: "Europe/Oslo, UTC+01:00".into(),
            version: 3,
            checksum: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
            verify: "https://fairway.example/receipts/IE17-007-NO".into(),
            sections: vec![
                Section {
                    title: "The project".into(),
                    blocks: vec![
                        Block::Answer {
                            question: "Describe the challenge your SMEs share".into(),
                            text: "Small ports must measure emissions from 2018, but the sensors on the market were \
                                   built for large terminals.\n\nFive of our members make parts of a cheaper system. \
                                   None of them sells abroad alone.\n- no common interface\n- no reference site"
                                .into(),
                        },
                        Block::Answer {
                            question: "Which market do you address?".into(),
                            text: "Baltic and North Sea ports below 5 million tonnes a year. \
                                   See https://ports.example/a/very/long/address/that/goes/on/and/on/until/it/does/not/fit/on/one/line"
                                .into(),
                        },
                        Block::Answer { question: "Anything else?".into(), text: String::new() },
                    ],
                },
                Section {
                    title: "Activities".into(),
                    blocks: vec![Block::Table {
                        caption: "Planned activities".into(),
                        columns: vec![Column::text("Activity"), Column::text("Where and when"), Column::number("SMEs")],
                        rows: rows(&[
                            &["Study visit", "Gdańsk, 12–14 September 2017", "5"],
                            &["Matchmaking at a trade fair", "Hamburg, November 2017", "8"],
                        ]),
                        total: None,
                    }],
                },
                Section {
                    title: "Participating SMEs".into(),
                    blocks: vec![Block::Table {
                        caption: "SMEs with their contacts".into(),
                        columns: vec![Column::text("Name"), Column::text("Number"), Column::text("Contact")],
                        rows: rows(&[
                            &["Fjordsens AS", "987 654 321", "Kari Nordmann, kari.nordmann@fjordsens.example"],
                            &["Havmåling AS", "912 345 678", "Ola Hansen, post@havmaling.example"],
                        ]),
                        total: None,
                    }],
                },
                Section {
                    title: "Budget".into(),
                    blocks: vec![
                        Block::Facts {
                            entries: vec![
                                Fact::new("Currency", "EUR at 9.1250 NOK, fixed on 2 January 2017"),
                                Fact::new("Intensity", "50 % of eligible costs"),
                            ],
                        },
                        Block::Table {
                            caption: "Costs and grant asked for".into(),
                            columns: vec![Column::text("Cost line"), Column::number("Costs"), Column::number("Grant")],
                            rows: rows(&[
                                &["Staff of the cluster", "18 400 EUR", "9 200 EUR"],
                                &["Travel", "6 200 EUR", "3 100 EUR"],
                                &["External expertise", "9 000 EUR", "4 500 EUR"],
                            ]),
                            total: Some(texts(&["Total", "33 600 EUR", "16 800 EUR"])),
                        },
                    ],
                },
                Section {
                    title: "Attachments".into(),
                    blocks: vec![Block::List {
                        caption: "Files with their checksums".into(),
                        items: texts(&["commitment-gdansk.pdf, 214 kB, 4e0c1d…", "cv-bjornstad.pdf, 88 kB, 77ab90…"]),
                    }],
                },
            ],
        }
    }
}

impl DecisionLetter {
    pub fn sample() -> Self {
        Self {
            language: "en".into(),
            date: day(2017, 6, 15),
            agency: Letterhead {
                name: "Innovasjon Norge".into(),
                lines: texts(&["Akersgata 13", "0158 Oslo", "Norway"]),
            },
            addressee: texts(&["Nordvest Maritime Cluster", "Åse Bjørnstad", "Havnegata 4", "6002 Ålesund", "Norway"]),
            reference: "2017/0412-7".into(),
            call: "Innovation Express 2017".into(),
            code: "IE17-007-NO".into(),
            subject: "Your part of “Smart sensors for clean harbours” will be funded".into(),
            salutation: "Dear Åse Bjørnstad,".into(),
            outcome: texts(&[
                "Innovasjon Norge has decided to fund your part of this proposal in the call Innovation Express 2017. \
                 The decision follows the joint ranking of 24 May 2017.",
            ]),
            amount: Some(Fact::new("Granted, at most", "153 300 NOK (16 800 EUR)")),
            reasons: texts(&["The proposal reached every threshold and stands fourth of thirty in the joint ranking."]),
            conditions: texts(&[
                "The consortium agreement is signed before 1 September 2017.",
                "The baseline of the second target is stated in the interim report.",
            ]),
            criteria: criteria(),
            total: Some("4.0".into()),
            remarks: texts(&["A consortium that has worked together before and knows its market."]),
            redress: texts(&[
                "You may object in writing within 21 days of receiving this letter. Send the objection to \
                 objections@agency.example and say which part of the decision you want changed, and why.",
            ]),
            signature: Signature { name: "Petra Lund".into(), role: "Head of international programmes".into() },
            contact: Some("Petra Lund, petra.lund@agency.example".into()),
        }
    }
}

impl EvaluationSummary {
    pub fn sample() -> Self {
        let steps = [("0.0 – 0.9", 0), ("1.0 – 1.9", 2), ("2.0 – 2.9", 9), ("3.0 – 3.9", 13), ("4.0 – 5.0", 6)];
        Self {
            language: "en".into(),
            date: day(2017, 6, 15),
            issuer: "Innovation Express 2017".into(),
            call: "Innovation Express 2017".into(),
            title: "Smart sensors for clean harbours".into(),
            code: "IE17-007".into(),
            coordinator: "Nordvest Maritime Cluster".into(),
            evaluated_by: "3 independent evaluators".into(),
            total: "4.0 of 5".into(),
            band: Some("Among the first six of thirty proposals.".into()),
            criteria: criteria(),
            remarks: texts(&["The panel asks the consortium to name a second reference site."]),
            distribution: steps
                .into_iter()
                .map(|(label, count)| Step { label: label.into(), count, own: label.starts_with('4') })
                .collect(),
        }
    }
}

impl ListDocument {
    pub fn sample() -> Self {
        Self {
            language: "en".into(),
            date: day(2017, 3, 16),
            issuer: "Innovation Express 2017".into(),
            title: "Submitted parts".into(),
            notes: texts(&["Agency: Innovasjon Norge", "State: submitted", "As of 16 March 2017, 09:00 (Europe/Oslo)"]),
            columns: vec![
                Column::text("Code"),
                Column::text("Title"),
                Column::text("Organisation"),
                Column::number("Asked for"),
            ],
            rows: (1..=60)
                .map(|n| {
                    texts(&[
                        &format!("IE17-{n:03}-NO"),
                        "Smart sensors for clean harbours",
                        "Nordvest Maritime Cluster",
                        &format!("{} EUR", 10_000 + n * 100),
                    ])
                })
                .collect(),
            total: Some(texts(&["60 parts", "", "", "783 000 EUR"])),
        }
    }
}

impl RecordDocument {
    pub fn sample() -> Self {
        let fact = |name: &str, value: &str| Fact { name: name.into(), value: value.into() };
        Self {
            language: "en".into(),
            date: day(2017, 11, 20),
            issuer: "Innovation Express 2017".into(),
            title: "Minutes of the panel “Health and maritime”".into(),
            facts: vec![fact("Chair", "Åse Bjørnstad"), fact("Opened", "20 November 2017, 09:00 (Europe/Oslo)")],
            sections: vec![
                RecordSection {
                    title: "Who was there".into(),
                    columns: vec![Column::text("Member"), Column::text("Came and went")],
                    rows: rows(&[&["Åse Bjørnstad", "came 09:00, left 15:20"], &["Eva Mäki", "came 09:10"]]),
                    ..RecordSection::default()
                },
                RecordSection {
                    title: "1. IE17-007 Smart sensors for clean harbours".into(),
                    facts: vec![fact("Decided", "Recommended for funding"), fact("Out of the room", "Eva Mäki")],
                    paragraphs: texts(&["The second reference site was found convincing."]),
                    columns: vec![Column::text("Criterion"), Column::number("Points"), Column::text("Why")],
                    rows: rows(&[&["Impact on SMEs", "4", "The market is shown."]]),
                },
            ],
        }
    }
}
