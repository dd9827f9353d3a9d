//! Stranded proposals for programs.

use super::{commands::AnswerStranded, queries::StrandedOf};
use crate::{
    api::{AmountOut, ApiError, Caller, Tag},
    kernel::App,
};
use chrono::{DateTime, NaiveDate, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};
use uuid::Uuid;

pub struct StrandedApi;

/// Something the consortium may do.
#[derive(Object)]
struct StrandedOptionOut {
    /// `smaller`, `pay_oneself`, `replace` or `withdraw`.
    option: String,
    means: String,
    /// Why it is not open; none when it is.
    barred: Option<String>,
}

#[derive(Object)]
struct StrandedPartOut {
    organisation: String,
    agency: String,
    asked: AmountOut,
    /// Whether its agency lacks the money.
    lacks: bool,
}

#[derive(Object)]
struct StrandedOut {
    code: String,
    parts: Vec<StrandedPartOut>,
    options: Vec<StrandedOptionOut>,
    /// What was chosen, once it is.
    choice: Option<String>,
    reason: Option<String>,
    chosen_at: Option<DateTime<Utc>>,
    /// The last day to name another partner.
    replace_until: Option<NaiveDate>,
}

#[derive(Object)]
struct AnswerStrandedIn {
    /// `smaller`, `pay_oneself`, `replace` or `withdraw`.
    choice: String,
    /// Why; the agencies read it.
    reason: String,
    /// The name of whoever signs, as it is in the account.
    signed_name: String,
}

#[OpenApi(tag = "Tag::Decisions")]
impl StrandedApi {
    /// What the consortium of a stranded proposal may do, or did.
    #[oai(path = "/proposals/:proposal/stranded", method = "get", operation_id = "readStranded")]
    async fn read(&self, app: Data<&App>, caller: Caller, proposal: Path<Uuid>) -> Result<Json<StrandedOut>, ApiError> {
        let sheet = app.ask(&caller.0, StrandedOf(proposal.0.into())).await?;
        let parts = sheet.parts.into_iter().map(|one| StrandedPartOut {
            organisation: one.organisation,
            agency: one.agency,
            asked: one.asked.into(),
            lacks: one.lacks,
        });
        let options = sheet.options.into_iter().map(|one| StrandedOptionOut {
            option: one.option.word().to_owned(),
            means: one.means,
            barred: one.barred,
        });
        let answered = sheet.answered;
        Ok(Json(StrandedOut {
            code: sheet.code,
            parts: parts.collect(),
            options: options.collect(),
            choice: answered.as_ref().map(|one| one.choice.word().to_owned()),
            reason: answered.as_ref().map(|one| one.reason.clone()),
            chosen_at: answered.as_ref().map(|one| one.at),
            replace_until: answered.and_then(|one| one.until),
        }))
    }

    /// Answer for a stranded proposal, once.
    #[oai(path = "/proposals/:proposal/stranded", method = "post", operation_id = "answerStranded")]
    async fn answer(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        body: Json<AnswerStrandedIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let AnswerStrandedIn { choice, reason, signed_name } = body.0;
        let command = AnswerStranded { proposal: proposal.0.into(), choice, reason, signed_name };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }
}
