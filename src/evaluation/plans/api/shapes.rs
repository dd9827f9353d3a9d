//! What programs send and get of plans.

use super::super::{
    queries::{ListedPair, Looked, NextView, PairLine, PlanLine, PlanSheet},
    rules::{
        figures::points,
        settings::{Settings, Typed, percent},
    },
};
use crate::{
    api::RowFaultOut,
    evaluation::{affinity::rules::Term, assignments::optimum::Figures},
};
use chrono::{DateTime, Utc};
use poem_openapi::{Multipart, Object, types::multipart::Upload};
use uuid::Uuid;

/// What a plan asks of an assignment. Numbers are sent as they are typed.
#[derive(Object)]
pub(super) struct PlanSettings {
    /// Example: 3
    pub(super) per_proposal: String,
    /// Example: 0
    pub(super) least: String,
    /// Example: 5
    pub(super) most: String,
    /// `total` or `fair`.
    pub(super) objective: String,
    /// Somebody reads the proposal's language.
    #[oai(default)]
    pub(super) language: bool,
    /// Somebody knows one of its fields.
    #[oai(default)]
    pub(super) expertise: bool,
    /// Somebody comes from outside the applicants' countries.
    #[oai(default)]
    pub(super) outside: bool,
    /// No two come from one organisation.
    #[oai(default)]
    pub(super) apart: bool,
    /// What keeping a pair of the draft before is worth, in points of affinity. Example: 2
    pub(super) bonus: String,
    /// Percentages of affinity, together 100: fields, keywords, text, languages, country, wish.
    /// Example: ["30", "10", "30", "10", "5", "15"]
    pub(super) weights: Vec<String>,
    /// `indifferent`, `outside` or `inside`: where an evaluator's country makes affinity greater.
    pub(super) home: String,
}

impl From<&Settings> for PlanSettings {
    fn from(settings: &Settings) -> Self {
        let typed = Typed::of("", settings);
        Self {
            per_proposal: typed.per_proposal,
            least: typed.least,
            most: typed.most,
            objective: typed.objective,
            language: typed.language,
            expertise: typed.expertise,
            outside: typed.outside,
            apart: typed.apart,
            bonus: typed.bonus,
            weights: settings.weights.map(percent).to_vec(),
            home: typed.home,
        }
    }
}

impl PlanSettings {
    /// The form these are; a weight that is missing is told as one that was not typed.
    pub(super) fn typed(self, name: String) -> Typed {
        let mut weights = self.weights.into_iter();
        Typed {
            name,
            per_proposal: self.per_proposal,
            least: self.least,
            most: self.most,
            objective: self.objective,
            language: self.language,
            expertise: self.expertise,
            outside: self.outside,
            apart: self.apart,
            bonus: self.bonus,
            weights: Term::ALL.map(|_| weights.next().unwrap_or_default()),
            home: self.home,
        }
    }
}

#[derive(Object)]
pub(super) struct PlanIn {
    /// Example: Greatest total
    pub(super) name: String,
    pub(super) settings: PlanSettings,
}

#[derive(Object)]
pub(super) struct PlanChangeIn {
    pub(super) version: i64,
    /// Example: Greatest total
    pub(super) name: String,
    pub(super) settings: PlanSettings,
}

#[derive(Object)]
pub(super) struct PlanSeenIn {
    pub(super) version: i64,
}

#[derive(Object)]
pub(super) struct PlanCopyIn {
    /// Example: Greatest total, mended
    pub(super) name: String,
}

#[derive(Object)]
pub(super) struct PlanIdOut {
    pub(super) id: Uuid,
}

#[derive(Object)]
pub(super) struct PlanJobOut {
    pub(super) job: Uuid,
}

