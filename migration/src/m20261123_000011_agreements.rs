//! Tables of agreements.

use crate::definition::Definition;
use sea_orm_migration::{prelude::*, sea_query::ForeignKeyAction::Restrict};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let agreement = Definition::new("agreement")
            .id("id")
            .key()
            .reference("part_id", "part", Restrict)
            .unique()
            .word("state", 24, &["draft", "active", "closed"])
            .day("starts_on")
            .null()
            .day("ends_on")
            .null()
            .day("signed_on")
            .null()
            .prose("note")
            .reference("made_by", "account", Restrict)
            .at("made_at")
            .big("version");
        agreement.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
