use super::{
    figures::{figures, points, uncovered},
    import::{compared, read},
    model::{File, Scene, Seat, asked},
    settings::{Settings, Typed},
    states::{Step, next},
    words::failure,
};
use crate::evaluation::assignments::optimum::{Effort, Progress, Refusal, Solution, Watch, best};
use entity::types::{
    ids::{EvaluatorId, ProposalId},
    states::PlanState,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn proposal(n: u128) -> ProposalId {
    ProposalId(Uuid::from_u128(n))
}

fn evaluator(n: u128) -> EvaluatorId {
    EvaluatorId(Uuid::from_u128(n))
}

fn scene(proposals: u128, evaluators: u128) -> Scene {
    let file = |n: u128| File { code: format!("P-{n}"), languages: vec!["en".into()], ..File::default() };
    let seat = |n: u128| Seat {
        name: format!("Eva {n}"),
        organisation: format!("House {n}"),
        languages: vec!["EN".into()],
        free: 5,
        ..Seat::default()
    };
    Scene {
        proposals: (1..=proposals).map(|n| (proposal(n), file(n))).collect(),
        evaluators: (1..=evaluators).map(|n| (evaluator(n), seat(n))).collect(),
        ..Scene::default()
    }
}

fn solved(scene: &Scene, settings: &Settings) -> Result<Solution, String> {
    let asked =
        asked(scene, settings, |p| (0..scene.evaluators.len()).map(|e| ((p * 7 + e * 3) % 10) as i64).collect());
    let mut tell = |_: Progress| true;
    let found: Result<Solution, Refusal> = best(&asked.problem, Effort::for_size(3, 3), &mut Watch::new(&mut tell));
    found.map_err(|refusal| failure(&refusal, &asked, scene, settings).why)
}

#[test]
fn tasks_stand_and_take_a_place() {
    let mut scene = scene(2, 3);
    scene.tasks.insert((0, 2));
    scene.barred.insert((0, 2), "found late".into());
    scene.elsewhere = vec![1, 0];
    let found = solved(&scene, &Settings::usual(2, 2)).unwrap();
    assert_eq!(found.chosen[0], [2], "one is with somebody who left, one stands although it is barred now");
    assert_eq!(found.chosen[1].len(), 2);
}

#[test]
fn what_cannot_be_kept_is_said_with_names() {
    let mut settings = Settings::usual(2, 1);
    let all = scene(2, 3);
    let why = solved(&all, &settings).unwrap_err();
    assert!(why.contains("one place is missing for P-1, P-2") && why.contains("Eva 1, Eva 2, Eva 3"), "{why}");

    settings.most = 3;
    let mut danish = all.clone();
    danish.proposals[0].1.languages = vec!["da".into()];
    let why = solved(&danish, &settings).unwrap_err();
    assert!(why.contains("P-1") && why.contains("that somebody reads Danish, and nobody does"), "{why}");

    let mut house = all.clone();
    house.evaluators.iter_mut().for_each(|(_, seat)| seat.organisation = "One House".into());
    let why = solved(&house, &settings).unwrap_err();
    assert!(why.contains("that no two come from One House"), "{why}");

    let mut locked = all;
    locked.locks.insert((1, 1));
    locked.barred.insert((1, 1), "works for a partner".into());
    let why = solved(&locked, &settings).unwrap_err();
    assert_eq!(why, "Eva 2 on P-2 is locked, but cannot be asked: works for a partner.");
}

#[test]
fn figures_count_what_is_there() {
    let (p, e) = (proposal, evaluator);
    let pairs = [(p(1), e(1), 500_000), (p(1), e(2), 300_000), (p(2), e(1), 100_000)];
    let wished = BTreeSet::from([(p(1), e(1)), (p(2), e(2))]);
    let told = figures(&[p(1), p(2)], &[e(1), e(2), e(3)], &pairs, &wished);
    assert_eq!((told.total, told.worst, told.unmet_wishes), (900_000, 100_000, 1));
    assert_eq!(told.loads, [1, 1, 1]);
    assert_eq!((points(900_000), points(123_456), points(0)), ("90.0".into(), "12.3".into(), "0.0".into()));
}

#[test]
fn a_draft_that_lacks_something_says_what() {
    let mut scene = scene(1, 2);
    scene.proposals[0].1.languages = vec!["lv".into()];
    let lacking = uncovered(&scene, &Settings::usual(2, 2), &[vec![0]]);
    let words: Vec<&str> = lacking.iter().map(|(_, what)| what.as_str()).collect();
    assert_eq!(words, ["1 of 2 evaluators", "nobody reads Latvian"]);
}

#[test]
fn settings_are_read_as_they_were_shown() {
    let settings = Settings::usual(3, 5);
    let typed = Typed::of("First", &settings);
    assert_eq!((typed.bonus.as_str(), typed.weights[0].as_str()), ("2", "30"));
    assert_eq!(typed.read(), Ok(("First".to_owned(), settings)));
    let wrong = Typed { weights: ["50".into(), "50".into(), "1".into(), "0".into(), "0".into(), "0".into()], ..typed };
    assert_eq!(wrong.read().unwrap_err()[0].1, "The weights make 101 % together; they have to make 100 %");
    let wrong = Typed { least: "7".into(), most: "none".into(), ..wrong };
    let fields: Vec<String> = wrong.read().unwrap_err().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["most", "weight_expertise"]);
}