/// What drafts are compared by; affinity in points from 0 to 100 for each pair.
#[derive(Object)]
pub(super) struct PlanFiguresOut {
    /// Example: 3912.4
    pub(super) total_affinity: String,
    /// Sum of the worst-served proposal. Example: 88.3
    pub(super) worst: String,
    /// Example: 97.1
    pub(super) tenth_percentile: String,
    /// How many evaluators have each load, from 0 on. Example: [2, 7, 11, 4]
    pub(super) loads: Vec<usize>,
    /// Example: 4
    pub(super) unmet_wishes: usize,
}

impl From<&Figures> for PlanFiguresOut {
    fn from(figures: &Figures) -> Self {
        Self {
            total_affinity: points(figures.total),
            worst: points(figures.worst),
            tenth_percentile: points(figures.tenth_percentile),
            loads: figures.loads.clone(),
            unmet_wishes: figures.unmet_wishes,
        }
    }
}

/// A plan in a list.
#[derive(Object)]
pub(super) struct PlanLineOut {
    pub(super) id: Uuid,
    /// Example: Greatest total
    pub(super) name: String,
    /// `drafted`, `computing`, `ready`, `failed`, `deployed` or `superseded`.
    pub(super) state: String,
    /// Example: 90
    pub(super) pairs: usize,
    pub(super) figures: PlanFiguresOut,
    pub(super) made_by: String,
    pub(super) made_at: DateTime<Utc>,
    pub(super) deployed_at: Option<DateTime<Utc>>,
}

impl From<PlanLine> for PlanLineOut {
    fn from(line: PlanLine) -> Self {
        Self {
            id: line.id.0,
            name: line.name,
            state: line.state.word().to_owned(),
            pairs: line.pairs,
            figures: (&line.figures).into(),
            made_by: line.made_by,
            made_at: line.made_at,
            deployed_at: line.deployed_at,
        }
    }
}

#[derive(Object)]
pub(super) struct PlansOut {
    pub(super) items: Vec<PlanLineOut>,
}

/// Something that is asked for and not covered.
#[derive(Object)]
pub(super) struct PlanGapOut {
    /// Example: IE-2017-007
    pub(super) code: String,
    /// Example: nobody reads Latvian
    pub(super) what: String,
}

/// A plan with its figures.
#[derive(Object)]
pub(super) struct PlanOut {
    pub(super) id: Uuid,
    /// Example: Greatest total
    pub(super) name: String,
    /// `drafted`, `computing`, `ready`, `failed`, `deployed` or `superseded`.
    pub(super) state: String,
    pub(super) settings: PlanSettings,
    /// To be sent with the next change.
    pub(super) version: i64,
    pub(super) figures: PlanFiguresOut,
    /// What a better assignment could at most gain, in points; nothing when it is not known. Example: 0.0
    pub(super) gap: Option<String>,
    /// Pairs that came with the last run. Example: 3
    pub(super) came: Option<usize>,
    /// Pairs that went with the last run. Example: 3
    pub(super) went: Option<usize>,
    pub(super) uncovered: Vec<PlanGapOut>,
    /// Why the settings cannot be kept. Example: IE-2017-007 cannot be served.
    pub(super) failure: Option<String>,
    /// How far the run is, in hundredths. Example: 60
    pub(super) progress: Option<i32>,
    /// Example: 90
    pub(super) invited: usize,
    /// Example: 12
    pub(super) unanswered: usize,
    pub(super) computed_at: Option<DateTime<Utc>>,
    pub(super) deployed_at: Option<DateTime<Utc>>,
}

impl From<PlanSheet> for PlanOut {
    fn from(sheet: PlanSheet) -> Self {
        let outcome = sheet.outcome.as_ref();
        let again = outcome.filter(|outcome| outcome.again);
        Self {
            id: sheet.id.0,
            state: sheet.state.word().to_owned(),
            settings: (&sheet.settings).into(),
            version: sheet.version,
            figures: (&sheet.figures).into(),
            gap: outcome.and_then(|outcome| outcome.proof.as_ref()).map(|proof| points(proof.gap)),
            came: again.map(|outcome| outcome.came),
            went: again.map(|outcome| outcome.went),
            uncovered: sheet.uncovered.into_iter().map(|(code, what)| PlanGapOut { code, what }).collect(),
            failure: sheet.failure,
            progress: sheet.run.map(|run| run.done * 100 / run.total.max(1)),
            invited: sheet.invited,
            unanswered: sheet.unanswered,
            computed_at: sheet.computed_at,
            deployed_at: sheet.deployed_at,
            name: sheet.name,
        }
    }
}

