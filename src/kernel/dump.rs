//! The whole database on its way into a backup and out of it.
//!
//! SQLite gives a consistent copy of its file. PostgreSQL gives every table as JSON lines, read in one
//! snapshot and written back in one transaction in the order of the foreign keys. Every value travels as
//! PostgreSQL's own text for it, so that nothing is lost on the way: a document that is `null` stays told
//! apart from no document. Writers are not held up by either.

use super::database::Database;
use anyhow::{Context, bail};
use futures_util::TryStreamExt;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, StreamTrait, TransactionTrait};
use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Lines written back with one statement.
const BATCH: usize = 500;
/// The table of the migrations, which a fresh database has rows in.
const MIGRATIONS: &str = "seaql_migrations";

/// One table on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFile {
    pub name: String,
    pub rows: u64,
    pub path: PathBuf,
}

impl Database {
    /// Writes a consistent copy of the SQLite file.
    ///
    /// # Errors
    /// When the disk refuses, or the database is of another kind.
    #[expect(clippy::disallowed_methods, reason = "copying the file is no statement a builder knows")]
    pub async fn copy_to(&self, file: &Path) -> anyhow::Result<()> {
        let path = file.to_str().context("the path of the copy is no UTF-8")?.replace('\'', "''");
        self.maintenance()
            .execute_unprepared(&format!("VACUUM INTO '{path}'"))
            .await
            .context("copying the database")?;
        Ok(())
    }

    /// Writes every table of a PostgreSQL database into a folder, all as of one moment.
    ///
    /// # Errors
    /// When the database or the disk refuses.
    pub async fn dump(&self, folder: &Path) -> anyhow::Result<Vec<TableFile>> {
        let snapshot = self.snapshot().await?;
        let mut files = Vec::new();
        for name in tables(&snapshot).await? {
            let path = folder.join(format!("{name}.jsonl"));
            let mut file = BufWriter::new(File::create(&path)?);
            let columns = columns(&snapshot, &name).await?;
            let texts: Vec<String> = columns.iter().map(|(column, _)| format!("\"{column}\"::text")).collect();
            // The first column is the key, and keys are ordered by time.
            let inner = format!("SELECT {} FROM \"{name}\" ORDER BY 1", texts.join(", "));
            let sql = format!("SELECT row_to_json(r)::text FROM ({inner}) r");
            let mut rows = 0;
            let mut stream = snapshot.stream_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
            while let Some(row) = stream.try_next().await? {
                // Line ends inside texts are escaped in JSON, so a line is a row.
                writeln!(file, "{}", row.try_get_by_index::<String>(0)?)?;
                rows += 1;
            }
            drop(stream);
            file.flush()?;
            files.push(TableFile { name, rows, path });
        }
        snapshot.commit().await?;
        Ok(files)
    }

    /// Whether there is nothing in any table.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn is_empty(&self) -> anyhow::Result<bool> {
        let snapshot = self.snapshot().await?;
        for name in tables(&snapshot).await? {
            let sql = format!("SELECT 1 FROM \"{name}\" LIMIT 1");
            if snapshot.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?.is_some() {
                return Ok(false);
            }
        }
        snapshot.commit().await?;
        Ok(true)
    }

    /// Fills an empty, migrated PostgreSQL database from the tables of a backup: all of them or nothing.
    ///
    /// # Errors
    /// When a table is unknown or a row does not fit.
    #[expect(clippy::disallowed_methods, reason = "the kernel begins this transaction, as it does all others")]
    pub async fn load(&self, files: &[TableFile]) -> anyhow::Result<()> {
        let tx = self.maintenance().begin().await?;
        let known = tables(&tx).await?;
        let unknown: Vec<&str> =
            files.iter().map(|file| file.name.as_str()).filter(|name| !known.iter().any(|k| k == name)).collect();
        if !unknown.is_empty() {
            bail!("the backup holds tables this version does not know: {}", unknown.join(", "));
        }
        for name in &known {
            let Some(file) = files.iter().find(|file| file.name == *name) else { continue };
            let insert = insert(name, &columns(&tx, name).await?);
            let mut batch = Vec::with_capacity(BATCH);
            let mut rows = 0;
            for line in BufReader::new(File::open(&file.path)?).lines() {
                batch.push(line?);
                if batch.len() == BATCH {
                    rows += write_back(&tx, &insert, &mut batch).await?;
                }
            }
            rows += write_back(&tx, &insert, &mut batch).await?;
            if rows != file.rows {
                bail!("table {name}: the backup promises {} rows and holds {rows}", file.rows);
            }
        }
        tx.commit().await?;
        Ok(())
    }
}

/// The statement that writes a batch of rows back, each value read from its text.
fn insert(name: &str, columns: &[(String, String)]) -> String {
    let names: Vec<String> = columns.iter().map(|(column, _)| format!("\"{column}\"")).collect();
    let values: Vec<String> = columns.iter().map(|(column, kind)| format!("CAST(r->>'{column}' AS {kind})")).collect();
    format!(
        "INSERT INTO \"{name}\" ({}) SELECT {} FROM json_array_elements($1::json) r",
        names.join(", "),
        values.join(", ")
    )
}

#[expect(clippy::disallowed_methods, reason = "rows go back as PostgreSQL wrote them, without our types between")]
async fn write_back(tx: &DatabaseTransaction, insert: &str, batch: &mut Vec<String>) -> anyhow::Result<u64> {
    if batch.is_empty() {
        return Ok(0);
    }
    let rows = format!("[{}]", batch.join(","));
    batch.clear();
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, insert, [rows.into()]);
    Ok(tx.execute_raw(statement).await.with_context(|| insert.chars().take(60).collect::<String>())?.rows_affected())
}

/// The columns of a table with their types, in their order.
async fn columns(db: &impl ConnectionTrait, table: &str) -> anyhow::Result<Vec<(String, String)>> {
    let sql = "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a \
               WHERE a.attrelid = (quote_ident(current_schema()) || '.' || quote_ident($1))::regclass \
               AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
    let rows = db.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [table.into()])).await?;
    rows.into_iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// All tables but that of the migrations, each after those it refers to.
async fn tables(db: &impl ConnectionTrait) -> anyhow::Result<Vec<String>> {
    let ask = |sql: &str| db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql.to_owned()));
    let names = ask("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1").await?;
    let mut left: BTreeSet<String> = BTreeSet::new();
    for row in names {
        let name: String = row.try_get_by_index(0)?;
        if name != MIGRATIONS {
            left.insert(name);
        }
    }
    let mut needs: Vec<(String, String)> = Vec::new();
    let references = "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text FROM pg_constraint c \
                      WHERE c.contype = 'f' AND c.conrelid <> c.confrelid";
    for row in ask(references).await? {
        let plain = |text: String| text.trim_matches('"').to_owned();
        needs.push((plain(row.try_get_by_index(0)?), plain(row.try_get_by_index(1)?)));
    }
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let free = |name: &&String| !needs.iter().any(|(from, to)| from == *name && left.contains(to));
        let next: Vec<String> = left.iter().filter(free).cloned().collect();
        if next.is_empty() {
            bail!("these tables refer to each other in a circle: {left:?}");
        }
        for name in next {
            left.remove(&name);
            ordered.push(name);
        }
    }
    Ok(ordered)
}
