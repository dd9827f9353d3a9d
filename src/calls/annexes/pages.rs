//! The screens for annexes: all of a call side by side, one annex, its own questions.

use super::{
    commands::{AddAnnex, RemoveAnnex, SaveAnnex},
    queries::{AgenciesWithoutAnnex, AnnexAtDesk, AnnexDesk},
};
use crate::{
    calls::{
        corrigenda::pages::{Proposed, review},
        editor::{
            pages::{
                fields::{Field, Group, choices, with_marks},
                pieces::{currencies, zones},
                question,
                save::{FieldsPage, Mode, again, frame, key},
                typed::Typed,
            },
            queries::{CallAtDesk, CallDesk},
            rules::carry_marks,
        },
        publishing::commands::ApproveAnnex,
        rules::{facts::kind as kind_text, states::is_public},
    },
    kernel::AppError,
    web::{Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit, frame::Strip, keep, show},
};
use askama::Template;
use chrono::NaiveDateTime;
use entity::types::{
    ids::{AnnexId, CallId, OrganisationId},
    money::Rate,
    period::{self, Deadline},
    states::{AnnexClass, AnnexState, LabelLevel},
    terms::{AnnexTerms, Question},
};
use poem::{handler, web::Path};
use serde_json::json;

pub fn routes(pages: Pages) -> Pages {
    let one = "/staff/calls/:call/annexes/:annex";
    let edit = "/staff/calls/:call/annexes/:annex/edit";
    let new_question = "/staff/calls/:call/annexes/:annex/new-question";
    let asked = "/staff/calls/:call/annexes/:annex/questions/:question";
    pages
        .get("/staff/calls/:call/annexes", annexes_page)
        .post("/staff/calls/:call/annexes", add_posted)
        .get(one, annex_page)
        .get(edit, edit_page)
        .post(edit, edit_posted)
        .post("/staff/calls/:call/annexes/:annex/approve", approve_posted)
        .post("/staff/calls/:call/annexes/:annex/remove", remove_posted)
        .get(new_question, new_question_page)
        .post(new_question, new_question_posted)
        .get(asked, question_page)
        .post(asked, question_posted)
}

#[derive(Template)]
#[template(path = "calls/annexes/list.html")]
struct AnnexesPage {
    frame: Frame,
    errors: FieldErrors,
    desk: CallDesk,
    key: String,
    agencies: Vec<Choice>,
    agency: String,
}

impl AnnexesPage {
    fn supports(&self, annex: &crate::calls::public::queries::AnnexView, activity: &str) -> bool {
        annex.terms.activities.iter().any(|key| key == activity)
    }
}

async fn annexes_shown(
    visit: &Visit,
    call: CallId,
    agency: String,
    errors: FieldErrors,
) -> Result<AnnexesPage, AppError> {
    let desk = visit.ask(CallAtDesk(call)).await?;
    let agencies = if desk.can.edit { visit.ask(AgenciesWithoutAnnex(call)).await? } else { Vec::new() };
    Ok(AnnexesPage {
        frame: frame(visit, "Annexes of the agencies", &desk.code, call),
        errors,
        key: key(visit),
        agencies: choices(agencies.into_iter().map(|(id, name)| (id.to_string(), name))),
        agency,
        desk,
    })
}

#[handler]
async fn annexes_page(visit: Visit, Path(call): Path<CallId>) -> Answer {
    visit.page(&annexes_shown(&visit, call, String::new(), FieldErrors::default()).await?)
}

#[handler]
async fn add_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let typed = posted.text("agency").to_owned();
    let outcome = match typed.parse::<OrganisationId>() {
        Ok(agency) => visit.run(&posted, AddAnnex { call, agency }).await,
        Err(_) => Err(AppError::invalid("agency", "Choose an agency from the list")),
    };
    match outcome {
        Ok(annex) => visit.to_with(format!("/staff/calls/{call}/annexes/{annex}"), "The agency was added."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&annexes_shown(&visit, call, typed, errors).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "calls/annexes/annex.html")]
