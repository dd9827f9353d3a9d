//! Panels: meetings that discuss proposals, and who looks on live.

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
        meeting(manager).await?;
        discussion(manager).await?;
        let panel_minutes = Definition::new("panel_minutes")
            .id("id")
            .key()
            .reference("panel_id", "panel", Cascade)
            .int("number")
            .word("state", 24, &["half", "signed", "replaced"])
            .line("reason", 500)
            .prose("document")
            .line("digest", 64)
            .reference("chair_id", "account", Restrict)
            .at("signed_at")
            .reference("deputy_id", "account", Restrict)
            .null()
            .at("deputy_at")
            .null()
            .together(&["panel_id", "number"]);
        panel_minutes.create(manager).await?;
        let live_view = Definition::new("live_view")
            .id("topic")
            .key()
            .reference("account_id", "account", Cascade)
            .key()
            .at("seen_at");
        live_view.create(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn meeting(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let panel = Definition::new("panel")
        .id("id")
        .key()
        .reference("call_id", "call", Restrict)
        .line("name", 200)
        .word("state", 24, &["planned", "open", "paused", "closed", "signed"])
        .reference("chair_id", "account", Restrict)
        .reference("deputy_id", "account", Restrict)
        .null()
        .at("starts_at")
        .null()
        .line("place", 300)
        .int("minutes")
        .int("quorum")
        .flag("casting")
        .word("order_by", 24, &["by_hand", "by_total", "by_spread", "escalated", "by_code"])
        .reference("created_by", "account", Restrict)
        .at("created_at")
        .at("opened_at")
        .null()
        .at("closed_at")
        .null()
        .big("version")
        .big("pulse")
        .index(&["call_id"]);
    panel.create(manager).await?;
    let panel_member = Definition::new("panel_member")
        .id("id")
        .key()
        .reference("panel_id", "panel", Cascade)
        .reference("account_id", "account", Restrict)
        .at("invited_at")
        .flag("here")
        .at("ended_at")
        .null()
        .together(&["panel_id", "account_id"])
        .index(&["account_id"]);
    panel_member.create(manager).await?;
    let panel_item = Definition::new("panel_item")
        .id("id")
        .key()
        .reference("panel_id", "panel", Cascade)
        .reference("proposal_id", "proposal", Cascade)
        .int("position")
        .word("state", 24, &["waiting", "discussed", "decided", "deferred"])
        .reference("lead_id", "account", Restrict)
        .null()
        .at("began_at")
        .null()
        .at("until")
        .null()
        .at("ended_at")
        .null()
        .line("outcome", 500)
        .big("version")
        .together(&["panel_id", "proposal_id"])
        .index(&["proposal_id"]);
    panel_item.create(manager).await?;
    let panel_presence = Definition::new("panel_presence")
        .id("id")
        .key()
        .reference("panel_id", "panel", Cascade)
        .reference("account_id", "account", Restrict)
        .word("kind", 24, &["arrived", "went", "out", "back"])
        .reference("item_id", "panel_item", Cascade)
        .null()
        .word("why", 24, &["declared", "found", "organisation", "recused", "applicant"])
        .null()
        .at("at")
        .index(&["panel_id"])
        .index(&["item_id"]);
    panel_presence.create(manager).await
}

async fn discussion(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let panel_note = Definition::new("panel_note")
        .id("id")
        .key()
        .reference("item_id", "panel_item", Cascade)
        .reference("account_id", "account", Restrict)
        .prose("text")
        .flag("minuted")
        .at("at")
        .index(&["item_id", "at"]);
    panel_note.create(manager).await?;
    let panel_point = Definition::new("panel_point")
        .id("id")
        .key()
        .reference("item_id", "panel_item", Cascade)
        .line("criterion", 48)
        .int("points")
        .null()
        .prose("reason")
        .reference("set_by", "account", Restrict)
        .at("set_at")
        .index(&["item_id"]);
    panel_point.create(manager).await?;
    let panel_vote = Definition::new("panel_vote")
        .id("id")
        .key()
        .reference("item_id", "panel_item", Cascade)
        .line("question", 300)
        .flag("secret")
        .word("state", 24, &["open", "closed", "stopped"])
        .reference("opened_by", "account", Restrict)
        .at("opened_at")
        .at("closed_at")
        .null()
        .int("yes")
        .int("no")
        .int("abstain")
        .word("result", 24, &["carried", "lost", "tied", "casting"])
        .null()
        .index(&["item_id"]);
    panel_vote.create(manager).await?;
    let panel_ballot = Definition::new("panel_ballot")
        .id("id")
        .key()
        .reference("vote_id", "panel_vote", Cascade)
        .reference("account_id", "account", Restrict)
        .word("choice", 24, &["yes", "no", "abstain"])
        .null()
        .at("cast_at")
        .together(&["vote_id", "account_id"]);
    panel_ballot.create(manager).await
}
