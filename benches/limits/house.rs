//! The application that is measured: the real one on a SQLite file of its own, served over TCP.

use super::{
    client::{self, Connection},
    support::{TestApp, app::first_day},
};
use anyhow::Context;
use entity::accounts::session;
use fairway::{
    accounts::sessions::commands::StartSession,
    documents::store::DiskStore,
    kernel::{
        Actor, App, app::Parts, clock::ShiftedClock, database::Database, passwords::Passwords, secret,
        secret::SystemChance,
    },
    server,
    web::{
        door::{DoorSettings, SESSION},
        worlds::Worlds,
    },
};
use poem::{
    EndpointExt, Route, Server, get, handler,
    listener::TcpAcceptor,
    web::{Data, Html},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::{net::SocketAddr, path::PathBuf, sync::Arc};

/// Where the page that is only bytes is answered, by the same server.
pub const BARE: &str = "/bare";

/// An installation with its server.
pub struct House {
    pub app: App,
    pub at: SocketAddr,
    pub folder: PathBuf,
}

/// The bytes of the bare page.
#[derive(Clone)]
struct Bytes(Arc<String>);

#[handler]
fn bare(Data(bytes): Data<&Bytes>) -> Html<String> {
    Html(bytes.0.as_ref().clone())
}

/// Somebody with a session.
pub struct SignedIn {
    pub cookie: String,
    pub csrf: String,
}

impl House {
    /// Opens what a scene has written; the page of bytes alone is as long as asked.
    pub async fn open(scene: &TestApp) -> anyhow::Result<Self> {
        let folder = scene.folder().to_owned();
        let app = App::new(Parts {
            database: Database::open(&Database::sqlite_url(&folder.join("fairway.sqlite"))).await?,
            clock: Arc::new(ShiftedClock::starting_at(first_day())),
            chance: Arc::new(SystemChance),
            passwords: Passwords::new(2),
            store: Arc::new(DiskStore::open(folder.join("files")).await?),
            base_url: "http://127.0.0.1".to_owned(),
        });
        let at = Self::serve(&app, 0).await?;
        Ok(Self { app, at, folder })
    }

    /// Serves the application, and beside it a page of so many bytes, on another port.
    pub async fn serve(app: &App, bytes: usize) -> anyhow::Result<SocketAddr> {
        let settings = DoorSettings { secure: false, behind_proxy: false };
        let whole = server::endpoint(Worlds::one(app.clone()), settings, "http://127.0.0.1");
        let page = Bytes(Arc::new("<p>Fairway</p>".chars().cycle().take(bytes).collect()));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let at = listener.local_addr()?;
        let routes = Route::new().at(BARE, get(bare).data(page)).nest("/", whole);
        let routes = routes.map_to_response();
        tokio::spawn(async move {
            let ended = Server::new_with_acceptor(TcpAcceptor::from_tokio(listener)?).run(routes).await;
            ended.inspect_err(|error| eprintln!("the server ended: {error}"))
        });
        Ok(at)
    }

    /// A session of this person of the scene.
    pub async fn sign_in(&self, scene: &TestApp, name: &str) -> anyhow::Result<SignedIn> {
        let account = scene.account(name).await;
        let start = StartSession { account, address: "127.0.0.1".into(), agent: "bench".into() };
        let token = self.app.run(&Actor::Nobody, start).await?;
        let row = session::Entity::find().filter(session::Column::TokenHash.eq(secret::hash(&token)));
        let row = row.one(self.app.database().maintenance()).await?.context("the session is there")?;
        Ok(SignedIn { cookie: format!("{SESSION}={token}"), csrf: row.csrf })
    }

    /// The answer to one GET.
    pub async fn read(&self, path: &str, cookie: &str) -> anyhow::Result<client::Answer> {
        let answer = Connection::open(self.at).await?.send(&client::get(path, cookie)).await?;
        anyhow::ensure!(answer.status == 200, "{path} answers {}: {}", answer.status, answer.text());
        Ok(answer)
    }
}
