//! Calls in their stages.

use crate::support::TestApp;
use chrono::{DateTime, Utc};
use entity::{
    calls::{annex, call},
    organisations::organisation,
    types::{
        ids::{AnnexId, CallId, OrganisationId},
        states::{CallState, Role},
    },
};
use fairway::{
    calls::{
        archive::{CallFile, commands::ImportCall, read, shipped},
        publishing::commands::{ApproveAnnex, PublishCall, SubmitForApproval},
    },
    kernel::Actor,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// The secretariat's officer.
pub const OLAF: &str = "Olaf Berg";

/// Agencies of the 2017 call with their two officers.
pub const OFFICERS: [(&str, &str, &str); 8] = [
    ("de-bw", "Petra Vogel", "Jonas Keller"),
    ("lt-mita", "Lina Kazlauskaite", "Tomas Petrauskas"),
    ("no-in", "Ingrid Dahl", "Lars Moen"),
    ("dk-sfu", "Mette Holm", "Anders Bach"),
    ("se-vinnova", "Karin Lund", "Erik Nyberg"),
    ("lv-liaa", "Ilze Ozola", "Janis Berzins"),
    ("pl-partner", "Anna Nowak", "Piotr Zielinski"),
    ("es-partner", "Lucia Ramos", "Pablo Ortega"),
];

/// A call with the ids tests need.
#[derive(Debug, Clone)]
pub struct CallScene {
    pub call: CallId,
    pub code: String,
    /// By the agency's key, for example `de-bw`.
    pub agencies: BTreeMap<String, AgencyScene>,
}

#[derive(Debug, Clone)]
pub struct AgencyScene {
    pub agency: OrganisationId,
    pub annex: AnnexId,
    /// The agency's deadline.
    pub deadline: DateTime<Utc>,
    /// The officer who approved the annex.
    pub officer: String,
    pub second: String,
}

impl CallScene {
    /// The agency with this key.
    #[track_caller]
    pub fn agency(&self, key: &str) -> &AgencyScene {
        &self.agencies[key]
    }

    /// When the last agency closes.
    pub fn last_deadline(&self) -> DateTime<Utc> {
        self.agencies.values().map(|a| a.deadline).max().unwrap()
    }
}

/// The file of the real 2017 call.
pub fn file_2017() -> CallFile {
    read(shipped::INNOVATION_EXPRESS_2017).unwrap()
}

impl TestApp {
    /// The real 2017 call as a draft, with Olaf Berg as secretariat and two officers for each agency.
    pub async fn draft_call_2017(&self) -> CallScene {
        self.draft_call(file_2017()).await
    }

    /// A call of a file as a draft, with its people.
    pub async fn draft_call(&self, file: CallFile) -> CallScene {
        let code = file.code.clone();
        self.grant(OLAF, Role::Secretariat, None, None).await;
        let call = self.app.run(&Actor::System("scene"), ImportCall(file)).await.unwrap();
        let db = self.app.database().maintenance();
        let rows = annex::Entity::find()
            .find_also_related(organisation::Entity)
            .filter(annex::Column::CallId.eq(call))
            .order_by_asc(annex::Column::Position)
            .all(db)
            .await
            .unwrap();
        let mut agencies = BTreeMap::new();
        for (row, agency) in rows {
            let agency = agency.unwrap();
            let key = agency.key.unwrap();
            let (_, officer, second) = OFFICERS.iter().find(|(k, ..)| *k == key).unwrap();
            for name in [officer, second] {
                self.grant(name, Role::AgencyOfficer, None, Some(agency.id)).await;
            }
            let scene = AgencyScene {
                agency: agency.id,
                annex: row.id,
                deadline: row.deadline_at,
                officer: (*officer).to_owned(),
                second: (*second).to_owned(),
            };
            agencies.insert(key, scene);
        }
        CallScene { call, code, agencies }
    }

    /// The real 2017 call, sent to the agencies and approved by all of them.
    pub async fn approved_call_2017(&self) -> CallScene {
        let scene = self.draft_call_2017().await;
        self.run(OLAF, SubmitForApproval(scene.call)).await;
        for agency in scene.agencies.values() {
            self.run(&agency.officer, ApproveAnnex { annex: agency.annex, seen: 1 }).await;
        }
        scene
    }

    /// The real 2017 call, announced and open on the first day of the test.
    pub async fn open_call_2017(&self) -> CallScene {
        let scene = self.approved_call_2017().await;
        self.run(OLAF, PublishCall(scene.call)).await;
        self.work().await;
        assert_eq!(self.call_state(scene.call).await, CallState::Open);
        scene
    }

    /// The state a call is in.
    pub async fn call_state(&self, id: CallId) -> CallState {
        let row = call::Entity::find_by_id(id).one(self.app.database().maintenance()).await;
        row.unwrap().unwrap().state
    }

    /// The real 2017 call after its last deadline.
    pub async fn close_call(&self, scene: &CallScene) {
        self.jump(scene.last_deadline() + chrono::TimeDelta::seconds(1));
        self.work().await;
        assert_eq!(self.call_state(scene.call).await, CallState::Closed);
    }
}
