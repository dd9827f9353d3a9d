//! Signing in and out.
//!
//! A session is opaque to the browser and a hash to the database; it ends after twelve idle hours or two
//! weeks, when its owner ends it, and when the password changes. Wrong tries are counted by account and by
//! address. Absent on purpose: "remember me", and any answer that tells whether an address has an account.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
