//! The composition: every page and API group, in the order of the funding pipeline.

mod house;

use crate::{
    accounts, agreements, allocation,
    api::{ApiDoor, examples::with_examples},
    calls, clusters, decisions, demo, eligibility, evaluation,
    jobs::{Registry, schedule, worker},
    kernel::{App, Result},
    notifications::{self, transport::Carrier},
    organisations, overview, proposals, reporting,
    web::{
        Pages, assets,
        door::{Door, DoorSettings},
        worlds::Worlds,
    },
};
use poem::{
    Endpoint, EndpointExt, IntoResponse, Response, Route,
    endpoint::make_sync,
    get, handler,
    http::StatusCode,
    middleware::{CatchPanic, CookieJarManager, SetHeader},
    web::{Html, Path},
};
use poem_openapi::OpenApiService;

/// Every page.
pub fn pages() -> Pages {
    let features: &[fn(Pages) -> Pages] = &[
        house::pages,
        accounts::pages::routes,
        organisations::pages::routes,
        clusters::pages::routes,
        calls::pages::routes,
        proposals::drafts::pages::routes,
        proposals::consortium::pages::routes,
        proposals::parts::pages::routes,
        proposals::letters::pages::routes,
        proposals::attachments::pages::routes,
        proposals::submission::pages::routes,
        eligibility::pages::routes,
        evaluation::pages::routes,
        allocation::pages::routes,
        decisions::pages::routes,
        decisions::reserve::pages::routes,
        decisions::stranded::pages::routes,
        agreements::pages::routes,
        reporting::pages::routes,
        overview::pages::routes,
        demo::pages::routes,
    ];
    features.iter().fold(Pages::default(), |pages, routes| routes(pages))
}

