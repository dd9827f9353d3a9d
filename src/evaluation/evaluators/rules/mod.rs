//! What a profile of an evaluator holds (domain.md 8: profile, languages, topics), what its fields are called, and
//! what its calendar and dates mean.

mod calendar;
mod profile;
mod retention;
mod taxonomy;

pub use calendar::{Alert, Period, Standing, alerts, free_on, next_free};
pub use profile::{LEVELS, MOST, Profile, Tag, TextSection, Typed, TypedPeriod, keywords, level, read};
pub use retention::{KEPT_MONTHS, overdue, pseudonym};
pub use taxonomy::{Root, known, label, named, roots, short};
