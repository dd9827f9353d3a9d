//! How the tables came to be, in order. Never imports `entity`: history must not change when a row does.

mod definition;
mod m20261123_000001_accounts;
mod m20261123_000002_organisations;
mod m20261123_000003_documents;
mod m20261123_000004_clusters;
mod m20261123_000005_calls;
mod m20261123_000006_proposals;
mod m20261123_000007_roles;
mod m20261123_000008_eligibility;
mod m20261123_000009_evaluation;
mod m20261123_000010_decisions;
mod m20261123_000011_agreements;
mod m20261123_000012_reporting;
mod m20261123_000013_notifications;
mod m20261123_000014_kernel;
mod m20261124_000001_lists;
mod m20261130_000001_agreed_scores;
mod m20261130_000005_decision_lists;
mod m20261130_000010_consensus;
mod m20261130_000011_commitments;
mod m20261130_000011_evaluator_profiles;
mod m20261130_000012_recruitment;
mod m20261130_000013_evaluator_imports;
mod m20261130_000020_conflicts;
mod m20261130_000021_signatory_email;
mod m20261130_000040_scoring;
mod m20261130_000041_training;
mod m20261130_000060_calibration;
mod m20261130_000090_team_leavers;
mod m20261201_000010_plans;
mod m20261201_000020_panels;
mod m20261201_000030_scenarios;
mod m20261201_000031_declines;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_accounts::Migration),
            Box::new(m20261123_000002_organisations::Migration),
            Box::new(m20261123_000003_documents::Migration),
            Box::new(m20261123_000004_clusters::Migration),
            Box::new(m20261123_000005_calls::Migration),
            Box::new(m20261123_000006_proposals::Migration),
            Box::new(m20261123_000007_roles::Migration),
            Box::new(m20261123_000008_eligibility::Migration),
            Box::new(m20261123_000009_evaluation::Migration),
            Box::new(m20261123_000010_decisions::Migration),
            Box::new(m20261123_000011_agreements::Migration),
            Box::new(m20261123_000012_reporting::Migration),
            Box::new(m20261123_000013_notifications::Migration),
            Box::new(m20261123_000014_kernel::Migration),
            Box::new(m20261124_000001_lists::Migration),
            Box::new(m20261130_000001_agreed_scores::Migration),
            Box::new(m20261130_000021_signatory_email::Migration),
            Box::new(m20261130_000005_decision_lists::Migration),
            Box::new(m20261130_000011_commitments::Migration),
            Box::new(m20261130_000020_conflicts::Migration),
            Box::new(m20261130_000040_scoring::Migration),
            Box::new(m20261130_000041_training::Migration),
            Box::new(m20261130_000060_calibration::Migration),
            Box::new(m20261130_000010_consensus::Migration),
            Box::new(m20261130_000090_team_leavers::Migration),
            Box::new(m20261130_000011_evaluator_profiles::Migration),
            Box::new(m20261130_000012_recruitment::Migration),
            Box::new(m20261130_000013_evaluator_imports::Migration),
            Box::new(m20261201_000010_plans::Migration),
            Box::new(m20261201_000020_panels::Migration),
            Box::new(m20261201_000030_scenarios::Migration),
            Box::new(m20261201_000031_declines::Migration),
        ]
    }
}
