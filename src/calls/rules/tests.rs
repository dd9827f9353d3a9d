use super::*;
use crate::calls::archive::{CallFile, read, shipped};
use entity::types::{
    money::{Currency, Money, Rate},
    points::Points,
    share::Share,
    states::{AnnexClass, AnnexState},
    terms::{Condition, Months, QuestionKind, TieBreak},
};

fn file() -> CallFile {
    read(shipped::INNOVATION_EXPRESS_2017).unwrap()
}

/// Errors and warnings after one change: place and severity.
fn found(change: impl FnOnce(&mut CallFile)) -> Vec<(String, Severity)> {
    let mut file = file();
    change(&mut file);
    file.findings().into_iter().map(|f| (f.at, f.severity)).collect()
}

fn error(at: &str) -> Vec<(String, Severity)> {
    vec![(at.to_owned(), Severity::Error)]
}

#[test]
fn conditions_look_back_at_options_that_exist() {
    let condition = |question: &str, is: &str| Some(Condition { question: question.into(), is: vec![is.into()] });
    let at = "/call/sections/7/questions/1/show_if";
    let set = |c: Option<Condition>| move |f: &mut CallFile| f.call.sections[7].questions[1].show_if = c;

    assert_eq!(found(set(condition("aid_basis", "no_aid"))), vec![]);
    assert_eq!(found(set(condition("aid_basis", "never"))), error(&format!("{at}/is/0")));
    assert_eq!(found(set(condition("org_type", "sme_network"))), error(&format!("{at}/question")));
    assert_eq!(found(set(condition("de_minimis_declaration", "yes"))), error(&format!("{at}/question")));
    assert_eq!(
        found(|f| f.call.sections[0].questions[1].show_if = condition("public_summary", "yes")),
        error("/call/sections/0/questions/1/show_if/question")
    );
}

#[test]
fn keys_are_well_formed_and_unique_in_the_whole_form() {
    assert_eq!(found(|f| f.call.sections[1].key = "a".into()), error("/call/sections/1/key"));
    assert_eq!(
        found(|f| f.call.sections[1].questions[0].key = "follow_up".into()),
        error("/call/sections/5/questions/3/key")
    );
    assert_eq!(
        found(|f| f.annexes[0].terms.questions[0].key = "follow_up".into()),
        error("/annexes/0/terms/questions/0/key")
    );
    assert_eq!(found(|f| f.call.kpis[1].key = "New contacts".into()), error("/call/kpis/1/key"));
}

#[test]
fn points_stay_on_the_scale() {
    assert_eq!(
        found(|f| f.call.criteria[2].threshold = Some(Points::hundredths(325))),
        error("/call/criteria/2/threshold")
    );
    assert_eq!(
        found(|f| f.call.criteria[2].anchors[1].points = Points::whole(6)),
        error("/call/criteria/2/anchors/1/points")
    );
    assert_eq!(
        found(|f| f.call.evaluation.scale.step = Points::hundredths(300)).first().unwrap().0,
        "/call/criteria/0/anchors/1/points"
    );
    assert!(
        found(|f| f.call.evaluation.scale.step = Points::whole(0)).contains(&error("/call/evaluation/scale/step")[0])
    );
    let unknown = TieBreak::Criterion { key: "c9".into() };
    assert_eq!(found(|f| f.call.evaluation.tie_rule.push(unknown)), error("/call/evaluation/tie_rule/6/key"));
    assert_eq!(found(|f| f.call.evaluation.tie_rule.push(TieBreak::Smes)), error("/call/evaluation/tie_rule/6"));
}

#[test]
fn an_annex_that_pays_has_money_in_its_own_currency() {
    let euro = |amount: i64| Some(Money::new(amount * 100, Currency::Eur));
    let at = |field: &str| error(&format!("/annexes/0/terms/{field}"));

    assert_eq!(found(|f| f.annexes[0].terms.budget = None), at("budget"));
    assert_eq!(found(|f| f.annexes[0].terms.ceiling = None), at("ceiling"));
    assert_eq!(found(|f| f.annexes[0].terms.intensity = Share::ZERO), at("intensity"));
    assert_eq!(found(|f| f.annexes[0].terms.floor = euro(60_001)), at("floor"));
    assert_eq!(found(|f| f.annexes[0].terms.budget = euro(59_999)), at("ceiling"));
    assert_eq!(found(|f| f.annexes[0].terms.rate = Rate::parse("1.1").unwrap()), at("rate"));
    assert_eq!(found(|f| f.annexes[0].terms.floor = Some(Money::new(1, Currency::Sek))), at("floor/currency"));
    assert_eq!(found(|f| f.annexes[5].terms.budget = euro(1)), error("/annexes/5/terms/budget"));
}

