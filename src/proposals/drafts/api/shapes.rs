//! The shapes in which drafts travel.

use super::super::queries::{Card, Overview, PartLine, SectionLine, SectionView};
use crate::{api::AmountOut, proposals::Place};
use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use serde_json::Value;
use uuid::Uuid;

#[derive(Object)]
pub(super) struct StartProposalIn {
    /// One of the caller's own organisations; it coordinates.
    pub(super) organisation: Uuid,
    /// The annex of the home agency, when several agencies of the country take part.
    #[oai(default)]
    pub(super) annex: Option<Uuid>,
    /// Example: Light for Nordic forests
    pub(super) title: String,
    /// Example: LIGHTWOOD
    pub(super) acronym: String,
    /// Whether another draft is wanted although the organisation coordinates one already.
    #[oai(default)]
    pub(super) another: bool,
}

#[derive(Object)]
pub(super) struct ProposalStartedOut {
    pub(super) proposal: Uuid,
    /// The part of the coordinating organisation.
    pub(super) part: Uuid,
    /// Example: IE-2017-007
    pub(super) code: String,
}

/// A proposal the caller works on.
#[derive(Object)]
pub(super) struct OwnProposalOut {
    pub(super) id: Uuid,
    pub(super) code: String,
    pub(super) title: String,
    pub(super) acronym: String,
    pub(super) call: String,
    /// `draft`, `submitted` or `withdrawn`.
    pub(super) state: String,
    pub(super) coordinates: bool,
    /// How much of the joint sections and of the caller's own parts is done, in per cent.
    pub(super) percent: u32,
    /// The first deadline of the caller's own parts that are still drafts, with its zone.
    pub(super) deadline: Option<String>,
    pub(super) closes_at: Option<DateTime<Utc>>,
    pub(super) saved_by: String,
    pub(super) saved_at: DateTime<Utc>,
}

#[derive(Object)]
pub(super) struct OwnProposalsOut {
    pub(super) items: Vec<OwnProposalOut>,
    pub(super) total: u64,
    pub(super) next: Option<u64>,
}

/// A section of the task list.
#[derive(Object)]
pub(super) struct DraftSectionOut {
    /// `joint` or the id of a part.
    pub(super) place: String,
    pub(super) key: String,
    pub(super) title: String,
    /// `open`, `in_progress` or `complete`.
    pub(super) state: String,
    /// Whether its questions come from the call or the agency.
    pub(super) asked: bool,
    pub(super) done: u32,
    pub(super) total: u32,
    pub(super) assigned_to: Option<String>,
    pub(super) due_on: Option<NaiveDate>,
}

/// How far a partner is.
#[derive(Object)]
pub(super) struct DraftPartOut {
    pub(super) id: Uuid,
    pub(super) organisation: String,
    pub(super) country: String,
    pub(super) agency: String,
    pub(super) state: String,
    pub(super) coordinates: bool,
    pub(super) closes_at: DateTime<Utc>,
    pub(super) people: u32,
    pub(super) answered: u32,
    pub(super) answers: u32,
    pub(super) companies: u32,
    pub(super) companies_wanted: u32,
    pub(super) companies_fine: bool,
    pub(super) costs: Option<AmountOut>,
    pub(super) budget_fine: bool,
    pub(super) letters_signed: u32,
    pub(super) letters_asked: u32,
    /// How many things stand against submitting, letters and documents aside.
    pub(super) missing: u32,
}

/// A proposal with its task list.
#[derive(Object)]
pub(super) struct DraftOut {
    pub(super) id: Uuid,
    pub(super) code: String,
    pub(super) title: String,
    pub(super) acronym: String,
    pub(super) call: String,
    pub(super) state: String,
    pub(super) coordinates: bool,
    pub(super) percent: u32,
    /// Give it back when renaming.
    pub(super) version: i64,
    pub(super) saved_by: String,
    pub(super) saved_at: DateTime<Utc>,
    pub(super) sections: Vec<DraftSectionOut>,
    pub(super) parts: Vec<DraftPartOut>,
    /// What the consortium as a whole lacks.
    pub(super) consortium: Vec<String>,
    /// Partners who were invited and have not answered.
    pub(super) invited: Vec<String>,
}

#[derive(Object)]
pub(super) struct RenameProposalIn {
    pub(super) title: String,
    pub(super) acronym: String,
    pub(super) version: i64,
}

#[derive(Object)]
pub(super) struct DraftVersionOut {
    pub(super) version: i64,
}

/// A question with its answer.
#[derive(Object)]
pub(super) struct DraftAnswerOut {
    pub(super) question: String,
    pub(super) label: String,
    pub(super) required: bool,
    /// In the shape of the question; null when there is no answer.
    pub(super) value: Value,
    /// 0 when there is no answer yet; give it back when changing the answer.
    pub(super) version: i64,
    pub(super) by: Option<String>,
    pub(super) at: Option<DateTime<Utc>>,
}

