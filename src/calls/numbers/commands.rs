//! The running number of proposals in a call, part of the code people quote.

use crate::kernel::{AppError, Result, Tx};
use entity::{calls::call, types::ids::CallId};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

/// Takes the number of the next proposal of a call; the row stays locked until the command ends, so no number
/// is given twice. The first proposal of a call has the number 1.
///
/// # Errors
/// When there is no such call.
pub async fn next_proposal_number(tx: &Tx, id: CallId) -> Result<u32> {
    call::Entity::update_many()
        .col_expr(call::Column::NextNumber, Expr::col(call::Column::NextNumber).add(1))
        .filter(call::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    let next: i32 = call::Entity::find_by_id(id)
        .select_only()
        .column(call::Column::NextNumber)
        .into_tuple()
        .one(tx.conn())
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(u32::try_from(next).unwrap_or_default().saturating_sub(1))
}
