//! De minimis aid: how much room is left, and what may not be paid from it (domain.md 3.2).
//!
//! The ceiling is per Member State and single undertaking: Regulation (EU) 2023/2831 since 2024, EUR 300 000 over any
//! three years; Regulation (EU) No 1407/2013 before, EUR 200 000 over three fiscal years, EUR 100 000 for road freight.
//! An award is judged by the law of its grant date, and one that would pass the ceiling falls out whole. [`room`] says
//! what is used and left on a day, [`outlook`] when what drops out, [`judge`] whether a new award is covered and, if
//! not, from which day it would be. [`screen`] asks each activity line about export aid, [`carried`] moves awards
//! through mergers and splits, and [`equivalent`] values services given below their price.
//!
//! Deliberately absent: the sector ceilings of farms, fisheries and services of general interest, loans, guarantees,
//! and who keeps the register (`aid`).

pub mod equivalent;
mod export;
mod judgement;
mod law;
mod room;
mod single;
mod succession;
#[cfg(test)]
mod tests;

pub use export::{Answers, Line, Purpose, Sector, screen};
pub use judgement::{Judgement, judge};
pub use law::{FiscalYear, Law, Window};
pub use room::{Award, Fault, Holder, Relief, Room, Rules, Trade, outlook, room};
pub use single::{Undertaking, undertaking};
pub use succession::{Carried, Heir, Succession, carried};
