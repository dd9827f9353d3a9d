//! The screens of officers who check parts.

use super::{
    commands::{ConfirmCheck, ProposeCheck, ReturnCheck},
    queries::{CheckLine, CheckOf, CheckSheet, Checks, ChecksOf, Stage, VerdictOf, VerdictView},
    rules::{self, Answer as Tick, Answered, Item, Judgement},
};
use crate::{
    documents::sheet::Cell,
    kernel::{AppError, Subject},
    lists::views::pages::own,
    web::{
        Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit,
        frame::Strip,
        keep,
        list::{Exported, Format, ListShape, ListView, export, words},
    },
};
use askama::Template;
use entity::types::{
    ids::{CallId, PartId, ProposalId},
    states::{CheckState, Verdict},
};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/eligibility", checks_of_call)
        .get("/staff/parts/:part/check", check_of_part)
        .post("/staff/parts/:part/check", check_posted)
        .post("/staff/parts/:part/check/confirm", confirm_posted)
        .post("/staff/parts/:part/check/return", return_posted)
        .get("/proposals/:proposal/parts/:part/eligibility", verdict_told)
}

const LIST: ListShape = ListShape {
    key: "eligibility",
    sorts: &[("code", "Proposal"), ("requested", "Asked for"), ("submitted", "Handed in")],
    descending: false,
    filters: &["stage", "agency"],
};

#[derive(Template)]
#[template(path = "eligibility/list.html")]
struct ListPage {
    frame: Frame,
    list: ListView,
    rows: Vec<CheckLine>,
    counts: Vec<(Stage, u64)>,
    call: CallId,
}

#[handler]
async fn checks_of_call(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let request = LIST.request(&visit);
    if let Some(format) = Format::asked(&visit) {
        let all = visit.ask(ChecksOf { call, list: request.everything() }).await?;
        return export(&visit, Subject::Call(call), format, "Eligibility", &all.lines.rows).await;
    }
    let Checks { call_code, lines, agencies, counts, .. } = visit.ask(ChecksOf { call, list: request.clone() }).await?;
    let list = LIST
        .view(&visit, &request, lines.total)
        .search("Number, title or organisation")
        .select("stage", "Stage", words(Stage::ALL.iter().map(|s| (s.word(), s.label()))))
        .select("agency", "Agency", words(agencies.into_iter().map(|(id, name)| (id.to_string(), name))))
        .preset("To check", "stage=open")
        .preset("To confirm", "stage=proposed")
        .preset("Returned", "stage=returned")
        .exports()
        .views(own(&visit, LIST.key).await?);
    let above = format!("/staff/calls/{call}");
    let frame = visit.frame_below("Eligibility", &[("Staff", "/staff"), (&call_code, &above)]);
    visit.page(&ListPage { frame, list, rows: lines.rows, counts, call })
}

impl Exported for CheckLine {
    fn columns() -> Vec<&'static str> {
        vec!["Proposal", "Title", "Organisation", "Country", "Agency", "Asked for", "Currency", "Stage"]
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.code),
            Cell::text(&self.title),
            Cell::text(&self.organisation),
            Cell::text(self.country),
            Cell::text(&self.agency),
            Cell::number(self.requested.amount()),
            Cell::text(self.requested.currency.code()),
            Cell::text(self.stage.label()),
        ]
    }
}

/// One question with what was typed.
struct Row {
    item: Item,
    answer: String,
    note: String,
}

#[derive(Template)]
#[template(path = "eligibility/check.html")]
struct CheckPage {
    frame: Frame,
    errors: FieldErrors,
    strip: Strip,
    sheet: CheckSheet,
    rows: Vec<Row>,
    verdict: String,
    reasons: Vec<String>,
    note: String,
    returned_note: String,
    version: i64,
}

impl CheckPage {
    fn of(visit: &Visit, sheet: CheckSheet) -> Self {
        let kept = sheet.check.as_ref();
        let given = |key: &str| kept.and_then(|c| c.findings.answers.iter().find(|a| a.key == key));
        let rows = sheet.items.iter().map(|item| {
            let given = given(item.key);
            let first = item.suggested.filter(|s| kept.is_none() && *s == Tick::Yes);
            let answer = given.map_or(first, |g| g.answer);
            Row {
                item: item.clone(),
                answer: answer.map_or("", Tick::word).to_owned(),
                note: given.map(|g| g.note.clone()).unwrap_or_default(),
            }
        });
        let rows = rows.collect();
        let list = format!("/staff/calls/{}/eligibility", sheet.call);
        let title = format!("Check: {} in {}", sheet.part.organisation, sheet.code);
        Self {
            frame: visit.frame_below(title, &[("Staff", "/staff"), ("Eligibility", &list)]),
            errors: FieldErrors::default(),
            strip: strip(&sheet),
            rows,
            verdict: kept.map_or("", |c| c.verdict.word()).to_owned(),
            reasons: kept.map(|c| c.reasons.clone()).unwrap_or_default(),
            note: kept.map(|c| c.note.clone()).unwrap_or_default(),
            returned_note: String::new(),
            version: kept.map_or(0, |c| c.version),
            sheet,
        }
    }

