//! Every API group of the area.

use super::{
    assignments::api::AssignmentsApi, consensus::api::ConsensusApi, evaluators::api::EvaluatorsApi,
    rankings::api::RankingsApi, register::api::RegisterApi, scores::api::ScoresApi,
};

/// The groups, as the composition takes them.
pub type Apis = (EvaluatorsApi, AssignmentsApi, ScoresApi, ConsensusApi, RankingsApi, RegisterApi);

/// One of each.
pub const APIS: Apis = (EvaluatorsApi, AssignmentsApi, ScoresApi, ConsensusApi, RankingsApi, RegisterApi);
