//! Documents: what is printed, stored, read in and handed out.

pub mod archive;
pub mod files;
pub mod letters;
mod letters_sample;
pub mod pdf;
pub mod sheet;
pub mod sniff;
pub mod store;
