//! Calls: what a joint call asks, pays and judges, as data that people edit, publish and correct.
//!
//! [`rules`] says when the terms hold together and how a call moves on, [`questions`] how one answer is read,
//! checked and shown, [`archive`] how a call travels as a file. [`editor`] and [`annexes`] write it,
//! [`publishing`] moves it through its life, [`corrigenda`] changes it once it is public, [`public`] shows it to
//! everybody, [`figures`] counts how it goes. Absent on purpose: budgets left and decisions (allocation), answers as
//! rows (proposals).

pub mod annexes;
pub mod api;
pub mod archive;
pub mod corrigenda;
pub mod editor;
pub mod figures;
pub mod numbers;
pub mod pages;
pub mod public;
pub mod publishing;
pub mod questions;
pub mod rules;
mod stored;
