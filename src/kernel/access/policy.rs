//! The one table of who may do what, and the decision.

use super::{
    permission::Permission::{self, *},
    relation::{Relation, Relation::*, Relations},
};
use crate::kernel::error::{AppError, Denial};
use entity::types::states::CallState::{self, *};

/// One line of the policy: any of these relations, in any of these phases of the call (none means always).
pub struct Rule {
    pub permission: Permission,
    pub relations: &'static [Relation],
    pub phases: &'static [CallState],
}

const fn rule(permission: Permission, relations: &'static [Relation], phases: &'static [CallState]) -> Rule {
    Rule { permission, relations, phases }
}

const ALWAYS: &[CallState] = &[];
const PUBLIC: &[CallState] = &[Announced, Open, Closed, Evaluating, Ranked, Decided, Archived];
const BEFORE_PUBLIC: &[CallState] = &[Draft, AgencyReview];
const AFTER_CLOSING: &[CallState] = &[Closed, Evaluating, Ranked, Decided, Archived];
const APPLICANTS: &[Relation] = &[Coordinator, PartEditor, Partner];

pub const POLICY: &[Rule] = &[
    rule(EnterPlatform, &[Anyone], ALWAYS),
    rule(UseOwnAccount, &[SignedIn], ALWAYS),
    rule(SeeAccounts, &[Administrator, Auditor], ALWAYS),
    rule(ManageAccounts, &[Administrator], ALWAYS),
    rule(SeeOrganisations, &[SignedIn], ALWAYS),
    rule(RegisterOrganisation, &[SignedIn], ALWAYS),
    rule(EditOrganisation, &[Manager, Administrator], ALWAYS),
    rule(SeePeople, &[Member, Manager, Administrator, Auditor], ALWAYS),
    rule(ManagePeople, &[Manager, Administrator], ALWAYS),
    rule(SeeClusterMembers, &[Member, Manager, Administrator, Auditor], ALWAYS),
    rule(EditClusterMembers, &[Manager], ALWAYS),
    rule(RecordLabel, &[Manager, Administrator], ALWAYS),
    // Narrowed by the scope of calls: what is not public is seen by the people who work on it.
    rule(SeeCalls, &[Anyone], ALWAYS),
    rule(ReadCall, &[Anyone], PUBLIC),
    rule(PreviewCall, &[CallOfficer, AgencyOfficer, ReportingOfficer, PanelChair, Auditor], ALWAYS),
    rule(DraftCall, &[CallOfficer], ALWAYS),
    rule(EditCall, &[CallOfficer], BEFORE_PUBLIC),
    rule(EditAnnex, &[AgencyOfficer, CallOfficer], BEFORE_PUBLIC),
    rule(ApproveAnnex, &[AgencyOfficer], &[AgencyReview]),
    rule(PublishCall, &[CallOfficer], &[AgencyReview, Announced]),
    rule(CorrectCall, &[CallOfficer], &[Announced, Open]),
    // Budget, ceiling and intensity are the agency's promise, so nobody changes them for it.
    rule(CorrectAnnex, &[AgencyOfficer], &[Announced, Open]),
    rule(AdvanceCall, &[CallOfficer], &[Open, Closed, Evaluating, Decided]),
    rule(SeeCallFigures, &[CallOfficer, AgencyOfficer, PanelChair, Auditor], ALWAYS),
    rule(StartProposal, &[SignedIn], &[Open]),
    rule(
        ReadProposal,
        &[
            Coordinator,
            PartEditor,
            Partner,
            AssignedEvaluator,
            PanelMember,
            PanelChair,
            CallOfficer,
            AgencyOfficer,
            ReportingOfficer,
            Auditor,
        ],
        ALWAYS,
    ),
    rule(EditProposal, &[Coordinator, PartEditor], &[Open]),
    rule(ManageTeam, &[Coordinator], &[Open]),
    rule(EditPart, &[PartEditor], &[Open]),
    // Submitting and reopening ask for an open call themselves; a part is given up until the decision.
    rule(SubmitPart, &[PartEditor], &[Open, Closed, Evaluating, Ranked]),
    // Evaluators read the proposal itself; who signed it when is the agency's business.
    rule(ReadReceipt, &[Coordinator, PartEditor, Partner, CallOfficer, AgencyOfficer, Auditor], ALWAYS),
    rule(ReadHistory, &[Coordinator, PartEditor, Partner, Auditor], ALWAYS),
    rule(ListProposals, &[CallOfficer, AgencyOfficer, PanelChair, Auditor], ALWAYS),
    rule(ReadCheck, &[AgencyOfficer, CallOfficer, Auditor], ALWAYS),
    rule(CheckPart, &[AgencyOfficer], &[Open, Closed]),
    rule(ReadVerdict, APPLICANTS, ALWAYS),
    rule(SeeEvaluators, &[CallOfficer, Auditor], ALWAYS),
    rule(ManageEvaluators, &[CallOfficer], ALWAYS),
    rule(SeeRecruitment, &[CallOfficer, Auditor], ALWAYS),
    rule(RecruitEvaluators, &[CallOfficer], &[AgencyReview, Announced, Open, Closed, Evaluating]),
    rule(EditOwnProfile, &[Oneself], ALWAYS),
    // Experts are asked when they can answer, which is after the call has closed (domain.md 6.1).
    rule(AssignEvaluators, &[CallOfficer], &[Closed, Evaluating]),
    rule(SeePlans, &[CallOfficer, PanelChair, Auditor], AFTER_CLOSING),
    rule(PlanAssignments, &[CallOfficer], &[Closed, Evaluating]),
    // Of calls in which the person takes part, before anybody is asked; the query says which.
    rule(StateWishes, &[Oneself], ALWAYS),
    rule(DeclareInterests, &[Oneself, CallOfficer, PanelChair, AgencyOfficer, ReportingOfficer, Auditor], ALWAYS),
    rule(SeeFindings, &[CallOfficer, Auditor], PUBLIC),
    // Also after the ranking: a conflict found late is written down, and what was signed stays.
    rule(DecideConflicts, &[CallOfficer], &[Open, Closed, Evaluating, Ranked, Decided]),
    rule(SeeProgress, &[CallOfficer, PanelChair, Auditor], AFTER_CLOSING),
    rule(AnswerAssignment, &[InvitedEvaluator, AssignedEvaluator], &[Closed, Evaluating]),
    rule(ReadSheet, &[AssignedEvaluator, CallOfficer, PanelChair, Auditor], AFTER_CLOSING),
    rule(GiveScore, &[AssignedEvaluator], &[Evaluating]),
    rule(ReadScores, &[CallOfficer, PanelChair, Auditor], AFTER_CLOSING),
    rule(ManageTraining, &[CallOfficer], &[Closed, Evaluating]),
    rule(ReadTraining, &[CallOfficer, PanelChair, Auditor], AFTER_CLOSING),
    rule(SeeCalibration, &[CallOfficer, PanelChair, Auditor], AFTER_CLOSING),
    rule(Calibrate, &[CallOfficer], &[Evaluating, Ranked]),
    rule(MarkComments, &[CallOfficer, AgencyOfficer], AFTER_CLOSING),
    rule(DrawRanking, &[CallOfficer], &[Evaluating, Ranked]),
    rule(ReadConsensus, &[AssignedEvaluator, CallOfficer, PanelChair, Auditor], AFTER_CLOSING),
    rule(WriteConsensus, &[AssignedEvaluator], &[Evaluating]),
    rule(ManageConsensus, &[CallOfficer], &[Evaluating]),
    rule(SeePanels, &[CallOfficer, PanelChair, Auditor], AFTER_CLOSING),
    rule(PreparePanel, &[CallOfficer], &[Closed, Evaluating]),
    rule(ArrangePanelItem, &[CallOfficer], &[Closed, Evaluating]),
    rule(ReadPanel, &[PanelMember, CallOfficer, PanelChair, Auditor], AFTER_CLOSING),
    rule(AttendPanel, &[PanelMember], &[Evaluating]),
    rule(KeepPresence, &[Presiding, CallOfficer], &[Evaluating]),
    // Whoever leads: the chair, and the deputy, because one of them may be out of the room.
    rule(LeadPanel, &[Presiding], &[Evaluating]),
    rule(SignMinutes, &[Presiding], &[Evaluating, Ranked]),
    rule(ReadPanelItem, &[PanelMember, CallOfficer, PanelChair, Auditor], AFTER_CLOSING),
    rule(LeadPanelItem, &[Presiding], &[Evaluating]),
    rule(DiscussPanelItem, &[PanelMember, CallOfficer], &[Evaluating]),
    rule(RecordPanelPoints, &[Presiding, CallOfficer], &[Evaluating]),
    rule(VoteInPanel, &[PanelMember], &[Evaluating]),
    rule(ReadRanking, &[CallOfficer, PanelChair, AgencyOfficer, Auditor], AFTER_CLOSING),
    rule(FixRanking, &[PanelChair], &[Evaluating]),
    rule(ReplaceRanking, &[PanelChair], &[Ranked]),
    rule(RunLottery, &[CallOfficer], &[Evaluating, Ranked]),
    rule(ReadLottery, &[CallOfficer, PanelChair, Auditor], AFTER_CLOSING),
    rule(SignLottery, &[PanelChair], &[Evaluating, Ranked]),
    rule(SeeScenarios, &[CallOfficer, PanelChair, AgencyOfficer, Auditor], AFTER_CLOSING),
    rule(PlanScenarios, &[CallOfficer], &[Ranked]),
    // Whoever led the panel or runs the call signs for all agencies; each agency still confirms its own list.
    rule(AdoptScenario, &[PanelChair, CallOfficer], &[Ranked]),
    rule(ReadDecisions, &[CallOfficer, AgencyOfficer, Auditor], AFTER_CLOSING),
    rule(ProposeDecisions, &[CallOfficer], &[Ranked]),
    rule(DraftDecision, &[AgencyOfficer], &[Ranked]),
    rule(ConfirmDecisions, &[AgencyOfficer], &[Ranked]),
    rule(ReleaseDecisions, &[CallOfficer], &[Ranked]),
    rule(DeclineGrant, &[PartEditor], &[Decided]),
    rule(AnswerStranded, &[Coordinator], &[Decided]),
    rule(AwardFromReserve, &[AgencyOfficer], &[Decided]),
    rule(ReadFeedback, APPLICANTS, &[Decided, Archived]),
    rule(
        ReadAgreement,
        &[Coordinator, PartEditor, Partner, AgencyOfficer, ReportingOfficer, CallOfficer, Auditor],
        &[Decided, Archived],
    ),
    rule(SetAgreement, &[AgencyOfficer], &[Decided]),
    rule(WriteReport, &[PartEditor], &[Decided]),
    rule(CheckReport, &[ReportingOfficer, AgencyOfficer], &[Decided]),
    rule(ReadKpis, &[CallOfficer, AgencyOfficer, ReportingOfficer, Auditor], AFTER_CLOSING),
    // A file is read by whoever may read what it is about; its standing is computed from that.
    rule(
        ReadFile,
        &[
            Oneself,
            Member,
            Manager,
            Coordinator,
            PartEditor,
            Partner,
            AssignedEvaluator,
            PanelMember,
            PanelChair,
            CallOfficer,
            AgencyOfficer,
            ReportingOfficer,
            Auditor,
        ],
        ALWAYS,
    ),
    rule(ReadJob, &[Oneself, Administrator], ALWAYS),
    rule(ManageJobs, &[Administrator], ALWAYS),
    // Whoever sees a list of staff may keep it; administrators see accounts, mail, jobs and the activity log.
    rule(ExportLists, &[CallOfficer, AgencyOfficer, ReportingOfficer, PanelChair, Auditor, Administrator], ALWAYS),
    rule(ReadAudit, &[CallOfficer, Auditor, Administrator], ALWAYS),
    rule(ManageMail, &[Administrator], ALWAYS),
];

