//! What happens on a page without leaving it: files that are dropped, sums that follow, links into forms, two panes.

use super::house::{House, Visitor, Way};
use crate::support::scenes::{calls::file_2017, proposals::Draft};
use entity::types::states::{CallState, PartState};
use serde_json::Value;

const ANA: &str = "Ana Kask";

async fn drafted(house: &House) -> Draft {
    let call = house.call_open_for_drafts().await;
    house.draft_without_letters(&call).await
}

async fn ana(house: &House) -> Visitor {
    let ana = house.person(ANA).await;
    ana.lands_on("Overview").await;
    ana
}

fn of(draft: &Draft, rest: &str) -> String {
    format!("/proposals/{}/parts/{}/{rest}", draft.proposal, draft.coordinator_part)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_dropped_and_how_far_it_is_is_told() {
    let house = House::open(Way::Scripts).await;
    let draft = drafted(&house).await;
    let ana = ana(&house).await;
    ana.opens(&of(&draft, "documents"), "Documents").await;

    // A person's hand cannot be borrowed, so the drop is told to the page as the browser tells it.
    let drop = "const zone = document.querySelector('#label_cert').closest('[data-drop]');
        const hand = new DataTransfer();
        hand.items.add(new File(['%PDF-1.7\\nsilver\\n%%EOF\\n'], 'label.pdf', { type: 'application/pdf' }));
        const tell = (kind) => zone.dispatchEvent(new DragEvent(kind, { dataTransfer: hand, bubbles: true, cancelable: true }));
        tell('dragover'); const over = zone.hasAttribute('data-over'); tell('drop');
        return [over, zone.hasAttribute('data-over'), document.querySelector('#label_cert').files[0]?.name]";
    let seen = ana.script(drop).await;
    assert_eq!(seen, serde_json::json!([true, false, "label.pdf"]));
    // What the bar says while a file is on its way is kept, because the way is short here.
    let listen = "window.told = []; new MutationObserver(() => {
        const text = document.querySelector('.upload-progress [role=status]')?.textContent;
        if (text && window.told.at(-1) !== text) window.told.push(text); })
        .observe(document.body, { childList: true, subtree: true, characterData: true })";
    ana.script(listen).await;
    ana.within("Cluster label certificate").follows("Upload", "Documents").await;
    ana.see("label.pdf").await;
    let told = ana.script("return window.told").await;
    let told: Vec<&str> = told.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(told.contains(&"Sending …"), "{told:?}");

    // A file that lies about its kind is refused in the same way, and the page says so.
    let lying = house.app.folder().join("lying.pdf");
    std::fs::write(&lying, b"\x89PNG\r\n\x1a\n").expect("the folder can be written");
    ana.within("Cluster label certificate").upload("Choose another file", &lying).await;
    ana.within("Cluster label certificate").is_told("Upload", "Documents").await;
    ana.see("its content is a PNG").await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_and_rules_follow_while_money_is_typed() {
    let house = House::open(Way::Scripts).await;
    let draft = drafted(&house).await;
    let ana = ana(&house).await;
    ana.opens(&of(&draft, "budget"), "Costs and financing").await;
    ana.see("The budget holds every rule").await;

    ana.fill("Grant asked for", "12 000,01").await;
    ana.see("The greatest grant is 12 000 EUR; you ask for 0.01 EUR more").await;
    ana.fill("Grant asked for", "12 000").await;
    ana.see("The budget holds every rule").await;
    ana.looks("budget-live").await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_message_of_the_check_leads_into_its_form() {
    let house = House::open(Way::NoScriptsOnThePhone).await;
    let draft = drafted(&house).await;
    house.spoil(&draft).await;
    let ana = ana(&house).await;
    ana.opens(&of(&draft, "check"), "Check before submitting").await;

    let links = "return [...document.querySelectorAll('[data-error-summary] a')].map((a) => a.getAttribute('href'))";
    let links = ana.script(links).await;
    let links: Vec<String> =
        links.as_array().into_iter().flatten().filter_map(|link| link.as_str().map(str::to_owned)).collect();
    assert!(links.len() >= 6, "{links:?}");
    for link in links.iter().filter(|link| link.contains('#')) {
        ana.opens(link, "").await;
        let there =
            ana.script("return Boolean(document.getElementById(decodeURIComponent(location.hash.slice(1))))").await;
        assert_eq!(there, true, "{link}");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proposal_and_sheet_are_both_seen_on_the_smallest_laptop() {
    for way in [Way::Scripts, Way::NoScripts] {
        let house = House::open(way).await;
        let field = house.field(CallState::Evaluating, 1).await;
        house.all_parts(&field, PartState::Eligible).await;
        let assignment = house.assigned(field.proposals[0].id, "Eva Expert").await;
        let eva = house.person("Eva Expert").await;
        eva.lands_on("Overview").await;
        eva.opens(&format!("/assignments/{assignment}/sheet"), "IE-2017-001").await;

        // What of each pane lies inside the window, in pixels.
        let measure = "return ['pane-proposal', 'pane-sheet'].map((id) => {
            const box = document.getElementById(id).getBoundingClientRect();
            const wide = Math.min(box.right, innerWidth) - Math.max(box.left, 0);
            const high = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
            return [Math.round(wide), Math.round(high), innerWidth, innerHeight]; })";
        let seen = eva.script(measure).await;
        for pane in seen.as_array().into_iter().flatten() {
            let of = |n: usize| pane[n].as_i64().unwrap_or_default();
            assert_eq!((of(2), of(3)), (1280, 720), "{seen}");
            assert!(of(0) >= 400 && of(1) >= 400, "a pane is too small: {seen}");
        }
        let first = &file_2017().call.criteria[0].name;
        let there = format!(
            "const field = [...document.querySelectorAll('.scale')].find((set) => set.innerText.includes({first:?}));
            const box = field.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight"
        );
        assert_eq!(eva.script(&there).await, true, "the first scale is seen without scrolling");
        house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_submitted_part_is_withdrawn() {
    let house = House::open(Way::NoScriptsOnThePhone).await;
    let draft = drafted(&house).await;
    house.sign_letters(&draft).await;
    let ana = ana(&house).await;
    ana.opens(&of(&draft, "review"), "Check your answers").await;
    ana.fill("Who signs for the organisation", "Rasa Petrauskaite").await;
    ana.tick("I ").await;
    ana.follows("Submit to", "Receipt").await;
    ana.follows("withdraw the part", "Withdraw the part").await;
    ana.see("cannot be taken up again").await;
    ana.follows("Withdraw the part", "").await;

    assert_eq!(house.part_state(draft.coordinator_part).await, PartState::Withdrawn);
    house.close().await;
}
