//! What people and the schedule do with mails.

use super::{
    events::{MailEvent, Quote},
    rules,
};
use crate::{
    jobs::{Task, bulk},
    kernel::{Actor, App, AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    notifications::{mail, preference},
    types::{
        ids::{AccountId, MailId},
        states::{MailClass, MailPace, MailState},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use serde_json::{Value, json};

/// Chooses how fast the actor's mails of these classes come.
#[derive(Clone)]
pub struct SetPaces(pub Vec<(MailClass, MailPace)>);

impl Command for SetPaces {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let account = leave.account()?;
        if self.0.iter().any(|(class, _)| *class == MailClass::Essential) {
            return Err(AppError::refused(
                "essential_mail",
                "Receipts, decisions and messages about the security of your account always come at once.",
            ));
        }
        if self.0.contains(&(MailClass::Work, MailPace::Never)) {
            return Err(AppError::refused("work_mail", "Things to do come at once or once a day, never not at all."));
        }
        for (class, pace) in &self.0 {
            preference::Entity::delete_by_id((account, *class)).exec(tx.conn()).await?;
            let row = preference::ActiveModel { account_id: Set(account), class: Set(*class), pace: Set(*pace) };
            preference::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        }
        Ok(tx.done(MailEvent::PacesSet { account, paces: self.0 }, ()))
    }
}

/// Puts a mail back into the queue.
#[derive(Clone)]
pub struct SendAgain(pub MailId);

impl Command for SendAgain {
    const NEEDS: Permission = Permission::ManageMail;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = mail::Entity::find_by_id(self.0).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let sent = MailEvent::SentAgain { mail: row.id, address: row.address.clone(), subject: row.subject.clone() };
        let message_id = match row.state {
            MailState::Failed | MailState::Kept => row.message_id.clone(),
            // A mail that arrived before needs another id, or mail programs would hide it as a copy.
            MailState::Sent => {
                let host = row.message_id.rsplit_once('@').map_or("localhost", |(_, host)| host).to_owned();
                format!("{}@{host}", tx.new_id::<MailId>())
            }
            MailState::Queued => return Err(AppError::refused("mail_queued", "This mail is on its way already.")),
            MailState::Held | MailState::Digested => {
                return Err(AppError::refused("mail_held", "This mail comes with the daily digest of its reader."));
            }
        };
        let mut change: mail::ActiveModel = row.into();
        change.state = Set(MailState::Queued);
        change.attempts = Set(0);
        change.next_at = Set(tx.now());
        change.error = Set(None);
        change.message_id = Set(message_id);
        change.update(tx.conn()).await?;
        Ok(tx.done(sent, ()))
    }
}

/// Combines the held mails of one account into one; without any, there is nothing to do.
#[derive(Clone)]
pub struct CombineHeld(pub AccountId);

impl Command for CombineHeld {
    const NEEDS: Permission = Permission::ManageMail;
    type Output = usize;

    fn about(&self) -> Subject {
        Subject::Account(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<usize>> {
        let held = mail::Entity::find()
            .filter(mail::Column::AccountId.eq(self.0))
            .filter(mail::Column::State.eq(MailState::Held))
            .order_by_asc(mail::Column::CreatedAt)
            .order_by_asc(mail::Column::Id)
            .all(tx.conn())
            .await?;
        if held.is_empty() {
            return Err(AppError::refused("nothing_held", "There is nothing to combine."));
        }
        mail::Entity::update_many()
            .col_expr(mail::Column::State, Expr::value(MailState::Digested))
            .col_expr(mail::Column::SentAt, Expr::value(tx.now()))
            .filter(mail::Column::Id.is_in(held.iter().map(|mail| mail.id)))
            .exec(tx.conn())
            .await?;
        let mails: Vec<Quote> =
            held.into_iter().map(|mail| Quote { subject: mail.subject, body: rules::quoted(&mail.text) }).collect();
        let count = mails.len();
        Ok(tx.done(MailEvent::Digested { account: self.0, mails }, count))
    }
}

/// The job `notifications.digest`: one mail a day for everybody who has held ones.
///
/// # Errors
/// When the database cannot be asked.
pub async fn digest(app: App, task: Task) -> Result<Value> {
    let system = Actor::System("the daily digest");
    let people = app.ask(&system, super::queries::PeopleWithHeldMail).await?;
    let mut combined = 0;
    for (done, account) in people.iter().enumerate() {
        match app.run(&system, CombineHeld(*account)).await {
            Ok(count) => combined += count,
            // Another process was faster.
            Err(AppError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
        task.progress(done + 1, people.len()).await;
    }
    Ok(json!({ "people": people.len(), "mails": combined }))
}

/// The job `notifications.again`: sends chosen mails again.
///
/// # Errors
/// When the platform fails.
pub async fn again(app: App, task: Task) -> Result<Value> {
    bulk::each(&app, &task, |app, item| async move {
        app.run_once(&item.actor, Some(&item.key), SendAgain(item.id.into())).await
    })
    .await
}
