//! Why there is no assignment, in words an officer can act on.

use super::{
    model::{Asked, Scene},
    outcome::Failure,
    settings::Settings,
};
use crate::evaluation::assignments::optimum::{Fault, Pair, Refusal, Rule};

/// Names and numbers told before the rest is only counted.
const TOLD: usize = 6;

/// What the optimum refused, with the proposals it is about.
pub fn failure(refusal: &Refusal, asked: &Asked, scene: &Scene, settings: &Settings) -> Failure {
    let said = Said { asked, scene, settings };
    let (why, about) = match refusal {
        Refusal::Fault(fault) => said.fault(fault),
        Refusal::TooFewPlaces { proposals, evaluators, missing } => {
            (said.places(proposals, evaluators, *missing), { proposals.clone() })
        }
        Refusal::TooFewProposals { evaluators, missing, .. } => {
            let who = said.names(evaluators);
            let why = format!(
                "The least load cannot be kept: {missing} proposals are missing for {who}. Lower the least load, or \
                 ask for more evaluators per proposal."
            );
            (why, Vec::new())
        }
        Refusal::Contradiction { proposal, rules } => (said.contradiction(*proposal, rules), vec![*proposal]),
        Refusal::NoAssignment { proposals } => {
            let why = format!(
                "The rules cannot all be kept with these loads. Hardest to serve: {}. Raise the greatest load, turn a \
                 need off or take a lock away.",
                said.codes(proposals)
            );
            (why, proposals.clone())
        }
        Refusal::NotFound { proposals } => {
            let why = format!(
                "No assignment was found that keeps the rules of {}; there may be one. Raise the greatest load or turn \
                 a need off.",
                said.codes(proposals)
            );
            (why, proposals.clone())
        }
        Refusal::Stopped => ("The run was stopped.".to_owned(), Vec::new()),
    };
    Failure { why, about: about.into_iter().map(|at| scene.proposals[at].0).collect() }
}

struct Said<'a> {
    asked: &'a Asked,
    scene: &'a Scene,
    settings: &'a Settings,
}

impl Said<'_> {
    fn fault(&self, fault: &Fault) -> (String, Vec<usize>) {
        match fault {
            Fault::LockedConflict { pair } => {
                let bar = self.scene.barred.get(&(pair.proposal, pair.evaluator)).map_or("", String::as_str);
                let why = format!("{} is locked, but {}: {bar}.", self.pair(*pair), "cannot be asked");
                (why, vec![pair.proposal])
            }
            Fault::LocksAboveWanted { proposal } => {
                let why = format!(
                    "{} has more locked evaluators than the {} each proposal gets.",
                    self.code(*proposal),
                    self.settings.per_proposal
                );
                (why, vec![*proposal])
            }
            Fault::LocksAboveLoad { evaluator } => {
                let most = self.asked.problem.loads[*evaluator].most;
                (format!("{} has more locked proposals than the {most} that fit.", self.name(*evaluator)), Vec::new())
            }
            other => (other.to_string(), Vec::new()),
        }
    }

    /// Hall's condition: these proposals share too few places.
    fn places(&self, proposals: &[usize], evaluators: &[usize], missing: u64) -> String {
        let short = if missing == 1 { "one place is".to_owned() } else { format!("{missing} places are") };
        let among = match evaluators {
            [] => "nobody is left who could take them".to_owned(),
            all => format!("only {} can still take them", self.names(all)),
        };
        format!(
            "There are too few places: {short} missing for {}, and {among}. Raise the greatest load, ask for fewer \
             evaluators per proposal, or recruit more people.",
            self.codes(proposals)
        )
    }

    fn contradiction(&self, proposal: usize, rules: &[Rule]) -> String {
        let code = self.code(proposal);
        let rule = |rule: &Rule| match rule {
            Rule::Wanted => format!("that it gets {} evaluators", self.asked.problem.wanted[proposal]),
            Rule::Need(at) => {
                let nobody = self.asked.problem.circles[self.asked.problem.needs[*at].circle].is_empty();
                let label = &self.asked.needs[*at];
                if nobody {
                    format!("that somebody {label}, and nobody does")
                } else {
                    format!("that somebody {label}")
                }
            }
            Rule::Apart(circle) => {
                let name = self.asked.organisations.get(circle).map_or("one organisation", String::as_str);
                format!("that no two come from {name}")
            }
            Rule::Floor => "the floor".to_owned(),
        };
        let all: Vec<String> = rules.iter().map(rule).collect();
        match all.as_slice() {
            [] => format!("{code} cannot be served: several rules contradict each other at once. Turn a need off."),
            [one] => format!("{code} cannot be served. What stands in the way is {one}."),
            many => format!("{code} cannot be served. Without any one of these it could: {}.", many.join("; ")),
        }
    }

    fn pair(&self, pair: Pair) -> String {
        format!("{} on {}", self.name(pair.evaluator), self.code(pair.proposal))
    }

    fn code(&self, proposal: usize) -> &str {
        &self.scene.proposals[proposal].1.code
    }

    fn name(&self, evaluator: usize) -> &str {
        &self.scene.evaluators[evaluator].1.name
    }

    fn codes(&self, proposals: &[usize]) -> String {
        told(proposals.iter().map(|at| self.code(*at)).collect())
    }

    fn names(&self, evaluators: &[usize]) -> String {
        told(evaluators.iter().map(|at| self.name(*at)).collect())
    }
}

fn told(all: Vec<&str>) -> String {
    match all.len() {
        n if n > TOLD => format!("{} and {} more", all[..TOLD].join(", "), n - TOLD),
        _ => all.join(", "),
    }
}
