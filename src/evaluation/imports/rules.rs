//! How a list of evaluators is read, and what each of its rows changes.

use crate::{
    documents::sheet::{Column, Fault, Head},
    evaluation::evaluators::rules::{self, Profile, Tag, Typed},
};
use chrono::NaiveDate;
use entity::types::{
    BadValue,
    ids::EvaluatorId,
    period::parse_day,
    text::{self, Email},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const EMAIL: usize = 0;
const NAME: usize = 1;
const FIELDS: &str = "Fields";
const DECLARATION: &str = "Declaration until";
const CONTRACT: &str = "Contract until";

/// The columns a list may have, by the name exports give them, with other names people use.
pub const COLUMNS: [Column; 12] = [
    ("E-mail", &["email", "mail", "e-mail address", "email address"]),
    ("Name", &["full name", "evaluator", "expert"]),
    ("Organisation", &["organization", "employer", "affiliation", "company"]),
    (FIELDS, &["tags", "fields of expertise", "topics"]),
    ("Keywords", &["expertise", "free keywords"]),
    ("Languages", &["language"]),
    ("Countries", &["country"]),
    ("Places", &["capacity", "proposals"]),
    ("Hours", &["hours for one call"]),
    ("About", &["bio", "about you"]),
    (DECLARATION, &["declaration of interests until"]),
    (CONTRACT, &["contract"]),
];

/// The most people one list names; a longer one is divided.
const MOST: usize = 500;
/// How well a field is known when a list names it without a level.
const LEVEL: &str = "3";

/// A row that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub row: usize,
    pub email: String,
    pub name: String,
    /// What stands in the columns that say something, by their names.
    pub given: BTreeMap<String, String>,
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
/// When the columns for address and name are missing, there is nothing below the head, or there is too much.
pub fn read(table: &[(usize, Vec<String>)]) -> Result<List, BadValue> {
    let Some(((_, head), body)) = table.split_first() else {
        return Err(BadValue::new("The table is empty"));
    };
    let head = Head::find(head, &COLUMNS);
    if !head.has(EMAIL) || !head.has(NAME) {
        return Err(BadValue::new(format!(
            "The first row must name the columns, at least E-mail and Name. Known are {}",
            COLUMNS.map(|(name, _)| name).join(", ")
        )));
    }
    if body.is_empty() {
        return Err(BadValue::new("There are no rows below the names of the columns"));
    }
    if body.len() > MOST {
        return Err(BadValue::new(format!("The list names more than {MOST} people. Divide it")));
    }
    let mut list = List { unknown: head.unknown.clone(), ..List::default() };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for &(row, ref cells) in body {
        let cell = |column: usize| head.cell(cells, column);
        match usable(row, &cell) {
            Ok(one) => match seen.get(&one.email) {
                Some(first) => {
                    list.faults.push(Fault::new(row, &one.name, format!("The same address as in row {first}")));
                }
                None => {
                    seen.insert(one.email.clone(), row);
                    list.rows.push(one);
                }
            },
            Err(messages) => list.faults.push(Fault::new(row, cell(NAME), messages.join("; "))),
        }
    }
    Ok(list)
}

fn usable<'c>(row: usize, cell: &impl Fn(usize) -> &'c str) -> Result<Row, Vec<String>> {
    let mut messages = Vec::new();
    let email = Email::parse(cell(EMAIL)).map_err(|e| messages.push(format!("E-mail: {}", e.0))).ok();
    let name = text::line(cell(NAME), 120).map_err(|e| messages.push(format!("Name: {}", e.0))).ok();
    let said = COLUMNS.iter().enumerate().skip(2).map(|(at, (column, _))| (*column, cell(at).trim()));
    let given: BTreeMap<String, String> =
        said.filter(|(_, said)| !said.is_empty()).map(|(column, said)| (column.to_owned(), said.to_owned())).collect();
    // A stranger's form is filled in by the stranger: only what the list says has to be right.
    if let Err(wrong) = over(&stranger(), &given).and_then(|typed| rules::read(&typed).map_err(|wrong| said_of(&wrong)))
    {
        messages.extend(wrong);
    }
    for column in [DECLARATION, CONTRACT] {
        if let Err(message) = day(&given, column) {
            messages.push(message);
        }
    }
    match (email, name) {
        (Some(email), Some(name)) if messages.is_empty() => Ok(Row { row, email: email.to_string(), name, given }),
        _ => Err(messages),
    }
}

