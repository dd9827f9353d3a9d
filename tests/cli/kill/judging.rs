//! Evaluators write and hand in sheets; staff ask evaluators in one act for many proposals, release decisions whose
//! letters are printed afterwards, and go to and fro about a report.

use super::{
    Acts,
    caller::{Answer, Caller, Gone},
    session,
};
use crate::support::{
    TestApp,
    scenes::{
        calls::{OLAF, file_2017},
        evaluation::COMMENT,
    },
    smtp::SmtpServer,
};
use entity::{
    decisions::decision,
    documents::file as stored,
    evaluation::assignment,
    kernel::{audit_entry, job},
    notifications::mail,
    proposals::{part, proposal},
    reporting::report,
    types::{
        ids::{AssignmentId, CallId, EvaluatorId, JobId, ProposalId},
        states::{AssignmentState, CallState, DecisionState, JobState, PartState},
    },
};
use fairway::{
    calls::archive::CallFile,
    kernel::{
        App,
        clock::{Clock, SystemClock},
    },
    server,
};
use futures_util::future::BoxFuture;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

/// Proposals that are judged; one evaluator takes all of them.
const JUDGED: usize = 5;
/// Calls whose decisions are released, one in each life of the program.
const CALLS: usize = 3;
/// Proposals in each of them, of two parts each.
const DECIDED: usize = 3;
/// Evaluators who are asked for all proposals, one act for each.
const POOL: usize = 12;

/// What people were told that it was done.
#[derive(Clone, Default)]
struct Told {
    /// The comment as it was saved last, and the one under way, whose fate is unknown.
    comment: String,
    comment_under_way: String,
    narrative: String,
    narrative_under_way: String,
    sheets: Vec<AssignmentId>,
    jobs: Vec<JobId>,
    released: Vec<CallId>,
    reports: usize,
    returns: usize,
}

/// Calls in their stages, people with sessions, and what they were told.
pub struct Story {
    judged: CallId,
    proposals: Vec<ProposalId>,
    /// Eva's one sheet, and all of Ivo's.
    eva: AssignmentId,
    ivo: Vec<AssignmentId>,
    pool: Vec<EvaluatorId>,
    decided: Vec<CallId>,
    report: String,
    sessions: BTreeMap<&'static str, String>,
    told: Arc<Mutex<Told>>,
}

fn file(code: &str) -> CallFile {
    CallFile { code: code.to_owned(), ..file_2017() }
}

impl Story {
    pub async fn begin(app: &TestApp) -> Self {
        app.jump(SystemClock.now());
        let reported = app.decided_field_of(file("IE-R"), 1).await;
        let part = reported.proposals[0].parts[0];
        let dates = [("starts_on", "2018-02-01"), ("ends_on", "2019-01-31"), ("version", "0")];
        app.as_("Dorte Dahl").await.post(&format!("/staff/parts/{part}/agreement"), &dates).await.expect(303);
        let field = app.field_of(file("IE-J"), CallState::Evaluating, JUDGED).await;
        app.all_parts(&field, PartState::Eligible).await;
        let proposals: Vec<ProposalId> = field.proposals.iter().map(|placed| placed.id).collect();
        let eva = app.assigned(proposals[0], "Eva Expert").await;
        let mut ivo = Vec::new();
        for id in &proposals {
            ivo.push(app.assigned(*id, "Ivo Insight").await);
        }
        let mut pool = Vec::new();
        for n in 1..=POOL {
            pool.push(app.evaluator(&format!("Pool {n}"), "Institute", "companies").await);
        }
        let mut decided = Vec::new();
        for n in 1..=CALLS {
            let field = app.ranked_field_of(file(&format!("IE-D{n}")), DECIDED).await;
            app.adopt_strict_skip(field.call).await;
            app.as_(OLAF).await.post(&format!("/staff/calls/{}/decisions/propose", field.call), &[]).await.expect(303);
            app.confirm_lists(&field).await;
            decided.push(field.call);
        }
        app.work().await;
        let rows = report::Entity::find().filter(report::Column::PartId.eq(part)).order_by_asc(report::Column::DueOn);
        let report = rows.one(app.app.database().maintenance()).await.unwrap().unwrap().id.to_string();
        let mut sessions = BTreeMap::new();
        for name in ["Eva Expert", "Ivo Insight", OLAF, "Cora 1", "Dorte Dahl"] {
            sessions.insert(name, session(app, name).await);
        }
        Self { judged: field.call, proposals, eva, ivo, pool, decided, report, sessions, told: Arc::default() }
    }

