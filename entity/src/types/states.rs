//! Every state and kind of the platform on one screen. The arrows between them are in each feature's `rules.rs`.

use super::BadValue;
use sea_orm::{DeriveActiveEnum, EnumIter, prelude::StringLen};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal $label:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))")]
        pub enum $name {
            $(#[sea_orm(string_value = $text)] #[serde(rename = $text)] $variant),+
        }
        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The word stored in the database and sent by the API.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
            /// The words people read.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
        impl FromStr for $name {
            type Err = BadValue;
            fn from_str(text: &str) -> Result<Self, BadValue> {
                Self::ALL.iter().copied().find(|v| v.word() == text)
                    .ok_or_else(|| BadValue::new("Choose one from the list"))
            }
        }
    )+
    /// Every enumeration with the words its column may hold; the schema's CHECKs are compared with it.
    pub const WORDS: &[(&str, &[&str])] = &[$((stringify!($name), &[$($text),+])),+];
    };
}

words! {
    AccountState { Pending = "pending" "waiting for confirmation", Active = "active" "active", Locked = "locked" "locked", Erased = "erased" "erased" }
    /// Roles given to a person by somebody; what follows from membership or assignment is a relation instead.
    Role {
        Administrator = "administrator" "Administrator",
        Auditor = "auditor" "Auditor",
        Secretariat = "secretariat" "Joint secretariat",
        PanelChair = "panel_chair" "Panel chair",
        AgencyOfficer = "agency_officer" "Agency officer",
        ReportingOfficer = "reporting_officer" "Reporting officer",
    }
    ScopeKind { Platform = "platform" "the whole platform", Call = "call" "one call", Agency = "agency" "one agency", Organisation = "organisation" "one organisation" }
    InvitationKind {
        Role = "role" "a role",
        Member = "member" "an organisation",
        Partner = "partner" "a proposal as partner",
        Team = "team" "a proposal as person",
        Evaluator = "evaluator" "the pool of evaluators",
    }
    TokenPurpose { ConfirmEmail = "confirm_email" "confirm an address", ResetPassword = "reset_password" "set a new password" }
    OrganisationKind { Sme = "sme" "SME", Cluster = "cluster" "Cluster", Agency = "agency" "Agency", Research = "research" "Research organisation", Other = "other" "Other" }
    MembershipRole { Manager = "manager" "Manager", Member = "member" "Member" }
    MembershipState { Requested = "requested" "asks to join", Active = "active" "active", Refused = "refused" "refused", Left = "left" "left" }
    LabelLevel { Bronze = "bronze" "Bronze", Silver = "silver" "Silver", Gold = "gold" "Gold" }
    /// Life of a call (lifecycle.json, object "call").
    CallState {
        Draft = "draft" "Draft",
        AgencyReview = "agency_review" "With the agencies",
        Announced = "announced" "Announced",
        Open = "open" "Open",
        Closed = "closed" "Closed",
        Evaluating = "evaluating" "In evaluation",
        Ranked = "ranked" "Ranked",
        Decided = "decided" "Decided",
        Archived = "archived" "Archived",
    }
    AnnexState { Draft = "draft" "Draft", Approved = "approved" "Approved" }
    /// Whether an agency pays in a call (call texts of 2016 and 2017).
    AnnexClass { Funding = "funding" "Funding partner", Cooperation = "cooperation" "Cooperation partner", Extended = "extended" "Extended partner" }
    ProposalState { Draft = "draft" "Draft", Submitted = "submitted" "Submitted", Withdrawn = "withdrawn" "Withdrawn" }
    /// Life of a part (lifecycle.json, object "part"), as far as it exists here.
    PartState {
        Draft = "draft" "Draft",
        Submitted = "submitted" "Submitted",
        Withdrawn = "withdrawn" "Withdrawn",
        Eligible = "eligible" "Eligible",
        Ineligible = "ineligible" "Not eligible",
        Recommended = "recommended" "Above the thresholds",
        NotRecommended = "not_recommended" "Below a threshold",
        Awarded = "awarded" "Awarded",
        Reserve = "reserve" "On the reserve list",
        Rejected = "rejected" "Not funded",
        Contracted = "contracted" "Running",
        Closed = "closed" "Closed",
    }
    SizeClass { Micro = "micro" "Micro", Small = "small" "Small", Medium = "medium" "Medium", Large = "large" "Large" }
    /// Who pays a part of the costs that the grant does not.
    FundingSource { OwnCash = "own_cash" "Own money", PrivateCash = "private_cash" "Companies' money", PrivateInKind = "private_in_kind" "Companies' work (in kind)", OtherPublic = "other_public" "Other public money" }
    LetterState { Asked = "asked" "Waiting for signature", Signed = "signed" "Signed", Refused = "refused" "Refused", Withdrawn = "withdrawn" "Withdrawn" }
    TeamRole { Coordinator = "coordinator" "Coordinator", Editor = "editor" "Can edit", Viewer = "viewer" "Can read" }
    SectionState { Open = "open" "To do", Complete = "complete" "Complete" }
    Verdict { Eligible = "eligible" "Eligible", Ineligible = "ineligible" "Not eligible" }
    CheckState { Proposed = "proposed" "Waiting for the second officer", Confirmed = "confirmed" "Confirmed", Returned = "returned" "Returned to the first officer" }
    /// What a stretch of days in an evaluator's calendar says.
    PeriodKind { Available = "available" "Available", Away = "away" "Not available" }
    EvaluatorState { Invited = "invited" "Invited", Active = "active" "Active", Declined = "declined" "Declined", Left = "left" "Left" }
    /// Where somebody is between being wanted as an evaluator of a call and the answer.
    RecruitmentState {
        Listed = "listed" "To be invited",
        Invited = "invited" "Invited",
        Accepted = "accepted" "Accepted",
        Declined = "declined" "Declined",
        Lapsed = "lapsed" "No answer",
        Withdrawn = "withdrawn" "Taken back",
    }
    /// Life of an assignment (lifecycle.json, object "review"), as far as it exists here.
    AssignmentState {
        Invited = "invited" "Invited",
        Accepted = "accepted" "Accepted",
        Declined = "declined" "Declined",
        Conflicted = "conflicted" "Conflict of interest",
        InProgress = "in_progress" "In progress",
        Submitted = "submitted" "Submitted",
        Withdrawn = "withdrawn" "Withdrawn",
    }
    /// What somebody states as an interest of theirs.
    InterestKind {
        Employment = "employment" "Work for an organisation",
        Board = "board" "Seat on a board or in the management",
        Adviser = "adviser" "Advice to an organisation",
        Member = "member" "Membership of an organisation",
        Share = "share" "Share in a company",
        Cluster = "cluster" "Cluster I or my organisation belong to",
        Project = "project" "Partner in a past joint project",
        Person = "person" "Person close to me",
        Email = "email" "Another e-mail address of mine",
    }
    /// What kind of tie the check for conflicts of interest found.
    FindingKind {
        SamePerson = "same_person" "The same person",
        Declared = "declared" "Named as an interest",
        Employer = "employer" "Employer",
        PastEmployer = "past_employer" "Former employer",
        MailDomain = "mail_domain" "Mail address",
        Seat = "seat" "Seat, membership or share",
        PastSeat = "past_seat" "Former seat",
        ClusterBoard = "cluster_board" "Board of the same cluster",
        SameCluster = "same_cluster" "Same cluster",
        Ownership = "ownership" "Ownership",
        PastProposal = "past_proposal" "Earlier joint proposal",
        Rival = "rival" "Rival in the same call",
        SameCountry = "same_country" "Same country",
        FamilyName = "family_name" "Family name and address",
    }
    /// How much a tie says, the graver later.
    FindingStrength { Hint = "hint" "Hint", Likely = "likely" "Likely", Barring = "barring" "Barring" }
    FindingState { Open = "open" "To be decided", Confirmed = "confirmed" "Conflict", Dismissed = "dismissed" "No conflict", Gone = "gone" "No longer found" }
    /// Life of the case of a proposal whose evaluators saw different things (lifecycle.json, object "review", from
    /// third_review on).
    ConsensusState {
        ThirdReview = "third_review" "Third review needed",
        Writing = "writing" "Consensus being written",
        Signing = "signing" "Waiting for signatures",
        Disputed = "disputed" "Somebody disagrees",
        Agreed = "agreed" "Signed by all",
        ToPanel = "to_panel" "Goes to the panel",
        Waived = "waived" "Waived",
        Settled = "settled" "No longer apart",
    }
    /// What a reviewer answered to the draft of a consensus.
    VoiceState { Open = "open" "Not answered", Signed = "signed" "Signed", Disagrees = "disagrees" "Disagrees", Left = "left" "No longer part of it" }
    /// Who agreed on points that count instead of the evaluators' own.
    AgreedSource { Consensus = "consensus" "consensus of the evaluators", Panel = "panel" "the panel" }
    PanelState { Planned = "planned" "Planned", Open = "open" "In session", Paused = "paused" "Paused", Closed = "closed" "Closed", Signed = "signed" "Minutes signed" }
    /// What the order of discussion follows.
    PanelOrder {
        ByHand = "by_hand" "The order set by hand",
        ByTotal = "by_total" "Highest total first",
        BySpread = "by_spread" "Furthest apart first",
        Escalated = "escalated" "What a consensus could not settle first",
        ByCode = "by_code" "Code of the proposal",
    }
    PanelItemState { Waiting = "waiting" "Waiting", Discussed = "discussed" "Being discussed", Decided = "decided" "Decided", Deferred = "deferred" "Deferred" }
    /// Who came and went, and who was out of the room for one proposal.
    PresenceKind { Arrived = "arrived" "Arrived", Went = "went" "Left", Out = "out" "Out of the room", Back = "back" "Back in the room" }
    /// Why somebody is out of the room; minutes tell this and no more.
    OutReason {
        Declared = "declared" "A declared conflict of interest",
        Found = "found" "A conflict of interest found by the check",
        Organisation = "organisation" "A tie to an organisation that takes part",
        Recused = "recused" "Recused as an evaluator of the proposal",
        Applicant = "applicant" "Works on the proposal",
    }
    VoteChoice { Yes = "yes" "Yes", No = "no" "No", Abstain = "abstain" "Abstain" }
    VoteState { Open = "open" "Open", Closed = "closed" "Closed", Stopped = "stopped" "Stopped without a result" }
    VoteResult { Carried = "carried" "Carried", Lost = "lost" "Not carried", Tied = "tied" "Tied, not carried", Casting = "casting" "Tied, carried by the casting vote" }
    /// The deputy signs too when the chair was out of the room for a part of the meeting.
    MinutesState { Half = "half" "Waits for the second signature", Signed = "signed" "Signed", Replaced = "replaced" "Replaced" }
    TrainingState { Draft = "draft" "Draft", Open = "open" "Open to evaluators", Withdrawn = "withdrawn" "Withdrawn" }
    /// A draft of who judges what; only a deployed one has become invitations.
    PlanState { Drafted = "drafted" "Draft", Computing = "computing" "Being computed", Ready = "ready" "Ready", Failed = "failed" "Cannot be kept", Deployed = "deployed" "Deployed", Superseded = "superseded" "Superseded" }
    /// How a pair came into a draft; a task was given outside of it.
    PairOrigin { Computed = "computed" "Computed", ByHand = "by_hand" "Added by hand", Imported = "imported" "From a list", Task = "task" "Asked already" }
    /// What an evaluator wishes for a proposal before anybody is asked.
    WishKind { Eager = "eager" "I would like to", Willing = "willing" "I can", Unwilling = "unwilling" "I would rather not" }
    RankingState { Draft = "draft" "Draft", Fixed = "fixed" "Fixed", Replaced = "replaced" "Replaced" }
    /// Announced before anybody can know the seed; the chair signs what was drawn.
    LotteryState { Announced = "announced" "Announced", Drawn = "drawn" "Drawn", Signed = "signed" "Signed", Withdrawn = "withdrawn" "Withdrawn" }
    /// A way from the ranking to money; what is adopted says who is funded.
    ScenarioState { Drafted = "drafted" "Draft", Computing = "computing" "Being computed", Computed = "computed" "Computed", Adopted = "adopted" "Adopted", SetAside = "set_aside" "Set aside" }
    /// What a consortium does when a part of it cannot be paid (domain.md 6.2).
    StrandedOption { Smaller = "smaller" "Go on with fewer parts", PayOneself = "pay_oneself" "Pay the part ourselves", Replace = "replace" "Name another partner", Withdraw = "withdraw" "Withdraw the proposal" }
    Outcome { Fund = "fund" "Funded", Reserve = "reserve" "Reserve list", Reject = "reject" "Not funded" }
    DecisionState { Pending = "pending" "Pending", Released = "released" "Released" }
    AgreementState { Draft = "draft" "Being prepared", Active = "active" "Running", Closed = "closed" "Closed" }
    ReportKind { Interim = "interim" "Interim report", Final = "final" "Final report" }
    ReportState { Due = "due" "Due", Draft = "draft" "Draft", Submitted = "submitted" "Submitted", Returned = "returned" "Returned", Accepted = "accepted" "Accepted" }
    MailState { Held = "held" "Held for the daily digest", Queued = "queued" "Queued", Sent = "sent" "Sent", Kept = "kept" "Kept, not sent", Failed = "failed" "Failed", Digested = "digested" "Sent in a digest" }
    /// How urgent a mail is: receipts and decisions go at once whatever a person prefers.
    MailClass { Essential = "essential" "Receipts, decisions and account security", Work = "work" "Things to do", News = "news" "News of calls" }
    MailPace { AtOnce = "at_once" "At once", Daily = "daily" "Once a day", Never = "never" "Not by mail" }
    JobState { Queued = "queued" "Queued", Running = "running" "Running", Done = "done" "Done", Failed = "failed" "Failed" }
}
