//! What happens to scenarios.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder},
};
use entity::types::ids::{CallId, JobId, ScenarioId};
use serde_json::{Value, json};

/// Searches the optimum of a scenario.
pub const SEARCH: &str = "allocation.search";

/// Which scenario an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub call: CallId,
    pub scenario: ScenarioId,
    pub name: String,
}

pub struct ScenarioEvent {
    pub about: About,
    pub deed: Deed,
}

/// What was done to a scenario.
pub enum Deed {
    Made { settings: Value },
    Changed { settings: Value },
    Ordered { job: JobId },
    Computed { ranking: i32, digest: String, funded: usize, gap: Option<i64> },
    Failed { why: String },
    Cancelled,
    SetAside { reason: String },
    Adopted { ranking: i32, digest: String, funded: usize, reason: String },
}

impl Event for ScenarioEvent {
    fn audit(&self) -> AuditLine {
        let Self { about, deed } = self;
        let scenario = format!("the scenario “{}”", about.name);
        let (line, mut data) = match deed {
            Deed::Made { settings } => (format!("made {scenario}"), json!({ "settings": settings })),
            Deed::Changed { settings } => {
                (format!("changed the settings of {scenario}"), json!({ "settings": settings }))
            }
            Deed::Ordered { .. } => (format!("had the optimum of {scenario} searched"), json!({})),
            Deed::Computed { ranking, digest, funded, gap } => (
                format!("computed {scenario} from ranking {ranking}: {funded} funded"),
                json!({ "digest": digest, "gap": gap }),
            ),
            Deed::Failed { why } => (format!("found nothing for {scenario}"), json!({ "why": why })),
            Deed::Cancelled => (format!("stopped the search of {scenario}"), json!({})),
            Deed::SetAside { reason } => (format!("set {scenario} aside"), json!({ "reason": reason })),
            Deed::Adopted { ranking, digest, funded, reason } => (
                format!("adopted {scenario} for ranking {ranking} and signed its minutes: {funded} funded"),
                json!({ "digest": digest, "reason": reason }),
            ),
        };
        if let Value::Object(fields) = &mut data {
            fields.insert("scenario".to_owned(), json!(about.scenario));
        }
        AuditLine::new(Subject::Call(about.call), line).data(data)
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match &self.deed {
            Deed::Ordered { job } => {
                let payload = json!({ "call": self.about.call, "scenario": self.about.scenario });
                vec![JobOrder::new(SEARCH, payload).known_as(*job)]
            }
            Deed::Made { .. }
            | Deed::Changed { .. }
            | Deed::Computed { .. }
            | Deed::Failed { .. }
            | Deed::Cancelled
            | Deed::SetAside { .. }
            | Deed::Adopted { .. } => Vec::new(),
        }
    }
}
