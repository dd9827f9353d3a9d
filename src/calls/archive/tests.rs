use super::*;
use crate::calls::rules::Severity;
use entity::types::{
    states::AnnexClass,
    terms::{Basis, QuestionKind, Signers},
};
use serde_json::{Value, json};

fn call_2017() -> Value {
    serde_json::from_str(shipped::INNOVATION_EXPRESS_2017).unwrap()
}

/// The mistakes of the 2017 call after one change.
fn mistakes_after(change: impl FnOnce(&mut Value)) -> Vec<Mistake> {
    let mut file = call_2017();
    change(&mut file);
    read(&format!("{file:#}")).unwrap_err()
}

fn one(at: &str, mistakes: &[Mistake]) -> String {
    let [mistake] = mistakes else { panic!("{mistakes:#?}") };
    assert_eq!(mistake.at, at);
    assert!(mistake.line.is_some());
    mistake.message.clone()
}

#[test]
fn shipped_calls_are_read_and_written_back_letter_for_letter() {
    for (name, text) in shipped::ALL {
        let file = read(text).unwrap_or_else(|mistakes| panic!("{name}: {mistakes:#?}"));
        assert_eq!(write(&file), text, "{name}");
        assert_eq!(file.findings(), vec![], "{name}");
    }
}

#[test]
fn the_2017_call_holds_its_facts() {
    let file = read(shipped::INNOVATION_EXPRESS_2017).unwrap();

    let funding: Vec<&str> =
        file.annexes.iter().filter(|a| a.terms.class == AnnexClass::Funding).map(|a| a.agency.country.code()).collect();
    assert_eq!(funding, ["DE", "LT", "NO", "DK", "SE"]);
    assert_eq!(file.annexes.len(), 8);
    assert_eq!(file.call.criteria.len(), 6);
    assert_eq!(file.call.activities.len(), 8);
    assert_eq!(file.call.sections.len(), 8);
    let baden = &file.annexes[0].terms;
    assert_eq!(baden.budget.unwrap().to_string(), "400\u{a0}000\u{a0}EUR");
    assert!(baden.marks.iter().any(|m| m.at == "/budget" && m.basis == Basis::Sourced));
    let danish = file.annexes.iter().find(|a| a.agency.key == "dk-sfu").unwrap();
    assert_eq!(danish.terms.min_smes, 3);
    assert_eq!(danish.terms.private_share_min.unwrap().number(), "40");
}

#[test]
fn every_assumed_value_of_a_shipped_call_is_marked() {
    for (_, text) in shipped::ALL {
        let file = read(text).unwrap();
        for at in
            ["/call/evaluation/scale", "/call/evaluation/tie_rule", "/call/cost_categories", "/call/criteria/0/weight"]
        {
            assert!(file.call.marks.iter().any(|m| m.at == at && m.basis == Basis::Assumed), "{at}");
        }
        for annex in &file.annexes {
            let has = |at: &str| annex.terms.marks.iter().any(|m| m.at == at);
            assert!(has("/deadline") && has("/activities") && has("/intensity"), "{}", annex.agency.key);
            assert_eq!(annex.terms.budget.is_some(), has("/budget"), "{}", annex.agency.key);
        }
    }
}

/// Names, money, dates, words: a reader must see of each value where it comes from.
#[test]
fn every_value_of_a_shipped_call_carries_a_mark() {
    use crate::calls::rules::facts;
    for (name, text) in shipped::ALL {
        let file = read(text).unwrap();
        let covered = |at: &str, marks: &[entity::types::terms::Mark]| {
            marks.iter().any(|m| at == m.at || at.strip_prefix(&m.at).is_some_and(|rest| rest.starts_with('/')))
        };
        let stated: Value = serde_json::from_str(text).unwrap();
        let in_file = |at: &String| stated.pointer(at).is_some();
        let places = facts::places_of_call(&file.call).into_iter().filter(in_file);
        let open: Vec<String> = places.filter(|at| !covered(at, &file.call.marks)).collect();
        assert_eq!(open, Vec::<String>::new(), "{name}");
        for annex in &file.annexes {
            let places = facts::places_of_annex(&annex.terms).into_iter().chain(["/agency/name".to_owned()]);
            let open: Vec<String> = places.filter(|at| !covered(at, &annex.terms.marks)).collect();
            assert_eq!(open, Vec::<String>::new(), "{name}: {}", annex.agency.key);
            assert!(covered("/deadline/local", &annex.terms.marks), "the hour of {}", annex.agency.key);
        }
    }
}

