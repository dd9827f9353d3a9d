//! The figures of a call, for programs.

use super::{
    queries::{FiguresOf, KeyFiguresOf},
    rules::{AgencyFigures, CallFigures, KeyFigures},
};
use crate::{
    api::{AmountOut, ApiError, Caller, Tag},
    calls::archive::queries::CallIdOf,
    kernel::App,
};
use poem::web::Data;
use poem_openapi::{Object, OpenApi, param::Path, payload::Json};

pub struct FiguresApi;

#[derive(Object)]
struct AgencyFiguresOut {
    annex: uuid::Uuid,
    agency: uuid::Uuid,
    name: String,
    class: String,
    budget: Option<AmountOut>,
    /// Parts in preparation.
    drafts: i64,
    drafted: AmountOut,
    /// Parts handed in.
    submitted: i64,
    asked: AmountOut,
    withdrawn: i64,
}

#[derive(Object)]
struct CallFiguresOut {
    proposals_drafted: i64,
    proposals_submitted: i64,
    agencies: Vec<AgencyFiguresOut>,
}

/// How many are in one state.
#[derive(Object)]
struct StateCountOut {
    /// A word of the life of a part, an assignment or a report.
    state: String,
    count: u64,
}

/// What is where on its way through a call, as far as you may see it.
#[derive(Object)]
struct KeyFiguresOut {
    parts: Vec<StateCountOut>,
    assignments: Vec<StateCountOut>,
    reports: Vec<StateCountOut>,
}

#[OpenApi(tag = "Tag::Calls")]
impl FiguresApi {
    /// How a call goes: counts and sums per agency, never a name.
    #[oai(path = "/calls/:call/figures", method = "get", operation_id = "getCallFigures")]
    async fn figures(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<String>,
    ) -> Result<Json<CallFiguresOut>, ApiError> {
        let call = app.ask(&caller.0, CallIdOf(call.0)).await?;
        let CallFigures { agencies, proposals_drafted, proposals_submitted } =
            app.ask(&caller.0, FiguresOf(call)).await?;
        let agencies = agencies.into_iter().map(out).collect();
        Ok(Json(CallFiguresOut { proposals_drafted, proposals_submitted, agencies }))
    }

    /// How many parts, assignments and reports are in which state.
    #[oai(path = "/calls/:call/key-figures", method = "get", operation_id = "getCallKeyFigures")]
    async fn key_figures(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<String>,
    ) -> Result<Json<KeyFiguresOut>, ApiError> {
        let call = app.ask(&caller.0, CallIdOf(call.0)).await?;
        let KeyFigures { parts, assignments, reports } = app.ask(&caller.0, KeyFiguresOf(call)).await?;
        let out = |state: &str, count| StateCountOut { state: state.to_owned(), count };
        Ok(Json(KeyFiguresOut {
            parts: parts.into_iter().map(|(state, n)| out(state.word(), n)).collect(),
            assignments: assignments.into_iter().map(|(state, n)| out(state.word(), n)).collect(),
            reports: reports.into_iter().map(|(state, n)| out(state.word(), n)).collect(),
        }))
    }
}

fn out(figures: AgencyFigures) -> AgencyFiguresOut {
    let AgencyFigures { annex, agency, name, class, budget, drafts, drafted, submitted, asked, withdrawn, currency: _ } =
        figures;
    AgencyFiguresOut {
        annex: annex.0,
        agency: agency.0,
        name,
        class: class.word().to_owned(),
        budget: budget.map(AmountOut::from),
        drafts,
        drafted: drafted.into(),
        submitted,
        asked: asked.into(),
        withdrawn,
    }
}