/// Permissions a conflict of interest takes away, whatever else the actor is: evaluation data of the proposal.
pub const VETOED: &[Permission] = &[
    ReadProposal,
    ReadReceipt,
    ReadHistory,
    ReadCheck,
    CheckPart,
    AssignEvaluators,
    SeeFindings,
    DecideConflicts,
    AnswerAssignment,
    ReadSheet,
    GiveScore,
    ReadScores,
    MarkComments,
    ReadConsensus,
    WriteConsensus,
    ManageConsensus,
    ArrangePanelItem,
    ReadPanelItem,
    LeadPanelItem,
    DiscussPanelItem,
    RecordPanelPoints,
    VoteInPanel,
    ReadFile,
    ReadDecisions,
    DraftDecision,
    AwardFromReserve,
    ReadAgreement,
    SetAgreement,
    CheckReport,
];

/// What an actor is to a subject, and in which phase its call is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    pub relations: Relations,
    pub phase: Option<CallState>,
}

/// The rule of a permission.
pub fn rule_of(permission: Permission) -> Option<&'static Rule> {
    POLICY.iter().find(|rule| rule.permission == permission)
}

/// Decides by the table alone.
///
/// # Errors
/// `NotFound` for strangers (what one may not see does not exist), otherwise why not.
pub fn decide(permission: Permission, standing: &Standing) -> Result<(), AppError> {
    let Some(rule) = rule_of(permission) else {
        return Err(AppError::NotFound);
    };
    let relations = standing.relations;
    if relations.has(Conflicted) && VETOED.contains(&permission) {
        return Err(AppError::Denied(Denial::Conflict));
    }
    let phase_fits = rule.phases.is_empty() || standing.phase.is_some_and(|phase| rule.phases.contains(&phase));
    if relations.has_any(rule.relations) {
        return match phase_fits {
            true => Ok(()),
            // Before a call is public, it does not exist for the public.
            false if relations.is_stranger() && !standing.phase.is_some_and(|p| PUBLIC.contains(&p)) => {
                Err(AppError::NotFound)
            }
            false => Err(AppError::Denied(Denial::Phase)),
        };
    }
    if !relations.is_stranger() {
        return Err(AppError::Denied(Denial::Role));
    }
    if !relations.has(SignedIn) {
        return Err(AppError::Denied(Denial::SignedOut));
    }
    Err(AppError::NotFound)
}

