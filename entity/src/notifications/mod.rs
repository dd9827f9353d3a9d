pub mod mail;
pub mod preference;
