//! The register of de minimis aid: every award with its verdict by the law of its day, when entries are due, and what an
//! undertaking declares (Regulation (EU) 2023/2831, Articles 6 and 7).

mod ledger;
mod register;

pub use ledger::{Entry, ledger};
pub use register::{
    Calendar, Declared, Duties, declaration_needed, declared, duties, keep_until, report_due, twenty_working_days,
};
