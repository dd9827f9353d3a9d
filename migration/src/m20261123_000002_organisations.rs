//! Tables of organisations.

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
        let organisation = Definition::new("organisation")
            .id("id")
            .key()
            .word("kind", 24, &["sme", "cluster", "agency", "research", "other"])
            .line("key", 48)
            .unique()
            .null()
            .line("name", 200)
            .line("country", 2)
            .line("region", 120)
            .null()
            .line("city", 120)
            .null()
            .line("registration_no", 60)
            .null()
            .line("website", 200)
            .null()
            .prose("description")
            .prose("search")
            .reference("created_by", "account", Restrict)
            .null()
            .at("created_at")
            .big("version")
            .index(&["kind", "country"]);
        organisation.create(manager).await?;
        let membership = Definition::new("membership")
            .id("id")
            .key()
            .reference("organisation_id", "organisation", Cascade)
            .reference("account_id", "account", Cascade)
            .word("role", 24, &["manager", "member"])
            .word("state", 24, &["requested", "active", "refused", "left"])
            .line("message", 300)
            .null()
            .at("asked_at")
            .at("decided_at")
            .null()
            .reference("decided_by", "account", Restrict)
            .null()
            .together(&["organisation_id", "account_id"])
            .index(&["account_id"]);
        membership.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
