//! Indices that let long lists be sorted, counted and filtered without reading their rows.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDICES: [(&str, &[&str]); 5] = [
    ("proposal", &["call_id", "code", "id", "state"]),
    ("proposal", &["call_id", "title", "id", "state"]),
    ("proposal", &["call_id", "submitted_at", "id", "state"]),
    ("part", &["proposal_id", "state"]),
    ("part", &["annex_id", "state", "proposal_id", "organisation_id"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in INDICES {
            let mut index =
                Index::create().name(format!("ix_{table}_{}", columns.join("_"))).table(Alias::new(table)).to_owned();
            for column in columns {
                index.col(Alias::new(*column));
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
