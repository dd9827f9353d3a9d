//! A world in which every page has something to show: one call in each stage, with people of every kind.
//!
//! Rows that a feature's commands would write are written here directly, so that the contracts do not depend on
//! the way to a situation; the ways are tested where they belong.

mod judged;

use super::paths;
use crate::support::{
    TestApp,
    people::{Client, Page},
    scenes::{
        calls::{OLAF, file_2017},
        proposals::Draft,
    },
};
use chrono::TimeDelta;
use entity::{
    accounts::{api_token, invitation, one_time_token, role_grant, session},
    clusters::{cluster_membership, label},
    evaluation::interest,
    kernel::job,
    lists::saved_view,
    notifications::mail,
    organisations::{membership, organisation_link},
    proposals::{activity_line, attachment, letter, participant, submission},
    types::{
        ids::*,
        share::Share,
        states::*,
        terms::{CallTerms, SectionScope},
        text::Email,
    },
};
use fairway::kernel::secret;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What stands for the parameters of addresses, by the name of the thing.
pub type Ids = BTreeMap<&'static str, String>;

/// Signed in, and nothing to anything.
pub const STRANGER: &str = "Stan Stranger";
/// An evaluator with a conflict of interest towards the first proposal of each call.
pub const CONFLICTED: &str = "Kai Conflict";

/// People of every kind; each page is seen by at least one of them.
pub const PEOPLE: &[&str] = &[
    "Ana Kask",
    "Bruno Lind",
    "Cora 1",
    OLAF,
    "Mette Holm",
    "Anders Bach",
    "Lina Kazlauskaite",
    "Eva Evaluator",
    "Nils New",
    "Chris Chair",
    "Rita Reports",
    "Otto Auditor",
    "Ada Admin",
    CONFLICTED,
    STRANGER,
];

/// One call in one stage, with the ids that addresses are filled with.
pub struct Stage {
    pub name: &'static str,
    pub ids: Ids,
}

/// A new id.
fn id<T: From<Uuid>>(app: &TestApp) -> T {
    T::from(fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance()))
}

async fn put<M>(app: &TestApp, row: M)
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
{
    let row = row.into_active_model().reset_all();
    M::Entity::insert(row).exec_without_returning(app.app.database().maintenance()).await.unwrap();
}

/// Every way to fill an address from the world; once, when there is nothing to fill.
pub fn addresses(world: &[Stage], pattern: &str) -> Vec<String> {
    let mut found: Vec<String> = world.iter().filter_map(|stage| paths::fill(pattern, &stage.ids).ok()).collect();
    found.dedup();
    found
}

/// Builds everything, with so many proposals in each call that is past its deadline; at least two.
pub async fn build(app: &TestApp, proposals: usize) -> Vec<Stage> {
    for name in PEOPLE {
        app.account(name).await;
    }
    app.grant("Ada Admin", Role::Administrator, None, None).await;
    app.grant("Otto Auditor", Role::Auditor, None, None).await;
    app.grant("Chris Chair", Role::PanelChair, None, None).await;
    let mut stages = vec![preparing(app).await];
    for (name, state) in
        [("evaluating", CallState::Evaluating), ("ranked", CallState::Ranked), ("decided", CallState::Decided)]
    {
        stages.extend(judged::judged(app, name, state, proposals).await);
    }
    stages.extend(open(app).await);
    same_documents(app).await;
    let shared = shared(app).await;
    for stage in &mut stages {
        for (name, value) in &shared {
            stage.ids.entry(name).or_insert_with(|| value.clone());
        }
    }
    stages
}

