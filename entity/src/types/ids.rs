//! Identifiers: one type per kind of thing, so that a part is never taken for a proposal.

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! ids {
    ($($name:ident)+) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    AccountId SessionId RoleGrantId InvitationId ApiTokenId OneTimeTokenId
    OrganisationId MembershipId OrganisationLinkId ClusterMembershipId MemberImportId LabelId
    CallId AnnexId CorrigendumId
    ProposalId PartId ParticipantId AnswerId ActivityLineId CostLineId FundingLineId LetterId AttachmentId
    SubmissionId TeamMemberId SectionTaskId KpiTargetId
    CheckId EvaluatorId EvaluatorImportId RecruitmentId AssignmentId ScoreId ConflictId AgreedScoreId RankingId RankingLineId
    DecisionId DecisionListId DecisionSummaryId AgreementId ReportId KpiReadingId
    InterestId StatementId FindingId ScreeningId
    SheetVersionId TrainingId TrainingSheetId
    PlanId PlanPairId WishId ScenarioId DeclineId StrandedChoiceId
    CalibrationId LotteryId CommentMarkId
    PanelId PanelMemberId PanelItemId PanelPresenceId PanelNoteId PanelPointId PanelVoteId PanelBallotId PanelMinutesId
    ConsensusId ConsensusPointId ConsensusVoiceId ConsensusMessageId
    FileId MailId SavedViewId JobId
}
