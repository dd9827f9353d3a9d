//! Aid: what each undertaking got under de minimis, and what the register owes whom by when (domain.md 3.2).
//!
//! The law of room and ceilings is in `eligibility::rules::de_minimis`, because an officer asks it before a part is
//! eligible; here are the register's own rules: its ledger, its days and its declaration.
//!
//! Absent so far: rows, commands and screens.

pub mod rules;
