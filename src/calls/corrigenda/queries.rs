//! Corrigenda as everybody may read them.

use crate::{
    calls::rules::{Difference, annex_differences, differences},
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    calls::{annex, call, corrigendum},
    organisations::organisation,
    types::ids::{AnnexId, CallId, CorrigendumId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// A corrigendum with both versions compared.
#[derive(Debug, Clone)]
pub struct CorrigendumView {
    pub id: CorrigendumId,
    pub number: i32,
    pub annex: Option<AnnexId>,
    /// The agency whose annex was changed; none for the call's own terms.
    pub agency: Option<String>,
    pub reason: String,
    pub made_at: DateTime<Utc>,
    pub changes: Vec<Difference>,
}

/// The corrigenda of a call, latest first.
#[derive(Debug, Clone)]
pub struct CorrigendaView {
    pub call: CallId,
    pub code: String,
    pub title: String,
    pub zone: Tz,
    pub corrigenda: Vec<CorrigendumView>,
}

/// The corrigenda of a public call, all or the one with this number.
pub struct CorrigendaOf {
    /// The call's code or id.
    pub call: String,
    pub number: Option<i32>,
}

impl Query for CorrigendaOf {
    const NEEDS: Permission = Permission::SeeCalls;
    type Output = CorrigendaView;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<CorrigendaView> {
        let named = match self.call.trim().parse::<CallId>() {
            Ok(id) => call::Column::Id.eq(id),
            Err(_) => call::Column::Code.eq(self.call.trim().to_ascii_uppercase()),
        };
        let row = scope::calls(leave).filter(named).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        let mut found = corrigendum::Entity::find()
            .filter(corrigendum::Column::CallId.eq(row.id))
            .order_by_desc(corrigendum::Column::Number);
        if let Some(number) = self.number {
            found = found.filter(corrigendum::Column::Number.eq(number));
        }
        let rows = found.all(db.conn()).await?;
        if rows.is_empty() && self.number.is_some() {
            return Err(AppError::NotFound);
        }
        let agencies = annex::Entity::find()
            .find_also_related(organisation::Entity)
            .filter(annex::Column::Id.is_in(rows.iter().filter_map(|r| r.annex_id)))
            .all(db.conn())
            .await?;
        let view = |row: corrigendum::Model| {
            let named = |id: AnnexId| agencies.iter().find(|(a, _)| a.id == id).and_then(|(_, o)| o.as_ref());
            Ok(CorrigendumView {
                agency: row.annex_id.and_then(named).map(|o| o.name.clone()),
                changes: compared(&row)?,
                id: row.id,
                number: row.number,
                annex: row.annex_id,
                reason: row.reason,
                made_at: row.made_at,
            })
        };
        Ok(CorrigendaView {
            call: row.id,
            code: row.code,
            title: row.title,
            zone: row.terms.zone,
            corrigenda: rows.into_iter().map(view).collect::<Result<_>>()?,
        })
    }
}

fn compared(row: &corrigendum::Model) -> Result<Vec<Difference>> {
    let (before, after) = (row.before.clone(), row.after.clone());
    Ok(match row.annex_id {
        None => differences(&serde_json::from_value(before)?, &serde_json::from_value(after)?),
        Some(_) => annex_differences(&serde_json::from_value(before)?, &serde_json::from_value(after)?),
    })
}
