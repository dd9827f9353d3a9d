//! Makes the four worlds of the demo: one SQLite file per stage, each a copy of the one before that went on.

use super::{
    cast::{self, AccountLine, PASSWORD},
    load::{self, Agency, Load, Step, Year},
    material::material,
    stage::{Stage, at},
};
use crate::{
    allocation::{
        commands::{AdoptScenario, KeepOptimum, MakeScenario, MakeUsualScenarios},
        optimum::Effort,
        queries::SearchOf,
        rules::{self as allocation, Kind, mirrored},
    },
    calls::{
        archive::{commands::ImportCall, read, shipped},
        corrigenda::commands::CorrectCall,
        publishing::commands::{ApproveAnnex, CloseCall, OpenCall, PublishCall, StartEvaluation, SubmitForApproval},
    },
    decisions::{
        commands::{ConfirmDecisions, ProposeDecisions, ReleaseDecisions},
        queries::PreviewOf,
    },
    documents::store::DiskStore,
    evaluation::{
        calibration::{
            commands::KeepCalibration,
            figures::{calibrate, why},
            queries::InputsOf,
        },
        conflicts::{
            commands::{AddInterest, DecideFinding, NoteScreening, SignInterests, StoreFindings},
            queries::{ConflictsOf, ScreeningOf},
        },
        panels::{
            commands::{AddItems, CreatePanel, OrderAgenda, PanelRules, SeatMembers},
            queries::{PanelsOf, PreparingOf},
        },
        plans::{
            commands::{KeepPlan, MakePlan, OrderPlan},
            queries::{InputsOf as PlanInputsOf, SettingsOf},
            rules::settings::{Objective, Settings, Typed},
            solving::{Unfound, solve},
        },
    },
    kernel::{
        Actor, App, app::Parts, clock::ShiftedClock, database::Database, paging::ListRequest, passwords::Passwords,
        secret::SystemChance,
    },
    notifications::{transport::Nowhere, worker},
    web::worlds::{World, Worlds},
};
use anyhow::{Context, anyhow, bail};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    allocation::scenario,
    calls::{annex, call},
    organisations::organisation,
    types::{
        ids::CallId,
        money::{Currency, Money},
        states::{PanelOrder, Role, ScenarioState},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The seed of the material: the same demo everywhere.
const SEED: u64 = 2017;
/// Places above the line of the demo's calibrations: about what the agencies' budgets pay for.
const PLACES: u32 = 20;
/// Where the accounts are written; it is the last thing written, so a folder with it is complete.
pub const ACCOUNTS: &str = "demo-accounts.json";
/// What is written first: only a folder with it is the demo's to make anew.
const MARK: &str = "fairway-demo.txt";
const MARKED: &str = "This folder belongs to Fairway's demonstration, which makes it anew when it is not complete.\n";

const HERE: Actor = Actor::System("The demo");

/// Opens the demo in a folder, making it first when it is not there; `tell` hears how far it is.
///
/// # Errors
/// When the folder holds something else or cannot be written.
pub async fn open(folder: &Path, base_url: &str, tell: impl Fn(&str)) -> anyhow::Result<Worlds> {
    let accounts = folder.join(ACCOUNTS);
    if !tokio::fs::try_exists(&accounts).await? {
        make(folder, base_url, &tell).await?;
    }
    let text = tokio::fs::read_to_string(&accounts).await.context("reading the demo's accounts")?;
    let lines: Vec<AccountLine> =
        serde_json::from_str(&text).with_context(|| format!("{} is not the demo's", accounts.display()))?;
    let mut worlds = Vec::new();
    for stage in Stage::ALL {
        let (app, _) = app(&home(folder, stage), stage.instant(), base_url).await?;
        app.database().migrate().await?;
        worlds.push(World { key: stage.key().to_owned(), label: stage.label().to_owned(), app });
    }
    Ok(Worlds::demo(worlds, cast::choices(&lines)))
}

fn home(folder: &Path, stage: Stage) -> PathBuf {
    folder.join(stage.key())
}

fn file(folder: &Path, stage: Stage) -> PathBuf {
    home(folder, stage).join("fairway.sqlite")
}

async fn app(home: &Path, now: DateTime<Utc>, base_url: &str) -> anyhow::Result<(App, Arc<ShiftedClock>)> {
    tokio::fs::create_dir_all(home).await.with_context(|| format!("{} cannot be made", home.display()))?;
    let clock = Arc::new(ShiftedClock::starting_at(now));
    let app = App::new(Parts {
        database: Database::open(&Database::sqlite_url(&home.join("fairway.sqlite"))).await?,
        clock: clock.clone(),
        chance: Arc::new(SystemChance),
        passwords: Passwords::new(2),
        store: Arc::new(DiskStore::open(home.join("files")).await?),
        base_url: base_url.to_owned(),
    });
    Ok((app, clock))
}

/// A world being made: its application, its clock and what is known.
struct Making {
    app: App,
    clock: Arc<ShiftedClock>,
}

impl Making {
    async fn step(&self, year: &Arc<Year>, now: DateTime<Utc>, step: Step) -> anyhow::Result<()> {
        self.clock.set(now);
        let load = Load { year: year.clone(), step };
        self.app.run(&HERE, load).await.with_context(|| format!("loading {step:?}"))
    }

    /// What the ranking model says of the sheets of this moment.
    async fn calibrate(&self, year: &Arc<Year>, now: DateTime<Utc>) -> anyhow::Result<()> {
        self.clock.set(now);
        let secretariat = load::actor(&self.app, cast::staff(Role::Secretariat)).await?;
        let inputs = self.app.ask(&secretariat, InputsOf(year.call)).await?;
        let calibrated = calibrate(&inputs, PLACES, SEED).map_err(|unusable| anyhow!(why(unusable)))?;
        let keep = KeepCalibration {
            call: year.call,
            places: i32::try_from(PLACES)?,
            seed: SEED.to_string(),
            inputs: inputs.digest,
            calibrated,
        };
        self.app.run(&secretariat, keep).await?;
        Ok(())
    }

    /// Two drafts of one more reader for each proposal, to be compared: by total, and the worst-served first.
    async fn plan(&self, year: &Arc<Year>, now: DateTime<Utc>) -> anyhow::Result<()> {
        self.clock.set(now);
        let secretariat = load::actor(&self.app, cast::staff(Role::Secretariat)).await?;
        let call = year.call;
        let usual = self.app.ask(&secretariat, SettingsOf { call, plan: None }).await?.settings;
        let one_more = Settings { language: false, apart: false, per_proposal: usual.per_proposal + 1, ..usual };
        for (name, objective) in [("Greatest total", Objective::Total), ("Worst served first", Objective::Fair)] {
            let typed = Typed::of(name, &Settings { objective, ..one_more.clone() });
            let plan = self.app.run(&secretariat, MakePlan { call, typed }).await?;
            let job = self.app.run(&secretariat, OrderPlan { call, plan, seen: 1 }).await?;
            let inputs = self.app.ask(&HERE, PlanInputsOf { call, plan, job: Some(job) }).await?;
            let inputs = inputs.ok_or_else(|| anyhow!("the plan waits for another run"))?;
            let found = solve(inputs, objective == Objective::Total, &|_| true).map_err(|unfound| match unfound {
                Unfound::Failed(failure) => anyhow!("{name}: {}", failure.why),
                Unfound::Stopped => anyhow!("{name} was stopped"),
            })?;
            self.app.run(&HERE, KeepPlan { call, plan, job, found }).await?;
        }
        Ok(())
    }

    /// Mail of the past has arrived long ago.
    async fn deliver(&self) -> anyhow::Result<()> {
        while worker::step(&self.app, &Nowhere).await? {}
        Ok(())
    }

    /// Parts handed in between two moments, in the order of their arrival.
    async fn hand_in(&self, year: &Arc<Year>, early: bool) -> anyhow::Result<()> {
        let mut due = Vec::new();
        for (p, proposal) in year.material.proposals.iter().enumerate() {
            for i in 0..proposal.parts.len() {
                let at = year.handed_in_at(p, i)?;
                if (at <= Stage::Open.instant()) == early {
                    due.push((at, p, i));
                }
            }
        }
        due.sort_unstable();
        for (at, p, i) in due {
            let cluster = year.material.proposals[p].parts[i].cluster;
            let person = load::actor(&self.app, &year.material.clusters[cluster].manager.email).await?;
            self.clock.set(at);
            let load = Load { year: year.clone(), step: Step::HandIn(p, i) };
            self.app.run(&person, load).await.with_context(|| format!("handing in {p} {i}"))?;
        }
        Ok(())
    }
}

/// Takes a folder for the demo: a new or empty one, or one whose demo was not finished. Nobody else's files are
/// touched.
async fn claim(folder: &Path) -> anyhow::Result<()> {
    tokio::fs::create_dir_all(folder).await.with_context(|| format!("{} cannot be made", folder.display()))?;
    let mark = folder.join(MARK);
    if tokio::fs::try_exists(&mark).await? {
        return Ok(());
    }
    if tokio::fs::read_dir(folder).await?.next_entry().await?.is_some() {
        bail!(
            "{} holds something else than the demo, and nothing was touched: give --data a new or empty folder",
            folder.display()
        );
    }
    tokio::fs::write(&mark, MARKED).await.with_context(|| format!("{} cannot be written", mark.display()))
}

async fn make(folder: &Path, base_url: &str, tell: &impl Fn(&str)) -> anyhow::Result<()> {
    claim(folder).await?;
    for stage in Stage::ALL {
        // A demo that was being made when it was stopped is made anew.
        match tokio::fs::remove_dir_all(home(folder, stage)).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    tell("Making up thirty proposals …");
    let (making, year) = begin(folder, base_url).await?;
    tell("Loading the open call …");
    open_call(&making, &year).await?;
    let making = go_on(folder, making, (Stage::Open, Stage::Evaluating), base_url).await?;
    tell("Loading the evaluation …");
    evaluate(&making, &year).await?;
    let making = go_on(folder, making, (Stage::Evaluating, Stage::Decided), base_url).await?;
    tell("Loading the decisions …");
    decide(&making, &year).await?;
    let making = go_on(folder, making, (Stage::Decided, Stage::Reporting), base_url).await?;
    tell("Loading agreements and reports …");
    making.step(&year, Stage::Reporting.instant() - TimeDelta::hours(12), Step::Agreements).await?;
    making.deliver().await?;
    making.app.database().clone().close().await?;
    let lines: Vec<AccountLine> = year.members.iter().map(AccountLine::of).collect();
    tokio::fs::write(folder.join(ACCOUNTS), serde_json::to_string_pretty(&lines)?).await?;
    Ok(())
}

/// Closes a world, copies its file and opens the copy.
async fn go_on(folder: &Path, now: Making, (from, to): (Stage, Stage), base_url: &str) -> anyhow::Result<Making> {
    now.app.database().clone().close().await?;
    tokio::fs::create_dir_all(home(folder, to)).await?;
    tokio::fs::copy(file(folder, from), file(folder, to)).await.context("copying a stage")?;
    let (app, clock) = app(&home(folder, to), from.instant(), base_url).await?;
    Ok(Making { app, clock })
}

/// The call as a draft, and everybody with an account.
async fn begin(folder: &Path, base_url: &str) -> anyhow::Result<(Making, Arc<Year>)> {
    let (app, clock) = app(&home(folder, Stage::Open), at(2017, 3, 1, 9), base_url).await?;
    app.database().migrate().await?;
    let file = read(shipped::INNOVATION_EXPRESS_2017).map_err(|_| anyhow!("the shipped call cannot be read"))?;
    let call = app.run(&HERE, ImportCall(file.clone())).await?;
    let material = material(SEED);
    let members = cast::members(&material, &SystemChance);
    let mut salt = [0; 16];
    app.chance().fill(&mut salt);
    let phc = app.passwords().hash(PASSWORD.to_owned(), salt).await?;
    let agencies = agencies(&app, call).await?;
    let year = Arc::new(Year { material, file, members, phc, call, agencies });
    let making = Making { app, clock };
    making.step(&year, at(2017, 3, 1, 9), Step::People).await?;
    Ok((making, year))
}

async fn agencies(app: &App, call: CallId) -> anyhow::Result<BTreeMap<String, Agency>> {
    let rows = annex::Entity::find()
        .find_also_related(organisation::Entity)
        .filter(annex::Column::CallId.eq(call))
        .all(app.database().maintenance())
        .await?;
    let one = |(annex, agency): (annex::Model, Option<organisation::Model>)| {
        let agency = agency?;
        Some((agency.key?, Agency { id: agency.id, annex: annex.id, terms: annex.terms }))
    };
    Ok(rows.into_iter().filter_map(one).collect())
}

/// The call is approved, announced and opened; proposals are written, some are handed in.
async fn open_call(making: &Making, year: &Arc<Year>) -> anyhow::Result<()> {
    let Making { app, clock } = making;
    let secretariat = load::actor(app, cast::staff(Role::Secretariat)).await?;
    clock.set(at(2017, 3, 6, 9));
    app.run(&secretariat, SubmitForApproval(year.call)).await?;
    for (key, agency) in &year.agencies {
        clock.set(at(2017, 3, 14, 10));
        let email = cast::officer(key, false).ok_or_else(|| anyhow!("{key} has no officer"))?;
        let officer = load::actor(app, email).await?;
        app.run(&officer, ApproveAnnex { annex: agency.annex, seen: 1 }).await?;
    }
    clock.set(at(2017, 3, 20, 9));
    app.run(&secretariat, PublishCall(year.call)).await?;
    clock.set(year.file.call.opens_at.unwrap_or_else(|| at(2017, 4, 3, 7)));
    app.run(&HERE, OpenCall(year.call)).await?;
    making.deliver().await?;
    making.step(year, at(2017, 10, 10, 9), Step::Drafts).await?;
    making.step(year, at(2017, 10, 10, 9), Step::Recruitment { answered: false }).await?;
    correct(making, year, &secretariat).await?;
    making.hand_in(year, true).await?;
    clock.set(Stage::Open.instant());
    making.deliver().await
}

/// A question of applicants is answered for everybody: the call says how a letter may be signed.
async fn correct(making: &Making, year: &Year, secretariat: &Actor) -> anyhow::Result<()> {
    making.clock.set(at(2017, 10, 10, 10));
    let row = call::Entity::find_by_id(year.call).one(making.app.database().maintenance()).await?;
    let row = row.ok_or_else(|| anyhow!("the call is missing"))?;
    let mut terms = row.terms;
    terms.consortium.rules.push("A letter is signed by link or as a scan of the signed paper.".to_owned());
    let reason = "Applicants asked whether the scan of a signed letter is enough. It is.".to_owned();
    making.app.run(secretariat, CorrectCall { call: year.call, seen: row.version, terms, reason }).await?;
    Ok(())
}

/// The rest is handed in, the agencies check, the evaluators begin.
async fn evaluate(making: &Making, year: &Arc<Year>) -> anyhow::Result<()> {
    let Making { app, clock } = making;
    making.step(year, at(2017, 10, 16, 10), Step::Complete).await?;
    making.step(year, at(2017, 10, 16, 10), Step::Recruitment { answered: true }).await?;
    making.hand_in(year, false).await?;
    let last = year.agencies.values().map(|a| a.terms.deadline.instant()).max();
    clock.set(last.unwrap_or_else(|| at(2017, 10, 31, 16)) + TimeDelta::seconds(1));
    app.run(&HERE, CloseCall(year.call)).await?;
    making.step(year, at(2017, 11, 10, 15), Step::Eligibility).await?;
    clock.set(at(2017, 11, 13, 7));
    let secretariat = load::actor(app, cast::staff(Role::Secretariat)).await?;
    app.run(&secretariat, StartEvaluation(year.call)).await?;
    conflicts(making, year).await?;
    making.step(year, Stage::Evaluating.instant() - TimeDelta::hours(1), Step::Sheets { done: false }).await?;
    making.plan(year, Stage::Evaluating.instant() - TimeDelta::minutes(45)).await?;
    making.step(year, Stage::Evaluating.instant() - TimeDelta::minutes(30), Step::Training).await?;
    making.calibrate(year, Stage::Evaluating.instant() - TimeDelta::minutes(30)).await?;
    panel(making, year).await?;
    making.deliver().await
}

/// The secretariat prepares a panel of the chair and four evaluators on the proposals whose sheets are furthest apart.
async fn panel(making: &Making, year: &Arc<Year>) -> anyhow::Result<()> {
    let Making { app, clock } = making;
    clock.set(Stage::Evaluating.instant() - TimeDelta::minutes(20));
    let secretariat = load::actor(app, cast::staff(Role::Secretariat)).await?;
    let found = app.ask(&secretariat, PanelsOf(year.call)).await?;
    let judges: Vec<_> = found.guests.iter().filter(|guest| guest.what == "evaluator").take(4).collect();
    let rules = PanelRules {
        name: "Panel of the joint call".to_owned(),
        chair: found.guests.iter().find(|guest| guest.chairs).map(|guest| guest.account),
        deputy: judges.first().map(|guest| guest.account),
        starts_at: Some(at(2017, 12, 12, 9)),
        place: "Agency for Science, Innovation and Technology, Vilnius, room 3".to_owned(),
        minutes: 15,
        quorum: 3,
        casting: true,
    };
    let id = app.run(&secretariat, CreatePanel { call: year.call, rules }).await?;
    let accounts = judges.iter().skip(1).map(|guest| guest.account).collect();
    app.run(&secretariat, SeatMembers { panel: id, accounts }).await?;
    let prep = app.ask(&secretariat, PreparingOf(id)).await?;
    let mut apart: Vec<_> = prep.possible.iter().filter(|one| one.spread.is_some()).collect();
    apart.sort_by_key(|one| (std::cmp::Reverse(one.spread), one.code.clone()));
    let proposals = apart.iter().take(8).map(|one| one.proposal).collect();
    app.run(&secretariat, AddItems { panel: id, proposals }).await?;
    app.run(&secretariat, OrderAgenda { panel: id, by: PanelOrder::BySpread }).await?;
    Ok(())
}

/// Three evaluators state seats, everybody is compared, and the secretariat decides about the first two findings.
async fn conflicts(making: &Making, year: &Arc<Year>) -> anyhow::Result<()> {
    let Making { app, clock } = making;
    let material = &year.material;
    clock.set(at(2017, 11, 13, 9));
    for proposal in material.proposals.iter().take(3) {
        let cluster = proposal.parts[0].cluster;
        let close = |one: &&crate::demo::material::DemoProposal| one.parts.iter().any(|part| part.cluster == cluster);
        let judges: Vec<usize> =
            material.proposals.iter().filter(close).flat_map(|one| one.sheets.iter().map(|s| s.evaluator)).collect();
        let free = (0..material.evaluators.len()).rev().find(|at| !judges.contains(at));
        let Some(one) = free.map(|at| &material.evaluators[at]) else { continue };
        let person = load::actor(app, &one.person.email).await?;
        let name = material.clusters[cluster].name.clone();
        let stated = AddInterest { kind: "adviser".to_owned(), name, ..AddInterest::default() };
        app.run(&person, stated).await?;
        let sign = SignInterests { signed_name: person.name().to_owned(), declared: true };
        app.run(&person, sign).await?;
    }
    let found = app.ask(&HERE, ScreeningOf { call: year.call, only: None }).await?;
    let (people, proposals) = (found.people, found.proposals);
    app.run(&HERE, StoreFindings { call: year.call, found: found.changed, only: None }).await?;
    app.run(&HERE, NoteScreening { call: year.call, people, proposals, alarm: false, whole: true }).await?;
    clock.set(at(2017, 11, 14, 9));
    let secretariat = load::actor(app, cast::staff(Role::Secretariat)).await?;
    let list = ListRequest { filters: vec![("kind".to_owned(), "seat".to_owned())], ..ListRequest::default() };
    let seats = app.ask(&secretariat, ConflictsOf { call: year.call, list: list.everything() }).await?.lines.rows;
    let reasons = [(true, "Paid adviser until last summer, says the cluster."), (false, "Advised another network.")];
    for (line, (conflict, reason)) in seats.iter().zip(reasons) {
        let (proposal, finding, reason) = (line.proposal, line.id, reason.to_owned());
        app.run(&secretariat, DecideFinding { proposal, finding, seen: None, conflict, reason }).await?;
    }
    Ok(())
}

/// What each strategy does about the country that runs dry, a pot and more money; the chair signs strict skip, the
/// rule of the call, with the Nordic top-up.
async fn allocate(making: &Making, year: &Arc<Year>) -> anyhow::Result<()> {
    let Making { app, clock } = making;
    let call = year.call;
    let secretariat = load::actor(app, cast::staff(Role::Secretariat)).await?;
    clock.set(at(2017, 12, 14, 9));
    app.run(&secretariat, MakeUsualScenarios(call)).await?;
    let searched = scenario::Entity::find()
        .filter(scenario::Column::CallId.eq(call))
        .filter(scenario::Column::State.eq(ScenarioState::Computing));
    for row in searched.all(app.database().maintenance()).await? {
        let Some(job) = row.job else { continue };
        let scenario = row.id;
        let asked = app.ask(&HERE, SearchOf { call, scenario, job }).await?;
        let (input, settings) = asked.ok_or_else(|| anyhow!("the scenario waits for another search"))?;
        let outcome = mirrored(&input, &settings, Effort::USUAL, &mut |_| true)?;
        app.run(&HERE, KeepOptimum { call, scenario, job, outcome }).await?;
    }
    let baden = year.agency("de-bw")?;
    let more = baden.terms.budget.map(|budget| Money::new(budget.minor + 5_000_000, budget.currency));
    let usual = |kind| allocation::Settings::usual(kind);
    let pot = Some(Money::new(6_000_000, Currency::Eur));
    let top_up = Some(Money::new(30_000_000, Currency::Eur));
    let scenarios = [
        ("A common pot of 60 000 EUR", allocation::Settings { pot, ..usual(Kind::BalancingPot) }),
        (
            "50 000 EUR more in Baden-Württemberg",
            allocation::Settings {
                budgets: more.map(|more| (baden.id, more)).into_iter().collect(),
                ..usual(Kind::StrictSkip)
            },
        ),
        ("Strict skip with the Nordic top-up", allocation::Settings { top_up, ..usual(Kind::StrictSkip) }),
    ];
    let mut last = None;
    for (name, settings) in scenarios {
        let typed = allocation::Typed::of(name, &settings);
        last = Some(app.run(&secretariat, MakeScenario { call, typed }).await?);
    }
    let scenario = last.ok_or_else(|| anyhow!("no scenario was made"))?;
    clock.set(at(2017, 12, 15, 14));
    let chair = load::actor(app, cast::staff(Role::PanelChair)).await?;
    let reason = "The call text lets a proposal be funded only when every agency can pay its part. The panel and the \
                  agencies looked at every strategy and keep to it; what Baden-Württemberg cannot pay waits on its \
                  reserve list."
        .to_owned();
    let signed_name = chair.name().to_owned();
    app.run(&chair, AdoptScenario { call, scenario, seen: 1, reason, signed_name }).await?;
    Ok(())
}

/// The sheets are in, the ranking is fixed, the decisions are released.
async fn decide(making: &Making, year: &Arc<Year>) -> anyhow::Result<()> {
    let Making { app, clock } = making;
    making.step(year, at(2017, 12, 4, 9), Step::Sheets { done: true }).await?;
    making.calibrate(year, at(2017, 12, 11, 10)).await?;
    making.step(year, at(2017, 12, 13, 15), Step::Ranking).await?;
    let secretariat = load::actor(app, cast::staff(Role::Secretariat)).await?;
    allocate(making, year).await?;
    clock.set(at(2017, 12, 18, 9));
    app.run(&secretariat, ProposeDecisions(year.call)).await?;
    clock.set(at(2018, 1, 10, 9));
    for agency in year.agencies.keys() {
        let Some(officer) = cast::officer(agency, false) else { continue };
        let officer = load::actor(app, officer).await?;
        for list in app.ask(&officer, PreviewOf(year.call)).await?.lists {
            app.run(&officer, ConfirmDecisions { annex: list.annex, seen: list.seen }).await?;
        }
    }
    let seen = app.ask(&secretariat, PreviewOf(year.call)).await?.seen;
    app.run(&secretariat, ReleaseDecisions { call: year.call, seen }).await?;
    making.deliver().await
}
