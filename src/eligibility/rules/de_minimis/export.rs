//! What de minimis aid may not pay for, asked of each activity line (domain.md 3.2; Regulation (EU) 2023/2831,
//! Article 1(1)).

use super::super::finding::{Finding, Subject};
use super::law::Law;
use chrono::NaiveDate;

/// What a line of activities is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Fairs, and studies or advice to bring a product to a new market, are normally no export aid, say the recitals.
    TradeFair,
    MarketStudy,
    LaunchAdvice,
    StudyTrip,
    Matchmaking,
    Training,
    /// Sales offices, agents, stores, dealers and their upkeep.
    SalesAbroad,
    Other,
}

/// The sector the line is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sector {
    #[default]
    Other,
    PrimaryFishery,
    PrimaryAgriculture,
    /// Processing or marketing such products, with aid by price or quantity or passed on to primary producers.
    ProcessingByQuantity,
}

/// The applicant's answers; none is not answered yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answers {
    /// Is the aid directly linked to the quantities exported?
    pub quantities: Option<bool>,
    /// Does it set up or run a distribution network abroad?
    pub network: Option<bool>,
    /// Does it pay other current expenditure linked to exporting?
    pub running: Option<bool>,
    /// Does it depend on using domestic instead of imported goods?
    pub domestic: Option<bool>,
}

impl Answers {
    pub const NO: Self =
        Self { quantities: Some(false), network: Some(false), running: Some(false), domestic: Some(false) };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub purpose: Purpose,
    pub sector: Sector,
    pub answers: Answers,
}

/// What stands against paying these lines from de minimis aid granted on a day.
pub fn screen(lines: &[Line], on: NaiveDate) -> Vec<Finding> {
    let Some(law) = Law::on(on) else { return Vec::new() };
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let subject = || Subject::Line(at);
        let export = law.source(law.export);
        let answers = line.answers;
        for (answer, code, source) in [
            (answers.quantities, "aid_by_quantities_exported", export),
            (answers.network, "distribution_network_abroad", export),
            (answers.running, "current_export_expenditure", export),
            (answers.domestic, "domestic_goods_preferred", law.source(law.domestic)),
        ] {
            match answer {
                Some(true) => found.push(Finding::blocks(code, subject(), source)),
                Some(false) => {}
                None => found.push(Finding::warns("export_question_open", subject(), source)),
            }
        }
        if line.purpose == Purpose::SalesAbroad && answers.network == Some(false) {
            found.push(Finding::warns("looks_like_a_distribution_network", subject(), export));
        }
        let sector = match line.sector {
            Sector::Other => continue,
            Sector::PrimaryFishery => "primary_fishery",
            Sector::PrimaryAgriculture => "primary_agriculture",
            Sector::ProcessingByQuantity => "processing_by_price_or_quantity",
        };
        found.push(Finding::blocks(sector, subject(), law.source("Article 1(1)")));
    }
    found
}
