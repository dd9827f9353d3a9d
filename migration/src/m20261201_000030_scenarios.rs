//! Ways from a signed ranking to money, compared before one is adopted.

use crate::definition::Definition;
use sea_orm_migration::{prelude::*, sea_query::ForeignKeyAction::Restrict};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let scenario = Definition::new("scenario")
            .id("id")
            .key()
            .reference("call_id", "call", Restrict)
            .reference("ranking_id", "ranking", Restrict)
            .line("name", 80)
            .word("state", 24, &["drafted", "computing", "computed", "adopted", "set_aside"])
            .json("settings")
            .prose("input")
            .null()
            .line("digest", 64)
            .null()
            .json("outcome")
            .null()
            .id("job")
            .null()
            .prose("reason")
            .reference("made_by", "account", Restrict)
            .at("made_at")
            .at("computed_at")
            .null()
            .reference("adopted_by", "account", Restrict)
            .null()
            .at("adopted_at")
            .null()
            .prose("minutes")
            .null()
            .line("minutes_digest", 64)
            .null()
            .big("version")
            .together(&["call_id", "name"]);
        scenario.create(manager).await?;
        // Two people who sign at one moment adopt one scenario.
        let mut one = Index::create();
        one.name("one_scenario_adopted")
            .table(Alias::new("scenario"))
            .col(Alias::new("ranking_id"))
            .unique()
            .and_where(Expr::col(Alias::new("state")).eq("adopted"));
        manager.create_index(one).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