/// A proposal and an evaluator.
#[derive(Object)]
pub(super) struct PlanPairOut {
    pub(super) id: Uuid,
    pub(super) proposal: Uuid,
    pub(super) code: String,
    pub(super) evaluator: Uuid,
    pub(super) name: String,
    /// From 0 to 100; nothing until it is worked out. Example: 61.7
    pub(super) affinity: Option<String>,
    pub(super) locked: bool,
    /// `computed`, `by_hand`, `imported` or `task`.
    pub(super) origin: String,
    /// What the next best assignment without it loses, in points. Example: 4.2
    pub(super) without: Option<String>,
    /// Why it became no invitation. Example: works for Visual Sweden
    pub(super) left_out: Option<String>,
}

impl From<PairLine> for PlanPairOut {
    fn from(line: PairLine) -> Self {
        Self {
            id: line.id.0,
            proposal: line.proposal.0,
            code: line.code,
            evaluator: line.evaluator.0,
            name: line.person.name,
            affinity: line.affinity,
            locked: line.locked,
            origin: line.origin.word().to_owned(),
            without: line.next.and_then(|next| match next {
                NextView::Costs { loss, .. } => Some(loss),
                NextView::Needed | NextView::Unknown => None,
            }),
            left_out: line.left_out,
        }
    }
}

#[derive(Object)]
pub(super) struct PlanPairsOut {
    pub(super) items: Vec<PlanPairOut>,
    pub(super) total: u64,
    pub(super) next_page: Option<u64>,
}

/// One term of a pair's affinity.
#[derive(Object)]
pub(super) struct AffinityTermOut {
    /// `expertise`, `keywords`, `text`, `languages`, `country` or `wish`.
    pub(super) term: String,
    /// Its own value from 0 to 100; nothing where the proposal does not state it. Example: 72.0
    pub(super) value: Option<String>,
    /// In percent. Example: 30
    pub(super) weight: String,
    /// What it adds. Example: 21.6
    pub(super) gives: String,
    /// What met. Example: ["energy/wind (level 5)"]
    pub(super) reasons: Vec<String>,
}

/// Why two fit, and what going without them costs.
#[derive(Object)]
pub(super) struct PairWhyOut {
    pub(super) id: Uuid,
    pub(super) code: String,
    pub(super) name: String,
    /// Example: 61.7
    pub(super) affinity: Option<String>,
    pub(super) terms: Vec<AffinityTermOut>,
    /// What the next best assignment without it loses, in points. Example: 4.2
    pub(super) without: Option<String>,
    /// Who would come instead, as “name: number”. Example: ["Mikko Lehtinen: IE-2017-007"]
    pub(super) instead: Vec<String>,
}

#[derive(Object)]
pub(super) struct PlanPairIn {
    pub(super) version: i64,
    pub(super) proposal: Uuid,
    pub(super) evaluator: Uuid,
}

#[derive(Object)]
pub(super) struct PlanLockIn {
    pub(super) version: i64,
    pub(super) locked: bool,
}

/// A plan beside others.
#[derive(Object)]
pub(super) struct PlanComparedOut {
    pub(super) id: Uuid,
    /// Example: Greatest total
    pub(super) name: String,
    pub(super) figures: PlanFiguresOut,
    /// Example: 90
    pub(super) pairs: usize,
    /// Pairs that not all of the plans have. Example: 14
    pub(super) differing: usize,
}

