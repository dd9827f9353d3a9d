//! Drafts of proposals in an open call.

use crate::support::TestApp;
use entity::{
    calls::{annex, call},
    organisations::{membership, organisation},
    proposals::{
        activity_line, answer, cost_line, funding_line, kpi_target, letter, part, participant, section_task,
        team_member,
    },
    types::{
        country::Country,
        ids::{
            ActivityLineId, AnswerId, CallId, CostLineId, FundingLineId, KpiTargetId, LetterId, MembershipId,
            OrganisationId, PartId, ParticipantId, ProposalId, SectionTaskId, TeamMemberId,
        },
        states::{
            FundingSource, LetterState, MembershipRole, MembershipState, OrganisationKind, PartState, SectionState,
            SizeClass, TeamRole,
        },
        terms::{CallTerms, Column, ColumnKind, Keys, Question, QuestionKind, SectionScope},
    },
};
use fairway::{
    calls::corrigenda::commands::CorrectCall, kernel::tx::new_uuid, proposals::drafts::commands::StartProposal,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

/// A proposal of two parts: Ana Kask coordinates for a Lithuanian cluster, Bruno Lind has the Swedish part.
#[derive(Debug, Clone)]
pub struct Draft {
    pub call: CallId,
    pub proposal: ProposalId,
    pub code: String,
    /// Ana Kask's, at the Lithuanian agency.
    pub coordinator_part: PartId,
    /// Bruno Lind's, at the Swedish agency.
    pub partner_part: PartId,
}

impl TestApp {
    fn fresh<T: From<Uuid>>(&self) -> T {
        T::from(new_uuid(self.app.now(), self.app.chance()))
    }

    /// The call of 2017, open, and the clock on 1 September 2017.
    pub async fn call_open_for_drafts(&self) -> CallId {
        let call = self.open_call_2017().await.call;
        self.jump(crate::support::app::first_day());
        call
    }

    async fn body(&self, name: &str, country: Country, kind: OrganisationKind) -> OrganisationId {
        let db = self.app.database().maintenance();
        let known = organisation::Entity::find().filter(organisation::Column::Name.eq(name)).one(db).await.unwrap();
        if let Some(row) = known {
            return row.id;
        }
        let row = organisation::Model {
            id: self.fresh(),
            kind,
            key: None,
            name: name.to_owned(),
            country,
            region: None,
            city: None,
            registration_no: Some("30".to_owned() + &name.len().to_string()),
            website: None,
            description: String::new(),
            search: name.to_lowercase(),
            created_by: None,
            created_at: self.app.now(),
            version: 1,
        };
        let id = row.id;
        organisation::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
        id
    }

    /// A cluster of this country with this person as its manager.
    pub async fn applicant(&self, person: &str, cluster: &str, country: &str) -> OrganisationId {
        let db = self.app.database().maintenance();
        let account = self.account(person).await;
        let organisation = self.body(cluster, country.parse().unwrap(), OrganisationKind::Cluster).await;
        let row = membership::Model {
            id: self.fresh::<MembershipId>(),
            organisation_id: organisation,
            account_id: account,
            role: MembershipRole::Manager,
            state: MembershipState::Active,
            message: None,
            asked_at: self.app.now(),
            decided_at: Some(self.app.now()),
            decided_by: None,
        };
        membership::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
        organisation
    }

    /// A member of an organisation that is there already.
    pub async fn colleague(&self, person: &str, organisation: &str) {
        let db = self.app.database().maintenance();
        let found = organisation::Entity::find().filter(organisation::Column::Name.eq(organisation)).one(db).await;
        let row = membership::Model {
            id: self.fresh::<MembershipId>(),
            organisation_id: found.unwrap().unwrap().id,
            account_id: self.account(person).await,
            role: MembershipRole::Member,
            state: MembershipState::Active,
            message: None,
            asked_at: self.app.now(),
            decided_at: Some(self.app.now()),
            decided_by: None,
        };
        membership::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
    }

    /// The id of an organisation by its name.
    pub async fn body_id(&self, name: &str) -> String {
        let row = organisation::Entity::find().filter(organisation::Column::Name.eq(name));
        row.one(self.app.database().maintenance()).await.unwrap().unwrap().id.to_string()
    }

    /// The secretariat changes the rules of a call in words.
    pub async fn correct_call(&self, call: CallId, reason: &str) {
        let row = call::Entity::find_by_id(call).one(self.app.database().maintenance()).await.unwrap().unwrap();
        let mut terms = row.terms;
        terms.consortium.rules.push("A scan of a signed letter is enough.".into());
        self.run(super::calls::OLAF, CorrectCall { call, seen: row.version, terms, reason: reason.into() }).await;
    }

    /// The annex of the agency of this country.
    pub async fn annex_of(&self, call: CallId, country: &str) -> annex::Model {
        let country: Country = country.parse().unwrap();
        let rows = annex::Entity::find()
            .filter(annex::Column::CallId.eq(call))
            .find_also_related(organisation::Entity)
            .all(self.app.database().maintenance())
            .await
            .unwrap();
        rows.into_iter().find(|(_, agency)| agency.as_ref().unwrap().country == country).unwrap().0
    }

    /// An empty proposal of Ana Kask (Sunrise Valley, Lithuania) with Bruno Lind's part (Visual Sweden).
    pub async fn draft_of(&self, call: &CallId) -> Draft {
        let home = self.applicant("Ana Kask", "Sunrise Valley", "LT").await;
        let started = self
            .run(
                "Ana Kask",
                StartProposal {
                    call: *call,
                    organisation: home,
                    annex: None,
                    title: "Light for Nordic forests".into(),
                    acronym: "LIGHTWOOD".into(),
                    another: false,
                },
            )
            .await;
        let partner = self.applicant("Bruno Lind", "Visual Sweden", "SE").await;
        let partner_part = self.join(*call, started.proposal, partner, "Bruno Lind").await;
        Draft {
            call: *call,
            proposal: started.proposal,
            code: started.code,
            coordinator_part: started.part,
            partner_part,
        }
    }

    async fn join(&self, call: CallId, proposal: ProposalId, organisation: OrganisationId, person: &str) -> PartId {
        let db = self.app.database().maintenance();
        let annex = self.annex_of(call, "SE").await;
        let account = self.account(person).await;
        let row = part::Model {
            id: self.fresh::<PartId>(),
            proposal_id: proposal,
            organisation_id: organisation,
            annex_id: annex.id,
            is_coordinator: false,
            state: PartState::Draft,
            requested_minor: 0,
            currency: annex.terms.currency,
            contact_id: Some(account),
            signatory: None,
            signatory_email: None,
            created_at: self.app.now(),
            submitted_at: None,
            left_at: None,
            version: 1,
        };
        let id = row.id;
        part::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
        let row = team_member::Model {
            id: self.fresh::<TeamMemberId>(),
            proposal_id: proposal,
            account_id: account,
            part_id: Some(id),
            role: TeamRole::Editor,
            added_by: None,
            added_at: self.app.now(),
            left_at: None,
        };
        team_member::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
        id
    }

    /// Like [`draft_of`](Self::draft_of), with everything filled in so that both parts can be submitted, except
    /// attachments.
    pub async fn complete_draft(&self, call: &CallId) -> Draft {
        let draft = self.draft_without_letters(call).await;
        self.sign_letters(&draft).await;
        draft
    }

    /// Like [`complete_draft`](Self::complete_draft), but no partner has signed for the other yet.
    pub async fn draft_without_letters(&self, call: &CallId) -> Draft {
        let draft = self.draft_of(call).await;
        self.fill(&draft).await;
        draft
    }

    /// Each of the two clusters signs for the part of the other.
    pub async fn sign_letters(&self, draft: &Draft) {
        let db = self.app.database().maintenance();
        let (home, away) = ((draft.coordinator_part, "Visual Sweden"), (draft.partner_part, "Sunrise Valley"));
        for (id, partner) in [home, away] {
            let own = part::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
            let costs = cost_line::Entity::find().filter(cost_line::Column::PartId.eq(id)).all(db).await.unwrap();
            let row = letter::Model {
                id: self.fresh::<LetterId>(),
                part_id: id,
                participant_id: None,
                document: "letter_partner".into(),
                signer_name: "Signe Partner".into(),
                signer_email: "signe@partner.example".into(),
                signer_organisation: partner.into(),
                token_hash: fairway::kernel::secret::hash(&format!("letter of {partner} {id}")),
                state: LetterState::Signed,
                text: "We take part with our own money.".into(),
                requested_minor: own.requested_minor,
                total_minor: costs.iter().map(|c| c.minor).sum(),
                asked_by: self.account("Ana Kask").await,
                asked_at: self.app.now(),
                signed_name: Some("Signe Partner".into()),
                signed_on: Some(self.app.now().date_naive()),
                signed_at: Some(self.app.now()),
                refusal: None,
                file_id: None,
            };
            letter::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
        }
    }

    /// Makes something wrong in every chapter of the coordinator's part.
    pub async fn spoil(&self, draft: &Draft) {
        let (db, part) = (self.app.database().maintenance(), draft.coordinator_part);
        let cost = cost_line::Entity::find().filter(cost_line::Column::PartId.eq(part)).one(db).await.unwrap().unwrap();
        let mut cost = cost.into_active_model();
        cost.minor = Set(-1);
        cost.update(db).await.unwrap();
        let company = participant::Entity::find().filter(participant::Column::PartId.eq(part));
        let mut company = company.one(db).await.unwrap().unwrap().into_active_model();
        company.cash_minor = Set(None);
        company.notice_given = Set(false);
        company.update(db).await.unwrap();
        let activity = activity_line::Entity::find().filter(activity_line::Column::PartId.eq(part));
        let mut activity = activity.one(db).await.unwrap().unwrap().into_active_model();
        activity.end_month = Set(99);
        activity.update(db).await.unwrap();
        let target = kpi_target::Entity::find().filter(kpi_target::Column::PartId.eq(part));
        target.one(db).await.unwrap().unwrap().into_active_model().delete(db).await.unwrap();
        let answer = answer::Entity::find().filter(answer::Column::ProposalId.eq(draft.proposal));
        let answer = answer.filter(answer::Column::Question.eq("partner_role")).one(db).await.unwrap().unwrap();
        answer.into_active_model().delete(db).await.unwrap();
        let row = part::Entity::find_by_id(part).one(db).await.unwrap().unwrap();
        let mut row = row.into_active_model();
        row.contact_id = Set(None);
        row.signatory = Set(None);
        row.update(db).await.unwrap();
    }

    /// Answers a joint question of a proposal.
    pub async fn answer(&self, proposal: ProposalId, question: &str, value: Value) {
        let row = answer::Model {
            id: self.fresh::<AnswerId>(),
            proposal_id: proposal,
            place: "joint".into(),
            question: question.to_owned(),
            value,
            version: 1,
            updated_by: Some(self.account("Ana Kask").await),
            updated_at: self.app.now(),
        };
        let db = self.app.database().maintenance();
        answer::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
    }

    /// Fills in everything of a draft that is still empty.
    pub async fn fill(&self, draft: &Draft) {
        let db = self.app.database().maintenance();
        let terms = call::Entity::find_by_id(draft.call).one(db).await.unwrap().unwrap().terms;
        self.answer_all(&terms, draft.proposal, "joint", SectionScope::Joint, &[]).await;
        for (part, country) in [(draft.coordinator_part, "LT"), (draft.partner_part, "SE")] {
            let annex = self.annex_of(draft.call, country).await;
            self.answer_all(&terms, draft.proposal, &part.to_string(), SectionScope::Part, &annex.terms.questions)
                .await;
            self.fill_part(&terms, part, &annex, country.parse().unwrap()).await;
        }
    }

    async fn answer_all(
        &self,
        terms: &CallTerms,
        proposal: ProposalId,
        place: &str,
        scope: SectionScope,
        own: &[Question],
    ) {
        let db = self.app.database().maintenance();
        let questions = terms.sections.iter().filter(|s| s.scope == scope).flat_map(|s| &s.questions).chain(own);
        for question in questions.filter(|q| q.required) {
            let row = answer::Model {
                id: self.fresh::<AnswerId>(),
                proposal_id: proposal,
                place: place.to_owned(),
                question: question.key.clone(),
                value: plausible(question),
                version: 1,
                updated_by: Some(self.account("Ana Kask").await),
                updated_at: self.app.now(),
            };
            answer::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
        }
        let mut keys: Vec<&str> = terms.sections.iter().filter(|s| s.scope == scope).map(|s| s.key.as_str()).collect();
        if !own.is_empty() {
            keys.push(fairway::proposals::drafts::rules::AGENCY_SECTION);
        }
        for key in keys {
            let row = section_task::Model {
                id: self.fresh::<SectionTaskId>(),
                proposal_id: proposal,
                place: place.to_owned(),
                section: key.to_owned(),
                assigned_to: None,
                due_on: None,
                state: SectionState::Complete,
                completed_by: Some(self.account("Ana Kask").await),
                completed_at: Some(self.app.now()),
            };
            section_task::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
        }
    }

    async fn fill_part(&self, terms: &CallTerms, id: PartId, annex: &annex::Model, country: Country) {
        let db = self.app.database().maintenance();
        for n in 0..annex.terms.min_smes.max(1) {
            let row = participant::Model {
                id: self.fresh::<ParticipantId>(),
                part_id: id,
                organisation_id: None,
                name: format!("{} Optics {n}", country.name()),
                registration_no: Some(format!("55600{n}")),
                country,
                size_class: SizeClass::Small,
                contact_name: "Ida Holm".into(),
                contact_email: format!("ida{n}@optics.example"),
                role: "Tests the sensors in its own sawmill.".into(),
                notice_given: true,
                declarations: Keys(terms.declarations.iter().map(|d| d.key.clone()).collect()),
                cash_minor: Some(0),
                in_kind_minor: Some(0),
                version: 1,
                created_at: self.app.now(),
            };
            participant::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
        }
        let activity = activity_line::Model {
            id: self.fresh::<ActivityLineId>(),
            part_id: id,
            position: 1,
            activity: annex.terms.activities[0].clone(),
            title: "Study trip to the sawmills".into(),
            description: "Two days with ten companies.".into(),
            place: "Jelgava".into(),
            start_month: 2,
            end_month: 3,
            participants: 20,
            version: 1,
        };
        let activity_id = activity.id;
        let activity = activity.into_active_model().reset_all();
        activity_line::Entity::insert(activity).exec_without_returning(db).await.unwrap();
        let grant = annex.terms.ceiling.or(annex.terms.floor).map_or(0, |m| m.minor);
        let points = i64::from(annex.terms.intensity.basis_points()).max(1);
        let total = if grant == 0 { 1_000_000 } else { (grant * 10_000).div_euclid(points) };
        let cost = cost_line::Model {
            id: self.fresh::<CostLineId>(),
            part_id: id,
            position: 1,
            category: "staff".into(),
            activity_line_id: Some(activity_id),
            description: "Project leader".into(),
            minor: total,
            version: 1,
        };
        cost_line::Entity::insert(cost.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
        let funding = funding_line::Model {
            id: self.fresh::<FundingLineId>(),
            part_id: id,
            position: 1,
            source: FundingSource::OwnCash,
            description: "Membership fees".into(),
            minor: total - grant,
            version: 1,
        };
        funding_line::Entity::insert(funding.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
        for kpi in &terms.kpis {
            let row = kpi_target::Model {
                id: self.fresh::<KpiTargetId>(),
                part_id: id,
                kpi: kpi.key.clone(),
                target: 10,
                version: 1,
            };
            kpi_target::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
        }
        let row = part::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
        let mut row: part::ActiveModel = row.into();
        row.requested_minor = Set(grant);
        row.signatory = Set(Some("Rasa Petrauskaite".into()));
        part::Entity::update(row).exec(db).await.unwrap();
    }
}

/// An answer that fits the question.
fn plausible(question: &Question) -> Value {
    match &question.kind {
        QuestionKind::Line { .. } => json!("A short answer"),
        QuestionKind::Text { .. } => json!("Sensors see the grain of the wood before the saw does."),
        QuestionKind::Number { min, decimals, .. } => {
            let whole = min.unwrap_or(1).max(1);
            json!(entity::types::decimal::plain(whole * 10_i64.pow(*decimals), *decimals))
        }
        QuestionKind::Money { currency } => json!({ "amount": "1000.00", "currency": currency.code() }),
        QuestionKind::Date { earliest, latest } => {
            json!(earliest.or(*latest).map_or_else(|| "2018-02-01".to_owned(), |d| d.to_string()))
        }
        QuestionKind::YesNo => json!(true),
        QuestionKind::Choice { options } => json!(options[0].key),
        QuestionKind::Choices { options, min, .. } => {
            let n = usize::try_from(*min).unwrap().max(1);
            json!(options.iter().take(n).map(|o| o.key.clone()).collect::<Vec<_>>())
        }
        QuestionKind::Country { several: false } => json!("JP"),
        QuestionKind::Country { several: true } => json!(["JP", "CA"]),
        QuestionKind::Table { columns, min_rows, .. } => {
            let rows = (0..(*min_rows).max(1)).map(|_| Value::Object(columns.iter().map(cell).collect()));
            Value::Array(rows.collect())
        }
        QuestionKind::File { .. } => Value::Null,
    }
}

fn cell(column: &Column) -> (String, Value) {
    let value = match column.kind {
        ColumnKind::Text => "Kick-off held",
        ColumnKind::Number => "3",
        ColumnKind::Date => "2018-03-01",
        ColumnKind::Country => "EE",
    };
    (column.key.clone(), json!(value))
}
