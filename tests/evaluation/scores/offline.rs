//! Sheets written in a form without a connection, and points of many sheets in one table.

use super::parts::task_in;
use crate::support::{TestApp, scenes::calls::OLAF};
use entity::types::ids::AssignmentId;
use fairway::documents::sheet::{Cell, Sheet, read_table};
use serde_json::json;

both!(
    a_form_shows_what_it_would_change_and_then_changes_it,
    a_broken_form_is_refused_line_by_line,
    a_form_overwrites_nothing_that_was_changed_meanwhile,
    a_form_is_of_ones_own_sheets_only,
    a_workbook_comes_back_too,
    points_of_many_sheets_are_saved_row_by_row,
);

/// Eva's form with these points and this comment for the first criterion.
async fn filled_in(app: &TestApp, points: &str, comment: &str) -> String {
    let page = app.as_("Eva Expert").await.get("/sheets/offline/form?as=txt").await.expect(200);
    let text = String::from_utf8(page.bytes).unwrap();
    assert!(text.contains("# IE-2017-001 Project number 1"), "{text}");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = lines.iter().position(|line| line == "-- c1").unwrap();
    let given = at + lines[at..].iter().position(|line| line.starts_with("points:")).unwrap();
    lines[given] = format!("points: {points}");
    lines.insert(given + 2, comment.to_owned());
    lines.join("\n")
}

/// The form a page carries along.
fn carried(html: &str) -> String {
    let at = html.find("<textarea name=\"form\"").unwrap();
    let start = at + html[at..].find('>').unwrap() + 1;
    let text = &html[start..start + html[start..].find("</textarea>").unwrap()];
    text.replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
        .replace("&#38;", "&")
}

async fn version_of(app: &TestApp, id: AssignmentId) -> i64 {
    app.ask("Eva Expert", fairway::evaluation::scores::queries::SheetOf(id)).await.version
}

async fn a_form_shows_what_it_would_change_and_then_changes_it(app: TestApp) {
    let (_, id) = task_in(&app, |_| {}).await;
    let eva = app.as_("Eva Expert").await;
    eva.get("/sheets/offline").await.expect(200).says("IE-2017-001 Project number 1");
    let form = filled_in(&app, "3,5", "Written on a train").await;
    let page = eva.upload("/sheets/offline", &[], ("form", "sheets.txt", form.as_bytes())).await.expect(200);
    let form = carried(&page.html());
    page.says("What this file would change").says("3.5").says("Written on a train");
    assert_eq!(version_of(&app, id).await, 2, "looking changes nothing");

    eva.post("/sheets/offline/apply", &[("form", &form)]).await.goes_to("/sheets");
    let sheet = eva.get(&format!("/assignments/{id}/sheet")).await.says("Written on a train").says("1 of 6 criteria");
    assert!(sheet.html().contains("value=\"3.5\" checked"));
    // A second press finds everything as it should be.
    eva.post("/sheets/offline/apply", &[("form", &form)]).await.goes_to("/sheets");
    assert_eq!(version_of(&app, id).await, 3);

    let program = app.program("Eva Expert").await;
    let (_, out) = program.get("/sheets/form").await;
    let text = out["text"].as_str().unwrap().replace("points: 3.5", "points: 4");
    let (_, plan) = program.post("/sheets/form", json!({ "text": text })).await;
    assert_eq!(
        (plan["sheets"][0]["changes"][0]["after"].as_str(), version_of(&app, id).await),
        (Some("4"), 3),
        "{plan}"
    );
    let (_, plan) = program.post("/sheets/form", json!({ "text": text, "apply": true })).await;
    assert_eq!((plan["sheets"][0]["version"].as_i64(), version_of(&app, id).await), (Some(4), 4), "{plan}");
    app.finish().await;
}

async fn a_broken_form_is_refused_line_by_line(app: TestApp) {
    let (_, id) = task_in(&app, |_| {}).await;
    let eva = app.as_("Eva Expert").await;
    let form = filled_in(&app, "3.3", "Fine").await;
    let line = form.lines().position(|line| line == "-- c1").unwrap() + 1;
    let told = format!("Line {line}: ");
    for (form, wrong) in [
        (form.clone(), told.as_str()),
        (form.replace("points: 3.3", "3.3 points"), "Write “points:”, “abstain:” or “comment:” first"),
        (form.replace("-- c2", "-- c9"), "The sheet has no place “c9”"),
        (form.replace("points: 3.3", "abstain: No idea"), "does not allow abstaining"),
        ("Dear Fairway".to_owned(), "Line 1: This text belongs to no place"),
    ] {
        let page = eva.upload("/sheets/offline", &[], ("form", "sheets.txt", form.as_bytes())).await.expect(422);
        page.says("Nothing was changed").says(wrong);
    }
    eva.upload("/sheets/offline", &[], ("form", "x.bin", &[0xff, 0xfe, 0x00])).await.expect(422).says("neither a text");
    eva.upload("/sheets/offline", &[], ("form", "", b"")).await.expect(422).says("Choose the file you filled in");
    assert_eq!(version_of(&app, id).await, 2);
    app.finish().await;
}

