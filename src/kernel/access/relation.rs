//! What an actor is to the thing at hand.

macro_rules! relations {
    ($($(#[doc = $doc:literal])* $name:ident),+ $(,)?) => {
        /// A relation of an actor to a subject; roles are given, the rest follows from rows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Relation { $($(#[doc = $doc])* $name),+ }

        impl Relation {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }
        }
    };
}

relations! {
    /// Everybody, signed in or not.
    Anyone,
    /// Anybody with a confirmed account.
    SignedIn,
    /// The person the account belongs to, or who ordered the job.
    Oneself,
    /// A member of the organisation.
    Member,
    /// A manager of the organisation.
    Manager,
    /// Coordinates the proposal.
    Coordinator,
    /// Works on this part, with the right to change it.
    PartEditor,
    /// Works on another part of the same proposal, or may only read.
    Partner,
    /// Was invited to evaluate and has not answered yet.
    InvitedEvaluator,
    /// Accepted the assignment after a conflict declaration.
    AssignedEvaluator,
    /// Chairs the panel of the call.
    PanelChair,
    /// Takes part in a panel that discusses the proposal.
    PanelMember,
    /// Leads the panel at hand: its chair, or the deputy.
    Presiding,
    /// Belongs to the joint secretariat of the call.
    CallOfficer,
    /// Officer of the agency at hand; for a call or proposal, of one of its agencies.
    AgencyOfficer,
    /// Checks reports of the agency at hand.
    ReportingOfficer,
    /// Reads everything, changes nothing.
    Auditor,
    /// Runs the platform; sees accounts and settings, not proposals.
    Administrator,
    /// Has a conflict of interest here, which beats every other relation.
    Conflicted,
}

/// A set of relations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Relations(u32);

impl Relations {
    pub fn add(&mut self, relation: Relation) {
        self.0 |= 1 << relation as u32;
    }

    pub fn with(mut self, relation: Relation) -> Self {
        self.add(relation);
        self
    }

    pub fn has(self, relation: Relation) -> bool {
        self.0 & (1 << relation as u32) != 0
    }

    pub fn has_any(self, relations: &[Relation]) -> bool {
        relations.iter().any(|&r| self.has(r))
    }

    /// Only those of these relations that the actor has.
    #[must_use]
    pub fn only(self, relations: &[Relation]) -> Self {
        relations.iter().filter(|&&r| self.has(r)).fold(Self::default(), |all, &r| all.with(r))
    }

    /// Whether the actor is anything more to the subject than anybody who signed in.
    pub fn is_stranger(self) -> bool {
        Relations(self.0 & !(1 << Relation::Anyone as u32 | 1 << Relation::SignedIn as u32)).0 == 0
    }
}
