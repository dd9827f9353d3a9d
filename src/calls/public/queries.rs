//! Calls as everybody may read them.

use crate::{
    calls::{
        rules::states::is_public,
        stored::{self, StoredAnnex},
    },
    kernel::{
        AppError, Leave, Permission, Query, Result, Snapshot, Subject,
        access::scope,
        paging::{Listed, Paging},
    },
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    calls::{annex, call, corrigendum},
    organisations::organisation,
    types::{
        country::Country,
        ids::{AnnexId, CallId, CorrigendumId, OrganisationId},
        states::{AnnexClass, AnnexState, CallState},
        terms::{AnnexTerms, CallTerms},
    },
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

/// States of calls everybody may see, open ones first.
pub const PUBLIC: [CallState; 7] = [
    CallState::Open,
    CallState::Announced,
    CallState::Closed,
    CallState::Evaluating,
    CallState::Ranked,
    CallState::Decided,
    CallState::Archived,
];

/// A call in the list.
#[derive(Debug, Clone)]
pub struct CallLine {
    pub id: CallId,
    pub code: String,
    pub title: String,
    pub summary: String,
    pub state: CallState,
    pub opens_at: Option<DateTime<Utc>>,
    pub closes_at: Option<DateTime<Utc>>,
    pub zone: Tz,
    /// Countries whose agencies pay.
    pub funding: Vec<Country>,
}

/// Public calls: open ones first, then announced, then past ones, each by their dates.
#[derive(Debug, Clone, Default)]
pub struct PublicCalls {
    pub search: String,
    pub state: Option<CallState>,
    pub paging: Paging,
}

impl Query for PublicCalls {
    const NEEDS: Permission = Permission::SeeCalls;
    type Output = Listed<CallLine>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Self::Output> {
        let states = match self.state {
            Some(state) if is_public(state) => vec![state],
            Some(_) => Vec::new(),
            None => PUBLIC.to_vec(),
        };
        let mut found = scope::calls(leave).filter(call::Column::State.is_in(states));
        for word in self.search.to_lowercase().split_whitespace().take(8) {
            found = found.filter(Expr::col(call::Column::Search).like(pattern(word)));
        }
        let total = found.clone().count(db.conn()).await?;
        let order: Expr = Expr::case(call::Column::State.eq(CallState::Open), 0)
            .case(call::Column::State.eq(CallState::Announced), 1)
            .finally(2)
            .into();
        let rows = found
            .order_by_asc(order)
            .order_by_desc(call::Column::OpensAt)
            .order_by_asc(call::Column::Code)
            .offset(self.paging.offset())
            .limit(self.paging.size)
            .all(db.conn())
            .await?;
        let countries = funding_countries(db, &rows).await?;
        let line = |row: call::Model| CallLine {
            funding: countries.iter().filter(|(id, _)| *id == row.id).map(|(_, country)| *country).collect(),
            id: row.id,
            code: row.code,
            title: row.title,
            summary: row.terms.summary,
            state: row.state,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            zone: row.terms.zone,
        };
        Ok(Listed::new(rows.into_iter().map(line).collect(), total, self.paging))
    }
}

/// The pattern that finds a word anywhere; what patterns give a meaning is taken as it stands.
pub(in crate::calls) fn pattern(word: &str) -> sea_orm::sea_query::LikeExpr {
    let plain = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    sea_orm::sea_query::LikeExpr::new(format!("%{plain}%")).escape('\\')
}

async fn funding_countries(db: &Snapshot, calls: &[call::Model]) -> Result<Vec<(CallId, Country)>> {
    Ok(annex::Entity::find()
        .inner_join(organisation::Entity)
        .select_only()
        .column(annex::Column::CallId)
        .column(organisation::Column::Country)
        .filter(annex::Column::CallId.is_in(calls.iter().map(|c| c.id)))
        .filter(annex::Column::Class.eq(AnnexClass::Funding))
        .order_by_asc(annex::Column::Position)
        .into_tuple()
        .all(db.conn())
        .await?)
}

/// An agency's annex as people read it.
#[derive(Debug, Clone)]
pub struct AnnexView {
    pub id: AnnexId,
    pub agency: OrganisationId,
    pub key: Option<String>,
    pub name: String,
    pub country: Country,
    pub city: Option<String>,
    pub state: AnnexState,
    pub version: i64,
    pub terms: AnnexTerms,
}

impl AnnexView {
    pub(in crate::calls) fn of(stored: StoredAnnex) -> Self {
        Self {
            id: stored.row.id,
            agency: stored.agency.id,
            key: stored.agency.key,
            name: stored.agency.name,
            country: stored.agency.country,
            city: stored.agency.city,
            state: stored.row.state,
            version: stored.row.version,
            terms: stored.row.terms,
        }
    }
}

/// A change after publication, in a list.
#[derive(Debug, Clone)]
pub struct CorrigendumLine {
    pub id: CorrigendumId,
    pub annex: Option<AnnexId>,
    pub number: i32,
    pub reason: String,
    pub made_at: DateTime<Utc>,
}

/// A whole call as people read it.
#[derive(Debug, Clone)]
pub struct CallView {
    pub id: CallId,
    pub code: String,
    pub state: CallState,
    pub version: i64,
    pub revision: i64,
    pub opens_at: Option<DateTime<Utc>>,
    pub closes_at: Option<DateTime<Utc>>,
    pub terms: CallTerms,
    pub annexes: Vec<AnnexView>,
    pub corrigenda: Vec<CorrigendumLine>,
}

impl CallView {
    /// Whether everybody may see it.
    pub fn is_public(&self) -> bool {
        is_public(self.state)
    }
}

/// A call by its code or id: public ones for everybody, others for the people who work on them.
pub struct CallToRead(pub String);

impl Query for CallToRead {
    const NEEDS: Permission = Permission::SeeCalls;
    type Output = CallView;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<CallView> {
        let row = scope::calls(leave).filter(named(&self.0)).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        let annexes = stored::annexes(db.conn(), row.id).await?.into_iter().map(AnnexView::of).collect();
        let corrigenda = corrigendum::Entity::find()
            .select_only()
            .columns([
                corrigendum::Column::Id,
                corrigendum::Column::AnnexId,
                corrigendum::Column::Number,
                corrigendum::Column::Reason,
                corrigendum::Column::MadeAt,
            ])
            .filter(corrigendum::Column::CallId.eq(row.id))
            .order_by_desc(corrigendum::Column::Number)
            .into_tuple::<(CorrigendumId, Option<AnnexId>, i32, String, DateTime<Utc>)>()
            .all(db.conn())
            .await?;
        let line = |(id, annex, number, reason, made_at)| CorrigendumLine { id, annex, number, reason, made_at };
        Ok(CallView {
            id: row.id,
            code: row.code,
            state: row.state,
            version: row.version,
            revision: row.revision,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            terms: row.terms,
            annexes,
            corrigenda: corrigenda.into_iter().map(line).collect(),
        })
    }
}

/// The revision of a call by its code or id: what people see of it is the same while this number is.
pub struct RevisionOf(pub String);

impl Query for RevisionOf {
    const NEEDS: Permission = Permission::SeeCalls;
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<i64> {
        let found = scope::calls(leave).select_only().column(call::Column::Revision).filter(named(&self.0));
        found.into_tuple::<i64>().one(db.conn()).await?.ok_or(AppError::NotFound)
    }
}

/// A call by its code or id.
fn named(text: &str) -> sea_orm::Condition {
    let named = match text.trim().parse::<CallId>() {
        Ok(id) => call::Column::Id.eq(id),
        Err(_) => call::Column::Code.eq(text.trim().to_ascii_uppercase()),
    };
    sea_orm::Condition::all().add(named)
}
