//! Letters of commitment: asked for by the team of a part, signed by link without an account.
//!
//! The link is a secret of 256 bits of which only the hash is kept; it shows this one letter and nothing else, and
//! looking at it changes nothing. A letter speaks of the grant and costs of the day it was written, so that a change
//! of the amounts is noticed. Absent on purpose: signing by reading a mail, and editing a text that was sent.

pub mod api;
pub mod commands;
pub mod events;
mod mails;
pub mod pages;
pub mod queries;
pub mod rules;
