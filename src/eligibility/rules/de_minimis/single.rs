//! The single undertaking: what shares one ceiling (Regulation (EU) 2023/2831, Article 2(2), and the same words in
//! Regulation (EU) No 1407/2013, Article 2(2)).

use super::super::{
    finding::{Finding, Source, Subject},
    ownership::{Groups, Link, Node, Ownership, Through, persons_in_control},
};
use std::collections::BTreeSet;

/// Enterprises with one ceiling per Member State.
#[derive(Debug, Clone)]
pub struct Undertaking {
    pub members: BTreeSet<Node>,
    /// Why they belong together.
    pub links: Vec<Link>,
    pub findings: Vec<Finding>,
}

/// The undertaking of an enterprise: control only, over any chain of enterprises; 25 to 50 % holdings, natural persons
/// and public bodies join nobody. Where the same persons control others too, somebody must look: whoever takes part in
/// the management may be part of one undertaking by the case-law the regulation recalls (recital 4).
pub fn undertaking(graph: &Ownership, enterprise: Node) -> Undertaking {
    let groups = Groups::of(graph, Through::EnterprisesOnly);
    let members = groups.members(enterprise);
    let links = groups.links().iter().filter(|link| members.contains(&link.from)).cloned().collect();
    let mut findings = Vec::new();
    for (persons, controlled) in persons_in_control(graph) {
        if controlled.is_disjoint(&members) || controlled.is_subset(&members) {
            continue;
        }
        let source = Source::new("Regulation (EU) 2023/2831", "recital 4");
        findings.extend(
            persons
                .into_iter()
                .map(|person| Finding::warns("person_controls_several_undertakings", Subject::Party(person), source)),
        );
    }
    Undertaking { members, links, findings }
}
