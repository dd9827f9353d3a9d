//! What the secretariat sees: the panels of a call, and the preparation of one.

use super::Typed;
use crate::{
    evaluation::panels::{
        commands::{
            AddItems, ChangePanel, CreatePanel, Direction, MoveItem, NameLead, OrderAgenda, PanelRules, RemoveItem,
            SeatMembers, UnseatMember,
        },
        queries::{Guest, PanelLine, Panels, PanelsOf, Possible, Preparing, PreparingOf, shown},
    },
    kernel::{AppError, Result},
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep, show},
};
use askama::Template;
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use entity::types::{
    ids::{AccountId, CallId, PanelId, PanelItemId},
    period::Deadline,
    states::PanelOrder,
};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "evaluation/panels/list.html")]
struct ListPage {
    frame: Frame,
    errors: FieldErrors,
    panels: Panels,
    typed: Typed,
}

impl ListPage {
    fn of(visit: &Visit, panels: Panels) -> Self {
        let above = format!("/staff/calls/{}", panels.call);
        Self {
            frame: visit.frame_below("Panels", &[("Staff", "/staff"), (&panels.call_code, &above)]),
            errors: FieldErrors::default(),
            typed: Typed::default(),
            panels,
        }
    }

    fn when(&self, line: &PanelLine) -> String {
        line.starts_at.map(|at| show::instant(at, line.zone)).unwrap_or_default()
    }

    fn chairs(&self) -> Vec<Choice> {
        choices(self.panels.guests.iter().filter(|guest| guest.chairs))
    }

    fn deputies(&self) -> Vec<Choice> {
        choices(&self.panels.guests)
    }
}

fn choices<'a>(guests: impl IntoIterator<Item = &'a Guest>) -> Vec<Choice> {
    guests
        .into_iter()
        .map(|guest| Choice::new(guest.account.to_string(), format!("{} ({})", guest.name, guest.what)))
        .collect()
}

#[handler]
pub(super) async fn list_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let panels = visit.ask(PanelsOf(call)).await?;
    visit.page(&ListPage::of(&visit, panels))
}

#[handler]
pub(super) async fn list_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let panels = visit.ask(PanelsOf(call)).await?;
    let done = match rules(&posted, panels.zone) {
        Ok(rules) => visit.run(&posted, CreatePanel { call, rules }).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => visit.to_with(format!("/panels/{id}/prepare"), "The panel is prepared. Add members and proposals."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&ListPage { errors, typed: Typed(Some(posted)), ..ListPage::of(&visit, panels) })
        }
    }
}

/// The rules of a panel as typed; numbers that are none are told beside their fields.
fn rules(posted: &Posted, zone: Tz) -> Result<PanelRules> {
    let account = |name: &str| posted.text(name).trim().parse::<AccountId>().ok();
    let number = |name: &str| posted.text(name).trim().parse::<i32>().unwrap_or(0);
    Ok(PanelRules {
        name: posted.text("name").to_owned(),
        chair: account("chair"),
        deputy: account("deputy"),
        starts_at: instant(posted.text("starts_at"), zone)?,
        place: posted.text("place").to_owned(),
        minutes: number("minutes"),
        quorum: number("quorum"),
        casting: posted.ticked("casting"),
    })
}

fn instant(typed: &str, zone: Tz) -> Result<Option<DateTime<Utc>>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let local = NaiveDateTime::parse_from_str(typed.trim(), "%Y-%m-%dT%H:%M")
        .map_err(|_| AppError::invalid("starts_at", "Enter day and time"))?;
    Ok(Some(Deadline { local, zone }.instant()))
}

#[derive(Template)]
#[template(path = "evaluation/panels/prepare.html")]
struct PreparePage {
    frame: Frame,
    errors: FieldErrors,
    prep: Preparing,
    typed: Typed,
}

impl PreparePage {
    async fn of(visit: &Visit, id: PanelId) -> Result<Self> {
        let prep = visit.ask(PreparingOf(id)).await?;
        let (panels, meeting) = (format!("/staff/calls/{}/panels", prep.room.call), format!("/panels/{id}"));
        let above = [("Panels", panels.as_str()), (prep.room.name.as_str(), meeting.as_str())];
        Ok(Self {
            frame: visit.frame_below("Preparation", &above),
            errors: FieldErrors::default(),
            typed: Typed::default(),
            prep,
        })
    }

