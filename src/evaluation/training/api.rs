//! Training proposals for programs.

use super::{
    commands::{OpenTraining, SaveTraining, WithdrawTraining, WriteTraining},
    queries::{Comparison, OwnTrainings, TrainingFileOf, TrainingLine, TrainingSheetOf, TrainingsOf},
};
use crate::{
    api::{ApiError, Caller, Tag},
    evaluation::scores::api::{ScoreIn, ScoreOut, sheet_in},
    kernel::App,
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};
use uuid::Uuid;

pub struct TrainingApi;

/// A training proposal in a list.
#[derive(Object)]
struct TrainingLineOut {
    id: Uuid,
    title: String,
    call: String,
    state: String,
    /// Whether evaluators must score it before their first sheet.
    required: bool,
    /// When you submitted your sheet on it.
    submitted_at: Option<DateTime<Utc>>,
}

impl From<TrainingLine> for TrainingLineOut {
    fn from(line: TrainingLine) -> Self {
        Self {
            id: line.id.0,
            title: line.title,
            call: line.call_title,
            state: line.state.word().to_owned(),
            required: line.required,
            submitted_at: line.submitted_at,
        }
    }
}

/// What everybody said at one place of the sheet.
#[derive(Object)]
struct PlaceComparedOut {
    /// Example: Follow-up and continuation after the project
    place: String,
    /// Example: 3.5
    yours: Option<String>,
    /// Example: 4
    panel: Option<String>,
    /// Example: Results are asked for twice, with numbers to be reached.
    panel_comment: String,
    /// How many others gave points in each step, without names.
    others: Vec<u32>,
}

/// A sheet beside the panel's answer and those of the others.
#[derive(Object)]
struct ComparisonOut {
    /// The steps the others are counted in. Example: 3.5
    steps: Vec<String>,
    places: Vec<PlaceComparedOut>,
    /// Example: 3.43
    your_total: String,
    /// Example: 3.60
    panel_total: String,
    /// Example: A sound plan that would gain from saying who does what.
    panel_comment: String,
}

impl From<Comparison> for ComparisonOut {
    fn from(comparison: Comparison) -> Self {
        let place = |place: super::queries::Compared| PlaceComparedOut {
            place: place.name,
            yours: place.own.map(|p| p.to_string()),
            panel: place.panel.map(|p| p.to_string()),
            panel_comment: place.panel_comment,
            others: place.counts.into_iter().map(|n| u32::try_from(n).unwrap_or(u32::MAX)).collect(),
        };
        Self {
            steps: comparison.steps,
            places: comparison.places.into_iter().map(place).collect(),
            your_total: comparison.own_total,
            panel_total: comparison.panel_total,
            panel_comment: comparison.panel_comment,
        }
    }
}

/// A training proposal with your sheet on it.
#[derive(Object)]
struct TrainingSheetOut {
    id: Uuid,
    title: String,
    text: String,
    scores: Vec<ScoreOut>,
    comment: String,
    /// To be sent with the next change; 0 before the first.
    version: i64,
    submitted_at: Option<DateTime<Utc>>,
    /// What the panel and the others said, after you have submitted.
    comparison: Option<ComparisonOut>,
}

/// What you say of a training proposal.
#[derive(Object)]
struct TrainingSheetIn {
    version: i64,
    scores: Vec<ScoreIn>,
    #[oai(default)]
    comment: String,
    /// Whether it is handed in; then you see what the panel said and change nothing any more.
    #[oai(default)]
    submit: bool,
}

/// A training proposal with the panel's answer.
#[derive(Object)]
struct TrainingIn {
    /// The version seen; none for a new one.
    version: Option<i64>,
    title: String,
    #[oai(default)]
    text: String,
    /// Code of a proposal of an archived call whose joint answers are taken. Example: IE-2016-004
    #[oai(default)]
    source: String,
    /// Whether its applicants have agreed.
    #[oai(default)]
    permitted: bool,
    #[oai(default)]
    required: bool,
    scores: Vec<ScoreIn>,
    #[oai(default)]
    comment: String,
}

/// Who has scored a training proposal.
#[derive(Object)]
struct TraineeOut {
    name: String,
    begun: bool,
    submitted_at: Option<DateTime<Utc>>,
    /// Example: 3.43
    total: Option<String>,
}

/// A training proposal as those see it who run the evaluation.
#[derive(Object)]
struct TrainingFileOut {
    title: String,
    text: String,
    state: String,
    /// Code of the proposal it was taken from.
    source: String,
    required: bool,
    /// The panel's answer.
    scores: Vec<ScoreOut>,
    comment: String,
    version: i64,
    people: Vec<TraineeOut>,
    comparison: ComparisonOut,
}

#[derive(Object)]
struct TrainingIdOut {
    id: Uuid,
}

#[derive(Object)]
struct TrainingVersionOut {
    version: i64,
}

#[derive(Object)]
struct TrainingSeenIn {
    version: i64,
}

impl TrainingIn {
    fn command(self, call: Uuid, training: Option<Uuid>) -> WriteTraining {
        WriteTraining {
            call: call.into(),
            training: training.map(|id| (id.into(), self.version.unwrap_or_default())),
            title: self.title,
            text: self.text,
            source: self.source,
            permitted: self.permitted,
            required: self.required,
            answer: sheet_in(self.scores, self.comment, String::new()),
        }
    }
}

