//! What the secretariat prepares: rules and members.

use super::{noticed, running};
use crate::{
    evaluation::panels::{
        events::PanelEvent,
        queries::{Room, about, guests},
    },
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, OnUnique},
        event::Change,
    },
};
use chrono::{DateTime, Utc};
use entity::{
    calls::call,
    evaluation::{panel, panel_member},
    types::{
        ids::{AccountId, CallId, PanelId, PanelMemberId},
        period,
        states::{PanelOrder, PanelState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

/// Most members of a panel.
const MOST_MEMBERS: usize = 60;

/// By which rules a panel meets, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelRules {
    pub name: String,
    pub chair: Option<AccountId>,
    pub deputy: Option<AccountId>,
    pub starts_at: Option<DateTime<Utc>>,
    pub place: String,
    pub minutes: i32,
    pub quorum: i32,
    pub casting: bool,
}

/// The rules when nothing is wrong with them.
struct Read {
    name: String,
    chair: AccountId,
    place: String,
}

impl PanelRules {
    async fn read(&self, tx: &Tx, leave: Leave<'_>, call: CallId) -> Result<Read> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", text::line(&self.name, 200)).unwrap_or_default();
        if name.is_empty() && errors.is_empty() {
            errors.add("name", "Give the panel a name");
        }
        let place = errors.take("place", text::optional_line(&self.place, 300)).flatten().unwrap_or_default();
        if !(1..=240).contains(&self.minutes) {
            errors.add("minutes", "Enter 1 to 240 minutes");
        }
        if !(1..=60).contains(&self.quorum) {
            errors.add("quorum", "Enter how many members a decision needs, 1 to 60");
        }
        let guests = guests(tx.conn(), leave, call).await?;
        let known = |id: AccountId| guests.iter().any(|guest| guest.account == id);
        match self.chair {
            Some(id) if guests.iter().any(|guest| guest.account == id && guest.chairs) => {}
            Some(_) => errors.add("chair", "Choose somebody with the role of panel chair in this call"),
            None => errors.add("chair", "Choose who chairs the panel"),
        }
        if self.deputy.is_some_and(|id| !known(id)) {
            errors.add("deputy", "Choose somebody who can be a member");
        }
        if self.deputy.is_some() && self.deputy == self.chair {
            errors.add("deputy", "Choose somebody else than the chair");
        }
        errors.done()?;
        Ok(Read { name, chair: self.chair.ok_or(AppError::NotFound)?, place })
    }
}

/// Prepares a panel; chair and deputy are its first members.
#[derive(Clone)]
pub struct CreatePanel {
    pub call: CallId,
    pub rules: PanelRules,
}

impl Command for CreatePanel {
    const NEEDS: Permission = Permission::PreparePanel;
    type Output = PanelId;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<PanelId>> {
        let call = call::Entity::find_by_id(self.call).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let read = self.rules.read(tx, leave, self.call).await?;
        let row = panel::Model {
            id: tx.new_id(),
            call_id: self.call,
            name: read.name,
            state: PanelState::Planned,
            chair_id: read.chair,
            deputy_id: self.rules.deputy,
            starts_at: self.rules.starts_at,
            place: read.place,
            minutes: self.rules.minutes,
            quorum: self.rules.quorum,
            casting: self.rules.casting,
            order_by: PanelOrder::ByCode,
            created_by: leave.account()?,
            created_at: tx.now(),
            opened_at: None,
            closed_at: None,
            version: 1,
            pulse: 1,
        };
        let new: panel::ActiveModel = row.clone().into();
        panel::Entity::insert(new.reset_all()).exec_without_returning(tx.conn()).await?;
        for account in [Some(read.chair), self.rules.deputy].into_iter().flatten() {
            seat(tx, row.id, account).await?;
        }
        let id = row.id;
        let about = about(&row, &call);
        let invited: Vec<AccountId> = [Some(read.chair), self.rules.deputy].into_iter().flatten().collect();
        let seated = PanelEvent::Seated { about: about.clone(), names: vec!["chair and deputy".to_owned()], invited };
        Ok(tx.done(PanelEvent::Created { about }, id).and(seated))
    }
}

async fn seat(tx: &Tx, panel: PanelId, account: AccountId) -> Result<()> {
    let row = panel_member::ActiveModel {
        id: Set(tx.new_id::<PanelMemberId>()),
        panel_id: Set(panel),
        account_id: Set(account),
        invited_at: Set(tx.now()),
        here: Set(false),
        ended_at: Set(None),
    };
    let twice = AppError::refused("seated_already", "Somebody seated the same person at the same moment.");
    panel_member::Entity::insert(row).exec_without_returning(tx.conn()).await.on_unique(twice)?;
    Ok(())
}

/// Changes the rules of a panel until it is closed.
#[derive(Clone)]
pub struct ChangePanel {
    pub panel: PanelId,
    pub seen: i64,
    pub rules: PanelRules,
}

impl Command for ChangePanel {
    const NEEDS: Permission = Permission::PreparePanel;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Panel(self.panel)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let room = running(tx, self.panel).await?;
        let read = self.rules.read(tx, leave, room.call.id).await?;
        if room.panel.version != self.seen {
            let version = room.panel.version;
            return Err(AppError::Stale { by: "somebody".to_owned(), at: room.panel.created_at, version });
        }
        let (was, zone) = (&room.panel, room.call.terms.zone);
        let when = |at: Option<DateTime<Utc>>| at.map(|at| period::in_zone(at, zone)).unwrap_or_default();
        let changes = vec![
            Change::new("name", was.name.clone(), read.name.clone()),
            Change::new("when", when(was.starts_at), when(self.rules.starts_at)),
            Change::new("place", was.place.clone(), read.place.clone()),
            Change::new("minutes", was.minutes.to_string(), self.rules.minutes.to_string()),
            Change::new("quorum", was.quorum.to_string(), self.rules.quorum.to_string()),
            Change::new("casting vote", was.casting.to_string(), self.rules.casting.to_string()),
            Change::new("chair", was.chair_id.to_string(), read.chair.to_string()),
            Change::new("deputy", told(was.deputy_id), told(self.rules.deputy)),
        ];
        let new: Vec<AccountId> = [Some(read.chair), self.rules.deputy]
            .into_iter()
            .flatten()
            .filter(|account| room.seat(*account).is_none())
            .collect();
        for account in &new {
            seat_again(tx, &room, *account).await?;
        }
        let mut change = noticed(&room.panel);
        change.name = Set(read.name);
        change.chair_id = Set(read.chair);
        change.deputy_id = Set(self.rules.deputy);
        change.starts_at = Set(self.rules.starts_at);
        change.place = Set(read.place);
        change.minutes = Set(self.rules.minutes);
        change.quorum = Set(self.rules.quorum);
        change.casting = Set(self.rules.casting);
        let row = change.update(tx.conn()).await?;
        let about = about(&row, &room.call);
        let done = tx.done(PanelEvent::Changed { about: about.clone(), changes }, ());
        Ok(match new.is_empty() {
            true => done,
            false => done.and(PanelEvent::Seated { about, names: vec!["chair or deputy".to_owned()], invited: new }),
        })
    }
}

fn told(account: Option<AccountId>) -> String {
    account.map(|id| id.to_string()).unwrap_or_default()
}

/// Seats somebody; who was a member before is one again.
async fn seat_again(tx: &Tx, room: &Room, account: AccountId) -> Result<()> {
    match room.gone.iter().find(|seat| seat.account == account) {
        Some(before) => {
            let mut change: panel_member::ActiveModel = before.row.clone().into();
            change.ended_at = Set(None);
            change.invited_at = Set(tx.now());
            change.update(tx.conn()).await?;
            Ok(())
        }
        None => seat(tx, room.panel.id, account).await,
    }
}

/// Makes people members of a panel and tells them.
#[derive(Clone)]
pub struct SeatMembers {
    pub panel: PanelId,
    pub accounts: Vec<AccountId>,
}

impl Command for SeatMembers {
    const NEEDS: Permission = Permission::PreparePanel;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Panel(self.panel)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let room = running(tx, self.panel).await?;
        let guests = guests(tx.conn(), leave, room.call.id).await?;
        let mut new: Vec<AccountId> = self.accounts.into_iter().filter(|id| room.seat(*id).is_none()).collect();
        new.sort_unstable();
        new.dedup();
        if new.is_empty() {
            return Err(AppError::invalid("accounts", "Choose who becomes a member"));
        }
        if room.seats.len() + new.len() > MOST_MEMBERS {
            return Err(AppError::invalid("accounts", format!("A panel has at most {MOST_MEMBERS} members")));
        }
        let mut names = Vec::new();
        for account in &new {
            let guest = guests.iter().find(|guest| guest.account == *account);
            let guest = guest.ok_or_else(|| AppError::invalid("accounts", "Choose from the list"))?;
            names.push(guest.name.clone());
            seat_again(tx, &room, *account).await?;
        }
        noticed(&room.panel).update(tx.conn()).await?;
        Ok(tx.done(PanelEvent::Seated { about: room.about(), names, invited: new }, ()))
    }
}

/// Takes somebody out of a panel; what they said stays.
#[derive(Clone)]
pub struct UnseatMember {
    pub panel: PanelId,
    pub account: AccountId,
}

impl Command for UnseatMember {
    const NEEDS: Permission = Permission::PreparePanel;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Panel(self.panel)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let room = running(tx, self.panel).await?;
        let seat = room.seat(self.account).ok_or(AppError::NotFound)?;
        if room.panel.chair_id == self.account || room.panel.deputy_id == Some(self.account) {
            return Err(AppError::refused("leads", "Name another chair or deputy first."));
        }
        let mut change: panel_member::ActiveModel = seat.row.clone().into();
        change.ended_at = Set(Some(tx.now()));
        change.here = Set(false);
        change.update(tx.conn()).await?;
        noticed(&room.panel).update(tx.conn()).await?;
        Ok(tx.done(PanelEvent::Unseated { about: room.about(), name: seat.name.clone() }, ()))
    }
}
