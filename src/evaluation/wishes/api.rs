//! Wishes for programs.

use super::{
    commands::StateWishes,
    queries::{OwnWishes, WishesOf},
};
use crate::{
    api::{ApiError, Caller, Tag, next_page},
    kernel::{App, AppError, paging::Paging},
};
use entity::types::states::WishKind;
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct WishesApi;

/// A call in which you can state wishes.
#[derive(Object)]
struct WishingCallOut {
    id: Uuid,
    code: String,
    title: String,
    /// Wishes you have stated so far. Example: 4
    stated: usize,
}

#[derive(Object)]
struct WishingCallsOut {
    items: Vec<WishingCallOut>,
}

/// A proposal you may come to judge.
#[derive(Object)]
struct WishOut {
    proposal: Uuid,
    code: String,
    title: String,
    summary: String,
    /// Organisations with their countries. Example: ["Nordic Forest Cluster, Sweden"]
    partners: Vec<String>,
    /// `eager`, `willing` or `unwilling`; nothing when you said nothing.
    wish: Option<String>,
}

#[derive(Object)]
struct WishesOut {
    items: Vec<WishOut>,
    total: u64,
    next_page: Option<u64>,
    /// Why no wish can be stated any more. Example: Proposals have been given out; wishes are stated no longer.
    closed: Option<String>,
}

#[derive(Object)]
struct WishIn {
    proposal: Uuid,
    /// `eager`, `willing` or `unwilling`; nothing takes a wish back.
    wish: Option<String>,
}

/// Wishes; proposals that are not named stay as they were.
#[derive(Object)]
struct WishesIn {
    wishes: Vec<WishIn>,
}

#[OpenApi(tag = "Tag::Evaluation")]
impl WishesApi {
    /// The calls in which you can state wishes now.
    #[oai(path = "/wishes", method = "get", operation_id = "listWishingCalls")]
    async fn calls(&self, app: Data<&App>, caller: Caller) -> Result<Json<WishingCallsOut>, ApiError> {
        let calls = app.ask(&caller.0, OwnWishes).await?;
        let items = calls.into_iter().map(|call| WishingCallOut {
            id: call.id.0,
            code: call.code,
            title: call.title,
            stated: call.stated,
        });
        Ok(Json(WishingCallsOut { items: items.collect() }))
    }

    /// The proposals of a call you may wish for, with what you said so far.
    #[oai(path = "/calls/:call/wishes", method = "get", operation_id = "listWishes")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        page: Query<Option<u64>>,
    ) -> Result<Json<WishesOut>, ApiError> {
        let paging = Paging { page: page.0.unwrap_or(1).clamp(1, 100_000), size: 100 };
        let wishes = app.ask(&caller.0, WishesOf { call: call.0.into(), paging }).await?;
        let (total, next) = (wishes.lines.total, next_page(&wishes.lines));
        let items = wishes.lines.rows.into_iter().map(|line| WishOut {
            proposal: line.proposal.0,
            code: line.code,
            title: line.title,
            summary: line.summary,
            partners: line.partners.into_iter().map(|(name, country)| format!("{name}, {country}")).collect(),
            wish: line.wish.map(|kind| kind.word().to_owned()),
        });
        Ok(Json(WishesOut { items: items.collect(), total, next_page: next, closed: wishes.closed }))
    }

    /// State wishes.
    #[oai(path = "/calls/:call/wishes", method = "put", operation_id = "stateWishes")]
    async fn state(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        body: Json<WishesIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let read = |one: WishIn| match one.wish {
            None => Ok((one.proposal.into(), None)),
            Some(word) => match word.parse::<WishKind>() {
                Ok(kind) => Ok((one.proposal.into(), Some(kind))),
                Err(error) => Err(AppError::invalid("wishes", error.0)),
            },
        };
        let wishes = body.0.wishes.into_iter().map(read).collect::<Result<_, AppError>>()?;
        let command = StateWishes { call: call.0.into(), wishes };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }
}
