//! Accounts: people who sign in, how they prove who they are, and the roles given to them.
//!
//! [`sessions`] signs people in and out; [`registration`] makes accounts and proves addresses; [`roles`]
//! gives and takes roles. Absent on purpose: rights that follow from work (coordinator, evaluator): these
//! are relations, computed by the kernel from what people do.

pub mod sessions;
