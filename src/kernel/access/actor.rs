//! Who acts.

use entity::types::{
    ids::{AccountId, CallId, OrganisationId, SessionId},
    states::{MembershipRole, OrganisationKind, Role},
};

/// A person, nobody yet, or the system itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    Nobody,
    Person(Box<Person>),
    /// A job or a command of the program, by name.
    System(&'static str),
}

/// A signed-in person with what was given to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub account: AccountId,
    pub name: String,
    pub email: String,
    pub grants: Vec<Grant>,
    pub memberships: Vec<Member>,
    /// Whether the person is an active member of the pool of evaluators.
    pub evaluator: bool,
    pub door: Door,
}

/// How a person came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    Session(SessionId),
    /// An API token, and whether it may write.
    Token {
        write: bool,
    },
}

/// A role for the platform (neither call nor agency), one call or one agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    pub role: Role,
    pub call: Option<CallId>,
    pub agency: Option<OrganisationId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    pub organisation: OrganisationId,
    pub kind: OrganisationKind,
    pub role: MembershipRole,
}

impl Actor {
    pub fn account(&self) -> Option<AccountId> {
        self.person().map(|person| person.account)
    }

    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) => Some(person),
            _ => None,
        }
    }

    /// The name the audit log keeps.
    pub fn name(&self) -> &str {
        match self {
            Self::Nobody => "somebody not signed in",
            Self::Person(person) => &person.name,
            Self::System(name) => name,
        }
    }

    /// Whether the actor has this role for the whole platform.
    pub fn has(&self, role: Role) -> bool {
        self.grants().iter().any(|g| g.role == role && g.call.is_none() && g.agency.is_none())
    }

    /// Whether the actor has this role for the platform or for this call.
    pub fn has_for_call(&self, role: Role, call: CallId) -> bool {
        self.grants().iter().any(|g| g.role == role && g.agency.is_none() && g.call.is_none_or(|c| c == call))
    }

    /// Whether the actor has this role anywhere.
    pub fn has_somewhere(&self, role: Role) -> bool {
        self.grants().iter().any(|g| g.role == role)
    }

    /// Agencies the actor has this role at.
    pub fn agencies(&self, role: Role) -> Vec<OrganisationId> {
        self.grants().iter().filter(|g| g.role == role).filter_map(|g| g.agency).collect()
    }

    /// Calls the actor has this role for; none means all of them.
    pub fn calls(&self, role: Role) -> Option<Vec<CallId>> {
        if self.has(role) {
            None
        } else {
            Some(self.grants().iter().filter(|g| g.role == role).filter_map(|g| g.call).collect())
        }
    }

    pub fn grants(&self) -> &[Grant] {
        self.person().map_or(&[], |person| &person.grants)
    }

    pub fn memberships(&self) -> &[Member] {
        self.person().map_or(&[], |person| &person.memberships)
    }

    /// Organisations the actor belongs to.
    pub fn organisations(&self) -> Vec<OrganisationId> {
        self.memberships().iter().map(|m| m.organisation).collect()
    }

    pub fn manages(&self, organisation: OrganisationId) -> bool {
        self.memberships().iter().any(|m| m.organisation == organisation && m.role == MembershipRole::Manager)
    }
}
