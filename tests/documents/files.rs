//! Files: who may fetch them, and how they are handed out.

use crate::support::TestApp;
use entity::types::ids::{AccountId, FileId};
use fairway::{
    documents::files::{
        NewFile,
        commands::{insert, receive, remove},
    },
    kernel::{
        Command, Done, Leave, Permission, Result, Subject, Tx,
        event::{AuditLine, Event},
    },
};

both!(a_file_is_fetched_by_those_who_may_and_saved_never_shown, a_removed_file_is_gone);

/// Keeps a file about the account of whoever runs it.
#[derive(Clone)]
struct KeepOwn(NewFile);
struct Kept(AccountId);

impl Event for Kept {
    fn audit(&self) -> AuditLine {
        AuditLine::new(Subject::Account(self.0), "kept a file")
    }
}

impl Command for KeepOwn {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = FileId;
    fn about(&self) -> Subject {
        Subject::Platform
    }
    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<FileId>> {
        let account = leave.account()?;
        let id = insert(tx, &self.0, Subject::Account(account), Some(account)).await?;
        Ok(tx.done(Kept(account), id))
    }
}

#[derive(Clone)]
struct Remove(FileId, AccountId);

impl Command for Remove {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();
    fn about(&self) -> Subject {
        Subject::Platform
    }
    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        remove(tx, self.0).await?;
        Ok(tx.done(Kept(self.1), ()))
    }
}

const LETTER: &[u8] = b"%PDF-1.7\nthe letter\n%%EOF\n";

async fn file_of_ana(app: &TestApp) -> FileId {
    let new = receive(app.app.store(), "Brief für Åse \"<b>\".pdf", LETTER, 1_000).await.unwrap();
    assert_eq!((new.size, new.media_type.as_str()), (LETTER.len() as i64, "application/pdf"));
    app.run("Ana Kask", KeepOwn(new)).await
}

async fn a_file_is_fetched_by_those_who_may_and_saved_never_shown(app: TestApp) {
    let id = file_of_ana(&app).await;
    let path = format!("/files/{id}");

    let page = app.as_("Ana Kask").await.get(&path).await.expect(200);
    assert_eq!(page.bytes, LETTER);
    let header = |name: &str| page.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert!(header("content-disposition").starts_with("attachment"), "{}", header("content-disposition"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(header("content-length"), LETTER.len().to_string());

    app.as_("Somebody Else").await.get(&path).await.expect(404);
    app.visitor().get(&path).await.expect(401);
    app.as_("Ana Kask").await.get("/files/0190a0a0-0000-7000-8000-000000000000").await.expect(404);
    app.as_("Ana Kask").await.get("/files/passwd").await.expect(404);

    let program = app.program("Ana Kask").await;
    let (status, file) = program.get(&format!("/files/{id}")).await;
    assert_eq!((status.as_u16(), file["size"].as_i64()), (200, Some(LETTER.len() as i64)));
    assert_eq!(program.get(&format!("/files/{id}/content")).await.0.as_u16(), 200);
    assert_eq!(app.program("Somebody Else").await.get(&format!("/files/{id}/content")).await.0.as_u16(), 404);
    app.finish().await;
}

async fn a_removed_file_is_gone(app: TestApp) {
    let id = file_of_ana(&app).await;
    let ana = app.account("Ana Kask").await;

    app.run("Ana Kask", Remove(id, ana)).await;

    app.as_("Ana Kask").await.get(&format!("/files/{id}")).await.expect(404);
    app.finish().await;
}
