//! Who is wanted as an evaluator of a call.

use crate::definition::Definition;
use sea_orm_migration::{prelude::*, sea_query::ForeignKeyAction::Restrict};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let recruitment = Definition::new("recruitment")
            .id("id")
            .key()
            .reference("call_id", "call", Restrict)
            .reference("evaluator_id", "evaluator", Restrict)
            .null()
            .reference("invitation_id", "invitation", Restrict)
            .null()
            .text("email")
            .line("name", 120)
            .word("state", 24, &["listed", "invited", "accepted", "declined", "lapsed", "withdrawn"])
            .prose("message")
            .reference("added_by", "account", Restrict)
            .at("added_at")
            .reference("invited_by", "account", Restrict)
            .null()
            .at("invited_at")
            .null()
            .at("lapses_at")
            .null()
            .int("reminders")
            .at("reminded_at")
            .null()
            .at("escalated_at")
            .null()
            .at("answered_at")
            .null()
            .line("signed_name", 120)
            .null()
            .int("places")
            .null()
            .line("reason", 300)
            .null()
            .big("version")
            .together(&["call_id", "email"])
            .index(&["evaluator_id"]);
        recruitment.create(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