/// The code behind every job.
pub fn jobs() -> Registry {
    house::jobs(Registry::default())
        .job(calls::publishing::events::ADVANCE, calls::publishing::jobs::advance)
        .job(accounts::invitations::events::TELL_COORDINATOR, proposals::consortium::jobs::declined)
        .job(proposals::submission::events::PRINT, proposals::submission::receipt::print)
        .job("evaluation.lapse", evaluation::assignments::jobs::lapse)
        .job(evaluation::conflicts::events::SCREEN, evaluation::conflicts::jobs::screen)
        .job(evaluation::conflicts::events::SCREEN_PERSON, evaluation::conflicts::jobs::screen_person)
        .job(evaluation::conflicts::jobs::SCREEN_ALL, evaluation::conflicts::jobs::screen_all)
        .job(evaluation::conflicts::events::DECIDE, evaluation::conflicts::jobs::decide)
        .job(evaluation::conflicts::events::REMIND, evaluation::conflicts::jobs::remind)
        .job(evaluation::conflicts::events::LATE, evaluation::recusals::jobs::late)
        .job(evaluation::rules::EXAMINE, evaluation::consensus::jobs::examine)
        .job(evaluation::consensus::jobs::REMIND, evaluation::consensus::jobs::remind)
        .job(accounts::invitations::events::TELL_RECRUITERS, evaluation::recruitment::jobs::declined)
        .job(evaluation::imports::jobs::CLEAR, evaluation::imports::jobs::clear)
        .job(evaluation::evaluators::jobs::ERASE, evaluation::evaluators::jobs::erase)
        .job(evaluation::recruitment::jobs::ACT, evaluation::recruitment::jobs::act)
        .job(evaluation::recruitment::jobs::FOLLOW_UP, evaluation::recruitment::jobs::follow_up)
        .job(evaluation::register::jobs::INVITE, evaluation::register::jobs::invite)
        .job(evaluation::register::jobs::REMIND, evaluation::register::jobs::remind)
        .job(evaluation::plans::events::COMPUTE, evaluation::plans::jobs::compute)
        .job(evaluation::plans::events::MEASURE, evaluation::plans::jobs::measure)
        .job(evaluation::plans::events::PRICE, evaluation::plans::jobs::price)
        .job(evaluation::calibration::events::CALIBRATE, evaluation::calibration::jobs::run)
        .job(allocation::events::SEARCH, allocation::jobs::search)
        .job(evaluation::rankings::events::FOLLOW, decisions::jobs::follow)
        .job(decisions::events::LETTERS, decisions::jobs::print)
        .job(agreements::events::SCHEDULE, reporting::reports::jobs::schedule)
        .job("reporting.remind", reporting::reports::jobs::remind)
        .job(reporting::reports::jobs::REMIND, reporting::reports::jobs::ask)
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

/// One round of sending: all mail that is due.
///
/// # Errors
/// When the queue cannot be read or written.
pub async fn send(app: &App, carrier: &dyn Carrier) -> Result<()> {
    while notifications::worker::step(app, carrier).await? {}
    Ok(())
}

/// Groups are nested in tuples, because one holds at most sixteen.
type Apis = (
    house::Apis,
    accounts::api::Apis,
    organisations::api::OrganisationsApi,
    clusters::api::Apis,
    calls::api::Apis,
    Applying,
    Judging,
    Awards,
    overview::api::OverviewApi,
);
type Applying = (
    proposals::drafts::api::DraftsApi,
    proposals::consortium::api::ConsortiumApi,
    proposals::parts::api::PartsApi,
    proposals::letters::api::LettersApi,
    proposals::attachments::api::AttachmentsApi,
    proposals::submission::api::SubmissionApi,
);
type Judging = (eligibility::api::EligibilityApi, evaluation::api::Apis);
type Awards = (
    allocation::api::ScenariosApi,
    decisions::api::DecisionsApi,
    decisions::reserve::api::ReserveApi,
    decisions::stranded::api::StrandedApi,
    agreements::api::AgreementsApi,
    reporting::api::Apis,
);

/// The API with its documentation.
pub fn api(base_url: &str) -> OpenApiService<Apis, ()> {
    let applying = (
        proposals::drafts::api::DraftsApi,
        proposals::consortium::api::ConsortiumApi,
        proposals::parts::api::PartsApi,
        proposals::letters::api::LettersApi,
        proposals::attachments::api::AttachmentsApi,
        proposals::submission::api::SubmissionApi,
    );
    let judging = (eligibility::api::EligibilityApi, evaluation::api::APIS);
    let awards = (
        allocation::api::ScenariosApi,
        decisions::api::DecisionsApi,
        decisions::reserve::api::ReserveApi,
        decisions::stranded::api::StrandedApi,
        agreements::api::AgreementsApi,
        reporting::api::APIS,
    );
    let apis = (
        house::APIS,
        accounts::api::APIS,
        organisations::api::OrganisationsApi,
        clusters::api::APIS,
        calls::api::APIS,
        applying,
        judging,
        awards,
        overview::api::OverviewApi,
    );
    OpenApiService::new(apis, "Fairway", env!("CARGO_PKG_VERSION"))
        .description("Joint calls of funding agencies: everything the pages can do, for programs.")
        .server(format!("{base_url}/api/v1"))
}

/// The description of the API, with examples.
pub fn description(base_url: &str) -> String {
    with_examples(&api(base_url).spec())
}

/// The browsable description: the library's page around ours.
fn browsable(api: &OpenApiService<Apis, ()>, description: &str) -> String {
    api.swagger_ui_html().replacen(&api.spec(), description, 1)
}

/// The whole application as one endpoint.
pub fn endpoint(worlds: Worlds, settings: DoorSettings, base_url: &str) -> impl Endpoint<Output = Response> + 'static {
    let api = api(base_url);
    // The browsable description brings its own inline script; it may talk to this installation only.
    let guarded = SetHeader::new()
        .overriding("content-security-policy", "default-src 'self' 'unsafe-inline' data:; frame-ancestors 'none'")
        .overriding("x-content-type-options", "nosniff")
        .overriding("referrer-policy", "same-origin");
    let description = description(base_url);
    let page = browsable(&api, &description);
    let browser = make_sync(move |_| Html(page.clone())).with(guarded);
    let document = make_sync(move |_| Response::builder().content_type("application/json").body(description.clone()));
    let api = Route::new()
        .nest("/v1", api.with(ApiDoor { worlds: worlds.clone(), behind_proxy: settings.behind_proxy }))
        .at("/openapi.json", document)
        .at("/", browser);
    let pages = pages().into_route().with(Door { worlds, settings });
    Route::new()
        .nest("/api", api)
        .at("/assets/*path", get(asset))
        .at("/health", get(health))
        .at("/favicon.ico", get(no_icon))
        .nest("/", pages)
        .with(CookieJarManager::new())
        .with(CatchPanic::new())
        .map_to_response()
        .catch_all_error(unreadable)
}

/// An address that cannot even be read reaches no door.
async fn unreadable(error: poem::Error) -> Response {
    Response::builder()
        .status(error.status())
        .content_type("text/plain; charset=utf-8")
        .header("x-content-type-options", "nosniff")
        .body("This address cannot be read.")
}

#[handler]
fn health() -> &'static str {
    "ok"
}

/// Pages name their icon; what is no page has none, which is no fault.
#[handler]
fn no_icon() -> StatusCode {
    StatusCode::NO_CONTENT
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
