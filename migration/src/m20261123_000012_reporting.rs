//! Tables of reporting.

use crate::definition::Definition;
use sea_orm_migration::{
    prelude::*,
    sea_query::ForeignKeyAction::{Cascade, Restrict},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let report = Definition::new("report")
            .id("id")
            .key()
            .reference("agreement_id", "agreement", Restrict)
            .reference("part_id", "part", Restrict)
            .word("kind", 24, &["interim", "final"])
            .line("label", 120)
            .day("due_on")
            .word("state", 24, &["due", "draft", "submitted", "returned", "accepted"])
            .json("activities")
            .prose("narrative")
            .prose("deviations")
            .big("costs_minor")
            .prose("returned_points")
            .reference("submitted_by", "account", Restrict)
            .null()
            .at("submitted_at")
            .null()
            .reference("decided_by", "account", Restrict)
            .null()
            .at("decided_at")
            .null()
            .line("reminded", 40)
            .big("version")
            .index(&["part_id"])
            .index(&["state", "due_on"]);
        report.create(manager).await?;
        let kpi_reading = Definition::new("kpi_reading")
            .id("id")
            .key()
            .reference("report_id", "report", Cascade)
            .line("kpi", 48)
            .big("value")
            .line("note", 300)
            .null()
            .together(&["report_id", "kpi"]);
        kpi_reading.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
