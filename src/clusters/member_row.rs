//! One line of a membership list, as it is typed or read from a table.

use crate::organisations::commands::Profile;
use entity::types::{BadValue, country::Country, states::OrganisationKind, text};
use serde::{Deserialize, Serialize};

/// One line of a membership list, as typed or read from a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    pub name: String,
    pub registration_no: String,
    pub country: String,
}

impl MemberRow {
    /// The organisation a line speaks of; new ones are taken for SMEs.
    ///
    /// # Errors
    /// What is wrong with the line.
    pub fn profile(&self) -> std::result::Result<Profile, BadValue> {
        let name = text::line(&self.name, 200).map_err(|e| BadValue::new(format!("Name: {e}")))?;
        let country: Country = self.country.parse().map_err(|_| {
            BadValue::new(format!("“{}” is no country code; use two letters such as LT", self.country.trim()))
        })?;
        let registration_no = text::optional_line(&self.registration_no, 60)?;
        Ok(Profile {
            kind: OrganisationKind::Sme,
            name,
            country,
            region: None,
            city: None,
            registration_no,
            website: None,
            description: String::new(),
        })
    }
}
