//! Consensus for programs: the secretariat's and the reviewers'.

use super::{
    commands::{
        Act, ActOnConsensus, DisagreeConsensus, DraftConsensus, Entry, NameRapporteur, OpenConsensus, SayInConsensus,
        SignConsensus,
    },
    queries::{CasesOf, ConsensusOf, OwnConsensus, shown},
};
use crate::{
    api::{ApiError, Caller, Tag},
    kernel::App,
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{
    Enum, Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};
use uuid::Uuid;

pub struct ConsensusApi;

/// A proposal with how far its evaluators are apart.
#[derive(Object)]
struct ConsensusLineOut {
    proposal: Uuid,
    /// Example: IE-2017-007
    code: String,
    title: String,
    sheets: u32,
    /// Sheets that are not handed in yet.
    open: u32,
    /// Lowest and highest weighted total. Example: 2.80
    lowest: Option<String>,
    highest: Option<String>,
    /// What differs by the rule of the call, as sentences.
    found: Vec<String>,
    /// `third_review`, `writing`, `signing`, `disputed`, `agreed`, `to_panel`, `waived` or `settled`.
    state: Option<String>,
}

#[derive(Object)]
struct ConsensusLinesOut {
    items: Vec<ConsensusLineOut>,
}

/// What one evaluator gave for one criterion.
#[derive(Object)]
struct OpinionOut {
    /// A name, or a letter where the call keeps evaluators nameless to each other.
    who: String,
    mine: bool,
    /// Example: 3.5
    points: Option<String>,
    comment: String,
}

/// A criterion with everybody's points and the draft.
#[derive(Object)]
struct ConsensusCriterionOut {
    criterion: String,
    name: String,
    opinions: Vec<OpinionOut>,
    mean: Option<String>,
    /// The drafted points.
    points: Option<String>,
    comment: String,
}

/// A reviewer's answer.
#[derive(Object)]
struct VoiceOut {
    account: Option<Uuid>,
    who: String,
    mine: bool,
    rapporteur: bool,
    /// `open`, `signed`, `disagrees` or `left`.
    state: String,
    statement: String,
    answered_at: Option<DateTime<Utc>>,
}

#[derive(Object)]
struct ConsensusMessageOut {
    who: String,
    text: String,
    at: DateTime<Utc>,
}

/// The consensus on a proposal.
#[derive(Object)]
struct ConsensusOut {
    proposal: Uuid,
    code: String,
    state: Option<String>,
    found: Vec<String>,
    criteria: Vec<ConsensusCriterionOut>,
    comment: String,
    /// The weighted total of the draft. Example: 3.43
    total: String,
    max: String,
    voices: Vec<VoiceOut>,
    messages: Vec<ConsensusMessageOut>,
    due_at: Option<DateTime<Utc>>,
    agreed_at: Option<DateTime<Utc>>,
    /// To be sent with the next change, signature or disagreement.
    version: i64,
    may_write: bool,
    may_answer: bool,
}

#[derive(Object)]
struct AgreedPointsIn {
    criterion: String,
    /// Example: 3.5
    points: Option<String>,
    #[oai(default)]
    comment: String,
}

/// A whole draft: what is not sent is emptied.
#[derive(Object)]
struct ConsensusDraftIn {
    version: i64,
    points: Vec<AgreedPointsIn>,
    #[oai(default)]
    comment: String,
    /// Whether the reviewers are asked to sign it.
    #[oai(default)]
    send: bool,
}

#[derive(Object)]
struct ConsensusVersionOut {
    version: i64,
}

#[derive(Object)]
struct ConsensusSignIn {
    version: i64,
    /// The signer's name as it is in the account.
    signed_name: String,
}

#[derive(Object)]
struct DisagreementIn {
    version: i64,
    statement: String,
}

#[derive(Object)]
struct ContributionIn {
    text: String,
}

#[derive(Object)]
struct OpenConsensusIn {
    reason: String,
    /// Account of the reviewer who drafts; left out, the one nearest the mean.
    rapporteur: Option<Uuid>,
    due_at: Option<DateTime<Utc>>,
}

#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum ConsensusAct {
    Waive,
    SendBack,
    Escalate,
}

#[derive(Object)]
struct ConsensusActIn {
    act: ConsensusAct,
    reason: String,
}

#[derive(Object)]
struct RapporteurIn {
    account: Uuid,
}

/// A consensus the caller has a voice in.
#[derive(Object)]
struct OwnConsensusOut {
    proposal: Uuid,
    code: String,
    title: String,
    state: String,
    /// Whether it waits for the caller.
    waiting: bool,
}

#[derive(Object)]
struct OwnConsensusListOut {
    items: Vec<OwnConsensusOut>,
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[OpenApi(tag = "Tag::Evaluation")]
impl ConsensusApi {
    /// The proposals of a call with how far their evaluators are apart.
    #[oai(path = "/calls/:call/consensus", method = "get", operation_id = "listConsensus")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
    ) -> Result<Json<ConsensusLinesOut>, ApiError> {
        let cases = app.ask(&caller.0, CasesOf(call.0.into())).await?;
        let line = |line: super::queries::Line| ConsensusLineOut {
            proposal: line.id.0,
            code: line.code,
            title: line.title,
            sheets: count(line.sheets),
            open: count(line.open),
            lowest: line.totals.map(|(low, _, _)| shown(low)),
            highest: line.totals.map(|(_, _, high)| shown(high)),
            found: line.found,
            state: line.state.map(|s| s.word().to_owned()),
        };
        Ok(Json(ConsensusLinesOut { items: cases.lines.into_iter().map(line).collect() }))
    }

