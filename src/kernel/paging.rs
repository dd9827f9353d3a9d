//! A page of a list.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QuerySelect, Select,
    sea_query::{Expr, Func, LikeExpr},
};

/// Which page of how many rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// From 1.
    pub page: u64,
    pub size: u64,
}

impl Paging {
    pub const SIZES: [u64; 3] = [25, 50, 100];

    /// Takes what came with the address; anything odd becomes the first page of 25.
    pub fn from_text(page: Option<&str>, size: Option<&str>) -> Self {
        let page = page.and_then(|p| p.parse().ok()).filter(|p| (1..=100_000).contains(p)).unwrap_or(1);
        let size = size.and_then(|s| s.parse().ok()).filter(|s| (1..=200).contains(s)).unwrap_or(25);
        Self { page, size }
    }

    pub fn offset(self) -> u64 {
        (self.page - 1) * self.size
    }
}

impl Default for Paging {
    fn default() -> Self {
        Self { page: 1, size: 25 }
    }
}

/// The rows of one page, and how many there are in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed<T> {
    pub rows: Vec<T>,
    pub total: u64,
    pub page: u64,
    pub size: u64,
}

impl<T> Listed<T> {
    pub fn new(rows: Vec<T>, total: u64, paging: Paging) -> Self {
        Self { rows, total, page: paging.page, size: paging.size }
    }

    pub fn pages(&self) -> u64 {
        self.total.div_ceil(self.size.max(1)).max(1)
    }

    pub fn first(&self) -> u64 {
        if self.rows.is_empty() { 0 } else { (self.page - 1) * self.size + 1 }
    }

    pub fn last(&self) -> u64 {
        (self.page - 1) * self.size + self.rows.len() as u64
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Listed<U> {
        Listed { rows: self.rows.into_iter().map(f).collect(), total: self.total, page: self.page, size: self.size }
    }
}

/// What somebody wants to see of a list: words, filters, order and page. Made by `web::list` and by the API
/// from what the list knows; unknown names never arrive here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListRequest {
    /// Words to look for, as typed.
    pub q: String,
    /// Filters by name; a name may come more than once.
    pub filters: Vec<(String, String)>,
    /// The name of the column that sorts.
    pub sort: String,
    pub descending: bool,
    pub paging: Paging,
}

impl ListRequest {
    /// The most rows an export or an action on all matches takes.
    pub const MOST: u64 = 50_000;

    /// The words in lower case, for comparing with a search column; nothing when nothing was typed.
    pub fn words(&self) -> Option<String> {
        Some(self.q.trim().to_lowercase()).filter(|words| !words.is_empty())
    }

    /// The value of a filter, as typed.
    pub fn filter(&self, name: &str) -> Option<&str> {
        self.filters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of a filter; what cannot be read counts as no filter.
    pub fn value<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.filter(name)?.parse().ok()
    }

    /// All values of a filter that can be read.
    pub fn values<T: std::str::FromStr>(&self, name: &str) -> Vec<T> {
        self.filters.iter().filter(|(key, _)| key == name).filter_map(|(_, value)| value.parse().ok()).collect()
    }

    pub fn order(&self) -> sea_orm::Order {
        if self.descending { sea_orm::Order::Desc } else { sea_orm::Order::Asc }
    }

    /// The same list without pages: for exports and for actions on all matches.
    #[must_use]
    pub fn everything(&self) -> Self {
        Self { paging: Paging { page: 1, size: Self::MOST }, ..self.clone() }
    }
}

/// Whether a text column holds these words (given in lower case) somewhere. Letters beyond ASCII are compared
/// as they are written on SQLite; columns that people search much are stored in lower case instead.
pub fn contains(column: impl ColumnTrait, words: &str) -> Expr {
    let plain = words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let pattern = LikeExpr::new(format!("%{plain}%")).escape('\\');
    // Called by its full name: the trait's `max` would hide that of numbers.
    sea_orm::sea_query::ExprTrait::like(Func::lower(Expr::col(column.as_column_ref())), pattern)
}

/// Whether an instant falls into the days between two filters, both included, in UTC.
pub fn between(column: impl ColumnTrait, from: Option<NaiveDate>, until: Option<NaiveDate>) -> Condition {
    let midnight = |day: NaiveDate| -> DateTime<Utc> { day.and_time(NaiveTime::MIN).and_utc() };
    Condition::all()
        .add_option(from.map(|day| column.gte(midnight(day))))
        .add_option(until.map(|day| column.lt(midnight(day) + TimeDelta::days(1))))
}

/// One page of a selection, fetched and, where the page does not show the end by itself, counted: two statements at
/// most. Order it before, with the id last, so that no row is shown on two pages.
///
/// # Errors
/// When the database cannot be asked.
pub async fn listed<E>(
    db: &impl ConnectionTrait,
    select: Select<E>,
    paging: Paging,
) -> Result<Listed<E::Model>, sea_orm::DbErr>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Sized + Send + Sync,
{
    let rows = select.clone().offset(paging.offset()).limit(paging.size).all(db).await?;
    let shown = rows.len() as u64;
    let ends_here = shown < paging.size && (shown > 0 || paging.page == 1);
    let total = if ends_here { paging.offset() + shown } else { select.count(db).await? };
    Ok(Listed::new(rows, total, paging))
}
