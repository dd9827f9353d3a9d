//! Starting a proposal and answering its questions.

use crate::support::TestApp;
use entity::types::ids::{OrganisationId, ProposalId};
use fairway::{
    calls::questions::RawAnswer,
    kernel::AppError,
    proposals::{
        Place,
        drafts::{
            commands::{CompleteSection, SaveAnswers, StartProposal, Typed},
            rules::{Seen, digest_of},
        },
    },
};
use serde_json::{Value, json};

both!(a_proposal_is_started_once, two_people_never_overwrite_each_other, a_complete_draft_is_complete,);

fn start(call: entity::types::ids::CallId, organisation: OrganisationId, another: bool) -> StartProposal {
    StartProposal {
        call,
        organisation,
        annex: None,
        title: "Light for Nordic forests".into(),
        acronym: "LIGHT".into(),
        another,
    }
}

async fn a_proposal_is_started_once(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let home = app.applicant("Ana Kask", "Sunrise Valley", "LT").await;

    let first = app.run("Ana Kask", start(call, home, false)).await;
    assert_eq!(first.code, "IE-2017-001");
    let ana = app.actor("Ana Kask").await;
    let refused = app.app.run(&ana, start(call, home, false)).await.unwrap_err();
    assert_eq!(refused.code(), "draft_exists");
    let second = app.app.run_once(&ana, Some("pressed-once"), start(call, home, true)).await.unwrap();
    let again = app.app.run_once(&ana, Some("pressed-once"), start(call, home, true)).await.unwrap();
    assert_eq!((second.code.as_str(), again.code.as_str()), ("IE-2017-002", "IE-2017-002"));

    let stranger = app.actor("Olga Berg").await;
    let refused = app.app.run(&stranger, start(call, home, false)).await.unwrap_err();
    assert!(matches!(refused, AppError::Invalid(errors) if errors.of("organisation").is_some()));
    app.finish().await;
}

fn save(proposal: ProposalId, text: &str, base: &Value) -> SaveAnswers {
    SaveAnswers {
        proposal,
        place: Place::Joint,
        section: "a".into(),
        answers: vec![Typed {
            question: "public_summary".into(),
            raw: RawAnswer::One(text.into()),
            seen: Seen::Digest(digest_of(base)),
        }],
    }
}

async fn two_people_never_overwrite_each_other(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let ana = app.actor("Ana Kask").await;
    let bruno = app.actor("Bruno Lind").await;

    app.app.run(&ana, save(draft.proposal, "Ana's text", &Value::Null)).await.unwrap();
    let stale = app.app.run(&bruno, save(draft.proposal, "Bruno's text", &Value::Null)).await.unwrap_err();
    assert!(matches!(stale, AppError::Stale { by, version: 1, .. } if by == "Ana Kask"));
    let untouched = app.app.run(&bruno, save(draft.proposal, "", &Value::Null)).await.unwrap();
    assert!(untouched[0].theirs);
    app.app.run(&bruno, save(draft.proposal, "Bruno's text", &json!("Ana's text"))).await.unwrap();

    let stranger = app.actor("Olga Berg").await;
    let refused = app.app.run(&stranger, save(draft.proposal, "x", &Value::Null)).await.unwrap_err();
    assert!(matches!(refused, AppError::NotFound));
    app.finish().await;
}

async fn a_complete_draft_is_complete(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.complete_draft(&call).await;

    for (section, place) in [("a", Place::Joint), ("g", Place::Joint), ("h", Place::Part(draft.coordinator_part))] {
        app.run("Ana Kask", CompleteSection { proposal: draft.proposal, place, section: section.into() }).await;
    }
    let bruno = app.actor("Bruno Lind").await;
    let foreign =
        CompleteSection { proposal: draft.proposal, place: Place::Part(draft.coordinator_part), section: "h".into() };
    assert!(matches!(app.app.run(&bruno, foreign).await.unwrap_err(), AppError::Denied(_)));
    app.finish().await;
}
