//! Links that bring people in.

use crate::support::TestApp;

both!(
    a_person_without_an_account_joins_through_the_link,
    the_wrong_person_is_told_which_account_was_meant,
    an_unknown_token_does_not_exist,
);

async fn invited(app: &TestApp) -> (String, String) {
    let ana = app.as_("Ana Kask").await;
    let fields = [("kind", "cluster"), ("name", "Baltic Food Cluster"), ("country", "LT")];
    let page = ana.post("/organisations/new", &fields).await.expect(303);
    let organisation = page.location.unwrap();
    let invite = [("name", "Nora New"), ("email", "nora@example.org"), ("message", "Do come")];
    ana.post(&format!("{organisation}/people"), &invite).await.expect(303);
    let mails = app.mails().await;
    let text = &mails.iter().find(|m| m.name == "O03").unwrap().text;
    let at = text.find(&app.base_url).unwrap() + app.base_url.len();
    (organisation, text[at..].split_whitespace().next().unwrap().to_owned())
}

async fn a_person_without_an_account_joins_through_the_link(app: TestApp) {
    let (organisation, path) = invited(&app).await;
    let nora = app.visitor();
    nora.get(&path).await.expect(200).says("Ana Kask invites you").says("nora@example.org");
    let weak = nora.post(&path, &[("name", "Nora New"), ("password", "short")]).await.expect(422);
    assert_eq!(weak.input("name").as_deref(), Some("Nora New"));

    let page = nora.post(&path, &[("name", "Nora New"), ("password", "harbour lantern biscuit")]).await.expect(303);
    let accept = page.location.unwrap();
    nora.get(&accept).await.expect(200).says("Baltic Food Cluster");
    nora.post(&accept, &[("do", "accept")]).await.goes_to(&organisation);

    nora.get(&format!("{organisation}/people")).await.expect(200).says("Nora New");
    nora.post(&accept, &[("do", "accept")]).await.expect(422).says("answered already");
    app.finish().await;
}

async fn the_wrong_person_is_told_which_account_was_meant(app: TestApp) {
    let (_, path) = invited(&app).await;
    let bruno = app.as_("Bruno Lind").await;

    bruno.get(&path).await.expect(200).says("The invitation was sent to nora@example.org");
    let forced = path.replace("/invitations/", "/organisations/invitations/");
    bruno.post(&forced, &[("do", "accept")]).await.expect(422).says("sent to nora@example.org");
    app.finish().await;
}

async fn an_unknown_token_does_not_exist(app: TestApp) {
    app.visitor().get("/invitations/0000").await.expect(404);
    app.as_("Ana Kask").await.get("/organisations/invitations/0000").await.expect(404);
    app.finish().await;
}