#[test]
fn a_list_names_its_faulty_rows() {
    let row = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
    let table = vec![
        (1, row(&["Number", "Mail", "Lock", "Shoe"])),
        (2, row(&["ie-1", "A@b.org", "yes", ""])),
        (3, row(&["IE-1", "a@b.org", "", ""])),
        (4, row(&["", "a@b.org", "", ""])),
        (5, row(&["IE-2", "nobody", "", ""])),
        (6, row(&["IE-2", "a@b.org", "perhaps", ""])),
    ];
    let list = read(&table).unwrap();
    assert_eq!((list.rows.len(), list.rows[0].locked, list.unknown.as_slice()), (1, true, &["Shoe".to_owned()][..]));
    let faults: Vec<(usize, &str)> = list.faults.iter().map(|f| (f.row, f.message.as_str())).collect();
    assert_eq!(faults[0], (3, "The same pair as in row 2"));
    assert_eq!(faults.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [3, 4, 5, 6]);
    assert!(read(&table[..1]).is_err() && read(&[(1, row(&["Mail"]))]).is_err());
}

#[test]
fn a_list_is_the_whole_draft() {
    let (p, e) = (proposal, evaluator);
    let now = BTreeMap::from([((p(1), e(1)), false), ((p(1), e(2)), true), ((p(2), e(1)), false)]);
    let changes = compared(&now, &[(p(1), e(1), true), (p(1), e(2), true), (p(2), e(3), false)]);
    assert_eq!(changes.added, [(p(2), e(3), false)]);
    assert_eq!((changes.removed, changes.relocked), (vec![(p(2), e(1))], vec![(p(1), e(1), true)]));
    assert_eq!(changes.unchanged, 1);
}

#[test]
fn a_plan_ends_deployed_or_superseded() {
    use PlanState as S;
    assert_eq!(next(S::Drafted, Step::Order), Ok(S::Computing));
    assert_eq!(next(S::Computing, Step::Find), Ok(S::Ready));
    assert_eq!(next(S::Ready, Step::Deploy), Ok(S::Deployed));
    assert_eq!(next(S::Deployed, Step::Deploy), Ok(S::Deployed), "those that could not go out before");
    assert!(next(S::Drafted, Step::Deploy).is_err() && next(S::Computing, Step::Change).is_err());
    for step in Step::ALL {
        assert!(next(S::Superseded, step).is_err());
    }
}
