//! Agreement of evaluators, and whether their comments were useful.

use super::{
    commands::MarkComments,
    evaluator::{Lacking, Spread},
    figures::{Agreement, Coefficient, Meaning, TENTATIVE, lacking, undefined},
    queries::{Comments, CommentsOf, EvaluatorLine, Reliability, ReliabilityOf},
};
use crate::{
    documents::sheet::Cell,
    evaluation::calibration::model::{Estimate, NINETY},
    kernel::Subject,
    web::{
        Answer, FieldErrors, Frame, Pages, Posted, Visit,
        chart::{Chart, Interval, Mark, Value, intervals},
        keep,
        list::{Exported, Format, export},
    },
};
use askama::Template;
use entity::types::ids::{CallId, ProposalId};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/reliability", reliability)
        .get("/staff/proposals/:proposal/comments", comments)
        .post("/staff/proposals/:proposal/comments", comments_posted)
}

#[derive(Template)]
#[template(path = "evaluation/agreement/reliability.html")]
struct ReliabilityPage {
    frame: Frame,
    found: Reliability,
    chart: Option<Chart>,
}

impl ReliabilityPage {
    fn coefficient(&self, of: &Coefficient) -> String {
        coefficient(of)
    }

    fn meaning(&self, of: &Agreement) -> &'static str {
        of.alpha_interval.as_ref().map_or("", |found| Meaning::of(found.value).words())
    }

    fn severity(&self, of: &EvaluatorLine) -> String {
        said(&of.view.severity, within)
    }

    fn spread(&self, of: &EvaluatorLine) -> String {
        said(&of.view.spread, |found: &Spread| {
            format!("{} ({} to {})", two(found.ratio), two(found.ratio_90.0), two(found.ratio_90.1))
        })
    }

    fn difference(&self, of: &EvaluatorLine) -> String {
        said(&of.view.difference, |found| within(&found.points))
    }

    fn correlation(&self, of: &EvaluatorLine) -> String {
        said(&of.view.correlation, |found| {
            format!("{} ({} to {})", two(found.value), two(found.interval_90.0), two(found.interval_90.1))
        })
    }

    fn lateness(&self, of: &EvaluatorLine) -> String {
        said(&of.view.lateness, |found| {
            format!("{} of {} late; at worst {} days", found.late, found.reviews, two(found.worst.max(0.0)))
        })
    }

    fn comments(&self, of: &EvaluatorLine) -> String {
        format!("{:.0} words in the middle, {} at least", of.view.comments.median, of.view.comments.shortest)
    }

    fn usefulness(&self, of: &EvaluatorLine) -> String {
        match of.usefulness.said {
            0 => "nobody said".to_owned(),
            said => format!("useful to {} of {said}", of.usefulness.useful),
        }
    }
}

fn two(value: f64) -> String {
    format!("{value:.2}").replace('-', "\u{2212}")
}

fn said<T>(figure: &Result<T, Lacking>, show: impl Fn(&T) -> String) -> String {
    figure.as_ref().map_or_else(|why| lacking(*why), show)
}

/// A figure with the interval that holds it with 90 %.
fn within(of: &Estimate) -> String {
    let half = NINETY * of.error;
    if half.is_finite() {
        format!("{} ({} to {})", two(of.value), two(of.value - half), two(of.value + half))
    } else {
        two(of.value)
    }
}

fn coefficient(of: &Coefficient) -> String {
    match of {
        Ok(found) => match found.interval {
            Some((low, high)) => format!("{} ({} to {})", two(found.value), two(low), two(high)),
            None => two(found.value),
        },
        Err(why) => undefined(*why).to_owned(),
    }
}

