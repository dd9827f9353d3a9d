//! All operations on calls.

use super::{archive::api::ArchiveApi, public::api::PublicCallsApi, publishing::api::PublishingApi};

/// The groups of operations.
pub type Apis = (PublicCallsApi, ArchiveApi, PublishingApi);

/// One of each group.
pub const APIS: Apis = (PublicCallsApi, ArchiveApi, PublishingApi);
