mod guide;
mod law;
mod walks;

use super::super::ownership::{Kind, Node, Ownership, Party, Tie};
use super::*;
use chrono::NaiveDate;
use entity::types::{
    money::{Currency, Money},
    share::Share,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn euro(whole: i64) -> Money {
    Money::new(whole * 100, Currency::Eur)
}

fn firms(count: u32) -> Vec<Party> {
    (1..=count).map(|node| Party::new(node, Kind::Enterprise)).collect()
}

fn tie(holder: u32, held: u32, percent: i32) -> Tie {
    Tie::holding(holder, held, Share::percent(percent))
}

/// Persons, then millions of turnover and balance, of 2024.
fn accounts(node: u32, persons: i64, turnover: i64, balance: i64) -> Accounts {
    Accounts {
        node: Node(node),
        closed_on: day("2024-12-31"),
        headcount: persons * 100,
        turnover: euro(turnover * 1_000_000),
        balance: euro(balance * 1_000_000),
        includes: vec![],
        estimated: false,
    }
}

fn in_year(year: i32, accounts: Accounts) -> Accounts {
    Accounts { closed_on: NaiveDate::from_ymd_opt(year, 12, 31).unwrap(), ..accounts }
}

/// Assesses enterprise 1.
fn assessed(graph: &Ownership, accounts: &[Accounts]) -> Assessment {
    assess(&Case { graph, enterprise: Node(1), accounts, on: day("2025-06-01") })
}

/// The persons that count for enterprise 1 when each party has as many as told, in hundredths.
fn staff(parties: Vec<Party>, ties: Vec<Tie>, persons: &[i64]) -> i64 {
    let graph = Ownership::new(parties, ties).unwrap();
    let list: Vec<_> = (1..).zip(persons).map(|(node, persons)| accounts(node, *persons, 0, 0)).collect();
    assessed(&graph, &list).periods.last().unwrap().total.staff()
}
