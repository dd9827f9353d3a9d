//! Roles and locks.

use crate::support::TestApp;
use entity::types::states::Role;

both!(
    an_administrator_gives_and_takes_a_role,
    nobody_else_sees_accounts,
    accounts_are_searched_filtered_sorted_and_kept_as_a_file,
    a_locked_person_is_out_at_once,
    the_last_administrator_stays,
    a_locked_administrator_is_no_other_one,
);

async fn an_administrator_gives_and_takes_a_role(app: TestApp) {
    app.grant("Ada Admin", Role::Administrator, None, None).await;
    let ana = app.account("Ana Kask").await;
    let ada = app.as_("Ada Admin").await;
    let path = format!("/admin/accounts/{ana}");

    ada.post(&format!("{path}/roles"), &[("role", "agency_officer")]).await.expect(422).says("is not given for");
    ada.post(&format!("{path}/roles"), &[("role", "auditor")]).await.goes_to(&path);
    ada.post(&format!("{path}/roles"), &[("role", "auditor")]).await.goes_to(&path);

    let html = ada.get(&path).await.expect(200).says("Auditor").html();
    assert_eq!(html.matches("/revoke").count(), 1);
    let at = html.find(&format!("{path}/roles/")).unwrap();
    let take = html[at..].split('"').next().unwrap().to_owned();
    ada.post(&take, &[]).await.goes_to(&path);
    ada.get(&path).await.says("No roles.");
    app.finish().await;
}

async fn nobody_else_sees_accounts(app: TestApp) {
    let ana = app.account("Ana Kask").await;
    let bruno = app.as_("Bruno Lind").await;

    bruno.get("/admin/accounts").await.expect(404);
    bruno.get(&format!("/admin/accounts/{ana}")).await.expect(404);
    bruno.post(&format!("/admin/accounts/{ana}/roles"), &[("role", "administrator")]).await.expect(404);
    app.visitor().get("/admin/accounts").await.expect(401);
    app.finish().await;
}

async fn a_locked_person_is_out_at_once(app: TestApp) {
    app.grant("Ada Admin", Role::Administrator, None, None).await;
    let id = app.account("Ana Kask").await;
    let (ada, ana) = (app.as_("Ada Admin").await, app.as_("Ana Kask").await);
    ana.get("/account").await.expect(200);

    ada.post(&format!("/admin/accounts/{id}/lock"), &[("do", "lock")]).await.expect(303);

    ana.get("/account").await.expect(401);
    let fields = [("email", "ana.kask@example.org"), ("password", crate::support::PASSWORD)];
    app.visitor().post("/sign-in", &fields).await.expect(422);
    ada.post(&format!("/admin/accounts/{id}/lock"), &[("do", "unlock")]).await.expect(303);
    app.visitor().post("/sign-in", &fields).await.goes_to("/overview");
    app.finish().await;
}

async fn the_last_administrator_stays(app: TestApp) {
    app.grant("Ada Admin", Role::Administrator, None, None).await;
    let id = app.account("Ada Admin").await;
    let ada = app.as_("Ada Admin").await;
    let html = ada.get(&format!("/admin/accounts/{id}")).await.html();
    let at = html.find(&format!("/admin/accounts/{id}/roles/")).unwrap();
    let take = html[at..].split('"').next().unwrap().to_owned();

    ada.post(&take, &[]).await.expect(422).says("The last administrator keeps the role.");
    app.finish().await;
}

async fn a_locked_administrator_is_no_other_one(app: TestApp) {
    app.grant("Ada Admin", Role::Administrator, None, None).await;
    app.grant("Bo Admin", Role::Administrator, None, None).await;
    let (id, other) = (app.account("Ada Admin").await, app.account("Bo Admin").await);
    let ada = app.as_("Ada Admin").await;
    let html = ada.get(&format!("/admin/accounts/{id}")).await.html();
    let at = html.find(&format!("/admin/accounts/{id}/roles/")).unwrap();
    let take = html[at..].split('"').next().unwrap().to_owned();

    ada.post(&format!("/admin/accounts/{other}/lock"), &[("do", "lock")]).await.expect(303);
    ada.post(&take, &[]).await.expect(422).says("The last administrator keeps the role.");
    ada.post(&format!("/admin/accounts/{other}/lock"), &[("do", "unlock")]).await.expect(303);
    ada.post(&take, &[]).await.expect(303);
    app.finish().await;
}

async fn accounts_are_searched_filtered_sorted_and_kept_as_a_file(app: TestApp) {
    app.grant("Ada Admin", Role::Administrator, None, None).await;
    app.grant("Otto Auditor", Role::Auditor, None, None).await;
    let ana = app.account("Ana Kask").await;
    let ada = app.as_("Ada Admin").await;

    ada.get("/admin/accounts").await.expect(200).says("Ana Kask").says("as Excel or CSV").says("Locked");
    ada.get("/admin/accounts?q=ANA.kask").await.says("1 match:").says("Ana Kask");
    ada.get("/admin/accounts?role=auditor").await.says("1 match:").says("Otto Auditor").does_not_say("Ana Kask");
    ada.get("/admin/accounts?state=locked").await.says("Nobody found");
    for sort in ["name", "email", "state", "since"] {
        ada.get(&format!("/admin/accounts?sort={sort}&direction=desc")).await.expect(200).says("1 to 3 of 3");
    }
    let csv = ada.get("/admin/accounts?role=auditor&export=csv").await.expect(200).html();
    assert_eq!(csv.lines().count(), 2, "{csv}");
    let program = app.program("Ada Admin").await;
    assert_eq!(program.get("/accounts?role=auditor").await.1["total"], 1);
    app.as_("Ana Kask").await.get("/admin/accounts?export=csv").await.expect(404);
    ada.get(&format!("/history/accounts/{ana}")).await.expect(200);
    app.as_("Ana Kask").await.get(&format!("/history/accounts/{ana}")).await.expect(403);
    app.finish().await;
}