#[derive(Object)]
pub(super) struct PlanDifferenceOut {
    pub(super) code: String,
    pub(super) name: String,
    /// In the order of the plans, whether it has the pair. Example: [true, false]
    pub(super) has: Vec<bool>,
}

#[derive(Object)]
pub(super) struct PlanComparisonOut {
    pub(super) plans: Vec<PlanComparedOut>,
    pub(super) differences: Vec<PlanDifferenceOut>,
    pub(super) total: u64,
    pub(super) next_page: Option<u64>,
}

/// A list of pairs.
#[derive(Multipart)]
pub(super) struct PairListIn {
    /// CSV or XLSX; the first row names the columns, at least Proposal and E-mail.
    pub(super) list: Upload,
}

#[derive(Object)]
pub(super) struct ListedPairOut {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) locked: bool,
}

impl From<ListedPair> for ListedPairOut {
    fn from(pair: ListedPair) -> Self {
        Self { code: pair.code, name: pair.person.name, email: pair.person.email, locked: pair.locked }
    }
}

/// What a list of pairs would change.
#[derive(Object)]
pub(super) struct PairImportOut {
    pub(super) file: String,
    pub(super) added: Vec<ListedPairOut>,
    pub(super) removed: Vec<ListedPairOut>,
    /// Pairs that stay and are locked or unlocked.
    pub(super) relocked: Vec<ListedPairOut>,
    /// Example: 80
    pub(super) unchanged: usize,
    /// Rows that cannot be used; while there are any, nothing is applied.
    pub(super) faults: Vec<RowFaultOut>,
    /// Columns nobody knows, which are left aside.
    pub(super) unknown: Vec<String>,
    /// To be sent when it is applied.
    pub(super) version: i64,
}

pub(super) fn looked(looked: Looked, version: i64) -> PairImportOut {
    let pairs = |all: Vec<ListedPair>| all.into_iter().map(ListedPairOut::from).collect();
    PairImportOut {
        file: looked.file,
        added: pairs(looked.added),
        removed: pairs(looked.removed),
        relocked: pairs(looked.relocked),
        unchanged: looked.unchanged,
        faults: looked.faults.into_iter().map(RowFaultOut::from).collect(),
        unknown: looked.unknown,
        version,
    }
}

#[derive(Object)]
pub(super) struct PairsChangedOut {
    /// Example: 4
    pub(super) added: usize,
    /// Example: 3
    pub(super) removed: usize,
    /// Example: 1
    pub(super) relocked: usize,
}

#[derive(Object)]
pub(super) struct PlanLeftOutOut {
    pub(super) code: String,
    pub(super) name: String,
    /// The end of a sentence that begins with the name. Example: works for Visual Sweden
    pub(super) why: String,
}

/// What deploying a plan would do now.
#[derive(Object)]
pub(super) struct DeploymentOut {
    /// Example: 90
    pub(super) invitations: usize,
    /// Example: 24
    pub(super) people: usize,
    pub(super) left_out: Vec<PlanLeftOutOut>,
    /// Other plans that are set aside by it. Example: ["Worst served first"]
    pub(super) superseded: Vec<String>,
    pub(super) version: i64,
}

#[derive(Object)]
pub(super) struct DeployIn {
    pub(super) version: i64,
    /// When the sheets are due.
    pub(super) due_at: Option<DateTime<Utc>>,
}

#[derive(Object)]
pub(super) struct DeployedOut {
    /// Example: 90
    pub(super) invited: usize,
    /// Example: 24
    pub(super) people: usize,
    /// Example: 1
    pub(super) left_out: usize,
}

#[derive(Object)]
pub(super) struct PlanTakeBackIn {
    pub(super) version: i64,
    /// Example: The dates have changed.
    pub(super) reason: String,
}

#[derive(Object)]
pub(super) struct PlanTakenBackOut {
    /// Example: 12
    pub(super) taken: usize,
}
