//! The living demo: the real 2017 call with thirty proposals, so that people and programs can try everything.
//!
//! [`material`] makes up what the proposals say, from a fixed seed; [`load`] writes it; [`world`] makes one SQLite
//! file for each [`stage`], each with a clock of its own; [`pages`] lets a visitor change stage and person.
//!
//! The call goes its real way by the commands of its area. Everything else is written as a restore writes it:
//! rows of all areas at once, in commands of this area's own. That is the one exception to "only the owning area
//! writes a table", because thirty proposals clicked together one by one would take minutes, not seconds.

pub mod cast;
pub mod load;
pub mod material;
pub mod pages;
pub mod stage;
pub mod world;
