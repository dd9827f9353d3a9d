//! Management labels of clusters: how long they are valid, how they are renewed, and their certificates.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
