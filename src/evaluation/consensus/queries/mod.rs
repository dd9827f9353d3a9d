//! What is seen of consensus: the cases of a call, one case with everything beside it, and what is due.

mod case;
mod due;
mod facts;
mod list;

pub use case::{CaseView, ConsensusOf, CriterionView, Opinion, VoiceView};
pub use due::{Due, DueReminders, OwnConsensus, WaitingForMe, WhatIsDue, waiting_for};
pub use facts::{Facts, Given, sentence};
pub use list::{Cases, CasesOf, Line, shown};
