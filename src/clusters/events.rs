//! What happens to clusters.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event},
};
use chrono::NaiveDate;
use entity::types::{
    ids::{LabelId, OrganisationId},
    period,
    states::LabelLevel,
};
use serde_json::json;

pub enum ClusterEvent {
    /// A membership list was changed: organisations added, memberships ended, organisations newly registered.
    MembersChanged {
        cluster: OrganisationId,
        added: usize,
        ended: usize,
        registered: usize,
    },
    LabelRecorded {
        cluster: OrganisationId,
        label: LabelId,
        level: LabelLevel,
        valid_until: NaiveDate,
        renewed: bool,
    },
}

impl Event for ClusterEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::MembersChanged { cluster, added, ended, registered } => {
                let line =
                    format!("changed the membership list: {added} added, {ended} ended, {registered} newly registered");
                AuditLine::new(Subject::Organisation(*cluster), line)
            }
            Self::LabelRecorded { cluster, label, level, valid_until, renewed } => {
                let verb = if *renewed { "renewed" } else { "recorded" };
                let until = period::day(*valid_until);
                let line = format!("{verb} the {} label, valid until {until}", level.label().to_lowercase());
                AuditLine::new(Subject::Organisation(*cluster), line).data(json!({ "label": label }))
            }
        }
    }
}
