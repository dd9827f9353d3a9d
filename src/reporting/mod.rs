//! Reporting: what an awarded part did, reached and spent, by report; and the indicators of a call.

pub mod api;
pub mod kpis;
pub mod pages;
pub mod reports;
