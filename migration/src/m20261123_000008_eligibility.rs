//! Tables of eligibility.

use crate::definition::Definition;
use sea_orm_migration::{prelude::*, sea_query::ForeignKeyAction::Restrict};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let eligibility_check = Definition::new("eligibility_check")
            .id("id")
            .key()
            .reference("part_id", "part", Restrict)
            .unique()
            .json("findings")
            .word("verdict", 24, &["eligible", "ineligible"])
            .json("reasons")
            .prose("note")
            .word("state", 24, &["proposed", "confirmed", "returned"])
            .reference("proposed_by", "account", Restrict)
            .at("proposed_at")
            .reference("confirmed_by", "account", Restrict)
            .null()
            .at("confirmed_at")
            .null()
            .prose("returned_note")
            .big("version");
        eligibility_check.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
