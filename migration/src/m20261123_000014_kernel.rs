//! Tables of kernel.

use crate::definition::Definition;
use sea_orm_migration::{prelude::*, sea_query::ForeignKeyAction::SetNull};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let audit_entry = Definition::new("audit_entry")
            .big("seq")
            .key()
            .at("at")
            .id("actor")
            .null()
            .line("actor_name", 120)
            .line("command", 64)
            .line("subject_kind", 24)
            .id("subject_id")
            .null()
            .id("call")
            .null()
            .id("proposal")
            .null()
            .prose("line")
            .json("data")
            .line("key", 64)
            .null()
            .json("output")
            .null()
            .line("previous", 64)
            .line("digest", 64)
            .together(&["actor", "key"])
            .index(&["subject_kind", "subject_id"])
            .index(&["proposal"])
            .index(&["call"])
            .index(&["at"]);
        audit_entry.create(manager).await?;
        let job = Definition::new("job")
            .id("id")
            .key()
            .line("name", 48)
            .json("payload")
            .word("state", 24, &["queued", "running", "done", "failed"])
            .int("attempts")
            .at("due_at")
            .at("locked_until")
            .null()
            .int("done")
            .int("total")
            .json("result")
            .null()
            .prose("error")
            .reference("ordered_by", "account", SetNull)
            .null()
            .line("once", 120)
            .unique()
            .null()
            .at("created_at")
            .at("finished_at")
            .null()
            .index(&["state", "due_at"]);
        job.create(manager).await?;
        let rate_window = Definition::new("rate_window").line("bucket", 120).key().at("started_at").int("count");
        rate_window.create(manager).await?;
        let setting = Definition::new("setting").line("name", 48).key().prose("value");
        setting.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
