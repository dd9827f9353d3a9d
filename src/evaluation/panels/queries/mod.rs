//! What is seen of panels: those of a call and one's own, the preparation, the meeting, a proposal in it, the minutes.

mod item;
mod list;
mod meeting;
mod minutes;
mod prepare;
mod room;
mod watch;

pub use item::{
    CriterionView, ItemBy, ItemOf, ItemPage, ItemView, NoteView, TrailLine, VoteView, latest_points, trail_length,
};
pub use list::{OwnPanels, PanelLine, Panels, PanelsOf};
pub use meeting::{AgendaLine, MeetingOf, MeetingView, MemberView};
pub use minutes::{
    Attended, Document, DocumentItem, MinutedNote, MinutedPoints, MinutedVote, MinutesOf, MinutesView, SignedMinutes,
    WasOut, chair_was_out, document,
};
pub use prepare::{Guest, Possible, Preparing, PreparingOf, candidates, guests};
pub use room::{Room, Seat, about};
pub use watch::{PulseOf, Watch, WatchOf};

/// Hundredths of points as people read them.
pub fn shown(hundredths: i32) -> String {
    entity::types::decimal::fixed(i64::from(hundredths), 2)
}
