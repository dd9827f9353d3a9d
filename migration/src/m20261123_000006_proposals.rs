//! Tables of proposals.

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
        let proposal = Definition::new("proposal")
            .id("id")
            .key()
            .reference("call_id", "call", Restrict)
            .line("code", 32)
            .unique()
            .line("title", 200)
            .line("acronym", 40)
            .word("state", 24, &["draft", "submitted", "withdrawn"])
            .prose("search")
            .reference("created_by", "account", Restrict)
            .at("created_at")
            .reference("updated_by", "account", Restrict)
            .null()
            .at("updated_at")
            .at("submitted_at")
            .null()
            .big("version")
            .index(&["call_id", "state"]);
        proposal.create(manager).await?;
        let part = Definition::new("part")
            .id("id")
            .key()
            .reference("proposal_id", "proposal", Cascade)
            .reference("organisation_id", "organisation", Restrict)
            .reference("annex_id", "annex", Restrict)
            .flag("is_coordinator")
            .word(
                "state",
                24,
                &[
                    "draft",
                    "submitted",
                    "withdrawn",
                    "eligible",
                    "ineligible",
                    "recommended",
                    "not_recommended",
                    "awarded",
                    "reserve",
                    "rejected",
                    "contracted",
                    "closed",
                ],
            )
            .big("requested_minor")
            .word("currency", 3, &["EUR", "DKK", "NOK", "SEK", "ISK", "PLN", "CZK", "GBP", "CHF", "USD"])
            .reference("contact_id", "account", Restrict)
            .null()
            .line("signatory", 120)
            .null()
            .at("created_at")
            .at("submitted_at")
            .null()
            .big("version")
            .together(&["proposal_id", "organisation_id"])
            .index(&["annex_id", "state"])
            .index(&["organisation_id"]);
        part.create(manager).await?;
        let team_member = Definition::new("team_member")
            .id("id")
            .key()
            .reference("proposal_id", "proposal", Cascade)
            .reference("account_id", "account", Cascade)
            .reference("part_id", "part", Cascade)
            .null()
            .word("role", 24, &["coordinator", "editor", "viewer"])
            .reference("added_by", "account", Restrict)
            .null()
            .at("added_at")
            .together(&["proposal_id", "account_id"])
            .index(&["account_id"]);
        team_member.create(manager).await?;
        let section_task = Definition::new("section_task")
            .id("id")
            .key()
            .reference("proposal_id", "proposal", Cascade)
            .line("place", 40)
            .line("section", 48)
            .reference("assigned_to", "account", Restrict)
            .null()
            .day("due_on")
            .null()
            .word("state", 24, &["open", "complete"])
            .reference("completed_by", "account", Restrict)
            .null()
            .at("completed_at")
            .null()
            .together(&["proposal_id", "place", "section"]);
        section_task.create(manager).await?;
        let answer = Definition::new("answer")
            .id("id")
            .key()
            .reference("proposal_id", "proposal", Cascade)
            .line("place", 40)
            .line("question", 48)
            .json("value")
            .big("version")
            .reference("updated_by", "account", Restrict)
            .null()
            .at("updated_at")
            .together(&["proposal_id", "place", "question"]);
        answer.create(manager).await?;
        let participant = Definition::new("participant")
            .id("id")
            .key()
            .reference("part_id", "part", Cascade)
            .reference("organisation_id", "organisation", Restrict)
            .null()
            .line("name", 200)
            .line("registration_no", 60)
            .null()
            .line("country", 2)
            .word("size_class", 24, &["micro", "small", "medium", "large"])
            .line("contact_name", 120)
            .line("contact_email", 254)
            .prose("role")
            .flag("notice_given")
            .json("declarations")
            .big("version")
            .at("created_at")
            .index(&["part_id"]);
        participant.create(manager).await?;
        let activity_line = Definition::new("activity_line")
            .id("id")
            .key()
            .reference("part_id", "part", Cascade)
            .int("position")
            .line("activity", 48)
            .line("title", 200)
            .prose("description")
            .line("place", 120)
            .int("start_month")
            .int("end_month")
            .int("participants")
            .big("version")
            .index(&["part_id"]);
        activity_line.create(manager).await?;
        let cost_line = Definition::new("cost_line")
            .id("id")
            .key()
            .reference("part_id", "part", Cascade)
            .int("position")
            .line("category", 48)
            .reference("activity_line_id", "activity_line", SetNull)
            .null()
            .line("description", 200)
            .big("minor")
            .big("version")
            .index(&["part_id"]);
        cost_line.create(manager).await?;
        let funding_line = Definition::new("funding_line")
            .id("id")
            .key()
            .reference("part_id", "part", Cascade)
            .int("position")
            .word("source", 24, &["own_cash", "private_cash", "private_in_kind", "other_public"])
            .line("description", 200)
            .big("minor")
            .big("version")
            .index(&["part_id"]);
        funding_line.create(manager).await?;
        let kpi_target = Definition::new("kpi_target")
            .id("id")
            .key()
            .reference("part_id", "part", Cascade)
            .line("kpi", 48)
            .big("target")
            .big("version")
            .together(&["part_id", "kpi"]);
        kpi_target.create(manager).await?;
        let letter = Definition::new("letter")
            .id("id")
            .key()
            .reference("part_id", "part", Cascade)
            .reference("participant_id", "participant", Cascade)
            .null()
            .line("document", 48)
            .line("signer_name", 120)
            .line("signer_email", 254)
            .line("signer_organisation", 200)
            .line("token_hash", 64)
            .unique()
            .word("state", 24, &["asked", "signed", "refused", "withdrawn"])
            .prose("text")
            .big("requested_minor")
            .big("total_minor")
            .reference("asked_by", "account", Restrict)
            .at("asked_at")
            .line("signed_name", 120)
            .null()
            .day("signed_on")
            .null()
            .at("signed_at")
            .null()
            .line("refusal", 300)
            .null()
            .reference("file_id", "file", Restrict)
            .null()
            .index(&["part_id"]);
        letter.create(manager).await?;
        let attachment = Definition::new("attachment")
            .id("id")
            .key()
            .reference("proposal_id", "proposal", Cascade)
            .line("place", 40)
            .line("document", 48)
            .reference("file_id", "file", Restrict)
            .reference("added_by", "account", Restrict)
            .at("added_at")
            .at("removed_at")
            .null()
            .index(&["proposal_id", "place"]);
        attachment.create(manager).await?;
        let submission = Definition::new("submission")
            .id("id")
            .key()
            .reference("part_id", "part", Restrict)
            .int("number")
            .json("document")
            .line("digest", 64)
            .line("receipt", 48)
            .unique()
            .line("signatory", 120)
            .reference("submitted_by", "account", Restrict)
            .at("submitted_at")
            .at("ended_at")
            .null()
            .reference("pdf_file_id", "file", Restrict)
            .null()
            .together(&["part_id", "number"]);
        submission.create(manager).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
