//! The application under test: the real one, on a fresh database, reached through its public doors.

use super::people::{Client, Program};
use chrono::{DateTime, TimeZone, Utc};
use entity::{
    accounts::{account, credential, role_grant},
    kernel::audit_entry,
    notifications::mail,
    types::{
        ids::{AccountId, CallId, OrganisationId, RoleGrantId},
        states::{AccountState, Role},
        text::Email,
    },
};
use fairway::{
    audit::invariants,
    documents::store::{Content, DiskStore, Source, Staged, Store, StoreError, Stored},
    kernel::{
        Actor, App, Command, Query,
        access::{actor::Door, identity},
        app::Parts,
        audit,
        clock::ShiftedClock,
        database::Database,
        passwords::{Cost, Passwords},
        secret::SystemChance,
    },
    notifications::transport::Nowhere,
    server,
    web::{door::DoorSettings, worlds::Worlds},
};
use futures_util::future::BoxFuture;
use poem::{Endpoint, EndpointExt, Response, endpoint::BoxEndpoint};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    Sqlite,
    Postgres,
}

pub struct TestApp {
    pub app: App,
    pub clock: Arc<ShiftedClock>,
    pub base_url: String,
    endpoint: Arc<BoxEndpoint<'static, Response>>,
    folder: PathBuf,
    url: String,
    statements: Arc<AtomicUsize>,
    _postgres: Option<Arc<super::postgres::Database>>,
    forgiven: std::sync::Mutex<Vec<&'static str>>,
}

/// A store on a disk without room.
struct FullStore;

impl Store for FullStore {
    fn stage<'a>(&'a self, _: Source<'a>, _: u64) -> BoxFuture<'a, Result<Staged, StoreError>> {
        Box::pin(async { Err(StoreError::Full) })
    }
    fn keep<'a>(&'a self, _: Staged) -> BoxFuture<'a, Result<Stored, StoreError>> {
        Box::pin(async { Err(StoreError::Full) })
    }
    fn get<'a>(&'a self, digest: &'a str) -> BoxFuture<'a, Result<Content, StoreError>> {
        Box::pin(async { Err(StoreError::Missing(digest.to_owned())) })
    }
    fn has<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async { Ok(false) })
    }
    fn list(&self) -> BoxFuture<'_, Result<Vec<Stored>, StoreError>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// The day every test begins: 1 September 2017, noon, while the real call was open.
pub fn first_day() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2017, 9, 1, 12, 0, 0).unwrap()
}

impl TestApp {
    pub async fn start(base: Base) -> Self {
        let folder = super::machine::scratch_folder("app");
        let (url, postgres) = match base {
            Base::Sqlite => {
                let file = folder.join("fairway.sqlite");
                std::fs::copy(migrated_file().await, &file).unwrap();
                (Database::sqlite_url(&file), None)
            }
            Base::Postgres => {
                let database = super::postgres::database_from_template("migrated", |url| async move {
                    let database = Database::open(&url).await.unwrap();
                    database.migrate().await.unwrap();
                    database.close().await.unwrap();
                })
                .await;
                (database.url().to_owned(), Some(Arc::new(database)))
            }
        };
        let clock = Arc::new(ShiftedClock::starting_at(first_day()));
        Self::opened(url, folder, clock, postgres).await
    }

    /// Another process on the same database, with the same files and at the same time of day.
    pub async fn another(&self) -> Self {
        Self::opened(self.url.clone(), self.folder.clone(), self.clock.clone(), self._postgres.clone()).await
    }

    async fn opened(
        url: String,
        folder: PathBuf,
        clock: Arc<ShiftedClock>,
        postgres: Option<Arc<super::postgres::Database>>,
    ) -> Self {
        let base_url = "https://fairway.test".to_owned();
        let statements = Arc::new(AtomicUsize::new(0));
        let counted = statements.clone();
        let mut database = Database::open(&url).await.unwrap();
        database.observe(move || _ = counted.fetch_add(1, Ordering::Relaxed));
        let app = App::new(Parts {
            database,
            clock: clock.clone(),
            chance: Arc::new(SystemChance),
            passwords: Passwords::with(2, 100, Cost { memory_kib: 64, rounds: 1 }),
            store: Arc::new(DiskStore::open(folder.join("files")).await.unwrap()),
            base_url: base_url.clone(),
        });
        let settings = DoorSettings { secure: false, behind_proxy: true };
        let endpoint = server::endpoint(Worlds::one(app.clone()), settings, &base_url);
        Self {
            app,
            clock,
            base_url,
            endpoint: Arc::new(endpoint.boxed()),
            folder,
            url,
            statements,
            _postgres: postgres,
            forgiven: std::sync::Mutex::default(),
        }
    }

