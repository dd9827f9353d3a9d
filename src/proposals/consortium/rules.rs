//! What an invitation of a partner says, and who may be what in a team.

use crate::kernel::error::Refusal;
use entity::types::states::{PartState, TeamRole};

/// What is kept of the organisation an invitation is meant for: its name on the first line, then the message.
pub fn invitation_text(organisation: &str, message: &str) -> String {
    format!("{}\n{}", organisation.trim(), message.trim())
}

/// The organisation an invitation is meant for, and the message.
pub fn organisation_and_message(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// Whether a part can be taken out of the proposal: it was never handed in, and it does not coordinate.
///
/// # Errors
/// Why it cannot.
pub fn may_leave(state: PartState, coordinates: bool, ever_submitted: bool) -> Result<(), Refusal> {
    let refuse = |code, message: &str| Err(Refusal { code, message: message.to_owned() });
    if coordinates {
        return refuse("coordinates", "The coordinating part cannot leave. Hand the coordination over first.");
    }
    if state != PartState::Draft || ever_submitted {
        return refuse("part_submitted", "This part was submitted, so it is not taken out but withdrawn.");
    }
    Ok(())
}

/// The role of a person on a part, as a form or a program names it; coordinators are named by handing over.
///
/// # Errors
/// When it is no role that is given.
pub fn given_role(word: &str) -> Result<TeamRole, entity::types::BadValue> {
    match word.parse::<TeamRole>() {
        Ok(role @ (TeamRole::Editor | TeamRole::Viewer)) => Ok(role),
        _ => Err(entity::types::BadValue::new("Choose one from the list")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_keeps_organisation_and_message_apart() {
        let text = invitation_text(" Visual Sweden ", "Dear Bruno,\nplease join us.");
        assert_eq!(organisation_and_message(&text), ("Visual Sweden", "Dear Bruno,\nplease join us."));
        assert_eq!(organisation_and_message("Visual Sweden"), ("Visual Sweden", ""));
    }

    #[test]
    fn only_drafts_leave() {
        assert_eq!(may_leave(PartState::Draft, false, false), Ok(()));
        assert_eq!(may_leave(PartState::Draft, true, false).unwrap_err().code, "coordinates");
        assert_eq!(may_leave(PartState::Draft, false, true).unwrap_err().code, "part_submitted");
        assert_eq!(may_leave(PartState::Submitted, false, false).unwrap_err().code, "part_submitted");
        assert_eq!(given_role("viewer"), Ok(TeamRole::Viewer));
        assert!(given_role("coordinator").is_err());
    }
}
