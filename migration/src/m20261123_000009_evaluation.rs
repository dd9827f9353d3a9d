//! Tables of evaluation.

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
        let evaluator = Definition::new("evaluator")
            .id("id")
            .key()
            .reference("account_id", "account", Cascade)
            .unique()
            .word("state", 24, &["invited", "active", "declined", "left"])
            .line("organisation", 200)
            .line("expertise", 300)
            .line("languages", 120)
            .line("countries", 120)
            .int("capacity")
            .prose("bio")
            .prose("search")
            .at("invited_at")
            .at("answered_at")
            .null()
            .big("version");
        evaluator.create(manager).await?;
        let conflict = Definition::new("conflict")
            .id("id")
            .key()
            .reference("account_id", "account", Cascade)
            .reference("proposal_id", "proposal", Cascade)
            .null()
            .reference("organisation_id", "organisation", Cascade)
            .null()
            .line("reason", 300)
            .reference("declared_by", "account", Restrict)
            .null()
            .at("declared_at")
            .at("withdrawn_at")
            .null()
            .index(&["account_id"]);
        conflict.create(manager).await?;
        let assignment = Definition::new("assignment")
            .id("id")
            .key()
            .reference("call_id", "call", Restrict)
            .reference("proposal_id", "proposal", Restrict)
            .reference("evaluator_id", "evaluator", Restrict)
            .reference("account_id", "account", Restrict)
            .word(
                "state",
                24,
                &["invited", "accepted", "declined", "conflicted", "in_progress", "submitted", "withdrawn"],
            )
            .at("due_at")
            .null()
            .line("signed_name", 120)
            .null()
            .at("declared_at")
            .null()
            .line("reason", 300)
            .null()
            .prose("comment")
            .prose("private_note")
            .reference("invited_by", "account", Restrict)
            .at("invited_at")
            .at("answered_at")
            .null()
            .at("submitted_at")
            .null()
            .line("reopened_reason", 300)
            .null()
            .big("version")
            .together(&["proposal_id", "evaluator_id"])
            .index(&["account_id", "state"])
            .index(&["call_id", "state"]);
        assignment.create(manager).await?;
        let score = Definition::new("score")
            .id("id")
            .key()
            .reference("assignment_id", "assignment", Cascade)
            .line("criterion", 48)
            .int("points")
            .null()
            .prose("comment")
            .big("version")
            .at("updated_at")
            .together(&["assignment_id", "criterion"]);
        score.create(manager).await?;
        let ranking = Definition::new("ranking")
            .id("id")
            .key()
            .reference("call_id", "call", Restrict)
            .int("number")
            .word("state", 24, &["draft", "fixed", "replaced"])
            .prose("reason")
            .line("digest", 64)
            .null()
            .reference("made_by", "account", Restrict)
            .at("made_at")
            .reference("fixed_by", "account", Restrict)
            .null()
            .at("fixed_at")
            .null()
            .together(&["call_id", "number"]);
        ranking.create(manager).await?;
        let ranking_line = Definition::new("ranking_line")
            .id("id")
            .key()
            .reference("ranking_id", "ranking", Cascade)
            .reference("proposal_id", "proposal", Restrict)
            .int("rank")
            .int("total")
            .flag("passes")
            .int("spread")
            .line("tie_reason", 300)
            .null()
            .json("detail")
            .together(&["ranking_id", "proposal_id"]);
        ranking_line.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
