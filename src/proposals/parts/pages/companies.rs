//! The companies of a part.

use super::{
    super::{
        commands::{CompanyIn, RemoveCompany, SaveCompany},
        queries::{Company, PartView},
    },
    budget::plain,
    frame, overview, part, path, saved,
};
use crate::{
    kernel::{AppError, Result, secret},
    proposals::drafts::pages::id,
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use entity::types::{country::Country, ids::ParticipantId, states::SizeClass};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/parts/companies.html")]
struct ListPage {
    frame: Frame,
    view: PartView,
    path: String,
}

#[handler]
pub async fn show_list(visit: Visit, Path((proposal, id)): Path<(String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    visit.page(&ListPage { frame: overview::below(&visit, &view, "Participating companies"), path: path(&view), view })
}

#[derive(Template)]
#[template(path = "proposals/parts/company.html")]
struct CompanyPage {
    frame: Frame,
    errors: FieldErrors,
    path: String,
    /// Where the form is sent, and saved while it is typed when the company exists.
    action: String,
    exists: bool,
    key: String,
    version: i64,
    name: String,
    registration_no: String,
    country: String,
    size_class: String,
    contact_name: String,
    contact_email: String,
    role: String,
    notice_given: bool,
    declarations: Vec<String>,
    commitments: bool,
    currency: String,
    cash: String,
    in_kind: String,
    countries: Vec<Choice>,
    sizes: Vec<Choice>,
    all_declarations: Vec<Choice>,
    remove: String,
}

impl CompanyPage {
    fn new(visit: &Visit, view: &PartView, company: Option<&Company>) -> Self {
        let path = path(view);
        let above = format!("{path}/companies");
        let crumbs = [("Participating companies", above.as_str())];
        let title = company.map_or("Add a company", |c| c.name.as_str());
        let action = match company {
            Some(c) => format!("{above}/{}", c.id),
            None => format!("{above}/new"),
        };
        let of = |get: fn(&Company) -> &String| company.map(get).cloned().unwrap_or_default();
        Self {
            frame: frame(visit, view, title, &crumbs),
            errors: FieldErrors::default(),
            exists: company.is_some(),
            key: if company.is_some() { String::new() } else { secret::token(visit.app.chance()) },
            version: company.map_or(0, |c| c.version),
            name: of(|c| &c.name),
            registration_no: of(|c| &c.registration_no),
            country: company.map_or(view.agency_country, |c| c.country).code().to_owned(),
            size_class: company.map_or(String::new(), |c| c.size_class.word().to_owned()),
            contact_name: of(|c| &c.contact_name),
            contact_email: of(|c| &c.contact_email),
            role: of(|c| &c.role),
            notice_given: company.is_some_and(|c| c.notice_given),
            declarations: company.map(|c| c.declarations.clone()).unwrap_or_default(),
            commitments: view.commitments,
            currency: view.terms.currency.code().to_owned(),
            cash: company.and_then(|c| c.cash).map(plain).unwrap_or_default(),
            in_kind: company.and_then(|c| c.in_kind).map(plain).unwrap_or_default(),
            countries: Country::all().iter().map(|c| Choice::new(c.code(), c.name())).collect(),
            sizes: sizes(),
            all_declarations: view.declarations.iter().map(|d| Choice::new(&d.key, &d.label)).collect(),
            remove: format!("{action}/remove"),
            path: above,
            action,
        }
    }

    fn typed(mut self, posted: &Posted, errors: FieldErrors) -> Self {
        let text = |name: &str| posted.text(name).to_owned();
        self.errors = errors;
        self.name = text("name");
        self.registration_no = text("registration_no");
        self.country = text("country");
        self.size_class = text("size_class");
        self.contact_name = text("contact_name");
        self.contact_email = text("contact_email");
        self.role = text("role");
        self.notice_given = posted.ticked("notice_given");
        self.declarations = posted.all("declarations");
        self.cash = text("cash");
        self.in_kind = text("in_kind");
        self
    }
}

/// The European size classes, by staff (Recommendation 2003/361/EC).
fn sizes() -> Vec<Choice> {
    let hint = |size: SizeClass| match size {
        SizeClass::Micro => "Fewer than 10 people",
        SizeClass::Small => "Fewer than 50 people",
        SizeClass::Medium => "Fewer than 250 people",
        SizeClass::Large => "250 people or more: no SME, and not counted",
    };
    SizeClass::ALL.iter().map(|s| Choice::new(s.word(), s.label()).hint(hint(*s))).collect()
}

fn company_in(posted: &Posted) -> std::result::Result<CompanyIn, FieldErrors> {
    let mut errors = FieldErrors::default();
    let country = errors.take("country", posted.parse::<Country>("country"));
    let size_class = errors.take("size_class", posted.parse::<SizeClass>("size_class"));
    let (Some(country), Some(size_class)) = (country, size_class) else { return Err(errors) };
    Ok(CompanyIn {
        name: posted.text("name").to_owned(),
        registration_no: posted.text("registration_no").to_owned(),
        country,
        size_class,
        contact_name: posted.text("contact_name").to_owned(),
        contact_email: posted.text("contact_email").to_owned(),
        role: posted.text("role").to_owned(),
        notice_given: posted.ticked("notice_given"),
        declarations: posted.all("declarations"),
        cash: posted.text("cash").to_owned(),
        in_kind: posted.text("in_kind").to_owned(),
    })
}

fn known<'a>(view: &'a PartView, company: &str) -> Result<&'a Company> {
    let company: ParticipantId = id(company)?;
    view.companies.iter().find(|c| c.id == company).ok_or(AppError::NotFound)
}

