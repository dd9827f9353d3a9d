//! Serves the application until it is told to stop.

use super::{Place, open};
use crate::{
    kernel::App,
    server,
    web::{door::DoorSettings, worlds::Worlds},
};
use anyhow::Context;
use poem::{Server, listener::TcpListener};
use std::time::Duration;

/// # Errors
/// When settings, database or port cannot be used.
pub async fn serve(place: &Place) -> anyhow::Result<()> {
    let config = open::settings(place)?;
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log.level).context("log.level")?;
    tracing_subscriber::fmt().with_env_filter(filter).init();
    let app = open::open(place, &config).await?;
    app.database().migrate().await?;
    let settings =
        DoorSettings { secure: config.public_url().starts_with("https://"), behind_proxy: config.http.behind_proxy };
    let url = config.public_url();
    let stop = spawn_worker(app.clone());
    listen(Worlds::one(app), settings, &config.http.host, config.http.port, &url).await?;
    stop.abort();
    Ok(())
}

/// Answers requests until SIGTERM or Ctrl-C, then finishes what is under way.
///
/// # Errors
/// When the port cannot be used.
pub async fn listen(worlds: Worlds, settings: DoorSettings, host: &str, port: u16, url: &str) -> anyhow::Result<()> {
    let listener =
        std::net::TcpListener::bind((host, port)).with_context(|| format!("port {port} of {host} is not free"))?;
    let bound = listener.local_addr()?;
    drop(listener);
    let endpoint = server::endpoint(worlds, settings, url);
    println!("http://{bound}/");
    Server::new(TcpListener::bind(bound))
        .idle_timeout(Duration::from_secs(75))
        .run_with_graceful_shutdown(endpoint, signalled(), Some(Duration::from_secs(10)))
        .await
        .context("serving")
}

/// Does jobs and mails in the background, woken by what happens and by the clock.
pub fn spawn_worker(app: App) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let registry = server::jobs();
        loop {
            if let Err(error) = server::work(&app, &registry).await {
                tracing::error!(%error, "the worker stumbled");
            }
            let _ = tokio::time::timeout(Duration::from_secs(5), app.wake().notified()).await;
        }
    })
}

async fn signalled() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
