//! Declared interests, ownership, and what the check for conflicts of interest found.

use crate::definition::Definition;
use sea_orm_migration::{
    prelude::*,
    sea_query::ForeignKeyAction::{Cascade, Restrict, SetNull},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let interest = Definition::new("interest")
            .id("id")
            .key()
            .reference("account_id", "account", Cascade)
            .word(
                "kind",
                24,
                &["employment", "board", "adviser", "member", "share", "cluster", "project", "person", "email"],
            )
            .line("name", 254)
            .line("registration_no", 60)
            .null()
            .line("country", 2)
            .null()
            .line("detail", 300)
            .day("until")
            .null()
            .at("created_at")
            .at("withdrawn_at")
            .null()
            .index(&["account_id"]);
        interest.create(manager).await?;
        let statement = Definition::new("interest_statement")
            .id("id")
            .key()
            .reference("account_id", "account", Cascade)
            .line("signed_name", 120)
            .at("signed_at")
            .at("valid_until")
            .json("content")
            .index(&["account_id"]);
        statement.create(manager).await?;
        let link = Definition::new("organisation_link")
            .id("id")
            .key()
            .reference("owned_id", "organisation", Cascade)
            .reference("owner_id", "organisation", Cascade)
            .null()
            .line("owner_name", 200)
            .line("owner_number", 60)
            .null()
            .line("owner_country", 2)
            .null()
            .int("share")
            .null()
            .reference("stated_by", "account", SetNull)
            .null()
            .at("stated_at")
            .at("withdrawn_at")
            .null()
            .index(&["owned_id"]);
        link.create(manager).await?;
        let finding = Definition::new("conflict_finding")
            .id("id")
            .key()
            .reference("call_id", "call", Cascade)
            .reference("proposal_id", "proposal", Cascade)
            .reference("account_id", "account", Cascade)
            .word(
                "kind",
                24,
                &[
                    "same_person",
                    "declared",
                    "employer",
                    "past_employer",
                    "mail_domain",
                    "seat",
                    "past_seat",
                    "cluster_board",
                    "same_cluster",
                    "ownership",
                    "past_proposal",
                    "rival",
                    "same_country",
                    "family_name",
                ],
            )
            .word("strength", 24, &["hint", "likely", "barring"])
            .line("party", 254)
            .line("own", 254)
            .line("met", 254)
            .prose("path")
            .day("on_day")
            .null()
            .word("state", 24, &["open", "confirmed", "dismissed", "gone"])
            .line("fingerprint", 64)
            .at("found_at")
            .reference("decided_by", "account", Restrict)
            .null()
            .at("decided_at")
            .null()
            .line("reason", 300)
            .null()
            .reference("conflict_id", "conflict", SetNull)
            .null()
            .big("version")
            .together(&["proposal_id", "account_id", "fingerprint"])
            .index(&["call_id", "state"])
            .index(&["account_id"]);
        finding.create(manager).await?;
        let screening = Definition::new("conflict_screening")
            .id("id")
            .key()
            .reference("call_id", "call", Cascade)
            .at("ran_at")
            .int("people")
            .int("proposals")
            .together(&["call_id"]);
        screening.create(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
