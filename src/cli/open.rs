//! Opens the application a command works on.

use super::Place;
use crate::{
    accounts::roles::commands::AppointAdministrator,
    config::{Config, Secret},
    documents::store::DiskStore,
    kernel::{
        Actor, App, app::Parts, clock::SystemClock, database::Database, passwords::Passwords, secret::SystemChance,
    },
};
use anyhow::Context;
use entity::types::text::Email;
use std::sync::Arc;

/// The settings of this run: defaults, file, variables, options.
///
/// # Errors
/// One error that names everything wrong.
#[expect(clippy::disallowed_methods, reason = "the one place that reads variables")]
pub fn settings(place: &Place) -> anyhow::Result<Config> {
    let mut config = Config::read(place.config.as_deref(), std::env::vars())?;
    if let Some(port) = place.port {
        config.http.port = port;
    }
    if let Some(url) = &place.database {
        config.database.url = Secret::from(url.clone());
    }
    Ok(config)
}

/// Opens database and files.
///
/// # Errors
/// When the data folder or the database cannot be used.
pub async fn open(place: &Place, config: &Config) -> anyhow::Result<App> {
    tokio::fs::create_dir_all(&place.data)
        .await
        .with_context(|| format!("the data folder {} cannot be made", place.data.display()))?;
    let database = Database::open(&url(place, config)).await?;
    let store = DiskStore::open(place.data.join("files")).await?;
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
        "" => Database::sqlite_url(&place.data.join("fairway.sqlite")),
        url => url.to_owned(),
    }
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
