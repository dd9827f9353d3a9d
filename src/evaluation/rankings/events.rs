//! What happens to rankings and lotteries.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder, MailOrder, Recipient},
};
use askama::Template;
use entity::types::{
    ids::{CallId, LotteryId, RankingId},
    states::MailClass,
};
use serde_json::json;

/// The job of the decisions area that lets pending decisions follow a new version of the ranking.
pub const FOLLOW: &str = "decisions.follow";

pub enum RankingEvent {
    Drawn { call: CallId, ranking: RankingId, number: i32, lines: usize, reason: String },
    Fixed { call: CallId, ranking: RankingId, number: i32, digest: String, above: usize, below: usize },
    Replaced(Replaced),
}

/// A fixed ranking was replaced by a new version.
pub struct Replaced {
    pub call: CallId,
    pub code: String,
    pub title: String,
    pub ranking: RankingId,
    pub number: i32,
    /// The number of the one before.
    pub before: i32,
    pub reason: String,
    pub digest: String,
    pub above: usize,
    pub below: usize,
}

#[derive(Template)]
#[template(path = "evaluation/rankings/mail/replaced.txt")]
struct ReplacedMail<'a> {
    of: &'a Replaced,
}

impl Event for RankingEvent {
    fn audit(&self) -> AuditLine {
        let (call, line, data) = match self {
            Self::Drawn { call, ranking, number, lines, reason } => (
                *call,
                format!("drew ranking {number} of {lines} proposals"),
                json!({ "ranking": ranking, "reason": reason }),
            ),
            Self::Fixed { call, ranking, number, digest, above, below } => (
                *call,
                format!("signed and fixed ranking {number}: {above} above the thresholds, {below} below"),
                json!({ "ranking": ranking, "digest": digest }),
            ),
            Self::Replaced(of) => (
                of.call,
                format!(
                    "signed ranking {} in the place of ranking {}: {} above the thresholds, {} below",
                    of.number, of.before, of.above, of.below
                ),
                json!({ "ranking": of.ranking, "digest": of.digest, "reason": of.reason }),
            ),
        };
        AuditLine::new(Subject::Call(call), line).data(data)
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Drawn { .. } | Self::Fixed { .. } => Vec::new(),
            Self::Replaced(of) => {
                let to = [Recipient::AgenciesOf(of.call), Recipient::CallOfficers(of.call)];
                vec![MailOrder::new("M20b", MailClass::Work, Subject::Call(of.call), to, &ReplacedMail { of })]
            }
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::Drawn { .. } | Self::Fixed { .. } => Vec::new(),
            Self::Replaced(of) => {
                let payload = json!({ "call": of.call });
                vec![JobOrder::new(FOLLOW, payload).once(format!("{FOLLOW} {}", of.ranking))]
            }
        }
    }
}

/// What happens to a lottery.
pub struct LotteryEvent {
    pub call: CallId,
    pub lottery: LotteryId,
    pub number: i32,
    pub step: LotteryStep,
}

pub enum LotteryStep {
    Announced { proposals: usize, known_on: String, commitment: String },
    Drawn { seed: String },
    Signed,
    Withdrawn { reason: String },
}

impl Event for LotteryEvent {
    fn audit(&self) -> AuditLine {
        let (lottery, number) = (self.lottery, self.number);
        let (line, data) = match &self.step {
            LotteryStep::Announced { proposals, known_on, commitment } => (
                format!("announced lottery {number} among {proposals} proposals, with a seed known on {known_on}"),
                json!({ "lottery": lottery, "commitment": commitment }),
            ),
            LotteryStep::Drawn { seed } => {
                (format!("drew lottery {number} with the seed “{seed}”"), json!({ "lottery": lottery, "seed": seed }))
            }
            LotteryStep::Signed => (format!("signed what lottery {number} drew"), json!({ "lottery": lottery })),
            LotteryStep::Withdrawn { reason } => {
                (format!("withdrew lottery {number}: {reason}"), json!({ "lottery": lottery }))
            }
        };
        AuditLine::new(Subject::Call(self.call), line).data(data)
    }
}
