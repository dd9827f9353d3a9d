//! Every page of the demo in a real browser, at both widths, as somebody who may see it.
//!
//! A crawler without a browser follows all links as all people of the bar at all stages; of every route it keeps
//! the example with the most on it, and the browser looks at that one.

use super::house::{Served, picture};
use crate::support::{
    browser::{Browser, Width},
    machine::scratch_folder,
};
use fairway::{
    accounts::sessions::commands::StartSession,
    demo::{
        cast::{self, AccountLine},
        world,
    },
    kernel::Actor,
    server,
    web::{
        door::{DoorSettings, SESSION},
        worlds::{STAGE, World, Worlds},
    },
};
use poem::{Endpoint, Request, Response};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const URL: &str = "http://fairway.test";

/// Pages that no link of the demo leads to, and why; the list only shrinks.
const UNLINKED: &[(&str, &str)] = &[
    ("/files/:id", "no page: something to download or to ask from a script"),
    ("/jobs/:id/progress", "no page: something to download or to ask from a script"),
    ("/staff/calls/:call/plans/:plan/progress", "no page: something to download or to ask from a script"),
    ("/staff/calls/:call/plans/compare", "shown for the plans that were ticked"),
    ("/staff/calls/:call/scenarios/:scenario/progress", "no page: something to download or to ask from a script"),
    ("/staff/calls/:call/scenarios/compare", "shown for the scenarios that were ticked"),
    (
        "/staff/calls/:call/scenarios/new",
        "linked while the ranking waits for decisions, which no moment of the demo shows",
    ),
    ("/staff/calls/:call/scenarios/:scenario/settings", "linked while the ranking waits for decisions"),
    ("/staff/calls/:call/scenarios/:scenario/adopt", "linked while the ranking waits for decisions"),
    ("/register/again", "linked after somebody registered"),
    ("/confirm/:token", "reached by the link in a mail"),
    ("/password/new/:token", "reached by the link in a mail"),
    ("/invitations/:token", "reached by the link in a mail"),
    ("/roles/invitations/:token", "reached by the link in a mail"),
    ("/organisations/invitations/:token", "reached by the link in a mail"),
    ("/clusters/:cluster/members/imports/:import", "shown after a list was uploaded"),
    ("/staff/evaluators/imports/:list", "shown after a list was uploaded"),
    ("/calls/:code/deadlines.ics", "no page: something to download or to ask from a script"),
    ("/panels/:panel/live", "no page: something to download or to ask from a script"),
    ("/panels/:panel/minutes.pdf", "no page: something to download or to ask from a script"),
    ("/panels/:panel/invitation.ics", "no page: something to download or to ask from a script"),
    ("/staff/calls/:call/export", "no page: something to download or to ask from a script"),
    ("/proposals/invitations/:token", "reached by the link in a mail"),
    ("/letters/:token", "reached by the link in a mail"),
    (
        "/proposals/:proposal/parts/:part/submissions/:number/document",
        "no page: something to download or to ask from a script",
    ),
    (
        "/proposals/:proposal/parts/:part/compare",
        "every part was submitted once, and its agency has closed or it is a draft",
    ),
    (
        "/proposals/:proposal/parts/:part/reopen",
        "every part was submitted once, and its agency has closed or it is a draft",
    ),
    ("/proposals/:proposal/stranded", "linked when a proposal is stranded, and none of the demo is"),
    ("/evaluators/invitations/:token", "reached by the link in a mail"),
    ("/assignments/:id", "leads on to the invitation or the sheet"),
    ("/calls/:code/lottery", "the call of the demo draws no lots"),
    ("/calls/:code/lottery.txt", "the call of the demo draws no lots"),
    ("/staff/calls/:call/lottery", "the call of the demo draws no lots"),
    ("/staff/calls/:call/decisions/places", "no page: something to download or to ask from a script"),
    ("/sheets/offline/form", "no page: something to download or to ask from a script"),
    ("/assignments/:id/sheet/versions", "every sheet of the demo was submitted once"),
    (
        "/proposals/:proposal/parts/:part/eligibility",
        "linked when a part was not found eligible, and nobody of it is in the demo",
    ),
];

