//! Lists of evaluators that are looked at before they change anything, and what they say of people not yet in the pool.

use crate::definition::Definition;
use sea_orm_migration::{prelude::*, sea_query::ForeignKeyAction::Cascade};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let import = Definition::new("evaluator_import")
            .id("id")
            .key()
            .reference("account_id", "account", Cascade)
            .line("file", 200)
            .json("list")
            .json("plan")
            .at("made_at")
            .at("expires_at")
            .at("applied_at")
            .null()
            .index(&["account_id"]);
        import.create(manager).await?;
        let draft =
            Definition::new("evaluator_draft").reference("invitation_id", "invitation", Cascade).key().json("profile");
        draft.create(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
