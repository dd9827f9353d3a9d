//! A plausible 2017: thirty proposals of sixty-seven parts, their companies, budgets, evaluators, points and reports.
//!
//! Titles, partners and countries of seven proposals are those of real projects (call-innovation-express-2017.json);
//! everything else is made up: other clusters, all people, all companies, all texts and all figures. Addresses end
//! in `.example`, so nothing can ever be sent to anybody. The same seed always gives the same material.

mod answers;
mod budgets;
mod chance;
mod comments;
mod companies;
mod evaluators;
mod judging;
mod people;
mod proposals;
mod reports;
mod sectors;
mod stories;

use crate::calls::archive::{read, shipped};
use chrono::{NaiveDate, TimeDelta};
use entity::types::{
    country::Country,
    points::Points,
    states::{FundingSource, LabelLevel, ReportKind, SizeClass, Verdict},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Everything the demo loads.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Material {
    /// One per part; no cluster applies twice.
    pub clusters: Vec<DemoCluster>,
    pub evaluators: Vec<DemoEvaluator>,
    /// The seven known projects first.
    pub proposals: Vec<DemoProposal>,
}

/// Somebody with a name that fits the country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub given: String,
    pub family: String,
    pub email: String,
}

impl Person {
    /// Given and family name.
    pub fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

/// A cluster organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoCluster {
    pub key: String,
    pub name: String,
    pub country: Country,
    pub city: String,
    pub website: String,
    pub registration_no: String,
    pub description: String,
    pub members_total: u32,
    pub members_sme: u32,
    /// Level, day of award and last day of validity.
    pub label: Option<(LabelLevel, NaiveDate, NaiveDate)>,
    /// Runs the cluster and the part.
    pub manager: Person,
    /// Signs for it.
    pub signatory: Person,
}

/// A consortium's project.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoProposal {
    pub acronym: String,
    pub title: String,
    /// Title and partners are those of a real project.
    pub known: bool,
    /// Answers to the questions of joint sections, by key.
    pub answers: BTreeMap<String, Value>,
    /// The coordinator's part first.
    pub parts: Vec<DemoPart>,
    /// One per evaluator.
    pub sheets: Vec<DemoSheet>,
}

/// One cluster's national part.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoPart {
    /// Position in [`Material::clusters`].
    pub cluster: usize,
    /// Key of the home agency in the call file: `lt-mita`.
    pub agency: String,
    /// Answers to the questions of part sections and of the annex, by key.
    pub answers: BTreeMap<String, Value>,
    pub companies: Vec<DemoCompany>,
    pub activities: Vec<DemoActivity>,
    pub costs: Vec<DemoCost>,
    pub funding: Vec<DemoFunding>,
    /// In minor units of the annex's currency; 0 where the agency does not pay.
    pub requested_minor: i64,
    pub kpi_targets: Vec<(String, i64)>,
    pub letters: Vec<DemoLetter>,
    /// How long before the agency's deadline the part was handed in.
    pub submitted_before: TimeDelta,
    pub check: DemoCheck,
    /// What the part reports if it is funded: interim, then final.
    pub reports: Vec<DemoReport>,
}

/// A company that takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoCompany {
    pub name: String,
    pub registration_no: String,
    pub country: Country,
    pub size_class: SizeClass,
    pub contact: Person,
    pub role: String,
    /// Keys of the call's declarations.
    pub declarations: Vec<String>,
    /// Its share of what the financing counts from companies, in minor units of the annex's currency.
    pub cash_minor: i64,
    pub in_kind_minor: i64,
}

/// A planned activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoActivity {
    /// Key of one of the call's activities.
    pub kind: String,
    pub title: String,
    pub description: String,
    pub place: String,
    pub start_month: u32,
    pub end_month: u32,
    pub participants: u32,
}

/// One cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoCost {
    /// Key of one of the call's cost categories.
    pub category: String,
    /// Position in [`DemoPart::activities`].
    pub activity: Option<usize>,
    pub description: String,
    pub minor: i64,
}

/// What the grant does not cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoFunding {
    pub source: FundingSource,
    pub description: String,
    pub minor: i64,
}

/// A signed letter of commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoLetter {
    /// Key of one of the call's documents.
    pub document: String,
    pub signer: Person,
    pub organisation: String,
    pub text: String,
    pub signed_on: NaiveDate,
}

/// What the home agency's officers found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoCheck {
    pub verdict: Verdict,
    /// Why a part is not eligible.
    pub reasons: Vec<String>,
    pub note: String,
}

/// A person in the pool of evaluators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoEvaluator {
    pub person: Person,
    pub country: Country,
    pub organisation: String,
    /// Keys of sectors as in the form.
    pub sectors: Vec<String>,
    /// The same in words.
    pub expertise: String,
    pub languages: String,
    /// Countries the evaluator knows, in words.
    pub countries: String,
    pub capacity: u32,
    /// Hours for one call.
    pub hours: i32,
    pub bio: String,
    /// Tags of the taxonomy with levels from 1 to 5.
    pub tags: Vec<(String, i32)>,
    /// Sections of the curriculum: title and text.
    pub texts: Vec<(String, String)>,
    /// First and last day away.
    pub away: Option<(NaiveDate, NaiveDate)>,
    pub contract_until: Option<NaiveDate>,
    pub declaration_until: Option<NaiveDate>,
}

/// One evaluator's judgement of one proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSheet {
    /// Position in [`Material::evaluators`].
    pub evaluator: usize,
    pub scores: Vec<DemoScore>,
    /// For the applicants.
    pub comment: String,
    /// For staff only.
    pub private_note: String,
}

/// Points and comment for one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoScore {
    pub criterion: String,
    pub points: Points,
    pub comment: String,
}

/// What a funded part reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoReport {
    pub kind: ReportKind,
    pub narrative: String,
    pub deviations: String,
    /// One sentence for each activity of the part.
    pub activities: Vec<String>,
    /// Costs to date in minor units of the annex's currency.
    pub costs_minor: i64,
    pub readings: Vec<(String, i64)>,
}

/// Makes up the demo's year; the shipped call is always readable, so it is never empty.
pub fn material(seed: u64) -> Material {
    read(shipped::INNOVATION_EXPRESS_2017).map(|file| proposals::write(seed, &file)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
