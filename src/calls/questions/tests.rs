use super::*;
use entity::types::{
    money::Currency,
    terms::{Column, ColumnKind, Condition, Named, Question, QuestionKind, Section, SectionScope},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn question(key: &str, kind: QuestionKind) -> Question {
    Question { key: key.into(), label: key.into(), guidance: String::new(), required: true, kind, show_if: None }
}

fn options(keys: &[&str]) -> Vec<Named> {
    keys.iter().map(|k| Named { key: (*k).into(), label: k.to_uppercase() }).collect()
}

fn one(kind: QuestionKind, typed: &str) -> Value {
    read(&question("q", kind), &RawAnswer::One(typed.into())).unwrap()
}

fn number(decimals: u32) -> QuestionKind {
    QuestionKind::Number { decimals, min: Some(0), max: Some(100), unit: "months".into() }
}

#[test]
fn answers_are_normalised_to_one_form() {
    assert_eq!(one(number(1), "3,5"), json!("3.5"));
    assert_eq!(
        one(QuestionKind::Money { currency: Currency::Dkk }, "1 234,50 DKK"),
        json!({"amount": "1234.50", "currency": "DKK"})
    );
    assert_eq!(one(QuestionKind::Date { earliest: None, latest: None }, "31.10.2017"), json!("2017-10-31"));
    assert_eq!(one(QuestionKind::YesNo, "yes"), json!(true));
    assert_eq!(one(QuestionKind::Country { several: false }, "de"), json!("DE"));
    assert_eq!(one(QuestionKind::Text { max_words: 5 }, "a\r\nb  "), json!("a\nb"));
    assert_eq!(one(QuestionKind::Line { max_chars: 5 }, "   "), Value::Null);
}

#[test]
fn what_cannot_be_read_is_kept_and_named() {
    for (kind, typed) in [
        (number(0), "about twelve"),
        (QuestionKind::Money { currency: Currency::Eur }, "much"),
        (QuestionKind::Date { earliest: None, latest: None }, "2017-02-30"),
        (QuestionKind::YesNo, "perhaps"),
        (QuestionKind::Choice { options: options(&["a", "b"]) }, "c"),
        (QuestionKind::Country { several: false }, "Atlantis"),
    ] {
        let q = question("q", kind);
        let value = read(&q, &RawAnswer::One(typed.into())).unwrap();

        assert_eq!(text(&q, &value), typed);
        assert_eq!(raw(&q, &value), RawAnswer::One(typed.into()));
        assert_eq!(check(&q, &value).len(), 1, "{typed}");
    }
}

#[test]
fn limits_count_when_the_answer_is_checked_not_when_it_is_saved() {
    let q = question("q", QuestionKind::Text { max_words: 3 });
    let value = read(&q, &RawAnswer::One("one two three four".into())).unwrap();

    assert_eq!(value, json!("one two three four"));
    assert_eq!(check(&q, &value), vec!["Use at most 3 words; this has 4"]);
    assert_eq!(check(&question("q", number(0)), &json!("101")), vec!["Enter 100 or less"]);
    assert_eq!(check(&question("q", number(1)), &json!("100.5")), vec!["Enter 100 or less"]);
}

#[test]
fn only_what_cannot_be_kept_at_all_is_refused() {
    let q = question("q", QuestionKind::Text { max_words: 3 });

    assert!(read(&q, &RawAnswer::One("x".repeat(100_001))).is_err());
    assert!(read(&q, &RawAnswer::Rows(vec![vec!["x".into()]])).is_err());
}

#[test]
fn several_choices_keep_the_order_of_the_list() {
    let q = question("q", QuestionKind::Choices { options: options(&["a", "b", "c"]), min: 1, max: Some(2) });
    let value = read(&q, &RawAnswer::Many(vec!["c".into(), "a".into(), "c".into()])).unwrap();

    assert_eq!(value, json!(["a", "c"]));
    assert_eq!(text(&q, &value), "A; C");
    assert_eq!(check(&q, &json!(["a", "b", "c"])), vec!["Choose at most 2"]);
    assert_eq!(check(&q, &json!(["x"])), vec!["Choose from the list"]);
}

#[test]
fn a_table_names_the_cell_that_is_wrong() {
    let columns = vec![
        Column { key: "what".into(), label: "What".into(), kind: ColumnKind::Text, required: true },
        Column { key: "when".into(), label: "When".into(), kind: ColumnKind::Date, required: false },
    ];
    let q = question("q", QuestionKind::Table { columns, min_rows: 1, max_rows: 2 });
    let rows = vec![
        vec!["Kick-off".into(), "soon".into()],
        vec![" ".into(), String::new()],
        vec![String::new(), "2018-03-01".into()],
    ];
    let value = read(&q, &RawAnswer::Rows(rows)).unwrap();

    assert_eq!(
        check(&q, &value),
        vec!["Row 1, When: Enter a date, for example 2017-10-31", "Row 2, What: Fill this in"]
    );
    assert_eq!(text(&q, &value), "What: Kick-off; When: soon\nWhen: 1 March 2018");
    assert_eq!(
        raw(&q, &value),
        RawAnswer::Rows(vec![vec!["Kick-off".into(), "soon".into()], vec![String::new(), "2018-03-01".into()]])
    );
}

#[test]
fn a_hidden_question_is_neither_asked_nor_missing() {
    let mut second = question("second", QuestionKind::Choice { options: options(&["a", "b"]) });
    second.show_if = Some(Condition { question: "first".into(), is: vec!["yes".into()] });
    let mut third = question("third", QuestionKind::Line { max_chars: 9 });
    third.show_if = Some(Condition { question: "second".into(), is: vec!["a".into()] });
    let section = Section {
        key: "s".into(),
        title: "S".into(),
        scope: SectionScope::Joint,
        guidance: String::new(),
        questions: vec![question("first", QuestionKind::YesNo), second, third],
    };
    let mut answers = BTreeMap::from([("first".to_owned(), json!(false)), ("second".to_owned(), json!("a"))]);

    assert!(missing(&section, &answers).is_empty());
    answers.insert("first".into(), json!(true));
    assert_eq!(missing(&section, &answers), vec![("third".to_owned(), "Answer this question".to_owned())]);
}
