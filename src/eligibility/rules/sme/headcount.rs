//! Annual work units: who counts, and for how much of the year (Annex Article 5).

use entity::types::share::Share;

/// How somebody works for the enterprise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Staff {
    Employee,
    /// Works under the enterprise's direction and counts as an employee by national law, as some seconded staff does.
    LikeEmployee,
    OwnerManager,
    /// A partner with a regular activity who draws financial advantages.
    ActivePartner,
    /// An apprentice or student with a vocational training contract.
    Apprentice,
    ParentalLeave,
}

impl Staff {
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Apprentice | Self::ParentalLeave)
    }
}

/// How much one person worked in the reference year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worked {
    pub staff: Staff,
    /// Of full time.
    pub time: Share,
    /// Calendar days of the year in this work.
    pub days: u32,
}

/// Annual work units in hundredths, rounded down; the part-time, the seasonal and those who came or left count by their
/// fraction of a full year.
pub fn annual_work_units(worked: &[Worked], days_in_year: u32) -> i64 {
    let days = i64::from(days_in_year.max(1));
    let counted = worked.iter().filter(|one| one.staff.counts());
    let sum: i64 = counted.map(|one| i64::from(one.time.basis_points()) * i64::from(one.days).min(days)).sum();
    sum / (100 * days)
}