fn chart(agreement: &[Agreement]) -> Option<Chart> {
    let value = |size: f64| Value::new(size, two(size));
    let row = |of: &Agreement| {
        let found = of.alpha_interval.as_ref().ok()?;
        let (low, high) = found.interval.unwrap_or((found.value, found.value));
        Some(Interval::new(of.name.clone(), value(low), value(found.value), value(high)))
    };
    let rows: Vec<Interval> = agreement.iter().filter_map(row).collect();
    let least = rows.iter().map(|row| row.low.size).fold(0.0, f64::min);
    (!rows.is_empty()).then(|| {
        intervals(
            "Agreement by criterion",
            "Krippendorff's alpha for intervals with the interval that holds it with 90 %: 1 is complete agreement, 0 is \
             what chance gives, below 0 evaluators contradict each other.",
            ["90 %: from", "Alpha", "90 %: to"],
            &rows,
            (&value(least.floor()), &value(1.0)),
            Some(&Mark::new("From here on tentative conclusions hold", value(TENTATIVE))),
        )
    })
}

#[handler]
async fn reliability(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let found = visit.ask(ReliabilityOf(call)).await?;
    if let Some(format) = Format::asked(&visit) {
        let title = format!("Evaluators of {}", found.call_code);
        return export(&visit, Subject::Call(call), format, &title, &found.evaluators).await;
    }
    let above = format!("/staff/calls/{call}");
    let frame = visit.frame_below("Agreement of the evaluators", &[("Staff", "/staff"), (&found.call_code, &above)]);
    visit.page(&ReliabilityPage { frame, chart: chart(&found.agreement), found })
}

impl Exported for EvaluatorLine {
    fn columns() -> Vec<&'static str> {
        vec![
            "Evaluator",
            "Sheets",
            "Severity",
            "Standard error of severity",
            "Spread over that of others",
            "Difference to others",
            "Correlation with others",
            "Late",
            "Words of comments, median",
            "Comments useful",
            "Comments judged",
        ]
    }

    fn cells(&self) -> Vec<Cell> {
        let number = |value: Option<f64>| value.map_or(Cell::Empty, |value| Cell::number(format!("{value:.3}")));
        let view = &self.view;
        vec![
            Cell::text(&self.name),
            Cell::number(view.reviews),
            number(view.severity.ok().map(|found| found.value)),
            number(view.severity.ok().map(|found| found.error)),
            number(view.spread.ok().map(|found| found.ratio)),
            number(view.difference.ok().map(|found| found.points.value)),
            number(view.correlation.ok().map(|found| found.value)),
            view.lateness.map_or(Cell::Empty, |found| Cell::number(found.late)),
            number(Some(view.comments.median)),
            Cell::number(self.usefulness.useful),
            Cell::number(self.usefulness.said),
        ]
    }
}

#[derive(Template)]
#[template(path = "evaluation/agreement/comments.html")]
struct CommentsPage {
    frame: Frame,
    errors: FieldErrors,
    found: Comments,
}

async fn comments_page(
    visit: &Visit,
    proposal: ProposalId,
    errors: FieldErrors,
) -> crate::kernel::Result<CommentsPage> {
    let found = visit.ask(CommentsOf(proposal)).await?;
    let above = format!("/staff/calls/{}", found.call);
    let title = format!("Comments on {}", found.code);
    let frame = visit.frame_below(title, &[("Staff", "/staff"), (&found.call_code, &above)]);
    Ok(CommentsPage { frame, errors, found })
}

#[handler]
async fn comments(visit: Visit, Path(proposal): Path<ProposalId>) -> Answer {
    visit.page(&comments_page(&visit, proposal, FieldErrors::default()).await?)
}

#[handler]
async fn comments_posted(visit: Visit, posted: Posted, Path(proposal): Path<ProposalId>) -> Answer {
    let assignment = posted.text("assignment").parse().map_err(|_| crate::kernel::AppError::NotFound)?;
    let useful = posted.text("useful") == "yes";
    match visit.run(&posted, MarkComments { proposal, assignment, useful }).await {
        Ok(()) => visit.to_with(format!("/staff/proposals/{proposal}/comments"), "Thank you, it is noted."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&comments_page(&visit, proposal, errors).await?)
        }
    }
}
