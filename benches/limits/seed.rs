//! Rows for the measurements, written many at once: a call with so many proposals, and drafts ready to be handed in.

use super::support::{TestApp, scenes::proposals::Draft};
use chrono::TimeDelta;
use entity::{
    evaluation::assignment,
    organisations::organisation,
    proposals::{
        activity_line, answer, cost_line, funding_line, kpi_target, letter, part, participant, proposal, section_task,
        team_member,
    },
    types::{
        codes::proposal_code,
        country::Country,
        ids::{AssignmentId, CallId, OrganisationId, PartId, ProposalId},
        states::{AssignmentState, CallState, OrganisationKind, PartState},
    },
};
use fairway::kernel::{secret, tx::new_uuid};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter};
use uuid::Uuid;

/// Who reads the staff's list.
pub const OFFICER: &str = super::support::scenes::calls::OLAF;
/// Who applies.
pub const APPLICANT: &str = "Ana Kask";

const WORDS: [&str; 12] = [
    "Light", "Harbour", "Timber", "Sensor", "Circular", "Battery", "Ocean", "Textile", "Food", "Space", "Health",
    "Game",
];
const LANDS: [&str; 8] = ["DK", "LT", "SE", "FI", "NO", "PL", "EE", "DE"];

async fn put<M>(app: &TestApp, rows: Vec<M>) -> anyhow::Result<()>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity>,
{
    let mut rows = rows.into_iter().map(|row| row.into_active_model().reset_all()).peekable();
    while rows.peek().is_some() {
        let some: Vec<_> = rows.by_ref().take(600).collect();
        M::Entity::insert_many(some).exec_without_returning(app.app.database().maintenance()).await?;
    }
    Ok(())
}

fn fresh<T: From<Uuid>>(app: &TestApp) -> T {
    T::from(new_uuid(app.app.now(), app.app.chance()))
}

/// A call being judged with so many proposals of two parts each and two evaluators for each.
pub async fn judged(app: &TestApp, proposals: usize) -> anyhow::Result<CallId> {
    let field = app.field(CallState::Evaluating, 1).await;
    let db = app.app.database().maintenance();
    let first = &field.proposals[0];
    let like = proposal::Entity::find_by_id(first.id).one(db).await?.ok_or_else(|| anyhow::anyhow!("no proposal"))?;
    let shares = part::Entity::find().filter(part::Column::ProposalId.eq(first.id)).all(db).await?;
    let body = organisation::Entity::find_by_id(shares[0].organisation_id).one(db).await?;
    let body = body.ok_or_else(|| anyhow::anyhow!("no organisation"))?;
    let mut pool = Vec::new();
    for n in 0..20 {
        let name = format!("Eva Luator {n}");
        let evaluator = app.evaluator(&name, "Institute", "maritime").await;
        pool.push((evaluator, app.account(&name).await));
    }
    let mut rows = (Vec::new(), Vec::new(), Vec::new());
    let mut bodies: Vec<OrganisationId> = Vec::new();
    let mut organisations = Vec::new();
    for n in 0..(proposals / 25).clamp(16, 400) {
        let (word, land) = (WORDS[n % WORDS.len()], LANDS[n % LANDS.len()]);
        let country: Country = land.parse().map_err(|_| anyhow::anyhow!("{land}"))?;
        let name = format!("{word} Cluster {n} of {}", country.name());
        let id = fresh(app);
        bodies.push(id);
        let search = name.to_lowercase();
        organisations.push(organisation::Model { id, name, search, country, ..body.clone() });
        organisations[n].kind = OrganisationKind::Cluster;
    }
    put(app, organisations).await?;
    let states = [PartState::Submitted, PartState::Eligible, PartState::Submitted, PartState::Ineligible];
    for n in 2..=proposals {
        let id: ProposalId = fresh(app);
        let code = proposal_code("IE-2017", u32::try_from(n)?);
        let title = format!("{} for {} number {n}", WORDS[n * 7 % 12], WORDS[n * 5 % 11]);
        let search = format!("{code} {title} pro{n}").to_lowercase();
        let at = like.created_at + TimeDelta::seconds(i64::try_from(n)?);
        let (acronym, submitted_at) = (format!("PRO{n}"), Some(at));
        rows.0.push(proposal::Model { id, code, title, acronym, search, created_at: at, submitted_at, ..like.clone() });
        for (k, share) in shares.iter().enumerate() {
            let organisation_id = bodies[(n * 3 + k) % bodies.len()];
            let state = states[(n + k) % states.len()];
            rows.1.push(part::Model { id: fresh(app), proposal_id: id, organisation_id, state, ..share.clone() });
            let (evaluator_id, account_id) = pool[(n + k) % pool.len()];
            rows.2.push(assignment::Model {
                id: fresh::<AssignmentId>(app),
                call_id: field.call,
                proposal_id: id,
                evaluator_id,
                account_id,
                state: if n % 3 == 0 { AssignmentState::Submitted } else { AssignmentState::Accepted },
                due_at: None,
                signed_name: None,
                declared_at: None,
                reason: None,
                comment: String::new(),
                private_note: String::new(),
                invited_by: like.created_by,
                invited_at: at,
                answered_at: Some(at),
                submitted_at: None,
                reopened_reason: None,
                version: 1,
            });
        }
    }
    put(app, rows.0).await?;
    put(app, rows.1).await?;
    put(app, rows.2).await?;
    Ok(field.call)
}

