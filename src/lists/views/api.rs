//! Saved views for programs.

use super::{
    commands::{DropView, SaveView},
    queries::OwnViews,
};
use crate::api::{ApiError, Caller, Tag};
use crate::kernel::App;
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub struct ViewsApi;

/// A saved view of a list.
#[derive(Object)]
struct ViewOut {
    id: uuid::Uuid,
    /// The list's name, for example `proposals`.
    list: String,
    name: String,
    /// The query part of the list's address.
    query: String,
}

#[derive(Object)]
struct ViewsOut {
    items: Vec<ViewOut>,
    total: u64,
    next: Option<u64>,
}

#[derive(Object)]
struct ViewIn {
    list: String,
    name: String,
    /// Example: `state=submitted&sort=title&direction=asc`
    query: String,
}

#[derive(Object)]
struct ViewIdOut {
    id: uuid::Uuid,
}

#[OpenApi(tag = "Tag::Platform")]
impl ViewsApi {
    /// Your saved views, of one list or of all.
    #[oai(path = "/saved-views", method = "get", operation_id = "listSavedViews")]
    async fn views(
        &self,
        app: Data<&App>,
        caller: Caller,
        list: Query<Option<String>>,
    ) -> Result<Json<ViewsOut>, ApiError> {
        let views = app.ask(&caller.0, OwnViews(list.0)).await?;
        let items: Vec<ViewOut> = views
            .into_iter()
            .map(|view| ViewOut { id: view.id.0, list: view.list, name: view.name, query: view.query })
            .collect();
        Ok(Json(ViewsOut { total: items.len() as u64, items, next: None }))
    }

    /// Save a view; a view of that name is replaced.
    #[oai(path = "/saved-views", method = "post", operation_id = "saveView")]
    async fn save(
        &self,
        app: Data<&App>,
        caller: Caller,
        view: Json<ViewIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<ViewIdOut>, ApiError> {
        let ViewIn { list, name, query } = view.0;
        let id = app.run_once(&caller.0, key.0.as_deref(), SaveView { list, name, query }).await?;
        Ok(Json(ViewIdOut { id: id.0 }))
    }

    /// Forget one of your views.
    #[oai(path = "/saved-views/:id", method = "delete", operation_id = "dropView")]
    async fn forget(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<uuid::Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), DropView(id.0.into())).await?)
    }
}
