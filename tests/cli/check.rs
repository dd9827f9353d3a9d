//! The check notices what is not whole.

use crate::support::TestApp;
use chrono::TimeDelta;
use entity::{
    documents::file,
    kernel::{audit_entry, job},
    types::states::JobState,
};
use fairway::{
    cli::check, documents::files::commands::keep, jobs::commands::OrderBulk, lists::views::commands::SaveView,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, QueryOrder};

both!(a_changed_log_and_lost_files_are_noticed, what_was_passed_over_is_noticed_and_a_pause_is_not);

async fn a_changed_log_and_lost_files_are_noticed(app: TestApp) {
    app.run("Ana Kask", SaveView { list: "a".into(), name: "a".into(), query: String::new() }).await;
    assert_eq!(check::report(&app.app, true).await.unwrap().problems, Vec::<String>::new());

    let db = app.app.database().maintenance();
    let stored = keep(app.app.store(), "note.txt", "text/plain", b"the note").await.unwrap();
    let digests = [stored.digest.as_str(), &"0".repeat(64)].map(str::to_owned);
    for (n, digest) in (1u128..).zip(digests) {
        let row = file::ActiveModel {
            id: Set(uuid::Uuid::from_u128(n).into()),
            digest: Set(digest),
            size: Set(8),
            media_type: Set("text/plain".into()),
            name: Set("note.txt".into()),
            about_kind: Set("platform".into()),
            about_id: Set(None),
            uploaded_by: Set(None),
            created_at: Set(app.app.now()),
            deleted_at: Set(None),
        };
        file::Entity::insert(row).exec_without_returning(db).await.unwrap();
    }
    let on_disk = app.folder().join("files").join(&stored.digest[..2]).join(&stored.digest[2..4]).join(&stored.digest);
    std::fs::write(on_disk, b"the n0te").unwrap();
    let entry = audit_entry::Entity::find().order_by_desc(audit_entry::Column::Seq).one(db).await.unwrap().unwrap();
    let seq = entry.seq;
    let mut changed: audit_entry::ActiveModel = entry.into();
    changed.line = Set("did nothing".into());
    changed.update(db).await.unwrap();

    let problems = check::report(&app.app, true).await.unwrap().problems;
    assert_eq!(
        problems,
        [
            format!("the activity log is broken at entry {seq}: this entry was changed after it was written"),
            format!("file {} is missing in the store", "0".repeat(64)),
            format!("file {} is damaged: its bytes do not match its digest", stored.digest),
        ]
    );
}

async fn what_was_passed_over_is_noticed_and_a_pause_is_not(app: TestApp) {
    let ordered = OrderBulk::new("notifications.again", &[uuid::Uuid::from_u128(1)], "/calls");
    let waiting = app.run("Ana Kask", ordered).await;

    // Nobody worked for a month: that is no fault of the data.
    app.jump(app.app.now() + TimeDelta::days(30));
    assert_eq!(check::report(&app.app, true).await.unwrap().problems, Vec::<String>::new());

    // Another job, ordered much later, was done while this one was passed over.
    let db = app.app.database().maintenance();
    let later = app.run("Ana Kask", OrderBulk::new("notifications.again", &[uuid::Uuid::from_u128(2)], "/calls")).await;
    let mut row = job::Entity::find_by_id(later).one(db).await.unwrap().unwrap().into_active_model();
    row.state = Set(JobState::Done);
    row.finished_at = Set(Some(app.app.now()));
    row.update(db).await.unwrap();
    let problems = check::report(&app.app, true).await.unwrap().problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains("(job_runs)"), "{problems:?}");
    assert!(problems[0].replace('-', "").contains(&waiting.0.simple().to_string()), "{problems:?}");
    app.finish().await;
}
