//! Whoever leaves a team keeps the row, with the hour of leaving.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = ColumnDef::new(Alias::new("left_at"));
        column.timestamp_with_time_zone().null();
        let table = Table::alter().table(Alias::new("team_member")).add_column(column).to_owned();
        manager.alter_table(table).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
