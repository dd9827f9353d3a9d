//! The groups of the API that this area answers.

use super::{kpis::api::KpisApi, reports::api::ReportsApi};

pub type Apis = (ReportsApi, KpisApi);

pub const APIS: Apis = (ReportsApi, KpisApi);
