//! Invitations: a link by mail that makes somebody a member, partner, evaluator or holder of a role.
//!
//! This feature owns the link: making it, showing it to the right person, and letting a person without an
//! account join through it (the link proves the address). What accepting means is the business of the area
//! the invitation is for: its command calls [`commands::take`] in its own transaction. Nothing is accepted by
//! opening a link, because mail scanners open links. Invitations hold for fourteen days.
//!
//! How another area uses it: `commands::create(tx, New { … })` gives the path of the page for its mail;
//! `/invitations/{token}` signs people in or up and forwards to the area's page
//! (`/proposals/invitations/{token}`, `/evaluators/invitations/{token}`, `/organisations/invitations/{token}`);
//! there `queries::InvitationBy` shows it, and the area's accept or decline command calls `commands::take`.
//! Declining needs no account: [`commands::DeclineByLink`] does it for every kind, and an area that has to tell
//! somebody does so by a job.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
