//! A call whose proposals are handed in, and people who judge them.

use super::calls::OLAF;
use crate::support::TestApp;
use chrono::{TimeDelta, TimeZone, Utc};
use entity::{
    calls::call,
    evaluation::evaluator,
    organisations::organisation,
    proposals::{activity_line, answer, cost_line, funding_line, part, participant, proposal, submission, team_member},
    types::{
        country::Country,
        ids::{AccountId, AnnexId, AssignmentId, CallId, EvaluatorId, OrganisationId, PartId, ProposalId},
        states::{
            AnnexClass, CallState, EvaluatorState, FundingSource, OrganisationKind, PartState, ProposalState,
            SizeClass, TeamRole,
        },
        terms::{AnnexTerms, Keys},
    },
};
use fairway::{
    calls::archive::{AnnexFile, CallFile},
    evaluation::{
        assignments::commands::{AcceptAssignment, InviteEvaluator},
        scores::{
            commands::{Entry, Sheet, SubmitSheet},
            queries::SheetOf,
        },
    },
    proposals::submission::{
        bundle::Bundle,
        content::{Content, FORMAT, Frozen, checksum},
        rules::STATEMENT,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The real call of 2017 with proposals handed in.
pub struct Field {
    pub call: CallId,
    pub agencies: BTreeMap<String, Agency>,
    pub proposals: Vec<Placed>,
}

#[derive(Clone)]
pub struct Agency {
    pub id: OrganisationId,
    pub annex: AnnexId,
    pub country: Country,
    pub terms: AnnexTerms,
}

/// A proposal with its parts, the coordinator's first.
pub struct Placed {
    pub id: ProposalId,
    pub code: String,
    pub parts: Vec<PartId>,
    /// The coordinator's account: `Cora 1`, `Cora 2` …
    pub coordinator: String,
}

impl TestApp {
    fn mint<T: From<Uuid>>(&self) -> T {
        T::from(fairway::kernel::tx::new_uuid(self.app.now(), self.app.chance()))
    }

    /// The call of 2017 in this state with so many proposals, each of a Danish and a Lithuanian part.
    pub async fn field(&self, state: CallState, proposals: usize) -> Field {
        self.field_of(super::calls::file_2017(), state, proposals).await
    }

    /// The call of a file in this state, with proposals as in [`field`](Self::field).
    pub async fn field_of(&self, file: CallFile, state: CallState, proposals: usize) -> Field {
        let scene = self.draft_call(file.clone()).await;
        self.forgive(&["call_opens_approved", "handed_in_is_logged", "eligible_was_checked", "draft_is_not_frozen"]);
        self.call_to(scene.call, state).await;
        let agency = |one: AnnexFile| {
            let here = scene.agency(&one.agency.key);
            let agency = Agency { id: here.agency, annex: here.annex, country: one.agency.country, terms: one.terms };
            (one.agency.key, agency)
        };
        let (call, agencies) = (scene.call, file.annexes.into_iter().map(agency).collect());
        let mut field = Field { call, agencies, proposals: Vec::new() };
        for n in 1..=proposals {
            let placed = self.handed_in(&field, &scene.code, n).await;
            field.proposals.push(placed);
        }
        field
    }

    pub async fn organisation(&self, kind: OrganisationKind, name: &str, country: Country) -> OrganisationId {
        let id: OrganisationId = self.mint();
        let row = organisation::ActiveModel {
            id: Set(id),
            kind: Set(kind),
            key: Set(None),
            name: Set(name.to_owned()),
            country: Set(country),
            region: Set(None),
            city: Set(None),
            registration_no: Set(None),
            website: Set(Some(format!("https://{}.example", name.to_lowercase().replace(' ', "-")))),
            description: Set(String::new()),
            search: Set(name.to_lowercase()),
            created_by: Set(None),
            created_at: Set(self.app.now()),
            version: Set(1),
        };
        organisation::Entity::insert(row).exec_without_returning(self.app.database().maintenance()).await.unwrap();
        id
    }

    async fn handed_in(&self, field: &Field, call: &str, n: usize) -> Placed {
        let db = self.app.database().maintenance();
        let coordinator = format!("Cora {n}");
        let account = self.account(&coordinator).await;
        let id: ProposalId = self.mint();
        let code = entity::types::codes::proposal_code(call, u32::try_from(n).unwrap());
        let title = format!("Project number {n}");
        let at = Utc.with_ymd_and_hms(2017, 10, 20, 9, 0, 0).unwrap() + TimeDelta::hours(i64::try_from(n).unwrap());
        let row = proposal::ActiveModel {
            id: Set(id),
            call_id: Set(field.call),
            code: Set(code.clone()),
            title: Set(title.clone()),
            acronym: Set(format!("PRO{n}")),
            state: Set(ProposalState::Submitted),
            search: Set(format!("{code} {title} pro{n}").to_lowercase()),
            created_by: Set(account),
            created_at: Set(at),
            updated_by: Set(Some(account)),
            updated_at: Set(at),
            submitted_at: Set(Some(at)),
            version: Set(1),
        };
        proposal::Entity::insert(row).exec_without_returning(db).await.unwrap();
        let summary = "Companies of two regions meet partners and learn how to sell in each other's market.";
        for (key, value) in [
            ("public_summary", json!(summary)),
            ("start_date", json!("2018-02-01")),
            ("duration_months", json!("14")),
            ("benefit_companies", json!("Twelve companies get a first customer abroad.")),
        ] {
            let row = answer::ActiveModel {
                id: Set(self.mint()),
                proposal_id: Set(id),
                place: Set("joint".to_owned()),
                question: Set(key.to_owned()),
                value: Set(value),
                version: Set(1),
                updated_by: Set(Some(account)),
                updated_at: Set(at),
            };
            answer::Entity::insert(row).exec_without_returning(db).await.unwrap();
        }
        let mut parts = Vec::new();
        for (agency, first) in [("dk-sfu", true), ("lt-mita", false)] {
            parts.push(self.share(field, id, agency, first, n, account, at).await);
        }
        for part in &parts {
            self.freeze(*part, account, at).await;
        }
        Placed { id, code, parts, coordinator }
    }

    /// Adds a part of Latvia, whose agency pays nothing in the call of 2017, to a proposal of the field.
    pub async fn unpaid_part(&self, field: &mut Field, proposal: usize) -> PartId {
        let (id, coordinator) = (field.proposals[proposal].id, field.proposals[proposal].coordinator.clone());
        let account = self.account(&coordinator).await;
        let at = Utc.with_ymd_and_hms(2017, 10, 21, 9, 0, 0).unwrap();
        let part = self.share(field, id, "lv-liaa", false, proposal + 1, account, at).await;
        self.freeze(part, account, at).await;
        field.proposals[proposal].parts.push(part);
        part
    }

    /// Keeps what a part says as the version that was handed in.
    pub async fn freeze(&self, part: PartId, account: AccountId, at: chrono::DateTime<Utc>) {
        let db = self.app.database().maintenance();
        let known = submission::Entity::find().filter(submission::Column::PartId.eq(part)).all(db).await.unwrap();
        let number = i32::try_from(known.len()).unwrap() + 1;
        for row in known {
            let mut row = row.into_active_model();
            row.ended_at = Set(Some(at));
            row.update(db).await.unwrap();
        }
        let receipt = format!("{}-{number}", &part.to_string().replace('-', "")[8..]);
        let frozen = Frozen {
            fairway_submission: FORMAT,
            receipt: receipt.clone(),
            version: number,
            submitted_at: at,
            submitted_by: "Sign Atory".to_owned(),
            signatory: "Sign Atory".to_owned(),
            statement: STATEMENT.to_owned(),
            content: Content::of(&Bundle::load(db, part).await.unwrap()),
        };
        let row = submission::ActiveModel {
            id: Set(self.mint()),
            part_id: Set(part),
            number: Set(number),
            document: Set(serde_json::to_value(&frozen).unwrap()),
            digest: Set(checksum(frozen.canonical().unwrap())),
            receipt: Set(receipt),
            signatory: Set("Sign Atory".to_owned()),
            submitted_by: Set(account),
            submitted_at: Set(at),
            ended_at: Set(None),
            pdf_file_id: Set(None),
        };
        submission::Entity::insert(row).exec_without_returning(db).await.unwrap();
    }

    #[allow(clippy::too_many_arguments)]
    async fn share(
        &self,
        field: &Field,
        proposal: ProposalId,
        agency: &str,
        first: bool,
        n: usize,
        account: AccountId,
        at: chrono::DateTime<Utc>,
    ) -> PartId {
        let db = self.app.database().maintenance();
        let agency = &field.agencies[agency];
        let name = format!("{} Cluster {n}", agency.country.name());
        let organisation = self.organisation(OrganisationKind::Cluster, &name, agency.country).await;
        let id: PartId = self.mint();
        let pays = agency.terms.class == AnnexClass::Funding;
        let requested = if pays { agency.terms.ceiling.map_or(4_000_000, |c| c.minor).min(4_000_000) } else { 0 };
        let row = part::ActiveModel {
            id: Set(id),
            proposal_id: Set(proposal),
            organisation_id: Set(organisation),
            annex_id: Set(agency.annex),
            is_coordinator: Set(first),
            state: Set(PartState::Submitted),
            requested_minor: Set(requested),
            currency: Set(agency.terms.currency),
            contact_id: Set(Some(account)),
            signatory: Set(Some("Sign Atory".to_owned())),
            signatory_email: Set(None),
            created_at: Set(at),
            submitted_at: Set(Some(at)),
            left_at: Set(None),
            version: Set(1),
        };
        part::Entity::insert(row).exec_without_returning(db).await.unwrap();
        if first {
            let row = team_member::ActiveModel {
                id: Set(self.mint()),
                proposal_id: Set(proposal),
                account_id: Set(account),
                part_id: Set(Some(id)),
                role: Set(TeamRole::Coordinator),
                added_by: Set(None),
                added_at: Set(at),
                left_at: Set(None),
            };
            team_member::Entity::insert(row).exec_without_returning(db).await.unwrap();
        }
        let total = match requested {
            0 => 1_500_000,
            _ => requested * 10_000 / i64::from(agency.terms.intensity.basis_points()).max(1),
        };
        for k in 1..=3 {
            let row = participant::ActiveModel {
                id: Set(self.mint()),
                part_id: Set(id),
                organisation_id: Set(None),
                name: Set(format!("{} Company {n}-{k}", agency.country.code())),
                registration_no: Set(Some(format!("{}-{n}-{k}", agency.country.code()))),
                country: Set(agency.country),
                size_class: Set(SizeClass::Small),
                contact_name: Set("Con Tact".to_owned()),
                contact_email: Set(format!("contact{k}@company{n}.example")),
                role: Set("Meets customers".to_owned()),
                notice_given: Set(true),
                declarations: Set(Keys(vec![
                    "sme_status".into(),
                    "not_in_difficulty".into(),
                    "no_double_funding".into(),
                ])),
                cash_minor: Set(Some(if k == 1 { total - requested } else { 0 })),
                in_kind_minor: Set(Some(0)),
                version: Set(1),
                created_at: Set(at),
            };
            participant::Entity::insert(row).exec_without_returning(db).await.unwrap();
        }
        let row = activity_line::ActiveModel {
            id: Set(self.mint()),
            part_id: Set(id),
            position: Set(1),
            activity: Set("workshops_study_trips".to_owned()),
            title: Set("Study trip".to_owned()),
            description: Set("Three days with customers and partners.".to_owned()),
            place: Set("Vilnius".to_owned()),
            start_month: Set(2),
            end_month: Set(4),
            participants: Set(12),
            version: Set(1),
        };
        activity_line::Entity::insert(row).exec_without_returning(db).await.unwrap();
        let row = cost_line::ActiveModel {
            id: Set(self.mint()),
            part_id: Set(id),
            position: Set(1),
            category: Set("travel".to_owned()),
            activity_line_id: Set(None),
            description: Set("Flights and nights".to_owned()),
            minor: Set(total),
            version: Set(1),
        };
        cost_line::Entity::insert(row).exec_without_returning(db).await.unwrap();
        let row = funding_line::ActiveModel {
            id: Set(self.mint()),
            part_id: Set(id),
            position: Set(1),
            source: Set(FundingSource::PrivateCash),
            description: Set("Fees of the companies".to_owned()),
            minor: Set(total - requested),
            version: Set(1),
        };
        funding_line::Entity::insert(row).exec_without_returning(db).await.unwrap();
        id
    }

    /// Puts every part of the field into a state.
    pub async fn all_parts(&self, field: &Field, state: PartState) {
        for placed in &field.proposals {
            for id in &placed.parts {
                self.part_to(*id, state).await;
            }
        }
    }

    pub async fn part_to(&self, id: PartId, state: PartState) {
        let db = self.app.database().maintenance();
        let row = part::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
        let id = row.proposal_id;
        let mut row = row.into_active_model();
        row.state = Set(state);
        row.update(db).await.unwrap();
        let parts = part::Entity::find().filter(part::Column::ProposalId.eq(id)).all(db).await.unwrap();
        let states: Vec<PartState> = parts.iter().map(|p| p.state).collect();
        let mut whole = proposal::Entity::find_by_id(id).one(db).await.unwrap().unwrap().into_active_model();
        whole.state = Set(fairway::proposals::submission::rules::proposal_state(&states));
        whole.update(db).await.unwrap();
    }

    pub async fn part_state(&self, id: PartId) -> PartState {
        part::Entity::find_by_id(id).one(self.app.database().maintenance()).await.unwrap().unwrap().state
    }

    pub async fn call_to(&self, id: CallId, state: CallState) {
        let db = self.app.database().maintenance();
        let mut row = call::Entity::find_by_id(id).one(db).await.unwrap().unwrap().into_active_model();
        row.state = Set(state);
        row.update(db).await.unwrap();
    }

    /// An active member of the pool.
    pub async fn evaluator(&self, name: &str, organisation: &str, expertise: &str) -> EvaluatorId {
        let account = self.account(name).await;
        let db = self.app.database().maintenance();
        let known = evaluator::Entity::find().filter(evaluator::Column::AccountId.eq(account)).one(db).await.unwrap();
        if let Some(row) = known {
            return row.id;
        }
        let id: EvaluatorId = self.mint();
        let row = evaluator::ActiveModel {
            id: Set(id),
            account_id: Set(account),
            state: Set(EvaluatorState::Active),
            organisation: Set(organisation.to_owned()),
            expertise: Set(expertise.to_owned()),
            languages: Set("English".to_owned()),
            countries: Set("FI".to_owned()),
            capacity: Set(5),
            hours: Set(None),
            bio: Set(String::new()),
            search: Set(format!("{name} {organisation} {expertise}").to_lowercase()),
            invited_at: Set(self.app.now()),
            answered_at: Set(Some(self.app.now())),
            contract_until: Set(None),
            declaration_until: Set(None),
            renewed_at: Set(None),
            erased_at: Set(None),
            version: Set(1),
        };
        evaluator::Entity::insert(row).exec_without_returning(db).await.unwrap();
        id
    }

    /// An evaluator who was asked by the secretariat and has accepted.
    pub async fn assigned(&self, proposal: ProposalId, name: &str) -> AssignmentId {
        let evaluator = self.evaluator(name, &format!("Institute of {name}"), "maritime, health").await;
        let id = self.run(OLAF, InviteEvaluator { proposal, evaluator, due: None }).await;
        let accept = AcceptAssignment { assignment: id, signed_name: name.to_owned(), declared: true };
        self.run(name, accept).await;
        id
    }

    /// A sheet with the same points for every criterion, or others for those named.
    pub fn sheet(&self, points: &str, but: &[(&str, &str)]) -> Sheet {
        let entry = |c: entity::types::terms::Criterion| Entry {
            points: but.iter().find(|(key, _)| *key == c.key).map_or(points, |(_, p)| p).to_owned(),
            comment: COMMENT.to_owned(),
            criterion: c.key,
            abstained: None,
        };
        let criteria = super::calls::file_2017().call.criteria;
        Sheet { entries: criteria.into_iter().map(entry).collect(), ..Sheet::default() }
    }

    /// Submits a whole sheet.
    pub async fn judged(&self, assignment: AssignmentId, name: &str, sheet: Sheet) {
        let seen = self.ask(name, SheetOf(assignment)).await.version;
        self.run(name, SubmitSheet { assignment, seen, sheet }).await;
    }
}

/// Long enough for every criterion.
pub const COMMENT: &str =
    "The needs of the companies are shown by a survey and answered by a package of visits and coaching.";
