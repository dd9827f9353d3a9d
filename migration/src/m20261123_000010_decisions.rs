//! Tables of decisions.

use crate::definition::Definition;
use sea_orm_migration::{prelude::*, sea_query::ForeignKeyAction::Restrict};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let decision = Definition::new("decision")
            .id("id")
            .key()
            .reference("part_id", "part", Restrict)
            .unique()
            .reference("ranking_id", "ranking", Restrict)
            .null()
            .word("outcome", 24, &["fund", "reserve", "reject"])
            .big("minor")
            .word("currency", 3, &["EUR", "DKK", "NOK", "SEK", "ISK", "PLN", "CZK", "GBP", "CHF", "USD"])
            .prose("reason")
            .prose("conditions")
            .word("state", 24, &["pending", "released"])
            .reference("drafted_by", "account", Restrict)
            .at("drafted_at")
            .reference("released_by", "account", Restrict)
            .null()
            .at("released_at")
            .null()
            .reference("letter_file_id", "file", Restrict)
            .null()
            .big("version");
        decision.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
