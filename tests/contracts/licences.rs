//! What is built into Fairway may be given away under its licence: every dependency offers a licence of this list.

use serde_json::Value;
use spdx::{Expression, LicenseReq};
use std::{path::Path, process::Command};

/// Licences that may be part of a work under the EUPL-1.2: permissive ones, and copyleft by file.
const ALLOWED: [&str; 17] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "EUPL-1.2",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

fn allowed(licence: &LicenseReq) -> bool {
    ALLOWED.contains(&licence.to_string().as_str())
}

/// Why a package may not be used, if it may not.
fn objection(package: &Value) -> Option<String> {
    let name = format!("{} {}", package["name"].as_str()?, package["version"].as_str()?);
    let Some(licence) = package["license"].as_str() else { return Some(format!("{name} names no licence")) };
    // Some packages still write a slash for “or”.
    match Expression::parse(&licence.replace('/', " OR ")) {
        Ok(expression) if expression.evaluate(allowed) => None,
        Ok(_) => Some(format!("{name} is under {licence}")),
        Err(problem) => Some(format!("{name} has a licence nobody can read: {}", problem.reason)),
    }
}

#[test]
fn every_dependency_may_be_given_away_with_fairway() {
    // Only what this machine builds has been fetched, so nothing else is asked for.
    let version = Command::new(env!("CARGO")).arg("-vV").output().expect("cargo runs");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo names its machine");
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let ask = |network: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["metadata", "--format-version=1", "--locked", "--filter-platform", host]).args(network);
        command.arg("--manifest-path").arg(&manifest).output().expect("cargo runs")
    };
    let mut output = ask(&["--offline"]);
    if !output.status.success() {
        output = ask(&[]);
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo answers in JSON");

    let packages = metadata["packages"].as_array().expect("there are packages");
    let objections: Vec<String> = packages.iter().filter_map(objection).collect();

    assert!(packages.len() > 100, "only {} packages", packages.len());
    assert!(objections.is_empty(), "replace these, or add their licence to the list:\n{}", objections.join("\n"));
}

#[test]
fn a_licence_outside_the_list_is_noticed() {
    let package = |licence: Value| serde_json::json!({ "name": "some", "version": "1.0.0", "license": licence });

    assert_eq!(objection(&package("GPL-3.0-only OR MIT".into())), None);
    assert_eq!(objection(&package("MIT/Apache-2.0".into())), None);
    assert_eq!(
        objection(&package("MIT AND GPL-3.0-only".into())).as_deref(),
        Some("some 1.0.0 is under MIT AND GPL-3.0-only")
    );
    assert_eq!(objection(&package(Value::Null)).as_deref(), Some("some 1.0.0 names no licence"));
}
