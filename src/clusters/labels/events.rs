//! What happens to labels.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event},
};
use chrono::NaiveDate;
use entity::types::{
    ids::{FileId, LabelId, OrganisationId},
    period,
    states::LabelLevel,
};
use serde_json::json;

pub enum LabelEvent {
    Recorded {
        cluster: OrganisationId,
        label: LabelId,
        level: LabelLevel,
        valid_until: NaiveDate,
        renewed: bool,
    },
    /// The certificate of a label was added, or another took its place.
    Certified {
        cluster: OrganisationId,
        label: LabelId,
        level: LabelLevel,
        file: FileId,
    },
}

impl Event for LabelEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Recorded { cluster, label, level, valid_until, renewed } => {
                let verb = if *renewed { "renewed" } else { "recorded" };
                let until = period::day(*valid_until);
                let line = format!("{verb} the {} label, valid until {until}", level.label().to_lowercase());
                AuditLine::new(Subject::Organisation(*cluster), line).data(json!({ "label": label }))
            }
            Self::Certified { cluster, label, level, file } => {
                let line = format!("added the certificate of the {} label", level.label().to_lowercase());
                AuditLine::new(Subject::Organisation(*cluster), line).data(json!({ "label": label, "file": file }))
            }
        }
    }
}
