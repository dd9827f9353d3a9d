pub mod membership;
pub mod organisation;
pub mod organisation_link;
