//! Opens the application a command works on.

use super::Place;
use crate::{
    accounts::roles::commands::AppointAdministrator,
    config::{Config, Given},
    documents::store::DiskStore,
    kernel::{
        Actor, App, app::Parts, clock::SystemClock, database::Database, passwords::Passwords, secret::SystemChance,
    },
};
use anyhow::{Context, bail};
use entity::types::text::Email;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// The folder of the uploaded files in the data folder.
pub const FILES: &str = "files";

/// The settings of this run: defaults, file, variables, options.
///
/// # Errors
/// One error that names everything wrong.
#[expect(clippy::disallowed_methods, reason = "the one place that reads variables")]
pub fn settings(place: &Place) -> anyhow::Result<Config> {
    let options = [("--port", "http.port", &place.port), ("--database", "database.url", &place.database)];
    let given = |(place, key, text): (_, _, &Option<String>)| Some(Given { place, key, text: text.clone()? });
    let options: Vec<Given> = options.into_iter().filter_map(given).collect();
    Config::read(place.config.as_deref(), std::env::vars(), &options)
}

/// Opens database and files; makes both where they are not there yet.
///
/// # Errors
/// When the data folder or the database cannot be used.
pub async fn open(place: &Place, config: &Config) -> anyhow::Result<App> {
    let data = place.data();
    tokio::fs::create_dir_all(&data)
        .await
        .with_context(|| format!("the data folder {} cannot be made", data.display()))?;
    opened(&data, &url(place, config), config).await
}

/// Opens database and files to be read: what is not there is not made, because the folder was mistyped then.
///
/// # Errors
/// When there is no data of Fairway in this place, or its tables are of another version.
pub async fn open_to_read(place: &Place) -> anyhow::Result<App> {
    let config = settings(place)?;
    let (data, url) = (place.data(), url(place, &config));
    if let Some(file) = sqlite_file(&url)
        && !file.is_file()
    {
        bail!("there is no database at {}: are --data and --database right?", file.display());
    }
    if !data.join(FILES).is_dir() {
        bail!("there are no files of Fairway in {}: is --data right?", data.display());
    }
    let app = opened(&data, &url, &config).await?;
    if !app.database().is_migrated().await? {
        bail!("the tables are not up to date: run `fairway migrate` first");
    }
    Ok(app)
}

async fn opened(data: &Path, url: &str, config: &Config) -> anyhow::Result<App> {
    let database = Database::open(url).await?;
    let store = DiskStore::open(data.join(FILES)).await?;
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    Ok(App::new(Parts {
        database,
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        passwords: Passwords::new(cores),
        store: Arc::new(store),
        base_url: config.public_url(),
    }))
}

/// The address of the database: as set, or the file in the data folder.
pub fn url(place: &Place, config: &Config) -> String {
    match config.database.url.reveal() {
        "" => Database::sqlite_url(&place.data().join("fairway.sqlite")),
        url => url.to_owned(),
    }
}

/// The file a `sqlite:` address means.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.trim_start_matches("//");
    Some(PathBuf::from(rest.split('?').next().unwrap_or(rest)))
}

/// Brings the tables up to date.
///
/// # Errors
/// When a migration fails.
pub async fn migrate(place: &Place) -> anyhow::Result<()> {
    let app = open(place, &settings(place)?).await?;
    app.database().migrate().await?;
    println!("The database is up to date.");
    Ok(())
}

/// Makes somebody an administrator and prints a link to set a password, which holds for a day.
///
/// # Errors
/// When the address is none or the database cannot be used.
pub async fn appoint(place: &Place, email: &str) -> anyhow::Result<()> {
    let email = Email::parse(email)?;
    let app = open(place, &settings(place)?).await?;
    app.database().migrate().await?;
    let path = app.run(&Actor::System("command line"), AppointAdministrator { email }).await?;
    println!("{}{path}", app.base_url());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_an_address_is_found() {
        assert_eq!(sqlite_file("sqlite:///srv/f.sqlite?mode=rwc").as_deref(), Some(Path::new("/srv/f.sqlite")));
        assert_eq!(sqlite_file("sqlite://data/f.sqlite").as_deref(), Some(Path::new("data/f.sqlite")));
        assert_eq!(sqlite_file("postgres://host/name"), None);
    }
}
