//! Giving sections to people.

use super::super::events::{Assignee, ConsortiumEvent};
use super::{member, named};
use crate::{
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
    proposals::{
        Place,
        dossier::check::PART_SECTIONS,
        drafts::commands::{name_of, new_task, section_of, task, working, writable},
    },
};
use chrono::NaiveDate;
use entity::{
    proposals::section_task,
    types::{
        ids::{AccountId, ProposalId},
        period,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

/// Gives a section to somebody of the team, with a day until which it is wanted, or to nobody.
#[derive(Clone)]
pub struct AssignSection {
    pub proposal: ProposalId,
    pub place: Place,
    /// Key of a section of the call, or of the sections every part has.
    pub section: String,
    pub to: Option<AccountId>,
    pub due_on: Option<NaiveDate>,
}

impl Command for AssignSection {
    const NEEDS: Permission = Permission::EditProposal;
    type Output = ();

    fn about(&self) -> Subject {
        self.place.subject(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let account = leave.account()?;
        let draft = working(tx, self.proposal).await?;
        let own = writable(tx, leave, draft.id, self.place).await?;
        let built_in = PART_SECTIONS.iter().find(|(key, _)| *key == self.section && self.place.part().is_some());
        let (title, path) = match (built_in, self.place) {
            (Some((key, title)), Place::Part(part)) => {
                ((*title).to_owned(), format!("/proposals/{}/parts/{part}/{key}", draft.id))
            }
            (_, place) => {
                let section = section_of(tx, &draft, &own, place, &self.section).await?;
                let base = match place {
                    Place::Joint => format!("/proposals/{}", draft.id),
                    Place::Part(part) => format!("/proposals/{}/parts/{part}", draft.id),
                };
                (section.title, format!("{base}/sections/{}", section.key))
            }
        };
        if let Some(to) = self.to {
            let here = member(tx, draft.id, to).await?;
            let fits = here.is_some_and(|m| self.place.part().is_none() || m.part_id == self.place.part());
            if !fits {
                return Err(AppError::invalid("to", "Choose somebody who works here"));
            }
        }
        if self.due_on.is_some_and(|day| day < tx.now().date_naive()) {
            return Err(AppError::invalid("due_on", "Choose a day that is not over"));
        }
        let known = task(tx, draft.id, self.place, &self.section).await?;
        let exists = known.is_some();
        let mut row: section_task::ActiveModel = match known {
            Some(row) => row.into(),
            None => new_task(tx, draft.id, self.place, &self.section),
        };
        row.assigned_to = Set(self.to);
        row.due_on = Set(self.due_on.filter(|_| self.to.is_some()));
        if exists {
            row.update(tx.conn()).await?;
        } else {
            section_task::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        }
        let to = match self.to {
            None => None,
            Some(to) => Some(Assignee {
                account: to,
                name: name_of(tx, Some(to)).await?,
                due: self.due_on.map(period::day).unwrap_or_default(),
                oneself: to == account,
            }),
        };
        let by = name_of(tx, Some(account)).await?;
        let event =
            ConsortiumEvent::Assigned { proposal: named(&draft), place: self.place, section: title, path, to, by };
        Ok(tx.done(event, ()))
    }
}
