//! Grants that were declined, and what consortia do about stranded proposals.

use crate::definition::Definition;
use sea_orm_migration::{prelude::*, sea_query::ForeignKeyAction::Restrict};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let decline = Definition::new("decline")
            .id("id")
            .key()
            .reference("part_id", "part", Restrict)
            .unique()
            .prose("reason")
            .reference("declined_by", "account", Restrict)
            .at("declined_at");
        decline.create(manager).await?;
        let choice = Definition::new("stranded_choice")
            .id("id")
            .key()
            .reference("proposal_id", "proposal", Restrict)
            .unique()
            .word("choice", 24, &["smaller", "pay_oneself", "replace", "withdraw"])
            .prose("reason")
            .reference("chosen_by", "account", Restrict)
            .at("chosen_at")
            .day("until")
            .null();
        choice.create(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
