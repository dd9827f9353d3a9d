//! Every invariant is broken once on purpose, to prove that it notices.
//!
//! Rows are written past every rule, with foreign keys and checks off, on SQLite; that the questions are
//! understood by PostgreSQL too is proven by every other test there, which asks them when it ends.

#![expect(clippy::disallowed_methods, reason = "breaks rows on purpose, which no command does")]

use crate::support::{Base, TestApp};
use chrono::TimeDelta;
use fairway::audit::invariants::{ALL, SUMS, breaches};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use std::collections::BTreeSet;

/// Writes rows of which only what matters is named; the rest is filled with nothing in particular.
struct Breaker<'a>(&'a DatabaseConnection);

impl Breaker<'_> {
    async fn run(&self, sql: &str) {
        self.0.execute_raw(Statement::from_string(DbBackend::Sqlite, sql.to_owned())).await.unwrap();
    }

    async fn row(&self, table: &str, given: &[(&str, &str)]) {
        let columns = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA table_info(\"{table}\")"));
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for column in self.0.query_all_raw(columns).await.unwrap() {
            let name: String = column.try_get("", "name").unwrap();
            let kind: String = column.try_get("", "type").unwrap();
            let needed: bool = column.try_get("", "notnull").unwrap();
            let given = given.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            let filled = || match kind.to_lowercase() {
                kind if kind.contains("uuid") => "randomblob(16)".to_owned(),
                kind if kind.contains("int") || kind.contains("bool") => "0".to_owned(),
                kind if kind.contains("timestamp") => "'2017-09-01T12:00:00+00:00'".to_owned(),
                kind if kind.contains("date") => "'2017-09-01'".to_owned(),
                kind if kind.contains("json") => "'{}'".to_owned(),
                // Unique texts must differ.
                _ => "lower(hex(randomblob(8)))".to_owned(),
            };
            if let Some(value) = given.or_else(|| needed.then(filled)) {
                names.push(format!("\"{name}\""));
                values.push(value);
            }
        }
        self.run(&format!("INSERT INTO \"{table}\" ({}) VALUES ({})", names.join(", "), values.join(", "))).await;
    }
}

const A: &str = "x'0a000000000000000000000000000000'";
const B: &str = "x'0b000000000000000000000000000000'";
const LONG_AGO: &str = "'2016-01-01T00:00:00+00:00'";