/// What domain.md and the collected call data state and a file must not lose.
#[test]
fn letters_commitments_and_the_hour_of_lithuania_are_kept() {
    let file = read(shipped::INNOVATION_EXPRESS_2017).unwrap();
    let letter = file.call.documents.iter().find(|d| d.key == "letter_partner").unwrap();
    assert_eq!((letter.required, letter.each), (true, Some(Signers::ForeignPartner)));
    assert!(file.call.consortium.company_commitments);
    let due = file.call.timeline.iter().find(|m| m.label.starts_with("National documents")).unwrap();
    assert_eq!((due.date.as_str(), due.zone), ("2018-01-26T15:00", Some(chrono_tz::Tz::Europe__Vilnius)));
}

#[test]
fn what_each_signs_belongs_to_the_parts_and_guests_stand_in_a_table() {
    let mistakes = mistakes_after(|file| file["call"]["documents"][0]["scope"] = json!("joint"));
    assert!(one("/call/documents/0/scope", &mistakes).contains("belongs to the parts"));
    let mistakes = mistakes_after(|file| file["call"]["consortium"]["guests"] = json!("milestones"));
    assert!(one("/call/consortium/guests", &mistakes).contains("no joint table “milestones”"));
    let mistakes = mistakes_after(|file| file["call"]["documents"][0]["each"] = json!("everybody"));
    assert_eq!(one("/call/documents/0/each", &mistakes), "Use one of “foreign_partner”, “company”, null");
    let mistakes = mistakes_after(|file| file["call"]["timeline"][7]["date"] = json!("2018-01-26T25:00"));
    assert!(one("/call/timeline/7/date", &mistakes).contains("a day with an hour"));
}

#[test]
fn broken_json_is_named_with_its_line() {
    let mistakes = read("{\n  \"fairway_call\": 1,\n  \"code\" \"IE\"\n}").unwrap_err();
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].to_string(), "line 3: This is not JSON: expected `:` (column 10)");

    let cut = &shipped::INNOVATION_EXPRESS_2017[..3000];
    assert!(read(cut).unwrap_err()[0].message.contains("This is not JSON"));
    assert!(read("").unwrap_err()[0].message.contains("the file ends too early"));
}

#[test]
fn an_unknown_field_is_named_at_its_place() {
    let mistakes = mistakes_after(|file| file["call"]["criteria"][1]["wieght"] = json!(20));
    assert_eq!(
        one("/call/criteria/1/wieght", &mistakes),
        "“wieght” is not known here; remove it or correct its spelling"
    );
}

#[test]
fn a_missing_field_is_named_where_it_should_be() {
    let mistakes = mistakes_after(|file| {
        file["annexes"][2]["terms"].as_object_mut().unwrap().remove("deadline");
    });
    assert_eq!(one("/annexes/2/terms", &mistakes), "“deadline” is missing");
}

#[test]
fn weights_of_90_percent_are_refused_with_the_sum() {
    let mistakes = mistakes_after(|file| file["call"]["criteria"][0]["weight"] = json!(20));
    assert_eq!(one("/call/criteria", &mistakes), "The weights add up to 90 %; they must add up to 100 %");
}

#[test]
fn values_of_the_wrong_form_say_what_to_write_instead() {
    for (at, value, message) in [
        ("/call/opens_at", json!("2017-04-31T08:00:00Z"), "Write a time such as 2017-05-02T07:00:00Z"),
        ("/call/zone", json!("Europe/Kopenhagen"), "Write a time zone such as Europe/Oslo"),
        (
            "/call/currency",
            json!("EURO"),
            "Use one of “EUR”, “DKK”, “NOK”, “SEK”, “ISK”, “PLN”, “CZK”, “GBP”, “CHF”, “USD”",
        ),
        ("/call/criteria/0/weight", json!("120"), "Write a percentage from 0 to 100 with at most two decimals"),
        ("/call/criteria/0/weight", json!(120), "Use a number not above 100"),
        ("/call/criteria/0/weight", json!(30.123), "Use at most two decimals"),
        ("/call/duration/min", json!("twelve"), "Write a whole number here, not text in quotes"),
        (
            "/call/sections/0/key",
            json!("Section A"),
            "Write a key of at most 48 lower-case letters, digits, dashes and underscores",
        ),
        (
            "/call/timeline/0/date",
            json!("April 2017"),
            "Write a month (2017-04), a day (2017-04-30), a day with an hour (2018-01-26T15:00) or two days with a slash",
        ),
        ("/annexes/0/agency/country", json!("XX"), "Write a country's two-letter code such as LT"),
        (
            "/annexes/0/terms/deadline/local",
            json!("2017-11-31T16:00:00"),
            "Write a local time such as 2017-10-31T16:00:00",
        ),
        (
            "/annexes/0/terms/budget/amount",
            json!("-5"),
            "Write an amount in quotes with a point and at most two decimals, for example \"400000.00\"",
        ),
        ("/fairway_call", json!(2), "This must be 1"),
        ("/code", json!("ie 2017"), "Write 3 to 24 capital letters, digits and dashes, for example IE-2017"),
    ] {
        let mistakes = mistakes_after(|file| *file.pointer_mut(at).unwrap() = value);
        assert_eq!(one(at, &mistakes), message);
    }
}