async fn a_form_overwrites_nothing_that_was_changed_meanwhile(app: TestApp) {
    let (_, id) = task_in(&app, |_| {}).await;
    let eva = app.as_("Eva Expert").await;
    let form = filled_in(&app, "3", "From the form").await;
    let page = eva.upload("/sheets/offline", &[], ("form", "sheets.txt", form.as_bytes())).await.expect(200);
    let carried = carried(&page.html());
    let sheet = format!("/assignments/{id}/sheet");
    eva.autosave(&sheet, &[("version", "2"), ("comment-c1", "Typed here")]).await;

    eva.post("/sheets/offline/apply", &[("form", &carried)]).await.expect(422).says("was changed after this form");
    let page = eva.upload("/sheets/offline", &[], ("form", "sheets.txt", form.as_bytes())).await.expect(422);
    page.says("Nothing of it is overwritten");
    eva.get(&sheet).await.says("Typed here").does_not_say("From the form");
    app.finish().await;
}

async fn a_form_is_of_ones_own_sheets_only(app: TestApp) {
    let (field, id) = task_in(&app, |_| {}).await;
    let other = app.assigned(field.proposals[1].id, "Edgar Other").await;
    let form = filled_in(&app, "3", "Hello").await;
    let edgar = app.as_("Edgar Other").await;
    let page = edgar.upload("/sheets/offline", &[], ("form", "sheets.txt", form.as_bytes())).await.expect(422);
    page.says("This is none of your sheets");
    edgar.get(&format!("/sheets/offline/form?as=txt&sheet={id}")).await.expect(404);
    edgar.get(&format!("/sheets/offline/form?as=txt&sheet={other}")).await.expect(200);
    for name in [OLAF, "Cora 1"] {
        let client = app.as_(name).await;
        client.get("/sheets/offline/form?as=txt").await.expect(404);
        client.get("/sheets/offline").await.expect(200).says("No sheet to write");
    }
    app.finish().await;
}

async fn a_workbook_comes_back_too(app: TestApp) {
    let (_, id) = task_in(&app, |_| {}).await;
    let eva = app.as_("Eva Expert").await;
    let workbook = eva.get("/sheets/offline/form?as=xlsx").await.expect(200).bytes;
    let same = eva.upload("/sheets/offline", &[], ("form", "sheets.xlsx", &workbook)).await.expect(200);
    same.says("there is nothing to change");

    let rows = read_table("sheets.xlsx", &workbook).unwrap();
    let mut table = Sheet::new(rows[0].1.clone());
    for (_, cells) in &rows[1..] {
        let mut cells: Vec<Cell> = cells.iter().map(|cell| Cell::from(cell.as_str())).collect();
        if cells[3] == Cell::text("c1") {
            cells[5] = Cell::number("2.5");
        }
        table.push(cells);
    }
    let changed = table.to_xlsx("Score sheets", app.app.now()).unwrap();
    let page = eva.upload("/sheets/offline", &[], ("form", "sheets.xlsx", &changed)).await.expect(200);
    eva.post("/sheets/offline/apply", &[("form", &carried(&page.html()))]).await.goes_to("/sheets");
    assert!(eva.get(&format!("/assignments/{id}/sheet")).await.html().contains("value=\"2.5\" checked"));
    app.finish().await;
}

async fn points_of_many_sheets_are_saved_row_by_row(app: TestApp) {
    let (field, first) = task_in(&app, |_| {}).await;
    let second = app.assigned(field.proposals[1].id, "Eva Expert").await;
    let eva = app.as_("Eva Expert").await;
    eva.get("/sheets/grid").await.expect(200).says("IE-2017-001 Project number 1").says("IE-2017-002");
    eva.autosave(&format!("/assignments/{first}/sheet"), &[("version", "2"), ("comment-c1", "Kept")]).await;
    let ids = [first.to_string(), second.to_string()];
    let [one, two] = [ids[0].as_str(), ids[1].as_str()];
    let names = [
        format!("version-{first}"),
        format!("version-{second}"),
        format!("points-{first}-c1"),
        format!("points-{second}-c1"),
    ];
    let form = |v1, p1, p2| {
        [(names[0].as_str(), v1), (names[1].as_str(), "2"), (names[2].as_str(), p1), (names[3].as_str(), p2)]
    };

    eva.post("/sheets/grid", &form("3", "4", "4")).await.expect(422).says("Tick the rows");
    let both = [&form("2", "4", "9")[..], &[("save", one), ("save", two)]].concat();
    let page =
        eva.post("/sheets/grid", &both).await.expect(422).says("Choose between 0 and 5").says("was changed after");
    assert!(page.html().contains("value=\"9\""), "what was typed stays");
    let both = [&form("3", "4", "4")[..], &[("save", one)]].concat();
    eva.post("/sheets/grid", &both).await.goes_to("/sheets/grid");
    eva.get(&format!("/assignments/{first}/sheet")).await.says("Kept").says("1 of 6 criteria");
    eva.get(&format!("/assignments/{second}/sheet")).await.says("0 of 6 criteria");
    app.finish().await;
}
