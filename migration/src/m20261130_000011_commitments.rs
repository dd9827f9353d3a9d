//! What each company of a part brings, in money and in work.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["cash_minor", "in_kind_minor"] {
            let mut column = ColumnDef::new(Alias::new(name));
            column.big_integer().null();
            let table = Table::alter().table(Alias::new("participant")).add_column(column).to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