/// A page worth looking at: who sees it at which stage, and how long it is.
#[derive(Debug, Clone)]
struct Example {
    stage: String,
    session: Option<String>,
    person: String,
    path: String,
    length: usize,
}

async fn session(world: &World, email: &str) -> String {
    let start = StartSession { account: cast::account(email), address: "local".into(), agent: "test".into() };
    world.app.run(&Actor::Nobody, start).await.expect("the people of the demo have accounts")
}

fn cookies(stage: &str, session: Option<&str>) -> String {
    session.map_or_else(|| format!("{STAGE}={stage}"), |token| format!("{STAGE}={stage}; {SESSION}={token}"))
}

/// The route a path belongs to: the one with the most literal segments.
fn route<'a>(routes: &'a [String], path: &str) -> Option<&'a str> {
    let asked: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let fits = |route: &&String| {
        let known: Vec<&str> = route.trim_end_matches('/').split('/').collect();
        known.len() == asked.len() && known.iter().zip(&asked).all(|(k, a)| k.starts_with(':') || k == a)
    };
    routes.iter().filter(fits).min_by_key(|route| route.matches(':').count()).map(String::as_str)
}

/// Addresses of the same site that the page links to.
fn links(html: &str) -> Vec<String> {
    let hrefs = html.split("<a ").skip(1).filter_map(|tag| tag.split('>').next()?.split("href=\"").nth(1));
    let hrefs = hrefs.filter_map(|rest| rest.split('"').next()).filter(|href| href.starts_with('/'));
    let hrefs = hrefs.map(|href| href.replace("&#38;", "&").replace("&amp;", "&"));
    hrefs.map(|href| href.split('#').next().unwrap_or_default().to_owned()).collect()
}

/// Addresses beside the pages: files built in, the API's own pages.
const BESIDE: [&str; 3] = ["/assets/", "/api", "/health"];

/// What kind of link this is: from which page to which, with which fields of its query. One of each kind is
/// followed for the whole site, and of each page one for every person.
fn kind(from: &str, route: &str, link: &str) -> String {
    let query = link.split_once('?').map_or("", |(_, query)| query);
    let names: BTreeSet<&str> = query.split('&').filter_map(|field| field.split('=').next()).collect();
    format!("{from} to {route} {names:?}")
}

/// What was found by all who followed links.
#[derive(Default)]
struct Found {
    /// The longest example of each page.
    examples: BTreeMap<String, Example>,
    /// Links that lead nowhere, or before a closed door.
    dead: BTreeSet<String>,
    kinds: BTreeSet<String>,
}

/// Follows links as one person at one stage: one to every page, and every kind of link nobody has followed yet.
async fn follow(endpoint: &impl Endpoint<Output = Response>, routes: &[String], who: &Example, found: &mut Found) {
    let mut waiting = VecDeque::from([("/".to_owned(), "/")]);
    if who.session.is_some() {
        waiting.push_back(("/overview".to_owned(), "/"));
    }
    let mut seen = BTreeSet::new();
    let role = who.person.split([',', ' ']).next().unwrap_or_default();
    while let Some((link, from)) = waiting.pop_front() {
        let path = link.split('?').next().unwrap_or_default();
        if BESIDE.iter().any(|start| path.starts_with(start)) {
            continue;
        }
        let Some(route) = route(routes, path) else {
            found.dead.insert(format!("{role} is led from {from} to {path}, which is no page"));
            continue;
        };
        let fresh = found.kinds.insert(kind(from, route, &link));
        if !seen.insert(route.to_owned()) && !fresh {
            continue;
        }
        let request = Request::builder()
            .uri_str(&link)
            .header("cookie", cookies(&who.stage, who.session.as_deref()))
            .header("host", "fairway.test");
        let answer = endpoint.call(request.finish()).await.expect("every error becomes an answer");
        match answer.status().as_u16() {
            200 => {}
            302..=308 => continue,
            // A visitor is asked to sign in first.
            401 if who.session.is_none() => {}
            status => {
                found.dead.insert(format!("{role} is led from {from} to {route}: {status}"));
                continue;
            }
        }
        if !answer.headers().get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
            continue;
        }
        let html = answer.into_body().into_string().await.expect("pages are text");
        waiting.extend(links(&html).into_iter().map(|link| (link, route)));
        let example = Example { path: link, length: html.len(), ..who.clone() };
        match found.examples.get(route) {
            Some(known) if known.length >= example.length => {}
            _ => _ = found.examples.insert(route.to_owned(), example),
        }
    }
}

