//! The own sheets as a form that is filled in elsewhere, and what a form that came back would change.

use crate::{
    evaluation::scores::rules::{
        self,
        form::{FormEntry, FormSheet, PRIVATE, WHOLE, Wrong},
    },
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use entity::{
    calls::call,
    evaluation::{assignment, score},
    proposals::proposal,
    types::{
        ids::AssignmentId,
        states::{AssignmentState, CallState},
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// A sheet that can be written now.
struct Writable {
    task: assignment::Model,
    call: call::Model,
    proposal: proposal::Model,
    kept: Vec<score::Model>,
}

/// The actor's own sheets that are still to be handed in, by code.
async fn writable(db: &impl ConnectionTrait, leave: Leave<'_>) -> Result<Vec<Writable>> {
    let tasks = scope::own_assignments(leave)
        .filter(assignment::Column::State.is_in([AssignmentState::Accepted, AssignmentState::InProgress]))
        .all(db)
        .await?;
    let calls = call::Entity::find()
        .filter(call::Column::Id.is_in(tasks.iter().map(|t| t.call_id)))
        .filter(call::Column::State.eq(CallState::Evaluating))
        .all(db)
        .await?;
    let proposals = proposal::Entity::find()
        .filter(proposal::Column::Id.is_in(tasks.iter().map(|t| t.proposal_id)))
        .all(db)
        .await?;
    let scores =
        score::Entity::find().filter(score::Column::AssignmentId.is_in(tasks.iter().map(|t| t.id))).all(db).await?;
    let one = |task: assignment::Model| {
        Some(Writable {
            call: calls.iter().find(|call| call.id == task.call_id)?.clone(),
            proposal: proposals.iter().find(|proposal| proposal.id == task.proposal_id)?.clone(),
            kept: scores.iter().filter(|row| row.assignment_id == task.id).cloned().collect(),
            task,
        })
    };
    let mut found: Vec<Writable> = tasks.into_iter().filter_map(one).collect();
    found.sort_by(|a, b| a.proposal.code.cmp(&b.proposal.code));
    Ok(found)
}

impl Writable {
    fn form(&self) -> FormSheet {
        let rules = &self.call.terms.evaluation;
        let scale = rules.scale;
        let words = match rules.min_comment_words {
            0 => String::new(),
            least => format!("; at least {least} words for each comment"),
        };
        let mut notes = vec![
            format!("{} {}", self.proposal.code, self.proposal.title),
            format!("Points from {} to {} in steps of {}{words}", scale.min, scale.max, scale.step),
        ];
        if rules.abstain {
            notes
                .push("To abstain from a criterion, write a line “abstain:” with your reason instead of points".into());
        }
        FormSheet { line: 0, id: self.task.id, version: self.task.version, notes, entries: self.entries() }
    }

    /// Every place of the sheet with what stands there now.
    fn entries(&self) -> Vec<FormEntry> {
        let mut entries = Vec::new();
        for (key, name) in places(&self.call.terms) {
            let row = self.kept.iter().find(|row| row.criterion == key);
            entries.push(FormEntry {
                line: 0,
                name,
                points: row.and_then(|r| r.points).map(|p| p.to_string()).unwrap_or_default(),
                comment: row.map(|r| r.comment.clone()).unwrap_or_default(),
                abstained: row.and_then(|r| r.abstained.clone()).unwrap_or_default(),
                key,
            });
        }
        let said = |key: &str, name: &str, comment: &str| FormEntry {
            key: key.to_owned(),
            name: name.to_owned(),
            comment: comment.to_owned(),
            ..FormEntry::default()
        };
        entries.push(said(WHOLE, "About the whole, to the applicant", &self.task.comment));
        entries.push(said(PRIVATE, "Private note, to panel and secretariat only", &self.task.private_note));
        entries
    }
}

/// Keys and names of the places for points; a criterion with parts has one of its own where one may abstain from it.
fn places(terms: &CallTerms) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for criterion in &terms.criteria {
        if criterion.sub_criteria.is_empty() || terms.evaluation.abstain {
            found.push((criterion.key.clone(), criterion.name.clone()));
        }
        for (key, part) in criterion.score_keys().into_iter().zip(&criterion.sub_criteria) {
            found.push((key, format!("{}: {}", criterion.name, part.name)));
        }
    }
    found
}

/// The form of one of the actor's own sheets, or of all that are still to be handed in.
pub struct FormOf(pub Option<AssignmentId>);

impl Query for FormOf {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<FormSheet>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<FormSheet>> {
        let sheets = writable(db.conn(), leave).await?;
        let wanted = |sheet: &&Writable| self.0.is_none_or(|id| sheet.task.id == id);
        Ok(sheets.iter().filter(wanted).map(Writable::form).collect())
    }
}

/// What a place says now and would say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormChange {
    pub place: String,
    pub before: String,
    pub after: String,
}

/// What a form would do to one sheet.
#[derive(Debug, Clone)]
pub struct PlannedSheet {
    pub id: AssignmentId,
    /// Code and title of the proposal.
    pub title: String,
    /// The version the sheet has now, which is the one the form was made from.
    pub version: i64,
    pub changes: Vec<FormChange>,
    /// The whole sheet as it would be, place by place.
    pub merged: Vec<FormEntry>,
}

/// What a form would do.
#[derive(Debug, Clone, Default)]
pub struct FormPlan {
    /// Sheets that would be changed; none while anything is wrong.
    pub sheets: Vec<PlannedSheet>,
    /// Sheets that say what the form says.
    pub same: usize,
    /// What is wrong, line by line.
    pub wrong: Vec<Wrong>,
}

/// What a form that was read would change.
pub struct PlanOf(pub Vec<FormSheet>);

impl Query for PlanOf {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = FormPlan;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<FormPlan> {
        let known = writable(db.conn(), leave).await?;
        let mut plan = FormPlan::default();
        for form in &self.0 {
            // Somebody else's sheet, one that was handed in and one that never was are all the same: not to be written.
            let Some(own) = known.iter().find(|sheet| sheet.task.id == form.id) else {
                plan.wrong.push(Wrong::new(form.line, "This is none of your sheets that can be changed now"));
                continue;
            };
            let code = &own.proposal.code;
            let planned = planned(own, form, &mut plan.wrong);
            if planned.changes.is_empty() {
                plan.same += 1;
            } else if own.task.version != form.version {
                let message = format!(
                    "The sheet of {code} was changed after this form was made. Nothing of it is overwritten: download \
                     the form again and copy your changes into it"
                );
                plan.wrong.push(Wrong::new(form.line, message));
            } else {
                plan.sheets.push(planned);
            }
        }
        plan.wrong.sort_by_key(|one| one.line);
        Ok(plan)
    }
}

fn planned(own: &Writable, form: &FormSheet, wrong: &mut Vec<Wrong>) -> PlannedSheet {
    let terms = &own.call.terms;
    let mut merged = own.entries();
    let mut changes = Vec::new();
    for entry in &form.entries {
        let Some(place) = merged.iter_mut().find(|place| place.key == entry.key) else {
            wrong.push(Wrong::new(entry.line, format!("The sheet has no place “{}”", entry.key)));
            continue;
        };
        if !entry.abstained.is_empty() && !terms.evaluation.abstain {
            wrong.push(Wrong::new(entry.line, "This call does not allow abstaining; give points"));
        }
        if !entry.abstained.is_empty() && !entry.points.is_empty() {
            wrong.push(Wrong::new(entry.line, "Give points or abstain, not both"));
        }
        let mut points = entry.points.clone();
        if !points.is_empty() {
            match rules::read_points(terms, &entry.key, &points) {
                Ok(read) => points = read.to_string(),
                Err(bad) => wrong.push(Wrong::new(entry.line, format!("{}: {}", place.name, bad.0))),
            }
        }
        let name = place.name.clone();
        let pairs = [
            ("points", &mut place.points, points),
            ("comment", &mut place.comment, entry.comment.trim().to_owned()),
            ("why you abstain", &mut place.abstained, entry.abstained.clone()),
        ];
        for (what, now, after) in pairs {
            if now.trim() != after {
                let place = format!("{name}, {what}");
                changes.push(FormChange { place, before: now.clone(), after: after.clone() });
                *now = after;
            }
        }
    }
    PlannedSheet {
        id: own.task.id,
        title: format!("{} {}", own.proposal.code, own.proposal.title),
        version: own.task.version,
        changes,
        merged,
    }
}
