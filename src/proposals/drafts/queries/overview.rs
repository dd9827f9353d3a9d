//! A proposal's task list.

use crate::{
    calls::questions,
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject},
    proposals::{
        Place,
        dossier::{self, Dossier, Head, PartFile, PartHead, Status, applicants_only, check},
        rules::Severity,
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    accounts::invitation,
    types::{
        ids::{PartId, ProposalId},
        states::{InvitationKind, LetterState},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// The task list of a proposal for one of its applicants.
pub struct ProposalOverview(pub ProposalId);

#[derive(Debug, Clone)]
pub struct Overview {
    pub head: Head,
    pub version: i64,
    pub percent: usize,
    pub joint: Vec<SectionLine>,
    /// Why the joint sections cannot be changed; none when they can.
    pub joint_fixed: Option<String>,
    /// The reader's own parts with their sections.
    pub own: Vec<(PartHead, Vec<SectionLine>)>,
    pub parts: Vec<PartLine>,
    /// What the consortium as a whole lacks.
    pub consortium: Vec<String>,
    /// Partners who were invited and have not answered.
    pub pending: Vec<String>,
}

/// A section in the task list.
#[derive(Debug, Clone)]
pub struct SectionLine {
    pub key: String,
    pub title: String,
    pub status: Status,
    pub done: usize,
    pub total: usize,
    pub asked: bool,
    pub assigned: String,
    /// Whether it was given to the reader.
    pub mine: bool,
    pub due_on: Option<NaiveDate>,
}

/// A part in the table of partners.
#[derive(Debug, Clone)]
pub struct PartLine {
    pub head: PartHead,
    pub country: &'static str,
    pub people: usize,
    /// Whether the reader may look inside.
    pub seen: bool,
    pub answers: (usize, usize),
    pub companies: usize,
    pub companies_wanted: u32,
    pub companies_fine: bool,
    pub budget: Option<entity::types::money::Money>,
    pub budget_fine: bool,
    /// Letters signed, and letters asked for.
    pub letters: (usize, usize),
    /// How many things stand against submitting, letters and attachments aside.
    pub errors: usize,
}

impl Overview {
    /// Whether everything the reader can fill in is complete.
    pub fn complete(&self) -> bool {
        let lines = self.joint.iter().chain(self.own.iter().flat_map(|(_, lines)| lines));
        !self.own.is_empty() && lines.into_iter().all(|l| l.status == Status::Complete)
    }

    /// The part with this id in the table.
    pub fn line(&self, id: PartId) -> Option<&PartLine> {
        self.parts.iter().find(|p| p.head.id == id)
    }
}

impl Query for ProposalOverview {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = Overview;

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Overview> {
        applicants_only(leave)?;
        let dossier = dossier::load(db.conn(), self.0).await?;
        let invited = invitation::Entity::find()
            .filter(invitation::Column::ProposalId.eq(self.0))
            .filter(invitation::Column::Kind.eq(InvitationKind::Partner))
            .filter(invitation::Column::AnsweredAt.is_null())
            .filter(invitation::Column::WithdrawnAt.is_null())
            .filter(invitation::Column::ExpiresAt.gt(db.now()))
            .order_by_asc(invitation::Column::CreatedAt)
            .all(db.conn())
            .await?;
        let today = db.now().with_timezone(&dossier.terms().zone).date_naive();
        let own = dossier.own_parts(leave);
        let lines = |place| lines(&dossier, leave, place, today);
        Ok(Overview {
            version: dossier.proposal.version,
            percent: check::percent(&dossier, &own, today),
            joint: lines(Place::Joint),
            joint_fixed: dossier.why_fixed(leave, Place::Joint),
            own: own.iter().map(|p| (dossier.part_head(p, leave), lines(Place::Part(p.row.id)))).collect(),
            parts: dossier.parts.iter().map(|p| part_line(&dossier, p, leave, db.now())).collect(),
            consortium: check::consortium(&dossier).into_iter().map(|f| f.message).collect(),
            pending: invited.into_iter().map(|i| format!("{} ({})", i.name, i.email)).collect(),
            head: dossier.head(leave),
        })
    }
}

fn lines(dossier: &Dossier, leave: Leave<'_>, place: Place, today: NaiveDate) -> Vec<SectionLine> {
    let line = |s: check::SectionStatus| {
        let task = dossier.task(place, &s.key);
        let assigned = task.and_then(|t| t.assigned_to);
        SectionLine {
            assigned: dossier.name(assigned).to_owned(),
            mine: assigned.is_some() && assigned == leave.actor().account(),
            due_on: task.and_then(|t| t.due_on),
            key: s.key,
            title: s.title,
            status: s.status,
            done: s.done,
            total: s.total,
            asked: s.asked,
        }
    };
    check::statuses(dossier, place, today).into_iter().map(line).collect()
}

fn part_line(dossier: &Dossier, part: &PartFile, leave: Leave<'_>, now: DateTime<Utc>) -> PartLine {
    let today = dossier.today(part, now);
    let place = Place::Part(part.row.id);
    let found = check::findings_of_part(dossier, part, today);
    let errors = found.iter().filter(|(_, f)| f.severity == Severity::Error);
    let fine = |section: &str| !errors.clone().any(|(s, _)| *s == section);
    let asked = check::statuses(dossier, place, today).into_iter().filter(|s| s.asked);
    let answers = asked.fold((0, 0), |(done, total), s| (done + s.done, total + s.total));
    let unanswered: usize = {
        let given = dossier.answers(place);
        dossier.sections(place).iter().map(|s| questions::missing(s, &given).len()).sum()
    };
    let costs = part.costs.iter().fold(0_i64, |sum, c| sum.saturating_add(c.minor));
    let wanted = part.letters.iter().filter(|l| l.state != LetterState::Withdrawn);
    PartLine {
        head: dossier.part_head(part, leave),
        country: part.organisation.country.name(),
        people: dossier.team.iter().filter(|(m, _)| m.part_id == Some(part.row.id)).count(),
        seen: dossier.sees(leave, part.row.id),
        answers,
        companies: part.participants.len(),
        companies_wanted: part.annex.terms.min_smes,
        companies_fine: fine("companies"),
        budget: (costs > 0).then(|| entity::types::money::Money::new(costs, part.row.currency)),
        budget_fine: fine("budget"),
        letters: (wanted.clone().filter(|l| l.state == LetterState::Signed).count(), wanted.count()),
        errors: errors.count() + unanswered,
    }
}