    fn starts_at(&self) -> String {
        let zone = self.prep.room.zone;
        let at = self.prep.room.starts_at.map(|at| at.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string());
        at.unwrap_or_default()
    }

    fn deputy(&self) -> String {
        self.prep.deputy_id.map(|id| id.to_string()).unwrap_or_default()
    }

    fn chairs(&self) -> Vec<Choice> {
        choices(&self.prep.chairs)
    }

    fn deputies(&self) -> Vec<Choice> {
        choices(&self.prep.everybody)
    }

    fn guests(&self) -> Vec<Choice> {
        choices(&self.prep.guests)
    }

    fn possible(&self) -> Vec<Choice> {
        let told = |one: &Possible| {
            let mut what: Vec<String> = one.total.map(|total| format!("total {}", shown(total))).into_iter().collect();
            what.extend(one.spread.map(|spread| format!("{} apart", shown(spread))));
            what.extend(one.escalated.then(|| "from a consensus".to_owned()));
            what.join(", ")
        };
        let choice = |one: &Possible| {
            Choice::new(one.proposal.to_string(), format!("{} {}", one.code, one.title)).hint(told(one))
        };
        self.prep.possible.iter().map(choice).collect()
    }

    fn orders(&self) -> Vec<Choice> {
        let orders = PanelOrder::ALL.iter().filter(|order| **order != PanelOrder::ByHand);
        orders.map(|order| Choice::new(order.word(), order.label())).collect()
    }

    fn leads(&self) -> Vec<Choice> {
        self.prep.room.members.iter().map(|one| Choice::new(one.account.to_string(), one.name.clone())).collect()
    }
}

#[handler]
pub(super) async fn prepare_shown(visit: Visit, Path(id): Path<PanelId>) -> Answer {
    let page = PreparePage::of(&visit, id).await?;
    visit.page(&page)
}

#[handler]
pub(super) async fn prepare_posted(visit: Visit, posted: Posted, Path(id): Path<PanelId>) -> Answer {
    let page = PreparePage::of(&visit, id).await?;
    match prepared(&visit, &posted, &page.prep, id).await {
        Ok(message) => visit.to_with(format!("/panels/{id}/prepare"), message),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&PreparePage { errors, typed: Typed(Some(posted)), ..page })
        }
    }
}

async fn prepared(visit: &Visit, posted: &Posted, prep: &Preparing, id: PanelId) -> Result<&'static str> {
    // What stands on this page is of this panel.
    let item = || {
        let asked = posted.text("item").trim().parse::<PanelItemId>().ok();
        asked.filter(|asked| prep.room.agenda.iter().any(|line| line.id == *asked)).ok_or(AppError::NotFound)
    };
    Ok(match posted.text("action") {
        "rules" => {
            let rules = rules(posted, prep.room.zone)?;
            visit.run(posted, ChangePanel { panel: id, seen: posted.version(), rules }).await?;
            "Saved."
        }
        "seat" => {
            let accounts = posted.all("accounts").iter().filter_map(|one| one.parse().ok()).collect();
            visit.run(posted, SeatMembers { panel: id, accounts }).await?;
            "They are members now and were told by mail."
        }
        "unseat" => {
            let account = posted.text("account").parse().map_err(|_| AppError::NotFound)?;
            visit.run(posted, UnseatMember { panel: id, account }).await?;
            "No longer a member."
        }
        "add" => {
            let proposals = posted.all("proposals").iter().filter_map(|one| one.parse().ok()).collect();
            visit.run(posted, AddItems { panel: id, proposals }).await?;
            "On the agenda."
        }
        "order" => {
            let by = posted.parse("order").map_err(|e| AppError::invalid("order", e.0))?;
            visit.run(posted, OrderAgenda { panel: id, by }).await?;
            "The agenda is in order."
        }
        "up" | "down" => {
            let direction = if posted.text("action") == "up" { Direction::Up } else { Direction::Down };
            visit.run(posted, MoveItem { item: item()?, direction }).await?;
            "Moved."
        }
        "remove" => {
            visit.run(posted, RemoveItem(item()?)).await?;
            "Taken off the agenda."
        }
        "lead" => {
            let typed = posted.text("lead").trim();
            let account = match typed {
                "" => None,
                typed => Some(typed.parse().map_err(|_| AppError::invalid("lead", "Choose a member"))?),
            };
            visit.run(posted, NameLead { item: item()?, account }).await?;
            "Saved."
        }
        _ => return Err(AppError::NotFound),
    })
}
