//! The activities of a part.

use super::{
    super::{
        commands::{RemoveActivity, SaveActivity},
        queries::{ActivityRow, PartView},
    },
    companies::remove_page,
    frame, overview, part, path, saved, whole,
};
use crate::{
    kernel::{AppError, Result, secret},
    proposals::drafts::pages::id,
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use entity::types::ids::ActivityLineId;
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/parts/activities.html")]
struct ListPage {
    frame: Frame,
    view: PartView,
    path: String,
}

#[handler]
pub async fn show_list(visit: Visit, Path((proposal, id)): Path<(String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    visit.page(&ListPage { frame: overview::below(&visit, &view, "Activities"), path: path(&view), view })
}

#[derive(Template)]
#[template(path = "proposals/parts/activity.html")]
struct ActivityPage {
    frame: Frame,
    errors: FieldErrors,
    path: String,
    action: String,
    exists: bool,
    key: String,
    version: i64,
    activity: String,
    title: String,
    description: String,
    place: String,
    start_month: String,
    end_month: String,
    participants: String,
    kinds: Vec<Choice>,
    /// Kinds the agency does not support, with the reason.
    blocked: Vec<(String, String)>,
    months: String,
    remove: String,
}

impl ActivityPage {
    fn new(visit: &Visit, view: &PartView, row: Option<&ActivityRow>) -> Self {
        let above = format!("{}/activities", path(view));
        let crumbs = [("Activities", above.as_str())];
        let action = match row {
            Some(row) => format!("{above}/{}", row.id),
            None => format!("{above}/new"),
        };
        let of = |get: fn(&ActivityRow) -> &String| row.map(get).cloned().unwrap_or_default();
        let number = |get: fn(&ActivityRow) -> i32| row.map(get).filter(|n| *n != 0).map(|n| n.to_string());
        Self {
            frame: frame(visit, view, row.map_or("Plan an activity", |r| r.title.as_str()), &crumbs),
            errors: FieldErrors::default(),
            exists: row.is_some(),
            key: if row.is_some() { String::new() } else { secret::token(visit.app.chance()) },
            version: row.map_or(0, |r| r.version),
            activity: of(|r| &r.activity),
            title: of(|r| &r.title),
            description: of(|r| &r.description),
            place: of(|r| &r.place),
            start_month: number(|r| r.start_month).unwrap_or_default(),
            end_month: number(|r| r.end_month).unwrap_or_default(),
            participants: number(|r| r.participants).unwrap_or_default(),
            kinds: view.kinds.iter().filter(|k| k.blocked.is_none()).map(|k| Choice::new(&k.key, &k.label)).collect(),
            blocked: view.kinds.iter().filter_map(|k| Some((k.label.clone(), k.blocked.clone()?))).collect(),
            months: format!("A month of the project, from 1 to {}", view.duration.max),
            remove: format!("{action}/remove"),
            path: above,
            action,
        }
    }

    fn typed(mut self, posted: &Posted, errors: FieldErrors) -> Self {
        let text = |name: &str| posted.text(name).to_owned();
        self.errors = errors;
        self.activity = text("activity");
        self.title = text("title");
        self.description = text("description");
        self.place = text("place");
        self.start_month = text("start_month");
        self.end_month = text("end_month");
        self.participants = text("participants");
        self
    }
}

fn known<'a>(view: &'a PartView, activity: &str) -> Result<&'a ActivityRow> {
    let activity: ActivityLineId = id(activity)?;
    view.activities.iter().find(|a| a.id == activity).ok_or(AppError::NotFound)
}

#[handler]
pub async fn new(visit: Visit, Path((proposal, id)): Path<(String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    if view.fixed.is_some() {
        return visit.to(format!("{}/activities", path(&view)));
    }
    visit.page(&ActivityPage::new(&visit, &view, None))
}

#[handler]
pub async fn new_posted(visit: Visit, posted: Posted, Path((proposal, id)): Path<(String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    take(&visit, &posted, &view, None).await
}

#[handler]
pub async fn edit(visit: Visit, Path((proposal, id, activity)): Path<(String, String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    let row = known(&view, &activity)?;
    if view.fixed.is_some() {
        return visit.to(format!("{}/activities#{}", path(&view), row.id));
    }
    visit.page(&ActivityPage::new(&visit, &view, Some(row)))
}

#[handler]
pub async fn edit_posted(
    visit: Visit,
    posted: Posted,
    Path((proposal, id, activity)): Path<(String, String, String)>,
) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    let row = known(&view, &activity)?;
    take(&visit, &posted, &view, Some(row)).await
}

fn command(posted: &Posted, view: &PartView, row: Option<&ActivityRow>) -> Result<SaveActivity> {
    let mut errors = FieldErrors::default();
    let mut number = |field: &str| {
        let n = whole(posted, &mut errors, field).unwrap_or_default();
        i32::try_from(n).unwrap_or(-1)
    };
    let (start_month, end_month, participants) = (number("start_month"), number("end_month"), number("participants"));
    errors.done()?;
    Ok(SaveActivity {
        part: view.part.id,
        id: row.map(|r| r.id),
        activity: posted.text("activity").to_owned(),
        title: posted.text("title").to_owned(),
        description: posted.text("description").to_owned(),
        place: posted.text("place").to_owned(),
        start_month,
        end_month,
        participants,
        seen: posted.version(),
    })
}

async fn take(visit: &Visit, posted: &Posted, view: &PartView, row: Option<&ActivityRow>) -> Answer {
    let outcome = match command(posted, view, row) {
        Ok(save) => visit.run(posted, save).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok((_, version)) if visit.wants_json() => saved(visit, &version.to_string(), &FieldErrors::default(), &[]),
        Ok(_) if posted.text("do") == "another" => {
            visit.to_with(format!("{}/activities/new", path(view)), "The activity is saved. Plan the next one.")
        }
        Ok(_) => visit.to_with(format!("{}/activities", path(view)), "The activity is saved."),
        Err(error) if visit.wants_json() => Err(error.into()),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&ActivityPage::new(visit, view, row).typed(posted, errors))
        }
    }
}

#[handler]
pub async fn remove(visit: Visit, Path((proposal, id, activity)): Path<(String, String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    let row = known(&view, &activity)?;
    let action = format!("{}/activities/{}/remove", path(&view), row.id);
    let consequence = "The activity is taken out of this part. Its costs stay in the budget, without an activity.";
    remove_page(&visit, &view, &row.title, "activities", action, consequence)
}

#[handler]
pub async fn remove_posted(
    visit: Visit,
    posted: Posted,
    Path((proposal, id, activity)): Path<(String, String, String)>,
) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    let list = format!("{}/activities", path(&view));
    let Ok(row) = known(&view, &activity) else { return visit.to(list) };
    visit.run(&posted, RemoveActivity { part: view.part.id, id: row.id }).await?;
    visit.to_with(list, "The activity is removed.")
}