struct AnnexPage {
    frame: Frame,
    errors: FieldErrors,
    strip: Strip,
    desk: AnnexDesk,
    key: String,
    mode: Mode,
    text: String,
    facts: Vec<(String, String, &'static str)>,
}

impl AnnexPage {
    fn answer(&self, question: &Question) -> String {
        kind_text(&question.kind)
    }
}

fn mode(desk: &AnnexDesk) -> Mode {
    if desk.may_edit && !is_public(desk.call_state) {
        Mode::Draft
    } else if desk.may_correct && is_public(desk.call_state) {
        Mode::Corrigendum
    } else {
        Mode::ReadOnly
    }
}

fn annex_shown(visit: &Visit, desk: AnnexDesk, errors: FieldErrors) -> AnnexPage {
    let (home, annexes) = (format!("/staff/calls/{}", desk.call), format!("/staff/calls/{}/annexes", desk.call));
    let crumbs = [("Calls", "/staff/calls"), (desk.code.as_str(), home.as_str()), ("Annexes", annexes.as_str())];
    let strip = Strip::new(desk.annex.state.word(), desk.annex.state.label())
        .deadline("Deadline", &desk.annex.terms.deadline)
        .fact("Class", desk.annex.terms.class.label())
        .fact("Call", format!("{}, {}", desk.code, desk.call_state.label().to_lowercase()));
    let strip = match desk.annex.state {
        AnnexState::Draft if desk.may_approve => strip.turn("Your agency approves this annex.", true),
        AnnexState::Draft => strip.turn("The agency approves this annex.", false),
        AnnexState::Approved => strip,
    };
    AnnexPage {
        frame: visit.frame_below(format!("Annex of {}", desk.annex.name), &crumbs),
        errors,
        strip,
        key: key(visit),
        mode: mode(&desk),
        text: crate::web::markdown::below(&desk.annex.terms.text, 2),
        facts: facts(&desk.annex.terms),
        desk,
    }
}

/// The values of an annex in words, each with the word of its mark.
fn facts(terms: &AnnexTerms) -> Vec<(String, String, &'static str)> {
    use crate::calls::public::rules::{basis_word, mark_of};
    let mark = |at: &str| mark_of(&terms.marks, at).map_or("", |mark| basis_word(mark.basis));
    let mut all = vec![("Class", terms.class.label().to_owned(), "/class")];
    let mut some = |name, text: Option<String>, at| all.extend(text.map(|text| (name, text, at)));
    some("Budget", terms.budget.map(show::money), "/budget");
    some("Smallest grant", terms.floor.map(show::money), "/floor");
    some("Greatest grant", terms.ceiling.map(show::money), "/ceiling");
    let pays = terms.class == AnnexClass::Funding;
    some("Share of the costs", pays.then(|| format!("at most {}", terms.intensity)), "/intensity");
    some("From companies", terms.private_share_min.map(|s| format!("at least {s} of the rest")), "/private_share_min");
    some(
        "Exchange rate",
        (terms.rate != Rate::ONE).then(|| format!("1 {} = {} in the call's currency", terms.currency, terms.rate)),
        "/rate",
    );
    some("Rate of", terms.rate_on.map(period::day), "/rate_on");
    some("SMEs in a part", Some(format!("at least {}", terms.min_smes)), "/min_smes");
    some("Cluster label", terms.label.map(|l| format!("{} or better", l.label())), "/label");
    some("Deadline", Some(terms.deadline.to_string()), "/deadline");
    all.into_iter().map(|(name, text, at)| (name.to_owned(), text, mark(at))).collect()
}

/// The annex, if it belongs to the call of the address.
async fn desk(visit: &Visit, call: CallId, annex: AnnexId) -> Result<AnnexDesk, AppError> {
    let desk = visit.ask(AnnexAtDesk(annex)).await?;
    if desk.call == call { Ok(desk) } else { Err(AppError::NotFound) }
}

#[handler]
async fn annex_page(visit: Visit, Path((call, annex)): Path<(CallId, AnnexId)>) -> Answer {
    let desk = desk(&visit, call, annex).await?;
    visit.page(&annex_shown(&visit, desk, FieldErrors::default()))
}

#[handler]
async fn approve_posted(visit: Visit, posted: Posted, Path((call, annex)): Path<(CallId, AnnexId)>) -> Answer {
    match visit.run(&posted, ApproveAnnex { annex, seen: posted.version() }).await {
        Ok(_) => visit.to_with(format!("/staff/calls/{call}/annexes/{annex}"), "The annex is approved."),
        Err(error) => {
            let errors = keep(error)?.0.into_iter().map(|(_, message)| (String::new(), message)).collect();
            let desk = desk(&visit, call, annex).await?;
            visit.again(&annex_shown(&visit, desk, FieldErrors(errors)))
        }
    }
}

#[handler]
async fn remove_posted(visit: Visit, posted: Posted, Path((call, annex)): Path<(CallId, AnnexId)>) -> Answer {
    visit.run(&posted, RemoveAnnex(annex)).await?;
    visit.to_with(format!("/staff/calls/{call}/annexes"), "The annex was removed.")
}

fn groups(desk: &AnnexDesk) -> Vec<Group> {
    let terms = &desk.annex.terms;
    let classes = choices(AnnexClass::ALL.iter().map(|c| (c.word(), c.label())));
    let amount = |money: Option<entity::types::money::Money>| money.map(|m| m.amount());
    let code = terms.currency.code();
    let activities = choices(desk.call_terms.activities.iter().map(|a| (a.key.clone(), a.label.clone())));
    let labels = choices(LabelLevel::ALL.iter().map(|l| (l.word(), format!("{} or better", l.label()))));
    let local = terms.deadline.local.format("%Y-%m-%dT%H:%M").to_string();
    let rest = "Of the contribution that is not the grant, the smallest share companies bring.";
    vec![
        Group::new(
            "The agency's part",
            vec![
                Field::radios("class", "Class", terms.class, classes).at("/class"),
                Field::area("text", "What its applicants should know", &terms.text, 6)
                    .optional()
                    .hint("Markdown.")
                    .at("/text"),
            ],
        ),
        Group::new(
            "Money",
            vec![
                Field::select("currency", "Currency", terms.currency, currencies()).at("/currency"),
                Field::number(
                    "rate",
                    "Worth of one unit in the call's currency",
                    terms.rate,
                    desk.call_terms.currency.code(),
                )
                .hint("1 when the annex is in the call's currency.")
                .at("/rate"),
                Field::date("rate_on", "Rate fixed on", terms.rate_on).at("/rate_on"),
                Field::optional_number("budget", "Budget", amount(terms.budget), code).at("/budget"),
                Field::optional_number("floor", "Smallest grant for a part", amount(terms.floor), code).at("/floor"),
                Field::optional_number("ceiling", "Greatest grant for a part", amount(terms.ceiling), code)
                    .at("/ceiling"),
                Field::number("intensity", "Greatest share of the costs", terms.intensity.number(), "%")
                    .at("/intensity"),
                Field::optional_number(
                    "private_share_min",
                    "From companies",
                    terms.private_share_min.map(|s| s.number()),
                    "%",
                )
                .hint(rest)
                .at("/private_share_min"),
            ],
        ),
        Group::new(
            "Conditions",
            vec![
                Field::ticks("activities", "Activities the agency supports", terms.activities.clone(), activities)
                    .at("/activities"),
                Field::number("min_smes", "SMEs in a part at least", terms.min_smes, "").at("/min_smes"),
                Field::select("label", "Cluster label", terms.label.map(|l| l.word()).unwrap_or_default(), labels)
                    .optional()
                    .hint("None when nothing is chosen.")
                    .at("/label"),
            ],
        ),
        Group::new(
            "Deadline",
            vec![
                Field::select("zone", "Time zone", terms.deadline.zone.name(), zones()).at("/deadline"),
                Field::datetime("deadline", "Parts are handed in until", local, terms.deadline.zone.name())
                    .hint("By the agency's clock, to the second.")
                    .at("/deadline"),
            ],
        ),
    ]
}

fn apply(typed: &mut Typed<'_>, terms: &mut AnnexTerms) {
    terms.class = typed.word("class", terms.class);
    terms.text = typed.prose("text", 50_000);
    terms.currency = typed.word("currency", terms.currency);
    terms.rate = typed.with("rate", Rate::parse, terms.rate);
    terms.rate_on = typed.optional_day("rate_on");
    terms.budget = typed.optional_money("budget", terms.currency);
    terms.floor = typed.optional_money("floor", terms.currency);
    terms.ceiling = typed.optional_money("ceiling", terms.currency);
    terms.intensity = typed.share("intensity");
    terms.private_share_min = typed.optional_share("private_share_min");
    terms.activities = typed.all("activities");
    terms.min_smes = typed.count("min_smes", 50);
    terms.label = typed.raw("label").parse().ok();
    let zone = typed.with("zone", period::parse_zone, terms.deadline.zone);
    let local: NaiveDateTime = typed.with("deadline", period::parse_local, terms.deadline.local);
    terms.deadline = Deadline { local, zone };
}

fn fields_page(visit: &Visit, desk: &AnnexDesk, title: String, groups: Vec<Group>, action: String) -> FieldsPage {
    let (home, back) =
        (format!("/staff/calls/{}", desk.call), format!("/staff/calls/{}/annexes/{}", desk.call, desk.annex.id));
    let crumbs =
        [("Calls", "/staff/calls"), (desk.code.as_str(), home.as_str()), (desk.annex.name.as_str(), back.as_str())];
    FieldsPage {
        frame: visit.frame_below(title, &crumbs),
        errors: FieldErrors::default(),
        groups: with_marks(groups, &desk.annex.terms.marks),
        action,
        key: key(visit),
        version: desk.annex.version,
        mode: mode(desk),
        findings: Vec::new(),
        back,
    }
}

fn edit_shown(visit: &Visit, desk: &AnnexDesk) -> FieldsPage {
    let action = format!("/staff/calls/{}/annexes/{}/edit", desk.call, desk.annex.id);
    let page = fields_page(visit, desk, format!("Annex of {}", desk.annex.name), groups(desk), action);
    FieldsPage { findings: desk.findings.clone(), ..page }
}

/// Saves a changed annex, or shows the review of a corrigendum.
async fn finish(
    visit: &Visit,
    posted: &Posted,
    desk: &AnnexDesk,
    page: FieldsPage,
    change: impl FnOnce(&mut Typed<'_>, &mut AnnexTerms),
) -> Answer {
    let mut typed = Typed::new(posted);
    let mut terms = desk.annex.terms.clone();
    change(&mut typed, &mut terms);
    if !typed.errors.is_empty() {
        return visit.again(&again(page, posted, typed.errors, visit));
    }
    terms.marks = carry_marks(&json!(desk.annex.terms), &json!(terms), &desk.annex.terms.marks);
    let (annex, seen, back) = (desk.annex.id, posted.version(), page.back.clone());
    let outcome = match page.mode {
        Mode::Corrigendum if seen == desk.annex.version => {
            let proposed = Proposed::of_annex(desk, terms);
            return review(visit, proposed, String::new(), FieldErrors::default(), &page.action);
        }
        Mode::Corrigendum => {
            let (by, at) = ("somebody else".to_owned(), visit.app.now());
            Err(AppError::Stale { by, at, version: desk.annex.version })
        }
        Mode::Draft => visit.run(posted, SaveAnnex { annex, seen, terms }).await,
        Mode::ReadOnly => Err(AppError::refused("not_now", "This annex cannot be changed now.")),
    };
    match outcome {
        Ok(_) => visit.to_with(back, "Saved."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&again(page, posted, errors, visit))
        }
    }
}

#[handler]
async fn edit_page(visit: Visit, Path((call, annex)): Path<(CallId, AnnexId)>) -> Answer {
    let desk = desk(&visit, call, annex).await?;
    visit.page(&edit_shown(&visit, &desk))
}

#[handler]
async fn edit_posted(visit: Visit, posted: Posted, Path((call, annex)): Path<(CallId, AnnexId)>) -> Answer {
    let desk = desk(&visit, call, annex).await?;
    let page = edit_shown(&visit, &desk);
    finish(&visit, &posted, &desk, page, apply).await
}

fn question_shown(visit: &Visit, desk: &AnnexDesk, j: Option<usize>) -> FieldsPage {
    let all = &desk.annex.terms.questions;
    let base = format!("/staff/calls/{}/annexes/{}", desk.call, desk.annex.id);
    let earlier = &all[..j.unwrap_or(all.len())];
    match j.map(|j| (j, &all[j])) {
        Some((j, asked)) => {
            let groups = question::groups(asked, earlier, &format!("/questions/{j}"));
            fields_page(visit, desk, "Question".to_owned(), groups, format!("{base}/questions/{}", asked.key))
        }
        None => {
            let groups = question::groups(&question::blank(), earlier, "");
            fields_page(visit, desk, "New question of the agency".to_owned(), groups, format!("{base}/new-question"))
        }
    }
}

#[handler]
async fn new_question_page(visit: Visit, Path((call, annex)): Path<(CallId, AnnexId)>) -> Answer {
    let desk = desk(&visit, call, annex).await?;
    visit.page(&question_shown(&visit, &desk, None))
}

#[handler]
async fn new_question_posted(visit: Visit, posted: Posted, Path((call, annex)): Path<(CallId, AnnexId)>) -> Answer {
    let desk = desk(&visit, call, annex).await?;
    let page = question_shown(&visit, &desk, None);
    let joint = desk.call_terms.sections.iter().flat_map(|s| &s.questions).chain(&desk.annex.terms.questions);
    let taken: Vec<String> = joint.map(|q| q.key.clone()).collect();
    finish(&visit, &posted, &desk, page, |typed, terms| terms.questions.push(question::read(typed, None, &taken))).await
}

fn asked(desk: &AnnexDesk, key: &str) -> Result<usize, AppError> {
    desk.annex.terms.questions.iter().position(|q| q.key == key).ok_or(AppError::NotFound)
}

#[handler]
async fn question_page(visit: Visit, Path((call, annex, key)): Path<(CallId, AnnexId, String)>) -> Answer {
    let desk = desk(&visit, call, annex).await?;
    let j = asked(&desk, &key)?;
    visit.page(&question_shown(&visit, &desk, Some(j)))
}

#[handler]
async fn question_posted(
    visit: Visit,
    posted: Posted,
    Path((call, annex, key)): Path<(CallId, AnnexId, String)>,
) -> Answer {
    let desk = desk(&visit, call, annex).await?;
    let j = asked(&desk, &key)?;
    let page = question_shown(&visit, &desk, Some(j));
    let remove = posted.text("do") == "remove";
    finish(&visit, &posted, &desk, page, |typed, terms| {
        if remove {
            terms.questions.remove(j);
        } else {
            terms.questions[j] = question::read(typed, Some(&key), &[]);
        }
    })
    .await
}
