//! What can be seen of mails, and who has some waiting.

use crate::kernel::{
    AppError, Leave, Permission, Query, Result, Snapshot, Subject,
    access::scope,
    outbox::about,
    paging::{ListRequest, Listed, between, contains, listed},
};
use chrono::{DateTime, Utc};
use entity::{
    notifications::{mail, preference},
    types::{
        ids::{AccountId, MailId},
        states::{MailClass, MailPace, MailState},
    },
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

/// A mail as lists show it; without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLine {
    pub id: MailId,
    /// The mail's name in the lifecycle, for example `M08`.
    pub name: String,
    pub class: MailClass,
    pub address: String,
    pub subject: String,
    pub state: MailState,
    pub attempts: i32,
    pub error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    /// When the next try is due, while it waits.
    pub next_at: Option<DateTime<Utc>>,
    pub about: Option<Subject>,
}

/// A mail with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailText {
    pub line: MailLine,
    pub text: String,
    pub html: String,
}

fn line(row: &mail::Model) -> MailLine {
    MailLine {
        id: row.id,
        name: row.name.clone(),
        class: row.class,
        address: row.address.clone(),
        subject: row.subject.clone(),
        state: row.state,
        attempts: row.attempts,
        error: row.error.clone(),
        created_at: row.created_at,
        sent_at: row.sent_at,
        next_at: (row.state == MailState::Queued).then_some(row.next_at),
        about: about(row.about_kind.as_deref(), row.about_id),
    }
}

fn full(row: mail::Model) -> MailText {
    MailText { line: line(&row), text: row.text, html: row.html }
}

fn narrowed(select: Select<mail::Entity>, list: &ListRequest) -> Select<mail::Entity> {
    let mut narrowed = Condition::all();
    if let Some(words) = list.words() {
        let any = Condition::any()
            .add(contains(mail::Column::Subject, &words))
            .add(contains(mail::Column::Address, &words))
            .add(contains(mail::Column::Name, &words));
        narrowed = narrowed.add(any);
    }
    let states = list.values::<MailState>("state");
    if !states.is_empty() {
        narrowed = narrowed.add(mail::Column::State.is_in(states));
    }
    if let Some(class) = list.value::<MailClass>("class") {
        narrowed = narrowed.add(mail::Column::Class.eq(class));
    }
    let days = between(mail::Column::CreatedAt, list.value("from"), list.value("until"));
    let column = match list.sort.as_str() {
        "address" => mail::Column::Address,
        "subject" => mail::Column::Subject,
        "tries" => mail::Column::Attempts,
        _ => mail::Column::CreatedAt,
    };
    select.filter(narrowed).filter(days).order_by(column, list.order()).order_by(mail::Column::Id, list.order())
}

/// The mail log of the whole installation, without texts.
pub struct MailLog(pub ListRequest);

impl Query for MailLog {
    const NEEDS: Permission = Permission::ManageMail;
    type Output = Listed<MailLine>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Self::Output> {
        let known = scope::mails(db.conn(), leave).await?;
        let page = listed(db.conn(), narrowed(known, &self.0), self.0.paging).await?;
        Ok(page.map(|row| line(&row)))
    }
}

/// One mail of the log, without its text.
pub struct MailOf(pub MailId);

impl Query for MailOf {
    const NEEDS: Permission = Permission::ManageMail;
    type Output = MailLine;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<MailLine> {
        let known = scope::mails(db.conn(), leave).await?;
        let row = known.filter(mail::Column::Id.eq(self.0)).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        Ok(line(&row))
    }
}

/// Mails that never left, with `all` also those of other states: the mailbox of an installation without
/// mail server, and of the demo.
pub struct Mailbox {
    pub list: ListRequest,
    pub all: bool,
}

fn boxed(select: Select<mail::Entity>, all: bool) -> Select<mail::Entity> {
    if all { select } else { select.filter(mail::Column::State.eq(MailState::Kept)) }
}

impl Query for Mailbox {
    const NEEDS: Permission = Permission::ManageMail;
    type Output = Listed<MailLine>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Self::Output> {
        let known = boxed(scope::mails(db.conn(), leave).await?, self.all);
        let page = listed(db.conn(), narrowed(known, &self.list), self.list.paging).await?;
        Ok(page.map(|row| line(&row)))
    }
}

/// One mail of the mailbox with its text.
pub struct MailboxMail {
    pub id: MailId,
    pub all: bool,
}

impl Query for MailboxMail {
    const NEEDS: Permission = Permission::ManageMail;
    type Output = MailText;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<MailText> {
        let known = boxed(scope::mails(db.conn(), leave).await?, self.all);
        let row = known.filter(mail::Column::Id.eq(self.id)).one(db.conn()).await?;
        Ok(full(row.ok_or(AppError::NotFound)?))
    }
}

/// The actor's own mails, latest first.
pub struct OwnMail(pub ListRequest);

impl Query for OwnMail {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Listed<MailLine>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Self::Output> {
        let known = scope::mails(db.conn(), leave).await?;
        let own = known.filter(mail::Column::AccountId.eq(leave.account()?));
        Ok(listed(db.conn(), narrowed(own, &self.0), self.0.paging).await?.map(|row| line(&row)))
    }
}

/// One of the actor's own mails with its text.
pub struct OwnMailOf(pub MailId);

impl Query for OwnMailOf {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = MailText;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<MailText> {
        let account = leave.account()?;
        let known = scope::mails(db.conn(), leave).await?;
        let row = known.filter(mail::Column::Id.eq(self.0)).one(db.conn()).await?;
        Ok(full(row.filter(|row| row.account_id == Some(account)).ok_or(AppError::NotFound)?))
    }
}

/// How fast the actor's mails of each class come.
pub struct OwnPaces;

impl Query for OwnPaces {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<(MailClass, MailPace)>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Self::Output> {
        let chosen = preference::Entity::find()
            .filter(preference::Column::AccountId.eq(leave.account()?))
            .all(db.conn())
            .await?;
        let pace = |class: MailClass| {
            let row = chosen.iter().find(|row| row.class == class && class != MailClass::Essential);
            (class, row.map_or(MailPace::AtOnce, |row| row.pace))
        };
        Ok(MailClass::ALL.iter().copied().map(pace).collect())
    }
}

/// Everybody with mails that wait for the daily digest.
pub struct PeopleWithHeldMail;

impl Query for PeopleWithHeldMail {
    const NEEDS: Permission = Permission::ManageMail;
    type Output = Vec<AccountId>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Self::Output> {
        Ok(mail::Entity::find()
            .select_only()
            .column(mail::Column::AccountId)
            .distinct()
            .filter(mail::Column::State.eq(MailState::Held))
            .filter(mail::Column::AccountId.is_not_null())
            .into_tuple()
            .all(db.conn())
            .await?)
    }
}

/// How many mails failed for good and how many wait, for the administrators' overview.
pub struct MailFigures;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    pub failed: u64,
    pub queued: u64,
}

impl Query for MailFigures {
    const NEEDS: Permission = Permission::ManageMail;
    type Output = Figures;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Figures> {
        let of = |state: MailState| mail::Entity::find().filter(mail::Column::State.eq(state)).count(db.conn());
        Ok(Figures { failed: of(MailState::Failed).await?, queued: of(MailState::Queued).await? })
    }
}
