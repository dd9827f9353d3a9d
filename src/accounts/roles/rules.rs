//! Which role goes with which scope.

use entity::types::states::{Role, ScopeKind};

/// Scopes a role can be given for.
pub fn scopes(role: Role) -> &'static [ScopeKind] {
    match role {
        Role::Administrator => &[ScopeKind::Platform],
        Role::Auditor => &[ScopeKind::Platform],
        Role::Secretariat | Role::PanelChair => &[ScopeKind::Platform, ScopeKind::Call],
        Role::AgencyOfficer | Role::ReportingOfficer => &[ScopeKind::Agency],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn officers_belong_to_an_agency_and_administrators_to_the_platform() {
        assert_eq!(scopes(Role::AgencyOfficer), [ScopeKind::Agency]);
        assert_eq!(scopes(Role::Administrator), [ScopeKind::Platform]);
        assert!(Role::ALL.iter().all(|role| !scopes(*role).is_empty()));
    }
}
