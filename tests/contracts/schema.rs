//! The migrated tables are the ones the rows describe, on both databases; what refers to a row says so, and
//! what holds one of some words can hold no other.

use super::tables;
use crate::support::{Base, TestApp, machine, postgres};
use entity::types::{money::Currency, states::WORDS};
use fairway::kernel::database::Database;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Schema, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// Columns that name a row without a foreign key, and why.
const LOOSE: &[(&str, &str)] = &[
    ("audit_entry.subject_id", "the log speaks of things of every kind and outlives them"),
    ("file.about_id", "a file can be about a thing of every kind; `about_kind` says of which"),
    ("mail.about_id", "the mail log speaks of things of every kind and outlives them"),
    ("plan.job", "the run a plan waits for; what became of the job is told by its own row, if there still is one"),
    (
        "scenario.job",
        "the search a scenario waits for; what became of the job is told by its own row, if there still is one",
    ),
    ("mail.message_id", "the identifier of the mail for mail programs, of no row of ours"),
];

/// Columns called after a kind that hold more words than one list has, and why.
const OPEN: &[(&str, &str)] = &[
    ("audit_entry.subject_kind", "the log keeps words of things that may be gone"),
    ("file.about_kind", "read back by Subject::from_parts, which knows the words"),
    ("mail.about_kind", "read back by Subject::from_parts, which knows the words"),
];

macro_rules! entities {
    ($($area:ident::$row:ident),+ $(,)?) => {
        const KNOWN: &[&str] = &[$(concat!(stringify!($area), "::", stringify!($row))),+];

        async fn create_from_rows(db: &DatabaseConnection) {
            let builder = Schema::new(db.get_database_backend()).builder();
            let builder = builder$(.register(entity::$area::$row::Entity))+;
            builder.apply(db).await.expect("the rows describe tables that can be made");
        }
    };
}

entities!(
    accounts::account,
    accounts::api_token,
    accounts::credential,
    accounts::invitation,
    accounts::one_time_token,
    accounts::role_grant,
    accounts::session,
    agreements::agreement,
    calls::annex,
    calls::call,
    calls::corrigendum,
    clusters::cluster_membership,
    clusters::label,
    clusters::member_import,
    decisions::decision,
    decisions::decision_list,
    decisions::decision_summary,
    decisions::decline,
    decisions::stranded_choice,
    documents::file,
    eligibility::eligibility_check,
    evaluation::agreed_score,
    evaluation::assignment,
    evaluation::calibration,
    evaluation::comment_mark,
    evaluation::conflict,
    evaluation::conflict_finding,
    evaluation::conflict_screening,
    evaluation::interest,
    evaluation::interest_statement,
    organisations::organisation_link,
    evaluation::consensus,
    evaluation::consensus_message,
    evaluation::consensus_point,
    evaluation::consensus_voice,
    evaluation::evaluator,
    evaluation::lottery,
    evaluation::evaluator_draft,
    evaluation::evaluator_expertise,
    evaluation::evaluator_import,
    evaluation::evaluator_period,
    evaluation::evaluator_text,
    evaluation::panel_vote,
    evaluation::panel_presence,
    evaluation::panel_point,
    evaluation::panel_note,
    evaluation::panel_minutes,
    evaluation::panel_member,
    evaluation::panel_item,
    evaluation::panel_ballot,
    evaluation::panel,
    allocation::scenario,
    evaluation::plan,
    evaluation::plan_pair,
    evaluation::ranking,
    evaluation::ranking_line,
    evaluation::recruitment,
    evaluation::score,
    evaluation::sheet_version,
    evaluation::training,
    evaluation::training_sheet,
    evaluation::wish,
    kernel::audit_entry,
    kernel::job,
    kernel::live_view,
    kernel::rate_window,
    kernel::setting,
    lists::saved_view,
    notifications::mail,
    notifications::preference,
    organisations::membership,
    organisations::organisation,
    proposals::activity_line,
    proposals::answer,
    proposals::attachment,
    proposals::cost_line,
    proposals::funding_line,
    proposals::kpi_target,
    proposals::letter,
    proposals::part,
    proposals::participant,
    proposals::proposal,
    proposals::section_task,
    proposals::submission,
    proposals::team_member,
    reporting::kpi_reading,
    reporting::report,
);

/// What a database says of its tables, one line per fact.
#[derive(Default)]
struct Facts {
    columns: BTreeSet<String>,
    keys: BTreeSet<String>,
    references: BTreeSet<String>,
    /// The words a column may hold, by `table.column`.
    words: BTreeMap<String, BTreeSet<String>>,
}

