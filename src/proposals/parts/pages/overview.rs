//! A part on one page: the terms of its agency and what is filled in.

use super::{super::queries::PartView, frame, part, path};
use crate::{
    proposals::drafts::pages::changed,
    web::{
        Answer, Frame, Visit,
        frame::{Strip, Task},
        show,
    },
};
use askama::Template;
use entity::types::{money::Money, states::PartState};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/parts/overview.html")]
struct PartPage {
    frame: Frame,
    strip: Strip,
    view: PartView,
    path: String,
    tasks: Vec<Task>,
    total: Money,
    requested: Money,
}

#[handler]
pub async fn overview(visit: Visit, Path((proposal, id)): Path<(String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    let path = path(&view);
    let task = |s: &crate::proposals::dossier::SectionStatus| Task {
        label: s.title.clone(),
        href: Some(match s.asked {
            true => format!("{path}/sections/{}", s.key),
            false => format!("{path}/{}", s.key),
        }),
        hint: String::new(),
        state: s.status.word().to_owned(),
        state_label: s.status.label().to_owned(),
        who: String::new(),
    };
    let currency = view.terms.currency;
    let page = PartPage {
        frame: {
            let proposal = format!("/proposals/{}", view.head.id);
            let name = format!("{} {}", view.head.code, view.head.acronym);
            let crumbs = [("My proposals", "/proposals"), (name.as_str(), proposal.as_str())];
            changed(visit.frame_below(&view.part.organisation, &crumbs), &view.head)
        },
        strip: Strip::new(view.part.state.word(), view.part.state.label())
            .deadline("Closes", &view.part.deadline)
            .fact("Home agency", &view.part.agency)
            .fact("Country", view.country.name()),
        tasks: view.sections.iter().map(task).collect(),
        total: Money::new(view.sums.total, currency),
        requested: Money::new(view.budget.requested, currency),
        path,
        view,
    };
    visit.page(&page)
}

impl PartPage {
    fn is_draft(&self) -> bool {
        self.view.part.state == PartState::Draft
    }

    fn label_held(&self) -> String {
        match self.view.label {
            Some((level, until)) => format!("{}, valid until {}", level.label(), show::day(until)),
            None => "none recorded".to_owned(),
        }
    }
}

/// The frame of pages below the part.
pub(super) fn below(visit: &Visit, view: &PartView, title: &str) -> Frame {
    frame(visit, view, title, &[])
}
