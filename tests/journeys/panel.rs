//! A panel meets before four browsers: one member is out of the room for a proposal, one loses the connection, and
//! all of them see what is theirs to see without loading a page anew.

use super::house::{House, Visitor, Way};
use crate::support::scenes::panels::{CHAIR, conflict, table};
use std::time::Duration;

/// Comes to the meeting and says so.
async fn comes(house: &House, name: &str, path: &str) -> Visitor {
    let visitor = house.person(name).await;
    visitor.lands_on("Overview").await;
    visitor.opens(path, "Health and maritime").await;
    visitor.follows("I am here", "Health and maritime").await;
    visitor
}

/// Waits until the page says so by itself.
async fn sees(visitor: &Visitor, words: &str) {
    visitor.patient_for(Duration::from_secs(20)).see(words).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_browsers_hold_one_meeting() {
    let house = House::open(Way::Scripts).await;
    let table = table(&house).await;
    conflict(&house, "Max Judge", table.field.proposals[0].id).await;
    let path = table.path();
    let chair = comes(&house, CHAIR, &path).await;
    let eva = comes(&house, "Eva Expert", &path).await;
    let max = comes(&house, "Max Judge", &path).await;
    let nina = comes(&house, "Nina Third", &path).await;
    sees(&nina, "Live: this page follows the meeting").await;

    chair.follows("Open the meeting", "Health and maritime").await;
    sees(&eva, "No proposal is being discussed").await;
    chair.within("IE-2017-001").follows("Call up IE-2017-001", "Health and maritime").await;
    sees(&eva, "Now: IE-2017-001").await;
    sees(&nina, "Now: IE-2017-001").await;
    sees(&max, "You are not in the room").await;
    max.dont_see("IE-2017-001").await;
    max.looks("panel-out-of-the-room").await;

    // Nina writes while others speak; what she types stays, and the connection is lost meanwhile.
    nina.fill("Your note", "The plan lacks a milestone.").await;
    nina.offline(true).await;
    eva.fill("Your note", "A second site convinced us.").await;
    eva.follows("Write the note", "Health and maritime").await;
    sees(&chair, "A second site convinced us.").await;
    sees(&nina, "Connection lost, trying again").await;
    nina.dont_see("A second site convinced us.").await;
    nina.offline(false).await;
    sees(&nina, "A second site convinced us.").await;
    assert_eq!(nina.value("Your note").await, "The plan lacks a milestone.");
    drop(nina.console_errors().await);
    nina.follows("Write the note", "Health and maritime").await;
    sees(&chair, "The plan lacks a milestone.").await;

    chair.follows("Open the vote", "Health and maritime").await;
    sees(&eva, "Vote: Recommend for funding").await;
    eva.follows("Yes", "Health and maritime").await;
    sees(&nina, "1 of 3 have voted").await;
    nina.follows("No", "Health and maritime").await;
    chair.follows("Yes", "Health and maritime").await;
    chair.follows("Close the vote", "Health and maritime").await;
    sees(&eva, "2 yes, 1 no, 0 abstained").await;
    chair.fill("What the panel decided, or why it is deferred", "Recommended").await;
    chair.follows("Decide", "Health and maritime").await;
    sees(&max, "No proposal is being discussed").await;
    max.dont_see("Recommended").await;

    chair.within("IE-2017-002").follows("Call up IE-2017-002", "Health and maritime").await;
    sees(&max, "Now: IE-2017-002").await;
    chair.fill("What the panel decided, or why it is deferred", "A letter is missing").await;
    chair.follows("Defer", "Health and maritime").await;
    chair.follows("Close the meeting", "Health and maritime").await;
    sees(&max, "The meeting is over").await;
    chair.follows("Minutes", "Minutes").await;
    chair.fill("Sign with your name", CHAIR).await;
    chair.follows("Sign the minutes", "Minutes").await;
    chair.see("Version 1, signed by Chris Chair").await;
    max.follows("Minutes", "Minutes").await;
    max.see("A letter is missing").await;
    max.dont_see("Recommended").await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meeting_works_without_scripts() {
    let house = House::open(Way::NoScriptsOnThePhone).await;
    let table = table(&house).await;
    let path = table.path();
    let chair = comes(&house, CHAIR, &path).await;
    let eva = comes(&house, "Eva Expert", &path).await;

    chair.follows("Open the meeting", "Health and maritime").await;
    chair.within("IE-2017-001").follows("Call up IE-2017-001", "Health and maritime").await;
    eva.follows("Look again", "Health and maritime").await;
    eva.see("Now: IE-2017-001").await;
    eva.fill("Your note", "Good.").await;
    eva.follows("Write the note", "Health and maritime").await;
    chair.fill("What the panel decided, or why it is deferred", "Recommended").await;
    chair.follows("Decide", "Health and maritime").await;
    chair.see("Recommended").await;
    house.close().await;
}
