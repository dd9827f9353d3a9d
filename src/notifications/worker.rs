//! Takes queued mails to the mail server.

use super::{
    rules,
    transport::{Carried, Carrier, Letter, SendError},
};
use crate::kernel::{App, Result, rescue::rescued};
use chrono::TimeDelta;
use entity::{
    accounts::account,
    notifications::mail,
    types::{
        ids::{AccountId, MailId},
        states::{MailClass, MailState},
        text::Email,
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use std::collections::BTreeMap;

/// Mails on their way at the same time.
const AT_ONCE: u64 = 8;
/// How long a claimed mail may go without an outcome before it is taken again; longer than any send.
const LOCK: TimeDelta = TimeDelta::minutes(5);

/// Sends one handful of due mails; tells whether there was any.
///
/// # Errors
/// When the queue cannot be read or written; a mail that does not leave is no error here.
pub async fn step(app: &App, carrier: &dyn Carrier) -> Result<bool> {
    let mails = claim(app).await?;
    if mails.is_empty() {
        return Ok(false);
    }
    let names = names(app, &mails).await?;
    let sends = mails.into_iter().map(|mail| async {
        let outcome = match letter(app, &mail, &names) {
            Ok(letter) => rescued(carrier.send(&letter))
                .await
                .unwrap_or_else(|panicked| Err(SendError { permanent: false, message: panicked.to_string() })),
            Err(error) => Err(error),
        };
        note(app, mail, outcome).await
    });
    for noted in futures_util::future::join_all(sends).await {
        noted?;
    }
    Ok(true)
}

/// Takes due mails for this worker. The conditional update makes sure that no other worker has them too.
async fn claim(app: &App) -> Result<Vec<mail::Model>> {
    let db = app.database().maintenance();
    let now = app.now();
    let free = Condition::any().add(mail::Column::LockedUntil.is_null()).add(mail::Column::LockedUntil.lt(now));
    let due = mail::Entity::find()
        .filter(mail::Column::State.eq(MailState::Queued))
        .filter(mail::Column::NextAt.lte(now))
        .filter(free.clone())
        .order_by_asc(mail::Column::NextAt)
        .order_by_asc(mail::Column::Id)
        .limit(AT_ONCE)
        .all(db)
        .await?;
    let mut claimed = Vec::new();
    for mut row in due {
        let taken = mail::Entity::update_many()
            .col_expr(mail::Column::LockedUntil, Expr::value(now + LOCK))
            .col_expr(mail::Column::Attempts, Expr::value(row.attempts + 1))
            .filter(mail::Column::Id.eq(row.id))
            .filter(mail::Column::State.eq(MailState::Queued))
            .filter(free.clone())
            .exec(db)
            .await?;
        if taken.rows_affected == 1 {
            row.attempts += 1;
            claimed.push(row);
        }
    }
    Ok(claimed)
}

async fn names(app: &App, mails: &[mail::Model]) -> Result<BTreeMap<AccountId, String>> {
    let rows = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::Name])
        .filter(account::Column::Id.is_in(mails.iter().filter_map(|mail| mail.account_id)))
        .into_tuple::<(AccountId, String)>()
        .all(app.database().maintenance())
        .await?;
    Ok(rows.into_iter().collect())
}

fn letter(app: &App, mail: &mail::Model, names: &BTreeMap<AccountId, String>) -> Result<Letter, SendError> {
    let to = Email::parse(&mail.address).map_err(|e| SendError { permanent: true, message: e.0 })?;
    Ok(Letter {
        sender_name: None,
        to,
        to_name: mail.account_id.and_then(|id| names.get(&id).cloned()),
        subject: mail.subject.clone(),
        text: mail.text.clone(),
        html: mail.html.clone(),
        message_id: mail.message_id.clone(),
        date: mail.created_at,
        unsubscribe: (mail.class != MailClass::Essential).then(|| format!("{}/account/mail", app.base_url())),
    })
}

async fn note(app: &App, mail: mail::Model, outcome: Result<Carried, SendError>) -> Result<()> {
    let now = app.now();
    let (id, attempts): (MailId, i32) = (mail.id, mail.attempts);
    let mut change = mail::ActiveModel { id: Set(id), locked_until: Set(None), ..Default::default() };
    match outcome {
        Ok(carried) => {
            change.state = Set(if carried == Carried::Sent { MailState::Sent } else { MailState::Kept });
            change.sent_at = Set(Some(now));
            change.error = Set(None);
        }
        Err(error) => {
            tracing::warn!(mail = %id, attempts, %error, "a mail did not leave");
            change.error = Set(Some(error.message.chars().take(300).collect()));
            match rules::pause(attempts).filter(|_| !error.permanent) {
                Some(pause) => change.next_at = Set(now + pause),
                None => change.state = Set(MailState::Failed),
            }
        }
    }
    change.update(app.database().maintenance()).await?;
    Ok(())
}
