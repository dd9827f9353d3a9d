//! Every API group of the area.

use super::{
    assignments::api::AssignmentsApi, conflicts::api::ConflictsApi, evaluators::api::EvaluatorsApi,
    rankings::api::RankingsApi, recusals::api::RecusalsApi, register::api::RegisterApi, scores::api::ScoresApi,
};

/// The groups, as the composition takes them.
pub type Apis = (EvaluatorsApi, ConflictsApi, AssignmentsApi, ScoresApi, RankingsApi, RecusalsApi, RegisterApi);

/// One of each.
pub const APIS: Apis = (EvaluatorsApi, ConflictsApi, AssignmentsApi, ScoresApi, RankingsApi, RecusalsApi, RegisterApi);
    agreement::api::AgreementApi,
    assignments::api::AssignmentsApi,
    calibration::api::CalibrationApi,
    evaluators::api::EvaluatorsApi,
    rankings::api::{LotteriesApi, RankingsApi},
    register::api::RegisterApi,
    scores::api::ScoresApi,
};

/// The groups, as the composition takes them.
pub type Apis =
    (EvaluatorsApi, AssignmentsApi, ScoresApi, CalibrationApi, AgreementApi, RankingsApi, LotteriesApi, RegisterApi);

/// One of each.
pub const APIS: Apis =
    (EvaluatorsApi, AssignmentsApi, ScoresApi, CalibrationApi, AgreementApi, RankingsApi, LotteriesApi, RegisterApi);
    assignments::api::AssignmentsApi, consensus::api::ConsensusApi, evaluators::api::EvaluatorsApi,
    rankings::api::RankingsApi, register::api::RegisterApi, scores::api::ScoresApi,
};

/// The groups, as the composition takes them.
pub type Apis = (EvaluatorsApi, AssignmentsApi, ScoresApi, ConsensusApi, RankingsApi, RegisterApi);

/// One of each.
pub const APIS: Apis = (EvaluatorsApi, AssignmentsApi, ScoresApi, ConsensusApi, RankingsApi, RegisterApi);
