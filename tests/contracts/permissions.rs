//! Who may do what, as a text that people read before it changes; and nothing in it is idle.

use super::snapshots;
use crate::architecture::source::Tree;
use entity::types::states::CallState;
use fairway::kernel::{
    AppError,
    access::{
        permission::Permission,
        policy::{self, Standing},
        relation::{Relation, Relations},
    },
    error::Denial,
};
use std::{collections::BTreeSet, fmt::Write};

/// Permissions whose screens are not there yet.
const WAITING: &[&str] = &[
    "SeeAccounts",
    "ManageAccounts",
    "SeeOrganisations",
    "RegisterOrganisation",
    "EditOrganisation",
    "SeePeople",
    "ManagePeople",
    "SeeClusterMembers",
    "EditClusterMembers",
    "RecordLabel",
    "ReadCall",
    "PreviewCall",
    "EditAnnex",
    "CorrectCall",
    "ReadProposal",
    "EditPart",
    "SubmitPart",
    "ListProposals",
    "ReadCheck",
    "CheckPart",
    "SeeEvaluators",
    "ManageEvaluators",
    "EditOwnProfile",
    "AssignEvaluators",
    "SeeProgress",
    "AnswerAssignment",
    "ReadSheet",
    "GiveScore",
    "ReadScores",
    "DrawRanking",
    "ReadRanking",
    "FixRanking",
    "ReadDecisions",
    "DraftDecision",
    "ReleaseDecisions",
    "ReadFeedback",
    "ReadAgreement",
    "SetAgreement",
    "WriteReport",
    "CheckReport",
    "ReadKpis",
    "ReadJob",
    "ExportLists",
    "ReadAudit",
    "ManageMail",
];

#[test]
fn the_table_of_permissions_is_the_one_people_agreed_to() {
    snapshots::matches("permissions.txt", &policy::table());
}

/// Relations that may do the same share a line; one letter for every phase of a call, and one without a call.
#[test]
fn every_relation_in_every_phase_is_the_one_people_agreed_to() {
    let phases: Vec<Option<CallState>> = CallState::ALL.iter().map(|phase| Some(*phase)).chain([None]).collect();
    let mut text = "What each relation may do, by itself, in each phase of the call.\n\n\
         y yes · p not in this phase · r not in this role · c conflict of interest · - does not exist for them · s sign in first\n\n\
         Phases: "
        .to_owned();
    let names: Vec<&str> = phases.iter().map(|phase| phase.map_or("no call", CallState::word)).collect();
    text.push_str(&names.join(", "));
    text.push('\n');
    for &permission in Permission::ALL {
        let _ = writeln!(text, "\n{}", permission.name());
        let mut answers: Vec<(String, Vec<&str>)> = Vec::new();
        for &relation in Relation::ALL {
            let answer: String = phases.iter().map(|phase| letter(permission, relation, *phase)).collect();
            match answers.iter_mut().find(|(known, _)| *known == answer) {
                Some((_, relations)) => relations.push(relation.name()),
                None => answers.push((answer, vec![relation.name()])),
            }
        }
        for (answer, relations) in answers {
            let _ = writeln!(text, "  {answer} {}", relations.join(", "));
        }
    }

    snapshots::matches("permissions-by-relation.txt", &text);
}

fn letter(permission: Permission, relation: Relation, phase: Option<CallState>) -> char {
    let mut relations = Relations::default().with(Relation::Anyone).with(relation);
    if relation != Relation::Anyone {
        relations.add(Relation::SignedIn);
    }
    match policy::decide(permission, &Standing { relations, phase }) {
        Ok(()) => 'y',
        Err(AppError::NotFound) => '-',
        Err(AppError::Denied(Denial::Phase)) => 'p',
        Err(AppError::Denied(Denial::Conflict)) => 'c',
        Err(AppError::Denied(Denial::SignedOut)) => 's',
        Err(_) => 'r',
    }
}

#[test]
fn every_permission_is_needed_by_something() {
    let tree = Tree::of_this_checkout();
    let mut needed = BTreeSet::new();
    for file in tree.rust("src/") {
        for line in file.code().lines().filter(|line| line.contains("const NEEDS")) {
            let named = line.split("Permission::").nth(1).or_else(|| line.rsplit("= ").next());
            needed.extend(named.map(|name| name.trim_end_matches(';').trim().to_owned()));
        }
    }
    let idle = Permission::ALL.iter().map(|permission| permission.name());
    let idle: Vec<&str> = idle.filter(|name| !needed.contains(*name) && !WAITING.contains(name)).collect();

    assert_eq!(idle, Vec::<&str>::new(), "no command and no query needs these: remove them from the table");
}
