//! The areas in the header: what a person can do follows from roles and memberships.

use super::frame::NavLink;
use crate::kernel::Actor;
use entity::types::states::Role;

/// Roles by which somebody works on calls.
const STAFF: [Role; 5] =
    [Role::Secretariat, Role::AgencyOfficer, Role::PanelChair, Role::ReportingOfficer, Role::Auditor];

/// The areas of this actor, in the order of the funding pipeline.
pub fn areas(actor: &Actor, path: &str) -> Vec<NavLink> {
    let link =
        |label: &str, href: &str| NavLink::new(label, href, path == href || path.starts_with(&format!("{href}/")));
    let mut links = vec![link("Calls", "/calls")];
    let Some(person) = actor.person() else {
        return links;
    };
    let staff = STAFF.iter().any(|role| actor.has_somewhere(*role));
    links.insert(0, link("Overview", "/overview"));
    links.push(link("My proposals", "/proposals"));
    if person.evaluator {
        links.push(link("My assignments", "/assignments"));
    }
    if staff {
        links.push(link("Staff", "/staff"));
    }
    links.push(link("Organisations", "/organisations"));
    if actor.has(Role::Administrator) {
        links.push(link("Administration", "/admin"));
    } else if actor.has(Role::Auditor) {
        links.push(link("Activity log", "/admin/log"));
    }
    links
}

/// Whether a crumb leads somewhere for this actor: auditors read lists below the administration, not its first page.
pub fn opens(actor: &Actor, href: &str) -> bool {
    href != "/admin" || actor.has(Role::Administrator)
}

/// The links of the person menu.
pub fn personal(actor: &Actor, path: &str) -> Vec<NavLink> {
    let judges =
        actor.person().is_some_and(|person| person.evaluator || STAFF.iter().any(|role| actor.has_somewhere(*role)));
    let interests = judges.then_some(("My interests", "/interests"));
    [("My account", "/account"), ("My sessions and tokens", "/account/sessions"), ("My mail", "/account/mail")]
        .into_iter()
        .chain(interests)
        .map(|(label, href)| NavLink::new(label, href, path == href))
        .collect()
}
