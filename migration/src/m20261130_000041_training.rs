//! Training proposals, and what evaluators say of them.

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
        let training = Definition::new("training")
            .id("id")
            .key()
            .reference("call_id", "call", Restrict)
            .word("state", 24, &["draft", "open", "withdrawn"])
            .line("title", 200)
            .prose("text")
            .reference("source_id", "proposal", Restrict)
            .null()
            .json("answer")
            .flag("required")
            .reference("made_by", "account", Restrict)
            .at("made_at")
            .big("version")
            .index(&["call_id"]);
        training.create(manager).await?;
        let training_sheet = Definition::new("training_sheet")
            .id("id")
            .key()
            .reference("training_id", "training", Cascade)
            .reference("account_id", "account", Cascade)
            .json("sheet")
            .at("begun_at")
            .at("submitted_at")
            .null()
            .big("version")
            .together(&["training_id", "account_id"]);
        training_sheet.create(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
