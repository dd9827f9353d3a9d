//! Where the things of the platform are shown, for lists over all of them: the activity log, mails, jobs.

use crate::kernel::{Actor, Subject};
use entity::types::{ids::ProposalId, states::Role};

/// People who work on calls; who only administers the platform sees none from inside.
const STAFF: [Role; 5] =
    [Role::Secretariat, Role::AgencyOfficer, Role::ReportingOfficer, Role::PanelChair, Role::Auditor];

/// The page on which this reader sees a subject, if there is one; a part and what hangs on it is shown on its
/// proposal's page, when that is known.
pub fn page_of(subject: Subject, proposal: Option<ProposalId>, reader: &Actor) -> Option<String> {
    let staff = STAFF.iter().any(|role| reader.has_somewhere(*role));
    let applicant = !reader.memberships().is_empty();
    let page = |id: ProposalId| match (staff, applicant) {
        (true, _) => Some(format!("/staff/proposals/{id}")),
        (_, true) => Some(format!("/proposals/{id}")),
        _ => None,
    };
    let on_proposal = || proposal.and_then(page);
    match subject {
        Subject::Platform | Subject::Annex(_) => None,
        Subject::Account(id) => Some(format!("/admin/accounts/{id}")),
        Subject::Organisation(id) => Some(format!("/organisations/{id}")),
        Subject::Call(id) => staff.then(|| format!("/staff/calls/{id}")),
        Subject::Proposal(id) => page(id),
        Subject::Part(_) | Subject::Decision(_) | Subject::Report(_) | Subject::Assignment(_) => on_proposal(),
        Subject::Panel(id) => staff.then(|| format!("/panels/{id}")),
        Subject::PanelItem(_) => on_proposal(),
        Subject::File(id) => Some(format!("/files/{id}")),
        Subject::Job(id) => Some(format!("/jobs/{id}")),
    }
}