    fn told(&self) -> Told {
        self.told.lock().unwrap().clone()
    }
}

impl super::Told for Story {
    fn work(&self, address: &str, _: &Arc<SmtpServer>, acts: Acts) -> BoxFuture<'static, ()> {
        let caller = |name: &str| Caller::new(address, Some(&self.sessions[name]));
        let at = |told: &Arc<Mutex<Told>>| Desk { told: told.clone(), acts: acts.clone() };
        let (eva, ivo, olaf) = (caller("Eva Expert"), caller("Ivo Insight"), caller(OLAF));
        let (cora, dorte, secretary) = (caller("Cora 1"), caller("Dorte Dahl"), caller(OLAF));
        let (sheet, sheets) = (self.eva, self.ivo.clone());
        let list = format!("/staff/calls/{}/proposals", self.judged);
        let (rows, pool, decided) = (self.proposals.clone(), self.pool.clone(), self.decided.clone());
        let report = self.report.clone();
        let desks = [(); 5].map(|()| at(&self.told));
        Box::pin(async move {
            let [a, b, c, d, e] = desks;
            // Everybody ends by finding the program gone, or has nothing left to do.
            let _ends = tokio::join!(
                writes(eva, sheet, a),
                hands_in(ivo, sheets, b),
                asks(olaf, list, rows, pool, c),
                releases(secretary, decided, d),
                reports(cora, dorte, report, e),
            );
        })
    }

    fn is_enough(&self) -> bool {
        let told = self.told();
        !told.comment.is_empty()
            && !told.sheets.is_empty()
            && !told.jobs.is_empty()
            && !told.released.is_empty()
            && told.reports.min(told.returns) > 0
    }

    async fn assert_kept(&self, app: &App) {
        let (db, told) = (app.database().maintenance(), self.told());
        let row = assignment::Entity::find_by_id(self.eva).one(db).await.unwrap().unwrap();
        let comment = row.comment.clone();
        assert!(told.comment.is_empty() || [told.comment, told.comment_under_way].contains(&comment), "{comment}");
        self.told.lock().unwrap().comment = comment;
        for id in &told.sheets {
            let row = assignment::Entity::find_by_id(*id).one(db).await.unwrap().unwrap();
            assert_eq!(row.state, AssignmentState::Submitted, "the sheet {id} is lost");
        }
        for id in &told.jobs {
            assert!(job::Entity::find_by_id(*id).one(db).await.unwrap().is_some(), "the order {id} is lost");
        }
        for id in &told.released {
            let open = decisions_of(app, *id).await.into_iter().filter(|row| row.state != DecisionState::Released);
            assert_eq!(open.count(), 0, "the release of {id} is lost");
        }
        let row =
            report::Entity::find_by_id(self.report.parse::<uuid::Uuid>().unwrap()).one(db).await.unwrap().unwrap();
        let narrative = row.narrative.clone();
        let known = [told.narrative.clone(), told.narrative_under_way];
        assert!(told.narrative.is_empty() || known.contains(&narrative), "{narrative}");
        self.told.lock().unwrap().narrative = narrative;
        for (command, times) in [("SubmitReport", told.reports), ("DecideReport", told.returns)] {
            let logged = audit_entry::Entity::find().filter(audit_entry::Column::Command.eq(command));
            assert!(logged.count(db).await.unwrap() >= times as u64, "{command}, {times} times");
        }
    }

    async fn finish(&self, app: &App) {
        server::work(app, &server::jobs()).await.unwrap();
        let (db, told) = (app.database().maintenance(), self.told());
        let open = job::Entity::find()
            .filter(job::Column::State.ne(JobState::Done))
            .filter(job::Column::DueAt.lte(app.now()))
            .all(db)
            .await
            .unwrap();
        assert!(open.is_empty(), "not everything that was left over is done: {open:?}");
        // Every letter was printed, and is one.
        for id in &self.decided {
            let rows = decisions_of(app, *id).await;
            for row in rows.iter().filter(|row| row.state == DecisionState::Released) {
                assert!(row.letter_file_id.is_some(), "a letter is missing");
                let files = stored::Entity::find().filter(stored::Column::AboutId.eq(row.id.0)).all(db).await.unwrap();
                let names: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
                assert!(!names.is_empty() && names.len() == files.len(), "printed twice: {names:?}");
            }
        }
        // Everybody was asked once for each proposal, whenever the job was cut short.
        let asked = mail::Entity::find().filter(mail::Column::Name.eq("M14")).all(db).await.unwrap();
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for one in asked.iter().filter(|one| one.address.starts_with("pool.")) {
            *times.entry(one.address.clone()).or_default() += 1;
        }
        assert!(times.len() >= told.jobs.len(), "{times:?}");
        assert!(times.values().all(|n| *n == JUDGED), "{times:?}");
    }
}

