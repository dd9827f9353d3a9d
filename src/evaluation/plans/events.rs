//! What happens to plans.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder},
};
use entity::types::ids::{CallId, JobId, PlanId, PlanPairId, ProposalId};
use serde_json::{Value, json};

/// Finds the best assignment of a plan.
pub const COMPUTE: &str = "evaluation.plans.compute";
/// Works out the affinities of pairs that came by hand or from a list.
pub const MEASURE: &str = "evaluation.plans.measure";
/// Works out what going without one pair costs.
pub const PRICE: &str = "evaluation.plans.price";

/// Which plan an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub call: CallId,
    pub plan: PlanId,
    pub name: String,
}

/// A pair as the log names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub proposal: ProposalId,
    pub code: String,
    pub person: String,
}

/// What was done to a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Added,
    Removed,
    Locked,
    Unlocked,
}

impl Deed {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Added => ("put", "into"),
            Self::Removed => ("took", "out of"),
            Self::Locked => ("locked", "in"),
            Self::Unlocked => ("unlocked", "in"),
        }
    }
}

pub enum PlanEvent {
    Made { about: About, settings: Value },
    Copied { about: About, from: String, measure: bool },
    Changed { about: About, settings: Value },
    Ordered { about: About, job: JobId },
    Cancelled { about: About },
    Found { about: About, pairs: usize, gap: i64 },
    Failed { about: About },
    Measured { about: About },
    PairTouched { about: About, pair: Named, deed: Deed },
    PriceOrdered { about: About, pair: PlanPairId, job: JobId },
    Priced { about: About },
    Looked { about: About, file: String },
    Applied { about: About, file: String, added: usize, removed: usize },
    Deployed { about: About, invited: usize, left_out: usize },
    TakenBack { about: About, taken: usize, reason: String },
}

impl PlanEvent {
    fn about(&self) -> &About {
        match self {
            Self::Made { about, .. }
            | Self::Copied { about, .. }
            | Self::Changed { about, .. }
            | Self::Ordered { about, .. }
            | Self::Cancelled { about }
            | Self::Found { about, .. }
            | Self::Failed { about }
            | Self::Measured { about }
            | Self::PairTouched { about, .. }
            | Self::PriceOrdered { about, .. }
            | Self::Priced { about }
            | Self::Looked { about, .. }
            | Self::Applied { about, .. }
            | Self::Deployed { about, .. }
            | Self::TakenBack { about, .. } => about,
        }
    }
}

impl Event for PlanEvent {
    fn audit(&self) -> AuditLine {
        let about = self.about();
        let plan = format!("the plan “{}”", about.name);
        let (line, data) = match self {
            Self::Made { settings, .. } => (format!("made {plan}"), settings.clone()),
            Self::Copied { from, .. } => (format!("copied the plan “{from}” to “{}”", about.name), json!({})),
            Self::Changed { settings, .. } => (format!("changed the settings of {plan}"), settings.clone()),
            Self::Ordered { .. } => (format!("had {plan} computed"), json!({})),
            Self::Cancelled { .. } => (format!("stopped computing {plan}"), json!({})),
            Self::Found { pairs, gap, .. } => (format!("computed {plan}"), json!({ "pairs": pairs, "gap": gap })),
            Self::Failed { .. } => (format!("found that the settings of {plan} cannot be kept"), json!({})),
            Self::Measured { .. } => (format!("worked out affinities of {plan}"), json!({})),
            Self::PairTouched { pair, deed, .. } => {
                let (verb, where_to) = deed.words();
                let line = format!("{verb} {} for {} {where_to} {plan}", pair.person, pair.code);
                return AuditLine::new(Subject::Proposal(pair.proposal), line)
                    .data(json!({ "plan": about.plan }))
                    .of_call(about.call);
            }
            Self::PriceOrdered { .. } => (format!("asked what a pair of {plan} is worth"), json!({})),
            Self::Priced { .. } => (format!("worked out what a pair of {plan} is worth"), json!({})),
            Self::Looked { file, .. } => (format!("looked at a list for {plan}"), json!({ "file": file })),
            Self::Applied { file, added, removed, .. } => {
                let data = json!({ "file": file, "added": added, "removed": removed });
                (format!("applied a list to {plan}"), data)
            }
            Self::Deployed { invited, left_out, .. } => {
                (format!("deployed {plan}"), json!({ "invited": invited, "left_out": left_out }))
            }
            Self::TakenBack { taken, reason, .. } => {
                (format!("took back the unanswered invitations of {plan}"), json!({ "taken": taken, "reason": reason }))
            }
        };
        let mut data = data;
        if let Value::Object(fields) = &mut data {
            fields.insert("plan".to_owned(), json!(about.plan));
        }
        AuditLine::new(Subject::Call(about.call), line).data(data)
    }

    fn jobs(&self) -> Vec<JobOrder> {
        let of = |about: &About| json!({ "call": about.call, "plan": about.plan });
        match self {
            Self::Ordered { about, job } => vec![JobOrder::new(COMPUTE, of(about)).known_as(*job)],
            Self::PairTouched { about, deed: Deed::Added | Deed::Removed, .. }
            | Self::Copied { about, measure: true, .. }
            | Self::Applied { about, .. } => vec![JobOrder::new(MEASURE, of(about))],
            Self::PriceOrdered { about, pair, job } => {
                let payload = json!({ "call": about.call, "plan": about.plan, "pair": pair });
                vec![JobOrder::new(PRICE, payload).known_as(*job)]
            }
            Self::Made { .. }
            | Self::Copied { .. }
            | Self::Changed { .. }
            | Self::Cancelled { .. }
            | Self::Found { .. }
            | Self::Failed { .. }
            | Self::Measured { .. }
            | Self::PairTouched { .. }
            | Self::Priced { .. }
            | Self::Looked { .. }
            | Self::Deployed { .. }
            | Self::TakenBack { .. } => Vec::new(),
        }
    }
}
