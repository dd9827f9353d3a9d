//! What follows when a grant is declined.

use super::*;

fn three() -> Setting {
    setting(
        vec![agency(1, 12), agency(2, 50), agency(3, 60)],
        vec![
            candidate(1, 450, &[(1, 12), (2, 25)]),
            candidate(2, 440, &[(1, 12), (3, 30)]),
            candidate(3, 430, &[(3, 30), (2, 25)]),
        ],
    )
}

#[test]
fn the_next_is_proposed_and_what_is_awarded_stays() {
    let mut setting = three();
    setting.signed.insert(id(300), eur(30));
    let before = allocate(&setting, &Strategy::StrictSkip).unwrap();
    assert_eq!(winners(&before), [1, 3]);

    let next = decline(&setting, &Strategy::StrictSkip, &before, &[id(101)]).unwrap();

    assert_eq!((next.proposed, next.fallen), (vec![id::<ProposalId>(2)], vec![id(1)]));
    assert_eq!(next.freed, [(id(1), eur(12)), (id(2), eur(25))]);
    assert_eq!(winners(&next.scenario), [2, 3]);
    assert_eq!(fates(&next.scenario.lines[2]), [Fate::Signed, Fate::Signed]);
    assert_eq!(next.scenario.lines[0].verdict, Verdict::Broken);
    assert_eq!(next.scenario.agencies[0].left, eur(0));
    assert!(next.setting.signed.contains_key(&id::<PartId>(301)));
}

#[test]
fn a_proposal_goes_on_when_its_consortium_stands() {
    let mut setting = three();
    setting.candidates[0] = candidate(1, 450, &[(1, 12), (2, 25), (3, 30)]);
    let before = allocate(&setting, &Strategy::StrictSkip).unwrap();
    assert_eq!(winners(&before), [1, 3]);

    let next = decline(&setting, &Strategy::StrictSkip, &before, &[id(102)]).unwrap();
    assert_eq!(winners(&next.scenario), [1, 3]);
    assert_eq!(fates(&next.scenario.lines[0]), [Fate::Signed, Fate::Signed, Fate::Declined]);
    assert_eq!((next.freed, next.fallen), (vec![(id(3), eur(30))], vec![]));

    setting.candidates[0].parts[2].needed = true;
    let next = decline(&setting, &Strategy::StrictSkip, &before, &[id(102)]).unwrap();
    assert_eq!((winners(&next.scenario), next.fallen), (vec![2, 3], vec![id(1)]), "without a coordinator it falls");
}

#[test]
fn a_signed_grant_stays_though_its_proposal_falls() {
    let mut setting = three();
    setting.signed.insert(id(100), eur(12));
    let before = allocate(&setting, &Strategy::StrictSkip).unwrap();

    let next = decline(&setting, &Strategy::StrictSkip, &before, &[id(101)]).unwrap();
    assert_eq!(next.scenario.lines[0].verdict, Verdict::Broken);
    assert_eq!(fates(&next.scenario.lines[0]), [Fate::Signed, Fate::Declined]);
    assert_eq!((winners(&next.scenario), next.scenario.agencies[0].left), (vec![3], eur(0)));
    assert_eq!(decline(&setting, &Strategy::StrictSkip, &before, &[id(100)]), Err(Refusal::Signed { part: id(100) }));
}

#[test]
fn a_dropped_part_comes_back_when_money_is_freed() {
    let mut setting = three();
    setting.candidates[1] = candidate(2, 440, &[(3, 30), (2, 25), (1, 12)]);
    setting.candidates.truncate(2);
    let before = allocate(&setting, &Strategy::DropPartner).unwrap();
    assert_eq!(fates(&before.lines[1]), [Fate::Granted, Fate::Granted, Fate::Dropped]);

    let next = decline(&setting, &Strategy::DropPartner, &before, &[id(100)]).unwrap();
    assert_eq!(fates(&next.scenario.lines[1]), [Fate::Signed, Fate::Signed, Fate::Granted]);
}
