//! The last look before a plan becomes invitations, and taking them back.

use super::{here, plans};
use crate::{
    evaluation::plans::{
        commands::{DeployPlan, TakeBackPlan},
        queries::{Deployment, DeploymentOf},
    },
    kernel::{AppError, Result},
    web::{Answer, FieldErrors, Frame, Posted, Visit, keep, show},
};
use askama::Template;
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use entity::types::{
    ids::{CallId, PlanId},
    period::Deadline,
};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "evaluation/plans/deploy.html")]
struct DeployPage {
    frame: Frame,
    errors: FieldErrors,
    look: Deployment,
    here: String,
    due: String,
}

impl DeployPage {
    async fn of(visit: &Visit, call: CallId, plan: PlanId) -> Result<Self> {
        let look = visit.ask(DeploymentOf { call, plan }).await?;
        let (up, list) = (here(call, plan), plans(call));
        let crumbs = [("Plans", list.as_str()), (look.name.as_str(), up.as_str())];
        Ok(Self {
            frame: visit.frame_below(format!("Deploy {}", look.name), &crumbs),
            errors: FieldErrors::default(),
            here: up,
            due: String::new(),
            look,
        })
    }

    /// Whether it can be deployed from where it stands.
    fn ready(&self) -> bool {
        matches!(self.look.state.word(), "ready" | "deployed") && self.look.invitations > 0
    }

    fn invitations(&self) -> String {
        show::count(self.look.invitations as i64, "invitation", "invitations")
    }

    fn people(&self) -> String {
        show::count(self.look.people as i64, "person", "people")
    }

    fn proposals(&self) -> String {
        show::count(self.look.proposals as i64, "proposal", "proposals")
    }
}

#[handler]
pub(super) async fn deploy_shown(visit: Visit, Path((call, plan)): Path<(CallId, PlanId)>) -> Answer {
    let page = DeployPage::of(&visit, call, plan).await?;
    visit.page(&page)
}

#[handler]
pub(super) async fn deploy_posted(visit: Visit, posted: Posted, Path((call, plan)): Path<(CallId, PlanId)>) -> Answer {
    let look = visit.ask(DeploymentOf { call, plan }).await?;
    let deployed = match due(&posted, look.zone) {
        Ok(due) => visit.run(&posted, DeployPlan { call, plan, seen: posted.version(), due }).await,
        Err(error) => Err(error),
    };
    match deployed {
        Ok(done) => {
            let mut told = format!(
                "{} sent to {}.",
                show::count(done.invited as i64, "invitation", "invitations"),
                show::count(done.people as i64, "person", "people")
            );
            if done.left_out > 0 {
                told.push_str(&format!(" {} left out.", show::count(done.left_out as i64, "pair was", "pairs were")));
            }
            visit.to_with(here(call, plan), &told)
        }
        Err(error) => {
            let errors = keep(error)?;
            let mut page = DeployPage::of(&visit, call, plan).await?;
            posted.text("due").clone_into(&mut page.due);
            page.errors = errors;
            visit.again(&page)
        }
    }
}

#[handler]
pub(super) async fn take_back_posted(
    visit: Visit,
    posted: Posted,
    Path((call, plan)): Path<(CallId, PlanId)>,
) -> Answer {
    let reason = posted.text("reason").to_owned();
    let command = TakeBackPlan { call, plan, seen: posted.version(), reason };
    match visit.run(&posted, command).await {
        Ok(taken) => {
            let told = format!("{} taken back.", show::count(taken as i64, "invitation was", "invitations were"));
            visit.to_with(here(call, plan), &told)
        }
        Err(error) => {
            visit.leave_error(&keep(error)?);
            visit.to(here(call, plan))
        }
    }
}

fn due(posted: &Posted, zone: Tz) -> Result<Option<DateTime<Utc>>> {
    let typed = posted.text("due").trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let local = NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M:%S"))
        .map_err(|_| AppError::invalid("due", "Enter day and time"))?;
    Ok(Some(Deadline { local, zone }.instant()))
}
