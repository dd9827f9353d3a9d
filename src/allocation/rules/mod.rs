//! From a fixed ranking to money, under every agency's own budget in its own currency (virtual common pot, domain.md
//! 2.3 and 6.4).
//!
//! A [`Setting`] holds the agencies with their budgets and the rates of the call, the candidates in rank order with
//! their parts, the least consortium, and what is signed or declined already. A [`Strategy`] turns it into a
//! [`Scenario`]: who is funded with how much for each part, what each agency has left, who was skipped because which
//! agency lacked how much, which parts are stranded, and every agency's reserve list. Strategies are offered side by
//! side ([`compare`]); the optimum is shown only as a mirror, because it breaks the order of ranks.
//!
//! Money never leaves its currency: an agency's parts, budget and grants are in one currency, and rates serve sums over
//! agencies, the balancing pot and the top-up only.
//!
//! Deliberately absent: whether a part may be funded at all (eligibility, evaluation), letters, rows, and the clock.

mod comparison;
mod decline;
mod input;
mod next_unlock;
mod outcome;
mod pot;
mod reserve;
mod scenario;
mod setting;
mod settings;
mod states;
mod strategies;
#[cfg(test)]
mod tests;
mod ties;
mod top_up;
mod walk;
pub mod words;

pub use comparison::{Comparison, compare};
pub use decline::{Next, decline};
pub use input::{Input, LeftOut, Purse, Ranked, RankedPart, TIE_RULE};
pub use next_unlock::{Change, Sensitivity, sensitivity};
pub use outcome::{Outcome, Proof, ToppedUp, mirrored, walked};
pub use pot::{Gaps, Pot, Turn};
pub use reserve::ReservePlace;
pub use scenario::{AgencyLine, Fate, PartLine, PotLine, Scenario, ScenarioLine, Verdict};
pub use setting::{Agency, AskedPart, Candidate, Consortium, Refusal, Setting};
pub use settings::{Kind, Settings, Typed, budget_field};
pub use states::{IllegalStep, Step, is_open, next};
pub use strategies::{Goal, Mirror, Strategy, allocate, mirror};
pub use ties::{Tie, TieReason, order};
pub use top_up::{TopUp, TopUpLine, TopUpStep, top_up};
