//! What is done in a meeting.

use super::shapes::{PanelItemOut, PanelMinutesOut, PanelOut, item, minutes, panel};
use crate::{
    api::{ApiError, Caller, Tag},
    evaluation::panels::{
        commands::{
            AttendMeeting, BeginItem, CastVote, CloseVote, DeclarePanelConflict, EndItem, Ending, Entry, ExtendItem,
            MarkPresence, OpenVote, RecordPoints, RunMeeting, SignPanelMinutes, WriteNote,
        },
        queries::{ItemBy, MeetingOf, MinutesOf},
        rules::states::Step,
    },
    kernel::App,
};
use entity::types::states::VoteChoice;
use poem::web::Data;
use poem_openapi::{
    Enum, Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct MeetingsApi;

#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum MeetingStep {
    Open,
    Pause,
    Resume,
    Close,
    Reopen,
}

#[derive(Object)]
struct MeetingStepIn {
    step: MeetingStep,
}

#[derive(Object)]
struct PresenceIn {
    /// Somebody else, by whoever keeps the record; oneself when left out.
    account: Option<Uuid>,
    here: bool,
}

#[derive(Object)]
struct MoreTimeIn {
    /// Example: 5
    minutes: i32,
}

#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum PanelEnding {
    Decide,
    Defer,
}

#[derive(Object)]
struct PanelEndIn {
    ending: PanelEnding,
    /// What was decided, or why it is deferred. Example: Recommended for funding
    outcome: String,
}

#[derive(Object)]
struct PanelNoteIn {
    /// Example: The second reference site convinced the panel.
    text: String,
    /// Whether it goes into the minutes.
    #[oai(default)]
    minuted: bool,
}

#[derive(Object)]
struct PanelPointIn {
    /// Example: c1
    criterion: String,
    /// Taken back when left out. Example: 3.5
    points: Option<String>,
    /// Example: The market is shown.
    #[oai(default)]
    reason: String,
}

/// Points of the panel; criteria that are left out stay as they are.
#[derive(Object)]
struct PanelPointsIn {
    /// Example: 6
    version: i64,
    points: Vec<PanelPointIn>,
}

#[derive(Object)]
struct PanelConflictIn {
    /// Example: I advise one of the partners.
    reason: String,
}

#[derive(Object)]
struct PanelQuestionIn {
    /// Example: Recommend for funding
    question: String,
    #[oai(default)]
    secret: bool,
}

#[derive(Object)]
struct PanelVoteIdOut {
    id: Uuid,
}

#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum PanelChoice {
    Yes,
    No,
    Abstain,
}

#[derive(Object)]
struct BallotIn {
    choice: PanelChoice,
}

#[derive(Object)]
struct CloseVoteIn {
    /// Whether it ends without a result.
    #[oai(default)]
    stop: bool,
}

#[derive(Object)]
struct SignMinutesIn {
    /// The signer's name as it is in the account.
    signed_name: String,
    /// What is corrected; only where signed minutes are replaced. Example: The name of a member was wrong.
    #[oai(default)]
    reason: String,
}

#[derive(Object)]
struct MinutesDigestOut {
    /// SHA-256 of what was signed.
    digest: String,
}

type Key = Header<Option<String>>;

#[OpenApi(tag = "Tag::Evaluation")]
impl MeetingsApi {
    /// The meeting of a panel as the caller may see it.
    #[oai(path = "/panels/:panel", method = "get", operation_id = "readPanel")]
    async fn read(&self, app: Data<&App>, caller: Caller, panel: Path<Uuid>) -> Result<Json<PanelOut>, ApiError> {
        Ok(Json(self::panel(app.ask(&caller.0, MeetingOf(panel.0.into())).await?)))
    }

    /// Open, pause, resume or close the meeting, or take it up again.
    #[oai(path = "/panels/:panel/steps", method = "post", operation_id = "runPanelMeeting")]
    async fn step(
        &self,
        app: Data<&App>,
        caller: Caller,
        panel: Path<Uuid>,
        body: Json<MeetingStepIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let step = match body.0.step {
            MeetingStep::Open => Step::Open,
            MeetingStep::Pause => Step::Pause,
            MeetingStep::Resume => Step::Resume,
            MeetingStep::Close => Step::Close,
            MeetingStep::Reopen => Step::Reopen,
        };
        Ok(app.run_once(&caller.0, key.0.as_deref(), RunMeeting { panel: panel.0.into(), step }).await?)
    }

    /// Say that a member came or left.
    #[oai(path = "/panels/:panel/presence", method = "post", operation_id = "markPanelPresence")]
    async fn presence(
        &self,
        app: Data<&App>,
        caller: Caller,
        panel: Path<Uuid>,
        body: Json<PresenceIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let (panel, here, key) = (panel.0.into(), body.0.here, key.0.as_deref());
        match body.0.account {
            Some(account) => {
                let command = MarkPresence { panel, account: account.into(), here };
                app.run_once(&caller.0, key, command).await?;
            }
            None => app.run_once(&caller.0, key, AttendMeeting { panel, here }).await?,
        }
        Ok(())
    }

    /// What a panel says about a proposal.
    #[oai(path = "/panel-items/:item", method = "get", operation_id = "readPanelItem")]
    async fn item(&self, app: Data<&App>, caller: Caller, item: Path<Uuid>) -> Result<Json<PanelItemOut>, ApiError> {
        Ok(Json(self::item(app.ask(&caller.0, ItemBy(item.0.into())).await?)))
    }

