//! The living demo: four stages of one call, and everybody's part to play.

use super::{Place, open, serve};
use crate::{demo::world, notifications::transport::Nowhere, web::door::DoorSettings};
use anyhow::Context;
use std::sync::Arc;

/// Serves the demo until it is told to stop; its data are made when they are not there.
///
/// # Errors
/// When the folder or the port cannot be used.
pub async fn demo(place: &Place) -> anyhow::Result<()> {
    let config = open::settings(place)?;
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log.level).context("log.level")?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    anyhow::ensure!(
        config.database.url.reveal().is_empty(),
        "the demo keeps its data in files: leave out database.url"
    );
    let folder = place.data_or("data/demo");
    let url = config.public_url();
    let worlds = world::open(&folder, &url, |step| eprintln!("{step}")).await?;
    eprintln!("People, passwords and API tokens: {}", folder.join(world::ACCOUNTS).display());
    let mut tasks = Vec::new();
    for one in worlds.all() {
        tasks.push(serve::spawn_worker(one.app.clone()));
        tasks.push(serve::spawn_postman(one.app.clone(), Arc::new(Nowhere)));
    }
    let settings = DoorSettings { secure: url.starts_with("https://"), behind_proxy: config.http.behind_proxy };
    serve::listen(worlds, settings, &config.http.host, config.http.port, &url).await?;
    for task in tasks {
        task.abort();
    }
    Ok(())
}
