//! Who may do what: an actor's standing towards a subject, and one table that decides.
//!
//! Roles are given ([`actor::Grant`]); relations follow from grants, memberships, teams, assignments and
//! conflicts ([`standing`]). [`policy`] is the only place that turns a relation into a yes.

pub mod actor;
pub mod bars;
pub mod identity;
pub mod permission;
pub mod policy;
pub mod relation;
pub mod scope;
pub mod standing;
pub mod subject;
