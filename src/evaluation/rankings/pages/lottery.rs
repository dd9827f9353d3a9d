//! The lottery: for staff, and as everybody can check it.

use crate::{
    evaluation::rankings::{
        commands::{AnnounceLottery, DrawLottery, SignLottery, WithdrawLottery},
        queries::lottery::{Lotteries, LotteriesOf, PublicLotteries, PublicLottery},
    },
    kernel::Result,
    web::{Answer, FieldErrors, Frame, Posted, Visit, keep, show},
};
use askama::Template;
use entity::types::ids::CallId;
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "evaluation/rankings/lottery.html")]
struct LotteryPage {
    frame: Frame,
    errors: FieldErrors,
    found: Lotteries,
    my_name: String,
    source: String,
    known_on: String,
    seed: String,
    reason: String,
    signed_name: String,
}

impl LotteryPage {
    fn when(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        show::instant(at, self.found.terms.zone)
    }

    fn address(&self, step: &str) -> String {
        format!("/staff/calls/{}/lottery{step}", self.found.call)
    }

    fn stands(&self, word: &str) -> bool {
        self.found.standing().is_some_and(|one| one.state.word() == word)
    }
}

async fn page(visit: &Visit, call: CallId, typed: Option<&Posted>, errors: FieldErrors) -> Result<LotteryPage> {
    let found = visit.ask(LotteriesOf(call)).await?;
    let above = format!("/staff/calls/{call}");
    let text = |name: &str| typed.map(|posted| posted.text(name).to_owned()).unwrap_or_default();
    Ok(LotteryPage {
        frame: visit.frame_below("Lottery", &[("Staff", "/staff"), (&found.call_code, &above)]),
        errors,
        found,
        my_name: visit.actor.name().to_owned(),
        source: text("source"),
        known_on: text("known_on"),
        seed: text("seed"),
        reason: text("reason"),
        signed_name: text("signed_name"),
    })
}

#[handler]
pub async fn lottery_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    visit.page(&page(&visit, call, None, FieldErrors::default()).await?)
}

/// Goes on after an act, or shows the page again with what was typed.
async fn after<T>(visit: &Visit, posted: &Posted, call: CallId, outcome: Result<T>, said: &str) -> Answer {
    match outcome {
        Ok(_) => visit.to_with(format!("/staff/calls/{call}/lottery"), said),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&page(visit, call, Some(posted), errors).await?)
        }
    }
}

fn number(posted: &Posted) -> i32 {
    posted.text("number").parse().unwrap_or_default()
}

#[handler]
pub async fn announce_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let (source, known_on) = (posted.text("source").to_owned(), posted.text("known_on").to_owned());
    let outcome = visit.run(&posted, AnnounceLottery { call, source, known_on }).await;
    after(&visit, &posted, call, outcome, "The lottery is announced. Its page is public from now on.").await
}

#[handler]
pub async fn draw_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let command = DrawLottery { call, number: number(&posted), seed: posted.text("seed").to_owned() };
    let outcome = visit.run(&posted, command).await;
    after(&visit, &posted, call, outcome, "The order is drawn. The panel chair signs it next.").await
}

#[handler]
pub async fn sign_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let command = SignLottery { call, number: number(&posted), signed_name: posted.text("signed_name").to_owned() };
    let outcome = visit.run(&posted, command).await;
    after(&visit, &posted, call, outcome, "The draw is signed. The next ranking follows it.").await
}

#[handler]
pub async fn withdraw_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let command = WithdrawLottery { call, number: number(&posted), reason: posted.text("reason").to_owned() };
    let outcome = visit.run(&posted, command).await;
    after(&visit, &posted, call, outcome, "The lottery is withdrawn.").await
}

#[derive(Template)]
#[template(path = "evaluation/rankings/public_lottery.html")]
struct PublicPage {
    frame: Frame,
    found: PublicLottery,
}

impl PublicPage {
    fn when(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        show::instant(at, self.found.zone)
    }
}

#[derive(Template)]
#[template(path = "evaluation/rankings/lottery.txt", escape = "none")]
struct PublicText {
    found: PublicLottery,
}

impl PublicText {
    fn when(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        show::instant(at, self.found.zone)
    }

    /// A text as one word of a shell.
    fn word(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[handler]
pub async fn public_shown(visit: Visit, Path(code): Path<String>) -> Answer {
    let found = visit.ask(PublicLotteries(code)).await?;
    let above = format!("/calls/{}", found.call_code);
    let frame = visit.frame_below("Lottery", &[("Calls", "/calls"), (&found.call_code, &above)]);
    visit.page(&PublicPage { frame, found })
}

#[handler]
pub async fn public_text(visit: Visit, Path(code): Path<String>) -> Answer {
    let found = visit.ask(PublicLotteries(code)).await?;
    let name = format!("lottery {}.txt", found.call_code);
    let text = PublicText { found }.render().map_err(|e| crate::kernel::AppError::Broken(e.into()))?;
    visit.download(&name, "text/plain; charset=utf-8", text.into_bytes())
}