/// A section with its questions and answers.
#[derive(Object)]
pub(super) struct DraftAnswersOut {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) complete: bool,
    /// Why it cannot be changed now; none when it can.
    pub(super) fixed: Option<String>,
    pub(super) assigned_to: Option<String>,
    pub(super) due_on: Option<NaiveDate>,
    pub(super) answers: Vec<DraftAnswerOut>,
}

#[derive(Object)]
pub(super) struct DraftAnswerIn {
    /// Example: public_summary
    pub(super) question: String,
    /// Text, decimal text, `{amount, currency}`, a day, true or false, keys, country codes or rows by column.
    pub(super) value: Value,
    /// The version that was read; 0 for a first answer.
    pub(super) version: i64,
}

#[derive(Object)]
pub(super) struct DraftAnswersIn {
    pub(super) answers: Vec<DraftAnswerIn>,
}

#[derive(Object)]
pub(super) struct AnswerKeptOut {
    pub(super) question: String,
    pub(super) version: i64,
    /// What is wrong with the answer; it is kept all the same.
    pub(super) messages: Vec<String>,
}

#[derive(Object)]
pub(super) struct AnswersKeptOut {
    pub(super) answers: Vec<AnswerKeptOut>,
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn named(name: String) -> Option<String> {
    Some(name).filter(|name| !name.is_empty())
}

impl From<Card> for OwnProposalOut {
    fn from(card: Card) -> Self {
        Self {
            id: card.id.0,
            code: card.code,
            title: card.title,
            acronym: card.acronym,
            call: card.call_code,
            state: card.state.word().to_owned(),
            coordinates: card.coordinates,
            percent: small(card.percent),
            deadline: card.deadline.map(|d| d.to_string()),
            closes_at: card.deadline.map(|d| d.instant()),
            saved_by: card.saved_by,
            saved_at: card.saved_at,
        }
    }
}

fn section_out(place: Place, line: SectionLine) -> DraftSectionOut {
    DraftSectionOut {
        place: place.to_string(),
        key: line.key,
        title: line.title,
        state: line.status.word().to_owned(),
        asked: line.asked,
        done: small(line.done),
        total: small(line.total),
        assigned_to: named(line.assigned),
        due_on: line.due_on,
    }
}

impl From<PartLine> for DraftPartOut {
    fn from(line: PartLine) -> Self {
        Self {
            id: line.head.id.0,
            organisation: line.head.organisation,
            country: line.country.to_owned(),
            agency: line.head.agency,
            state: line.head.state.word().to_owned(),
            coordinates: line.head.is_coordinator,
            closes_at: line.head.deadline.instant(),
            people: small(line.people),
            answered: small(line.answers.0),
            answers: small(line.answers.1),
            companies: small(line.companies),
            companies_wanted: line.companies_wanted,
            companies_fine: line.companies_fine,
            costs: line.budget.map(AmountOut::from),
            budget_fine: line.budget_fine,
            letters_signed: small(line.letters.0),
            letters_asked: small(line.letters.1),
            missing: small(line.errors),
        }
    }
}

impl From<Overview> for DraftOut {
    fn from(view: Overview) -> Self {
        let joint = view.joint.into_iter().map(|line| section_out(Place::Joint, line));
        let own = view
            .own
            .into_iter()
            .flat_map(|(head, lines)| lines.into_iter().map(move |line| section_out(Place::Part(head.id), line)));
        Self {
            id: view.head.id.0,
            code: view.head.code,
            title: view.head.title,
            acronym: view.head.acronym,
            call: view.head.call_code,
            state: view.head.state.word().to_owned(),
            coordinates: view.head.coordinates,
            percent: small(view.percent),
            version: view.version,
            saved_by: view.head.saved_by,
            saved_at: view.head.saved_at,
            sections: joint.chain(own).collect(),
            parts: view.parts.into_iter().map(DraftPartOut::from).collect(),
            consortium: view.consortium,
            invited: view.pending,
        }
    }
}

impl From<SectionView> for DraftAnswersOut {
    fn from(view: SectionView) -> Self {
        let answers = view.section.questions.iter().map(|question| {
            let written = view.written.get(&question.key);
            DraftAnswerOut {
                question: question.key.clone(),
                label: question.label.clone(),
                required: question.required,
                value: view.answers.get(&question.key).cloned().unwrap_or(Value::Null),
                version: written.map_or(0, |w| w.version),
                by: written.map(|w| w.by.clone()),
                at: written.map(|w| w.at),
            }
        });
        Self {
            answers: answers.collect(),
            key: view.section.key,
            title: view.section.title,
            complete: view.complete,
            fixed: view.fixed,
            assigned_to: named(view.assigned),
            due_on: view.due_on,
        }
    }
}