async fn decisions_of(app: &App, call: CallId) -> Vec<decision::Model> {
    let db = app.database().maintenance();
    let proposals = proposal::Entity::find().filter(proposal::Column::CallId.eq(call)).all(db).await.unwrap();
    let parts = part::Entity::find().filter(part::Column::ProposalId.is_in(proposals.iter().map(|p| p.id)));
    let parts: Vec<_> = parts.all(db).await.unwrap().iter().map(|part| part.id).collect();
    decision::Entity::find().filter(decision::Column::PartId.is_in(parts)).all(db).await.unwrap()
}

/// Where people note what they were told.
struct Desk {
    told: Arc<Mutex<Told>>,
    acts: Acts,
}

impl Desk {
    /// Something is about to be asked for.
    fn begin(&self, note: impl FnOnce(&mut Told)) {
        note(&mut self.told.lock().unwrap());
    }

    /// Something was acknowledged.
    fn done(&self, note: impl FnOnce(&mut Told)) {
        note(&mut self.told.lock().unwrap());
        _ = self.acts.send(());
    }

    fn told(&self) -> Told {
        self.told.lock().unwrap().clone()
    }
}

/// Eva types into her sheet and never waits.
async fn writes(eva: Caller, sheet: AssignmentId, desk: Desk) -> Result<(), Gone> {
    let path = format!("/assignments/{sheet}/sheet");
    let mut version = eva.get(&path).await?.input("version");
    for n in 0.. {
        let text = format!("Comment {n} after {} sheets", desk.told().sheets.len());
        desk.begin(|told| told.comment_under_way.clone_from(&text));
        let fields = [("version", version.as_str()), ("points-c1", "3.5"), ("comment", text.as_str())];
        let answer = eva.autosave(&path, &fields).await?;
        assert_eq!(answer.status, 200, "{}", answer.body);
        version = answer.json("version");
        desk.done(|told| told.comment = text);
    }
    Ok(())
}

/// Ivo hands in one sheet after the other.
async fn hands_in(ivo: Caller, sheets: Vec<AssignmentId>, desk: Desk) -> Result<(), Gone> {
    for id in sheets {
        let path = format!("/assignments/{id}/sheet");
        let page = ivo.get(&path).await?;
        let names = page.names("points-");
        if names.is_empty() {
            continue;
        }
        let mut fields =
            vec![("version", page.input("version")), ("key", page.input("key")), ("action", "submit".to_owned())];
        let comments: Vec<String> = names.iter().map(|name| name.replace("points-", "comment-")).collect();
        fields.extend(names.iter().map(|name| (name.as_str(), "4".to_owned())));
        fields.extend(comments.iter().map(|name| (name.as_str(), COMMENT.to_owned())));
        if ivo.post(&path, &fields).await?.status == 303 {
            desk.done(|told| told.sheets.push(id));
        }
    }
    Ok(())
}

