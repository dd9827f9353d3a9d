//! One pair: why it fits, and what the next best would cost.

use super::{here, plans};
use crate::{
    evaluation::plans::{
        commands::{LockPair, OrderPrice, RemovePair},
        queries::{MayPlan, NextView, PairOf, PairView},
        rules::{
            figures::points,
            outcome::{Share, term},
            settings::{percent, term_name},
        },
    },
    kernel::{AppError, Result},
    web::{Answer, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use entity::types::ids::{CallId, PlanId, PlanPairId};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "evaluation/plans/pair.html")]
struct PairPage {
    frame: Frame,
    errors: FieldErrors,
    pair: PairView,
    here: String,
}

impl PairPage {
    async fn of(visit: &Visit, call: CallId, plan: PlanId, pair: PlanPairId) -> Result<Self> {
        let pair = visit.ask(PairOf { call, plan, pair }).await?;
        let (up, list) = (self::here(call, plan), plans(call));
        let title = format!("{} on {}", pair.person.name, pair.code);
        let crumbs = [("Plans", list.as_str()), (pair.plan_name.as_str(), up.as_str())];
        Ok(Self {
            frame: visit.frame_below(title, &crumbs),
            errors: FieldErrors::default(),
            here: format!("{up}/pairs/{}", pair.id),
            pair,
        })
    }

    fn name(&self, share: &Share) -> &'static str {
        term(&share.term).map_or("", term_name)
    }

    fn points(&self, millionths: &i64) -> String {
        points(*millionths)
    }

    fn weight(&self, share: &Share) -> String {
        percent(share.weight)
    }
}

#[handler]
pub(super) async fn pair_shown(visit: Visit, Path((call, plan, pair)): Path<(CallId, PlanId, PlanPairId)>) -> Answer {
    let page = PairPage::of(&visit, call, plan, pair).await?;
    visit.page(&page)
}

#[handler]
pub(super) async fn pair_posted(
    visit: Visit,
    posted: Posted,
    Path((call, plan, pair)): Path<(CallId, PlanId, PlanPairId)>,
) -> Answer {
    visit.ask(MayPlan(call)).await?;
    let here = format!("{}/pairs/{pair}", here(call, plan));
    let seen = posted.version();
    let done = match posted.text("action") {
        "price" => visit.run(&posted, OrderPrice { call, plan, pair }).await.map(|job| (format!("/jobs/{job}"), "")),
        "lock" | "unlock" => {
            let locked = posted.text("action") == "lock";
            let told = if locked { "The pair is locked: no run moves it." } else { "The pair is free again." };
            visit.run(&posted, LockPair { call, plan, seen, pair, locked }).await.map(|()| (here, told))
        }
        "remove" => {
            let up = self::here(call, plan);
            visit.run(&posted, RemovePair { call, plan, seen, pair }).await.map(|()| (up, "The pair was taken out."))
        }
        _ => Err(AppError::refused("unknown_action", "Press one of the buttons of the page.")),
    };
    match done {
        Ok((to, "")) => visit.to(to),
        Ok((to, told)) => visit.to_with(to, told),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = PairPage::of(&visit, call, plan, pair).await?;
            page.errors = errors;
            visit.again(&page)
        }
    }
}
