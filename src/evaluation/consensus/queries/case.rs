//! One case with everybody's points beside the draft.

use super::{Facts, Given};
use crate::{
    evaluation::{
        consensus::rules::states::{Step, is_open, next, shown_to_reviewers},
        rules::{Kept, weighted},
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
    proposals::reading::queries::{Reading, files, reading, submitted},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    evaluation::{consensus, consensus_message, consensus_point, consensus_voice},
    types::{
        decimal,
        ids::{AccountId, AssignmentId, ProposalId},
        judging::SheetVisibility,
        points::Points,
        states::{ConsensusState, VoiceState},
        terms::{CallTerms, Criterion},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// What one evaluator gave for one criterion.
#[derive(Debug, Clone)]
pub struct Opinion {
    /// The evaluator's name, or a letter where the call keeps them nameless to each other.
    pub who: String,
    pub mine: bool,
    pub points: Option<String>,
    pub comment: String,
}

/// A criterion with everybody's points and the draft.
#[derive(Debug, Clone)]
pub struct CriterionView {
    pub key: String,
    pub name: String,
    pub weight: String,
    pub threshold: Option<Points>,
    pub opinions: Vec<Opinion>,
    /// Mean of the points given, and highest less lowest.
    pub mean: Option<String>,
    pub spread: String,
    pub points: Option<Points>,
    pub comment: String,
}

/// A reviewer's answer.
#[derive(Debug, Clone)]
pub struct VoiceView {
    pub account: AccountId,
    pub who: String,
    pub mine: bool,
    pub rapporteur: bool,
    pub state: VoiceState,
    pub signed_name: Option<String>,
    pub statement: String,
    pub answered_at: Option<DateTime<Utc>>,
    pub sheet: AssignmentId,
}

/// Something said in the discussion.
#[derive(Debug, Clone)]
pub struct MessageView {
    pub who: String,
    pub text: String,
    pub at: DateTime<Utc>,
}

/// A case as one person sees it.
pub struct CaseView {
    pub reading: Reading,
    pub zone: Tz,
    /// None when the officer looks at a proposal without a case.
    pub state: Option<ConsensusState>,
    pub found: Vec<String>,
    pub reason: String,
    pub due_at: Option<DateTime<Utc>>,
    pub agreed_at: Option<DateTime<Utc>>,
    pub criteria: Vec<CriterionView>,
    pub comment: String,
    /// The weighted total of the draft, as far as it goes.
    pub total: String,
    pub max: Points,
    pub min_words: u32,
    pub voices: Vec<VoiceView>,
    pub messages: Vec<MessageView>,
    pub version: i64,
    pub may_write: bool,
    pub may_answer: bool,
    pub may_say: bool,
    pub may_manage: bool,
    /// Steps an officer can take now.
    pub may_waive: bool,
    pub may_send_back: bool,
    pub may_escalate: bool,
    pub may_open: bool,
    /// Whether a further reviewer is wanted.
    pub wants_third: bool,
    pub my_name: String,
}

/// The case of a proposal: for its reviewers once it is open, for officers always.
pub struct ConsensusOf(pub ProposalId);

impl Query for ConsensusOf {
    const NEEDS: Permission = Permission::ReadConsensus;
    type Output = CaseView;

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<CaseView> {
        let db = db.conn();
        let account = leave.account()?;
        let staff = leave.may(Permission::ReadScores);
        let case = consensus::Entity::find().filter(consensus::Column::ProposalId.eq(self.0)).one(db).await?;
        let rows = Rows::of(db, case.as_ref()).await?;
        let mine = rows.voices.iter().find(|v| v.account_id == account && v.state != VoiceState::Left);
        if !staff && (mine.is_none() || !case.as_ref().is_some_and(|c| shown_to_reviewers(c.state))) {
            return Err(AppError::NotFound);
        }
        let dossier = submitted(db, leave, self.0).await?;
        let files = files(db, &dossier).await?;
        let terms = dossier.terms();
        let facts = Facts::of(db, [self.0]).await?.remove(&self.0).unwrap_or_default();
        let eyes = Eyes { account, staff, terms, given: &facts.submitted };
        let state = case.as_ref().map(|c| c.state);
        let may_manage = leave.may(Permission::ManageConsensus);
        let may = |step| may_manage && state.is_some_and(|s| next(s, step).is_ok());
        let answering = matches!(state, Some(ConsensusState::Signing | ConsensusState::Disputed));
        let draft: Vec<Kept<'_>> = rows.points.iter().map(|(key, row)| Kept::points(key, row.points)).collect();
        Ok(CaseView {
            zone: terms.zone,
            state,
            found: case.as_ref().and_then(|c| serde_json::from_value(c.divergence.clone()).ok()).unwrap_or_default(),
            reason: case.as_ref().filter(|_| staff).map(|c| c.reason.clone()).unwrap_or_default(),
            due_at: case.as_ref().and_then(|c| c.due_at),
            agreed_at: case.as_ref().and_then(|c| c.agreed_at),
            criteria: terms.criteria.iter().map(|c| eyes.criterion(c, rows.points.get(&c.key))).collect(),
            comment: case.as_ref().map(|c| c.comment.clone()).unwrap_or_default(),
            total: weighted(terms, &draft).total,
            max: terms.evaluation.scale.max,
            min_words: terms.evaluation.min_comment_words,
            voices: rows.voices.iter().map(|v| eyes.voice(v, case.as_ref(), &rows.names)).collect(),
            messages: rows.messages.iter().map(|m| eyes.message(m, &rows)).collect(),
            version: case.as_ref().map_or(0, |c| c.version),
            may_write: leave.may(Permission::WriteConsensus)
                && mine.is_some()
                && case.as_ref().is_some_and(|c| {
                    c.rapporteur_id == Some(account) && is_open(c.state) && c.state != ConsensusState::ThirdReview
                }),
            may_answer: leave.may(Permission::WriteConsensus) && mine.is_some() && answering,
            may_say: state.is_some_and(shown_to_reviewers) && (mine.is_some() || may_manage),
            may_waive: may(Step::Waive),
            may_send_back: may(Step::SendBack),
            may_escalate: may(Step::Escalate),
            may_open: may_manage
                && facts.submitted.len() > 1
                && state.is_none_or(|s| !is_open(s) || s == ConsensusState::ThirdReview),
            wants_third: may_manage && state == Some(ConsensusState::ThirdReview),
            may_manage,
            my_name: rows.names.get(&account).cloned().unwrap_or_else(|| leave.actor().name().to_owned()),
            reading: reading(&dossier, &files),
        })
    }
}

/// The rows of a case.
#[derive(Default)]
struct Rows {
    voices: Vec<consensus_voice::Model>,
    points: BTreeMap<String, consensus_point::Model>,
    messages: Vec<consensus_message::Model>,
    names: BTreeMap<AccountId, String>,
}

impl Rows {
    async fn of(db: &impl ConnectionTrait, case: Option<&consensus::Model>) -> Result<Self> {
        let Some(case) = case else { return Ok(Self::default()) };
        let voices = consensus_voice::Entity::find()
            .filter(consensus_voice::Column::ConsensusId.eq(case.id))
            .order_by_asc(consensus_voice::Column::Id)
            .all(db)
            .await?;
        let points =
            consensus_point::Entity::find().filter(consensus_point::Column::ConsensusId.eq(case.id)).all(db).await?;
        let messages = consensus_message::Entity::find()
            .filter(consensus_message::Column::ConsensusId.eq(case.id))
            .order_by_asc(consensus_message::Column::SentAt)
            .all(db)
            .await?;
        let people: Vec<AccountId> =
            voices.iter().map(|v| v.account_id).chain(messages.iter().map(|m| m.account_id)).collect();
        let names = account::Entity::find().filter(account::Column::Id.is_in(people)).all(db).await?;
        Ok(Self {
            voices,
            points: points.into_iter().map(|p| (p.criterion.clone(), p)).collect(),
            messages,
            names: names.into_iter().map(|a| (a.id, a.name)).collect(),
        })
    }
}

/// Whose eyes look, and what the call lets them see.
struct Eyes<'a> {
    account: AccountId,
    staff: bool,
    terms: &'a CallTerms,
    given: &'a [Given],
}

impl Eyes<'_> {
    fn sees_others(&self) -> bool {
        self.staff || self.terms.evaluation.visibility.consensus != SheetVisibility::Never
    }

    /// The name, or a letter by the order in which the tasks were given.
    fn who(&self, account: AccountId, name: &str) -> String {
        if account == self.account {
            return "You".to_owned();
        }
        if self.staff || self.terms.evaluation.visibility.names {
            return name.to_owned();
        }
        let place = self.given.iter().position(|g| g.account == account);
        let letter = place.and_then(|p| u8::try_from(p).ok()).filter(|p| *p < 26).map(|p| char::from(b'A' + p));
        letter.map_or_else(|| "An evaluator".to_owned(), |letter| format!("Evaluator {letter}"))
    }

    fn criterion(&self, criterion: &Criterion, draft: Option<&consensus_point::Model>) -> CriterionView {
        let seen = self.given.iter().filter(|g| self.sees_others() || g.account == self.account);
        let opinion = |given: &Given| Opinion {
            who: self.who(given.account, &given.name),
            mine: given.account == self.account,
            points: given.points(criterion).map(|p| decimal::plain(p, 2)),
            comment: given.comment(criterion),
        };
        let points: Vec<i64> = if self.sees_others() {
            self.given.iter().filter_map(|g| g.points(criterion)).collect()
        } else {
            Vec::new()
        };
        let count = i64::try_from(points.len()).unwrap_or_default();
        let mean = (count > 0).then(|| (2 * points.iter().sum::<i64>() + count).div_euclid(2 * count));
        let spread = points.iter().max().zip(points.iter().min()).map_or(0, |(most, least)| most - least);
        CriterionView {
            key: criterion.key.clone(),
            name: criterion.name.clone(),
            weight: criterion.weight.to_string(),
            threshold: criterion.threshold,
            opinions: seen.map(opinion).collect(),
            mean: mean.map(|m| decimal::fixed(m, 2)),
            spread: decimal::fixed(spread, 2),
            points: draft.and_then(|row| row.points),
            comment: draft.map(|row| row.comment.clone()).unwrap_or_default(),
        }
    }

    fn voice(
        &self,
        voice: &consensus_voice::Model,
        case: Option<&consensus::Model>,
        names: &BTreeMap<AccountId, String>,
    ) -> VoiceView {
        let name = names.get(&voice.account_id).map_or("", String::as_str);
        let named = self.staff || self.terms.evaluation.visibility.names || voice.account_id == self.account;
        VoiceView {
            account: voice.account_id,
            who: self.who(voice.account_id, name),
            mine: voice.account_id == self.account,
            rapporteur: case.is_some_and(|c| c.rapporteur_id == Some(voice.account_id)),
            state: voice.state,
            signed_name: voice.signed_name.clone().filter(|_| named),
            statement: voice.statement.clone(),
            answered_at: voice.answered_at,
            sheet: voice.assignment_id,
        }
    }

    fn message(&self, message: &consensus_message::Model, rows: &Rows) -> MessageView {
        let name = rows.names.get(&message.account_id).map_or("", String::as_str);
        let reviewer = rows.voices.iter().any(|v| v.account_id == message.account_id);
        let who = if reviewer { self.who(message.account_id, name) } else { name.to_owned() };
        MessageView { who, text: message.text.clone(), at: message.sent_at }
    }
}
