//! A private PostgreSQL for the tests: one server per test process, one database per test.
//!
//! The server listens on a socket in a folder only its user and the administrator can enter, so it needs no
//! password and no free port. It keeps nothing: durability is switched off, and its folder goes with the tests.

use super::machine::{self, Leash, User};
use sea_orm::ConnectionTrait;
use std::{
    collections::BTreeMap,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::sync::OnceCell;

/// A database of one test; it is dropped with this value.
pub struct Database {
    name: String,
    url: String,
}

impl Database {
    /// The address by which the application and `psql` reach the database.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        // Nobody waits for it: when the tests end first, the whole server goes anyway.
        std::thread::spawn(move || server().sql("postgres", &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
    }
}

/// A new empty database.
pub async fn fresh_database() -> Database {
    tokio::task::spawn_blocking(|| server().create(None)).await.expect("PostgreSQL makes a database")
}

/// A new database like the one that `prepare` filled; it is filled once per test process and name.
pub async fn database_from_template<Filled>(template: &'static str, prepare: impl FnOnce(String) -> Filled) -> Database
where
    Filled: Future<Output = ()>,
{
    type Template = Arc<OnceCell<String>>;
    static TEMPLATES: Mutex<BTreeMap<&'static str, Template>> = Mutex::new(BTreeMap::new());
    let cell = {
        let mut templates = TEMPLATES.lock().expect("no test failed while holding it");
        Arc::clone(templates.entry(template).or_default())
    };
    let original = cell
        .get_or_init(|| async {
            let original = tokio::task::spawn_blocking(|| server().create(None)).await.expect("a database is made");
            prepare(original.url.clone()).await;
            let name = original.name.clone();
            // The template stays until the server goes, and nobody may be connected while it is copied.
            std::mem::forget(original);
            tokio::task::spawn_blocking(move || server().close(name)).await.expect("the template is closed")
        })
        .await;
    let original = original.clone();
    tokio::task::spawn_blocking(move || server().create(Some(&original))).await.expect("PostgreSQL copies a database")
}

/// Runs SQL in a database and gives the rows as lines, columns separated by `|`.
pub async fn sql(database: &Database, statement: &str) -> Result<String, String> {
    let (name, statement) = (database.name.clone(), statement.to_owned());
    tokio::task::spawn_blocking(move || server().sql(&name, &statement)).await.expect("psql runs")
}

struct Server {
    psql: PathBuf,
    sockets: PathBuf,
    _leash: Leash,
}

/// The server of this test process, started by whoever needs it first.
fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

impl Server {
    fn start() -> Server {
        let initdb = machine::ensure("initdb", "postgresql");
        let programs = initdb.canonicalize().expect("initdb was found").with_file_name("");
        let own = User::own();
        // PostgreSQL refuses to run as the administrator.
        let user = own.is_root().then(|| User::named("postgres").expect("Debian's package makes the user `postgres`"));

        let folder = machine::scratch_folder("postgres");
        if let Some(user) = &user {
            chown(&folder, Some(user.uid), Some(user.gid)).expect("the administrator may give a folder away");
        }
        let settings = [
            "listen_addresses=",
            &format!("unix_socket_directories={}", folder.display()),
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=200",
            "shared_buffers=64MB",
            "max_wal_size=256MB",
            "timezone=UTC",
        ];
        // One helper makes the cluster and becomes the server, so that nothing stays behind halfway.
        const SCRIPT: &str = r#"
            "$1/initdb" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync --pgdata data &&
            programs=$1 && shift && exec "$programs/postgres" -D data "$@"
        "#;
        let mut arguments = vec!["-c".to_owned(), SCRIPT.to_owned(), "sh".to_owned(), programs.display().to_string()];
        arguments.extend(settings.iter().flat_map(|setting| ["-c".to_owned(), (*setting).to_owned()]));
        let leash = Leash::start(Path::new("/bin/sh"), &arguments, &folder, user.as_ref())
            .unwrap_or_else(|problem| panic!("PostgreSQL does not start: {problem}"));
        leash
            .wait_for("ready to accept connections", Duration::from_secs(60))
            .unwrap_or_else(|printed| panic!("PostgreSQL does not start:\n{printed}"));
        Server { psql: programs.join("psql"), sockets: folder, _leash: leash }
    }

    fn create(&self, template: Option<&str>) -> Database {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let original = template.unwrap_or("template0");
        self.sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {original}"))
            .unwrap_or_else(|problem| panic!("{problem}"));
        let url = format!("postgres://postgres@localhost/{name}?host={}&sslmode=disable", self.sockets.display());
        Database { name, url }
    }

    fn close(&self, name: String) -> String {
        let closing = format!(
            "ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false;
             SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
        );
        self.sql("postgres", &closing).unwrap_or_else(|problem| panic!("{problem}"));
        name
    }

    fn sql(&self, database: &str, statement: &str) -> Result<String, String> {
        let mut command = Command::new(&self.psql);
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]);
        command.args(["--username=postgres", "--dbname", database, "--command", statement, "--host"]);
        machine::run(command.arg(&self.sockets)).map(|lines| lines.trim_end().to_owned())
    }

    #[cfg(test)]
    fn folder(&self) -> &Path {
        &self.sockets
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the template of this test is made by one raw statement")]
async fn a_test_gets_a_copy_of_the_template_and_changes_only_its_own() {
    let prepare = async |url: String| {
        let database = sea_orm::Database::connect(url).await.expect("the address is one for the application");
        let note = "CREATE TABLE note (words text); INSERT INTO note VALUES ('first')";
        database.execute_unprepared(note).await.expect("a table");
    };

    let (one, two) =
        tokio::join!(database_from_template("harness", prepare), database_from_template("harness", prepare));
    sql(&one, "INSERT INTO note VALUES ('second')").await.expect("the copy can be written");

    assert_eq!(sql(&one, "SELECT count(*) FROM note").await.as_deref(), Ok("2"));
    assert_eq!(sql(&two, "SELECT words FROM note").await.as_deref(), Ok("first"));
    assert_ne!(one.url(), two.url());
}

#[tokio::test]
async fn an_empty_database_sorts_by_character_and_is_dropped_after_the_test() {
    let database = fresh_database().await;

    let sorted =
        sql(&database, "SELECT string_agg(w, '' ORDER BY w) FROM (VALUES ('b'), ('B'), ('ä'), ('a')) AS v(w)").await;
    assert_eq!(sorted.as_deref(), Ok("Babä"));

    let count = format!("SELECT count(*) FROM pg_database WHERE datname = '{}'", database.name);
    drop(database);
    let mut left = String::new();
    for _tenth in 0..100 {
        left = server().sql("postgres", &count).expect("the server answers");
        if left == "0" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(left, "0");
}

#[test]
fn the_server_is_private() {
    use std::os::unix::fs::PermissionsExt;

    let mode = server().folder().metadata().expect("the folder exists").permissions().mode();

    assert_eq!(mode & 0o777, 0o700);
}
