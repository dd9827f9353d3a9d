//! What must always be true: questions to the database whose answer must be empty.
//!
//! Asked after every test, by `fairway check`, and by whoever doubts. Most are SQL that both databases
//! understand; `ID(column)` becomes an id as text, `AGO(n)` the instant so many hours before the worker was
//! last seen to work. Measured by that and not by the wall clock, a program that was switched off, or a
//! demonstration set in 2017, is no breach; work that was passed over is.

mod sums;

use crate::kernel::Result;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use entity::kernel::job;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement};

/// Something that must always be true.
pub struct Invariant {
    /// A short name, for tests and for people who ask about a breach.
    pub name: &'static str,
    /// What is true.
    pub says: &'static str,
    /// Finds what breaks it: rows of one text.
    sql: &'static str,
    /// Whether it speaks of how long something waits; meaningless where nobody works in the background.
    pub by_the_clock: bool,
}

const fn always(name: &'static str, says: &'static str, sql: &'static str) -> Invariant {
    Invariant { name, says, sql, by_the_clock: false }
}

const fn in_time(name: &'static str, says: &'static str, sql: &'static str) -> Invariant {
    Invariant { name, says, sql, by_the_clock: true }
}

pub const ALL: &[Invariant] = &[
    always(
        "call_opens_approved",
        "A call is public only with every funding agency's annex approved.",
        "SELECT c.code FROM call c JOIN annex a ON a.call_id = c.id \
         WHERE c.state NOT IN ('draft', 'agency_review') AND a.class = 'funding' AND a.state <> 'approved'",
    ),
    always(
        "part_of_its_call",
        "A part is applied for with an annex of its proposal's call.",
        "SELECT p.code FROM part t JOIN proposal p ON p.id = t.proposal_id JOIN annex a ON a.id = t.annex_id \
         WHERE a.call_id <> p.call_id",
    ),
    always(
        "one_coordinating_part",
        "A proposal has at most one coordinating part.",
        "SELECT p.code FROM part t JOIN proposal p ON p.id = t.proposal_id WHERE t.is_coordinator \
         GROUP BY p.id, p.code HAVING COUNT(*) > 1",
    ),
    always(
        "submitted_is_frozen",
        "A part that was handed in has a frozen version in force.",
        "SELECT ID(t.id) FROM part t WHERE t.state NOT IN ('draft', 'withdrawn') \
         AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.part_id = t.id AND s.ended_at IS NULL)",
    ),
    always(
        "draft_is_not_frozen",
        "A draft or withdrawn part has no version in force, and no part has two.",
        "SELECT ID(t.id) FROM part t JOIN submission s ON s.part_id = t.id AND s.ended_at IS NULL \
         GROUP BY t.id, t.state HAVING COUNT(*) > 1 OR t.state IN ('draft', 'withdrawn')",
    ),
    always(
        "submitted_has_a_day",
        "A part that was handed in knows when.",
        "SELECT ID(t.id) FROM part t WHERE t.state NOT IN ('draft', 'withdrawn') AND t.submitted_at IS NULL",
    ),
    always(
        "proposal_follows_parts",
        "A proposal of which a part is handed in is no draft, and one that is handed in has such a part.",
        "SELECT p.code FROM proposal p WHERE p.state = 'draft' AND EXISTS \
         (SELECT 1 FROM part t WHERE t.proposal_id = p.id AND t.state NOT IN ('draft', 'withdrawn')) \
         OR p.state = 'submitted' AND NOT EXISTS \
         (SELECT 1 FROM part t WHERE t.proposal_id = p.id AND t.state NOT IN ('draft', 'withdrawn'))",
    ),
    always(
        "letter_is_signed",
        "A signed letter says by whom and when.",
        "SELECT ID(l.id) FROM letter l WHERE l.state = 'signed' AND (l.signed_name IS NULL OR l.signed_at IS NULL)",
    ),
    always(
        "file_is_known",
        "Every attachment that was not removed has its file.",
        "SELECT ID(a.id) FROM attachment a JOIN file f ON f.id = a.file_id \
         WHERE a.removed_at IS NULL AND f.deleted_at IS NOT NULL",
    ),
    always(
        "four_eyes",
        "Nobody confirms their own eligibility check.",
        "SELECT ID(k.id) FROM eligibility_check k \
         WHERE k.state = 'confirmed' AND (k.confirmed_by IS NULL OR k.confirmed_by = k.proposed_by)",
    ),
    always(
        "eligible_was_checked",
        "A part is eligible or not by a confirmed check that says so.",
        "SELECT ID(t.id) FROM part t WHERE t.state IN ('eligible', 'ineligible') AND NOT EXISTS \
         (SELECT 1 FROM eligibility_check k WHERE k.part_id = t.id AND k.state = 'confirmed' AND k.verdict = t.state)",
    ),
    always(
        "no_score_in_conflict",
        "Nobody with a conflict of interest evaluates.",
        "SELECT p.code FROM assignment g JOIN proposal p ON p.id = g.proposal_id \
         WHERE g.state IN ('accepted', 'in_progress', 'submitted') AND EXISTS \
         (SELECT 1 FROM conflict c WHERE c.account_id = g.account_id AND c.withdrawn_at IS NULL AND \
         (c.proposal_id = g.proposal_id OR EXISTS \
         (SELECT 1 FROM part t WHERE t.proposal_id = g.proposal_id AND t.organisation_id = c.organisation_id)))",
    ),
    always(
        "assignment_fits",
        "An assignment is of its proposal's call and its evaluator's person.",
        "SELECT p.code FROM assignment g JOIN proposal p ON p.id = g.proposal_id \
         JOIN evaluator e ON e.id = g.evaluator_id WHERE g.call_id <> p.call_id OR g.account_id <> e.account_id",
    ),
    always(
        "evaluated_is_signed",
        "Whoever evaluates has signed that there is no conflict; what was handed in knows when.",
        "SELECT ID(g.id) FROM assignment g WHERE (g.state IN ('accepted', 'in_progress', 'submitted') \
         AND g.signed_name IS NULL) OR (g.state = 'submitted' AND g.submitted_at IS NULL)",
    ),
    always(
        "panel_one_at_a_time",
        "A panel discusses one proposal at a time.",
        "SELECT ID(i.panel_id) FROM panel_item i WHERE i.state = 'discussed' GROUP BY i.panel_id HAVING COUNT(*) > 1",
    ),
    always(
        "secret_vote_is_forgotten",
        "What somebody voted in a secret vote is not kept once it is closed.",
        "SELECT ID(v.id) FROM panel_vote v JOIN panel_ballot b ON b.vote_id = v.id \
         WHERE v.secret AND v.state <> 'open' AND b.choice IS NOT NULL",
    ),
    always(
        "one_fixed_ranking",
        "A call has at most one fixed ranking, and it carries its digest.",
        "SELECT c.code FROM ranking r JOIN call c ON c.id = r.call_id WHERE r.state = 'fixed' \
         GROUP BY c.id, c.code HAVING COUNT(*) > 1 OR COUNT(r.digest) < COUNT(*) OR COUNT(r.fixed_at) < COUNT(*)",
    ),
    always(
        "adopted_is_signed",
        "An adopted scenario was computed, and its minutes are signed and kept with their digest.",
        "SELECT ID(s.id) FROM scenario s WHERE s.state = 'adopted' AND (s.outcome IS NULL OR s.input IS NULL \
         OR s.digest IS NULL OR s.minutes IS NULL OR s.minutes_digest IS NULL OR s.adopted_by IS NULL \
         OR s.adopted_at IS NULL)",
    ),
    always(
        "released_is_final",
        "A released decision is what its part became.",
        "SELECT ID(d.id) FROM decision d JOIN part t ON t.id = d.part_id WHERE d.state = 'released' AND NOT \
         ((d.outcome = 'fund' AND (t.state IN ('awarded', 'contracted', 'closed') OR (t.state = 'withdrawn' AND EXISTS \
         (SELECT 1 FROM decline x WHERE x.part_id = t.id)))) OR \
         (d.outcome = 'reserve' AND t.state = 'reserve') OR (d.outcome = 'reject' AND t.state = 'rejected'))",
    ),
    always(
        "pending_is_not_final",
        "No part is decided before its decision is released.",
        "SELECT ID(t.id) FROM part t WHERE t.state IN ('awarded', 'reserve', 'rejected', 'contracted', 'closed') \
         AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.part_id = t.id AND d.state = 'released')",
    ),
    always(
        "award_within_request",
        "No part gets more than it asked for.",
        "SELECT ID(t.id) FROM decision d JOIN part t ON t.id = d.part_id WHERE d.outcome = 'fund' \
         AND (d.minor > t.requested_minor OR d.minor < 0 OR d.currency <> t.currency)",
    ),
    always(
        "agreement_follows_award",
        "An agreement is of a part that was awarded.",
        "SELECT ID(a.id) FROM agreement a WHERE NOT EXISTS (SELECT 1 FROM decision d \
         WHERE d.part_id = a.part_id AND d.state = 'released' AND d.outcome = 'fund')",
    ),
    always(
        "report_of_its_part",
        "A report is of the part its agreement is of; one that was handed in or accepted says by whom.",
        "SELECT ID(r.id) FROM report r JOIN agreement a ON a.id = r.agreement_id WHERE r.part_id <> a.part_id \
         OR (r.state IN ('submitted', 'accepted') AND r.submitted_by IS NULL) \
         OR (r.state = 'accepted' AND r.decided_by IS NULL)",
    ),
    always(
        "label_lasts",
        "A label is valid for some time.",
        "SELECT ID(l.id) FROM label l WHERE l.valid_until <= l.awarded_on",
    ),
    always(
        "handed_in_is_logged",
        "The log knows of every version that was handed in.",
        "SELECT p.code FROM submission s JOIN part t ON t.id = s.part_id JOIN proposal p ON p.id = t.proposal_id \
         WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.proposal = p.id)",
    ),
    always(
        "sent_has_a_day",
        "A mail that left knows when.",
        "SELECT ID(m.id) FROM mail m WHERE m.state IN ('sent', 'kept', 'digested') AND m.sent_at IS NULL",
    ),
    always(
        "done_has_a_day",
        "A job that ended knows when.",
        "SELECT ID(j.id) FROM job j WHERE j.state IN ('done', 'failed') AND j.finished_at IS NULL",
    ),
    in_time(
        "mail_leaves",
        "No mail waits for more than a day without being tried.",
        "SELECT ID(m.id) FROM mail m WHERE m.state = 'queued' AND m.next_at < AGO(24)",
    ),
    in_time(
        "digest_leaves",
        "No mail is held for more than two days.",
        "SELECT ID(m.id) FROM mail m WHERE m.state = 'held' AND m.created_at < AGO(48)",
    ),
    in_time(
        "job_runs",
        "No job waits for more than a day without being tried.",
        "SELECT ID(j.id) FROM job j WHERE j.state IN ('queued', 'running') AND j.due_at < AGO(24) \
         AND (j.locked_until IS NULL OR j.locked_until < AGO(24))",
    ),
];

