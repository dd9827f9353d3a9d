//! Every letter before it is released, and the lists that agencies confirm.

use super::{
    super::{
        events::{Told, mail_text},
        letters, rules,
        walk::{self, Walk},
    },
    board::{DecisionBoard, Reader, board},
    feedback::{self, LetterDue},
};
use crate::{
    documents::letters::DecisionLetter,
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use chrono::{DateTime, Utc};
use entity::types::{
    ids::{AnnexId, CallId, PartId},
    states::Outcome,
};
use std::collections::BTreeMap;

/// Who would newly see what when the decisions are released.
#[derive(Debug, Clone)]
pub struct ReleasePreview {
    pub board: DecisionBoard,
    pub letters: Vec<PreviewLetter>,
    /// The lists of the reader's own agencies.
    pub lists: Vec<ListToConfirm>,
    /// The marks of all decisions of the call, for the release.
    pub seen: String,
}

impl ReleasePreview {
    /// How many letters tell this outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.letters.iter().filter(|l| l.outcome == outcome).count()
    }
}

/// One agency's list as its officer confirms it.
#[derive(Debug, Clone)]
pub struct ListToConfirm {
    pub annex: AnnexId,
    pub agency: String,
    pub parts: usize,
    pub undecided: usize,
    /// The marks of its decisions.
    pub seen: String,
    pub confirmed: Option<(String, DateTime<Utc>)>,
    /// Whether it was confirmed before and has changed since.
    pub changed: bool,
    pub may_confirm: bool,
}

/// One letter with its mail, as they will be.
#[derive(Debug, Clone)]
pub struct PreviewLetter {
    pub part: PartId,
    pub code: String,
    pub organisation: String,
    pub agency: String,
    pub outcome: Outcome,
    pub label: &'static str,
    pub recipients: Vec<String>,
    pub mail_subject: String,
    pub mail_text: String,
    pub letter: DecisionLetter,
    /// Whether the officer who signs has confirmed already.
    pub signed: bool,
}

/// The letters of a call: all of them for the secretariat and auditors, an agency's own for its officers.
pub struct PreviewOf(pub CallId);

impl Query for PreviewOf {
    const NEEDS: Permission = Permission::ReadDecisions;
    type Output = ReleasePreview;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<ReleasePreview> {
        // Who has a conflict of interest sees, and sends back, what there would be without that proposal.
        let hidden = scope::conflicted(db.conn(), leave.actor()).await?;
        let walk = walk::load(db.conn(), self.0).await?.without(&hidden);
        let visible = walk.visible(db.conn(), leave).await?;
        let reader = Reader::of(leave);
        let due = feedback::letters(db.conn(), &walk, |line, part| {
            visible.contains(&line.proposal.id) && reader.reads(part.agency)
        });
        let due: BTreeMap<_, LetterDue> = due.await?.into_iter().map(|one| (one.decision, one)).collect();
        let shown: Vec<PartId> = walk
            .parts()
            .filter(|(_, p)| p.decision.as_ref().is_some_and(|d| due.contains_key(&d.id)))
            .map(|(_, p)| p.part.id)
            .collect();
        let people = letters::people_of(db.conn(), &shown).await?;
        let today = db.now().with_timezone(&walk.call.terms.zone).date_naive();
        let mut previews = Vec::new();
        for (_, part) in walk.parts() {
            let Some(one) = part.decision.as_ref().and_then(|d| due.get(&d.id)) else { continue };
            let mail = mail_text(&told(one, part.part.id));
            let (subject, text) = mail.split_once('\n').unwrap_or((mail.as_str(), ""));
            previews.push(PreviewLetter {
                part: part.part.id,
                code: one.feedback.code.clone(),
                organisation: part.organisation.clone(),
                agency: one.feedback.agency.clone(),
                outcome: one.feedback.outcome,
                label: rules::outcome_label(one.feedback.outcome, one.feedback.amount),
                recipients: people.get(&part.part.id).cloned().unwrap_or_default(),
                mail_subject: subject.to_owned(),
                mail_text: text.trim().to_owned(),
                letter: letters::letter(one, today),
                signed: walk.agency(part.agency).is_some_and(|a| walk.confirmation(a).is_some()),
            });
        }
        Ok(ReleasePreview {
            lists: lists(&walk, leave, &reader),
            seen: rules::seen(&walk.decided(None)),
            board: board(&walk, leave, &visible, &BTreeMap::new())?,
            letters: previews,
        })
    }
}

fn lists(walk: &Walk, leave: Leave<'_>, reader: &Reader) -> Vec<ListToConfirm> {
    let own = walk.deciding().filter(|agency| reader.own.contains(&agency.agency));
    let list = |agency: &walk::AgencyMoney| {
        let of = || walk.parts().filter(|(_, p)| p.agency == agency.agency);
        let confirmed = walk.confirmation(agency);
        let undecided = walk.undecided(agency.agency);
        ListToConfirm {
            annex: agency.annex,
            agency: agency.name.clone(),
            parts: of().count(),
            undecided,
            seen: rules::seen(&walk.decided(Some(agency.agency))),
            confirmed: confirmed.map(|c| (c.name.clone(), c.at)),
            changed: confirmed.is_none() && agency.confirmed.is_some(),
            may_confirm: leave.may(Permission::ConfirmDecisions) && confirmed.is_none() && undecided == 0,
        }
    };
    own.map(list).collect()
}

/// What the mail of a letter will tell.
fn told(due: &LetterDue, part: PartId) -> Told {
    let feedback = &due.feedback;
    Told {
        proposal: feedback.proposal,
        part,
        code: feedback.code.clone(),
        title: feedback.title.clone(),
        agency: feedback.agency.clone(),
        outcome: feedback.outcome,
        amount: feedback.amount,
        reason: feedback.reason.clone(),
        conditions: feedback.conditions.clone(),
        reserve_place: feedback.reserve.map(|(place, _)| place),
        reserve_until: feedback.reserve.map(|(_, until)| until),
    }
}
