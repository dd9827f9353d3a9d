//! The tool kit of the JSON API; it knows no feature.

mod amount;
mod asked;
mod caller;
mod door;
pub mod examples;
mod list;
mod problem;

pub use crate::web::address::Address;
pub use amount::AmountOut;
pub use asked::{Asked, ByPath};
pub use caller::{AnyCaller, Caller};
pub use door::ApiDoor;
pub use list::{Direction, FileFormat, ListFile, RowFaultOut, Wanted, exported, next_page, own_file};
pub use problem::{ApiError, Problem};

use poem_openapi::Tags;

/// The chapters of the API, in the order of the funding pipeline.
#[derive(Tags)]
pub enum Tag {
    /// The person a token belongs to, tokens and roles.
    Accounts,
    /// SMEs, clusters, agencies and their people.
    Organisations,
    /// Cluster membership and labels.
    Clusters,
    /// Calls and annexes.
    Calls,
    /// Proposals, parts, submissions.
    Proposals,
    /// Eligibility checks.
    Eligibility,
    /// Evaluators, assignments, scores, rankings.
    Evaluation,
    /// Decisions and feedback.
    Decisions,
    /// Agreements, reports, KPIs.
    Reporting,
    /// Files, jobs, mail, activity.
    Platform,
}
