//! What a person can do, one variant each; the comment is the sentence printed for auditors.

macro_rules! permissions {
    ($($(#[doc = $doc:literal])+ $name:ident),+ $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Permission { $($(#[doc = $doc])+ $name),+ }

        impl Permission {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            /// The sentence for auditors.
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

permissions! {
    /// Register, confirm an address, sign in, ask for a new password, answer a link from a mail.
    EnterPlatform,
    /// Change one's own account, password, sessions, API tokens, mail preferences and saved views.
    UseOwnAccount,
    /// See the list of accounts and their roles.
    SeeAccounts,
    /// Give and take roles, lock and unlock accounts.
    ManageAccounts,
    /// See organisations and clusters.
    SeeOrganisations,
    /// Register an organisation, or ask to join one.
    RegisterOrganisation,
    /// Change what is said about an organisation.
    EditOrganisation,
    /// See the people of an organisation.
    SeePeople,
    /// Invite people into an organisation, accept and remove them.
    ManagePeople,
    /// See which organisations belong to a cluster.
    SeeClusterMembers,
    /// Change which organisations belong to a cluster, by hand or by import.
    EditClusterMembers,
    /// Record and renew a cluster's label.
    RecordLabel,
    /// See the list of calls, find a call by its code.
    SeeCalls,
    /// Read a public call and its annexes.
    ReadCall,
    /// Read a call before it is public, preview its form.
    PreviewCall,
    /// Start, copy or import a call.
    DraftCall,
    /// Change the terms of a call before it is public, hand it to the agencies, take it back.
    EditCall,
    /// Change an agency's annex before the call is public.
    EditAnnex,
    /// Approve an agency's annex.
    ApproveAnnex,
    /// Announce and open a call.
    PublishCall,
    /// Change the terms of a public call by a corrigendum.
    CorrectCall,
    /// Change the annex of one's own agency in a public call by a corrigendum.
    CorrectAnnex,
    /// Close a call, start its evaluation, archive it.
    AdvanceCall,
    /// See how a call goes: its counts and sums, never a draft's content.
    SeeCallFigures,
    /// Start a proposal in an open call.
    StartProposal,
    /// Read a proposal with all its parts.
    ReadProposal,
    /// Answer the joint questions of a proposal while the call is open.
    EditProposal,
    /// Invite partners and people to a proposal, give them roles and sections.
    ManageTeam,
    /// Change a part: answers, companies, activities, budget, letters, files, while the call is open.
    EditPart,
    /// Submit a part, reopen it, or withdraw it.
    SubmitPart,
    /// Read the receipts and submitted versions of a part.
    ReadReceipt,
    /// See what one's own proposal still lacks, how its versions differ and who did what with it.
    ReadHistory,
    /// Read the list of proposals of a call as staff.
    ListProposals,
    /// Read a part's eligibility check.
    ReadCheck,
    /// Check the eligibility of a part and confirm a colleague's check.
    CheckPart,
    /// Read why one's own part is eligible or not, once it is confirmed.
    ReadVerdict,
    /// See the pool of evaluators.
    SeeEvaluators,
    /// Invite people to the pool of evaluators and change their entries.
    ManageEvaluators,
    /// See whom a call recruits as evaluators.
    SeeRecruitment,
    /// List, invite, remind and take back evaluators of a call.
    RecruitEvaluators,
    /// Change one's own entry in the pool of evaluators.
    EditOwnProfile,
    /// Assign evaluators to proposals, withdraw and reopen assignments, record conflicts.
    AssignEvaluators,
    /// See the scenarios of a call: who is funded by which strategy, what every agency has left, who lacks how much.
    SeeScenarios,
    /// Make, change, compute and set aside scenarios from the fixed ranking to money.
    PlanScenarios,
    /// Decline the grant of one's own part.
    DeclineGrant,
    /// Say for a consortium what it does about a part that cannot be paid.
    AnswerStranded,
    /// Award a part of one's own agency from the reserve list, when it is next.
    AwardFromReserve,
    /// Adopt a scenario with signed minutes, from which decisions follow.
    AdoptScenario,
    /// See the drafts of who judges what in a call, with why each pair fits.
    SeePlans,
    /// Make, compute, change and copy drafts of who judges what.
    PlanAssignments,
    /// Say which proposals of a call one would like to judge.
    StateWishes,
    /// State one's own interests, and sign the list.
    DeclareInterests,
    /// See what the check for conflicts of interest found in a call.
    SeeFindings,
    /// Run the check for conflicts of interest, confirm and dismiss what it found.
    DecideConflicts,
    /// See the progress of the evaluation of a call.
    SeeProgress,
    /// Read the summary of a proposal one is invited to evaluate, and accept or decline.
    AnswerAssignment,
    /// Read one's own score sheet.
    ReadSheet,
    /// Give points and comments, and submit them.
    GiveScore,
    /// Read points and comments of all evaluators of a call.
    ReadScores,
    /// Put training proposals with the panel's answer into a call, open and withdraw them.
    ManageTraining,
    /// See the training proposals of a call, the panel's answer, and who has done them.
    ReadTraining,
    /// See how far evaluators agree, and what the points say once their severity is taken out.
    SeeCalibration,
    /// Have the ranking model run over the sheets of a call.
    Calibrate,
    /// Say whether the comments of a sheet were useful.
    MarkComments,
    /// Read a consensus on a proposal one evaluated, or of a call one works on.
    ReadConsensus,
    /// Draft, sign or contest a consensus as its reviewer.
    WriteConsensus,
    /// Ask for a consensus, waive it, or send it to the panel.
    ManageConsensus,
    /// See the panels of a call.
    SeePanels,
    /// Prepare a panel: its rules, members and agenda.
    PreparePanel,
    /// Move or take a proposal on the agenda of a panel, say who introduces it.
    ArrangePanelItem,
    /// Read the agenda of a panel, who is present, and its minutes.
    ReadPanel,
    /// Arrive at the meeting of a panel and leave it.
    AttendPanel,
    /// Say who is present at the meeting of a panel.
    KeepPresence,
    /// Open, pause and close the meeting of a panel.
    LeadPanel,
    /// Sign the minutes of a panel.
    SignMinutes,
    /// Read what a panel says about a proposal.
    ReadPanelItem,
    /// Call a proposal up in a panel, decide or defer it, open and close a vote.
    LeadPanelItem,
    /// Write notes and say that one has a conflict while a panel discusses a proposal.
    DiscussPanelItem,
    /// Write down the points a panel agrees on.
    RecordPanelPoints,
    /// Vote in a panel.
    VoteInPanel,
    /// Draw a ranking.
    DrawRanking,
    /// See the ranking of a call.
    ReadRanking,
    /// Sign and fix a ranking.
    FixRanking,
    /// Sign a new version of a fixed ranking while no decision is released.
    ReplaceRanking,
    /// Announce a lottery within the zone the points cannot order, write down its seed, or withdraw it.
    RunLottery,
    /// See the lotteries of a call.
    ReadLottery,
    /// Sign what a lottery drew.
    SignLottery,
    /// See pending decisions and the remaining budgets.
    ReadDecisions,
    /// Propose decisions on all parts from the adopted scenario.
    ProposeDecisions,
    /// Draft the decision on a part.
    DraftDecision,
    /// Confirm all decisions of one's own agency in a call.
    ConfirmDecisions,
    /// Release all decisions of a call at once, when every agency has confirmed its own.
    ReleaseDecisions,
    /// Read the released decision on one's own part, with the evaluators' comments.
    ReadFeedback,
    /// Read the agreement of an awarded part and its reports.
    ReadAgreement,
    /// Set the dates of an agreement.
    SetAgreement,
    /// Write and submit a report.
    WriteReport,
    /// Return or accept a report.
    CheckReport,
    /// See the KPI figures of a call.
    ReadKpis,
    /// Download a file.
    ReadFile,
    /// See the progress of one's own job.
    ReadJob,
    /// See all background jobs, and run failed ones again.
    ManageJobs,
    /// Export lists to files: exactly the rows one may see.
    ExportLists,
    /// Read the activity log.
    ReadAudit,
    /// See the mail log, send failed mail again.
    ManageMail,
}