    /// The page with what was typed in place of what is stored.
    fn typed(mut self, posted: &Posted, errors: FieldErrors) -> Self {
        for row in &mut self.rows {
            row.answer = posted.text(&format!("answer-{}", row.item.key)).to_owned();
            row.note = posted.text(&format!("note-{}", row.item.key)).to_owned();
        }
        self.verdict = posted.text("verdict").to_owned();
        self.reasons = posted.all("reasons");
        self.note = posted.text("note").to_owned();
        self.errors = errors;
        self
    }

    fn ticks(&self) -> Vec<Choice> {
        words(Tick::ALL.iter().map(|t| (t.word(), t.label())))
    }

    fn verdicts(&self) -> Vec<Choice> {
        words(Verdict::ALL.iter().map(|v| (v.word(), v.label())))
    }

    fn reason_choices(&self) -> Vec<Choice> {
        words(rules::REASONS.iter().copied())
    }

    /// What the rules found, by topic.
    fn topics(&self) -> Vec<(&'static str, Vec<&str>)> {
        let mut topics: Vec<(&'static str, Vec<&str>)> = Vec::new();
        for (topic, message) in &self.sheet.found {
            match topics.last_mut().filter(|(label, _)| *label == topic.label()) {
                Some((_, messages)) => messages.push(message),
                None => topics.push((topic.label(), vec![message])),
            }
        }
        topics
    }

    fn sentences(&self) -> Vec<&'static str> {
        self.reasons.iter().filter_map(|key| rules::reason(key)).collect()
    }
}

fn strip(sheet: &CheckSheet) -> Strip {
    let stage = Stage::of(sheet.part.state, sheet.check.as_ref().map(|c| c.state));
    let strip = Strip::new(stage.word(), stage.label());
    let strip = match (&sheet.check, sheet.may_confirm, sheet.may_propose) {
        (_, true, _) => strip.turn("You confirm or return", true),
        (Some(c), false, true) if c.state == CheckState::Proposed => strip.turn("A second officer", false),
        (_, _, true) => strip.turn("You check and propose", true),
        _ => strip,
    };
    strip.fact("Home agency", &sheet.part.agency).fact("Asked for", sheet.part.requested.to_string())
}

#[handler]
async fn check_of_part(visit: Visit, Path(part): Path<PartId>) -> Answer {
    let sheet = visit.ask(CheckOf(part)).await?;
    visit.page(&CheckPage::of(&visit, sheet))
}

#[handler]
async fn check_posted(visit: Visit, posted: Posted, Path(part): Path<PartId>) -> Answer {
    let sheet = visit.ask(CheckOf(part)).await?;
    let command = ProposeCheck { part, seen: posted.version(), judgement: judgement(&sheet.items, &posted) };
    match visit.run(&posted, command).await {
        Ok(()) => visit.to_with(
            format!("/staff/parts/{part}/check"),
            "Proposed. A second officer of your agency has to confirm it.",
        ),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&CheckPage::of(&visit, sheet).typed(&posted, errors))
        }
    }
}

fn judgement(items: &[Item], posted: &Posted) -> Judgement {
    let answered = |item: &Item| Answered {
        key: item.key.to_owned(),
        answer: posted.text(&format!("answer-{}", item.key)).parse().ok(),
        note: posted.text(&format!("note-{}", item.key)).to_owned(),
    };
    let verdict: Option<Verdict> = posted.text("verdict").parse().ok();
    // Reasons ticked before the verdict was changed are not shown any more, so they do not count.
    let reasons = if verdict == Some(Verdict::Eligible) { Vec::new() } else { posted.all("reasons") };
    Judgement { answers: items.iter().map(answered).collect(), verdict, reasons, note: posted.text("note").to_owned() }
}

#[handler]
async fn confirm_posted(visit: Visit, posted: Posted, Path(part): Path<PartId>) -> Answer {
    let here = format!("/staff/parts/{part}/check");
    match visit.run(&posted, ConfirmCheck { part, seen: posted.version() }).await {
        Ok(state) => visit.to_with(here, &format!("Confirmed: {}. The team of the part was told.", state.label())),
        Err(error) => refused(&visit, part, &posted, error).await,
    }
}

#[handler]
async fn return_posted(visit: Visit, posted: Posted, Path(part): Path<PartId>) -> Answer {
    let note = posted.text("returned_note").to_owned();
    match visit.run(&posted, ReturnCheck { part, seen: posted.version(), note }).await {
        Ok(()) => visit.to_with(format!("/staff/parts/{part}/check"), "Returned to the first officer."),
        Err(error) => refused(&visit, part, &posted, error).await,
    }
}

async fn refused(visit: &Visit, part: PartId, posted: &Posted, error: AppError) -> Answer {
    let errors = keep(error)?;
    let mut page = CheckPage::of(visit, visit.ask(CheckOf(part)).await?);
    page.errors = errors;
    page.returned_note = posted.text("returned_note").to_owned();
    visit.again(&page)
}

#[derive(Template)]
#[template(path = "eligibility/verdict.html")]
struct VerdictPage {
    frame: Frame,
    view: VerdictView,
}

#[handler]
async fn verdict_told(visit: Visit, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    let view = visit.ask(VerdictOf(part)).await?;
    if view.proposal != proposal {
        return Err(AppError::NotFound.into());
    }
    let above = format!("/proposals/{proposal}");
    let frame = visit.frame_below("Result of the check", &[("My proposals", "/proposals"), (&view.code, &above)]);
    visit.page(&VerdictPage { frame, view })
}
