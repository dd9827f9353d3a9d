//! Points that people agreed on for a proposal.

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
        let agreed_score = Definition::new("agreed_score")
            .id("id")
            .key()
            .reference("proposal_id", "proposal", Cascade)
            .word("source", 24, &["consensus", "panel"])
            .line("criterion", 48)
            .int("points")
            .prose("comment")
            .reference("agreed_by", "account", Restrict)
            .at("agreed_at")
            .together(&["proposal_id", "source", "criterion"]);
        agreed_score.create(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