/// Olaf asks one evaluator after the other for all proposals, each with one press.
async fn asks(
    olaf: Caller,
    list: String,
    rows: Vec<ProposalId>,
    pool: Vec<EvaluatorId>,
    desk: Desk,
) -> Result<(), Gone> {
    olaf.get(&list).await?;
    for evaluator in pool {
        // The same key after a restart: whoever was asked already is not asked again.
        let mut fields = vec![
            ("action", "invite".to_owned()),
            ("evaluator", evaluator.to_string()),
            ("back", list.clone()),
            ("key", format!("ask {evaluator}")),
        ];
        fields.extend(rows.iter().map(|id| ("rows", id.to_string())));
        let answer = olaf.post(&format!("{list}/bulk"), &fields).await?;
        let job = answer.location.rsplit('/').next().and_then(|id| id.parse::<uuid::Uuid>().ok());
        if let Some(job) = job.filter(|_| answer.status == 303).map(JobId)
            && !desk.told().jobs.contains(&job)
        {
            desk.done(|told| told.jobs.push(job));
        }
    }
    Ok(())
}

/// The secretariat releases one call in each life of the program, so that letters are being printed when it ends.
async fn releases(olaf: Caller, calls: Vec<CallId>, desk: Desk) -> Result<(), Gone> {
    for call in calls {
        let path = format!("/staff/calls/{call}/decisions");
        // One without the form was released before, and perhaps nobody was told.
        let action = format!("{path}/release");
        let Some(form) = olaf.get(&format!("{path}/preview")).await?.form(&action) else { continue };
        let answer = olaf.post(&action, &[("key", form.input("key")), ("seen", form.input("seen"))]).await?;
        assert_eq!(answer.status, 303, "{}", answer.body);
        desk.done(|told| told.released.push(call));
        break;
    }
    Ok(())
}

/// Cora writes her report and hands it in, Dorte returns it, again and again.
async fn reports(cora: Caller, dorte: Caller, report: String, desk: Desk) -> Result<(), Gone> {
    let (own, staff) = (format!("/reports/{report}"), format!("/staff/reports/{report}"));
    for n in 0.. {
        let page = cora.get(&own).await?;
        let text = format!("We went, time {n} after {}.", desk.told().reports);
        if !page.input("version").is_empty() {
            hand_in(&cora, &own, &page, text, &desk).await?;
        }
        let page = dorte.get(&staff).await?;
        let fields = [
            ("version", page.input("version")),
            ("key", page.input("key")),
            ("do", "return".to_owned()),
            ("points", "Name the companies.".to_owned()),
        ];
        if dorte.post(&staff, &fields).await?.status == 303 {
            desk.done(|told| told.returns += 1);
        }
    }
    Ok(())
}

async fn hand_in(cora: &Caller, own: &str, page: &Answer, text: String, desk: &Desk) -> Result<(), Gone> {
    let (progress, notes) = (page.names("progress_"), page.names("note_"));
    let mut fields = vec![
        ("version", page.input("version")),
        ("key", page.input("key")),
        ("narrative", text.clone()),
        ("costs", "8000".to_owned()),
        ("kpi_b2b_meetings", "12".to_owned()),
        ("do", "submit".to_owned()),
    ];
    fields.extend(progress.iter().map(|name| (name.as_str(), "done".to_owned())));
    fields.extend(notes.iter().map(|name| (name.as_str(), "Done in May".to_owned())));
    desk.begin(|told| told.narrative_under_way.clone_from(&text));
    if cora.post(own, &fields).await?.status == 303 {
        desk.done(|told| {
            told.narrative = text;
            told.reports += 1;
        });
    }
    Ok(())
}