    /// From now on nothing can be written to the disk that files lie on.
    pub fn fill_the_disk(&mut self) {
        let old = &self.app;
        let app = App::new(Parts {
            database: old.database().clone(),
            clock: self.clock.clone(),
            chance: Arc::new(SystemChance),
            passwords: Passwords::with(2, 100, Cost { memory_kib: 64, rounds: 1 }),
            store: Arc::new(FullStore),
            base_url: self.base_url.clone(),
        });
        let settings = DoorSettings { secure: false, behind_proxy: true };
        let endpoint = server::endpoint(Worlds::one(app.clone()), settings, &self.base_url);
        self.endpoint = Arc::new(endpoint.boxed());
        self.app = app;
    }

    pub async fn send(&self, request: poem::Request) -> Response {
        self.endpoint.call(request).await.expect("every error becomes an answer")
    }

    /// The application as a server needs it.
    pub fn endpoint(&self) -> Arc<BoxEndpoint<'static, Response>> {
        self.endpoint.clone()
    }

    /// How many statements the database was sent so far.
    pub fn statements(&self) -> usize {
        self.statements.load(Ordering::Relaxed)
    }

    /// The address of the database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder of this test's data.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// An account with this name; `Ana Kask` becomes ana.kask@example.org.
    pub async fn account(&self, name: &str) -> AccountId {
        // Coordinators write from their cluster, so that nobody else seems to work there.
        let domain = if name.starts_with("Cora ") { "cluster.example" } else { "example.org" };
        let email = Email::parse(&format!("{}@{domain}", name.to_lowercase().replace(' ', "."))).unwrap();
        let db = self.app.database().maintenance();
        let known = account::Entity::find().filter(account::Column::Email.eq(email.clone())).one(db).await.unwrap();
        if let Some(row) = known {
            return row.id;
        }
        let id = AccountId(fairway::kernel::tx::new_uuid(self.app.now(), self.app.chance()));
        let row = account::ActiveModel {
            id: Set(id),
            email: Set(email),
            name: Set(name.to_owned()),
            language: Set("en".to_owned()),
            state: Set(AccountState::Active),
            created_at: Set(self.app.now()),
            confirmed_at: Set(Some(self.app.now())),
            erased_at: Set(None),
            version: Set(1),
        };
        account::Entity::insert(row).exec_without_returning(db).await.unwrap();
        let phc = self.app.passwords().hash(PASSWORD.to_owned(), [7; 16]).await.unwrap();
        let row = credential::ActiveModel { account_id: Set(id), phc: Set(phc), changed_at: Set(self.app.now()) };
        credential::Entity::insert(row).exec_without_returning(db).await.unwrap();
        id
    }

    /// Gives a role: for the platform, a call or an agency.
    pub async fn grant(&self, name: &str, role: Role, call: Option<CallId>, agency: Option<OrganisationId>) {
        let account = self.account(name).await;
        let db = self.app.database().maintenance();
        let given = role_grant::Entity::find().filter(role_grant::Column::AccountId.eq(account)).all(db).await.unwrap();
        if given.iter().any(|row| (row.role, row.call_id, row.agency_id, row.revoked_at) == (role, call, agency, None))
        {
            return;
        }
        let row = role_grant::ActiveModel {
            id: Set(RoleGrantId(fairway::kernel::tx::new_uuid(self.app.now(), self.app.chance()))),
            account_id: Set(account),
            role: Set(role),
            call_id: Set(call),
            agency_id: Set(agency),
            granted_by: Set(None),
            granted_at: Set(self.app.now()),
            revoked_at: Set(None),
        };
        role_grant::Entity::insert(row).exec_without_returning(db).await.unwrap();
    }

    /// The person behind a name, for running commands in scenes.
    pub async fn actor(&self, name: &str) -> Actor {
        let id = self.account(name).await;
        let session = entity::types::ids::SessionId(fairway::kernel::tx::new_uuid(self.app.now(), self.app.chance()));
        identity::person(self.app.database().maintenance(), id, Door::Session(session)).await.unwrap().unwrap()
    }

    /// Runs a command as a person, for scenes.
    pub async fn run<C: Command>(&self, name: &str, command: C) -> C::Output {
        let actor = self.actor(name).await;
        self.app.run(&actor, command).await.unwrap_or_else(|e| panic!("{name}: {e} {e:?}"))
    }

    pub async fn ask<Q: Query>(&self, name: &str, query: Q) -> Q::Output {
        let actor = self.actor(name).await;
        self.app.ask(&actor, query).await.unwrap_or_else(|e| panic!("{name}: {e} {e:?}"))
    }

    /// A browser signed in as this person.
    pub async fn as_(&self, name: &str) -> Client<'_> {
        let account = self.account(name).await;
        Client::signed_in(self, account).await
    }

    /// A browser nobody is signed in with.
    pub fn visitor(&self) -> Client<'_> {
        Client::visitor(self)
    }

    /// A program with an API token of this person.
    pub async fn program(&self, name: &str) -> Program<'_> {
        let account = self.account(name).await;
        Program::of(self, account, "read write").await
    }

    /// Does all background work that is due now.
    pub async fn work(&self) {
        server::work(&self.app, &server::jobs()).await.unwrap();
        server::send(&self.app, &Nowhere).await.unwrap();
    }

    /// Moves the clock.
    pub fn jump(&self, to: DateTime<Utc>) {
        self.clock.set(to);
    }

    /// All mail so far, oldest first: `M08 to ana.kask@example.org: subject`.
    pub async fn inbox(&self) -> Vec<String> {
        let mails = self.mails().await;
        mails.iter().map(|m| format!("{} to {}: {}", m.name, m.address, m.subject)).collect()
    }

    pub async fn mails(&self) -> Vec<mail::Model> {
        let all = mail::Entity::find().order_by_asc(mail::Column::CreatedAt).order_by_asc(mail::Column::Address);
        all.all(self.app.database().maintenance()).await.unwrap()
    }

    /// The audit log so far: `Ana Kask signed in`.
    pub async fn audit_trail(&self) -> Vec<String> {
        let rows = audit_entry::Entity::find().order_by_asc(audit_entry::Column::Seq);
        let rows = rows.all(self.app.database().maintenance()).await.unwrap();
        rows.iter().map(|row| format!("{} {}", row.actor_name, row.line)).collect()
    }

    /// Invariants a scene cannot hold, because it wrote rows by hand where a command is not its subject.
    pub fn forgive(&self, invariants: &[&'static str]) {
        self.forgiven.lock().unwrap().extend_from_slice(invariants);
    }

    /// The names of the invariants this scene cannot hold.
    pub fn forgiven(&self) -> Vec<&'static str> {
        self.forgiven.lock().unwrap().clone()
    }

    /// Ends the test: the audit chain and every invariant must hold.
    pub async fn finish(self) {
        let (_, broken) = audit::verify(self.app.database().maintenance()).await.unwrap();
        assert_eq!(broken, None);
        let mut breaches = invariants::breaches(self.app.database().maintenance(), None).await.unwrap();
        let forgiven = self.forgiven();
        breaches.retain(|breach| !forgiven.contains(&breach.name));
        assert_eq!(breaches, []);
        self.app.database().clone().close().await.unwrap();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Everybody's password in tests.
pub const PASSWORD: &str = "fair winds and following seas";

/// A SQLite file with all tables, made once per run.
async fn migrated_file() -> PathBuf {
    static FILE: tokio::sync::OnceCell<PathBuf> = tokio::sync::OnceCell::const_new();
    FILE.get_or_init(|| async {
        let file = super::machine::scratch_folder("template").join("fairway.sqlite");
        let database = Database::open(&Database::sqlite_url(&file)).await.unwrap();
        database.migrate().await.unwrap();
        database.close().await.unwrap();
        file
    })
    .await
    .clone()
}
