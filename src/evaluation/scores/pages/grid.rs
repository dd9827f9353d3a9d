//! Points of many sheets in one table: a row for every proposal, a column for every criterion, a tick to save a row.

use crate::{
    evaluation::scores::{
        commands::{SaveSheet, Sheet},
        queries::{FormOf, PlanOf},
        rules::form::FormSheet,
    },
    kernel::{AppError, Result},
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, show},
};
use askama::Template;
use entity::types::ids::AssignmentId;
use poem::handler;

pub fn routes(pages: Pages) -> Pages {
    pages.get("/sheets/grid", grid_shown).post("/sheets/grid", grid_posted)
}

/// One cell: the field's name, what a screen reader says of it, and the points.
struct CellField {
    name: String,
    label: String,
    points: String,
}

/// One proposal.
struct GridRow {
    id: AssignmentId,
    version: i64,
    title: String,
    cells: Vec<CellField>,
    ticked: bool,
}

/// The proposals that are judged by the same criteria.
struct Grid {
    /// The scale and what else is told of it.
    notes: Vec<String>,
    columns: Vec<String>,
    rows: Vec<GridRow>,
}

#[derive(Template)]
#[template(path = "evaluation/scores/grid.html")]
struct GridPage {
    frame: Frame,
    errors: FieldErrors,
    grids: Vec<Grid>,
    /// Proposals that were saved although others were not.
    saved: Vec<String>,
}

fn field(id: AssignmentId, key: &str) -> String {
    format!("points-{id}-{key}")
}

fn row(sheet: &FormSheet, posted: Option<&Posted>) -> GridRow {
    let title = sheet.notes.first().cloned().unwrap_or_default();
    let code = title.split(' ').next().unwrap_or_default().to_owned();
    let ticked = posted.is_some_and(|posted| posted.all("save").contains(&sheet.id.to_string()));
    let cell = |entry: &crate::evaluation::scores::rules::form::FormEntry| {
        let name = field(sheet.id, &entry.key);
        let typed = posted.filter(|posted| ticked && posted.has(&name)).map(|posted| posted.text(&name).to_owned());
        CellField { label: format!("{code}: {}", entry.name), points: typed.unwrap_or(entry.points.clone()), name }
    };
    GridRow {
        id: sheet.id,
        version: sheet.version,
        cells: sheet.entries.iter().filter(|entry| sheet.takes_points(entry)).map(cell).collect(),
        title,
        ticked,
    }
}

async fn page(visit: &Visit, posted: Option<&Posted>) -> Result<GridPage> {
    let mut grids: Vec<Grid> = Vec::new();
    for sheet in visit.ask(FormOf(None)).await? {
        let points = sheet.entries.iter().filter(|entry| sheet.takes_points(entry));
        let columns: Vec<String> = points.map(|entry| entry.name.clone()).collect();
        let notes: Vec<String> = sheet.notes.iter().skip(1).take(1).cloned().collect();
        let row = row(&sheet, posted);
        match grids.iter_mut().find(|grid| grid.columns == columns && grid.notes == notes) {
            Some(grid) => grid.rows.push(row),
            None => grids.push(Grid { notes, columns, rows: vec![row] }),
        }
    }
    let above = [("My assignments", "/assignments"), ("My score sheets", "/sheets")];
    let frame = visit.frame_below("Points of all sheets", &above);
    Ok(GridPage { frame, errors: FieldErrors::default(), grids, saved: Vec::new() })
}

#[handler]
async fn grid_shown(visit: Visit) -> Answer {
    visit.page(&page(&visit, None).await?)
}

/// Saves every row that was ticked; one that cannot be saved keeps none of the others back.
#[handler]
async fn grid_posted(visit: Visit, posted: Posted) -> Answer {
    let ticked = posted.all("save");
    let mut errors = FieldErrors::default();
    if ticked.is_empty() {
        errors.add("", "Tick the rows you want to save");
    }
    let mut saved = Vec::new();
    for mut sheet in visit.ask(FormOf(None)).await?.into_iter().filter(|sheet| ticked.contains(&sheet.id.to_string())) {
        let title = sheet.notes.first().cloned().unwrap_or_default();
        sheet.version = posted.text(&format!("version-{}", sheet.id)).parse().unwrap_or_default();
        for entry in &mut sheet.entries {
            let name = field(sheet.id, &entry.key);
            if posted.has(&name) {
                posted.text(&name).trim().clone_into(&mut entry.points);
                // Who gives points does not abstain any more.
                if !entry.points.is_empty() {
                    entry.abstained.clear();
                }
            }
        }
        match save(&visit, sheet).await {
            Ok(()) => saved.push(title),
            Err(AppError::Invalid(why)) => {
                for (_, message) in why.list() {
                    errors.add("", format!("{title} was not saved. {message}"));
                }
            }
            Err(error) => errors.add("", format!("{title} was not saved. {error}")),
        }
    }
    if errors.is_empty() {
        let rows = show::count(saved.len() as i64, "row", "rows");
        return visit.to_with("/sheets/grid", &format!("{rows} saved."));
    }
    let mut page = page(&visit, Some(&posted)).await?;
    page.errors = errors;
    page.saved = saved;
    visit.again(&page)
}

async fn save(visit: &Visit, sheet: FormSheet) -> Result<()> {
    let plan = visit.ask(PlanOf(vec![sheet])).await?;
    if !plan.wrong.is_empty() {
        return Err(AppError::Invalid(FieldErrors(
            plan.wrong.into_iter().map(|w| (String::new(), w.message)).collect(),
        )));
    }
    for sheet in plan.sheets {
        let save = SaveSheet { assignment: sheet.id, seen: sheet.version, sheet: Sheet::of_form(&sheet.merged) };
        visit.app.run(&visit.actor, save).await?;
    }
    Ok(())
}