/// A profile that nothing is wrong with, for what a list does not say.
fn stranger() -> Typed {
    Typed {
        organisation: "-".to_owned(),
        expertise: "-".to_owned(),
        languages: "en".to_owned(),
        countries: "DK".to_owned(),
        capacity: "5".to_owned(),
        ..Typed::default()
    }
}

/// A profile with what a list says written over it.
fn over(typed: &Typed, given: &BTreeMap<String, String>) -> Result<Typed, Vec<String>> {
    let mut typed = typed.clone();
    for (column, said) in given {
        let said = said.clone();
        match column.as_str() {
            "Organisation" => typed.organisation = said,
            FIELDS => typed.tags = tags(&said).map_err(|error| vec![format!("{FIELDS}: {}", error.0)])?,
            "Keywords" => typed.expertise = said,
            "Languages" => typed.languages = said,
            "Countries" => typed.countries = said,
            "Places" => typed.capacity = said,
            "Hours" => typed.hours = said,
            "About" => typed.bio = said,
            _ => {}
        }
    }
    Ok(typed)
}

/// What is wrong with a profile, with the names of the columns.
fn said_of(wrong: &[(String, String)]) -> Vec<String> {
    let column = |field: &str| match field {
        "organisation" => "Organisation",
        "expertise" => "Keywords",
        "languages" => "Languages",
        "countries" => "Countries",
        "capacity" => "Places",
        "hours" => "Hours",
        "bio" => "About",
        _ => FIELDS,
    };
    wrong.iter().map(|(field, message)| format!("{}: {message}", column(field))).collect()
}

/// Fields by key or name, each with a level behind it: `health/devices 4, Wind power`.
fn tags(said: &str) -> Result<Vec<(String, String)>, BadValue> {
    let one = |entry: &str| {
        let (name, level) = match entry.rsplit_once(char::is_whitespace) {
            Some((name, level)) if level.parse::<i32>().is_ok() => (name.trim_end_matches([' ', ':']), level),
            _ => (entry, LEVEL),
        };
        let tag = rules::named(name).ok_or_else(|| BadValue::new(format!("“{name}” is not a field we know")))?;
        Ok((tag, level.to_owned()))
    };
    said.split([',', ';', '\n']).map(str::trim).filter(|entry| !entry.is_empty()).map(one).collect()
}

fn day(given: &BTreeMap<String, String>, column: &str) -> Result<Option<NaiveDate>, String> {
    let said = given.get(column).and_then(|said| said.split_whitespace().next());
    said.map(|said| parse_day(said).map_err(|error| format!("{column}: {}", error.0))).transpose()
}

/// What is kept of a member of the pool, as far as a list may change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub evaluator: EvaluatorId,
    pub version: i64,
    /// Without curriculum and calendar.
    pub profile: Profile,
    pub declaration_until: Option<NaiveDate>,
    pub contract_until: Option<NaiveDate>,
}

/// What is known of an address on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    Member(Box<Kept>),
    /// Somebody who was in the pool.
    Left,
    /// Somebody whose invitation is open.
    Asked,
}

/// What is written of a member, and the columns in which something is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub kept: Kept,
    pub columns: Vec<String>,
}

/// What a row makes of a member's profile.
///
/// # Errors
/// What keeps it from being a profile.
pub fn outcome(row: &Row, kept: &Kept) -> Result<Outcome, Vec<String>> {
    let typed = over(&Typed::from(&kept.profile), &row.given)?;
    let profile = rules::read(&typed).map_err(|wrong| said_of(&wrong))?;
    let date = |column| day(&row.given, column).map_err(|message| vec![message]);
    let after = Kept {
        profile,
        declaration_until: date(DECLARATION)?.or(kept.declaration_until),
        contract_until: date(CONTRACT)?.or(kept.contract_until),
        ..kept.clone()
    };
    let columns = row.given.keys().filter(|column| value(column, &after) != value(column, kept)).cloned().collect();
    Ok(Outcome { kept: after, columns })
}