async fn preparing(app: &TestApp) -> Stage {
    let mut file = file_2017();
    file.code = "IE-PREPARING".to_owned();
    let mut own = file.call.sections[0].questions[0].clone();
    own.key = "own".to_owned();
    let danish = file.annexes.iter_mut().find(|annex| annex.agency.key == "dk-sfu").expect("Denmark takes part");
    danish.terms.questions.push(own);
    let (section, question) = (&file.call.sections[0].key, &file.call.sections[0].questions[0].key);
    let form = [("joint section", section.clone()), ("question", question.clone())];
    let scene = app.draft_call(file).await;
    app.call_to(scene.call, CallState::AgencyReview).await;
    let agency = scene.agency("dk-sfu");
    app.grant("Rita Reports", Role::ReportingOfficer, None, Some(agency.agency)).await;
    let ids = [
        ("call", scene.call.to_string()),
        ("code", scene.code.clone()),
        ("annex", agency.annex.to_string()),
        ("agency", agency.agency.to_string()),
        ("annex question", "own".to_owned()),
        ("piece", "basics".to_owned()),
        ("step", "publish".to_owned()),
    ];
    Stage { name: "preparing", ids: ids.into_iter().chain(form).collect() }
}

/// A draft with one part submitted twice and opened again in between.
async fn open(app: &TestApp) -> [Stage; 2] {
    let call = app.call_open_for_drafts().await;
    let draft = app.complete_draft(&call).await;
    app.jump(app.app.now() + TimeDelta::hours(1));
    app.correct_call(call, "Applicants asked whether a scan is enough.").await;
    submit(app, &draft).await;
    let part = format!("/proposals/{}/parts/{}", draft.proposal, draft.coordinator_part);
    let ana = app.as_("Ana Kask").await;
    let page = ana.get(&format!("{part}/reopen")).await.expect(200);
    send(&ana, &format!("{part}/reopen"), &page, &[("reason", "A number was wrong.")]).await;
    submit(app, &draft).await;
    app.work().await;
    let db = app.app.database().maintenance();
    let annex = app.annex_of(call, "LT").await;
    let rows = submission::Entity::find().filter(submission::Column::PartId.eq(draft.coordinator_part));
    let pdf = rows.all(db).await.unwrap().into_iter().find_map(|row| row.pdf_file_id).expect("a receipt was printed");
    let terms: CallTerms = entity::calls::call::Entity::find_by_id(call).one(db).await.unwrap().unwrap().terms;
    let section = |scope| terms.sections.iter().find(|s| s.scope == scope).unwrap().key.clone();
    let attachment: AttachmentId = id(app);
    let ana = app.account("Ana Kask").await;
    let row = attachment::Model {
        id: attachment,
        proposal_id: draft.proposal,
        place: "joint".into(),
        document: "letter".into(),
        file_id: pdf,
        added_by: ana,
        added_at: app.app.now(),
        removed_at: None,
    };
    put(app, row).await;
    let letter: LetterId = id(app);
    let row = letter::Model {
        id: letter,
        part_id: draft.partner_part,
        participant_id: None,
        document: "commitment".into(),
        requested_minor: 0,
        total_minor: 0,
        signer_name: "Ida Holm".into(),
        signer_email: "ida@optics.example".into(),
        signer_organisation: "Optics".into(),
        token_hash: secret::hash("letter-token"),
        state: LetterState::Asked,
        text: "We take part.".into(),
        asked_by: ana,
        asked_at: app.app.now(),
        signed_name: None,
        signed_on: None,
        signed_at: None,
        refusal: None,
        file_id: None,
    };
    put(app, row).await;
    let team = invitation::Model {
        id: id(app),
        kind: InvitationKind::Team,
        token_hash: secret::hash("team-token"),
        email: Email::parse("new.colleague@example.org").unwrap(),
        name: "New Colleague".into(),
        role: Some("editor".into()),
        call_id: None,
        organisation_id: None,
        proposal_id: Some(draft.proposal),
        part_id: Some(draft.coordinator_part),
        message: String::new(),
        invited_by: ana,
        created_at: app.app.now(),
        expires_at: app.app.now() + TimeDelta::days(14),
        answered_at: None,
        accepted: None,
        answered_by: None,
        withdrawn_at: None,
    };
    put(app, team).await;
    let ids = [
        ("call", call.to_string()),
        ("code", file_2017().code),
        ("team token", "team-token".to_owned()),
        ("annex", annex.id.to_string()),
        ("agency", annex.agency_id.to_string()),
        ("proposal", draft.proposal.to_string()),
        ("part", draft.coordinator_part.to_string()),
        ("place", "joint".to_owned()),
        ("number", "1".to_owned()),
        ("file", pdf.to_string()),
        ("attachment", attachment.to_string()),
        ("letter", letter.to_string()),
        ("letters token", "letter-token".to_owned()),
        ("joint section", section(SectionScope::Joint)),
        ("part section", section(SectionScope::Part)),
    ];
    let mut submitted: Ids = ids.into();
    submitted.extend(plan(app, draft.coordinator_part).await);
    let mut drafted = submitted.clone();
    drafted.insert("part", draft.partner_part.to_string());
    drafted.extend(plan(app, draft.partner_part).await);
    [Stage { name: "open", ids: submitted }, Stage { name: "drafted", ids: drafted }]
}