/// Names of what is computed instead of asked in SQL, because the terms are documents.
pub const SUMS: [&str; 2] = ["awards_within_budget", "points_on_scale"];

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    pub name: &'static str,
    pub says: &'static str,
    /// What breaks it, at most twenty of them.
    pub found: Vec<String>,
}

/// Everything that is not as it must be. `worked` is when the worker last finished something
/// ([`last_worked`]); without it, what waits is left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn breaches(db: &impl ConnectionTrait, worked: Option<DateTime<Utc>>) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    for invariant in ALL.iter().filter(|invariant| !invariant.by_the_clock || worked.is_some()) {
        let sql = written(invariant.sql, db.get_database_backend(), worked.unwrap_or_default());
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
        if !rows.is_empty() {
            let found = rows.iter().take(20).filter_map(|row| row.try_get_by_index::<String>(0).ok()).collect();
            breaches.push(Breach { name: invariant.name, says: invariant.says, found });
        }
    }
    breaches.extend(sums::breaches(db).await?);
    Ok(breaches)
}

/// When the worker last finished a job; none when it never did.
///
/// # Errors
/// When the database cannot be asked.
pub async fn last_worked(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>> {
    let last = job::Entity::find()
        .select_only()
        .column(job::Column::FinishedAt)
        .filter(job::Column::FinishedAt.is_not_null())
        .order_by_desc(job::Column::FinishedAt)
        .limit(1)
        .into_tuple::<Option<DateTime<Utc>>>()
        .one(db)
        .await?;
    Ok(last.flatten())
}

/// The SQL as this database understands it.
fn written(sql: &str, backend: DbBackend, worked: DateTime<Utc>) -> String {
    let mut text = String::with_capacity(sql.len() + 80);
    let mut rest = sql;
    while let Some((before, mark, inside, after)) = next_mark(rest) {
        text.push_str(before);
        let postgres = backend == DbBackend::Postgres;
        match mark {
            "ID" if postgres => text.push_str(&format!("CAST({inside} AS TEXT)")),
            "ID" => text.push_str(&format!("lower(hex({inside}))")),
            _ => {
                let hours = TimeDelta::hours(inside.parse().unwrap_or(0));
                let instant = (worked - hours).to_rfc3339_opts(SecondsFormat::Micros, false);
                let cast = if postgres { "::timestamptz" } else { "" };
                text.push_str(&format!("'{instant}'{cast}"));
            }
        }
        rest = after;
    }
    text + rest
}

/// The first `ID(…)` or `AGO(…)`: what stands before it, its name, what is inside and what follows.
fn next_mark(sql: &str) -> Option<(&str, &'static str, &str, &str)> {
    let (at, mark) = ["ID(", "AGO("].iter().filter_map(|mark| Some((sql.find(mark)?, *mark))).min()?;
    let (inside, after) = sql[at + mark.len()..].split_once(')')?;
    Some((&sql[..at], if mark == "ID(" { "ID" } else { "AGO" }, inside, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_invariant_has_a_name_of_its_own_and_a_sentence() {
        let mut names: Vec<&str> = ALL.iter().map(|invariant| invariant.name).chain(SUMS).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(ALL.iter().all(|invariant| invariant.says.ends_with('.')));
    }

    #[test]
    fn marks_become_what_each_database_understands() {
        let now = DateTime::from_timestamp(1_500_000_000, 0).unwrap_or_default();
        let sql = "SELECT ID(m.id) FROM mail m WHERE m.at < AGO(24) AND x";
        assert_eq!(
            written(sql, DbBackend::Sqlite, now),
            "SELECT lower(hex(m.id)) FROM mail m WHERE m.at < '2017-07-13T02:40:00.000000+00:00' AND x"
        );
        assert_eq!(
            written(sql, DbBackend::Postgres, now),
            "SELECT CAST(m.id AS TEXT) FROM mail m WHERE m.at < '2017-07-13T02:40:00.000000+00:00'::timestamptz AND x"
        );
    }
}
