//! Plans of lists.

use super::*;
use crate::clusters::members::rules::read;
use uuid::Uuid;

fn id(n: u128) -> OrganisationId {
    OrganisationId(Uuid::from_u128(n))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn known(n: u128, name: &str, number: Option<&str>) -> Known {
    let registration_no = number.map(str::to_owned);
    Known { id: id(n), name: name.to_owned(), country: "NO".parse().unwrap(), registration_no }
}

fn member(n: u128, since: &str, until: Option<&str>) -> Current {
    Current {
        id: ClusterMembershipId(Uuid::from_u128(100 + n)),
        member: id(n),
        name: format!("Member {n}"),
        since: day(since),
        until: until.map(day),
    }
}

fn list(rows: &[[&str; 4]]) -> List {
    let head = ["Name", "Country", "Registration number", "Until"];
    let cells = |row: &[&str; 4]| row.iter().map(|&cell| cell.to_owned()).collect();
    let table: Vec<(usize, Vec<String>)> = (1..).zip(std::iter::once(&head).chain(rows).map(cells)).collect();
    read(&table).unwrap()
}

fn made(rows: &[[&str; 4]], whole: bool) -> Plan {
    let all =
        [known(1, "Wind AS", Some("911")), known(2, "Wave", None), known(3, "Twin", None), known(4, "Twin AS", None)];
    let current =
        [member(1, "2015-01-01", None), member(2, "2014-01-01", Some("2016-12-31")), member(5, "2013-01-01", None)];
    plan(&list(rows), id(99), &all, &current, whole, day("2017-09-01"))
}

fn changes(plan: &Plan) -> Vec<&Change> {
    plan.steps.iter().map(|step| &step.change).collect()
}

#[test]
fn organisations_are_known_by_number_then_by_name() {
    let plan = made(&[["Other name", "NO", "911", ""], ["WAVE", "NO", "", ""], ["Wind", "SE", "", ""]], false);
    assert_eq!(
        changes(&plan),
        [
            &Change::Stays,
            &Change::Dates {
                membership: ClusterMembershipId(Uuid::from_u128(102)),
                member: id(2),
                since: day("2017-09-01"),
                until: None,
                back: true
            },
            &Change::New { since: day("2017-09-01"), until: None },
        ]
    );
    assert!(plan.ends.is_empty() && plan.changes_something());
}

#[test]
fn doubtful_and_double_rows_are_faults() {
    let plan = made(
        &[
            ["Twin", "NO", "", ""],
            ["Wind", "NO", "911", ""],
            ["Wind AS", "NO", "", ""],
            ["New", "NO", "", ""],
            ["new as", "NO", "", ""],
        ],
        false,
    );
    let said: Vec<(usize, &str)> = plan.faults.iter().map(|f| (f.row, f.message.as_str())).collect();
    assert_eq!(
        said,
        [
            (2, "2 registered organisations have this name; add the registration number"),
            (4, "The same organisation as in row 3"),
            (6, "The same organisation as in row 5"),
        ]
    );
}

#[test]
fn a_whole_list_ends_those_it_does_not_name() {
    let plan = made(&[["Wind AS", "NO", "911", ""]], true);
    let ends: Vec<(&str, NaiveDate)> = plan.ends.iter().map(|end| (end.name.as_str(), end.until)).collect();
    assert_eq!(ends, [("Member 5", day("2017-09-01"))]);

    let broken = made(&[["Wind AS", "NO", "911", ""], ["", "NO", "", ""]], true);
    assert!(broken.ends.is_empty(), "nobody ends because of a row that could not be read");
}

#[test]
fn dates_of_the_list_count() {
    let plan = made(&[["Wind AS", "NO", "911", "2017-12-31"]], false);
    assert_eq!(
        changes(&plan),
        [&Change::Dates {
            membership: ClusterMembershipId(Uuid::from_u128(101)),
            member: id(1),
            since: day("2015-01-01"),
            until: Some(day("2017-12-31")),
            back: false
        }]
    );
}

#[test]
fn the_same_list_a_second_time_changes_nothing() {
    let plan = made(&[["Wind AS", "NO", "911", ""]], false);
    assert_eq!(changes(&plan), [&Change::Stays]);
    assert!(!plan.changes_something());
}