#[test]
fn a_call_opens_before_every_deadline() {
    let late = "2017-10-31T15:30:00Z".parse().ok();
    let at: Vec<String> = found(|f| f.call.opens_at = late)
        .into_iter()
        .filter(|(_, severity)| *severity == Severity::Error)
        .map(|(at, _)| at)
        .collect();

    // 15:30 UTC is after 16:00 in all eight zones.
    assert_eq!(at, (0..8).map(|i| format!("/annexes/{i}/terms/deadline")).collect::<Vec<_>>());
    assert_eq!(found(|f| f.call.opens_at = None), error("/call/opens_at"));
}

#[test]
fn somebody_must_pay_and_durations_must_make_sense() {
    let nobody = found(|f| f.annexes.retain(|a| a.terms.class != AnnexClass::Funding));
    assert!(nobody.contains(&error("/annexes")[0]));
    assert_eq!(found(|f| f.call.duration = Months { min: 18, max: 12 }), error("/call/duration/max"));
    assert_eq!(found(|f| f.call.reports[0].at_month = Some(19)), error("/call/reports/0/at_month"));
    assert_eq!(found(|f| f.call.consortium.min_countries = 3)[0].0, "/call/consortium/min_countries");
    assert_eq!(found(|f| f.call.kpis[1].benchmark = Some(171)), error("/call/kpis/1/benchmark"));
}

#[test]
fn a_mark_that_points_to_nothing_is_only_odd() {
    assert_eq!(
        found(|f| f.call.marks[0].at = "/call/subtitle".into()),
        vec![("/call/marks/0/at".to_owned(), Severity::Warning)]
    );
}

fn in_editor(file: &CallFile, state: AnnexState) -> Vec<AnnexInEditor> {
    let annex = |a: &crate::calls::archive::AnnexFile| AnnexInEditor {
        agency: a.agency.name.clone(),
        terms: a.terms.clone(),
        state,
    };
    file.annexes.iter().map(annex).collect()
}

#[test]
fn the_editor_tells_what_is_left_to_do() {
    let mut file = file();
    file.call.criteria[0].weight = Share::percent(20);
    file.annexes[1].terms.budget = None;
    let tasks = editor_tasks(&file.call, &in_editor(&file, AnnexState::Approved));

    let open: Vec<&str> = tasks.iter().filter(|t| !t.done).map(|t| t.key.as_str()).collect();
    assert_eq!(open, ["criteria", "annex-1"]);
    assert_eq!(tasks[2].missing, ["The weights add up to 90 %; they must add up to 100 %"]);
    assert_eq!(tasks.len(), 8 + 8);
}

#[test]
fn a_call_is_published_when_every_paying_agency_has_approved() {
    let file = file();

    assert_eq!(obstacles_to_publishing(&file.call, &in_editor(&file, AnnexState::Approved)), Vec::<String>::new());
    let waiting = obstacles_to_publishing(&file.call, &in_editor(&file, AnnexState::Draft));
    assert_eq!(waiting.len(), 5);
    assert_eq!(waiting[2], "Innovation Norway has not approved its annex");
}

#[test]
fn a_corrigendum_shows_what_changed_and_not_what_moved() {
    let before = file();
    let mut after = before.call.clone();
    after.sections.swap(0, 1);
    after.criteria[0].weight = Share::percent(25);
    after.criteria[1].weight = Share::percent(25);
    after.sections[1].questions[0].kind = QuestionKind::Text { max_words: 300 };
    after.documents.remove(0);
    let found = differences(&before.call, &after);

    let lines: Vec<String> = found
        .iter()
        .map(|d| format!("{} | {:?} | {:?}", d.label, d.before.as_deref(), d.after.as_deref()).replace("\\u{a0}", " "))
        .collect();
    assert_eq!(
        lines,
        [
            "Question “Summary for publication”: kind of answer | Some(\"text of at most 250 words\") | Some(\"text of at most 300 words\")",
            "Criterion “Potential to create benefits for the participating companies”: weight | Some(\"30 %\") | Some(\"25 %\")",
            "Criterion “Potential to create benefits for the participating cluster initiatives”: weight | Some(\"20 %\") | Some(\"25 %\")",
            "Document | Some(\"Letter of commitment from each foreign partner (required, once for each part, one from each partner from another country, at most 10 MB)\") | None",
        ]
    );
    assert_eq!(found[0].at, "/call/sections/1/questions/0/kind");
    assert_eq!(differences(&before.call, &before.call), vec![]);
}

#[test]
fn an_annex_shows_its_new_deadline() {
    let before = file().annexes.remove(1).terms;
    let mut after = before.clone();
    after.deadline.local = "2017-11-15T16:00:00".parse().unwrap();
    after.activities.remove(0);
    let found = annex_differences(&before, &after);

    assert_eq!(found.len(), 2);
    assert_eq!(found[0].label, "Deadline");
    assert_eq!(found[0].after.as_deref(), Some("15 November 2017, 16:00 EET (Europe/Vilnius)"));
    assert_eq!((found[1].before.as_deref(), found[1].after.as_deref()), (Some("workshops_study_trips"), None));
}
