//! The costs and the financing of a part, kept as one.

use super::{
    super::{
        events::PartEvent,
        queries::budget_of,
        rules::{Budget, Contribution, Cost},
    },
    Open,
};
use crate::{
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors, event::Change},
    proposals::drafts::commands::touch,
};
use entity::{
    calls::call,
    proposals::{activity_line, cost_line, funding_line, part},
    types::{
        ids::{ActivityLineId, CostLineId, FundingLineId, PartId},
        money::Money,
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// Most lines of costs or of contributions.
const MOST: usize = 200;

/// Keeps the budget of a part, whether or not it holds the rules of the agency.
#[derive(Clone)]
pub struct SaveBudget {
    pub part: PartId,
    pub budget: Budget,
    /// The digest of the budget the sender saw.
    pub seen: String,
}

impl Command for SaveBudget {
    const NEEDS: Permission = Permission::EditPart;
    /// The digest of the budget as it is kept now.
    type Output = String;

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<String>> {
        let open = Open::load(tx, leave, self.part).await?;
        let activities = activities(tx, self.part).await?;
        check(tx, &open, &self.budget, activities.len()).await?;
        let (costs, funding) = kept(tx, self.part).await?;
        let now = budget_of(open.part.requested_minor, &activities, &costs, &funding);
        let sent = trimmed(self.budget);
        let show = |minor| Money::new(minor, open.part.currency).to_string();
        let changes = vec![
            Change::new("asked for", show(now.requested), show(sent.requested)),
            Change::new("costs", show(total(&now)), show(total(&sent))),
        ];
        if sent != now {
            if now.digest() != self.seen && sent.digest() != self.seen {
                return Err(open.stale(tx, open.part.version).await?);
            }
            if now.digest() == self.seen {
                write_costs(tx, self.part, &sent.costs, costs, &activities).await?;
                write_funding(tx, self.part, &sent.funding, funding).await?;
                let (id, version) = (open.part.id, open.part.version + 1);
                let row = part::ActiveModel {
                    id: Set(id),
                    requested_minor: Set(sent.requested),
                    version: Set(version),
                    ..Default::default()
                };
                row.update(tx.conn()).await?;
                touch(tx, leave, open.draft.id).await?;
            }
        }
        let (requested, total) = (show(sent.requested), show(total(&sent)));
        let event = PartEvent::BudgetSaved { at: open.at(), requested, total, changes };
        Ok(tx.done(event, sent.digest()))
    }
}

fn total(budget: &Budget) -> i64 {
    budget.costs.iter().fold(0, |sum: i64, cost| sum.saturating_add(cost.minor))
}

fn trimmed(mut budget: Budget) -> Budget {
    let costs = budget.costs.iter_mut().map(|c| &mut c.description);
    for text in costs.chain(budget.funding.iter_mut().map(|f| &mut f.description)) {
        *text = text.trim().to_owned();
    }
    budget
}

async fn check(tx: &Tx, open: &Open, budget: &Budget, activities: usize) -> Result<()> {
    let call = call::Entity::find_by_id(open.draft.call_id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    let mut errors = FieldErrors::default();
    if budget.costs.len() > MOST || budget.funding.len() > MOST {
        errors.add("", format!("A budget has at most {MOST} lines"));
    }
    for (i, cost) in budget.costs.iter().enumerate() {
        if !call.terms.cost_categories.iter().any(|c| c.key == cost.category) {
            errors.add(format!("cost.{i}.category"), "Choose one from the list");
        }
        if cost.activity.is_some_and(|at| at >= activities) {
            errors.add(format!("cost.{i}.activity"), "Choose one from the list");
        }
        let _ = errors.take(&format!("cost.{i}.description"), text::optional_line(&cost.description, 200));
    }
    for (i, line) in budget.funding.iter().enumerate() {
        let _ = errors.take(&format!("funding.{i}.description"), text::optional_line(&line.description, 200));
    }
    errors.done()
}

async fn activities(tx: &Tx, part: PartId) -> Result<Vec<ActivityLineId>> {
    let rows = activity_line::Entity::find()
        .filter(activity_line::Column::PartId.eq(part))
        .order_by_asc(activity_line::Column::Position)
        .order_by_asc(activity_line::Column::Id)
        .all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn kept(tx: &Tx, part: PartId) -> Result<(Vec<cost_line::Model>, Vec<funding_line::Model>)> {
    let costs = cost_line::Entity::find()
        .filter(cost_line::Column::PartId.eq(part))
        .order_by_asc(cost_line::Column::Position)
        .order_by_asc(cost_line::Column::Id)
        .all(tx.conn())
        .await?;
    let funding = funding_line::Entity::find()
        .filter(funding_line::Column::PartId.eq(part))
        .order_by_asc(funding_line::Column::Position)
        .order_by_asc(funding_line::Column::Id)
        .all(tx.conn())
        .await?;
    Ok((costs, funding))
}

async fn write_costs(
    tx: &Tx,
    part: PartId,
    sent: &[Cost],
    known: Vec<cost_line::Model>,
    activities: &[ActivityLineId],
) -> Result<()> {
    for row in known.iter().skip(sent.len()) {
        cost_line::Entity::delete_by_id(row.id).exec(tx.conn()).await?;
    }
    for (i, cost) in sent.iter().enumerate() {
        let old = known.get(i);
        let row = cost_line::Model {
            id: old.map_or_else(|| tx.new_id::<CostLineId>(), |row| row.id),
            part_id: part,
            position: i32::try_from(i).unwrap_or(i32::MAX),
            category: cost.category.clone(),
            activity_line_id: cost.activity.and_then(|at| activities.get(at)).copied(),
            description: cost.description.clone(),
            minor: cost.minor,
            version: old.map_or(1, |row| row.version + 1),
        };
        match old {
            None => {
                let row: cost_line::ActiveModel = row.into();
                cost_line::Entity::insert(row.reset_all()).exec_without_returning(tx.conn()).await?;
            }
            Some(old) if (cost_line::Model { version: old.version, ..row.clone() }) == *old => {}
            Some(_) => {
                let row: cost_line::ActiveModel = row.into();
                row.reset_all().update(tx.conn()).await?;
            }
        }
    }
    Ok(())
}

async fn write_funding(tx: &Tx, part: PartId, sent: &[Contribution], known: Vec<funding_line::Model>) -> Result<()> {
    for row in known.iter().skip(sent.len()) {
        funding_line::Entity::delete_by_id(row.id).exec(tx.conn()).await?;
    }
    for (i, line) in sent.iter().enumerate() {
        let old = known.get(i);
        let row = funding_line::Model {
            id: old.map_or_else(|| tx.new_id::<FundingLineId>(), |row| row.id),
            part_id: part,
            position: i32::try_from(i).unwrap_or(i32::MAX),
            source: line.source,
            description: line.description.clone(),
            minor: line.minor,
            version: old.map_or(1, |row| row.version + 1),
        };
        match old {
            None => {
                let row: funding_line::ActiveModel = row.into();
                funding_line::Entity::insert(row.reset_all()).exec_without_returning(tx.conn()).await?;
            }
            Some(old) if (funding_line::Model { version: old.version, ..row.clone() }) == *old => {}
            Some(_) => {
                let row: funding_line::ActiveModel = row.into();
                row.reset_all().update(tx.conn()).await?;
            }
        }
    }
    Ok(())
}
