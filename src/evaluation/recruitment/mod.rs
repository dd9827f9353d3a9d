//! Recruitment: who of the pool, and who from outside it, evaluates in one call.
//!
//! ```text
//! listed ──Invite──▶ invited ──Accept──▶ accepted
//!                      │ ├────Decline──▶ declined ─┐
//!                      │ └────Lapse────▶ lapsed ───┼─Invite─▶ invited
//!                      └──────Withdraw─▶ withdrawn ┘
//! ```
//!
//! The secretariat finds people, lists them, looks at the mail once more and sends many invitations as one job. Who
//! does not answer is reminded twice; then the secretariat is told, and on its day the invitation lapses. Nothing is
//! accepted or declined by opening a link: an answer is a form, an acceptance is signed with the own name, so that a
//! mail scanner that follows links answers nothing. Once a call recruits, only those who accepted are assigned.
//!
//! Absent on purpose: inviting people whom nobody of the secretariat chose.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod pages;
pub mod queries;
pub mod rules;
