//! What the mixed model says of a call's sheets, draws within the zone it finds, what readers think of comments, and
//! the text a ranking was signed by.

use crate::definition::Definition;
use sea_orm_migration::{
    prelude::*,
    sea_query::ForeignKeyAction::{Cascade, Restrict},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let calibration = Definition::new("calibration")
            .id("id")
            .key()
            .reference("call_id", "call", Restrict)
            .int("number")
            .int("places")
            .line("seed", 20)
            .line("inputs", 64)
            .json("result")
            .reference("made_by", "account", Restrict)
            .at("made_at")
            .together(&["call_id", "number"]);
        calibration.create(manager).await?;
        let lottery = Definition::new("lottery")
            .id("id")
            .key()
            .reference("call_id", "call", Restrict)
            .reference("calibration_id", "calibration", Restrict)
            .int("number")
            .word("state", 24, &["announced", "drawn", "signed", "withdrawn"])
            .prose("source")
            .at("known_at")
            .json("codes")
            .line("commitment", 64)
            .reference("announced_by", "account", Restrict)
            .at("announced_at")
            .line("seed", 200)
            .null()
            .reference("drawn_by", "account", Restrict)
            .null()
            .at("drawn_at")
            .null()
            .reference("signed_by", "account", Restrict)
            .null()
            .at("signed_at")
            .null()
            .line("reason", 300)
            .null()
            .together(&["call_id", "number"]);
        lottery.create(manager).await?;
        let comment_mark = Definition::new("comment_mark")
            .id("id")
            .key()
            .reference("assignment_id", "assignment", Cascade)
            .reference("marked_by", "account", Restrict)
            .flag("useful")
            .at("marked_at")
            .together(&["assignment_id", "marked_by"]);
        comment_mark.create(manager).await?;
        let document = ColumnDef::new(Alias::new("document")).text().null().to_owned();
        manager.alter_table(Table::alter().table(Alias::new("ranking")).add_column(document).to_owned()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
