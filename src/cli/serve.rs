//! Serves the application until it is told to stop.

use super::{Place, open};
use crate::{
    config::Config,
    kernel::{App, Result, rescue::rescued},
    notifications::transport::{Carrier, Nowhere, Protection, Smtp, SmtpSettings},
    server,
    web::{door::DoorSettings, worlds::Worlds},
};
use anyhow::Context;
use futures_util::future::BoxFuture;
use poem::{
    Server,
    listener::{Acceptor, Listener, TcpListener},
};
use std::{future::Future, sync::Arc, time::Duration};
use tokio::task::JoinHandle;

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
    let carrier = carrier(&config)?;
    let (worker, postman) = (spawn_worker(app.clone()), spawn_postman(app.clone(), carrier));
    listen(Worlds::one(app), settings, &config.http.host, config.http.port, &url).await?;
    worker.abort();
    postman.abort();
    Ok(())
}

/// The mail server of the settings, or the built-in mailbox when there is none.
fn carrier(config: &Config) -> anyhow::Result<Arc<dyn Carrier>> {
    let mail = &config.mail;
    if mail.host.is_empty() {
        tracing::warn!("no mail server is set up: mail is kept at /mailbox and not sent");
        return Ok(Arc::new(Nowhere));
    }
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let smtp = Smtp::new(&SmtpSettings {
        host: mail.host.clone(),
        port: mail.port,
        tls: match mail.security.as_str() {
            "tls" => Protection::Tls,
            "none" => Protection::None,
            _ => Protection::StartTls,
        },
        user: given(&mail.user),
        password: given(mail.password.reveal()),
        from: mail.from.clone(),
        reply_to: None,
        timeout_seconds: 20,
        connections: 4,
    })?;
    Ok(Arc::new(smtp))
}

/// Answers requests until SIGTERM or Ctrl-C, then finishes what is under way.
///
/// # Errors
/// When the port cannot be used.
pub async fn listen(worlds: Worlds, settings: DoorSettings, host: &str, port: u16, url: &str) -> anyhow::Result<()> {
    let acceptor = TcpListener::bind((host.to_owned(), port))
        .into_acceptor()
        .await
        .with_context(|| format!("port {port} of {host} is not free"))?;
    let endpoint = server::endpoint(worlds, settings, url);
    // Told only now that whoever reads it is answered.
    for address in acceptor.local_addr() {
        if let Some(bound) = address.as_socket_addr() {
            println!("http://{bound}/");
        }
    }
    Server::new_with_acceptor(acceptor)
        .idle_timeout(Duration::from_secs(75))
        .run_with_graceful_shutdown(endpoint, signalled(), Some(Duration::from_secs(10)))
        .await
        .context("serving")
}

/// Does jobs in the background, woken by what happens and by the clock.
pub fn spawn_worker(app: App) -> JoinHandle<()> {
    let registry = Arc::new(server::jobs());
    tokio::spawn(rounds("jobs", woken(app.clone()), move || {
        let (app, registry) = (app.clone(), registry.clone());
        async move { server::work(&app, &registry).await }
    }))
}

/// Sends mail in the background, beside the jobs, so that a slow mail server keeps nothing else waiting.
pub fn spawn_postman(app: App, carrier: Arc<dyn Carrier>) -> JoinHandle<()> {
    tokio::spawn(rounds("mail", woken(app.clone()), move || {
        let (app, carrier) = (app.clone(), carrier.clone());
        async move { server::send(&app, carrier.as_ref()).await }
    }))
}

/// Waits until something happened, or a few seconds.
fn woken(app: App) -> impl Fn() -> BoxFuture<'static, ()> + Send {
    move || {
        let app = app.clone();
        Box::pin(async move {
            let _ = tokio::time::timeout(Duration::from_secs(5), app.wake().notified()).await;
        })
    }
}

/// One round after another for as long as the program serves; neither a failure nor a panic ends them.
async fn rounds<R>(work: &'static str, pause: impl Fn() -> BoxFuture<'static, ()> + Send, round: impl Fn() -> R + Send)
where
    R: Future<Output = Result<()>> + Send,
{
    loop {
        match rescued(async { round().await }).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, work, "a round of background work stumbled"),
            Err(panicked) => tracing::error!(%panicked, work, "a round of background work broke off"),
        }
        pause().await;
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::AppError;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn background_work_goes_on_after_a_failure_and_a_panic() {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = count.clone();
        let round = move || {
            let number = counted.fetch_add(1, Ordering::SeqCst);
            assert!(number != 0, "a panic before the work begins");
            async move {
                assert!(number != 1, "a panic inside of it");
                if number == 2 { Err(AppError::Busy) } else { Ok(()) }
            }
        };
        let pause = || -> BoxFuture<'static, ()> { Box::pin(tokio::time::sleep(Duration::from_millis(1))) };

        let endless = tokio::time::timeout(Duration::from_secs(5), async {
            tokio::select! {
                () = rounds("test", pause, round) => panic!("the rounds ended"),
                () = async { while count.load(Ordering::SeqCst) < 5 { tokio::task::yield_now().await } } => {}
            }
        });
        assert!(endless.await.is_ok(), "only {} rounds", count.load(Ordering::SeqCst));
    }
}
