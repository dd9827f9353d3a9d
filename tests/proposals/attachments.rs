//! Documents of a proposal and its parts: who may attach what, and what becomes of it.

use crate::support::{TestApp, scenes::proposals::Draft};
use chrono::{DateTime, Utc};
use entity::{
    calls::call,
    documents::file,
    proposals::{answer, attachment, part},
    types::{
        states::PartState,
        terms::{Question, QuestionKind, RequiredDocument, SectionScope},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

both!(
    a_document_is_attached_replaced_and_removed,
    a_file_answers_its_question,
    a_lying_or_oversized_upload_is_refused_and_leaves_nothing,
    a_full_disk_is_said_and_changes_nothing,
    what_is_missing_keeps_a_part_from_being_submitted,
    only_those_who_work_on_the_part_attach,
    a_program_attaches_and_removes,
);

const ANA: &str = "Ana Kask";
const BRUNO: &str = "Bruno Lind";
const PDF: &[u8] = b"%PDF-1.7\nthe certificate\n%%EOF\n";
const OTHER: &[u8] = b"%PDF-1.7\nanother certificate\n%%EOF\n";

fn path(draft: &Draft) -> String {
    format!("/proposals/{}/parts/{}/documents", draft.proposal, draft.coordinator_part)
}

async fn draft(app: &TestApp) -> Draft {
    let call = app.call_open_for_drafts().await;
    app.complete_draft(&call).await
}

async fn kept(app: &TestApp, draft: &Draft) -> Vec<attachment::Model> {
    attachment::Entity::find()
        .filter(attachment::Column::ProposalId.eq(draft.proposal))
        .filter(attachment::Column::RemovedAt.is_null())
        .all(app.app.database().maintenance())
        .await
        .unwrap()
}

async fn files(app: &TestApp) -> u64 {
    file::Entity::find().count(app.app.database().maintenance()).await.unwrap()
}

/// Adds a joint document and a file question to the call.
async fn ask_for_files(app: &TestApp, draft: &Draft) {
    let db = app.app.database().maintenance();
    let row = call::Entity::find_by_id(draft.call).one(db).await.unwrap().unwrap();
    let mut terms = row.terms.clone();
    terms.documents.push(RequiredDocument {
        key: "plan".into(),
        label: "Work plan".into(),
        scope: SectionScope::Joint,
        required: true,
        max_mb: 1,
        each: None,
    });
    let section = terms.sections.iter_mut().find(|s| s.scope == SectionScope::Part).unwrap();
    section.questions.push(Question {
        key: "statutes".into(),
        label: "Statutes of the organisation".into(),
        guidance: String::new(),
        required: true,
        kind: QuestionKind::File { max_mb: 1 },
        show_if: None,
    });
    let mut row: call::ActiveModel = row.into();
    row.terms = Set(terms);
    row.update(db).await.unwrap();
}

async fn a_document_is_attached_replaced_and_removed(app: TestApp) {
    let draft = draft(&app).await;
    let (ana, path) = (app.as_(ANA).await, path(&draft));
    ana.get(&path).await.expect(200).says("Cluster label certificate").says("Nothing attached");

    let label = [("document", "label_cert")];
    ana.upload(&path, &label, ("file", "label.pdf", PDF)).await.goes_to(&path);
    ana.get(&path).await.says("“label.pdf” is attached.").says("Ana Kask");
    let first = kept(&app, &draft).await.remove(0);
    let fetched = ana.get(&format!("/files/{}", first.file_id)).await.expect(200).bytes;
    assert_eq!(fetched, PDF);

    let id = first.id.to_string();
    let replace = [("document", "label_cert"), ("replaces", id.as_str())];
    ana.upload(&path, &replace, ("file", "label 2.pdf", OTHER)).await.goes_to(&path);
    let second = kept(&app, &draft).await;
    assert_eq!((second.len(), second[0].id == first.id), (1, false));
    ana.get(&format!("/files/{}", first.file_id)).await.expect(404);
    ana.upload(&path, &replace, ("file", "label 3.pdf", PDF)).await.expect(422).says("removed meanwhile");

    let remove = format!("{path}/{}/remove", second[0].id);
    ana.post(&remove, &[]).await.goes_to(&path);
    ana.post(&remove, &[]).await.expect(404);
    assert!(kept(&app, &draft).await.is_empty());
    let trail = app.audit_trail().await;
    assert_eq!(trail.last().unwrap(), "Ana Kask removed “label 2.pdf” from “Cluster label certificate”");
    app.finish().await;
}

async fn a_file_answers_its_question(app: TestApp) {
    let draft = draft(&app).await;
    ask_for_files(&app, &draft).await;
    let (ana, path) = (app.as_(ANA).await, path(&draft));

    for (name, bytes) in [("statutes.pdf", PDF), ("statutes new.pdf", OTHER)] {
        ana.upload(&path, &[("document", "statutes")], ("file", name, bytes)).await.goes_to(&path);
    }

    let rows = kept(&app, &draft).await;
    assert_eq!(rows.len(), 1);
    let answered = answer::Entity::find().filter(answer::Column::Question.eq("statutes"));
    let answered = answered.one(app.app.database().maintenance()).await.unwrap().unwrap();
    assert_eq!((answered.value.as_str(), answered.version), (Some(rows[0].file_id.to_string().as_str()), 2));
    ana.get(&path.replace("documents", "review")).await.says("Statutes of the organisation statutes new.pdf");
    ana.post(&format!("{path}/{}/remove", rows[0].id), &[]).await.goes_to(&path);
    ana.get(&path.replace("documents", "check")).await.says("Statutes of the organisation: Answer this question");
    app.finish().await;
}

async fn a_lying_or_oversized_upload_is_refused_and_leaves_nothing(app: TestApp) {
    let draft = draft(&app).await;
    ask_for_files(&app, &draft).await;
    let (ana, path) = (app.as_(ANA).await, path(&draft));
    let label = [("document", "label_cert")];
    ana.upload(&path, &label, ("file", "label.pdf", PDF)).await.goes_to(&path);
    let before = files(&app).await;

    let lying = ana.upload(&path, &label, ("file", "label.pdf", b"MZ\x90\x00 a program")).await.expect(422);
    lying.says("is of a kind that is not accepted").says("label.pdf");
    let renamed = ana.upload(&path, &label, ("file", "picture.png", PDF)).await.expect(422);
    renamed.says("ends with .png, but its content is a PDF");
    let script = ana.upload(&path, &label, ("file", "page.html", b"<html><script>alert(1)</script>")).await;
    script.expect(422);
    let mut large = PDF.to_vec();
    large.resize(1024 * 1024 + 1, b' ');
    let statutes = [("document", "statutes")];
    ana.upload(&path, &statutes, ("file", "large.pdf", &large)).await.expect(422).says("at most 1 MB");
    large.resize(26 * 1024 * 1024, b' ');
    ana.upload(&path, &statutes, ("file", "huge.pdf", &large)).await.expect(413).says("too large");
    ana.upload(&path, &[("document", "nonsense")], ("file", "label.pdf", PDF)).await.expect(422);
    ana.post(&path, &label).await.expect(422).says("Choose a file first");

    assert_eq!((files(&app).await, kept(&app, &draft).await.len()), (before, 1));
    app.finish().await;
}

async fn a_full_disk_is_said_and_changes_nothing(mut app: TestApp) {
    let draft = draft(&app).await;
    app.fill_the_disk();
    let path = path(&draft);
    let page = app.as_(ANA).await.upload(&path, &[("document", "label_cert")], ("file", "label.pdf", PDF)).await;

    page.expect(422).says("the disk of this installation is full. Nothing else was changed.");
    assert_eq!((kept(&app, &draft).await.len(), files(&app).await), (0, 0));
    app.finish().await;
}

async fn what_is_missing_keeps_a_part_from_being_submitted(app: TestApp) {
    let draft = draft(&app).await;
    ask_for_files(&app, &draft).await;
    let ana = app.as_(ANA).await;
    let check = path(&draft).replace("documents", "check");

    let page = ana.get(&check).await.expect(200).says("2 things must be mended");
    let joint = format!("/proposals/{}/documents", draft.proposal);
    let page = page.says("Work plan: upload this document").says("Statutes of the organisation: Answer this question");
    assert!(page.html().contains(&format!("{joint}#plan")), "{}", page.html());
    ana.upload(&joint, &[("document", "plan")], ("file", "plan.pdf", PDF)).await.goes_to(&joint);
    ana.upload(&path(&draft), &[("document", "statutes")], ("file", "statutes.pdf", PDF)).await.expect(303);
    ana.get(&check).await.says("Nothing stands in the way");
    app.finish().await;
}

async fn only_those_who_work_on_the_part_attach(app: TestApp) {
    app.forgive(&["submitted_is_frozen", "submitted_has_a_day", "proposal_follows_parts"]);
    let draft = draft(&app).await;
    let path = path(&draft);
    let label = [("document", "label_cert")];
    let file = ("file", "label.pdf", PDF);
    app.as_(ANA).await.upload(&path, &label, file).await.expect(303);
    let row = kept(&app, &draft).await.remove(0);
    let (bruno, stranger) = (app.as_(BRUNO).await, app.as_("Somebody Else").await);

    bruno.get(&path).await.expect(200).does_not_say("Choose a file").says("label.pdf");
    bruno.get(&format!("/files/{}", row.file_id)).await.expect(200);
    bruno.upload(&path, &label, file).await.expect(422);
    bruno.post(&format!("{path}/{}/remove", row.id), &[]).await.expect(403);
    stranger.get(&path).await.expect(404);
    stranger.upload(&path, &label, file).await.expect(404);
    stranger.get(&format!("/files/{}", row.file_id)).await.expect(404);
    app.visitor().get(&path).await.expect(401);

    let db = app.app.database().maintenance();
    let own = part::Entity::find_by_id(draft.coordinator_part).one(db).await.unwrap().unwrap();
    let mut own: part::ActiveModel = own.into();
    own.state = Set(PartState::Submitted);
    own.update(db).await.unwrap();
    let ana = app.as_(ANA).await;
    ana.get(&path).await.says("This part was submitted. It can be changed when it is reopened, until its deadline.");
    ana.upload(&path, &label, file).await.expect(422).says("This part was submitted");
    ana.post(&format!("{path}/{}/remove", row.id), &[]).await.expect(422);
    app.finish().await;
}

async fn a_program_attaches_and_removes(app: TestApp) {
    let draft = draft(&app).await;
    let program = app.program(ANA).await;
    let list = format!("/proposals/{}/documents?place={}", draft.proposal, draft.coordinator_part);
    app.as_(ANA)
        .await
        .upload(&path(&draft), &[("document", "label_cert")], ("file", "label.pdf", PDF))
        .await
        .expect(303);

    let (status, documents) = program.get(&list).await;
    assert_eq!((status.as_u16(), documents["total"].as_u64()), (200, Some(3)), "{documents}");
    let id = documents["items"][2]["files"][0]["id"].as_str().unwrap().to_owned();
    let remove = format!("/proposals/{}/documents/{id}?place={}", draft.proposal, draft.coordinator_part);
    let (status, _) = program.call(poem::http::Method::DELETE, &remove, serde_json::Value::Null).await;
    assert_eq!(status.as_u16(), 200);
    let (status, _) = app.program("Somebody Else").await.get(&list).await;
    assert_eq!(status.as_u16(), 404);
    let file = ("file", "label.pdf", PDF);
    let (status, said) = program.upload(poem::http::Method::POST, &list, file).await;
    assert!(matches!(status.as_u16(), 400 | 422), "it is not said which document this is: {said}");
    let (status, _) = program.get(&format!("/proposals/{}/documents?place=nowhere", draft.proposal)).await;
    assert_eq!(status.as_u16(), 422);
    let removed: Option<DateTime<Utc>> =
        attachment::Entity::find().one(app.app.database().maintenance()).await.unwrap().unwrap().removed_at;
    assert!(removed.is_some());
    app.finish().await;
}
