//! Fills an empty place from a backup.
//!
//! Files come first and the database last, in one step: a restore that breaks off leaves no database behind
//! and can be begun again. What is there already is never overwritten.

use super::{
    Place,
    backup::{Desk, Manifest, SQLITE, digest_of, entry_of, manifest_of},
    open,
};
use crate::{
    documents::{
        archive::Reader,
        store::{DiskStore, Store},
    },
    kernel::{TableFile, database::Database},
};
use anyhow::{Context, bail};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Largest entry that is unpacked: a guard against archives that grow without end.
const LARGEST: u64 = 1 << 40;

/// Restores a backup and says what came back.
///
/// # Errors
/// When the archive is damaged or the place not empty.
pub async fn restore(place: &Place, file: &Path) -> anyhow::Result<()> {
    let config = open::settings(place)?;
    let manifest = read(file, &open::url(place, &config), &place.data()).await?;
    println!(
        "Restored the {} database and {} files of {}. Run `fairway check` to see that all is well.",
        manifest.database, manifest.files, manifest.made_at
    );
    Ok(())
}

/// Restores a backup into a database and a data folder.
///
/// # Errors
/// When the archive is damaged or the place not empty; the place then still has no database.
pub async fn read(file: &Path, url: &str, data: &Path) -> anyhow::Result<Manifest> {
    let mut archive = Reader::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let manifest = manifest_of(&mut archive)?;
    let target = open::sqlite_file(url);
    let kind = if target.is_some() { "sqlite" } else { "postgres" };
    if manifest.database != kind {
        bail!("this backup is of a {} database and cannot go into a {kind} one", manifest.database);
    }
    fs::create_dir_all(data).with_context(|| format!("the data folder {} cannot be made", data.display()))?;
    if let Some(target) = target {
        if target.exists() {
            bail!("there is a database at {} already; restore into an empty place", target.display());
        }
        let desk = Desk::beside(&target)?;
        let copy = unpack(&mut archive, &manifest, SQLITE, &desk)?;
        files(&mut archive, data).await?;
        fs::rename(&copy, &target)?;
        let database = Database::open(url).await?;
        database.migrate().await?;
        database.close().await?;
    } else {
        let database = Database::open(url).await?;
        database.migrate().await?;
        if !database.is_empty().await? {
            bail!("this database is not empty; restore into an empty one");
        }
        let desk = Desk::beside(&data.join("restore"))?;
        let mut tables = Vec::new();
        for (name, rows) in &manifest.tables {
            let path = unpack(&mut archive, &manifest, &entry_of(name), &desk)?;
            tables.push(TableFile { name: name.clone(), rows: *rows, path });
        }
        files(&mut archive, data).await?;
        database.load(&tables).await?;
        database.close().await?;
    }
    Ok(manifest)
}

/// Unpacks an entry of the database and compares it with the manifest.
fn unpack(archive: &mut Reader, manifest: &Manifest, name: &str, desk: &Desk) -> anyhow::Result<PathBuf> {
    let path = archive.extract(name, &desk.0, LARGEST)?;
    let found = digest_of(fs::File::open(&path)?)?;
    if manifest.digests.get(name) != Some(&found) {
        bail!("{name} in the backup is not what was written: its checksum differs");
    }
    Ok(path)
}

/// Puts the files back into the store, each under the digest of its bytes.
async fn files(archive: &mut Reader, data: &Path) -> anyhow::Result<()> {
    let store = DiskStore::open(data.join(open::FILES)).await?;
    let names: Vec<String> = archive.names().iter().filter(|name| name.starts_with("files/")).cloned().collect();
    for name in names {
        let bytes = archive.bytes(&name, LARGEST)?;
        let stored = store.put(Box::pin(bytes.as_slice()), LARGEST).await?;
        if format!("files/{}", stored.digest) != name {
            bail!("{name} in the backup is not what was written: its checksum differs");
        }
    }
    Ok(())
}
