//! Who judges what, and how: three evaluators per proposal, not from a partner's country, each with a hand of
//! their own, so that severity and spread can be seen.

use super::{DemoProposal, DemoScore, DemoSheet, Material, chance::Chance, comments};
use entity::types::{country::Country, points::Points, terms::CallTerms};

/// An evaluator who does not share the others' view of a proposal: acronym, which of the three, in hundredths.
const DIFFERENT: [(&str, usize, i64); 3] = [("SOUNDCITY", 1, 150), ("OLIVIA", 2, -150), ("NORDPLAY", 0, 125)];

/// How mild or severe each evaluator is, in hundredths of points.
const HANDS: [i64; 8] = [0, 20, -20, 35, -30, 10, -45, 30];

pub(super) fn judge(chance: &mut Chance, terms: &CallTerms, material: &mut Material) {
    let qualities: Vec<i64> = super::stories::all().map(|s| i64::from(s.quality)).collect();
    let per_proposal = usize::try_from(terms.evaluation.evaluators_per_proposal).unwrap_or(3);
    let mut load = vec![0u32; material.evaluators.len()];
    for at in 0..material.proposals.len() {
        let judges = choose(material, &material.proposals[at], &load, per_proposal);
        let quality = qualities.get(at).copied().unwrap_or(350);
        let offsets: Vec<i64> = terms.criteria.iter().map(|_| chance.between(-30, 30)).collect();
        let mut sheets = Vec::new();
        for (place, judge) in judges.into_iter().enumerate() {
            load[judge] += 1;
            let acronym = material.proposals[at].acronym.as_str();
            let different = DIFFERENT.iter().find(|(a, p, _)| *a == acronym && *p == place).map_or(0, |(.., by)| *by);
            let hand = HANDS[judge % HANDS.len()] + different;
            sheets.push(sheet(chance, terms, &material.proposals[at], judge, quality + hand, &offsets));
        }
        material.proposals[at].sheets = sheets;
    }
}

/// Those who know a field of the proposal and have the fewest to read, none from a partner's country.
fn choose(material: &Material, proposal: &DemoProposal, load: &[u32], n: usize) -> Vec<usize> {
    let at_home: Vec<Country> = proposal.parts.iter().map(|p| material.clusters[p.cluster].country).collect();
    let fields: Vec<&str> = proposal
        .answers
        .get("sectors")
        .and_then(|v| v.as_array())
        .into_iter()
        .flatten()
        .filter_map(|v| v.as_str())
        .collect();
    let mut order: Vec<usize> = (0..material.evaluators.len())
        .filter(|i| !at_home.contains(&material.evaluators[*i].country) && load[*i] < material.evaluators[*i].capacity)
        .collect();
    order.sort_by_key(|i| {
        let knows = material.evaluators[*i].sectors.iter().any(|s| fields.contains(&s.as_str()));
        (load[*i] + if knows { 0 } else { 2 }, *i)
    });
    order.truncate(n);
    order
}

fn sheet(
    chance: &mut Chance,
    terms: &CallTerms,
    proposal: &DemoProposal,
    evaluator: usize,
    level: i64,
    offsets: &[i64],
) -> DemoSheet {
    let scale = terms.evaluation.scale;
    let (min, max) = (i64::from(scale.min.as_hundredths()), i64::from(scale.max.as_hundredths()));
    let step = i64::from(scale.step.as_hundredths().max(1));
    let scores: Vec<DemoScore> = terms
        .criteria
        .iter()
        .zip(offsets)
        .map(|(criterion, offset)| {
            let wish = level + offset + chance.between(-30, 30);
            let points = ((wish + step / 2) / step * step).clamp(min + 100, max);
            DemoScore {
                criterion: criterion.key.clone(),
                points: Points::hundredths(i32::try_from(points).unwrap_or(0)),
                comment: comments::comment(chance, &criterion.key, points, proposal),
            }
        })
        .collect();
    let sum: i64 = scores.iter().map(|s| i64::from(s.points.as_hundredths())).sum();
    let mean = sum / i64::try_from(scores.len().max(1)).unwrap_or(1);
    let (comment, private_note) = comments::overall(chance, mean, proposal);
    DemoSheet { evaluator, scores, comment, private_note }
}
