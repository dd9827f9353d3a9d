//! The first page after signing in, and the homes of the areas: what is there, and the one next thing to do.
//!
//! It only asks: cards of one's proposals, one's assignments, calls of one's agency with their key numbers and
//! next step, and for administrators what failed. It also holds the pages about the installation itself:
//! the public home, accessibility and privacy. Absent on purpose: anything that can be done here directly.

pub mod api;
pub mod pages;
pub mod queries;
pub mod rules;