/// What a member's profile says in a column, to be compared.
fn value(column: &str, kept: &Kept) -> String {
    let Profile { organisation, tags, expertise, languages, countries, capacity, hours, bio, .. } = &kept.profile;
    let date = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    match column {
        "Organisation" => organisation.clone(),
        FIELDS => {
            let tags: BTreeSet<&Tag> = tags.iter().collect();
            tags.into_iter().map(|tag| format!("{} {}", tag.tag, tag.level)).collect::<Vec<_>>().join(", ")
        }
        "Keywords" => expertise.clone(),
        "Languages" => languages.clone(),
        "Countries" => countries.clone(),
        "Places" => capacity.to_string(),
        "Hours" => hours.map(|hours| hours.to_string()).unwrap_or_default(),
        "About" => bio.clone(),
        DECLARATION => date(kept.declaration_until),
        _ => date(kept.contract_until),
    }
}

/// Whether a row says anything new of the fields of the taxonomy.
pub fn new_fields(outcome: &Outcome) -> bool {
    outcome.columns.iter().any(|column| column == FIELDS)
}

/// What a row says of somebody who is not in the pool, for the form that accepts the invitation.
pub fn draft(row: &Row) -> Typed {
    let blank = Typed { capacity: "5".to_owned(), ..Typed::default() };
    over(&blank, &row.given).unwrap_or(blank)
}

/// What happens because of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Somebody who is not in the pool gets an invitation.
    Invited,
    /// A member's profile says something else in these columns.
    Changed { evaluator: EvaluatorId, version: i64, columns: Vec<String> },
    /// Nothing: the invitation is not answered yet.
    Waits,
    /// Nothing: the profile says all of it.
    Stays,
}

impl Change {
    /// What happens, in words.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Invited => "Gets an invitation",
            Self::Changed { .. } => "Changes",
            Self::Waits => "Was invited, no answer yet",
            Self::Stays => "No change",
        }
    }

    /// The columns in which a profile changes.
    pub fn columns(&self) -> &[String] {
        match self {
            Self::Changed { columns, .. } => columns,
            Self::Invited | Self::Waits | Self::Stays => &[],
        }
    }
}

/// One row of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub row: usize,
    pub name: String,
    pub email: String,
    pub change: Change,
}

/// What a list changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub steps: Vec<Step>,
    pub faults: Vec<Fault>,
}

impl Plan {
    pub fn invited(&self) -> usize {
        self.steps.iter().filter(|step| step.change == Change::Invited).count()
    }

    pub fn changed(&self) -> usize {
        self.steps.iter().filter(|step| !step.change.columns().is_empty()).count()
    }

    /// Whether applying it would change anything.
    pub fn changes_something(&self) -> bool {
        self.invited() + self.changed() > 0
    }
}

