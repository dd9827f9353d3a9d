//! The own sheets in one table: sorted, and several handed in at once.

use crate::{
    evaluation::scores::{
        commands::SubmitKept,
        queries::{OwnSheet, OwnSheets},
    },
    kernel::{AppError, Result},
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, show},
};
use askama::Template;
use entity::types::ids::AssignmentId;
use poem::handler;

pub fn routes(pages: Pages) -> Pages {
    pages.get("/sheets", sheets_shown).post("/sheets/submit", several_posted)
}

/// The columns the table is sorted by: name in the address and head.
const SORTS: [(&str, &str); 5] =
    [("code", "Proposal"), ("state", "State"), ("done", "Criteria"), ("total", "Total"), ("due", "Due")];

/// A head of a column that sorts.
struct Head {
    label: &'static str,
    href: String,
    direction: &'static str,
}

#[derive(Template)]
#[template(path = "evaluation/scores/own.html")]
struct OwnPage {
    frame: Frame,
    errors: FieldErrors,
    heads: Vec<Head>,
    sheets: Vec<OwnSheet>,
    /// Codes of sheets that were handed in although others were not.
    submitted: Vec<String>,
}

impl OwnPage {
    fn ready(&self) -> usize {
        self.sheets.iter().filter(|sheet| sheet.ready()).count()
    }

    fn due(&self, sheet: &OwnSheet) -> String {
        sheet.due_at.map(|at| show::instant(at, sheet.zone)).unwrap_or_default()
    }
}

async fn page(visit: &Visit, errors: FieldErrors, submitted: Vec<String>) -> Result<OwnPage> {
    let mut sheets = visit.ask(OwnSheets).await?;
    let sort = visit.query("sort").unwrap_or_default();
    let (sort, down) = sort.strip_prefix('-').map_or((sort.as_str(), false), |sort| (sort, true));
    match sort {
        "code" => sheets.sort_by(|a, b| a.code.cmp(&b.code)),
        "state" => sheets.sort_by_key(|sheet| sheet.state),
        "done" => sheets.sort_by_key(|sheet| sheet.done),
        "total" => sheets.sort_by_key(|sheet| sheet.hundredths),
        "due" => sheets.sort_by_key(|sheet| sheet.due_at),
        _ => {}
    }
    if down {
        sheets.reverse();
    }
    let head = |(name, label): (&'static str, &'static str)| Head {
        label,
        href: format!("/sheets?sort={}{name}", if name == sort && !down { "-" } else { "" }),
        direction: match (name == sort, down) {
            (false, _) => "",
            (true, false) => "ascending",
            (true, true) => "descending",
        },
    };
    let heads = SORTS.into_iter().map(head).collect();
    let frame = visit.frame_below("My score sheets", &[("My assignments", "/assignments")]);
    Ok(OwnPage { frame, errors, heads, sheets, submitted })
}

#[handler]
async fn sheets_shown(visit: Visit) -> Answer {
    visit.page(&page(&visit, FieldErrors::default(), Vec::new()).await?)
}

/// Hands in every sheet that was ticked; one that cannot be handed in keeps none of the others back.
#[handler]
async fn several_posted(visit: Visit, posted: Posted) -> Answer {
    let ticked: Vec<AssignmentId> = posted.all("sheet").iter().filter_map(|id| id.parse().ok()).collect();
    if ticked.is_empty() {
        let errors = FieldErrors::one("sheets", "Tick the sheets you want to hand in");
        return visit.again(&page(&visit, errors, Vec::new()).await?);
    }
    let before = visit.ask(OwnSheets).await?;
    let (mut submitted, mut errors) = (Vec::new(), FieldErrors::default());
    for id in ticked {
        let code = before.iter().find(|sheet| sheet.id == id).map_or_else(String::new, |sheet| sheet.code.clone());
        let seen = posted.text(&format!("version-{id}")).parse().unwrap_or_default();
        // Each sheet has a key of its own, so that the second press of the form hands in nothing twice.
        let key = posted.key().map(|key| {
            let press: String = key.chars().take(24).collect();
            format!("{press}-{}", id.0.simple())
        });
        match visit.app.run_once(&visit.actor, key.as_deref(), SubmitKept { assignment: id, seen }).await {
            Ok(_) => submitted.push(code),
            Err(AppError::Invalid(lacks)) => {
                let lacks = show::count(lacks.len() as i64, "thing is", "things are");
                errors.add("", format!("{code} was not submitted: {lacks} missing."));
            }
            // Whatever keeps one back is said of that one only.
            Err(error) => errors.add("", format!("{code} was not submitted. {error}")),
        }
    }
    if errors.is_empty() {
        let message = format!("{} submitted. Thank you.", show::count(submitted.len() as i64, "sheet", "sheets"));
        return visit.to_with("/sheets", &message);
    }
    visit.again(&page(&visit, errors, submitted).await?)
}
