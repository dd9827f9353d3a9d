//! Every API group of the area.

use super::{
    agreement::api::AgreementApi,
    assignments::api::AssignmentsApi,
    calibration::api::CalibrationApi,
    conflicts::api::ConflictsApi,
    consensus::api::ConsensusApi,
    evaluators::api::EvaluatorsApi,
    imports::api::ImportsApi,
    panels::api::{MeetingsApi, PanelsApi},
    plans::api::PlansApi,
    rankings::api::{LotteriesApi, RankingsApi},
    recruitment::api::RecruitmentApi,
    recusals::api::RecusalsApi,
    register::api::RegisterApi,
    scores::api::ScoresApi,
    training::api::TrainingApi,
    wishes::api::WishesApi,
};

/// The groups, as the composition takes them.
pub type Apis = (
    EvaluatorsApi,
    ImportsApi,
    RecruitmentApi,
    ConflictsApi,
    AssignmentsApi,
    (WishesApi, PlansApi),
    ScoresApi,
    TrainingApi,
    ConsensusApi,
    CalibrationApi,
    AgreementApi,
    RankingsApi,
    LotteriesApi,
    RecusalsApi,
    RegisterApi,
    (PanelsApi, MeetingsApi),
);

/// One of each.
pub const APIS: Apis = (
    EvaluatorsApi,
    ImportsApi,
    RecruitmentApi,
    ConflictsApi,
    AssignmentsApi,
    (WishesApi, PlansApi),
    ScoresApi,
    TrainingApi,
    ConsensusApi,
    CalibrationApi,
    AgreementApi,
    RankingsApi,
    LotteriesApi,
    RecusalsApi,
    RegisterApi,
    (PanelsApi, MeetingsApi),
);
