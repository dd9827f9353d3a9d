//! What of the activity log applicants see of their own proposal.
//!
//! The log also holds what officers and evaluators do with a proposal before it is told to anybody; so what
//! applicants see is named here, command by command, and nothing else is shown.

/// Commands of the applicants' side, and those whose outcome is public at once.
pub const TOLD: &[&str] = &[
    "StartProposal",
    "RenameProposal",
    "DiscardDraft",
    "SaveAnswers",
    "CompleteSection",
    "ReopenSection",
    "AssignSection",
    "InvitePartner",
    "InvitePerson",
    "AcceptInvitation",
    "DeclineInvitation",
    "AddParticipant",
    "EditParticipant",
    "RemoveParticipant",
    "SaveActivities",
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