#[OpenApi(tag = "Tag::Evaluation")]
impl TrainingApi {
    /// The training proposals you may score.
    #[oai(path = "/trainings", method = "get", operation_id = "listOwnTrainings")]
    async fn own(&self, app: Data<&App>, caller: Caller) -> Result<Json<Vec<TrainingLineOut>>, ApiError> {
        Ok(Json(app.ask(&caller.0, OwnTrainings).await?.into_iter().map(TrainingLineOut::from).collect()))
    }

    /// A training proposal with your sheet on it.
    #[oai(path = "/trainings/:id", method = "get", operation_id = "getTrainingSheet")]
    async fn sheet(&self, app: Data<&App>, caller: Caller, id: Path<Uuid>) -> Result<Json<TrainingSheetOut>, ApiError> {
        let sheet = app.ask(&caller.0, TrainingSheetOf(id.0.into())).await?;
        Ok(Json(TrainingSheetOut {
            id: sheet.id.0,
            title: sheet.title,
            text: sheet.text,
            scores: sheet.criteria.into_iter().map(ScoreOut::from).collect(),
            comment: sheet.comment,
            version: sheet.version,
            submitted_at: sheet.submitted_at,
            comparison: sheet.comparison.map(ComparisonOut::from),
        }))
    }

    /// Keep your sheet on a training proposal, or hand it in.
    #[oai(path = "/trainings/:id", method = "put", operation_id = "saveTrainingSheet")]
    async fn save(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<TrainingSheetIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<TrainingVersionOut>, ApiError> {
        let TrainingSheetIn { version, scores, comment, submit } = body.0;
        let sheet = sheet_in(scores, comment, String::new());
        let command = SaveTraining { training: id.0.into(), seen: version, sheet, submit };
        let version = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(TrainingVersionOut { version }))
    }

    /// The training proposals of a call.
    #[oai(path = "/calls/:call/trainings", method = "get", operation_id = "listTrainings")]
    async fn of_call(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
    ) -> Result<Json<Vec<TrainingLineOut>>, ApiError> {
        let trainings = app.ask(&caller.0, TrainingsOf(call.0.into())).await?;
        Ok(Json(trainings.lines.into_iter().map(TrainingLineOut::from).collect()))
    }

    /// Write a training proposal with the panel's answer.
    #[oai(path = "/calls/:call/trainings", method = "post", operation_id = "writeTraining")]
    async fn write(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        body: Json<TrainingIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<TrainingIdOut>, ApiError> {
        let id = app.run_once(&caller.0, key.0.as_deref(), body.0.command(call.0, None)).await?;
        Ok(Json(TrainingIdOut { id: id.0 }))
    }

    /// Write a training proposal anew while it is a draft.
    #[oai(path = "/calls/:call/trainings/:id", method = "put", operation_id = "rewriteTraining")]
    async fn rewrite(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        id: Path<Uuid>,
        body: Json<TrainingIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<TrainingIdOut>, ApiError> {
        let id = app.run_once(&caller.0, key.0.as_deref(), body.0.command(call.0, Some(id.0))).await?;
        Ok(Json(TrainingIdOut { id: id.0 }))
    }

    /// A training proposal, the panel's answer, and who has scored it.
    #[oai(path = "/calls/:call/trainings/:id", method = "get", operation_id = "getTraining")]
    async fn file(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        id: Path<Uuid>,
    ) -> Result<Json<TrainingFileOut>, ApiError> {
        let query = TrainingFileOf { call: call.0.into(), training: Some(id.0.into()) };
        let file = app.ask(&caller.0, query).await?;
        let person = |one: super::queries::Trainee| TraineeOut {
            name: one.name,
            begun: one.begun,
            submitted_at: one.submitted_at,
            total: one.total,
        };
        Ok(Json(TrainingFileOut {
            title: file.title,
            text: file.text,
            state: file.state.word().to_owned(),
            source: file.source,
            required: file.required,
            scores: file.criteria.into_iter().map(ScoreOut::from).collect(),
            comment: file.comment,
            version: file.version,
            people: file.people.into_iter().map(person).collect(),
            comparison: file.comparison.into(),
        }))
    }

    /// Open a training proposal to the evaluators of the call; from then on it is not changed.
    #[oai(path = "/calls/:call/trainings/:id/open", method = "post", operation_id = "openTraining")]
    async fn open(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        id: Path<Uuid>,
        body: Json<TrainingSeenIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<TrainingIdOut>, ApiError> {
        let command = OpenTraining { call: call.0.into(), training: id.0.into(), seen: body.0.version };
        app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(TrainingIdOut { id: id.0 }))
    }

    /// Withdraw a training proposal.
    #[oai(path = "/calls/:call/trainings/:id/withdraw", method = "post", operation_id = "withdrawTraining")]
    async fn withdraw(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        id: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<TrainingIdOut>, ApiError> {
        let command = WithdrawTraining { call: call.0.into(), training: id.0.into() };
        app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(TrainingIdOut { id: id.0 }))
    }
}
