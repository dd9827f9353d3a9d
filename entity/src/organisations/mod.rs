pub mod membership;
pub mod organisation;
