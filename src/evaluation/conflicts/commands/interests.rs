//! What people state of themselves.

use crate::{
    evaluation::{conflicts::events::InterestEvent, rules::signature},
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, ForField},
    },
};
use chrono::{Months, NaiveDate};
use entity::{
    accounts::account,
    evaluation::{interest, interest_statement},
    types::{
        country::Country,
        ids::{AccountId, InterestId, StatementId},
        period,
        states::InterestKind,
        text::{self, Email},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::json;

/// The most interests somebody may state.
const MOST: u64 = 200;

/// States an interest.
#[derive(Clone, Default)]
pub struct AddInterest {
    /// The word of an [`InterestKind`].
    pub kind: String,
    pub name: String,
    pub registration_no: String,
    /// A country's code; may be empty.
    pub country: String,
    pub detail: String,
    /// The day it ended, `2017-05-31`; empty while it lasts.
    pub until: String,
}

impl Command for AddInterest {
    const NEEDS: Permission = Permission::DeclareInterests;
    type Output = InterestId;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<InterestId>> {
        let me = leave.account()?;
        let mut errors = FieldErrors::default();
        let kind = errors.take("kind", self.kind.parse::<InterestKind>());
        let name = match kind {
            Some(InterestKind::Email) => {
                errors.take("name", Email::parse(&self.name)).map(|email| email.as_str().to_owned())
            }
            _ => errors.take("name", text::line(&self.name, 200)),
        };
        let number = errors.take("registration_no", text::optional_line(&self.registration_no, 60));
        let detail = errors.take("detail", text::optional_line(&self.detail, 300));
        let country = match self.country.trim() {
            "" => None,
            code => errors.take("country", code.parse::<Country>()),
        };
        let until = match self.until.trim() {
            "" => None,
            day => errors.take("until", day.parse::<NaiveDate>().map_err(|_| "Enter a day, or leave it empty")),
        };
        let (Some(kind), Some(name), Some(number), Some(detail), true) =
            (kind, name, number, detail, errors.is_empty())
        else {
            return Err(AppError::Invalid(errors));
        };
        let own = interest::Entity::find()
            .filter(interest::Column::AccountId.eq(me))
            .filter(interest::Column::WithdrawnAt.is_null());
        if own.count(tx.conn()).await? >= MOST {
            return Err(AppError::refused("too_many", "This is as much as a list can hold. Take back what is over."));
        }
        let id: InterestId = tx.new_id();
        let row = interest::ActiveModel {
            id: Set(id),
            account_id: Set(me),
            kind: Set(kind),
            name: Set(name),
            registration_no: Set(number),
            country: Set(country),
            detail: Set(detail.unwrap_or_default()),
            until: Set(until),
            created_at: Set(tx.now()),
            withdrawn_at: Set(None),
        };
        interest::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        Ok(tx.done(InterestEvent::Added { account: me, kind }, id))
    }
}

/// Takes an interest back that was stated by mistake or is long over.
#[derive(Clone)]
pub struct WithdrawInterest(pub InterestId);

impl Command for WithdrawInterest {
    const NEEDS: Permission = Permission::DeclareInterests;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let me = leave.account()?;
        let row = interest::Entity::find_by_id(self.0)
            .filter(interest::Column::AccountId.eq(me))
            .filter(interest::Column::WithdrawnAt.is_null())
            .one(tx.conn())
            .await?
            .ok_or(AppError::NotFound)?;
        let kind = row.kind;
        let mut change: interest::ActiveModel = row.into();
        change.withdrawn_at = Set(Some(tx.now()));
        change.update(tx.conn()).await?;
        Ok(tx.done(InterestEvent::Withdrawn { account: me, kind }, ()))
    }
}

/// Signs the list as it is; an empty one says that there is nothing.
#[derive(Clone)]
pub struct SignInterests {
    pub signed_name: String,
    /// Whether the sentence above the signature was ticked.
    pub declared: bool,
}

impl Command for SignInterests {
    const NEEDS: Permission = Permission::DeclareInterests;
    type Output = StatementId;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<StatementId>> {
        let me = leave.account()?;
        let name = account::Entity::find_by_id(me).one(tx.conn()).await?.ok_or(AppError::NotFound)?.name;
        let typed = text::line(&self.signed_name, 120).for_field("signed_name")?;
        if !self.declared {
            return Err(AppError::invalid("declared", "Confirm that the list is complete"));
        }
        signature(&typed, &name).for_field("signed_name")?;
        let rows = interest::Entity::find()
            .filter(interest::Column::AccountId.eq(me))
            .filter(interest::Column::WithdrawnAt.is_null())
            .order_by_asc(interest::Column::Id)
            .all(tx.conn())
            .await?;
        let line = |row: &interest::Model| {
            json!({
                "kind": row.kind, "name": row.name, "registration_no": row.registration_no,
                "country": row.country, "detail": row.detail, "until": row.until,
            })
        };
        let content: Vec<_> = rows.iter().map(line).collect();
        let valid_until = tx.now().checked_add_months(Months::new(12)).unwrap_or(tx.now());
        let id: StatementId = tx.new_id();
        let row = interest_statement::ActiveModel {
            id: Set(id),
            account_id: Set(me),
            signed_name: Set(typed),
            signed_at: Set(tx.now()),
            valid_until: Set(valid_until),
            content: Set(json!(content)),
        };
        interest_statement::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        let lines = rows.len();
        Ok(tx.done(InterestEvent::Signed { account: me, statement: id, valid_until, lines }, id))
    }
}

/// Reminds somebody whose statement ends soon.
#[derive(Clone)]
pub struct RemindOfInterests(pub StatementId, pub AccountId);

impl Command for RemindOfInterests {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Account(self.1)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let latest = interest_statement::Entity::find()
            .filter(interest_statement::Column::AccountId.eq(self.1))
            .order_by_desc(interest_statement::Column::SignedAt)
            .one(tx.conn())
            .await?
            .filter(|row| row.id == self.0)
            .ok_or_else(|| AppError::refused("signed_again", "The list was signed again meanwhile."))?;
        let until = period::day(latest.valid_until.date_naive());
        Ok(tx.done(InterestEvent::Reminded { account: self.1, until }, ()))
    }
}