impl Facts {
    async fn of(db: &DatabaseConnection) -> Self {
        let mut facts = Self::default();
        match db.get_database_backend() {
            DbBackend::Postgres => facts.ask_postgres(db).await,
            _ => facts.ask_sqlite(db).await,
        }
        facts
    }

    async fn ask_sqlite(&mut self, db: &DatabaseConnection) {
        let tables = rows(db, "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name", 2).await;
        for [table, sql] in tables.iter().map(|row| [&row[0], &row[1]]).filter(|[name, _]| ours(name)) {
            let asked = format!(
                "SELECT name, type, CASE WHEN \"notnull\" THEN 'not null' ELSE 'null' END, CAST(pk AS text) \
                 FROM pragma_table_info('{table}')"
            );
            for row in rows(db, &asked, 4).await {
                self.columns.insert(format!("{table}.{} {} {}", row[0], row[1].to_lowercase(), row[2]));
                if row[3] != "0" {
                    self.keys.insert(format!("{table}.{}", row[0]));
                }
            }
            let asked =
                format!("SELECT \"from\", \"table\", \"to\", on_delete FROM pragma_foreign_key_list('{table}')");
            for row in rows(db, &asked, 4).await {
                self.references.insert(reference(table, &row[0], &row[1], &row[2], &row[3]));
            }
            // A check stands in the text of the table: CHECK ("state" IN ('draft', 'open')).
            for check in sql.split("CHECK ").skip(1) {
                let column = check.split('"').nth(1).unwrap_or_default();
                let end = check.find("))").unwrap_or(check.len());
                self.words.insert(format!("{table}.{column}"), quoted(&check[..end]));
            }
        }
    }

    async fn ask_postgres(&mut self, db: &DatabaseConnection) {
        let asked = "SELECT table_name::text, column_name::text, data_type::text, \
             coalesce(character_maximum_length::text, ''), is_nullable::text \
             FROM information_schema.columns WHERE table_schema = 'public'";
        for row in rows(db, asked, 5).await.iter().filter(|row| ours(&row[0])) {
            let null = if row[4] == "YES" { "null" } else { "not null" };
            self.columns.insert(format!("{}.{} {} {} {null}", row[0], row[1], row[2], row[3]));
        }
        let asked = "SELECT c.conrelid::regclass::text, a.attname::text, c.contype::text, \
             coalesce(c.confrelid::regclass::text, ''), coalesce(f.attname::text, ''), \
             CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'r' THEN 'RESTRICT' ELSE 'NO ACTION' END, \
             pg_get_constraintdef(c.oid) \
             FROM pg_constraint c \
             CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY k(attnum, place) \
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum \
             LEFT JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[k.place] \
             WHERE c.connamespace = 'public'::regnamespace";
        for row in rows(db, asked, 7).await.iter().filter(|row| ours(&row[0])) {
            let [table, column] = [&row[0], &row[1]];
            match row[2].as_str() {
                "p" => _ = self.keys.insert(format!("{table}.{column}")),
                "f" => _ = self.references.insert(reference(table, column, &row[3], &row[4], &row[5])),
                "c" => _ = self.words.insert(format!("{table}.{column}"), quoted(&row[6])),
                _ => {}
            }
        }
    }

    /// Whether this column refers to a row of another table.
    fn refers(&self, column: &str) -> bool {
        self.references.iter().any(|line| line.starts_with(&format!("{column} → ")))
    }
}

fn reference(table: &str, column: &str, other: &str, its: &str, on_delete: &str) -> String {
    format!("{table}.{column} → {other}.{its} on delete {}", on_delete.to_lowercase())
}

fn ours(table: &str) -> bool {
    !table.starts_with("sqlite_") && table != "seaql_migrations"
}

fn quoted(text: &str) -> BTreeSet<String> {
    text.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}

async fn rows(db: &DatabaseConnection, sql: &str, columns: usize) -> Vec<Vec<String>> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let found = db.query_all_raw(statement).await.unwrap_or_else(|problem| panic!("{sql}: {problem}"));
    let row = |row: &sea_orm::QueryResult| (0..columns).map(|at| row.try_get_by_index(at).unwrap()).collect();
    found.iter().map(row).collect()
}

