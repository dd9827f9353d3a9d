//! A list of pairs that comes in, as exports write it.

use crate::documents::sheet::{Column, Fault, Head};
use entity::types::{
    BadValue,
    ids::{EvaluatorId, ProposalId},
    text::Email,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const PROPOSAL: usize = 0;
const EMAIL: usize = 1;
const LOCKED: usize = 2;

/// The columns of a list; those after the third say more in exports and are left aside when they come in.
pub const COLUMNS: [Column; 6] = [
    ("Proposal", &["code", "number", "proposal code", "proposal number"]),
    ("E-mail", &["email", "mail", "evaluator", "evaluator e-mail", "e-mail address"]),
    ("Locked", &["lock"]),
    ("Title", &[]),
    ("Name", &["evaluator name"]),
    ("Affinity", &[]),
];

/// The most rows of one list.
const MOST: usize = 50_000;

/// A row that can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub row: usize,
    pub code: String,
    pub email: String,
    pub locked: bool,
}

/// A table that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    pub rows: Vec<Row>,
    pub faults: Vec<Fault>,
    /// Columns nobody knows, which are left aside.
    pub unknown: Vec<String>,
}

/// Reads the numbered rows of a table; the first names the columns.
///
/// # Errors
/// When the columns for proposal and address are missing, there is nothing below the head, or there is too much.
pub fn read(table: &[(usize, Vec<String>)]) -> Result<List, BadValue> {
    let Some(((_, head), body)) = table.split_first() else {
        return Err(BadValue::new("The table is empty"));
    };
    let head = Head::find(head, &COLUMNS);
    if !head.has(PROPOSAL) || !head.has(EMAIL) {
        return Err(BadValue::new("The first row must name the columns, at least Proposal and E-mail"));
    }
    if body.is_empty() {
        return Err(BadValue::new("There are no rows below the names of the columns"));
    }
    if body.len() > MOST {
        return Err(BadValue::new(format!("The list has more than {MOST} rows. Divide it")));
    }
    let mut list = List { unknown: head.unknown.clone(), ..List::default() };
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for &(row, ref cells) in body {
        let cell = |column: usize| head.cell(cells, column).trim();
        let code = cell(PROPOSAL).to_uppercase();
        let mut fault = |message: String| list.faults.push(Fault::new(row, &code, message));
        if code.is_empty() {
            fault("The number of the proposal is missing".to_owned());
            continue;
        }
        let email = match Email::parse(cell(EMAIL)) {
            Ok(email) => email.to_string(),
            Err(error) => {
                fault(format!("E-mail: {}", error.0));
                continue;
            }
        };
        let locked = match cell(LOCKED).to_lowercase().as_str() {
            "" | "no" | "0" | "false" => false,
            "yes" | "1" | "true" | "x" => true,
            _ => {
                fault("Locked: write yes or no".to_owned());
                continue;
            }
        };
        if let Some(first) = seen.insert((code.clone(), email.clone()), row) {
            fault(format!("The same pair as in row {first}"));
            continue;
        }
        list.rows.push(Row { row, code, email, locked });
    }
    Ok(list)
}

/// A pair with its lock.
pub type Locked = (ProposalId, EvaluatorId, bool);

/// What a list changes in a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    pub added: Vec<Locked>,
    pub removed: Vec<(ProposalId, EvaluatorId)>,
    /// Pairs that stay and are locked or unlocked.
    pub relocked: Vec<Locked>,
    pub unchanged: usize,
}

impl Changes {
    pub fn is_nothing(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.relocked.is_empty()
    }
}

/// A list that was looked at and waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    pub file: String,
    pub changes: Changes,
    pub faults: Vec<Fault>,
    pub unknown: Vec<String>,
}

/// Compares what a list says with the pairs of a draft; the list is the whole draft, tasks that stand are left alone.
pub fn compared(now: &BTreeMap<(ProposalId, EvaluatorId), bool>, listed: &[Locked]) -> Changes {
    let mut changes = Changes::default();
    let mut named = BTreeSet::new();
    for (proposal, evaluator, locked) in listed.iter().copied() {
        named.insert((proposal, evaluator));
        match now.get(&(proposal, evaluator)) {
            None => changes.added.push((proposal, evaluator, locked)),
            Some(before) if *before != locked => changes.relocked.push((proposal, evaluator, locked)),
            Some(_) => changes.unchanged += 1,
        }
    }
    changes.removed = now.keys().filter(|pair| !named.contains(pair)).copied().collect();
    changes
}
