//! The tool kit of the pages; it knows no feature.

pub mod address;
pub mod assets;
pub mod chart;
pub mod door;
pub mod errors;
pub mod export;
pub mod frame;
pub mod links;
pub mod list;
pub mod markdown;
pub mod navigation;
pub mod pages;
pub mod part;
pub mod posted;
pub mod resume;
pub mod show;
pub mod visit;
pub mod worlds;

pub use frame::{Choice, FieldErrors, Frame};
pub use pages::Pages;
pub use posted::Posted;
pub use visit::{Answer, Visit, keep};