#[handler]
pub async fn new(visit: Visit, Path((proposal, id)): Path<(String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    if view.fixed.is_some() {
        return visit.to(format!("{}/companies", path(&view)));
    }
    visit.page(&CompanyPage::new(&visit, &view, None))
}

#[handler]
pub async fn new_posted(visit: Visit, posted: Posted, Path((proposal, id)): Path<(String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    take(&visit, &posted, &view, None).await
}

#[handler]
pub async fn edit(visit: Visit, Path((proposal, id, company)): Path<(String, String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    let company = known(&view, &company)?;
    if view.fixed.is_some() {
        return visit.to(format!("{}/companies#{}", path(&view), company.id));
    }
    visit.page(&CompanyPage::new(&visit, &view, Some(company)))
}

#[handler]
pub async fn edit_posted(
    visit: Visit,
    posted: Posted,
    Path((proposal, id, company)): Path<(String, String, String)>,
) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    let company = known(&view, &company)?;
    take(&visit, &posted, &view, Some(company)).await
}

async fn take(visit: &Visit, posted: &Posted, view: &PartView, company: Option<&Company>) -> Answer {
    let outcome = match company_in(posted) {
        Ok(typed) => {
            let id = company.map(|c| c.id);
            let save = SaveCompany { part: view.part.id, id, company: typed, seen: posted.version() };
            visit.run(posted, save).await
        }
        Err(errors) => Err(AppError::Invalid(errors)),
    };
    match outcome {
        Ok((_, version)) if visit.wants_json() => saved(visit, &version.to_string(), &FieldErrors::default(), &[]),
        Ok(_) if posted.text("do") == "another" => {
            visit.to_with(format!("{}/companies/new", path(view)), "The company is saved. Add the next one.")
        }
        Ok(_) => visit.to_with(format!("{}/companies", path(view)), "The company is saved."),
        Err(error) if visit.wants_json() => Err(error.into()),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&CompanyPage::new(visit, view, company).typed(posted, errors))
        }
    }
}

#[derive(Template)]
#[template(path = "proposals/parts/remove.html")]
struct RemovePage {
    frame: Frame,
    question: String,
    action: String,
    cancel: String,
    button: &'static str,
    consequence: &'static str,
    key: String,
}

/// The last look before something is removed from a part.
pub(super) fn remove_page(
    visit: &Visit,
    view: &PartView,
    name: &str,
    list: &str,
    action: String,
    consequence: &'static str,
) -> Answer {
    visit.page(&RemovePage {
        frame: overview::below(visit, view, "Remove"),
        question: format!("Remove “{name}”?"),
        cancel: format!("{}/{list}", path(view)),
        action,
        button: "Remove",
        consequence,
        key: secret::token(visit.app.chance()),
    })
}

#[handler]
pub async fn remove(visit: Visit, Path((proposal, id, company)): Path<(String, String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    let company = known(&view, &company)?;
    let action = format!("{}/companies/{}/remove", path(&view), company.id);
    let consequence = "The company, its contact and its declarations are taken out of this part. Letters that were asked from it go with it.";
    remove_page(&visit, &view, &company.name, "companies", action, consequence)
}

#[handler]
pub async fn remove_posted(
    visit: Visit,
    posted: Posted,
    Path((proposal, id, company)): Path<(String, String, String)>,
) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    let list = format!("{}/companies", path(&view));
    let Ok(company) = known(&view, &company) else { return visit.to(list) };
    visit.run(&posted, RemoveCompany { part: view.part.id, id: company.id }).await?;
    visit.to_with(list, "The company is removed.")
}
