//! Every API group of the area.

use super::{assignments::api::AssignmentsApi, rankings::api::RankingsApi, scores::api::ScoresApi};

/// The groups, as the composition takes them.
pub type Apis = (AssignmentsApi, ScoresApi, RankingsApi);

/// One of each.
pub const APIS: Apis = (AssignmentsApi, ScoresApi, RankingsApi);
