//! Reads what was typed on the editor's pages; every mistake is noted beside its field.

use crate::{
    calls::editor::rules::key_of,
    web::{FieldErrors, Posted},
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use entity::types::{
    BadValue, decimal,
    money::{Currency, Money},
    period,
    points::Points,
    share::Share,
    terms::Named,
    text,
};
use std::str::FromStr;

/// More rows than this no form sends.
const MOST_ROWS: usize = 300;

/// The fields of a form and what is wrong with them.
pub struct Typed<'a> {
    posted: &'a Posted,
    pub errors: FieldErrors,
}

impl<'a> Typed<'a> {
    pub fn new(posted: &'a Posted) -> Self {
        Self { posted, errors: FieldErrors::default() }
    }

    pub fn raw(&self, name: &str) -> &str {
        self.posted.text(name).trim()
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        self.posted.all(name)
    }

    pub fn ticked(&self, name: &str) -> bool {
        self.posted.ticked(name)
    }

    fn take<T>(&mut self, name: &str, value: Result<T, BadValue>, instead: T) -> T {
        self.errors.take(name, value).unwrap_or(instead)
    }

    /// One line; a gap is for the task list to name.
    pub fn line(&mut self, name: &str, max: usize) -> String {
        let value = text::optional_line(self.posted.text(name), max).map(Option::unwrap_or_default);
        self.take(name, value, String::new())
    }

    pub fn optional_line(&mut self, name: &str, max: usize) -> Option<String> {
        let value = text::optional_line(self.posted.text(name), max);
        self.take(name, value, None)
    }

    pub fn prose(&mut self, name: &str, max: usize) -> String {
        let value = text::prose(self.posted.text(name), max);
        self.take(name, value, String::new())
    }

    /// A whole number that is not negative.
    pub fn count(&mut self, name: &str, most: u32) -> u32 {
        let value = count(self.raw(name), most);
        self.take(name, value, 0)
    }

    pub fn optional_count(&mut self, name: &str, most: u32) -> Option<u32> {
        if self.raw(name).is_empty() { None } else { Some(self.count(name, most)) }
    }

    pub fn optional_whole(&mut self, name: &str) -> Option<i64> {
        if self.raw(name).is_empty() {
            return None;
        }
        let value = decimal::parse(self.raw(name), 0).map(Some);
        self.take(name, value, None)
    }

    pub fn share(&mut self, name: &str) -> Share {
        let value = Share::parse(self.raw(name));
        self.take(name, value, Share::ZERO)
    }

    pub fn optional_share(&mut self, name: &str) -> Option<Share> {
        if self.raw(name).is_empty() { None } else { Some(self.share(name)) }
    }

    pub fn points(&mut self, name: &str) -> Points {
        let value = Points::parse(self.raw(name));
        self.take(name, value, Points::whole(0))
    }

    pub fn optional_points(&mut self, name: &str) -> Option<Points> {
        if self.raw(name).is_empty() { None } else { Some(self.points(name)) }
    }

    pub fn optional_money(&mut self, name: &str, currency: Currency) -> Option<Money> {
        if self.raw(name).is_empty() {
            return None;
        }
        let bare = self.raw(name).trim_end_matches(currency.code()).trim().to_owned();
        let value = Money::parse(&bare, currency).map(Some);
        self.take(name, value, None)
    }

    pub fn optional_day(&mut self, name: &str) -> Option<NaiveDate> {
        if self.raw(name).is_empty() {
            return None;
        }
        let value = period::parse_day(self.raw(name)).map(Some);
        self.take(name, value, None)
    }

    pub fn optional_zone(&mut self, name: &str) -> Option<Tz> {
        if self.raw(name).is_empty() {
            return None;
        }
        let value = period::parse_zone(self.raw(name)).map(Some);
        self.take(name, value, None)
    }

    /// One of a list of words.
    pub fn word<T: FromStr>(&mut self, name: &str, instead: T) -> T {
        let value = self.raw(name).parse().map_err(|_| BadValue::new("Choose one from the list"));
        self.take(name, value, instead)
    }

    /// A checked value of another kind.
    pub fn with<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, BadValue>, instead: T) -> T {
        let value = read(self.raw(name));
        self.take(name, value, instead)
    }

    /// The positions of a list's rows in the order people gave them; rows without any of these fields are left out.
    pub fn rows(&mut self, list: &str, fields: &[&str]) -> Vec<usize> {
        let mut rows: Vec<(u32, usize)> = Vec::new();
        for i in 0..MOST_ROWS {
            if !fields.iter().any(|field| self.posted.has(&format!("{list}.{i}.{field}"))) {
                break;
            }
            if fields.iter().all(|field| self.raw(&format!("{list}.{i}.{field}")).is_empty()) {
                continue;
            }
            let order = format!("{list}.{i}.order");
            let place = u32::try_from(i).unwrap_or_default() + 1;
            let place = if self.raw(&order).is_empty() { place } else { self.count(&order, 10_000) };
            rows.push((place, i));
        }
        rows.sort();
        rows.into_iter().map(|(_, i)| i).collect()
    }

    /// The key of a row: the one it has, or one made of its label.
    pub fn key(&self, name: &str, label: &str, taken: &[String]) -> String {
        match self.raw(name) {
            "" => key_of(label, taken),
            key => key.chars().take(60).collect(),
        }
    }

    /// A list of things with a key and a label.
    pub fn named(&mut self, list: &str) -> Vec<Named> {
        let mut found: Vec<Named> = Vec::new();
        for i in self.rows(list, &["label"]) {
            let label = self.line(&format!("{list}.{i}.label"), 300);
            let taken: Vec<String> = found.iter().map(|n| n.key.clone()).chain(self.keys(list)).collect();
            let key = self.key(&format!("{list}.{i}.key"), &label, &taken);
            found.push(Named { key, label });
        }
        found
    }

    /// The keys the rows of a list have already.
    pub fn keys(&self, list: &str) -> Vec<String> {
        (0..MOST_ROWS)
            .map(|i| self.posted.text(&format!("{list}.{i}.key")).to_owned())
            .filter(|key| !key.is_empty())
            .collect()
    }
}

fn count(text: &str, most: u32) -> Result<u32, BadValue> {
    let value = decimal::parse(text, 0)?;
    u32::try_from(value)
        .ok()
        .filter(|n| *n <= most)
        .ok_or_else(|| BadValue::new(format!("Enter a whole number between 0 and {most}")))
}
