//! What tests stand on: the application, people with browsers and programs, databases, mail.

pub mod app;
pub mod browser;
pub mod machine;
pub mod people;
pub mod postgres;
pub mod scenes;
pub mod smtp;
pub mod walker;
pub mod webdriver;

pub use app::{Base, PASSWORD, TestApp};

/// Makes one test of a function on SQLite and one on PostgreSQL.
///
/// ```ignore
/// both!(a_person_signs_in);
/// async fn a_person_signs_in(app: TestApp) { … app.finish().await }
/// ```
macro_rules! both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name(crate::support::TestApp::start(crate::support::Base::Sqlite).await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                super::$name(crate::support::TestApp::start(crate::support::Base::Postgres).await).await;
            }
        }
    )+};
}