#[test]
fn a_kind_of_question_names_what_it_lacks() {
    let at = "/call/sections/0/questions/0/kind";
    let mistakes = mistakes_after(|file| *file.pointer_mut(at).unwrap() = json!({"type": "text", "max_chars": 5}));
    let messages: Vec<&str> = mistakes.iter().map(|m| m.message.as_str()).collect();
    assert_eq!(
        messages,
        ["“max_words” is missing", "“max_chars” is not known here; remove it or correct its spelling"]
    );

    let mistakes = mistakes_after(|file| *file.pointer_mut(at).unwrap() = json!({"type": "essay"}));
    assert!(one(&format!("{at}/type"), &mistakes).starts_with("Use one of “line”, “text”"));
}

#[test]
fn an_unknown_activity_is_found_in_the_annex() {
    let mistakes = mistakes_after(|file| file["annexes"][1]["terms"]["activities"][0] = json!("dancing"));
    assert_eq!(one("/annexes/1/terms/activities/0", &mistakes), "The call has no activity “dancing”");
}

#[test]
fn all_mistakes_are_reported_at_once_in_the_order_of_the_file() {
    let mistakes = mistakes_after(|file| {
        file["call"]["title"] = json!("");
        file["call"]["duration"]["max"] = json!(null);
        file["annexes"][0]["terms"]["class"] = json!("rich");
        file["annexes"][7]["agency"]["country"] = json!("Spain");
    });
    let places: Vec<&str> = mistakes.iter().map(|m| m.at.as_str()).collect();
    assert_eq!(places, ["/call/title", "/call/duration/max", "/annexes/0/terms/class", "/annexes/7/agency/country"]);
}

#[test]
fn a_name_that_stands_twice_does_not_pass_unseen() {
    let text = shipped::INNOVATION_EXPRESS_2017.replacen("\"code\"", "\"code\": \"IE-0000\",\n  \"code\"", 1);
    let mistakes = read(&text).unwrap_err();
    assert_eq!(one("/code", &mistakes), "“code” stands here twice");
}

#[test]
fn an_agency_has_one_annex() {
    let mistakes = mistakes_after(|file| {
        let again = file["annexes"][0].clone();
        file["annexes"].as_array_mut().unwrap().push(again);
    });
    assert!(mistakes.iter().any(|m| m.at == "/annexes/8/agency/key"));
}

#[test]
fn a_huge_or_deep_file_is_refused() {
    let huge = format!("{{\"code\": \"{}\"}}", "x".repeat(read::MOST_BYTES));
    assert!(read(&huge).unwrap_err()[0].message.contains("a call file has at most"));

    let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
    assert_eq!(read(&deep).unwrap_err()[0].message, "The file is nested deeper than 32 levels");
    let abyss = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read(&abyss).unwrap_err()[0].message.contains("This is not JSON"));
}

#[test]
fn the_schema_and_the_terms_know_the_same_kinds_of_questions() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let kinds = schema.pointer("/$defs/kind/properties/type/enum").unwrap().as_array().unwrap();
    for kind in kinds {
        let full = json!({ "type": kind, "max_chars": 1, "max_words": 1, "currency": "EUR", "options": [], "columns": [], "max_rows": 1, "max_mb": 1 });
        let wanted: Vec<&str> = match kind.as_str().unwrap() {
            "line" => vec!["max_chars"],
            "text" => vec!["max_words"],
            "money" => vec!["currency"],
            "choice" | "choices" => vec!["options"],
            "table" => vec!["columns", "max_rows"],
            "file" => vec!["max_mb"],
            _ => vec![],
        };
        let mut value = json!({ "type": kind });
        for name in wanted {
            value[name] = full[name].clone();
        }
        serde_json::from_value::<QuestionKind>(value).unwrap_or_else(|e| panic!("{kind}: {e}"));
    }
    assert_eq!(kinds.len(), 11);
}

#[test]
fn only_errors_keep_a_file_out() {
    let mut file = call_2017();
    file["call"]["evaluation"]["tie_rule"] = json!([]);
    let read = read(&file.to_string()).unwrap();
    assert!(read.findings().iter().any(|f| f.severity == Severity::Warning));
}