/// Breaks one invariant by its name.
async fn break_one(name: &str, db: &Breaker<'_>) {
    let proposal = [("id", A), ("call_id", A), ("state", "'submitted'")];
    let part = |state: &'static str| {
        [("id", A), ("proposal_id", A), ("annex_id", A), ("state", state), ("submitted_at", LONG_AGO)]
    };
    let assignment = |state: &'static str| {
        [("id", A), ("proposal_id", A), ("call_id", A), ("account_id", A), ("evaluator_id", A), ("state", state)]
    };
    match name {
        "call_opens_approved" => {
            db.row("call", &[("id", A), ("state", "'open'")]).await;
            db.row("annex", &[("call_id", A), ("class", "'funding'"), ("state", "'draft'")]).await;
        }
        "part_of_its_call" => {
            db.row("proposal", &proposal).await;
            db.row("annex", &[("id", A), ("call_id", B)]).await;
            db.row("part", &part("'draft'")).await;
        }
        "one_coordinating_part" => {
            db.row("proposal", &proposal).await;
            for _ in 0..2 {
                db.row("part", &[("proposal_id", A), ("is_coordinator", "1"), ("state", "'draft'")]).await;
            }
        }
        "submitted_is_frozen" => db.row("part", &part("'submitted'")).await,
        "draft_is_not_frozen" => {
            db.row("part", &part("'draft'")).await;
            db.row("submission", &[("part_id", A)]).await;
        }
        "submitted_has_a_day" => db.row("part", &[("state", "'submitted'")]).await,
        "proposal_follows_parts" => {
            db.row("proposal", &[("id", A), ("state", "'draft'")]).await;
            db.row("part", &part("'submitted'")).await;
        }
        "letter_is_signed" => db.row("letter", &[("state", "'signed'")]).await,
        "file_is_known" => {
            db.row("attachment", &[("file_id", A)]).await;
            db.row("file", &[("id", A), ("deleted_at", LONG_AGO)]).await;
        }
        "four_eyes" => {
            db.row("eligibility_check", &[("state", "'confirmed'"), ("proposed_by", A), ("confirmed_by", A)]).await;
        }
        "eligible_was_checked" => db.row("part", &part("'eligible'")).await,
        "no_score_in_conflict" => {
            db.row("proposal", &proposal).await;
            db.row("part", &[("proposal_id", A), ("organisation_id", B), ("state", "'draft'")]).await;
            db.row("assignment", &assignment("'in_progress'")).await;
            db.row("conflict", &[("account_id", A), ("organisation_id", B)]).await;
        }
        "assignment_fits" => {
            db.row("proposal", &proposal).await;
            db.row("evaluator", &[("id", A), ("account_id", B)]).await;
            db.row("assignment", &assignment("'invited'")).await;
        }
        "evaluated_is_signed" => db.row("assignment", &assignment("'accepted'")).await,
        "panel_one_at_a_time" => {
            for _ in 0..2 {
                db.row("panel_item", &[("panel_id", A), ("state", "'discussed'")]).await;
            }
        }
        "secret_vote_is_forgotten" => {
            db.row("panel_vote", &[("id", A), ("secret", "1"), ("state", "'closed'")]).await;
            db.row("panel_ballot", &[("vote_id", A), ("choice", "'yes'")]).await;
        }
        "one_fixed_ranking" => {
            db.row("call", &[("id", A), ("state", "'ranked'")]).await;
            db.row("ranking", &[("call_id", A), ("state", "'fixed'")]).await;
        }
        "adopted_is_signed" => db.row("scenario", &[("id", A), ("state", "'adopted'")]).await,
        "released_is_final" => {
            db.row("part", &part("'rejected'")).await;
            db.row("decision", &[("part_id", A), ("state", "'released'"), ("outcome", "'fund'")]).await;
        }
        "pending_is_not_final" => db.row("part", &part("'awarded'")).await,
        "award_within_request" => {
            db.row("part", &[("id", A), ("state", "'draft'"), ("requested_minor", "10"), ("currency", "'EUR'")]).await;
            let award =
                [("part_id", A), ("state", "'pending'"), ("outcome", "'fund'"), ("minor", "11"), ("currency", "'EUR'")];
            db.row("decision", &award).await;
        }
        "agreement_follows_award" => db.row("agreement", &[]).await,
        "report_of_its_part" => {
            db.row("agreement", &[("id", A), ("part_id", A)]).await;
            db.row("report", &[("agreement_id", A), ("part_id", B), ("state", "'due'")]).await;
        }
        "label_lasts" => db.row("label", &[]).await,
        "handed_in_is_logged" => {
            db.row("proposal", &proposal).await;
            db.row("part", &part("'submitted'")).await;
            db.row("submission", &[("part_id", A)]).await;
        }
        "sent_has_a_day" => db.row("mail", &[("state", "'sent'")]).await,
        "done_has_a_day" => db.row("job", &[("state", "'done'")]).await,
        "mail_leaves" => db.row("mail", &[("state", "'queued'"), ("next_at", LONG_AGO)]).await,
        "digest_leaves" => db.row("mail", &[("state", "'held'"), ("created_at", LONG_AGO)]).await,
        "job_runs" => db.row("job", &[("state", "'queued'"), ("due_at", LONG_AGO)]).await,
        other => panic!("write down how to break {other}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_invariant_notices_when_it_is_broken() {
    let app = TestApp::start(Base::Sqlite).await;
    let db = Breaker(app.app.database().maintenance());
    db.run("PRAGMA foreign_keys = OFF").await;
    db.run("PRAGMA ignore_check_constraints = ON").await;
    let tables = Statement::from_string(DbBackend::Sqlite, "SELECT name FROM sqlite_master WHERE type = 'table'");
    let tables: Vec<String> =
        db.0.query_all_raw(tables).await.unwrap().iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    let now = Some(app.app.now() + TimeDelta::zero());
    assert_eq!(breaches(db.0, now).await.unwrap(), []);

    for invariant in ALL {
        break_one(invariant.name, &db).await;
        let noticed: BTreeSet<&str> = breaches(db.0, now).await.unwrap().iter().map(|breach| breach.name).collect();
        assert!(noticed.contains(invariant.name), "{} was not noticed, only {noticed:?}", invariant.name);
        for table in tables.iter().filter(|name| !name.starts_with("seaql") && !name.starts_with("sqlite")) {
            db.run(&format!("DELETE FROM \"{table}\"")).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_over_the_terms_of_a_call_are_noticed() {
    let app = TestApp::start(Base::Sqlite).await;
    app.draft_call_2017().await;
    let db = Breaker(app.app.database().maintenance());
    db.run("PRAGMA foreign_keys = OFF").await;
    db.run("PRAGMA ignore_check_constraints = ON").await;
    assert_eq!(breaches(db.0, None).await.unwrap(), []);

    let annex = "(SELECT id FROM annex WHERE class = 'funding' ORDER BY id LIMIT 1)";
    let asked = [
        ("id", A),
        ("annex_id", annex),
        ("state", "'draft'"),
        ("requested_minor", "900000000000"),
        ("currency", "'EUR'"),
    ];
    db.row("part", &asked).await;
    let award = [
        ("part_id", A),
        ("state", "'pending'"),
        ("outcome", "'fund'"),
        ("minor", "900000000000"),
        ("currency", "'EUR'"),
    ];
    db.row("decision", &award).await;
    db.row("assignment", &[("id", A), ("call_id", "(SELECT id FROM call)"), ("state", "'invited'")]).await;
    db.row("score", &[("assignment_id", A), ("criterion", "'no-such-criterion'"), ("points", "100")]).await;

    let noticed: Vec<&str> = breaches(db.0, None).await.unwrap().iter().map(|breach| breach.name).collect();
    assert_eq!(noticed, SUMS);
}
