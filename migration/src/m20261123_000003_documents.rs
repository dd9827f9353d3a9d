//! Tables of documents.

use crate::definition::Definition;
use sea_orm_migration::{prelude::*, sea_query::ForeignKeyAction::Restrict};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let file = Definition::new("file")
            .id("id")
            .key()
            .line("digest", 64)
            .big("size")
            .line("media_type", 120)
            .line("name", 200)
            .line("about_kind", 24)
            .id("about_id")
            .null()
            .reference("uploaded_by", "account", Restrict)
            .null()
            .at("created_at")
            .at("deleted_at")
            .null()
            .index(&["about_kind", "about_id"]);
        file.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