/// A draft that lacks nothing.
pub struct Ready {
    pub proposal: ProposalId,
    /// The applicant's part.
    pub part: PartId,
}

/// The open call with so many drafts that can be handed in, all of them of one person.
pub async fn drafts(app: &TestApp, drafts: usize) -> anyhow::Result<(String, Vec<Ready>)> {
    let call = app.call_open_for_drafts().await;
    let first = app.complete_draft(&call).await;
    let mut ready = vec![Ready { proposal: first.proposal, part: first.coordinator_part }];
    let mut copies = Copies::of(app, &first).await?;
    for n in 2..=drafts {
        ready.push(copies.one_more(app, n)?);
    }
    copies.write(app).await?;
    let row = entity::calls::call::Entity::find_by_id(call).one(app.app.database().maintenance()).await?;
    let code = row.ok_or_else(|| anyhow::anyhow!("no call"))?.code;
    Ok((code, ready))
}

/// Everything a draft consists of: what is copied, and the copies.
struct Copies {
    like: Rows,
    made: Rows,
    first: PartId,
}

#[derive(Default)]
struct Rows {
    proposals: Vec<proposal::Model>,
    parts: Vec<part::Model>,
    team: Vec<team_member::Model>,
    tasks: Vec<section_task::Model>,
    answers: Vec<answer::Model>,
    participants: Vec<participant::Model>,
    activities: Vec<activity_line::Model>,
    costs: Vec<cost_line::Model>,
    funding: Vec<funding_line::Model>,
    targets: Vec<kpi_target::Model>,
    letters: Vec<letter::Model>,
}

impl Copies {
    async fn of(app: &TestApp, draft: &Draft) -> anyhow::Result<Self> {
        let (db, id) = (app.app.database().maintenance(), draft.proposal);
        let parts = part::Entity::find().filter(part::Column::ProposalId.eq(id)).all(db).await?;
        let ids: Vec<PartId> = parts.iter().map(|row| row.id).collect();
        let own = ids.clone();
        let like = Rows {
            proposals: proposal::Entity::find_by_id(id).all(db).await?,
            team: team_member::Entity::find().filter(team_member::Column::ProposalId.eq(id)).all(db).await?,
            tasks: section_task::Entity::find().filter(section_task::Column::ProposalId.eq(id)).all(db).await?,
            answers: answer::Entity::find().filter(answer::Column::ProposalId.eq(id)).all(db).await?,
            participants: participant::Entity::find().filter(participant::Column::PartId.is_in(own)).all(db).await?,
            activities: activity_line::Entity::find()
                .filter(activity_line::Column::PartId.is_in(ids.clone()))
                .all(db)
                .await?,
            costs: cost_line::Entity::find().filter(cost_line::Column::PartId.is_in(ids.clone())).all(db).await?,
            funding: funding_line::Entity::find()
                .filter(funding_line::Column::PartId.is_in(ids.clone()))
                .all(db)
                .await?,
            targets: kpi_target::Entity::find().filter(kpi_target::Column::PartId.is_in(ids.clone())).all(db).await?,
            letters: letter::Entity::find().filter(letter::Column::PartId.is_in(ids)).all(db).await?,
            parts,
        };
        Ok(Self { like, made: Rows::default(), first: draft.coordinator_part })
    }

