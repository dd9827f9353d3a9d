//! The live stream: server-sent events that say that something changed for this person, never what.
//!
//! Nothing is kept between two looks but what this person was told last, so any process can go on where another
//! stopped: the browser comes back with the last signature it knows (`Last-Event-ID`).

use crate::{
    evaluation::panels::queries::{PulseOf, WatchOf},
    kernel::{AppError, Result, live::BEAT},
    web::{Answer, Visit},
};
use entity::types::ids::PanelId;
use futures_util::stream::unfold;
use poem::{Body, Request, Response, handler, http::header, web::Path};
use std::{io, time::Duration};

/// Seconds between two whole looks, when nothing seems to change: rights and connections may have.
const LOOK: i64 = 5;

struct Watcher {
    visit: Visit,
    panel: PanelId,
    /// What the browser knows.
    told: String,
    pulse: i64,
    /// Seconds since the stream began.
    second: i64,
    /// Whether the person counts as connected.
    member: bool,
    once: bool,
    over: bool,
}

#[handler]
pub(super) async fn stream(visit: Visit, request: &Request, Path(panel): Path<PanelId>) -> Answer {
    let before = request.headers().get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    // Who does not listen for events is told once.
    let listens = request.headers().get("accept").and_then(|value| value.to_str().ok());
    let once = !listens.is_some_and(|kinds| kinds.contains("text/event-stream"));
    let told = before.or_else(|| visit.query("seen")).unwrap_or_default();
    // Whoever may not look is told so at once, as on every page.
    let member = visit.ask(WatchOf(panel)).await?.member;
    let watcher = Watcher { visit, panel, told, pulse: -1, second: 0, member, once, over: false };
    let events = unfold(watcher, |watcher| async move { watcher.next().await });
    Ok(Response::builder()
        .content_type("text/event-stream")
        .header(header::CACHE_CONTROL, "no-store")
        .header("x-accel-buffering", "no")
        .body(Body::from_bytes_stream(events)))
}

impl Watcher {
    /// Waits for the next thing to say; ends when the person may look no longer.
    async fn next(mut self) -> Option<(io::Result<String>, Self)> {
        if self.over {
            return None;
        }
        loop {
            let first = self.second == 0;
            self.over = self.once;
            if !first {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            let second = self.second;
            self.second += 1;
            match self.look(second).await {
                None => {
                    self.over = true;
                    return Some((Ok("event: over\ndata: over\n\n".to_owned()), self));
                }
                Some(Some(signature)) => {
                    self.told.clone_from(&signature);
                    let told = format!("id: {signature}\nevent: change\ndata: {signature}\n\n");
                    return Some((Ok(if first { format!("retry: 2000\n{told}") } else { told }), self));
                }
                Some(None) if first => return Some((Ok("retry: 2000\n: listening\n\n".to_owned()), self)),
                // A word now and then keeps the connection open, and shows when it is not.
                Some(None) if second % BEAT == 0 => return Some((Ok(": still here\n\n".to_owned()), self)),
                Some(None) => {}
            }
        }
    }

    /// The new signature, if there is one; nothing at all when the session or the right to look has ended.
    async fn look(&mut self, second: i64) -> Option<Option<String>> {
        let whole = second % LOOK == 0;
        if whole && second > 0 {
            let Some(actor) = kept(self.visit.renewed().await)? else { return Some(None) };
            self.visit.actor = actor?;
        }
        let Some(pulse) = kept(self.visit.ask(PulseOf(self.panel)).await)? else { return Some(None) };
        if !whole && pulse == self.pulse {
            return Some(None);
        }
        if second % BEAT == 0 && self.member {
            let _ = self.visit.app.beat(&self.visit.actor, self.panel.0).await;
        }
        let Some(watch) = kept(self.visit.ask(WatchOf(self.panel)).await)? else { return Some(None) };
        self.pulse = watch.pulse;
        Some((watch.signature != self.told).then_some(watch.signature))
    }
}

/// What an answer says of the right to look; a database that is busy takes it from nobody.
fn kept<T>(answer: Result<T>) -> Option<Option<T>> {
    match answer {
        Ok(value) => Some(Some(value)),
        Err(AppError::Denied(_) | AppError::NotFound) => None,
        Err(_) => Some(None),
    }
}