/// The examples, and the links that lead somebody before a closed door.
async fn examples(worlds: &Worlds, people: &[AccountLine]) -> Found {
    let endpoint = server::endpoint(worlds.clone(), DoorSettings { secure: false, behind_proxy: false }, URL);
    let pages = server::pages();
    let routes: Vec<String> =
        pages.lines().iter().filter(|line| line.method == "GET").map(|line| line.path.clone()).collect();
    let mut found = Found::default();
    for world in worlds.all() {
        let nobody = Example {
            stage: world.key.clone(),
            session: None,
            person: "nobody".to_owned(),
            path: String::new(),
            length: 0,
        };
        follow(&endpoint, &routes, &nobody, &mut found).await;
        for person in people.iter().filter(|person| person.leading) {
            let session = Some(session(world, &person.email).await);
            let who = Example { session, person: person.role.clone(), ..nobody.clone() };
            follow(&endpoint, &routes, &who, &mut found).await;
        }
    }
    found
}

/// What is wrong with the examples in a browser of this width.
async fn faults(url: &str, width: Width, examples: &BTreeMap<String, Example>) -> Vec<String> {
    let browser = Browser::open(width, true).await;
    browser.goto(&format!("http://{url}/health")).await;
    // A page without a head lets the browser ask for an icon that is not there.
    let _drained = browser.console_errors().await;
    let mut faults = Vec::new();
    for (route, example) in examples {
        browser.forget_cookies().await;
        browser.set_cookie(STAGE, &example.stage).await;
        if let Some(session) = &example.session {
            browser.set_cookie(SESSION, session).await;
        }
        browser.goto(&format!("http://{url}{}", example.path)).await;
        picture(&browser, route).await;
        let mut here = browser.faults().await;
        here.extend(browser.console_errors().await);
        let place = format!("{route} as {} at {} ({width:?})", example.person, example.stage);
        faults.extend(here.into_iter().map(|fault| format!("{place}\n  {fault}")));
    }
    faults
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_can_use_every_page_of_the_demo_at_both_widths() {
    let folder = scratch_folder("crawl");
    let worlds = world::open(&folder, URL, |_| {}).await.expect("the demo is made");
    let people = std::fs::read_to_string(folder.join(world::ACCOUNTS)).expect("the demo has people");
    let people: Vec<AccountLine> = serde_json::from_str(&people).expect("the people are a list");
    let served =
        Served::new(server::endpoint(worlds.clone(), DoorSettings { secure: false, behind_proxy: false }, URL)).await;

    let Found { examples, dead, kinds } = examples(&worlds, &people).await;

    assert!(kinds.len() > examples.len(), "most pages are linked from several: {}", kinds.len());
    assert_eq!(dead, BTreeSet::new(), "people are led to pages that are not there or that they may not see");
    let pages = server::pages();
    let missed: BTreeSet<&str> = pages
        .lines()
        .iter()
        .filter(|line| line.method == "GET" && !examples.contains_key(&line.path))
        .map(|line| line.path.as_str())
        .collect();
    assert_eq!(missed, UNLINKED.iter().map(|(path, _)| *path).collect::<BTreeSet<_>>(), "no link leads to these pages");

    let (desktop, phone) =
        tokio::join!(faults(&served.url, Width::Desktop, &examples), faults(&served.url, Width::Phone, &examples));
    let all = [desktop, phone].concat();
    assert!(all.is_empty(), "{} faults\n{}", all.len(), all.join("\n"));
    let _ = std::fs::remove_dir_all(&folder);
}
