//! Panels for programs: preparation by the secretariat, and everything done in a meeting.

mod meetings;
mod preparation;
mod shapes;

pub use meetings::MeetingsApi;
pub use preparation::PanelsApi;
