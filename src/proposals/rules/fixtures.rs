//! The annexes of the shipped 2017 call, for the tests of these rules.

use crate::calls::archive::{CallFile, read, shipped};
use entity::types::terms::{AnnexTerms, CallTerms};
use std::sync::LazyLock;

static FILE: LazyLock<CallFile> = LazyLock::new(|| read(shipped::INNOVATION_EXPRESS_2017).unwrap());

pub fn call() -> CallTerms {
    FILE.call.clone()
}

pub fn annex(key: &str) -> AnnexTerms {
    FILE.annexes.iter().find(|a| a.agency.key == key).unwrap().terms.clone()
}

pub fn codes(findings: &[super::Finding]) -> Vec<&'static str> {
    findings.iter().map(|f| f.code).collect()
}
