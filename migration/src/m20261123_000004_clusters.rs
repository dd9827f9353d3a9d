//! Tables of clusters.

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
        let cluster_membership = Definition::new("cluster_membership")
            .id("id")
            .key()
            .reference("cluster_id", "organisation", Cascade)
            .reference("member_id", "organisation", Cascade)
            .day("since")
            .day("until")
            .null()
            .at("created_at")
            .together(&["cluster_id", "member_id"])
            .index(&["member_id"]);
        cluster_membership.create(manager).await?;
        let member_import = Definition::new("member_import")
            .id("id")
            .key()
            .reference("cluster_id", "organisation", Cascade)
            .reference("account_id", "account", Cascade)
            .line("file", 200)
            .json("list")
            .json("plan")
            .at("made_at")
            .at("expires_at")
            .at("applied_at")
            .null()
            .index(&["cluster_id"]);
        member_import.create(manager).await?;
        let label = Definition::new("label")
            .id("id")
            .key()
            .reference("cluster_id", "organisation", Cascade)
            .word("level", 24, &["bronze", "silver", "gold"])
            .day("awarded_on")
            .day("valid_until")
            .reference("renews_id", "label", Restrict)
            .null()
            .reference("certificate_file_id", "file", Restrict)
            .null()
            .reference("recorded_by", "account", Restrict)
            .at("created_at")
            .index(&["cluster_id"]);
        label.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
