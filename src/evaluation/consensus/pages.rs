//! The cases of a call, and one case with everybody's points beside the draft.

use super::{
    commands::{
        Act, ActOnConsensus, DisagreeConsensus, DraftConsensus, Entry, NameRapporteur, OpenConsensus, SayInConsensus,
        SignConsensus,
    },
    queries::{CaseView, Cases, CasesOf, ConsensusOf, shown},
};
use crate::{
    evaluation::assignments::queries::{AssigningOf, Candidate},
    kernel::{AppError, Permission, Result, Subject},
    web::{
        Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit,
        chart::{Chart, Interval, Value, intervals},
        keep, show,
    },
};
use askama::Template;
use chrono::{DateTime, NaiveDateTime, Utc};
use entity::types::{
    ids::{AccountId, CallId, ProposalId},
    period::Deadline,
    states::VoiceState,
};
use poem::{handler, http::StatusCode, web::Path};
use serde_json::json;

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/consensus", cases_shown)
        .get("/consensus/:proposal", case_shown)
        .post("/consensus/:proposal", case_posted)
}

#[derive(Template)]
#[template(path = "evaluation/consensus/cases.html")]
struct CasesPage {
    frame: Frame,
    cases: Cases,
    chart: Option<Chart>,
    rule: Vec<String>,
}

#[handler]
async fn cases_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let cases = visit.ask(CasesOf(call)).await?;
    let above = format!("/staff/calls/{call}");
    let frame = visit.frame_below("Consensus", &[("Staff", "/staff"), (&cases.call_code, &above)]);
    let rule = cases.terms.evaluation.divergence.iter().map(crate::calls::rules::judging::clause_text).collect();
    visit.page(&CasesPage { frame, chart: chart(&cases), cases, rule })
}

/// Totals from lowest to highest, those furthest apart first.
fn chart(cases: &Cases) -> Option<Chart> {
    let value = |hundredths: i64| Value::new(hundredths as f64 / 100.0, shown(hundredths));
    let mut apart: Vec<_> = cases.lines.iter().filter_map(|line| Some((line, line.totals?))).collect();
    apart.sort_by_key(|(line, (low, _, high))| (low - high, line.code.clone()));
    let rows: Vec<Interval> = apart
        .iter()
        .map(|(line, (low, mean, high))| Interval::new(line.code.clone(), value(*low), value(*mean), value(*high)))
        .collect();
    let scale = cases.terms.evaluation.scale;
    let desc = "The weighted totals of each proposal from the lowest sheet to the highest, furthest apart first.";
    let heads = ["Lowest total", "Mean", "Highest total"];
    (!rows.is_empty()).then(|| {
        let ends = (Value::from(scale.min), Value::from(scale.max));
        intervals("How far evaluators are apart", desc, heads, &rows, (&ends.0, &ends.1), None)
    })
}

/// One criterion with what was typed.
struct Row {
    key: String,
    points: String,
    comment: String,
}

#[derive(Template)]
#[template(path = "evaluation/consensus/case.html")]
struct CasePage {
    frame: Frame,
    errors: FieldErrors,
    case: CaseView,
    rows: Vec<Row>,
    comment: String,
    version: i64,
    id: ProposalId,
    statement: String,
    signed_name: String,
    text: String,
    reason: String,
    due: String,
    rapporteur: String,
    third: Option<Candidate>,
}

impl CasePage {
    async fn of(visit: &Visit, id: ProposalId) -> Result<Self> {
        let case = visit.ask(ConsensusOf(id)).await?;
        let cases = format!("/staff/calls/{}/consensus", case.reading.call);
        let above = if case.may_manage || case.voices.iter().all(|v| !v.mine) {
            ("Consensus", cases.as_str())
        } else {
            ("My assignments", "/assignments")
        };
        let title = format!("Consensus on {} {}", case.reading.code, case.reading.title);
        let assigns = case.wants_third
            && visit.app.may(&visit.actor, Permission::AssignEvaluators, Subject::Proposal(id)).await?;
        let third = match assigns {
            true => visit.ask(AssigningOf(id)).await?.candidates.into_iter().find(|c| c.obstacle().is_none()),
            false => None,
        };
        let row = |c: &super::queries::CriterionView| Row {
            key: c.key.clone(),
            points: c.points.map(|p| p.to_string()).unwrap_or_default(),
            comment: c.comment.clone(),
        };
        Ok(Self {
            frame: visit.frame_below(title, &[above]),
            errors: FieldErrors::default(),
            rows: case.criteria.iter().map(row).collect(),
            comment: case.comment.clone(),
            version: case.version,
            id,
            statement: String::new(),
            signed_name: String::new(),
            text: String::new(),
            reason: String::new(),
            due: String::new(),
            rapporteur: String::new(),
            third,
            case,
        })
    }

