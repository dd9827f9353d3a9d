//! What is read of a proposal by those who judge it is what was handed in.

use crate::support::{
    TestApp,
    scenes::{calls::OLAF, proposals::Draft},
};
use chrono::TimeDelta;
use entity::{
    calls::call,
    types::{
        ids::PartId,
        states::{PartState, Role},
        terms::{RequiredDocument, SectionScope},
    },
};
use fairway::{
    calls::questions::RawAnswer,
    proposals::{
        Place,
        drafts::{
            commands::{RenameProposal, SaveAnswers, Sent, Typed},
            rules::Seen,
        },
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

both!(
    what_is_edited_after_handing_in_is_not_judged,
    a_part_that_was_reopened_does_not_count,
    a_file_that_was_handed_in_stays_readable_after_it_is_removed,
    applicants_and_strangers_do_not_read_here,
);

const SUBMITTED: &str = "Sensors see the grain of the wood";
const EDITED: &str = "A text nobody has handed in";

/// A proposal that can be handed in, with an officer at each of its agencies.
async fn ready(app: &TestApp) -> Draft {
    let call = app.call_open_for_drafts().await;
    let draft = app.complete_draft(&call).await;
    for (name, country) in [("Rytis Agency", "LT"), ("Sara Agency", "SE")] {
        let agency = app.annex_of(call, country).await.agency_id;
        app.grant(name, Role::AgencyOfficer, None, Some(agency)).await;
    }
    draft
}

async fn submit(app: &TestApp, person: &str, draft: &Draft, part: PartId) {
    let browser = app.as_(person).await;
    let path = format!("/proposals/{}/parts/{part}/review", draft.proposal);
    let look = browser.get(&path).await.expect(200);
    let (key, seen) = (look.input("key").unwrap_or_default(), look.input("seen").unwrap_or_default());
    let fields = [("key", key.as_str()), ("seen", &seen), ("signatory", "Rasa Petrauskaite"), ("confirmed", "yes")];
    browser.post(&path, &fields).await.expect(303);
}

/// Rewrites the public summary and the title without handing them in.
async fn rewrite(app: &TestApp, draft: &Draft) {
    let typed = Typed { question: "public_summary".into(), raw: RawAnswer::One(EDITED.into()), seen: Seen::Version(1) };
    let answers = Sent::Answers(vec![typed]);
    let save = SaveAnswers { proposal: draft.proposal, place: Place::Joint, section: "a".into(), answers };
    app.run("Ana Kask", save).await;
    let seen = app.ask("Ana Kask", fairway::proposals::drafts::queries::ProposalOverview(draft.proposal)).await;
    let rename = RenameProposal {
        proposal: draft.proposal,
        title: "A title nobody has handed in".into(),
        acronym: "EDITED".into(),
        seen: seen.version,
    };
    app.run("Ana Kask", rename).await;
}

async fn what_is_edited_after_handing_in_is_not_judged(app: TestApp) {
    let draft = ready(&app).await;
    submit(&app, "Bruno Lind", &draft, draft.partner_part).await;

    rewrite(&app, &draft).await;

    let file = format!("/staff/proposals/{}", draft.proposal);
    let sara = app.as_("Sara Agency").await;
    let page = sara.get(&file).await.expect(200);
    page.says(SUBMITTED).says("handed in with the part of Visual Sweden").does_not_say(EDITED);
    let sara = app.program("Sara Agency").await;
    for path in ["file", "handed-in"] {
        let (status, read) = sara.get(&format!("/proposals/{}/{path}", draft.proposal)).await;
        let text = read.to_string();
        assert_eq!(status.as_u16(), 200, "{text}");
        assert!(text.contains(SUBMITTED) && !text.contains(EDITED) && !text.contains("nobody has"), "{text}");
        assert_eq!(read["joint_from"], "Visual Sweden");
    }
    app.jump(app.app.now() + TimeDelta::days(200));
    app.work().await;
    let eva = app.assigned(draft.proposal, "Cora Expert").await;
    app.as_("Cora Expert")
        .await
        .get(&format!("/assignments/{eva}/sheet"))
        .await
        .expect(200)
        .says(SUBMITTED)
        .does_not_say(EDITED);
    let (status, read) =
        app.program("Cora Expert").await.get(&format!("/proposals/{}/handed-in", draft.proposal)).await;
    assert_eq!(status.as_u16(), 200);
    assert!(read.to_string().contains(SUBMITTED) && !read.to_string().contains(EDITED), "{read}");
    app.finish().await;
}

async fn a_part_that_was_reopened_does_not_count(app: TestApp) {
    let draft = ready(&app).await;
    submit(&app, "Bruno Lind", &draft, draft.partner_part).await;
    submit(&app, "Ana Kask", &draft, draft.coordinator_part).await;
    let ana = app.as_("Ana Kask").await;
    let file = format!("/staff/proposals/{}", draft.proposal);
    let sara = app.as_("Sara Agency").await;
    sara.get(&file).await.expect(200).does_not_say("handed in with the part of").says("Sunrise Valley");

    ana.post(&format!("/proposals/{}/parts/{}/reopen", draft.proposal, draft.coordinator_part), &[]).await.expect(303);
    rewrite(&app, &draft).await;

    assert_eq!(app.part_state(draft.coordinator_part).await, PartState::Draft);
    let page = sara.get(&file).await.expect(200);
    page.says("handed in with the part of Visual Sweden").says(SUBMITTED).does_not_say(EDITED);
    app.as_("Rytis Agency").await.get(&file).await.expect(404);
    submit(&app, "Ana Kask", &draft, draft.coordinator_part).await;
    sara.get(&file).await.expect(200).says(EDITED).does_not_say("handed in with the part of");
    app.finish().await;
}

async fn a_file_that_was_handed_in_stays_readable_after_it_is_removed(app: TestApp) {
    let draft = ready(&app).await;
    let db = app.app.database().maintenance();
    let row = call::Entity::find_by_id(draft.call).one(db).await.unwrap().unwrap();
    let mut terms = row.terms.clone();
    let (key, label) = ("plan".to_owned(), "Work plan".to_owned());
    terms.documents.push(RequiredDocument {
        key,
        label,
        scope: SectionScope::Joint,
        required: false,
        max_mb: 1,
        each: None,
    });
    let mut row: call::ActiveModel = row.into();
    row.terms = Set(terms);
    row.update(db).await.unwrap();
    let ana = app.as_("Ana Kask").await;
    let documents = format!("/proposals/{}/documents", draft.proposal);
    ana.upload(&documents, &[("document", "plan")], ("file", "plan.pdf", b"%PDF-1.7\nplan\n%%EOF\n")).await.expect(303);
    let page = ana.get(&documents).await.expect(200);
    let remove = page.actions("/remove").pop().unwrap();
    submit(&app, "Bruno Lind", &draft, draft.partner_part).await;

    ana.press(&page, &remove, &[]).await.expect(303);

    ana.get(&documents).await.expect(200).does_not_say("plan.pdf");
    let sara = app.as_("Sara Agency").await;
    let page = sara.get(&format!("/staff/proposals/{}", draft.proposal)).await.expect(200).says("plan.pdf").html();
    let at = page.find("/files/").unwrap();
    sara.get(page[at..].split('"').next().unwrap()).await.expect(200);
    app.finish().await;
}

async fn applicants_and_strangers_do_not_read_here(app: TestApp) {
    let draft = ready(&app).await;
    submit(&app, "Bruno Lind", &draft, draft.partner_part).await;
    let path = format!("/proposals/{}/handed-in", draft.proposal);

    for name in ["Ana Kask", "Bruno Lind", "Rytis Agency", "Strange Person"] {
        let (status, _) = app.program(name).await.get(&path).await;
        assert_eq!(status.as_u16(), 404, "{name}");
    }
    let (status, _) = app.program(OLAF).await.get(&path).await;
    assert_eq!(status.as_u16(), 200);
    app.finish().await;
}
