//! The terms of a call and of each agency's annex, as data: what the editor edits, what a file carries,
//! what a corrigendum compares, what a draft is checked against.
//!
//! Keys (of sections, questions, criteria, activities …) are unique within their list and never change
//! once the call is public, because answers and points refer to them.

use super::{
    judging::{Clause, ConflictTerms, KOfN, OutlierRule, RankingTerms, SheetVisibilities, SubCriterion},
    money::{Currency, Money, Rate},
    period::Deadline,
    points::{Points, Scale},
    share::Share,
    states::{AnnexClass, LabelLevel},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// What is common to all agencies of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(deny_unknown_fields)]
pub struct CallTerms {
    pub title: String,
    pub programme: String,
    /// One paragraph for lists.
    pub summary: String,
    /// The call text, in Markdown.
    pub text: String,
    pub opens_at: Option<DateTime<Utc>>,
    /// The zone of the joint secretariat.
    pub zone: Tz,
    pub currency: Currency,
    /// Months a project may last.
    pub duration: Months,
    #[serde(default)]
    pub timeline: Vec<Milestone>,
    #[serde(default)]
    pub sections: Vec<Section>,
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    pub evaluation: EvaluationTerms,
    #[serde(default)]
    pub activities: Vec<Named>,
    #[serde(default)]
    pub cost_categories: Vec<Named>,
    #[serde(default)]
    pub documents: Vec<RequiredDocument>,
    #[serde(default)]
    pub declarations: Vec<Named>,
    #[serde(default)]
    pub kpis: Vec<Kpi>,
    #[serde(default)]
    pub reports: Vec<ReportTerms>,
    pub consortium: ConsortiumTerms,
    /// Which values are derived or assumed, so that nobody takes them for the published text.
    #[serde(default)]
    pub marks: Vec<Mark>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Months {
    pub min: u32,
    pub max: u32,
}

/// One entry of the timeline; `date` may be a month (`2017-04`), a day, a day with an hour (`2018-01-26T15:00`), or
/// two days with a slash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    pub label: String,
    pub date: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The zone of the hour, when it is not the secretariat's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Tz>,
}

/// Whether a section is answered once for the proposal or once for each part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionScope {
    Joint,
    Part,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub key: String,
    pub title: String,
    pub scope: SectionScope,
    #[serde(default)]
    pub guidance: String,
    pub questions: Vec<Question>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub key: String,
    pub label: String,
    #[serde(default)]
    pub guidance: String,
    #[serde(default)]
    pub required: bool,
    pub kind: QuestionKind,
    /// Shown only when an earlier question of the same section has one of these answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_if: Option<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub question: String,
    /// Keys of options; `yes` and `no` for a yes-or-no question.
    pub is: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum QuestionKind {
    /// One line, at most `max_chars` characters.
    Line {
        max_chars: u32,
    },
    /// Paragraphs, at most `max_words` words.
    Text {
        max_words: u32,
    },
    /// A number between `min` and `max` (in whole units) with so many decimals.
    Number {
        #[serde(default)]
        decimals: u32,
        #[serde(default)]
        min: Option<i64>,
        #[serde(default)]
        max: Option<i64>,
        #[serde(default)]
        unit: String,
    },
    Money {
        currency: Currency,
    },
    Date {
        #[serde(default)]
        earliest: Option<NaiveDate>,
        #[serde(default)]
        latest: Option<NaiveDate>,
    },
    YesNo,
    Choice {
        options: Vec<Named>,
    },
    Choices {
        options: Vec<Named>,
        #[serde(default)]
        min: u32,
        #[serde(default)]
        max: Option<u32>,
    },
    Country {
        #[serde(default)]
        several: bool,
    },
    Table {
        columns: Vec<Column>,
        #[serde(default)]
        min_rows: u32,
        max_rows: u32,
    },
    /// A file of at most `max_mb` megabytes.
    File {
        max_mb: u32,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub key: String,
    pub label: String,
    pub kind: ColumnKind,
    #[serde(default)]
    pub required: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    Text,
    Number,
    Date,
    Country,
}

/// Something with a key for data and a label for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub key: String,
    pub label: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    pub key: String,
    pub name: String,
    /// Weights of all criteria add up to 100 %.
    pub weight: Share,
    /// Points below this fail the proposal.
    #[serde(default)]
    pub threshold: Option<Points>,
    #[serde(default)]
    pub guidance: String,
    #[serde(default)]
    pub anchors: Vec<Anchor>,
    /// When there are any, points are given to each of them, and the criterion's are their mean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sub_criteria: Vec<SubCriterion>,
}

impl Criterion {
    /// The keys a sheet keeps points under: the criterion's own, or one for each of its parts (`c1.market`).
    pub fn score_keys(&self) -> Vec<String> {
        if self.sub_criteria.is_empty() {
            return vec![self.key.clone()];
        }
        self.sub_criteria.iter().map(|part| format!("{}.{}", self.key, part.key)).collect()
    }
}

/// What a number of points means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    pub points: Points,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluationTerms {
    pub scale: Scale,
    /// Of the greatest possible weighted total.
    #[serde(default)]
    pub threshold_overall: Option<Share>,
    pub evaluators_per_proposal: u32,
    /// Shortest comment per criterion, in words.
    #[serde(default)]
    pub min_comment_words: u32,
    /// Asked in this order until one of them tells two proposals apart.
    #[serde(default)]
    pub tie_rule: Vec<TieBreak>,
    /// Whether an evaluator may give no points for a criterion, with a reason.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub abstain: bool,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub visibility: SheetVisibilities,
    /// What counts as seeing different things, and what follows.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub divergence: Vec<Clause>,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub outliers: OutlierRule,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub k_of_n: Option<KOfN>,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub conflicts: ConflictTerms,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub ranking: RankingTerms,
    /// Key of the joint question (one or several choices) whose answers are the fields evaluators are matched by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<String>,
}

