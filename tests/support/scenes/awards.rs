//! A call whose ranking is fixed, and people who decide and report.

use super::evaluation::Field;
use crate::support::{TestApp, people::Page};
use entity::{
    decisions::decision,
    evaluation::{conflict, ranking, ranking_line},
    proposals::kpi_target,
    types::{
        ids::{CallId, FileId, ProposalId, ScenarioId},
        money::Currency,
        states::{CallState, DecisionState, Outcome, PartState, RankingState, Role},
    },
};
use fairway::{
    calls::archive::CallFile, decisions::commands::StoreLetter, documents::files::commands::keep, kernel::Actor,
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

impl TestApp {
    /// Ranked proposals in the order they stand in; all but the last are above the thresholds. Olaf Berg is of
    /// the secretariat, Lina Laukyte of the Lithuanian and Dorte Dahl of the Danish agency.
    pub async fn ranked_field(&self, proposals: usize) -> Field {
        self.ranked_field_of(super::calls::file_2017(), proposals).await
    }

    /// The call of a file, ranked as in [`ranked_field`](Self::ranked_field).
    pub async fn ranked_field_of(&self, file: CallFile, proposals: usize) -> Field {
        let field = self.field_of(file, CallState::Evaluating, proposals).await;
        let account = self.account("Olaf Berg").await;
        let db = self.app.database().maintenance();
        let ranking: entity::types::ids::RankingId =
            fairway::kernel::tx::new_uuid(self.app.now(), self.app.chance()).into();
        let row = ranking::ActiveModel {
            id: Set(ranking),
            call_id: Set(field.call),
            number: Set(1),
            state: Set(RankingState::Fixed),
            reason: Set(String::new()),
            digest: Set(Some("0".repeat(64))),
            made_by: Set(account),
            made_at: Set(self.app.now()),
            fixed_by: Set(Some(account)),
            fixed_at: Set(Some(self.app.now())),
            document: Set(None),
        };
        ranking::Entity::insert(row).exec_without_returning(db).await.unwrap();
        self.all_parts(&field, PartState::Recommended).await;
        for (n, proposal) in field.proposals.iter().enumerate() {
            let passes = n + 1 < proposals || proposals == 1;
            let line = ranking_line::ActiveModel {
                id: Set(fairway::kernel::tx::new_uuid(self.app.now(), self.app.chance()).into()),
                ranking_id: Set(ranking),
                proposal_id: Set(proposal.id),
                rank: Set(i32::try_from(n).unwrap() + 1),
                total: Set(450 - i32::try_from(n).unwrap() * 10),
                passes: Set(passes),
                spread: Set(50),
                tie_reason: Set(None),
                detail: Set(serde_json::json!({})),
            };
            ranking_line::Entity::insert(line).exec_without_returning(db).await.unwrap();
            for part in &proposal.parts {
                if !passes {
                    self.part_to(*part, PartState::NotRecommended).await;
                }
                let target = kpi_target::ActiveModel {
                    id: Set(fairway::kernel::tx::new_uuid(self.app.now(), self.app.chance()).into()),
                    part_id: Set(*part),
                    kpi: Set("b2b_meetings".to_owned()),
                    target: Set(20),
                    version: Set(1),
                };
                kpi_target::Entity::insert(target).exec_without_returning(db).await.unwrap();
            }
        }
        self.call_to(field.call, CallState::Ranked).await;
        self.grant("Olaf Berg", Role::Secretariat, None, None).await;
        self.grant("Lina Laukyte", Role::AgencyOfficer, None, Some(field.agencies["lt-mita"].id)).await;
        self.grant("Dorte Dahl", Role::AgencyOfficer, None, Some(field.agencies["dk-sfu"].id)).await;
        field
    }

    /// A printed letter for every part of a field, in their order, as if decided and released.
    pub async fn letters(&self, field: &Field) -> Vec<FileId> {
        let db = self.app.database().maintenance();
        let mut files = Vec::new();
        for part in field.proposals.iter().flat_map(|proposal| &proposal.parts) {
            let row = decision::ActiveModel {
                id: Set(fairway::kernel::tx::new_uuid(self.app.now(), self.app.chance()).into()),
                part_id: Set(*part),
                ranking_id: Set(None),
                outcome: Set(Outcome::Reject),
                minor: Set(0),
                currency: Set(Currency::Eur),
                reason: Set("Not this time.".to_owned()),
                conditions: Set(String::new()),
                state: Set(DecisionState::Released),
                drafted_by: Set(self.account("Olaf Berg").await),
                drafted_at: Set(self.app.now()),
                released_by: Set(Some(self.account("Olaf Berg").await)),
                released_at: Set(Some(self.app.now())),
                letter_file_id: Set(None),
                reserve_place: Set(None),
                reserve_until: Set(None),
                version: Set(1),
            };
            let decision = row.id.clone().unwrap();
            decision::Entity::insert(row).exec_without_returning(db).await.unwrap();
            let file = keep(self.app.store(), "letter.pdf", "application/pdf", b"%PDF-1.7 letter").await.unwrap();
            let store = StoreLetter { call: field.call, decision, file, summary: None };
            self.part_to(*part, PartState::Rejected).await;
            files.push(self.app.run(&Actor::System("decisions"), store).await.unwrap().unwrap());
        }
        files
    }

    /// Somebody has a conflict of interest with a proposal.
    pub async fn conflict_of(&self, name: &str, proposal: ProposalId) {
        let row = conflict::ActiveModel {
            id: Set(fairway::kernel::tx::new_uuid(self.app.now(), self.app.chance()).into()),
            account_id: Set(self.account(name).await),
            proposal_id: Set(Some(proposal)),
            organisation_id: Set(None),
            reason: Set("A brother works there".to_owned()),
            declared_by: Set(None),
            declared_at: Set(self.app.now()),
            withdrawn_at: Set(None),
        };
        conflict::Entity::insert(row).exec_without_returning(self.app.database().maintenance()).await.unwrap();
    }

    /// Every officer confirms the list of their agency as the preview shows it.
    pub async fn confirm_lists(&self, field: &Field) {
        for name in ["Dorte Dahl", "Lina Laukyte", "Ilze Ozola"] {
            let browser = self.as_(name).await;
            let page = browser.get(&format!("/staff/calls/{}/decisions/preview", field.call)).await;
            for action in page.actions("/confirm") {
                browser.press(&page, &action, &[]).await.expect(303);
            }
        }
    }

    /// Olaf Berg releases all decisions as the preview shows them.
    pub async fn release(&self, field: &Field) -> Page {
        let olaf = self.as_("Olaf Berg").await;
        let path = format!("/staff/calls/{}/decisions", field.call);
        let page = olaf.get(&format!("{path}/preview")).await.expect(200);
        olaf.press(&page, &format!("{path}/release"), &[]).await
    }

    /// Olaf Berg adopts strict skip for the fixed ranking of a call, as programs do.
    pub async fn adopt_strict_skip(&self, call: CallId) -> ScenarioId {
        let olaf = self.program("Olaf Berg").await;
        let body = json!({ "name": "Strict skip", "settings": { "strategy": "strict_skip" } });
        let (status, made) = olaf.post(&format!("/calls/{call}/scenarios"), body).await;
        assert_eq!(status.as_u16(), 200, "{made}");
        let id = made["id"].as_str().unwrap().to_owned();
        let body = json!({ "version": 1, "reason": "The rule of the call.", "signed_name": "Olaf Berg" });
        let (status, signed) = olaf.post(&format!("/calls/{call}/scenarios/{id}/adopt"), body).await;
        assert_eq!(status.as_u16(), 200, "{signed}");
        id.parse().unwrap()
    }

    /// A scenario by strict skip beside another, adopted where decisions are released already; gives the one to look at.
    pub async fn scenarios_of(&self, field: &Field, state: CallState) -> ScenarioId {
        self.call_to(field.call, CallState::Ranked).await;
        let stop = json!({ "name": "Strict stop", "settings": { "strategy": "strict_stop", "top_up": "50000" } });
        let (status, made) =
            self.program("Olaf Berg").await.post(&format!("/calls/{}/scenarios", field.call), stop).await;
        assert_eq!(status.as_u16(), 200, "{made}");
        let id = match state {
            CallState::Ranked => made["id"].as_str().unwrap().parse().unwrap(),
            _ => self.adopt_strict_skip(field.call).await,
        };
        self.call_to(field.call, state).await;
        id
    }

    /// A field whose decisions are proposed, confirmed and released.
    pub async fn decided_field(&self, proposals: usize) -> Field {
        self.decided_field_of(super::calls::file_2017(), proposals).await
    }

    /// The call of a file, decided as in [`decided_field`](Self::decided_field).
    pub async fn decided_field_of(&self, file: CallFile, proposals: usize) -> Field {
        let field = self.ranked_field_of(file, proposals).await;
        let olaf = self.as_("Olaf Berg").await;
        self.adopt_strict_skip(field.call).await;
        olaf.post(&format!("/staff/calls/{}/decisions/propose", field.call), &[]).await.expect(303);
        self.confirm_lists(&field).await;
        self.release(&field).await.expect(303);
        self.work().await;
        field
    }
}
