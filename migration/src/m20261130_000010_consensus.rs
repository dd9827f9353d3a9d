//! Consensus: where evaluators saw different things, and what they agreed on.

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
        let consensus = Definition::new("consensus")
            .id("id")
            .key()
            .reference("call_id", "call", Restrict)
            .reference("proposal_id", "proposal", Restrict)
            .unique()
            .word(
                "state",
                24,
                &["third_review", "writing", "signing", "disputed", "agreed", "to_panel", "waived", "settled"],
            )
            .json("divergence")
            .line("reason", 300)
            .reference("rapporteur_id", "account", Restrict)
            .null()
            .prose("comment")
            .at("due_at")
            .null()
            .int("reminded")
            .reference("opened_by", "account", Restrict)
            .null()
            .at("opened_at")
            .at("sent_at")
            .null()
            .at("agreed_at")
            .null()
            .big("version")
            .index(&["call_id", "state"]);
        consensus.create(manager).await?;
        let consensus_point = Definition::new("consensus_point")
            .id("id")
            .key()
            .reference("consensus_id", "consensus", Cascade)
            .line("criterion", 48)
            .int("points")
            .null()
            .prose("comment")
            .at("updated_at")
            .together(&["consensus_id", "criterion"]);
        consensus_point.create(manager).await?;
        let consensus_voice = Definition::new("consensus_voice")
            .id("id")
            .key()
            .reference("consensus_id", "consensus", Cascade)
            .reference("assignment_id", "assignment", Restrict)
            .reference("account_id", "account", Restrict)
            .word("state", 24, &["open", "signed", "disagrees", "left"])
            .line("signed_name", 120)
            .null()
            .prose("statement")
            .at("answered_at")
            .null()
            .together(&["consensus_id", "account_id"])
            .index(&["account_id"]);
        consensus_voice.create(manager).await?;
        let consensus_message = Definition::new("consensus_message")
            .id("id")
            .key()
            .reference("consensus_id", "consensus", Cascade)
            .reference("account_id", "account", Restrict)
            .prose("text")
            .at("sent_at")
            .index(&["consensus_id", "sent_at"]);
        consensus_message.create(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
