//! Calls as files.

use super::file::CallFile;
use crate::{
    calls::stored,
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use entity::{calls::call, types::ids::CallId};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

/// A call with its annexes as a file; public calls for everybody, others for the people who work on them.
pub struct ExportCall(pub String);

impl Query for ExportCall {
    const NEEDS: Permission = Permission::SeeCalls;
    type Output = CallFile;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<CallFile> {
        let code = self.0.trim().to_ascii_uppercase();
        let row = scope::calls(leave).filter(call::Column::Code.eq(code)).one(db.conn()).await?;
        let row = row.ok_or(AppError::NotFound)?;
        let annexes = stored::annexes(db.conn(), row.id).await?;
        Ok(stored::file(row, annexes))
    }
}

/// The id behind a code people quote, or an id as text.
pub struct CallIdOf(pub String);

impl Query for CallIdOf {
    const NEEDS: Permission = Permission::SeeCalls;
    type Output = CallId;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<CallId> {
        let named = match self.0.trim().parse::<CallId>() {
            Ok(id) => call::Column::Id.eq(id),
            Err(_) => call::Column::Code.eq(self.0.trim().to_ascii_uppercase()),
        };
        let found = scope::calls(leave).select_only().column(call::Column::Id).filter(named);
        found.into_tuple::<CallId>().one(db.conn()).await?.ok_or(AppError::NotFound)
    }
}

/// The code of a call.
pub struct CodeOf(pub CallId);

impl Query for CodeOf {
    const NEEDS: Permission = Permission::SeeCalls;
    type Output = String;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<String> {
        let found = scope::calls(leave).select_only().column(call::Column::Code).filter(call::Column::Id.eq(self.0));
        found.into_tuple::<String>().one(db.conn()).await?.ok_or(AppError::NotFound)
    }
}
