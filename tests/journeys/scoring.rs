//! An evaluator with twelve proposals and no mouse.

use super::house::{House, Visitor, Way};
use crate::support::scenes::evaluation::COMMENT;
use entity::{
    evaluation::evaluator,
    types::states::{CallState, PartState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

const PROPOSALS: usize = 12;
const CRITERIA: [&str; 6] = ["c1", "c2", "c3", "c4", "c5", "c6"];

/// Presses Tab until the thing with the keyboard's focus is the one that is meant.
async fn tab_to(eva: &Visitor, is: &str) {
    for _ in 0..200 {
        eva.press("Tab").await;
        if eva.script(&format!("const at = document.activeElement; return {is}")).await == true {
            return;
        }
    }
    panic!("Tab does not lead to {is}; it stands at “{}”", eva.focused().await);
}

/// Presses keys that lead to the next page, and lands on it.
async fn leads_to(eva: &Visitor, control: bool, heading: &str) {
    eva.script("window.left = true").await;
    if control {
        eva.press_with_control("Enter").await;
    } else {
        eva.press("Enter").await;
    }
    eva.lands_on(heading).await;
}

/// How much of a pane can be seen without scrolling: width and height.
async fn visible(eva: &Visitor, pane: &str) -> (f64, f64) {
    let script = format!(
        "const box = document.querySelector('{pane}').getBoundingClientRect();
         const part = (from, to, most) => Math.max(0, Math.min(to, most) - Math.max(from, 0));
         return [part(box.left, box.right, innerWidth), part(box.top, box.bottom, innerHeight)]"
    );
    let told = eva.script(&script).await;
    (told[0].as_f64().unwrap(), told[1].as_f64().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twelve_proposals_are_scored_by_keyboard_alone() {
    let house = House::open(Way::Scripts).await;
    let field = house.field(CallState::Evaluating, PROPOSALS).await;
    house.all_parts(&field, PartState::Eligible).await;
    let pool = house.evaluator("Eva Expert", "Institute of Eva Expert", "maritime, health").await;
    let db = house.app.app.database().maintenance();
    let mut row = evaluator::Entity::find_by_id(pool).one(db).await.unwrap().unwrap().into_active_model();
    row.capacity = Set(PROPOSALS as i32);
    row.update(db).await.unwrap();
    let mut first = None;
    for proposal in &field.proposals {
        let id = house.assigned(proposal.id, "Eva Expert").await;
        first.get_or_insert(id);
    }

    let eva = house.person("Eva Expert").await;
    eva.lands_on("Overview").await;
    eva.opens(&format!("/assignments/{}/sheet", first.unwrap()), "IE-2017-001").await;
    for pane in ["#pane-proposal", "#pane-sheet"] {
        let (wide, high) = visible(&eva, pane).await;
        assert!(wide >= 400.0 && high >= 300.0, "{pane} shows {wide} by {high} at 1280 by 720");
    }
    for n in 1..=PROPOSALS {
        for key in CRITERIA {
            tab_to(&eva, &format!("at.name === 'points-{key}'")).await;
            // From the first of the buttons one step to the left is the last: the greatest number of points.
            eva.press("Left").await;
            tab_to(&eva, &format!("at.name === 'comment-{key}'")).await;
            eva.types(COMMENT).await;
        }
        leads_to(&eva, true, &format!("IE-2017-{:03}", n % PROPOSALS + 1)).await;
    }
    tab_to(&eva, "at.pathname === '/sheets'").await;
    leads_to(&eva, false, "My score sheets").await;
    tab_to(&eva, "at.matches('[data-select-all]')").await;
    eva.press("Space").await;
    tab_to(&eva, "at.matches('button') && at.innerText === 'Submit those ticked'").await;
    leads_to(&eva, false, "My score sheets").await;
    eva.see("12 sheets submitted").await;
    eva.see("100 %").await;
    house.close().await;
}
