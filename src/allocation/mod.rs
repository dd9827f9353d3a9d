//! Allocation: from a ranking to the proposals the agencies' budgets can pay.

pub mod optimum;
pub mod rules;
