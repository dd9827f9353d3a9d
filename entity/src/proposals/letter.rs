//! A letter of commitment, signed by link without an account.

use crate::types::ids::{AccountId, FileId, LetterId, PartId, ParticipantId};
use crate::types::states::LetterState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "letter")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LetterId,
    pub part_id: PartId,
    pub participant_id: Option<ParticipantId>,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub document: String,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub signer_name: String,
    #[sea_orm(column_type = "String(StringLen::N(254))")]
    pub signer_email: String,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub signer_organisation: String,
    #[sea_orm(unique, column_type = "String(StringLen::N(64))")]
    pub token_hash: String,
    pub state: LetterState,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// The grant asked for and the costs of the part when the letter was written: a letter speaks of these.
    pub requested_minor: i64,
    pub total_minor: i64,
    pub asked_by: AccountId,
    pub asked_at: DateTimeUtc,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub signed_name: Option<String>,
    pub signed_on: Option<Date>,
    pub signed_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub refusal: Option<String>,
    pub file_id: Option<FileId>,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Cascade")]
    pub part: BelongsTo<crate::proposals::part::Entity>,
    #[sea_orm(belongs_to, from = "participant_id", to = "id", on_delete = "Cascade")]
    pub participant: BelongsTo<Option<crate::proposals::participant::Entity>>,
    #[sea_orm(belongs_to, from = "asked_by", to = "id", on_delete = "Restrict")]
    pub asked_by_account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, from = "file_id", to = "id", on_delete = "Restrict")]
    pub file: BelongsTo<Option<crate::documents::file::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
