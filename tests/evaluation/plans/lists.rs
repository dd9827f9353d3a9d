//! Pairs that leave the house as a list and come in again.

use super::{computed, made, named, pairs, plan, scene};
use crate::support::{TestApp, scenes::calls::OLAF};

both!(a_list_is_shown_before_it_changes_the_draft, a_faulty_list_names_its_rows_and_changes_nothing,);

async fn a_list_is_shown_before_it_changes_the_draft(app: TestApp) {
    let field = scene(&app).await;
    let page = made(&app, &field, "First", &[]).await;
    computed(&app, &page).await;
    let before = named(&pairs(&app, &page).await);
    let olaf = app.as_(OLAF).await;
    let upload = format!("{page}/import");
    olaf.get(&upload).await.expect(200).says("Proposal, E-mail");

    // The draft as it was exported changes nothing.
    let csv = olaf.get(&format!("{page}?export=csv")).await.expect(200).html();
    olaf.upload(&upload, &[], ("list", "pairs.csv", csv.as_bytes())).await.goes_to(&upload);
    olaf.get(&upload).await.says("0 added, 0 taken out, 0 locked or unlocked, 6 unchanged").does_not_say("Apply to");

    let list =
        "Proposal;E-mail;Locked\nIE-2017-001;nina.neutral@example.org;yes\nIE-2017-002;EVA.expert@example.org;\n";
    olaf.upload(&upload, &[], ("list", "pairs.csv", list.as_bytes())).await.goes_to(&upload);
    olaf.get(&upload).await.says("Nothing is changed yet").says("Nina Neutral").says("taken out");
    app.work().await;
    assert_eq!(named(&pairs(&app, &page).await), before, "a look changes nothing");

    let version = plan(&app, &page).await["version"].to_string();
    let apply = format!("{upload}/apply");
    let press = [("version", version.as_str()), ("key", "apply it once")];
    olaf.post(&apply, &press).await.goes_to(&page);
    olaf.post(&apply, &press).await.goes_to(&page);
    app.work().await;
    let after = pairs(&app, &page).await;
    assert_eq!(named(&after), ["IE-2017-001 Nina Neutral", "IE-2017-002 Eva Expert"]);
    assert!(after[0]["locked"] == true && after.iter().all(|pair| pair["affinity"].is_string()), "{after:?}");
    let found = plan(&app, &page).await;
    assert_eq!(found["state"], "ready", "{found}");
    let lacks: Vec<&str> = found["uncovered"].as_array().unwrap().iter().map(|l| l["what"].as_str().unwrap()).collect();
    assert_eq!(lacks, ["1 of 2 evaluators", "1 of 2 evaluators", "0 of 2 evaluators"]);
    olaf.post(&apply, &[("version", &found["version"].to_string())]).await.expect(422).says("No list waits here");
    app.finish().await;
}

async fn a_faulty_list_names_its_rows_and_changes_nothing(app: TestApp) {
    let field = scene(&app).await;
    app.evaluator("Carl Colleague", "Denmark cluster 1", "companies").await;
    let page = made(&app, &field, "First", &[]).await;
    let olaf = app.as_(OLAF).await;
    let upload = format!("{page}/import");
    olaf.post(&upload, &[]).await.expect(422).says("Choose a CSV or Excel file");
    olaf.upload(&upload, &[], ("list", "x.csv", b"Shoe,Size\n1,2\n")).await.expect(422).says("at least Proposal");

    let list = "Proposal,E-mail\nIE-2017-001,eva.expert@example.org\nIE-2017-099,eva.expert@example.org\n\
        IE-2017-001,nobody@example.org\nIE-2017-001,carl.colleague@example.org\nIE-2017-001,eva.expert@example.org\n";
    olaf.upload(&upload, &[], ("list", "pairs.csv", list.as_bytes())).await.goes_to(&upload);
    let shown = olaf.get(&upload).await.expect(200).says("4 rows cannot be used").says("Row 3 (IE-2017-099)");
    let shown = shown.says("There is no proposal IE-2017-099").says("Row 4").says("nobody@example.org is nobody");
    let shown =
        shown.says("Carl Colleague cannot be asked: works for Denmark Cluster 1").says("The same pair as in row 2");
    shown.does_not_say("Apply to the plan");
    let version = plan(&app, &page).await["version"].to_string();
    let refused = olaf.post(&format!("{upload}/apply"), &[("version", &version)]).await.expect(422);
    refused.says("mend them and upload it again");
    assert_eq!(pairs(&app, &page).await.len(), 0);
    app.finish().await;
}
