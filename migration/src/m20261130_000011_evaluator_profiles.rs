//! What evaluators know, when they can work, and how long their contract and declaration hold.

use crate::definition::Definition;
use sea_orm_migration::{prelude::*, sea_query::ForeignKeyAction::Cascade};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let named = |name: &'static str| ColumnDef::new(Alias::new(name));
        let columns = [
            named("hours").integer().null().to_owned(),
            named("contract_until").date().null().to_owned(),
            named("declaration_until").date().null().to_owned(),
            named("renewed_at").timestamp_with_time_zone().null().to_owned(),
            named("erased_at").timestamp_with_time_zone().null().to_owned(),
        ];
        for mut column in columns {
            // SQLite adds one column at a time.
            let change = Table::alter().table(Alias::new("evaluator")).add_column(&mut column).to_owned();
            manager.alter_table(change).await?;
        }
        let expertise = Definition::new("evaluator_expertise")
            .reference("evaluator_id", "evaluator", Cascade)
            .key()
            .line("tag", 80)
            .key()
            .int("level")
            .index(&["tag"]);
        expertise.create(manager).await?;
        let text = Definition::new("evaluator_text")
            .reference("evaluator_id", "evaluator", Cascade)
            .key()
            .int("position")
            .key()
            .line("title", 200)
            .prose("body");
        text.create(manager).await?;
        let period = Definition::new("evaluator_period")
            .reference("evaluator_id", "evaluator", Cascade)
            .key()
            .int("position")
            .key()
            .word("kind", 24, &["available", "away"])
            .day("starts_on")
            .day("ends_on");
        period.create(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