    /// Call a proposal up.
    #[oai(path = "/panel-items/:item/begin", method = "post", operation_id = "beginPanelItem")]
    async fn begin(
        &self,
        app: Data<&App>,
        caller: Caller,
        item: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), BeginItem(item.0.into())).await?)
    }

    /// Give a proposal more time.
    #[oai(path = "/panel-items/:item/time", method = "post", operation_id = "extendPanelItem")]
    async fn extend(
        &self,
        app: Data<&App>,
        caller: Caller,
        item: Path<Uuid>,
        body: Json<MoreTimeIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let command = ExtendItem { item: item.0.into(), minutes: body.0.minutes };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Decide on a proposal, or defer it.
    #[oai(path = "/panel-items/:item/end", method = "post", operation_id = "endPanelItem")]
    async fn end(
        &self,
        app: Data<&App>,
        caller: Caller,
        item: Path<Uuid>,
        body: Json<PanelEndIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let ending = match body.0.ending {
            PanelEnding::Decide => Ending::Decide,
            PanelEnding::Defer => Ending::Defer,
        };
        let command = EndItem { item: item.0.into(), ending, outcome: body.0.outcome };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Write a note.
    #[oai(path = "/panel-items/:item/notes", method = "post", operation_id = "writePanelNote")]
    async fn note(
        &self,
        app: Data<&App>,
        caller: Caller,
        item: Path<Uuid>,
        body: Json<PanelNoteIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let command = WriteNote { item: item.0.into(), text: body.0.text, minuted: body.0.minuted };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Write down the points the panel agrees on.
    #[oai(path = "/panel-items/:item/points", method = "put", operation_id = "recordPanelPoints")]
    async fn points(
        &self,
        app: Data<&App>,
        caller: Caller,
        item: Path<Uuid>,
        body: Json<PanelPointsIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let entry = |one: PanelPointIn| Entry {
            criterion: one.criterion,
            points: one.points.unwrap_or_default(),
            reason: one.reason,
        };
        let entries = body.0.points.into_iter().map(entry).collect();
        let command = RecordPoints { item: item.0.into(), seen: body.0.version, entries };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Say that you have a conflict of interest: you are out of the room at once.
    #[oai(path = "/panel-items/:item/conflict", method = "post", operation_id = "declarePanelConflict")]
    async fn conflict(
        &self,
        app: Data<&App>,
        caller: Caller,
        item: Path<Uuid>,
        body: Json<PanelConflictIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let command = DeclarePanelConflict { item: item.0.into(), reason: body.0.reason };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Open a vote.
    #[oai(path = "/panel-items/:item/votes", method = "post", operation_id = "openPanelVote")]
    async fn vote(
        &self,
        app: Data<&App>,
        caller: Caller,
        item: Path<Uuid>,
        body: Json<PanelQuestionIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<PanelVoteIdOut>, ApiError> {
        let command = OpenVote { item: item.0.into(), question: body.0.question, secret: body.0.secret };
        let id = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(PanelVoteIdOut { id: id.0 }))
    }

    /// Vote, or vote anew while the vote is open.
    #[oai(path = "/panel-items/:item/votes/:vote/ballot", method = "put", operation_id = "castPanelVote")]
    async fn ballot(
        &self,
        app: Data<&App>,
        caller: Caller,
        item: Path<Uuid>,
        vote: Path<Uuid>,
        body: Json<BallotIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let choice = match body.0.choice {
            PanelChoice::Yes => VoteChoice::Yes,
            PanelChoice::No => VoteChoice::No,
            PanelChoice::Abstain => VoteChoice::Abstain,
        };
        let command = CastVote { item: item.0.into(), vote: vote.0.into(), choice };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Close a vote with its result, or stop it without one.
    #[oai(path = "/panel-items/:item/votes/:vote/close", method = "post", operation_id = "closePanelVote")]
    async fn close(
        &self,
        app: Data<&App>,
        caller: Caller,
        item: Path<Uuid>,
        vote: Path<Uuid>,
        body: Json<CloseVoteIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let command = CloseVote { item: item.0.into(), vote: vote.0.into(), stop: body.0.stop };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// The minutes as far as they exist for the caller: the version asked for, else the latest, else the draft.
    #[oai(path = "/panels/:panel/minutes", method = "get", operation_id = "readPanelMinutes")]
    async fn minutes(
        &self,
        app: Data<&App>,
        caller: Caller,
        panel: Path<Uuid>,
        version: Query<Option<i32>>,
    ) -> Result<Json<PanelMinutesOut>, ApiError> {
        let asked = MinutesOf { panel: panel.0.into(), number: version.0 };
        Ok(Json(self::minutes(app.ask(&caller.0, asked).await?)))
    }

    /// Sign the minutes.
    #[oai(path = "/panels/:panel/minutes", method = "post", operation_id = "signPanelMinutes")]
    async fn sign(
        &self,
        app: Data<&App>,
        caller: Caller,
        panel: Path<Uuid>,
        body: Json<SignMinutesIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<MinutesDigestOut>, ApiError> {
        let command =
            SignPanelMinutes { panel: panel.0.into(), signed_name: body.0.signed_name, reason: body.0.reason };
        let digest = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(MinutesDigestOut { digest }))
    }
}
