pub mod audit_entry;
pub mod job;
pub mod live_view;
pub mod rate_window;
pub mod setting;
