//! Accounts: people who sign in, how they prove who they are, and the roles given to them.
//!
//! [`sessions`] signs people in and out; [`registration`] makes accounts and proves addresses; [`tokens`] lets
//! programs in; [`invitations`] are links that bring people in; [`roles`] gives and takes roles. Absent on
//! purpose: rights that follow from work (coordinator, evaluator): these are relations, computed by the kernel
//! from what people do.

pub mod api;
pub mod invitations;
pub mod pages;
pub mod registration;
pub mod roles;
pub mod sessions;
pub mod tokens;
