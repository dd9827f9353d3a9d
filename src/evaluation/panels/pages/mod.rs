//! The panels of a call and their preparation, the meeting with its live stream, a proposal in it, the minutes.

mod live;
mod meeting;
mod minutes;
mod staff;

use crate::web::{Pages, Posted, show};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/panels", staff::list_shown)
        .post("/staff/calls/:call/panels", staff::list_posted)
        .get("/panels/:panel", meeting::meeting_shown)
        .post("/panels/:panel", meeting::meeting_posted)
        .get("/panels/:panel/live", live::stream)
        .get("/panels/:panel/invitation.ics", meeting::invitation)
        .get("/panels/:panel/prepare", staff::prepare_shown)
        .post("/panels/:panel/prepare", staff::prepare_posted)
        .get("/panels/:panel/items/:item", meeting::item_shown)
        .post("/panels/:panel/items/:item", meeting::item_posted)
        .get("/panels/:panel/minutes", minutes::minutes_shown)
        .post("/panels/:panel/minutes", minutes::minutes_posted)
        .get("/panels/:panel/minutes.pdf", minutes::minutes_pdf)
}

/// What was typed, where a form comes back; otherwise what is stored.
#[derive(Default)]
struct Typed(Option<Posted>);

impl Typed {
    fn or(&self, name: impl AsRef<str>, stored: impl ToString) -> String {
        match &self.0 {
            Some(posted) if posted.has(name.as_ref()) => posted.text(name.as_ref()).to_owned(),
            _ => stored.to_string(),
        }
    }

    fn text(&self, name: impl AsRef<str>) -> String {
        self.or(name, "")
    }

    /// Whether a box is ticked; a form that came back says so for every box it has.
    fn ticked(&self, name: &str, stored: bool) -> bool {
        self.0.as_ref().map_or(stored, |posted| posted.ticked(name))
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.0.as_ref().map(|posted| posted.all(name)).unwrap_or_default()
    }

    /// The version the form was made from.
    fn version(&self, stored: i64) -> i64 {
        self.0.as_ref().filter(|posted| posted.has("version")).map_or(stored, Posted::version)
    }
}

/// How times are told around a meeting.
struct Clock(Tz);

impl Clock {
    fn when(&self, at: &DateTime<Utc>) -> String {
        show::instant(at, self.0)
    }

    /// The hour and minute alone, in the zone of the call.
    fn time(&self, at: &DateTime<Utc>) -> String {
        at.with_timezone(&self.0).format("%H:%M").to_string()
    }

    fn iso(&self, at: &DateTime<Utc>) -> String {
        show::iso(at)
    }
}
