//! The living demo: the real 2017 call with thirty proposals, so that people and programs can try everything.
//!
//! [`material`] makes up what the proposals say, from a fixed seed; it writes nothing anywhere.

pub mod material;
