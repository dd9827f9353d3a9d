//! A table of members: which column is which, and what is wrong in which row.

use crate::{
    documents::sheet::{Column, Fault, Head},
    kernel::AppError,
    organisations::rules::{Profile, ProfileInput},
};
use chrono::NaiveDate;
use entity::types::{BadValue, country::Country, period, states::OrganisationKind};
use serde::{Deserialize, Serialize};

/// The columns a list may have, by the name exports give them, with other names people use.
pub const COLUMNS: [Column; 9] = [
    ("Name", &["organisation", "organization", "company", "member", "organisation name", "company name"]),
    ("Country", &["country code", "land"]),
    (
        "Registration number",
        &[
            "registration no",
            "reg no",
            "org no",
            "organisation number",
            "company number",
            "registration_no",
            "number",
            "vat",
        ],
    ),
    ("Kind", &["type"]),
    ("Town", &["city", "place"]),
    ("Region", &["county", "district"]),
    ("Website", &["web", "url", "homepage"]),
    ("Since", &["member since", "from", "joined"]),
    ("Until", &["member until", "to", "left"]),
];

/// A row that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Counted from the head, which is row 1; empty rows are not counted.
    pub row: usize,
    pub profile: Profile,
    pub since: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
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
/// When the columns for name and country are missing, or there is nothing below the head.
pub fn read(table: &[(usize, Vec<String>)]) -> Result<List, BadValue> {
    let Some(((_, head), body)) = table.split_first() else {
        return Err(BadValue::new("The table is empty"));
    };
    let head = Head::find(head, &COLUMNS);
    let missing: Vec<&str> = (0..2).filter(|column| !head.has(*column)).map(|column| COLUMNS[column].0).collect();
    if !missing.is_empty() {
        return Err(BadValue::new(format!(
            "The first row must name the columns. Missing: {}. Known are {}",
            missing.join(" and "),
            COLUMNS.map(|(name, _)| name).join(", ")
        )));
    }
    if body.is_empty() {
        return Err(BadValue::new("There are no rows below the names of the columns"));
    }
    let mut list = List { unknown: head.unknown.clone(), ..List::default() };
    for &(row, ref cells) in body {
        let cell = |column: usize| head.cell(cells, column);
        match usable(row, &cell) {
            Ok(row) => list.rows.push(row),
            Err(messages) => list.faults.push(Fault::new(row, cell(0), messages.join("; "))),
        }
    }
    Ok(list)
}

fn usable<'c>(row: usize, cell: &impl Fn(usize) -> &'c str) -> Result<Row, Vec<String>> {
    let mut messages = Vec::new();
    let kind = kind(cell(3)).map_err(|e| messages.push(e.0)).unwrap_or(OrganisationKind::Sme);
    let input = ProfileInput {
        kind: kind.word().to_owned(),
        name: cell(0).to_owned(),
        country: country(cell(1)),
        registration_no: cell(2).to_owned(),
        city: cell(4).to_owned(),
        region: cell(5).to_owned(),
        website: cell(6).to_owned(),
        description: String::new(),
    };
    let profile = match input.read() {
        Ok(profile) => Some(profile),
        Err(AppError::Invalid(errors)) => {
            messages.extend(errors.list().into_iter().map(|(field, m)| format!("{}: {m}", errors.readable(field))));
            None
        }
        Err(other) => {
            messages.push(other.to_string());
            None
        }
    };
    let mut day = |column: usize| match cell(column).split_whitespace().next() {
        None => None,
        Some(text) => {
            period::parse_day(text).map_err(|e| messages.push(format!("{}: {}", COLUMNS[column].0, e.0))).ok()
        }
    };
    let (since, until) = (day(7), day(8));
    if let (Some(since), Some(until)) = (since, until)
        && until < since
    {
        messages.push("The membership ends before it begins".to_owned());
    }
    match profile {
        Some(profile) if messages.is_empty() => Ok(Row { row, profile, since, until }),
        _ => Err(messages),
    }
}

/// A code, or the English name of a country.
fn country(text: &str) -> String {
    let named = |country: &Country| country.name().eq_ignore_ascii_case(text.trim());
    match text.trim().len() {
        2 => text.to_owned(),
        _ => Country::all().iter().find(|country| named(country)).map_or(text, |found| found.code()).to_owned(),
    }
}

/// An SME when nothing is said, because that is what most members are.
fn kind(text: &str) -> Result<OrganisationKind, BadValue> {
    let text = text.trim().to_lowercase();
    let of_list = |kind: &&OrganisationKind| kind.word() == text || kind.label().to_lowercase() == text;
    match text.as_str() {
        "" | "company" => Ok(OrganisationKind::Sme),
        _ => match OrganisationKind::ALL.iter().find(of_list) {
            Some(OrganisationKind::Agency) | None => {
                Err(BadValue::new("Kind: use SME, Cluster, Research organisation or Other"))
            }
            Some(kind) => Ok(*kind),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Vec<(usize, Vec<String>)> {
        (1..).zip(rows).map(|(number, row)| (number, row.iter().map(|&cell| cell.to_owned()).collect())).collect()
    }

    #[test]
    fn columns_are_found_by_any_usual_name_in_any_order() {
        let list = read(&table(&[
            &["Country code", "Company", "Org no", "Since", "Fee"],
            &["no", "Wind AS", "912 345 678", "2015-03-01", "100"],
            &["Norway", "Wave AS", "", "01.02.2016", ""],
        ]))
        .unwrap();
        assert!(list.faults.is_empty(), "{:?}", list.faults);
        assert_eq!(list.unknown, ["Fee"]);
        assert_eq!(list.rows[0].profile.registration_no.as_deref(), Some("912 345 678"));
        assert_eq!((list.rows[1].profile.country.code(), list.rows[1].profile.kind), ("NO", OrganisationKind::Sme));
        assert_eq!(list.rows[1].since.unwrap().to_string(), "2016-02-01");
    }

    #[test]
    fn every_fault_has_its_row() {
        let list = read(&table(&[
            &["Name", "Country", "Kind", "Since", "Until"],
            &["", "Atlantis", "SME", "", ""],
            &["Good", "SE", "Agency", "yesterday", ""],
            &["Late", "SE", "Other", "2017-01-01", "2016-01-01"],
        ]))
        .unwrap();
        assert!(list.rows.is_empty());
        let said: Vec<String> = list.faults.iter().map(|f| format!("{} {}", f.row, f.message)).collect();
        assert!(said[0].starts_with("2 Name: ") && said[0].contains("Country: "), "{}", said[0]);
        assert!(said[1].starts_with("3 Kind: use SME") && said[1].contains("Since: Enter a date"), "{}", said[1]);
        assert_eq!(said[2], "4 The membership ends before it begins");
    }

    #[test]
    fn a_table_without_names_and_countries_is_no_list() {
        let said = read(&table(&[&["Firma", "Ort"], &["A", "B"]])).unwrap_err().0;
        assert!(said.contains("Missing: Name and Country"), "{said}");
        assert!(read(&table(&[&["Name", "Country"]])).is_err());
        assert!(read(&[]).is_err());
    }
}
