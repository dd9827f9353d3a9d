//! What people keep of the lists they work with.

pub mod views;
