//! Abstaining from a criterion, and the earlier versions of a sheet.

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
        let abstained = ColumnDef::new(Alias::new("abstained")).string_len(300).null().to_owned();
        let score = Table::alter().table(Alias::new("score")).add_column(abstained).to_owned();
        manager.alter_table(score).await?;
        let sheet_version = Definition::new("sheet_version")
            .id("id")
            .key()
            .reference("assignment_id", "assignment", Cascade)
            .int("number")
            .json("sheet")
            .at("submitted_at")
            .reference("reopened_by", "account", Restrict)
            .at("reopened_at")
            .line("reopened_reason", 300)
            .together(&["assignment_id", "number"]);
        sheet_version.create(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
