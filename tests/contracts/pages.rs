//! Every page, as each person sees it who may: whole, labelled, with links that lead somewhere, and asked of the
//! database in the same number of statements however many rows it shows.

use super::{
    html, paths,
    world::{self, PEOPLE},
};
use crate::support::{TestApp, people::Browsers};
use fairway::server;
use std::collections::{BTreeMap, BTreeSet};

/// Pages nobody can be shown here, and why.
const UNSEEN: &[(&str, &str)] = &[
    ("/evaluators/invitations/:token", "tests/evaluation/evaluators.rs accepts one"),
    ("/organisations/invitations/:token", "tests/organisations.rs answers one"),
    ("/proposals/:proposal/assign", "asks for a section; tests/proposals/consortium.rs gives one to somebody"),
    ("/proposals/:proposal/parts/:part/compare", "asks for two versions; tests/proposals/submission.rs compares"),
    ("/proposals/invitations/:token", "tests/proposals/consortium.rs answers one"),
    ("/staff/calls/:call/plans/compare", "asks for two plans; tests/evaluation/plans/doors.rs compares"),
    ("/staff/calls/:call/scenarios/compare", "asks for two scenarios; tests/allocation/scenarios.rs compares"),
    (
        "/proposals/:proposal/parts/:part/decline",
        "asks for a grant without an agreement; tests/decisions/reserve.rs declines one",
    ),
    ("/proposals/:proposal/stranded", "asks for a stranded proposal; tests/decisions/stranded.rs answers for one"),
    ("/staff/calls/:call/decisions/places", "leads back to the calibration; tests/evaluation/rankings.rs goes there"),
    ("/roles/invitations/:token", "tests/accounts/invitations.rs answers one"),
];

/// Faults their owners know of, by their beginnings; the list only shrinks.
const KNOWN: &[&str] = &[];

/// Pages that are linked and still to be built; the list only shrinks.
const COMING: &[&str] = &[];

/// Links that lead past the pages: files built in, the API's own pages.
const BESIDE: [&str; 3] = ["/assets/", "/api", "/health"];

/// Routes that answer a GET.
fn patterns() -> Vec<String> {
    let pages = server::pages();
    pages.lines().iter().filter(|line| line.method == "GET").map(|line| line.path.clone()).collect()
}

fn leads_somewhere(link: &str, patterns: &[String]) -> bool {
    let fits = |pattern: &String| {
        let (mut asked, mut known) = (link.trim_end_matches('/').split('/'), pattern.trim_end_matches('/').split('/'));
        loop {
            match (asked.next(), known.next()) {
                (None, None) => return true,
                (Some(a), Some(k)) if a == k || paths::parameter(k).is_some() && !a.is_empty() => {}
                _ => return false,
            }
        }
    };
    BESIDE.iter().any(|start| link.starts_with(start)) || patterns.iter().any(fits)
}

both!(every_page_is_whole_for_everybody_who_may_see_it);

async fn every_page_is_whole_for_everybody_who_may_see_it(app: TestApp) {
    let world = world::build(&app, 3).await;
    let browsers = Browsers::of(&app);
    let patterns = patterns();
    let mut faults: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut dead: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut unseen = BTreeSet::new();
    for pattern in &patterns {
        let mut seen = false;
        for path in world::addresses(&world, pattern) {
            for person in PEOPLE.iter().map(|name| Some(*name)).chain([None]) {
                let page = browsers.get(person, &path).await;
                let kind = page.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
                seen |= page.status == 200;
                if !kind.starts_with("text/html") {
                    continue;
                }
                let html = page.html();
                let shown =
                    if page.status == 200 { pattern.clone() } else { format!("error {}", page.status.as_u16()) };
                for link in html::links(&html).into_iter().filter(|link| !leads_somewhere(link, &patterns)) {
                    let link = without_ids(&link);
                    if !COMING.contains(&link.as_str()) {
                        dead.entry(link).or_default().insert(shown.clone());
                    }
                }
                for fault in html::faults(&html) {
                    let who = person.unwrap_or("nobody").to_owned();
                    faults.entry(format!("{shown}: {fault}")).or_default().insert(who);
                }
            }
        }
        if !seen {
            unseen.insert(pattern.as_str());
        }
    }

    let faults: Vec<String> = faults
        .iter()
        .filter(|(fault, _)| !KNOWN.iter().any(|known| fault.starts_with(known)))
        .map(|(fault, who)| format!("{fault} ({})", who.iter().take(3).cloned().collect::<Vec<_>>().join(", ")))
        .collect();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(dead.is_empty(), "these links lead to no page; each with the pages it stands on: {dead:#?}");
    let known: BTreeSet<&str> = UNSEEN.iter().map(|(pattern, _)| *pattern).collect();
    assert_eq!(unseen, known, "nobody of tests/contracts/world.rs is shown these pages");
    app.finish().await;
}

/// A link with ids replaced, so that one fault is reported once.
fn without_ids(link: &str) -> String {
    let part = |part: &str| {
        if part.len() == 36 && part.matches('-').count() == 4 { "…".to_owned() } else { part.to_owned() }
    };
    link.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// How many statements each page needs for each person.
async fn statements(proposals: usize) -> BTreeMap<String, usize> {
    let app = TestApp::start(crate::support::Base::Sqlite).await;
    let world = world::build(&app, proposals).await;
    let mut counts = BTreeMap::new();
    for pattern in patterns() {
        for (stage, path) in world::addresses(&world, &pattern).into_iter().enumerate() {
            for person in PEOPLE {
                let browser = app.as_(person).await;
                let before = app.statements();
                // A list whose page is full is counted as well, once: here every list ends on its first page.
                let all = format!("{path}{}size=100", if path.contains('?') { '&' } else { '?' });
                if browser.get(&all).await.status == 200 {
                    counts.insert(format!("{pattern} for {person} in stage {stage}"), app.statements() - before);
                }
            }
        }
    }
    app.finish().await;
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_asks_as_often_for_few_rows_as_for_many() {
    let (few, many) = tokio::join!(statements(2), statements(5));

    let more =
        few.iter().filter_map(|(page, few)| many.get(page).filter(|many| *many > few).map(|many| (page, few, many)));
    let more: Vec<String> = more.map(|(page, few, many)| format!("{page}: {few}, then {many}")).collect();
    assert!(more.is_empty(), "these ask once more for every row:\n{}", more.join("\n"));
    let most = many.iter().max_by_key(|(_, count)| **count).expect("pages were shown");
    assert!(*most.1 < 60, "{} needs {} statements", most.0, most.1);
}
