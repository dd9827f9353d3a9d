//! The groups of the API that this area answers.

use super::{labels::api::LabelsApi, members::api::MembersApi};

pub type Apis = (MembersApi, LabelsApi);

pub const APIS: Apis = (MembersApi, LabelsApi);
