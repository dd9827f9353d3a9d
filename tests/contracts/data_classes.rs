//! Every column has a class, what is about a person can be found, and what is secret is in no answer.

use super::tables;
use crate::{architecture::source::Tree, support::TestApp};
use fairway::kernel::data_classes::{Class, Owner, TABLES, class_of, personal_columns, secret_columns};
use sea_orm::{ConnectionTrait, Statement, Value};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_column_has_one_class() {
    let written: BTreeSet<String> = tables::all()
        .iter()
        .flat_map(|table| {
            table.columns.iter().map(|column| format!("{}.{}", table.name, column.name)).collect::<Vec<_>>()
        })
        .collect();
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    for table in TABLES {
        for (column, _) in table.columns() {
            *classes.entry(format!("{}.{column}", table.name)).or_default() += 1;
        }
    }

    let unlisted: Vec<&String> = written.iter().filter(|column| !classes.contains_key(*column)).collect();
    assert_eq!(unlisted, Vec::<&String>::new(), "give these a class in src/kernel/data_classes.rs");
    let gone: Vec<&String> = classes.keys().filter(|column| !written.contains(*column)).collect();
    assert_eq!(gone, Vec::<&String>::new(), "these columns are no more: take them out of src/kernel/data_classes.rs");
    let twice: Vec<&String> = classes.iter().filter(|(_, times)| **times > 1).map(|(column, _)| column).collect();
    assert_eq!(twice, Vec::<&String>::new(), "these columns have two classes");
}

#[test]
fn names_addresses_and_hashes_are_never_taken_for_less() {
    let mut faults = Vec::new();
    for table in tables::all() {
        for column in &table.columns {
            let class = class_of(&table.name, &column.name);
            let name = column.name.as_str();
            let least = match () {
                () if name.ends_with("token_hash") || ["phc", "csrf"].contains(&name) => Class::Secret,
                () if column.value == "Email" || name.ends_with("email") || name.ends_with("signatory") => {
                    Class::Personal
                }
                () => continue,
            };
            if class != Some(least) {
                faults.push(format!("{}.{name} is {class:?}, not {least:?}", table.name));
            }
        }
    }

    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

both!(what_is_about_a_person_is_found_by_the_list);

/// The statements an export is made of, asked of a real database: every column exists, every owner is one.
async fn what_is_about_a_person_is_found_by_the_list(app: TestApp) {
    let ana = app.account("Ana Kask").await;
    app.as_("Ana Kask").await;
    let db = app.app.database().maintenance();
    let mut found = BTreeSet::new();

    for column in personal_columns() {
        let place = format!("{}.{}", column.table, column.column);
        assert!(!column.owners.is_empty(), "{place} is about somebody: say how their rows are found");
        for owner in column.owners {
            let (condition, value) = match owner {
                Owner::Account(own) => (format!("\"{own}\" = $1"), Value::from(ana.0)),
                Owner::Address(own) => (format!("\"{own}\" = $1"), "ana.kask@example.org".into()),
                Owner::Mentioned(own) => (format!("\"{own}\" LIKE $1"), "%Ana Kask%".into()),
                Owner::Through(own, other) => {
                    let its = TABLES.iter().find(|table| table.name == *other).expect("the owner's table is listed");
                    let (whose, value) = match its.owners.first() {
                        Some(Owner::Account(account)) => (account, Value::from(ana.0)),
                        Some(Owner::Address(address)) => (address, "ana.kask@example.org".into()),
                        _ => panic!("{other} has an owner"),
                    };
                    (format!("\"{own}\" IN (SELECT id FROM \"{other}\" WHERE \"{whose}\" = $1)"), value)
                }
            };
            let sql = format!("SELECT count(\"{}\") FROM \"{}\" WHERE {condition}", column.column, column.table);
            let statement = Statement::from_sql_and_values(db.get_database_backend(), sql.clone(), [value]);
            let answer = db.query_one_raw(statement).await.unwrap_or_else(|problem| panic!("{sql}: {problem}"));
            if answer.unwrap().try_get_by_index::<i64>(0).unwrap() > 0 {
                found.insert(place.clone());
            }
        }
    }

    for expected in ["account.email", "account.name", "session.address", "session.agent"] {
        assert!(found.contains(expected), "{expected} of Ana was not found: {found:?}");
    }
    app.finish().await;
}

#[test]
fn no_answer_and_no_export_has_a_secret() {
    let secrets: BTreeSet<&str> = secret_columns().map(|(_, column)| column).filter(|name| *name != "value").collect();
    let tree = Tree::of_this_checkout();
    let mut faults = Vec::new();
    let words: Vec<&str> = secrets.iter().copied().collect();
    for file in tree.rust("src/").filter(|file| file.text.contains("impl Exported for")) {
        for (line, word) in file.lines_with(&words) {
            faults.push(format!("{}:{line} exports rows and names `{word}`, which is secret", file.path));
        }
    }
    let document = serde_json::to_string(super::openapi::document()).expect("JSON can be written");
    faults.extend(
        secrets
            .iter()
            .filter(|name| document.contains(&format!("\"{name}\":")))
            .map(|name| format!("the API's description has a field `{name}`, which is secret")),
    );

    assert!(secrets.len() >= 3);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
