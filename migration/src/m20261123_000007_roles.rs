//! Tables of roles.

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
        let role_grant = Definition::new("role_grant")
            .id("id")
            .key()
            .reference("account_id", "account", Cascade)
            .word(
                "role",
                24,
                &["administrator", "auditor", "secretariat", "panel_chair", "agency_officer", "reporting_officer"],
            )
            .reference("call_id", "call", Cascade)
            .null()
            .reference("agency_id", "organisation", Cascade)
            .null()
            .reference("granted_by", "account", Restrict)
            .null()
            .at("granted_at")
            .at("revoked_at")
            .null()
            .index(&["account_id"]);
        role_grant.create(manager).await?;
        let invitation = Definition::new("invitation")
            .id("id")
            .key()
            .word("kind", 24, &["role", "member", "partner", "team", "evaluator"])
            .line("token_hash", 64)
            .unique()
            .text("email")
            .line("name", 120)
            .line("role", 24)
            .null()
            .reference("call_id", "call", Cascade)
            .null()
            .reference("organisation_id", "organisation", Cascade)
            .null()
            .reference("proposal_id", "proposal", Cascade)
            .null()
            .reference("part_id", "part", Cascade)
            .null()
            .prose("message")
            .reference("invited_by", "account", Restrict)
            .at("created_at")
            .at("expires_at")
            .at("answered_at")
            .null()
            .flag("accepted")
            .null()
            .reference("answered_by", "account", Restrict)
            .null()
            .at("withdrawn_at")
            .null()
            .index(&["proposal_id"])
            .index(&["email"]);
        invitation.create(manager).await?;
        let saved_view = Definition::new("saved_view")
            .id("id")
            .key()
            .reference("account_id", "account", Cascade)
            .line("list", 24)
            .line("name", 120)
            .prose("query")
            .at("created_at")
            .together(&["account_id", "list", "name"]);
        saved_view.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
