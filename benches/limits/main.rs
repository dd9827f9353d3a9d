//! What this machine can do at best and what Fairway does on it, in one run, side by side: `cargo bench`.
//!
//! Bare and ours take turns, so that a busy moment of the machine meets both; medians are compared, with the
//! smallest and the largest measurement beside them. The client runs in the same process and its share of the
//! machine is in every figure.

#![allow(dead_code, unused_imports, unused_macros, reason = "the scenes of the tests are more than is measured")]

#[path = "../../tests/support/mod.rs"]
mod support;

mod client;
mod house;
mod reading;
mod rush;
mod seed;
mod stats;
mod writing;

use house::House;
use reading::Shelf;
use std::time::Instant;
use support::{Base, TestApp};

const FEW: usize = 100;
const MANY: usize = 10_000;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let start = Instant::now();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let built =
        if cfg!(debug_assertions) { "built without optimisation: these figures do not count" } else { "optimised" };
    println!("Fairway beside this machine's limits: {cores} cores, {built}");
    let mut verdicts = stats::Verdicts::default();
    let (short, long, open) =
        (TestApp::start(Base::Sqlite).await, TestApp::start(Base::Sqlite).await, TestApp::start(Base::Sqlite).await);
    let few = seed::judged(&short, FEW).await?;
    let many = seed::judged(&long, MANY).await?;
    let (code, drafts) = seed::drafts(&open, writing::DRAFTS).await?;
    println!("three databases written in {:.1} s", start.elapsed().as_secs_f64());

    let house = House::open(&open).await?;
    reading::call_page(&house, &code, &mut verdicts).await?;
    let (low, high) = (House::open(&short).await?, House::open(&long).await?);
    let few = Shelf { officer: low.sign_in(&short, seed::OFFICER).await?, house: &low, call: few, proposals: FEW };
    let many = Shelf { officer: high.sign_in(&long, seed::OFFICER).await?, house: &high, call: many, proposals: MANY };
    reading::lists(&few, &many, &mut verdicts).await?;
    reading::long_list(&many).await?;
    let applicant = house.sign_in(&open, seed::APPLICANT).await?;
    writing::saves(&house, &applicant, &drafts, &mut verdicts).await?;

    verdicts.print();
    println!("{:.0} s in all", start.elapsed().as_secs_f64());
    Ok(())
}
