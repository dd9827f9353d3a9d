//! Lists of decisions that agencies confirm, printed evaluation summaries, the reserve list, parts that left.

use crate::definition::Definition;
use sea_orm_migration::{prelude::*, sea_query::ForeignKeyAction::Restrict};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let decision_list = Definition::new("decision_list")
            .id("id")
            .key()
            .reference("annex_id", "annex", Restrict)
            .line("digest", 64)
            .int("parts")
            .reference("confirmed_by", "account", Restrict)
            .at("confirmed_at")
            .index(&["annex_id", "confirmed_at"]);
        decision_list.create(manager).await?;
        let decision_summary = Definition::new("decision_summary")
            .id("id")
            .key()
            .reference("decision_id", "decision", Restrict)
            .unique()
            .reference("file_id", "file", Restrict);
        decision_summary.create(manager).await?;
        let columns = [
            ("decision", ColumnDef::new(Alias::new("reserve_place")).integer().null().to_owned()),
            ("decision", ColumnDef::new(Alias::new("reserve_until")).date().null().to_owned()),
            ("part", ColumnDef::new(Alias::new("left_at")).timestamp_with_time_zone().null().to_owned()),
        ];
        for (table, mut column) in columns {
            let change = Table::alter().table(Alias::new(table)).add_column(&mut column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
