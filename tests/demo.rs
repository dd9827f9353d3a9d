//! The living demo: four stages in files, people with passwords and tokens, and the bar that changes both.

use crate::support::machine::scratch_folder;
use entity::{
    calls::call,
    evaluation::assignment,
    proposals::{part, proposal},
    reporting::report,
    types::states::{CallState, PartState},
};
use fairway::{
    accounts::sessions::commands::sign_in,
    cli::check,
    demo::{cast::AccountLine, stage::Stage, world},
    server,
    web::{
        door::{DoorSettings, SESSION},
        worlds::{STAGE, STAGE_HEADER},
    },
};
use poem::{
    Body, Endpoint, Request, Response,
    http::{Method, StatusCode, header},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use std::time::{Duration, Instant};

const URL: &str = "http://fairway.test";
/// How long making the demo may take, without optimisation, on a machine that does other things as well. It is
/// some seconds on a free one.
const LONGEST: Duration = Duration::from_secs(60);

async fn ask(endpoint: &impl Endpoint<Output = Response>, request: Request) -> Response {
    endpoint.call(request).await.unwrap()
}

#[tokio::test]
async fn a_visitor_can_be_anybody_at_any_stage() {
    let folder = scratch_folder("demo");
    let start = Instant::now();
    let worlds = world::open(&folder, URL, |_| {}).await.unwrap();
    let took = start.elapsed();
    println!("the demo was made in {took:?}");
    assert!(took < LONGEST, "{took:?}");
    let people = std::fs::read_to_string(folder.join(world::ACCOUNTS)).unwrap();
    let people: Vec<AccountLine> = serde_json::from_str(&people).unwrap();

    // The files hold the year.
    let mut states = Vec::new();
    for one in worlds.all() {
        let db = one.app.database().maintenance();
        assert_eq!(proposal::Entity::find().count(db).await.unwrap(), 30, "{}", one.key);
        // Written as a restore writes it, and as whole: the log, every rule about the data, the bytes of every file.
        let report = check::report(&one.app, true).await.unwrap();
        assert_eq!(report.problems, Vec::<String>::new(), "{}", one.key);
        states.push(call::Entity::find().one(db).await.unwrap().unwrap().state);
        if one.key != Stage::Open.key() {
            assert_eq!(part::Entity::find().count(db).await.unwrap(), 67, "{}", one.key);
            assert_eq!(assignment::Entity::find().count(db).await.unwrap(), 90, "{}", one.key);
        }
    }
    assert_eq!(states, [CallState::Open, CallState::Evaluating, CallState::Decided, CallState::Decided]);
    let last = worlds.by_key("reporting").unwrap().app.database().maintenance();
    let running = part::Entity::find().filter(part::Column::State.eq(PartState::Contracted)).count(last).await.unwrap();
    assert!(running > 10, "{running}");
    assert_eq!(report::Entity::find().count(last).await.unwrap(), running * 2);

    // Opening it again makes nothing anew.
    let start = Instant::now();
    let again = world::open(&folder, URL, |step| panic!("{step}")).await.unwrap();
    assert_eq!(again.all().len(), 4);
    assert!(start.elapsed() < LONGEST / 4, "{:?}", start.elapsed());

    // A password opens the door, a token the API, of every stage.
    let coordinator = people.iter().find(|p| p.role.starts_with("Coordinator of MATCHLNG")).unwrap();
    let open = &worlds.by_key("open").unwrap().app;
    let session = sign_in(open, &coordinator.email, &coordinator.password, "local", "test").await.unwrap();
    let endpoint = server::endpoint(worlds.clone(), DoorSettings { secure: false, behind_proxy: false }, URL);
    for stage in Stage::ALL {
        let request = Request::builder()
            .uri_str("/api/v1/me")
            .header(STAGE_HEADER, stage.key())
            .header("authorization", format!("Bearer {}", coordinator.api_token));
        let answer = ask(&endpoint, request.finish()).await;
        assert_eq!(answer.status(), StatusCode::OK, "{}", stage.key());
        assert!(answer.into_body().into_string().await.unwrap().contains(&coordinator.email));
    }

    // The bar goes to another stage as another person, and nowhere as somebody it does not offer.
    let cookie = format!("{SESSION}={session}");
    let page = ask(&endpoint, Request::builder().uri_str("/calls").header("cookie", &cookie).finish()).await;
    let page = page.into_body().into_string().await.unwrap();
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let switch = |person: &str| {
        let fields = [("csrf", csrf.as_str()), ("stage", "decided"), ("person", person), ("back", "/proposals")];
        let fields: Vec<(String, String)> = fields.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        Request::builder()
            .method(Method::POST)
            .uri_str("/demo/switch")
            .content_type("application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", &cookie)
            .body(Body::from_string(fairway::web::posted::query(&fields)))
    };
    let officer = people.iter().find(|p| p.email == "lina@lt-mita.example").unwrap();
    let answer = ask(&endpoint, switch(&officer.email)).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let cookies: Vec<String> =
        answer.headers().get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap().to_owned()).collect();
    assert!(cookies.iter().any(|c| c.starts_with(&format!("{STAGE}=decided"))), "{cookies:?}");
    assert!(cookies.iter().any(|c| c.starts_with(SESSION)), "{cookies:?}");
    assert_eq!(ask(&endpoint, switch("nobody@else.example")).await.status(), StatusCode::NOT_FOUND);
    let _ = std::fs::remove_dir_all(&folder);
}
