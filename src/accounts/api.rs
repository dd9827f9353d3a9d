//! The groups of the API that this area answers.

use super::{
    invitations::api::InvitationsApi, registration::api::RegistrationApi, roles::api::RolesApi,
    sessions::api::SessionsApi, tokens::api::TokensApi,
};

pub type Apis = (SessionsApi, RegistrationApi, TokensApi, RolesApi, InvitationsApi);

pub const APIS: Apis = (SessionsApi, RegistrationApi, TokensApi, RolesApi, InvitationsApi);
