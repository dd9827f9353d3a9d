//! The composition: every page and API group, in the order of the funding pipeline.

use crate::{
    accounts, agreements,
    api::ApiDoor,
    calls, decisions, documents, eligibility,
    jobs::{Registry, schedule, worker},
    kernel::{App, Result},
    lists, reporting,
    web::{
        Pages, assets,
        door::{Door, DoorSettings},
        worlds::Worlds,
    },
};
use poem::{
    Endpoint, EndpointExt, IntoResponse, Response, Route, get, handler,
    http::StatusCode,
    middleware::{CatchPanic, CookieJarManager},
    web::Path,
};
use poem_openapi::OpenApiService;

/// Every page.
pub fn pages() -> Pages {
    let pages = Pages::default();
    let pages = documents::files::pages::routes(pages);
    let pages = lists::views::pages::routes(pages);
    let pages = accounts::sessions::pages::routes(pages);
    let pages = accounts::registration::pages::routes(pages);
    let pages = accounts::tokens::pages::routes(pages);
    let pages = accounts::invitations::pages::routes(pages);
    let pages = accounts::roles::pages::routes(pages);
    let pages = eligibility::pages::routes(pages);
    let pages = decisions::pages::routes(pages);
    let pages = agreements::pages::routes(pages);
    let pages = reporting::reports::pages::routes(pages);
    reporting::kpis::pages::routes(pages)
}

/// The code behind every job.
pub fn jobs() -> Registry {
    Registry::default()
        .job(calls::publishing::events::ADVANCE, calls::publishing::jobs::advance)
        .job(decisions::events::LETTERS, decisions::jobs::print)
        .job(agreements::events::SCHEDULE, reporting::reports::jobs::schedule)
        .job("reporting.remind", reporting::reports::jobs::remind)
}

/// One round of background work: what the clock orders, then everything that is due.
///
/// # Errors
/// When the queues cannot be read or written.
pub async fn work(app: &App, registry: &Registry) -> Result<()> {
    schedule::order_due(app).await?;
    while worker::step(app, registry).await? {}
    Ok(())
}

/// Groups are nested in tuples, because one holds at most sixteen.
type Apis = (House, Accounts, Calls, Judging, Awards);
type House = (documents::files::api::FilesApi, lists::views::api::ViewsApi);
type Accounts = (
    accounts::sessions::api::SessionsApi,
    accounts::registration::api::RegistrationApi,
    accounts::tokens::api::TokensApi,
    accounts::roles::api::RolesApi,
);
type Calls = (calls::archive::api::ArchiveApi, calls::publishing::api::PublishingApi);
type Judging = (eligibility::api::EligibilityApi, ());

type Awards = (
    decisions::api::DecisionsApi,
    agreements::api::AgreementsApi,
    reporting::reports::api::ReportsApi,
    reporting::kpis::api::KpisApi,
);

/// The API with its documentation.
pub fn api(base_url: &str) -> OpenApiService<Apis, ()> {
    let house = (documents::files::api::FilesApi, lists::views::api::ViewsApi);
    let calls = (calls::archive::api::ArchiveApi, calls::publishing::api::PublishingApi);
    let judging = (eligibility::api::EligibilityApi, ());
    let people = (
        accounts::sessions::api::SessionsApi,
        accounts::registration::api::RegistrationApi,
        accounts::tokens::api::TokensApi,
        accounts::roles::api::RolesApi,
    );
    let awards = (
        decisions::api::DecisionsApi,
        agreements::api::AgreementsApi,
        reporting::reports::api::ReportsApi,
        reporting::kpis::api::KpisApi,
    );
    let apis = (house, people, calls, judging, awards);
    OpenApiService::new(apis, "Fairway", env!("CARGO_PKG_VERSION"))
        .description("Joint calls of funding agencies: everything the pages can do, for programs.")
        .server(format!("{base_url}/api/v1"))
}

/// The whole application as one endpoint.
pub fn endpoint(worlds: Worlds, settings: DoorSettings, base_url: &str) -> impl Endpoint<Output = Response> + 'static {
    let api = api(base_url);
    let (document, browser) = (api.spec_endpoint(), api.swagger_ui());
    let api = Route::new()
        .nest("/v1", api.with(ApiDoor { worlds: worlds.clone() }))
        .at("/openapi.json", document)
        .at("/", browser);
    let pages = pages().into_route().with(Door { worlds, settings });
    Route::new()
        .nest("/api", api)
        .at("/assets/*path", get(asset))
        .at("/health", get(health))
        .nest("/", pages)
        .with(CookieJarManager::new())
        .with(CatchPanic::new())
        .map_to_response()
}

#[handler]
fn health() -> &'static str {
    "ok"
}

#[handler]
fn asset(Path(path): Path<String>) -> Response {
    match assets::find(&path) {
        Some((bytes, media_type)) => Response::builder()
            .content_type(media_type)
            .header("cache-control", "public, max-age=31536000, immutable")
            .header("x-content-type-options", "nosniff")
            .body(bytes.into_owned()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
