//! A submitted proposal as staff and evaluators read it: joint answers, parts, companies, activities, budgets, files.
//!
//! What is read is what was handed in, never what stands in the form: every part by its last version, the joint
//! sections by the coordinator's ([`rules::joint_version`] says what counts while that part is not handed in). Parts
//! that are drafts are left out: they belong to their applicants alone (domain.md 6.1), and a part that was reopened
//! and not handed in again is a draft. The score sheet, the
//! eligibility check and the staff's page show the same content through the macros of `templates/proposals/reading`.

pub mod queries;
pub mod rules;
