//! The pool, filtered and in pages.

use super::{country_names, tags_of};
use crate::{
    evaluation::{
        assignments::rules::counts,
        conflicts::queries::signed_until,
        evaluators::rules::{self, Tag},
    },
    kernel::{
        Leave, Permission, Query, Result, Snapshot, Subject,
        access::scope,
        paging::{ListRequest, Listed, listed},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    accounts::{account, invitation},
    evaluation::{assignment, evaluator, evaluator_expertise, evaluator_period},
    types::{
        country::Country,
        ids::{AccountId, EvaluatorId, InvitationId},
        language::Language,
        states::{AssignmentState, EvaluatorState, InvitationKind, PeriodKind},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::SelectStatement,
};
use std::collections::BTreeMap;

/// Somebody in the pool.
#[derive(Debug, Clone)]
pub struct EvaluatorLine {
    pub id: EvaluatorId,
    pub name: String,
    pub email: String,
    pub state: EvaluatorState,
    pub organisation: String,
    /// Fields of the taxonomy, the best known first.
    pub tags: Vec<Tag>,
    /// Free keywords.
    pub expertise: String,
    /// Languages and countries by name.
    pub languages: String,
    pub countries: String,
    pub capacity: i32,
    pub hours: Option<i32>,
    pub contract_until: Option<NaiveDate>,
    pub declaration_until: Option<NaiveDate>,
    /// Tasks that take a place, those submitted among them, and conflicts.
    pub load: usize,
    pub submitted: usize,
    pub conflicts: usize,
}

/// An invitation that was not answered yet, or was declined.
#[derive(Debug, Clone)]
pub struct PoolInvitation {
    pub id: InvitationId,
    pub name: String,
    pub email: String,
    pub sent_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub declined: bool,
    pub over: bool,
}

impl EvaluatorLine {
    /// The fields of the taxonomy in words.
    pub fn fields(&self) -> String {
        self.tags.iter().map(|tag| rules::short(&tag.tag)).collect::<Vec<_>>().join(", ")
    }

    /// The fields known best, for where there is little room.
    pub fn best_fields(&self) -> String {
        const MOST: usize = 4;
        let best = self.tags.iter().take(MOST).map(|tag| rules::short(&tag.tag)).collect::<Vec<_>>().join(", ");
        match self.tags.len().saturating_sub(MOST) {
            0 => best,
            more => format!("{best} and {more} more"),
        }
    }

    /// Whether the declaration of interests holds on a day.
    pub fn declared_on(&self, day: NaiveDate) -> bool {
        self.declaration_until.is_some_and(|until| until >= day)
    }
}

/// The pool with open invitations.
pub struct Pool {
    pub lines: Listed<EvaluatorLine>,
    pub invitations: Vec<PoolInvitation>,
    pub may_manage: bool,
}

/// The pool, filtered and in pages.
pub struct EvaluatorsOf(pub ListRequest);

impl Query for EvaluatorsOf {
    const NEEDS: Permission = Permission::SeeEvaluators;
    type Output = Pool;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Pool> {
        let now = db.now();
        let db = db.conn();
        let list = &self.0;
        let select = narrowed(evaluator::Entity::find(), list);
        let select = match list.sort.as_str() {
            "organisation" => select.order_by(evaluator::Column::Organisation, list.order()),
            "capacity" => select.order_by(evaluator::Column::Capacity, list.order()),
            // The searched text begins with the name in lower case, which sorts alike on both databases.
            _ => select.order_by(evaluator::Column::Search, list.order()),
        };
        let page = listed(db, select.order_by_asc(evaluator::Column::Id), list.paging).await?;
        let lines = lines(db, leave, page).await?;
        let open =
            Condition::any().add(invitation::Column::AnsweredAt.is_null()).add(invitation::Column::Accepted.eq(false));
        let invitations = invitation::Entity::find()
            .filter(invitation::Column::Kind.eq(InvitationKind::Evaluator))
            .filter(invitation::Column::WithdrawnAt.is_null())
            .filter(open)
            .order_by_desc(invitation::Column::CreatedAt)
            .limit(200)
            .all(db)
            .await?;
        let invitation = |row: invitation::Model| PoolInvitation {
            id: row.id,
            name: row.name,
            email: row.email.to_string(),
            sent_at: row.created_at,
            expires_at: row.expires_at,
            declined: row.accepted == Some(false),
            over: row.expires_at <= now,
        };
        Ok(Pool {
            lines,
            invitations: invitations.into_iter().map(invitation).collect(),
            may_manage: leave.may(Permission::ManageEvaluators),
        })
    }
}

/// The filters of the pool: words, state, language, country, field of the taxonomy, and a day somebody is needed.
pub fn narrowed(mut select: Select<evaluator::Entity>, list: &ListRequest) -> Select<evaluator::Entity> {
    use evaluator::Column;
    if let Some(words) = list.words() {
        select = select.filter(Column::Search.contains(&words));
    }
    if let Some(state) = list.value::<EvaluatorState>("state") {
        select = select.filter(Column::State.eq(state));
    }
    if let Some(language) = list.value::<Language>("language") {
        select = select.filter(Column::Languages.contains(language.code()));
    }
    if let Some(country) = list.value::<Country>("country") {
        select = select.filter(Column::Countries.contains(country.code()));
    }
    if let Some(tag) = list.filter("tag").filter(|tag| rules::known(tag)) {
        let own = evaluator_expertise::Column::Tag.eq(tag);
        let below = evaluator_expertise::Column::Tag.starts_with(format!("{tag}/"));
        let holders = evaluator_expertise::Entity::find()
            .select_only()
            .column(evaluator_expertise::Column::EvaluatorId)
            .filter(Condition::any().add(own).add(below));
        select = select.filter(Column::Id.in_subquery(holders.into_query()));
    }
    if let Some(day) = list.value::<NaiveDate>("free") {
        // The rule `rules::free_on`, asked of all at once.
        let stated = Condition::all().add(evaluator_period::Column::Kind.eq(PeriodKind::Available));
        let free = Condition::any()
            .add(Column::Id.not_in_subquery(periods(stated.clone())))
            .add(Column::Id.in_subquery(periods(stated.add(holds(day)))));
        let away = Condition::all().add(evaluator_period::Column::Kind.eq(PeriodKind::Away)).add(holds(day));
        select = select.filter(Column::Id.not_in_subquery(periods(away))).filter(free);
    }
    select
}

fn holds(day: NaiveDate) -> Condition {
    Condition::all().add(evaluator_period::Column::StartsOn.lte(day)).add(evaluator_period::Column::EndsOn.gte(day))
}

/// Whoever has a stretch of days that fits.
fn periods(fitting: Condition) -> SelectStatement {
    evaluator_period::Entity::find()
        .select_only()
        .column(evaluator_period::Column::EvaluatorId)
        .filter(fitting)
        .into_query()
}

/// Rows of the pool with what belongs to them: five statements, however many there are. Tasks on proposals the
/// actor has a conflict with are not counted.
///
/// # Errors
/// When the database cannot be asked.
pub async fn lines(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    page: Listed<evaluator::Model>,
) -> Result<Listed<EvaluatorLine>> {
    let ids: Vec<EvaluatorId> = page.rows.iter().map(|row| row.id).collect();
    let people = account::Entity::find()
        .filter(account::Column::Id.is_in(page.rows.iter().map(|r| r.account_id)))
        .all(db)
        .await?;
    let tasks = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::EvaluatorId)
        .column(assignment::Column::State)
        .column_as(assignment::Column::Id.count(), "n")
        .filter(assignment::Column::EvaluatorId.is_in(ids.clone()))
        .filter(assignment::Column::ProposalId.is_not_in(scope::conflicted(db, leave.actor()).await?))
        .group_by(assignment::Column::EvaluatorId)
        .group_by(assignment::Column::State)
        .into_tuple::<(EvaluatorId, AssignmentState, i64)>()
        .all(db)
        .await?;
    let mut sums: BTreeMap<EvaluatorId, (usize, usize, usize)> = BTreeMap::new();
    for (id, state, n) in tasks {
        let n = usize::try_from(n).unwrap_or_default();
        let sum = sums.entry(id).or_default();
        sum.0 += if counts(state) { n } else { 0 };
        sum.1 += if state == AssignmentState::Submitted { n } else { 0 };
        sum.2 += if state == AssignmentState::Conflicted { n } else { 0 };
    }
    let mut tags = tags_of(db, &ids).await?;
    let accounts: Vec<AccountId> = page.rows.iter().map(|row| row.account_id).collect();
    let signed = signed_until(db, &accounts).await?;
    Ok(page.map(|row| {
        let person = people.iter().find(|p| p.id == row.account_id);
        let (load, submitted, conflicts) = sums.get(&row.id).copied().unwrap_or_default();
        EvaluatorLine {
            id: row.id,
            name: person.map(|p| p.name.clone()).unwrap_or_default(),
            email: person.map(|p| p.email.to_string()).unwrap_or_default(),
            state: row.state,
            organisation: row.organisation,
            tags: tags.remove(&row.id).unwrap_or_default(),
            expertise: row.expertise,
            languages: Language::names(&row.languages),
            countries: country_names(&row.countries),
            capacity: row.capacity,
            hours: row.hours,
            contract_until: row.contract_until,
            declaration_until: row.declaration_until.max(signed.get(&row.account_id).copied()),
            load,
            submitted,
            conflicts,
        }
    }))
}
