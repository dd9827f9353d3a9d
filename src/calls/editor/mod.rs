//! Writing a call: a task list, one page for each piece of its terms, a preview.
//!
//! Every page changes one piece and sends back the version it was made from, so that two tabs never overwrite
//! each other. A draft may be saved with gaps; the task list names them. Once the call is public the same pages
//! lead to a corrigendum instead. Absent on purpose: the agencies' annexes and the step to the public.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
