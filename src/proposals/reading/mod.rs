//! A submitted proposal as staff and evaluators read it: joint answers, parts, companies, activities, budgets, files.
//!
//! Parts that are drafts are left out: they belong to their applicants alone (domain.md 6.1). The score sheet, the
//! eligibility check and the staff's page show the same content through the macros of `templates/proposals/reading`.

pub mod queries;
pub mod rules;
