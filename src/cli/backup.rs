//! Writes database and files into one archive while Fairway goes on.
//!
//! The database is copied as of one moment, then the files it names: files are only ever added, so every
//! file of that moment is still there. The archive appears under its name when it is whole.

use super::{Place, open};
use crate::{
    documents::archive::{Reader, Writer},
    kernel::{App, TableFile},
};
use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use entity::{documents::file, types::digest};
use sea_orm::{DbBackend, EntityTrait, QuerySelect};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

/// The name of the first entry.
pub const MANIFEST: &str = "manifest.json";
/// The SQLite file in the archive.
pub const SQLITE: &str = "database.sqlite";
/// The form of the archive; a reader refuses others.
pub const FORMAT: u32 = 1;

/// What the archive holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The version of the program that wrote it.
    pub version: String,
    pub made_at: DateTime<Utc>,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// Rows of each table, for PostgreSQL.
    pub tables: BTreeMap<String, u64>,
    /// SHA-256 of each entry of the database.
    pub digests: BTreeMap<String, String>,
    pub files: u64,
}

/// Writes a backup and says what is in it.
///
/// # Errors
/// When the data cannot be read or the archive not be written.
pub async fn backup(place: &Place, file: &Path) -> anyhow::Result<()> {
    let app = open::open_to_read(place).await?;
    let manifest = write(&app, file).await?;
    println!("{}: the {} database and {} files.", file.display(), manifest.database, manifest.files);
    Ok(())
}

/// Writes a backup of a running application.
///
/// # Errors
/// When the data cannot be read or the archive not be written.
pub async fn write(app: &App, file: &Path) -> anyhow::Result<Manifest> {
    if file.exists() {
        bail!("{} is there already; a backup never overwrites another", file.display());
    }
    let desk = Desk::beside(file)?;
    let mut manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: app.now(),
        database: String::new(),
        tables: BTreeMap::new(),
        digests: BTreeMap::new(),
        files: 0,
    };
    let sqlite = app.database().backend() == DbBackend::Sqlite;
    let mut entries: Vec<(String, PathBuf)> = Vec::new();
    let wanted = if sqlite {
        manifest.database = "sqlite".to_owned();
        let copy = desk.0.join(SQLITE);
        app.database().copy_to(&copy).await?;
        let wanted = digests_in(&copy).await?;
        entries.push((SQLITE.to_owned(), copy));
        wanted
    } else {
        manifest.database = "postgres".to_owned();
        let tables = app.database().dump(&desk.0).await?;
        let wanted = digests_of(tables.iter().find(|table| table.name == "file"))?;
        for table in tables {
            manifest.tables.insert(table.name.clone(), table.rows);
            entries.push((entry_of(&table.name), table.path));
        }
        wanted
    };
    for (name, path) in &entries {
        manifest.digests.insert(name.clone(), digest_of(fs::File::open(path)?)?);
    }
    manifest.files = wanted.len() as u64;
    let mut archive = Writer::create(file)?;
    archive.add(MANIFEST, serde_json::to_vec_pretty(&manifest)?.as_slice())?;
    for (name, path) in &entries {
        archive.add_file(name, path)?;
    }
    for digest in &wanted {
        let bytes = app.store().read(digest).await.with_context(|| format!("file {digest}"))?;
        archive.add(&format!("files/{digest}"), bytes.as_slice())?;
    }
    archive.finish()?;
    Ok(manifest)
}

/// The name of a table's entry.
pub fn entry_of(table: &str) -> String {
    format!("tables/{table}.jsonl")
}

/// Reads what an archive holds.
///
/// # Errors
/// When it is no backup, or of another form.
pub fn manifest_of(archive: &mut Reader) -> anyhow::Result<Manifest> {
    let bytes = archive.bytes(MANIFEST, 1024 * 1024).context("this is no backup of Fairway")?;
    let manifest: Manifest = serde_json::from_slice(&bytes).context("this is no backup of Fairway")?;
    if manifest.format != FORMAT {
        bail!("this backup has form {}, and this version reads form {FORMAT}", manifest.format);
    }
    Ok(manifest)
}

/// SHA-256 of everything that can be read, in hexadecimal.
///
/// # Errors
/// When reading fails.
pub fn digest_of(from: impl Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut from = BufReader::new(from);
    let mut piece = vec![0; 64 * 1024];
    loop {
        let length = from.read(&mut piece)?;
        if length == 0 {
            return Ok(digest::hex(&hash.finalize()));
        }
        hash.update(&piece[..length]);
    }
}

/// The files named in a copy of the SQLite database.
async fn digests_in(copy: &Path) -> anyhow::Result<BTreeSet<String>> {
    let database = crate::kernel::database::Database::open(&format!("sqlite://{}", copy.display())).await?;
    let rows = file::Entity::find()
        .select_only()
        .column(file::Column::Digest)
        .distinct()
        .into_tuple::<String>()
        .all(database.maintenance())
        .await?;
    database.close().await?;
    Ok(rows.into_iter().collect())
}

/// The files named in the dump of their table.
fn digests_of(table: Option<&TableFile>) -> anyhow::Result<BTreeSet<String>> {
    let Some(table) = table else { return Ok(BTreeSet::new()) };
    let text = fs::read_to_string(&table.path)?;
    let digest = |line: &str| -> anyhow::Result<String> {
        let row: serde_json::Value = serde_json::from_str(line)?;
        Ok(row["digest"].as_str().unwrap_or_default().to_owned())
    };
    text.lines().map(digest).collect()
}

/// A folder for the pieces, which goes away when they are packed.
pub struct Desk(pub PathBuf);

impl Desk {
    /// A fresh folder beside a file, where there is room for it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn beside(file: &Path) -> anyhow::Result<Self> {
        let mut path = file.as_os_str().to_owned();
        path.push(format!(".{}.work", std::process::id()));
        let path = PathBuf::from(path);
        fs::create_dir_all(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // What is left over harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}
