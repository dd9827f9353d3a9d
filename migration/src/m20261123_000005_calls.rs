//! Tables of calls.

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
        let call = Definition::new("call")
            .id("id")
            .key()
            .line("code", 24)
            .unique()
            .line("title", 200)
            .word(
                "state",
                24,
                &[
                    "draft",
                    "agency_review",
                    "announced",
                    "open",
                    "closed",
                    "evaluating",
                    "ranked",
                    "decided",
                    "archived",
                ],
            )
            .json("terms")
            .prose("search")
            .int("next_number")
            .at("opens_at")
            .null()
            .at("closes_at")
            .null()
            .at("announced_at")
            .null()
            .at("closed_at")
            .null()
            .reference("created_by", "account", Restrict)
            .null()
            .at("created_at")
            .big("version")
            .big("revision")
            .index(&["state"]);
        call.create(manager).await?;
        let annex = Definition::new("annex")
            .id("id")
            .key()
            .reference("call_id", "call", Cascade)
            .reference("agency_id", "organisation", Restrict)
            .int("position")
            .word("class", 24, &["funding", "cooperation", "extended"])
            .word("state", 24, &["draft", "approved"])
            .json("terms")
            .at("deadline_at")
            .reference("approved_by", "account", Restrict)
            .null()
            .at("approved_at")
            .null()
            .big("version")
            .together(&["call_id", "agency_id"])
            .index(&["agency_id"]);
        annex.create(manager).await?;
        let corrigendum = Definition::new("corrigendum")
            .id("id")
            .key()
            .reference("call_id", "call", Cascade)
            .reference("annex_id", "annex", Cascade)
            .null()
            .int("number")
            .prose("reason")
            .json("before")
            .json("after")
            .reference("made_by", "account", Restrict)
            .at("made_at")
            .together(&["call_id", "number"]);
        corrigendum.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
