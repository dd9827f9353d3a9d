//! Tables of accounts.

use crate::definition::Definition;
use sea_orm_migration::{prelude::*, sea_query::ForeignKeyAction::Cascade};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let account = Definition::new("account")
            .id("id")
            .key()
            .text("email")
            .unique()
            .line("name", 120)
            .line("language", 8)
            .word("state", 24, &["pending", "active", "locked", "erased"])
            .at("created_at")
            .at("confirmed_at")
            .null()
            .at("erased_at")
            .null()
            .big("version");
        account.create(manager).await?;
        let credential = Definition::new("credential")
            .reference("account_id", "account", Cascade)
            .key()
            .prose("phc")
            .at("changed_at");
        credential.create(manager).await?;
        let session = Definition::new("session")
            .id("id")
            .key()
            .line("token_hash", 64)
            .unique()
            .reference("account_id", "account", Cascade)
            .line("csrf", 64)
            .at("created_at")
            .at("seen_at")
            .at("expires_at")
            .at("ended_at")
            .null()
            .line("address", 64)
            .line("agent", 300);
        session.create(manager).await?;
        let one_time_token = Definition::new("one_time_token")
            .id("id")
            .key()
            .word("purpose", 24, &["confirm_email", "reset_password"])
            .reference("account_id", "account", Cascade)
            .line("token_hash", 64)
            .unique()
            .at("created_at")
            .at("expires_at")
            .at("used_at")
            .null();
        one_time_token.create(manager).await?;
        let api_token = Definition::new("api_token")
            .id("id")
            .key()
            .reference("account_id", "account", Cascade)
            .line("name", 120)
            .line("token_hash", 64)
            .unique()
            .line("scopes", 120)
            .at("created_at")
            .at("expires_at")
            .null()
            .at("used_at")
            .null()
            .at("revoked_at")
            .null();
        api_token.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
