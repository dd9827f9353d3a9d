//! Every API group of the area.

use super::{
    assignments::api::AssignmentsApi, conflicts::api::ConflictsApi, evaluators::api::EvaluatorsApi,
    rankings::api::RankingsApi, recusals::api::RecusalsApi, register::api::RegisterApi, scores::api::ScoresApi,
};

/// The groups, as the composition takes them.
pub type Apis = (EvaluatorsApi, ConflictsApi, AssignmentsApi, ScoresApi, RankingsApi, RecusalsApi, RegisterApi);

/// One of each.
pub const APIS: Apis = (EvaluatorsApi, ConflictsApi, AssignmentsApi, ScoresApi, RankingsApi, RecusalsApi, RegisterApi);