    /// One copy under another number.
    fn one_more(&mut self, app: &TestApp, n: usize) -> anyhow::Result<Ready> {
        let (like, made) = (&self.like, &mut self.made);
        let id: ProposalId = fresh(app);
        let code = proposal_code("IE-2017", u32::try_from(n)?);
        made.proposals.extend(like.proposals.iter().map(|row| proposal::Model {
            id,
            code: code.clone(),
            ..row.clone()
        }));
        let mut first = self.first;
        for share in &like.parts {
            let part: PartId = fresh(app);
            if share.id == self.first {
                first = part;
            }
            made.parts.push(part::Model { id: part, proposal_id: id, ..share.clone() });
            let of = |other: PartId| other == share.id;
            for row in like.participants.iter().filter(|row| of(row.part_id)) {
                made.participants.push(participant::Model { id: fresh(app), part_id: part, ..row.clone() });
            }
            for row in like.activities.iter().filter(|row| of(row.part_id)) {
                made.activities.push(activity_line::Model { id: fresh(app), part_id: part, ..row.clone() });
            }
            for row in like.costs.iter().filter(|row| of(row.part_id)) {
                let activity_line_id = made.activities.last().map(|row| row.id);
                made.costs.push(cost_line::Model { id: fresh(app), part_id: part, activity_line_id, ..row.clone() });
            }
            for row in like.funding.iter().filter(|row| of(row.part_id)) {
                made.funding.push(funding_line::Model { id: fresh(app), part_id: part, ..row.clone() });
            }
            for row in like.targets.iter().filter(|row| of(row.part_id)) {
                made.targets.push(kpi_target::Model { id: fresh(app), part_id: part, ..row.clone() });
            }
            for row in like.letters.iter().filter(|row| of(row.part_id)) {
                let (id, token_hash) = (fresh(app), secret::hash(&format!("{} {part}", row.document)));
                made.letters.push(letter::Model { id, part_id: part, token_hash, ..row.clone() });
            }
            for row in like.team.iter().filter(|row| row.part_id == Some(share.id)) {
                let part_id = Some(part);
                made.team.push(team_member::Model { id: fresh(app), proposal_id: id, part_id, ..row.clone() });
            }
            let (old, place) = (share.id.to_string(), part.to_string());
            for row in like.answers.iter().filter(|row| row.place == old) {
                let place = place.clone();
                made.answers.push(answer::Model { id: fresh(app), proposal_id: id, place, ..row.clone() });
            }
            for row in like.tasks.iter().filter(|row| row.place == old) {
                let place = place.clone();
                made.tasks.push(section_task::Model { id: fresh(app), proposal_id: id, place, ..row.clone() });
            }
        }
        for row in like.answers.iter().filter(|row| row.place == "joint") {
            made.answers.push(answer::Model { id: fresh(app), proposal_id: id, ..row.clone() });
        }
        for row in like.tasks.iter().filter(|row| row.place == "joint") {
            made.tasks.push(section_task::Model { id: fresh(app), proposal_id: id, ..row.clone() });
        }
        Ok(Ready { proposal: id, part: first })
    }

    async fn write(self, app: &TestApp) -> anyhow::Result<()> {
        let made = self.made;
        put(app, made.proposals).await?;
        put(app, made.parts).await?;
        put(app, made.team).await?;
        put(app, made.tasks).await?;
        put(app, made.answers).await?;
        put(app, made.participants).await?;
        put(app, made.activities).await?;
        put(app, made.costs).await?;
        put(app, made.funding).await?;
        put(app, made.letters).await?;
        put(app, made.targets).await
    }
}
