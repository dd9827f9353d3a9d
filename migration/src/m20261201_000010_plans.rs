//! Drafts of who judges what, and what evaluators wish.

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
        let plan = Definition::new("plan")
            .id("id")
            .key()
            .reference("call_id", "call", Restrict)
            .line("name", 80)
            .word("state", 24, &["drafted", "computing", "ready", "failed", "deployed", "superseded"])
            .json("settings")
            .id("job")
            .null()
            .prose("reason")
            .json("outcome")
            .null()
            .json("import")
            .null()
            .reference("made_by", "account", Restrict)
            .at("made_at")
            .at("computed_at")
            .null()
            .reference("deployed_by", "account", Restrict)
            .null()
            .at("deployed_at")
            .null()
            .big("version")
            .together(&["call_id", "name"]);
        plan.create(manager).await?;
        let pair = Definition::new("plan_pair")
            .id("id")
            .key()
            .reference("plan_id", "plan", Cascade)
            .reference("proposal_id", "proposal", Restrict)
            .reference("evaluator_id", "evaluator", Restrict)
            .int("affinity")
            .null()
            .flag("locked")
            .word("origin", 24, &["computed", "by_hand", "imported", "task"])
            .json("why")
            .null()
            .json("next")
            .null()
            .line("left_out", 300)
            .null()
            .reference("assignment_id", "assignment", Restrict)
            .null()
            .together(&["plan_id", "proposal_id", "evaluator_id"])
            .index(&["plan_id", "evaluator_id"])
            .index(&["assignment_id"]);
        pair.create(manager).await?;
        let wish = Definition::new("wish")
            .id("id")
            .key()
            .reference("call_id", "call", Restrict)
            .reference("proposal_id", "proposal", Restrict)
            .reference("evaluator_id", "evaluator", Restrict)
            .word("kind", 24, &["eager", "willing", "unwilling"])
            .at("stated_at")
            .together(&["evaluator_id", "proposal_id"])
            .index(&["call_id"]);
        wish.create(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