#[track_caller]
fn same(what: &str, migrated: &BTreeSet<String>, described: &BTreeSet<String>) {
    let only = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
        these.difference(those).cloned().collect::<Vec<_>>().join("\n  ")
    };
    assert!(
        migrated == described,
        "{what}\nonly the migrations make\n  {}\nonly the rows describe\n  {}",
        only(migrated, described),
        only(described, migrated)
    );
}

both!(
    the_migrated_tables_are_the_ones_the_rows_describe,
    what_refers_to_a_row_says_so,
    words_are_the_ones_of_their_list
);

async fn the_migrated_tables_are_the_ones_the_rows_describe(app: TestApp) {
    let migrated = Facts::of(app.app.database().maintenance()).await;
    let base = if app.app.database().backend() == DbBackend::Postgres { Base::Postgres } else { Base::Sqlite };
    let kept = if base == Base::Postgres { Some(postgres::fresh_database().await) } else { None };
    let url = match &kept {
        Some(database) => database.url().to_owned(),
        None => Database::sqlite_url(&machine::scratch_folder("rows").join("rows.sqlite")),
    };
    let database = Database::open(&url).await.unwrap();
    create_from_rows(database.maintenance()).await;
    let described = Facts::of(database.maintenance()).await;
    database.close().await.unwrap();

    assert!(migrated.columns.len() > 400 && migrated.references.len() > 80, "the database was not read");
    same("Columns differ in name, type or nullability.", &migrated.columns, &described.columns);
    same("Primary keys differ.", &migrated.keys, &described.keys);
    same("Foreign keys differ.", &migrated.references, &described.references);

    app.finish().await;
}

async fn what_refers_to_a_row_says_so(app: TestApp) {
    let facts = Facts::of(app.app.database().maintenance()).await;
    let mut loose = BTreeSet::new();
    for table in tables::all() {
        for column in &table.columns {
            let place = format!("{}.{}", table.name, column.name);
            let own = column.name == "id";
            let names_a_row = column.name.ends_with("_id") || column.value.ends_with("Id");
            if names_a_row && !own && !facts.refers(&place) {
                loose.insert(place);
            }
        }
    }

    let known: BTreeSet<String> = LOOSE.iter().map(|(place, _)| (*place).to_owned()).collect();
    same("Columns that name a row need a foreign key, or a line in LOOSE with the reason.", &loose, &known);
    let silent = facts.references.iter().filter(|line| line.ends_with("no action")).collect::<Vec<_>>();
    assert_eq!(silent, Vec::<&String>::new(), "every foreign key says what happens when the row goes");

    app.finish().await;
}

async fn words_are_the_ones_of_their_list(app: TestApp) {
    let facts = Facts::of(app.app.database().maintenance()).await;
    let mut lists: BTreeMap<&str, BTreeSet<String>> =
        WORDS.iter().map(|(name, words)| (*name, words.iter().map(|word| (*word).to_owned()).collect())).collect();
    lists.insert("Currency", Currency::ALL.iter().map(|currency| currency.code().to_owned()).collect());
    let mut faults = Vec::new();
    let mut checked = BTreeSet::new();
    let mut open = BTreeSet::new();
    for table in tables::all() {
        for column in &table.columns {
            let place = format!("{}.{}", table.name, column.name);
            if let Some(words) = lists.get(column.value.as_str()) {
                checked.insert(place.clone());
                match facts.words.get(&place) {
                    Some(stored) if stored == words => {}
                    Some(stored) => faults.push(format!("{place} may hold {stored:?}, {} is {words:?}", column.value)),
                    None => faults.push(format!("{place} has no CHECK with the words of {}", column.value)),
                }
            } else if column.name == "state" || column.name.ends_with("kind") {
                open.insert(place);
            }
        }
    }
    faults.extend(
        facts
            .words
            .keys()
            .filter(|place| !checked.contains(*place))
            .map(|place| format!("{place} has a CHECK, but its field is of no list of words")),
    );

    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let known: BTreeSet<String> = OPEN.iter().map(|(place, _)| (*place).to_owned()).collect();
    same("States and kinds are of a list in entity::types::states, or in OPEN with the reason.", &open, &known);

    app.finish().await;
}

#[test]
fn every_table_is_compared() {
    let written: Vec<String> = tables::all().into_iter().map(|table| table.module).collect();
    let missing: Vec<&String> = written.iter().filter(|module| !KNOWN.contains(&module.as_str())).collect();

    assert_eq!(missing, Vec::<&String>::new(), "add these to `entities!` in tests/contracts/schema.rs");
    assert_eq!(written.len(), KNOWN.len());
}