/// A company and an activity of a part.
async fn plan(app: &TestApp, part: PartId) -> Ids {
    let db = app.app.database().maintenance();
    let company = participant::Entity::find().filter(participant::Column::PartId.eq(part));
    let activity = activity_line::Entity::find().filter(activity_line::Column::PartId.eq(part));
    let company = company.one(db).await.unwrap().expect("companies take part");
    let activity = activity.one(db).await.unwrap().expect("something is planned");
    [("company", company.id.to_string()), ("activity", activity.id.to_string())].into()
}

async fn submit(app: &TestApp, draft: &Draft) {
    let path = format!("/proposals/{}/parts/{}/review", draft.proposal, draft.coordinator_part);
    let browser = app.as_("Ana Kask").await;
    let look = browser.get(&path).await.expect(200);
    send(&browser, &path, &look, &[("signatory", "Rasa Petrauskaite")]).await;
}

/// Gives every submission a document that was really submitted.
async fn same_documents(app: &TestApp) {
    let db = app.app.database().maintenance();
    let rows = submission::Entity::find().all(db).await.unwrap();
    let real = rows.iter().find(|row| row.document != json!({})).expect("something was submitted").document.clone();
    for row in rows.into_iter().filter(|row| row.document == json!({})) {
        let mut row = row.into_active_model();
        row.document = Set(real.clone());
        row.update(db).await.unwrap();
    }
}

/// Sends a page's form with what it carries hidden.
async fn send(browser: &Client<'_>, path: &str, page: &Page, fields: &[(&str, &str)]) {
    let hidden: Vec<(&str, String)> =
        ["key", "seen", "version"].into_iter().filter_map(|name| Some((name, page.input(name)?))).collect();
    let mut all: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.extend(fields);
    all.push(("confirmed", "yes"));
    browser.post(path, &all).await.expect(303);
}

