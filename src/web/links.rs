//! Where the things of the platform are shown, for lists over all of them: the activity log, mails, jobs.

use crate::kernel::Subject;
use entity::types::ids::ProposalId;

/// The page of a subject; a part and what hangs on it is shown on its proposal's page, when that is known.
pub fn page_of(subject: Subject, proposal: Option<ProposalId>) -> Option<String> {
    let on_proposal = || proposal.map(|id| format!("/proposals/{id}"));
    match subject {
        Subject::Platform | Subject::Annex(_) => None,
        Subject::Account(id) => Some(format!("/admin/accounts/{id}")),
        Subject::Organisation(id) => Some(format!("/organisations/{id}")),
        Subject::Call(id) => Some(format!("/staff/calls/{id}")),
        Subject::Proposal(id) => Some(format!("/proposals/{id}")),
        Subject::Part(_) | Subject::Decision(_) | Subject::Report(_) | Subject::Assignment(_) => on_proposal(),
        Subject::File(id) => Some(format!("/files/{id}")),
        Subject::Job(id) => Some(format!("/jobs/{id}")),
    }
}
