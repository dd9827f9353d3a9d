//! What the secretariat prepares.

use super::shapes::{PanelLinesOut, line};
use crate::{
    api::{ApiError, Caller, Tag},
    evaluation::panels::{
        commands::{
            AddItems, ChangePanel, CreatePanel, Direction, MoveItem, NameLead, OrderAgenda, PanelRules, RemoveItem,
            SeatMembers, UnseatMember,
        },
        queries::{OwnPanels, PanelsOf},
    },
    kernel::App,
};
use chrono::{DateTime, Utc};
use entity::types::states::PanelOrder;
use poem::web::Data;
use poem_openapi::{
    Enum, Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};
use uuid::Uuid;

pub struct PanelsApi;

/// By which rules a panel meets.
#[derive(Object)]
struct PanelRulesIn {
    /// Example: Health and maritime
    name: String,
    /// Account of somebody with the role of panel chair in the call.
    chair: Uuid,
    /// Account of whoever leads while the chair is out of the room.
    deputy: Option<Uuid>,
    starts_at: Option<DateTime<Utc>>,
    /// Example: Room 3
    #[oai(default)]
    place: String,
    /// Minutes for one proposal. Example: 15
    minutes: i32,
    /// Members in the room without whom nothing is decided. Example: 3
    quorum: i32,
    /// Whether whoever leads has the casting vote.
    #[oai(default)]
    casting: bool,
    /// How often the panel was changed when it was read; needed to change it. Example: 4
    #[oai(default)]
    version: i64,
}

#[derive(Object)]
struct PanelIdOut {
    id: Uuid,
}

#[derive(Object)]
struct PanelPeopleIn {
    accounts: Vec<Uuid>,
}

#[derive(Object)]
struct PanelProposalsIn {
    proposals: Vec<Uuid>,
}

#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum PanelOrderIn {
    ByTotal,
    BySpread,
    Escalated,
    ByCode,
}

#[derive(Object)]
struct AgendaOrderIn {
    by: PanelOrderIn,
}

#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum AgendaMove {
    Up,
    Down,
}

#[derive(Object)]
struct AgendaMoveIn {
    direction: AgendaMove,
}

#[derive(Object)]
struct PanelLeadIn {
    /// A member's account; nobody introduces it when left out.
    account: Option<Uuid>,
}

fn rules(typed: PanelRulesIn) -> PanelRules {
    PanelRules {
        name: typed.name,
        chair: Some(typed.chair.into()),
        deputy: typed.deputy.map(Into::into),
        starts_at: typed.starts_at,
        place: typed.place,
        minutes: typed.minutes,
        quorum: typed.quorum,
        casting: typed.casting,
    }
}

type Key = Header<Option<String>>;

#[OpenApi(tag = "Tag::Evaluation")]
impl PanelsApi {
    /// The panels the caller is a member of.
    #[oai(path = "/panels", method = "get", operation_id = "listOwnPanels")]
    async fn own(&self, app: Data<&App>, caller: Caller) -> Result<Json<PanelLinesOut>, ApiError> {
        let lines = app.ask(&caller.0, OwnPanels).await?;
        Ok(Json(PanelLinesOut { items: lines.into_iter().map(line).collect() }))
    }

    /// The panels of a call.
    #[oai(path = "/calls/:call/panels", method = "get", operation_id = "listPanels")]
    async fn list(&self, app: Data<&App>, caller: Caller, call: Path<Uuid>) -> Result<Json<PanelLinesOut>, ApiError> {
        let panels = app.ask(&caller.0, PanelsOf(call.0.into())).await?;
        Ok(Json(PanelLinesOut { items: panels.lines.into_iter().map(line).collect() }))
    }

    /// Prepare a panel.
    #[oai(path = "/calls/:call/panels", method = "post", operation_id = "preparePanel")]
    async fn create(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        body: Json<PanelRulesIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<PanelIdOut>, ApiError> {
        let command = CreatePanel { call: call.0.into(), rules: rules(body.0) };
        let id = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(PanelIdOut { id: id.0 }))
    }

    /// Change the rules of a panel.
    #[oai(path = "/panels/:panel", method = "put", operation_id = "changePanel")]
    async fn change(
        &self,
        app: Data<&App>,
        caller: Caller,
        panel: Path<Uuid>,
        body: Json<PanelRulesIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let command = ChangePanel { panel: panel.0.into(), seen: body.0.version, rules: rules(body.0) };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Make people members of a panel; they are told by mail.
    #[oai(path = "/panels/:panel/members", method = "post", operation_id = "seatPanelMembers")]
    async fn seat(
        &self,
        app: Data<&App>,
        caller: Caller,
        panel: Path<Uuid>,
        body: Json<PanelPeopleIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let accounts = body.0.accounts.into_iter().map(Into::into).collect();
        let command = SeatMembers { panel: panel.0.into(), accounts };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Take somebody out of a panel.
    #[oai(path = "/panels/:panel/members/:account", method = "delete", operation_id = "unseatPanelMember")]
    async fn unseat(
        &self,
        app: Data<&App>,
        caller: Caller,
        panel: Path<Uuid>,
        account: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let command = UnseatMember { panel: panel.0.into(), account: account.0.into() };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Put proposals on the agenda.
    #[oai(path = "/panels/:panel/items", method = "post", operation_id = "addPanelItems")]
    async fn add(
        &self,
        app: Data<&App>,
        caller: Caller,
        panel: Path<Uuid>,
        body: Json<PanelProposalsIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let proposals = body.0.proposals.into_iter().map(Into::into).collect();
        let command = AddItems { panel: panel.0.into(), proposals };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Put the whole agenda in an order.
    #[oai(path = "/panels/:panel/order", method = "post", operation_id = "orderPanelAgenda")]
    async fn order(
        &self,
        app: Data<&App>,
        caller: Caller,
        panel: Path<Uuid>,
        body: Json<AgendaOrderIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let by = match body.0.by {
            PanelOrderIn::ByTotal => PanelOrder::ByTotal,
            PanelOrderIn::BySpread => PanelOrder::BySpread,
            PanelOrderIn::Escalated => PanelOrder::Escalated,
            PanelOrderIn::ByCode => PanelOrder::ByCode,
        };
        let command = OrderAgenda { panel: panel.0.into(), by };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Take a proposal off the agenda that was not called up yet.
    #[oai(path = "/panel-items/:item", method = "delete", operation_id = "removePanelItem")]
    async fn remove(
        &self,
        app: Data<&App>,
        caller: Caller,
        item: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), RemoveItem(item.0.into())).await?)
    }

    /// Move a proposal by one place.
    #[oai(path = "/panel-items/:item/place", method = "post", operation_id = "movePanelItem")]
    async fn place(
        &self,
        app: Data<&App>,
        caller: Caller,
        item: Path<Uuid>,
        body: Json<AgendaMoveIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let direction = match body.0.direction {
            AgendaMove::Up => Direction::Up,
            AgendaMove::Down => Direction::Down,
        };
        let command = MoveItem { item: item.0.into(), direction };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Ask a member to introduce a proposal.
    #[oai(path = "/panel-items/:item/lead", method = "put", operation_id = "namePanelLead")]
    async fn lead(
        &self,
        app: Data<&App>,
        caller: Caller,
        item: Path<Uuid>,
        body: Json<PanelLeadIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let command = NameLead { item: item.0.into(), account: body.0.account.map(Into::into) };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }
}