/// Things that belong to people, whatever the call.
async fn shared(app: &TestApp) -> Vec<(&'static str, String)> {
    let db = app.app.database().maintenance();
    let ana = app.account("Ana Kask").await;
    let olaf = app.account(OLAF).await;
    let now = app.app.now();
    let view = saved_view::Model {
        id: id(app),
        account_id: olaf,
        list: "proposals".into(),
        name: "Mine".into(),
        query: "state=submitted".into(),
        created_at: now,
    };
    let invited = invitation::Model {
        id: id(app),
        kind: InvitationKind::Role,
        token_hash: secret::hash("invitation-token"),
        email: Email::parse("new@example.org").unwrap(),
        name: "New Person".into(),
        role: Some("auditor".into()),
        call_id: None,
        organisation_id: None,
        proposal_id: None,
        part_id: None,
        message: String::new(),
        invited_by: olaf,
        created_at: now,
        expires_at: now + TimeDelta::days(14),
        answered_at: None,
        accepted: None,
        answered_by: None,
        withdrawn_at: None,
    };
    let key = api_token::Model {
        id: id(app),
        account_id: ana,
        name: "Spreadsheet".into(),
        token_hash: secret::hash("spreadsheet"),
        scopes: "read".into(),
        created_at: now,
        expires_at: None,
        used_at: None,
        revoked_at: None,
    };
    for (purpose, token) in [(TokenPurpose::ConfirmEmail, "confirm-token"), (TokenPurpose::ResetPassword, "new-token")]
    {
        let row = one_time_token::Model {
            id: id(app),
            purpose,
            account_id: ana,
            token_hash: secret::hash(token),
            created_at: now,
            expires_at: now + TimeDelta::hours(2),
            used_at: None,
        };
        put(app, row).await;
    }
    let home = membership::Entity::find().filter(membership::Column::AccountId.eq(ana)).one(db).await.unwrap();
    let home = home.expect("Ana manages her cluster");
    let smes = app.organisation(OrganisationKind::Sme, "Optics One", "LT".parse().unwrap()).await;
    let enrolled = cluster_membership::Model {
        id: id(app),
        cluster_id: home.organisation_id,
        member_id: smes,
        since: now.date_naive(),
        until: None,
        created_at: now,
    };
    let enrolment = enrolled.id;
    put(app, enrolled).await;
    let owner = organisation_link::Model {
        id: id(app),
        owned_id: home.organisation_id,
        owner_id: Some(smes),
        owner_name: "Optics One".into(),
        owner_number: None,
        owner_country: None,
        share: Some(Share::percent(30)),
        stated_by: Some(ana),
        stated_at: now,
        withdrawn_at: None,
    };
    let link = owner.id;
    put(app, owner).await;
    let stated = interest::Model {
        id: id(app),
        account_id: olaf,
        kind: InterestKind::Board,
        name: "Harbour Society".into(),
        registration_no: None,
        country: None,
        detail: String::new(),
        until: None,
        created_at: now,
        withdrawn_at: None,
    };
    let interest = stated.id;
    put(app, stated).await;
    let label = label::Model {
        id: id(app),
        cluster_id: home.organisation_id,
        level: LabelLevel::Silver,
        awarded_on: now.date_naive(),
        valid_until: now.date_naive() + TimeDelta::days(700),
        renews_id: None,
        certificate_file_id: None,
        recorded_by: ana,
        created_at: now,
    };
    let label_id = label.id;
    put(app, label).await;
    let list = ("list", "members.csv", "name;country\nOptics Two;LT\n".as_bytes());
    let upload = format!("/clusters/{}/members/import", home.organisation_id);
    let planned = app.as_("Ana Kask").await.upload(&upload, &[], list).await.expect(303).location.unwrap();
    let import = planned.rsplit('/').next().unwrap().to_owned();
    let experts = ("list", "experts.csv", "E-mail;Name\nnew.expert@example.org;New Expert\n".as_bytes());
    let olafs = app.as_(OLAF).await.upload("/staff/evaluators/import", &[], experts).await.expect(303);
    let experts = olafs.location.unwrap().rsplit('/').next().unwrap().to_owned();
    let (view_id, invitation, token) = (view.id, invited.id, key.id);
    put(app, view).await;
    put(app, invited).await;
    put(app, key).await;
    let job = job::Entity::find().one(db).await.unwrap().expect("something was done in the background");
    let mail = mail::Entity::find().filter(mail::Column::AccountId.eq(ana)).one(db).await.unwrap();
    let session = session::Entity::find().filter(session::Column::AccountId.eq(ana)).one(db).await.unwrap();
    let grant = role_grant::Entity::find().filter(role_grant::Column::AccountId.eq(olaf)).one(db).await.unwrap();
    vec![
        ("account", ana.to_string()),
        ("organisation", home.organisation_id.to_string()),
        ("cluster", home.organisation_id.to_string()),
        ("cluster membership", enrolment.to_string()),
        ("label", label_id.to_string()),
        ("link", link.to_string()),
        ("interest", interest.to_string()),
        ("import", import),
        ("list", experts),
        ("membership", home.id.to_string()),
        ("view", view_id.to_string()),
        ("invitation", invitation.to_string()),
        ("token", token.to_string()),
        ("invitations token", "invitation-token".to_owned()),
        ("confirm token", "confirm-token".to_owned()),
        ("new token", "new-token".to_owned()),
        ("job", job.id.to_string()),
        ("mail", mail.expect("Ana got a receipt").id.to_string()),
        ("session", session.expect("Ana is signed in").id.to_string()),
        ("grant", grant.expect("Olaf has a role").id.to_string()),
    ]
}