/// The table as text, for the command line and the snapshot.
pub fn table() -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for rule in POLICY {
        let names = |list: Vec<&str>| list.join(", ");
        let relations = names(rule.relations.iter().map(|r| r.name()).collect());
        let phases = match rule.phases {
            [] => "always".to_owned(),
            phases => names(phases.iter().map(|p| p.word()).collect()),
        };
        let veto = if VETOED.contains(&rule.permission) { "; never with a conflict of interest" } else { "" };
        let _ = writeln!(
            text,
            "{}\n  {}\n  who:  {relations}\n  when: {phases}{veto}\n",
            rule.permission.name(),
            rule.permission.sentence()
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_exactly_one_rule() {
        for &permission in Permission::ALL {
            let rules = POLICY.iter().filter(|rule| rule.permission == permission).count();
            assert_eq!(rules, 1, "{}", permission.name());
        }
    }

    #[test]
    fn a_conflict_beats_every_relation() {
        for &permission in VETOED {
            for &relation in Relation::ALL {
                let relations = Relations::default().with(SignedIn).with(relation).with(Conflicted);
                for &phase in CallState::ALL {
                    let answer = decide(permission, &Standing { relations, phase: Some(phase) });
                    assert!(matches!(answer, Err(AppError::Denied(Denial::Conflict))));
                }
            }
        }
    }

    #[test]
    fn strangers_learn_nothing() {
        let relations = Relations::default().with(Anyone).with(SignedIn);
        let answer = decide(ReadProposal, &Standing { relations, phase: Some(Evaluating) });
        assert!(matches!(answer, Err(AppError::NotFound)));
    }
}