    /// The page with what was typed in place of what is stored.
    fn typed(mut self, posted: &Posted, errors: FieldErrors) -> Self {
        for row in &mut self.rows {
            if posted.has(&format!("points-{}", row.key)) {
                row.points = posted.text(&format!("points-{}", row.key)).to_owned();
                row.comment = posted.text(&format!("comment-{}", row.key)).to_owned();
            }
        }
        if posted.has("comment") {
            self.comment = posted.text("comment").to_owned();
        }
        for (field, name) in [
            (&mut self.statement, "statement"),
            (&mut self.signed_name, "signed_name"),
            (&mut self.text, "text"),
            (&mut self.reason, "reason"),
            (&mut self.due, "due"),
            (&mut self.rapporteur, "rapporteur"),
        ] {
            *field = posted.text(name).to_owned();
        }
        self.version = posted.version();
        self.errors = errors;
        self
    }

    fn when(&self, at: &DateTime<Utc>) -> String {
        show::instant(at, self.case.zone)
    }

    /// Reviewers who may draft.
    fn reviewers(&self) -> Vec<Choice> {
        let seated = self.case.voices.iter().filter(|v| v.state != VoiceState::Left);
        seated.map(|v| Choice::new(v.account.to_string(), v.who.clone())).collect()
    }

    fn mine(&self) -> Option<&super::queries::VoiceView> {
        self.case.voices.iter().find(|v| v.mine)
    }
}

#[handler]
async fn case_shown(visit: Visit, Path(id): Path<ProposalId>) -> Answer {
    let page = CasePage::of(&visit, id).await?;
    visit.page(&page)
}

#[handler]
async fn case_posted(visit: Visit, posted: Posted, Path(id): Path<ProposalId>) -> Answer {
    let action = posted.text("action");
    if visit.wants_json() {
        let command = draft(&visit, &posted, id, false).await?;
        let version = visit.app.run(&visit.actor, command).await?;
        let told = json!({ "version": version, "saved_at": show::iso(visit.app.now()), "errors": {}, "warnings": [] });
        return visit.json(StatusCode::OK, &told);
    }
    let done = match action {
        "say" => {
            let command = SayInConsensus { proposal: id, text: posted.text("text").to_owned() };
            visit.run(&posted, command).await.map(|()| "Said.")
        }
        "sign" => {
            let signed_name = posted.text("signed_name").to_owned();
            let command = SignConsensus { proposal: id, seen: posted.version(), signed_name };
            visit.run(&posted, command).await.map(|()| "Signed. Thank you.")
        }
        "disagree" => {
            let statement = posted.text("statement").to_owned();
            let command = DisagreeConsensus { proposal: id, seen: posted.version(), statement };
            visit.run(&posted, command).await.map(|()| "Your disagreement is written down.")
        }
        "open" => match opening(&visit, &posted, id).await {
            Ok(command) => visit.run(&posted, command).await.map(|()| "The evaluators were asked to agree."),
            Err(error) => Err(error),
        },
        "rapporteur" => match posted.parse::<AccountId>("rapporteur") {
            Ok(rapporteur) => {
                let command = NameRapporteur { proposal: id, rapporteur };
                visit.run(&posted, command).await.map(|()| "The rapporteur was named.")
            }
            Err(error) => Err(AppError::invalid("rapporteur", error.0)),
        },
        "waive" | "send_back" | "escalate" => {
            let act = match action {
                "waive" => Act::Waive,
                "send_back" => Act::SendBack,
                _ => Act::Escalate,
            };
            let command = ActOnConsensus { proposal: id, act, reason: posted.text("reason").to_owned() };
            visit.run(&posted, command).await.map(|()| "Done.")
        }
        action => match draft(&visit, &posted, id, action == "send").await {
            Ok(command) if action == "send" => {
                visit.run(&posted, command).await.map(|_| "The reviewers were asked to sign.")
            }
            Ok(command) => visit.app.run(&visit.actor, command).await.map(|_| "Saved."),
            Err(error) => Err(error),
        },
    };
    match done {
        Ok(message) => visit.to_with(format!("/consensus/{id}"), message),
        Err(error) => {
            let errors = keep(error)?;
            let page = CasePage::of(&visit, id).await?.typed(&posted, errors);
            visit.again(&page)
        }
    }
}

async fn draft(visit: &Visit, posted: &Posted, id: ProposalId, send: bool) -> Result<DraftConsensus> {
    let case = visit.ask(ConsensusOf(id)).await?;
    let entry = |c: &super::queries::CriterionView| Entry {
        criterion: c.key.clone(),
        points: posted.text(&format!("points-{}", c.key)).to_owned(),
        comment: posted.text(&format!("comment-{}", c.key)).to_owned(),
    };
    Ok(DraftConsensus {
        proposal: id,
        seen: posted.version(),
        entries: case.criteria.iter().map(entry).collect(),
        comment: posted.text("comment").to_owned(),
        send,
    })
}

async fn opening(visit: &Visit, posted: &Posted, id: ProposalId) -> Result<OpenConsensus> {
    let case = visit.ask(ConsensusOf(id)).await?;
    let typed = posted.text("due").trim();
    let due = match typed {
        "" => None,
        typed => {
            let local = NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M")
                .map_err(|_| AppError::invalid("due", "Enter day and time"))?;
            Some(Deadline { local, zone: case.zone }.instant())
        }
    };
    Ok(OpenConsensus { proposal: id, reason: posted.text("reason").to_owned(), rapporteur: None, due })
}
