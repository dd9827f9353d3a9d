//! Consensus: when the evaluators of a proposal see different things, and what they agree on.
//!
//! A call says before it opens what counts as divergence and what follows from it: a third review, or a consensus of
//! those who gave the points. Once all sheets of a proposal are in, a job applies the rule and opens a case. One
//! reviewer, the rapporteur, drafts points and a comment per criterion beside everybody's own; every reviewer signs, or
//! writes down why not. A changed draft takes signatures back. When all have signed, the agreed points count instead
//! of the sheets (`agreed_score`), which stay as they were given. What cannot be agreed goes to the panel.
//!
//! States: third_review, writing, signing, disputed → agreed, to_panel, waived, settled ([`rules::states`]).
//! Invariants: agreed points exist only for a case signed by all; somebody with a conflict of interest drops out, and
//! what was signed with them is taken up again. Thresholds, weighted totals and ties are `rankings::rules`. Absent on
//! purpose: points made by the machine. A consensus score is what people agree on.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod pages;
pub mod queries;
pub mod rules;
