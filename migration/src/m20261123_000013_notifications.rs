//! Tables of notifications.

use crate::definition::Definition;
use sea_orm_migration::{
    prelude::*,
    sea_query::ForeignKeyAction::{Cascade, SetNull},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mail = Definition::new("mail")
            .id("id")
            .key()
            .line("name", 48)
            .word("class", 24, &["essential", "work", "news"])
            .reference("account_id", "account", SetNull)
            .null()
            .line("address", 254)
            .line("subject", 300)
            .prose("text")
            .prose("html")
            .word("state", 24, &["held", "queued", "sent", "kept", "failed", "digested"])
            .int("attempts")
            .at("next_at")
            .at("locked_until")
            .null()
            .line("message_id", 120)
            .unique()
            .line("error", 300)
            .null()
            .line("about_kind", 24)
            .null()
            .id("about_id")
            .null()
            .at("created_at")
            .at("sent_at")
            .null()
            .index(&["state", "next_at"])
            .index(&["account_id"])
            .index(&["about_kind", "about_id"]);
        mail.create(manager).await?;
        let preference = Definition::new("preference")
            .reference("account_id", "account", Cascade)
            .key()
            .word("class", 24, &["essential", "work", "news"])
            .key()
            .word("pace", 24, &["at_once", "daily", "never"]);
        preference.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
