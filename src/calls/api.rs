//! All operations on calls.

use super::{
    annexes::api::AnnexesApi, archive::api::ArchiveApi, corrigenda::api::CorrigendaApi, editor::api::EditorApi,
    figures::api::FiguresApi, public::api::PublicCallsApi, publishing::api::PublishingApi,
};

/// The groups of operations.
pub type Apis = (PublicCallsApi, EditorApi, AnnexesApi, PublishingApi, CorrigendaApi, ArchiveApi, FiguresApi);

/// One of each group.
pub const APIS: Apis = (PublicCallsApi, EditorApi, AnnexesApi, PublishingApi, CorrigendaApi, ArchiveApi, FiguresApi);