    /// The cases you have a voice in.
    #[oai(path = "/consensus", method = "get", operation_id = "listOwnConsensus")]
    async fn own(&self, app: Data<&App>, caller: Caller) -> Result<Json<OwnConsensusListOut>, ApiError> {
        let waiting = app.ask(&caller.0, OwnConsensus).await?;
        let item = |one: super::queries::WaitingForMe| OwnConsensusOut {
            proposal: one.proposal.0,
            code: one.code,
            title: one.title,
            state: one.state.word().to_owned(),
            waiting: one.mine,
        };
        Ok(Json(OwnConsensusListOut { items: waiting.into_iter().map(item).collect() }))
    }

    /// The consensus on a proposal, for its reviewers and for staff.
    #[oai(path = "/proposals/:proposal/consensus", method = "get", operation_id = "getConsensus")]
    async fn case(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
    ) -> Result<Json<ConsensusOut>, ApiError> {
        let case = app.ask(&caller.0, ConsensusOf(proposal.0.into())).await?;
        let manages = case.may_manage;
        let opinion =
            |o: super::queries::Opinion| OpinionOut { who: o.who, mine: o.mine, points: o.points, comment: o.comment };
        let criterion = |c: super::queries::CriterionView| ConsensusCriterionOut {
            criterion: c.key,
            name: c.name,
            opinions: c.opinions.into_iter().map(opinion).collect(),
            mean: c.mean,
            points: c.points.map(|p| p.to_string()),
            comment: c.comment,
        };
        let voice = |v: super::queries::VoiceView| VoiceOut {
            account: (manages || v.mine).then_some(v.account.0),
            who: v.who,
            mine: v.mine,
            rapporteur: v.rapporteur,
            state: v.state.word().to_owned(),
            statement: v.statement,
            answered_at: v.answered_at,
        };
        Ok(Json(ConsensusOut {
            proposal: case.reading.id.0,
            code: case.reading.code,
            state: case.state.map(|s| s.word().to_owned()),
            found: case.found,
            criteria: case.criteria.into_iter().map(criterion).collect(),
            comment: case.comment,
            total: case.total,
            max: case.max.to_string(),
            voices: case.voices.into_iter().map(voice).collect(),
            messages: case
                .messages
                .into_iter()
                .map(|m| ConsensusMessageOut { who: m.who, text: m.text, at: m.at })
                .collect(),
            due_at: case.due_at,
            agreed_at: case.agreed_at,
            version: case.version,
            may_write: case.may_write,
            may_answer: case.may_answer,
        }))
    }

    /// Ask the evaluators of a proposal to agree, or take up again what was closed.
    #[oai(path = "/proposals/:proposal/consensus/open", method = "post", operation_id = "openConsensus")]
    async fn open(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        body: Json<OpenConsensusIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = OpenConsensus {
            proposal: proposal.0.into(),
            reason: body.0.reason,
            rapporteur: body.0.rapporteur.map(Into::into),
            due: body.0.due_at,
        };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Waive a consensus, give it back to its rapporteur, or send it to the panel.
    #[oai(path = "/proposals/:proposal/consensus/act", method = "post", operation_id = "actOnConsensus")]
    async fn act(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        body: Json<ConsensusActIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let act = match body.0.act {
            ConsensusAct::Waive => Act::Waive,
            ConsensusAct::SendBack => Act::SendBack,
            ConsensusAct::Escalate => Act::Escalate,
        };
        let command = ActOnConsensus { proposal: proposal.0.into(), act, reason: body.0.reason };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Name another reviewer rapporteur.
    #[oai(path = "/proposals/:proposal/consensus/rapporteur", method = "put", operation_id = "nameRapporteur")]
    async fn rapporteur(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        body: Json<RapporteurIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = NameRapporteur { proposal: proposal.0.into(), rapporteur: body.0.account.into() };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Keep the draft, as its rapporteur; with `send` the reviewers are asked to sign it.
    #[oai(path = "/proposals/:proposal/consensus/draft", method = "put", operation_id = "draftConsensus")]
    async fn draft(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        body: Json<ConsensusDraftIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<ConsensusVersionOut>, ApiError> {
        let entry = |one: AgreedPointsIn| Entry {
            criterion: one.criterion,
            points: one.points.unwrap_or_default(),
            comment: one.comment,
        };
        let command = DraftConsensus {
            proposal: proposal.0.into(),
            seen: body.0.version,
            entries: body.0.points.into_iter().map(entry).collect(),
            comment: body.0.comment,
            send: body.0.send,
        };
        let version = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(ConsensusVersionOut { version }))
    }

    /// Sign the draft as it was seen.
    #[oai(path = "/proposals/:proposal/consensus/sign", method = "post", operation_id = "signConsensus")]
    async fn sign(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        body: Json<ConsensusSignIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command =
            SignConsensus { proposal: proposal.0.into(), seen: body.0.version, signed_name: body.0.signed_name };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Write down what you do not agree with.
    #[oai(path = "/proposals/:proposal/consensus/disagree", method = "post", operation_id = "disagreeWithConsensus")]
    async fn disagree(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        body: Json<DisagreementIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command =
            DisagreeConsensus { proposal: proposal.0.into(), seen: body.0.version, statement: body.0.statement };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Say something in the discussion.
    #[oai(path = "/proposals/:proposal/consensus/discussion", method = "post", operation_id = "sayInConsensus")]
    async fn say(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        body: Json<ContributionIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = SayInConsensus { proposal: proposal.0.into(), text: body.0.text };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }
}