/// What a list changes in the pool as it is.
pub fn plan(list: &List, known: &BTreeMap<String, Known>) -> Plan {
    let mut plan = Plan { steps: Vec::new(), faults: list.faults.clone() };
    for row in &list.rows {
        let change = match known.get(&row.email) {
            None => Ok(Change::Invited),
            Some(Known::Asked) => Ok(Change::Waits),
            Some(Known::Left) => Err("Has left the pool. Bring them back there first".to_owned()),
            Some(Known::Member(kept)) => match outcome(row, kept) {
                Err(messages) => Err(messages.join("; ")),
                Ok(outcome) if outcome.columns.is_empty() => Ok(Change::Stays),
                Ok(Outcome { columns, .. }) => {
                    Ok(Change::Changed { evaluator: kept.evaluator, version: kept.version, columns })
                }
            },
        };
        match change {
            Ok(change) => {
                let (name, email) = (row.name.clone(), row.email.clone());
                plan.steps.push(Step { row: row.row, name, email, change });
            }
            Err(message) => plan.faults.push(Fault::new(row.row, &row.name, message)),
        }
    }
    plan.faults.sort_by_key(|fault| fault.row);
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn table(rows: &[&[&str]]) -> Vec<(usize, Vec<String>)> {
        (1..).zip(rows).map(|(number, row)| (number, row.iter().map(|&cell| cell.to_owned()).collect())).collect()
    }

    fn member() -> Kept {
        let typed = Typed { tags: vec![("health/devices".into(), "4".into())], ..stranger() };
        let profile = rules::read(&typed).unwrap();
        let evaluator = EvaluatorId(Uuid::from_u128(1));
        Kept { evaluator, version: 3, profile, declaration_until: None, contract_until: None }
    }

    #[test]
    fn every_fault_has_its_row_and_column() {
        let list = read(&table(&[
            &["Mail", "Expert", "Tags", "Places", "Contract", "Shoe size"],
            &["eva@example.org", "Eva", "Medical devices 5; wind power", "3", "2018-12-31", "38"],
            &["nowhere", "", "magic", "none", "soon", ""],
            &["EVA@example.org", "Eva again", "", "", "", ""],
            &["nora@example.org", "Nora", "health 9", "", "", ""],
        ]))
        .unwrap();
        assert_eq!(list.unknown, ["Shoe size"]);
        assert_eq!(list.rows.len(), 1);
        let tags = draft(&list.rows[0]).tags;
        assert_eq!(tags[0], ("health/devices".to_owned(), "5".to_owned()));
        assert_eq!(tags[1].1, LEVEL);
        let said: Vec<(usize, &str)> = list.faults.iter().map(|f| (f.row, f.message.as_str())).collect();
        assert_eq!((said[0].0, said[1]), (3, (4, "The same address as in row 2")));
        for part in ["E-mail: ", "Name: ", "“magic” is not a field we know", "Contract until: "] {
            assert!(said[0].1.contains(part), "{part}: {}", said[0].1);
        }
        assert!(said[2].0 == 5 && said[2].1.starts_with("Fields: "), "{said:?}");
    }

    #[test]
    fn a_table_without_addresses_and_names_is_no_list() {
        assert!(read(&table(&[&["Name", "Town"], &["A", "B"]])).unwrap_err().0.contains("at least E-mail and Name"));
        assert!(read(&table(&[&["Name", "E-mail"]])).is_err() && read(&[]).is_err());
        let many: Vec<&[&str]> = vec![&["E-mail", "Name"]; MOST + 2];
        assert!(read(&table(&many)).unwrap_err().0.contains("Divide it"));
    }

    #[test]
    fn only_what_is_new_changes() {
        let list = read(&table(&[
            &["E-mail", "Name", "Fields", "Places", "Languages"],
            &["eva@example.org", "Eva", "health/devices 4", "5", "English"],
            &["nora@example.org", "Nora", "health/devices 3", "", "fi"],
            &["lea@example.org", "Lea", "", "", ""],
            &["ines@example.org", "Ines", "", "", ""],
            &["asta@example.org", "Asta", "", "", ""],
        ]))
        .unwrap();
        let known = [
            ("eva@example.org", Known::Member(Box::new(member()))),
            ("nora@example.org", Known::Member(Box::new(member()))),
            ("lea@example.org", Known::Left),
            ("asta@example.org", Known::Asked),
        ];
        let known = known.map(|(email, one)| (email.to_owned(), one)).into();
        let plan = plan(&list, &known);
        let words: Vec<&str> = plan.steps.iter().map(|step| step.change.words()).collect();
        assert_eq!(words, ["No change", "Changes", "Gets an invitation", "Was invited, no answer yet"]);
        assert_eq!(plan.steps[1].change.columns(), ["Fields", "Languages"]);
        assert_eq!((plan.faults[0].row, plan.changes_something()), (4, true));
    }
}
