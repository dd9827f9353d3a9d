//! What of the activity log applicants and agencies see of a proposal.
//!
//! The log also holds what officers and evaluators do with a proposal before it is told to anybody, and who
//! evaluates it; so what others see is named here, command by command, and nothing else is shown.

/// Commands of the applicants' side, and those whose outcome is public at once.
pub const TOLD_TO_APPLICANTS: &[&str] = &[
    "StartProposal",
    "RenameProposal",
    "DiscardDraft",
    "SaveAnswers",
    "CompleteSection",
    "ReopenSection",
    "AssignSection",
    "InvitePartner",
    "InvitePerson",
    "AcceptPartnership",
    "JoinTeam",
    "DeclineInvitation",
    "WithdrawInvitation",
    "RemovePartner",
    "LeaveProposal",
    "HandOver",
    "ChangeRole",
    "RemovePerson",
    "SaveCompany",
    "RemoveCompany",
    "SaveActivity",
    "RemoveActivity",
    "SaveContact",
    "SaveBudget",
    "SaveTargets",
    "AskForLetter",
    "RemindSigner",
    "WithdrawLetter",
    "SignLetter",
    "SendSignedLetter",
    "RefuseLetter",
    "Attach",
    "Detach",
    "SubmitPart",
    "ReopenPart",
    "WithdrawPart",
    "KeepReceipt",
    "OpenCall",
    "CloseCall",
    "CorrectCall",
];

/// What an agency follows of the proposals handed in to it: submissions, checks, the release of decisions,
/// agreements and reports. Who evaluates, and who is in conflict with what, stands in none of these.
pub const TOLD_TO_AGENCIES: &[&str] = &[
    "SubmitPart",
    "ReopenPart",
    "WithdrawPart",
    "LeaveProposal",
    "KeepReceipt",
    "ProposeCheck",
    "ConfirmCheck",
    "ReturnCheck",
    "ReleaseDecisions",
    "SetAgreement",
    "ScheduleReports",
    "SubmitReport",
    "DecideReport",
    "RemindOfReport",
    "AskForReport",
    "OpenCall",
    "CloseCall",
    "CorrectCall",
    "StartEvaluation",
    "ArchiveCall",
];

/// What an agency does with a part of its own before it is told to anybody.
pub const TOLD_OF_ITS_PART: &[&str] = &["DraftDecision", "StoreLetter", "SaveReport"];

/// What follows an award, as its applicants read it.
pub const TOLD_OF_AWARDS: &[&str] = &[
    "ConfirmCheck",
    "SetAgreement",
    "ScheduleReports",
    "SaveReport",
    "SubmitReport",
    "DecideReport",
    "RemindOfReport",
    "AskForReport",
];
