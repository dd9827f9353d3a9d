//! What a person types is not lost, whatever happens to the line, the session or the other tab.

use super::house::{House, Visitor, Way};
use crate::support::scenes::proposals::Draft;
use std::time::Duration;

/// The question of the first joint section that is answered in free text.
const SUMMARY: &str = "Summary for publication";

/// Longer than the longest pause before the page tries again by itself.
const A_WHILE: Duration = Duration::from_secs(20);

/// Ana Kask before the first joint section of her proposal.
async fn writing(house: &House) -> (Draft, Visitor, String) {
    let call = house.call_open_for_drafts().await;
    let draft = house.draft_of(&call).await;
    let ana = house.person("Ana Kask").await;
    ana.see("Overview").await;
    ana.opens(&format!("/proposals/{}", draft.proposal), "Light for Nordic forests").await;
    ana.follows("Project summary", "Project summary").await;
    let section = ana.path().await;
    (draft, ana, section)
}

/// What stands in the summary for everybody else.
async fn kept(house: &House, section: &str) -> String {
    let page = house.as_("Ana Kask").await.get(section).await.expect(200);
    page.text()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_is_saved_while_it_is_typed() {
    let house = House::open(Way::Scripts).await;
    let (_, ana, section) = writing(&house).await;

    ana.fill(SUMMARY, "Sensors see the grain before the saw does.").await;
    ana.see("Not saved yet").await;
    ana.see("Saved 1").await;
    ana.looks("autosaved").await;

    assert!(kept(&house, &section).await.contains("Sensors see the grain before the saw does."));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_line_keeps_the_text_on_the_device_and_sends_it_later() {
    let house = House::open(Way::Scripts).await;
    let (_, ana, section) = writing(&house).await;

    ana.offline(true).await;
    ana.fill(SUMMARY, "Typed in a tunnel.").await;
    ana.see("Not saved: no connection. Kept on this device.").await;
    ana.see("Try again").await;
    assert!(!kept(&house, &section).await.contains("Typed in a tunnel."));
    ana.offline(false).await;
    ana.patient_for(A_WHILE).see("Saved 1").await;

    assert!(kept(&house, &section).await.contains("Typed in a tunnel."));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_signed_out_finds_the_text_again_after_signing_in() {
    let house = House::open(Way::Scripts).await;
    let (_, ana, section) = writing(&house).await;

    ana.forget_cookies().await;
    ana.fill(SUMMARY, "Typed after the session had ended.").await;
    ana.see("You are signed out. What you typed is kept on this device.").await;
    let told = ana.console_errors().await;
    assert!(told.len() == 1 && told[0].contains("401"), "{told:?}");
    ana.follows("Sign in and go on", "Sign in").await;
    house.signs_in(&ana, "Ana Kask").await;
    ana.lands_on("Project summary").await;
    ana.see("Saved 1").await;

    assert_eq!(ana.value(SUMMARY).await, "Typed after the session had ended.");
    assert!(kept(&house, &section).await.contains("Typed after the session had ended."));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_see_both_texts_and_choose() {
    let house = House::open(Way::Scripts).await;
    let (draft, ana, section) = writing(&house).await;
    let bruno = house.person("Bruno Lind").await;
    bruno.see("Overview").await;
    bruno.opens(&format!("/proposals/{}", draft.proposal), "Light for Nordic forests").await;
    bruno.follows("Project summary", "Project summary").await;

    ana.fill(SUMMARY, "Ana's words.").await;
    ana.see("Saved 1").await;
    bruno.fill(SUMMARY, "Bruno's words.").await;
    bruno.see("Ana Kask changed this in the meantime").await;
    bruno.see("Ana's words.").await;
    bruno.see("Bruno's words.").await;
    let told = bruno.console_errors().await;
    assert!(told.len() == 1 && told[0].contains("409"), "{told:?}");
    bruno.looks("conflict").await;
    let before = kept(&house, &section).await;
    bruno.click_text("Go on with mine").await;
    bruno.see("Saved 1").await;

    assert!(before.contains("Ana's words.") && !before.contains("Bruno's words."));
    assert!(kept(&house, &section).await.contains("Bruno's words."));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tabs_of_one_person_show_both_texts() {
    let house = House::open(Way::Scripts).await;
    let (_, ana, section) = writing(&house).await;
    let first = ana.another_tab().await;
    ana.opens(&section, "Project summary").await;

    ana.fill(SUMMARY, "Words of the second tab.").await;
    ana.see("Saved 1").await;
    let second = ana.look_at(&first).await;
    ana.fill(SUMMARY, "Words of the first tab.").await;
    ana.see("changed this in the meantime").await;
    ana.see("Words of the second tab.").await;
    let before = kept(&house, &section).await;
    ana.click_text("Go on with mine").await;
    ana.see("Saved 1").await;
    ana.look_at(&second).await;

    assert!(before.contains("Words of the second tab.") && !before.contains("Words of the first tab."));
    assert!(kept(&house, &section).await.contains("Words of the first tab."));
    assert_eq!(
        ana.value(SUMMARY).await,
        "Words of the second tab.",
        "what stands in a tab is not changed under the hand"
    );
    house.close().await;
}
