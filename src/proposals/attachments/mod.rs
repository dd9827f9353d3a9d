//! Attachments: the documents a call asks for and the files that answer its questions.
//!
//! A document may be several files, a question has one; the newest answer replaces the one before. What is taken
//! away keeps its row and its bytes, because submitted versions name it. Absent on purpose: a look into what a file
//! says, and files of kinds the platform does not accept.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
