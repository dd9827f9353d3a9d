//! The activities of a part.

use super::{super::events::PartEvent, Open};
use crate::{
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
    proposals::{drafts::commands::touch, rules::activities::blocked},
};
use entity::{
    calls::{annex, call},
    organisations::organisation,
    proposals::activity_line,
    types::{
        ids::{ActivityLineId, PartId},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Plans an activity in a part, or changes one; kinds the home agency does not support are refused.
#[derive(Clone)]
pub struct SaveActivity {
    pub part: PartId,
    /// None for a new activity.
    pub id: Option<ActivityLineId>,
    /// Key of an activity of the call.
    pub activity: String,
    pub title: String,
    pub description: String,
    pub place: String,
    pub start_month: i32,
    pub end_month: i32,
    /// How many companies are expected.
    pub participants: i32,
    pub seen: i64,
}

impl Command for SaveActivity {
    const NEEDS: Permission = Permission::EditPart;
    /// The activity and its new version.
    type Output = (ActivityLineId, i64);

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<Self::Output>> {
        let open = Open::load(tx, leave, self.part).await?;
        let mut errors = FieldErrors::default();
        let title = errors.take("title", text::line(&self.title, 200));
        let description = errors.take("description", text::prose(&self.description, 10_000));
        let place = errors.take("place", text::optional_line(&self.place, 120));
        for (field, n) in [("start_month", self.start_month), ("end_month", self.end_month)] {
            if !(0..=120).contains(&n) {
                errors.add(field, "Enter a month of the project, from 1");
            }
        }
        if !(0..=100_000).contains(&self.participants) {
            errors.add("participants", "Enter a number from 0");
        }
        if let Some(reason) = blocked_here(tx, &open, &self.activity).await? {
            errors.add("activity", reason);
        }
        errors.done()?;
        let known = match self.id {
            None => None,
            Some(id) => Some(planned(tx, self.part, id).await?),
        };
        let position = match &known {
            Some(row) => row.position,
            None => {
                let mine = activity_line::Entity::find().filter(activity_line::Column::PartId.eq(self.part));
                i32::try_from(mine.count(tx.conn()).await?).unwrap_or(i32::MAX)
            }
        };
        let row = activity_line::Model {
            id: known.as_ref().map_or_else(|| tx.new_id::<ActivityLineId>(), |row| row.id),
            part_id: self.part,
            position,
            activity: self.activity,
            title: title.unwrap_or_default(),
            description: description.unwrap_or_default(),
            place: place.flatten().unwrap_or_default(),
            start_month: self.start_month,
            end_month: self.end_month,
            participants: self.participants,
            version: known.as_ref().map_or(1, |row| row.version + 1),
        };
        if let Some(known) = &known
            && known.version != self.seen
            && (activity_line::Model { version: known.version, ..row.clone() }) != *known
        {
            return Err(open.stale(tx, known.version).await?);
        }
        let (id, version, title, new) = (row.id, row.version, row.title.clone(), known.is_none());
        let active: activity_line::ActiveModel = row.into();
        if new {
            activity_line::Entity::insert(active.reset_all()).exec_without_returning(tx.conn()).await?;
        } else {
            active.reset_all().update(tx.conn()).await?;
        }
        touch(tx, leave, open.draft.id).await?;
        Ok(tx.done(PartEvent::ActivitySaved { at: open.at(), title, new }, (id, version)))
    }
}

/// Takes an activity out of a part that is still a draft; its costs stay, without it.
#[derive(Clone)]
pub struct RemoveActivity {
    pub part: PartId,
    pub id: ActivityLineId,
}

impl Command for RemoveActivity {
    const NEEDS: Permission = Permission::EditPart;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let open = Open::load(tx, leave, self.part).await?;
        let row = planned(tx, self.part, self.id).await?;
        activity_line::Entity::delete_by_id(row.id).exec(tx.conn()).await?;
        touch(tx, leave, open.draft.id).await?;
        Ok(tx.done(PartEvent::ActivityRemoved { at: open.at(), title: row.title }, ()))
    }
}

async fn planned(tx: &Tx, part: PartId, id: ActivityLineId) -> Result<activity_line::Model> {
    let row = activity_line::Entity::find_by_id(id).one(tx.conn()).await?;
    row.filter(|row| row.part_id == part).ok_or(AppError::NotFound)
}

async fn blocked_here(tx: &Tx, open: &Open, kind: &str) -> Result<Option<String>> {
    let call = call::Entity::find_by_id(open.draft.call_id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    let found =
        annex::Entity::find_by_id(open.part.annex_id).find_also_related(organisation::Entity).one(tx.conn()).await?;
    let (annex, agency) = found.ok_or(AppError::NotFound)?;
    let agency = agency.map(|a| a.name).unwrap_or_default();
    Ok(blocked(&call.terms, &agency, &annex.terms, kind))
}