/// Whether a value is what a call file means by leaving it out.
fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What decides between proposals of the same total (Eureka and EU calls order ties by criteria first).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum TieBreak {
    /// The higher mean for this criterion.
    Criterion { key: String },
    /// The greater number of countries.
    Countries,
    /// The greater number of SMEs.
    Smes,
    /// The greater share of SMEs among all who take part.
    SmeShare,
    /// The fewer awards its applicants got in earlier calls.
    EarlierAwards,
    /// The smaller spread between evaluators.
    Spread,
    /// The earlier submission.
    Submitted,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredDocument {
    pub key: String,
    pub label: String,
    pub scope: SectionScope,
    pub required: bool,
    pub max_mb: u32,
    /// From whom it comes, when it is not one paper of the applicant: one is needed from each of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Signers>,
}

/// Those who each sign a document of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signers {
    /// Every partner from another country: it brings its own money, because the agency pays its own country only.
    ForeignPartner,
    /// Every company that takes part.
    Company,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kpi {
    pub key: String,
    pub label: String,
    pub unit: KpiUnit,
    /// A figure of earlier calls to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benchmark: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KpiUnit {
    Count,
    Percent,
    /// Whole units of the call's currency.
    Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportTerms {
    pub kind: super::states::ReportKind,
    pub label: String,
    /// Due so many months after the start; none means at the end.
    #[serde(default)]
    pub at_month: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsortiumTerms {
    pub min_parts: u32,
    pub min_countries: u32,
    /// Countries whose agency pays.
    #[serde(default)]
    pub min_funding_countries: u32,
    #[serde(default)]
    pub rules: Vec<String>,
    /// Key of the joint table in which partners without a part stand, with the columns `name` and `country`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guests: Option<String>,
    /// Whether each company says what it brings, in money and in work.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub company_commitments: bool,
}

/// Where a value comes from when the published text does not state it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// JSON pointer into the call file, for example `/call/evaluation/scale`.
    pub at: String,
    pub basis: Basis,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Stated by the cited source.
    Sourced,
    /// Follows from cited sources or a neighbouring year.
    Derived,
    /// Chosen so that the data set is complete.
    Assumed,
}

/// One agency's terms in a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(deny_unknown_fields)]
pub struct AnnexTerms {
    pub class: AnnexClass,
    /// What the agency's applicants should know, in Markdown.
    #[serde(default)]
    pub text: String,
    pub currency: Currency,
    /// What one unit of the agency's currency is worth in the call's currency.
    pub rate: Rate,
    /// The day the rate was fixed.
    #[serde(default)]
    pub rate_on: Option<NaiveDate>,
    #[serde(default)]
    pub budget: Option<Money>,
    /// Smallest and greatest grant for one part.
    #[serde(default)]
    pub floor: Option<Money>,
    #[serde(default)]
    pub ceiling: Option<Money>,
    /// Greatest share of eligible costs the grant may cover.
    pub intensity: Share,
    /// Of the contribution that is not the grant, the smallest share private firms must bring.
    #[serde(default)]
    pub private_share_min: Option<Share>,
    /// Keys of the call's activities this agency supports.
    #[serde(default)]
    pub activities: Vec<String>,
    #[serde(default)]
    pub min_smes: u32,
    #[serde(default)]
    pub label: Option<LabelLevel>,
    pub deadline: Deadline,
    #[serde(default)]
    pub questions: Vec<Question>,
    /// Marks inside this annex; pointers start at the annex.
    #[serde(default)]
    pub marks: Vec<Mark>,
}

/// A list of keys in one column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct Keys(pub Vec<String>);
