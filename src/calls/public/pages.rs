//! The screens everybody sees of calls.

use super::{
    queries::{AnnexView, CallLine, CallToRead, CallView, PublicCalls, RevisionOf},
    rules::{Date, basis_word, calendar, mark_of},
};
use crate::{
    calls::rules::{
        facts::{kind as kind_text, tie_text},
        judging::{Stated, stated},
    },
    kernel::AppError,
    web::{
        Answer, Frame, Pages, Visit,
        chart::{self, Bar, Chart},
        frame::{Happening, Moment, Strip},
        list::{ListShape, ListView, words},
        markdown, show,
    },
};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use entity::types::{
    money::Currency,
    period::{self, Deadline},
    states::{AnnexClass, CallState},
    terms::{Criterion, Mark},
};
use poem::{handler, web::Path};
use std::sync::Arc;

pub fn routes(pages: Pages) -> Pages {
    pages.get("/calls", calls_page).get("/calls/:code", call_page).get("/calls/:code/deadlines.ics", deadlines)
}

const LIST: ListShape =
    ListShape { key: "public-calls", sorts: &[("opens", "Opening")], descending: true, filters: &["state"] };

#[derive(Template)]
#[template(path = "calls/public/list.html")]
struct CallsPage {
    frame: Frame,
    list: ListView,
    cards: Vec<Card>,
}

/// A call in the list.
struct Card {
    code: String,
    title: String,
    summary: String,
    state: CallState,
    /// The next moment that matters: opening or closing.
    moment: Option<Moment>,
    countries: String,
}

#[handler]
async fn calls_page(visit: Visit) -> Answer {
    let request = LIST.request(&visit);
    let asked = PublicCalls { search: request.q.clone(), state: request.value("state"), paging: request.paging };
    let found = visit.ask(asked).await?;
    let states = super::queries::PUBLIC.iter().map(|s| (s.word(), s.label()));
    let list = LIST.view(&visit, &request, found.total).search("Code, title or programme").select(
        "state",
        "State",
        words(states),
    );
    let now = visit.app.now();
    let cards = found.rows.into_iter().map(|line| card(line, now)).collect();
    visit.page(&CallsPage { frame: visit.frame("Calls"), list, cards })
}

fn card(line: CallLine, now: DateTime<Utc>) -> Card {
    let moment = match line.state {
        CallState::Announced => line.opens_at.map(|at| moment("Opens", at, line.zone)),
        CallState::Open => line.closes_at.filter(|at| *at >= now).map(|at| moment("Closes", at, line.zone)),
        _ => None,
    };
    let mut countries: Vec<&str> = line.funding.iter().map(|c| c.name()).collect();
    countries.dedup();
    Card {
        countries: countries.join(", "),
        code: line.code,
        title: line.title,
        summary: line.summary,
        state: line.state,
        moment,
    }
}

fn moment(label: &str, at: DateTime<Utc>, zone: chrono_tz::Tz) -> Moment {
    Moment { label: label.to_owned(), iso: show::iso(at), words: period::in_zone(at, zone) }
}

#[derive(Template)]
#[template(path = "calls/public/call.html")]
struct CallPage {
    frame: Frame,
    body: Arc<Body>,
}

/// What a call's page says to everybody, made once for many readers.
struct Body {
    title: String,
    strip: String,
    main: String,
    wide: String,
    /// When the page says something else though nobody changed the call: a deadline passes, a day ends.
    until: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "calls/public/body.html")]
struct BodyTemplate {
    /// Which part of the page is made.
    place: &'static str,
    call: CallView,
    strip: Strip,
    text: String,
    timeline: Vec<Happening>,
    annexes: Vec<AnnexShown>,
    criteria: Vec<CriterionShown>,
    tie_rule: Vec<String>,
    /// What else is stated of judging.
    stated: Vec<Stated>,
    budgets: Chart,
    corrigenda: Vec<CorrigendumShown>,
    now: DateTime<Utc>,
}

impl BodyTemplate {
    /// Whether this agency supports an activity.
    fn supports(&self, annex: &AnnexShown, activity: &str) -> bool {
        annex.view.terms.activities.iter().any(|key| key == activity)
    }

    fn may_start(&self) -> bool {
        self.call.state == CallState::Open && self.call.closes_at.is_none_or(|at| at >= self.now)
    }

    /// The word beside a value that the published text does not state, or nothing.
    fn mark(&self, at: impl AsRef<str>) -> &'static str {
        mark_of(&self.call.terms.marks, at.as_ref()).map_or("", |mark| basis_word(mark.basis))
    }
}

/// An annex with its values in words.
struct AnnexShown {
    view: AnnexView,
    text: String,
    deadline: Moment,
    passed: bool,
    rows: Vec<Value>,
    questions: Vec<QuestionShown>,
    /// Words beside the name, the hour of the deadline and the activities, when the published text is silent.
    name_mark: &'static str,
    hour_mark: &'static str,
    activities_mark: &'static str,
}

/// A question the agency asks besides those of the call.
struct QuestionShown {
    label: String,
    kind: String,
    required: bool,
    mark: &'static str,
}

/// A value of an annex: what it is, the value, and a word when the published text does not state it.
struct Value {
    name: &'static str,
    text: String,
    mark: &'static str,
}

struct CriterionShown {
    criterion: Criterion,
    guidance: String,
}

struct CorrigendumShown {
    number: i32,
    reason: String,
    made: Moment,
}

#[handler]
async fn call_page(visit: Visit, Path(code): Path<String>) -> Answer {
    let body = body_of(&visit, code).await?;
    let frame = visit.frame_below(body.title.clone(), &[("Calls", "/calls")]);
    visit.page(&CallPage { frame, body })
}

/// The page of a public call as it was made for somebody before, as long as it is true; otherwise made now.
async fn body_of(visit: &Visit, code: String) -> Result<Arc<Body>, AppError> {
    let (kept, now) = (visit.app.kept(), visit.app.now());
    let name = format!("call page {}", code.to_ascii_uppercase());
    let current = |body: &Arc<Body>| now < body.until;
    if let Some(body) = kept.fresh::<Body>(&name, now).filter(current) {
        return Ok(body);
    }
    let ticket = kept.ticket();
    let revision = visit.ask(RevisionOf(code.clone())).await?;
    if let Some(body) = kept.of_version::<Body>(&name, revision, ticket, now).filter(current) {
        return Ok(body);
    }
    let call = visit.ask(CallToRead(code)).await?;
    let (public, revision) = (call.is_public(), call.revision);
    let body = Arc::new(made(call, now)?);
    if public {
        kept.keep(name, revision, ticket, now, body.clone());
    }
    Ok(body)
}

fn made(call: CallView, now: DateTime<Utc>) -> Result<Body, AppError> {
    let title = call.terms.title.clone();
    let until = until(&call, now);
    let mut template = BodyTemplate {
        place: "strip",
        strip: strip(&call),
        text: markdown::safe(&call.terms.text),
        timeline: timeline(&call, now),
        annexes: call.annexes.iter().cloned().map(|annex| annex_shown(annex, call.terms.currency, now)).collect(),
        criteria: call
            .terms
            .criteria
            .iter()
            .map(|c| CriterionShown { guidance: markdown::below(&c.guidance, 3), criterion: c.clone() })
            .collect(),
        tie_rule: call.terms.evaluation.tie_rule.iter().map(|tie| tie_text(tie, &call.terms)).collect(),
        stated: stated(&call.terms),
        budgets: budgets(&call),
        corrigenda: call
            .corrigenda
            .iter()
            .map(|c| CorrigendumShown {
                number: c.number,
                reason: c.reason.clone(),
                made: moment("Published", c.made_at, call.terms.zone),
            })
            .collect(),
        now,
        call,
    };
    let mut render = |place| {
        template.place = place;
        template.render().map_err(|e| AppError::Broken(e.into()))
    };
    Ok(Body { title, strip: render("strip")?, main: render("main")?, wide: render("wide")?, until })
}

/// The next instant at which the page changes by itself.
fn until(call: &CallView, now: DateTime<Utc>) -> DateTime<Utc> {
    let closings = call.annexes.iter().map(|a| a.terms.deadline.instant() + TimeDelta::seconds(1));
    let midnight = (now + TimeDelta::days(1)).date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    closings.filter(|at| *at > now).min().map_or(midnight, |at| at.min(midnight))
}

fn strip(call: &CallView) -> Strip {
    let mut strip = Strip::new(call.state.word(), call.state.label());
    let last = call.annexes.iter().map(|a| a.terms.deadline).max_by_key(|d| d.instant());
    match (call.state, call.opens_at, last) {
        (CallState::Draft | CallState::AgencyReview | CallState::Announced, Some(at), _) => {
            strip.deadline = Some(moment("Opens", at, call.terms.zone));
        }
        (_, _, Some(last)) => strip = strip.deadline("Last deadline", &last),
        _ => {}
    }
    strip
        .fact("Programme", call.terms.programme.clone())
        .fact("Call", call.code.clone())
        .fact("Duration", format!("{} to {} months", call.terms.duration.min, call.terms.duration.max))
}

fn timeline(call: &CallView, now: DateTime<Utc>) -> Vec<Happening> {
    use crate::calls::rules::check::{milestone_days, milestone_hour};
    let mut events: Vec<(chrono::NaiveDate, Happening)> = call
        .terms
        .timeline
        .iter()
        .enumerate()
        .filter_map(|(i, milestone)| {
            let (first, last) = milestone_days(milestone)?;
            let words = match (milestone_hour(milestone), milestone.date.len()) {
                (Some(local), _) => Deadline { local, zone: milestone.zone.unwrap_or(call.terms.zone) }.to_string(),
                (None, 7) => first.format("%B %Y").to_string(),
                (None, 10) => period::day(first),
                _ => format!("{} to {}", period::day(first), period::day(last)),
            };
            let mark = mark_of(&call.terms.marks, &format!("/call/timeline/{i}"));
            let words = mark.map_or(words.clone(), |mark| format!("{words} ({})", basis_word(mark.basis)));
            let event = Happening {
                iso: first.to_string(),
                words,
                what: milestone.label.clone(),
                who: String::new(),
                detail: milestone.place.clone().unwrap_or_default(),
                past: last < now.date_naive(),
            };
            Some((first, event))
        })
        .collect();
    events.sort_by_key(|(day, _)| *day);
    events.into_iter().map(|(_, event)| event).collect()
}

fn annex_shown(view: AnnexView, currency: Currency, now: DateTime<Utc>) -> AnnexShown {
    let terms = &view.terms;
    let mark = |at: &str| mark_of(&terms.marks, at).map_or("", |mark: &Mark| basis_word(mark.basis));
    let value = |name: &'static str, at: &str, text: Option<String>| Value {
        name,
        mark: if text.is_some() { mark(at) } else { "" },
        text: text.unwrap_or_else(|| "–".to_owned()),
    };
    let other = (terms.currency != currency).then(|| format!("1 {} = {} {currency}", terms.currency, terms.rate));
    let questions = terms.questions.iter().enumerate().map(|(i, question)| QuestionShown {
        label: question.label.clone(),
        kind: kind_text(&question.kind),
        required: question.required,
        mark: mark(&format!("/questions/{i}")),
    });
    let questions: Vec<QuestionShown> = questions.collect();
    let pays = terms.class == AnnexClass::Funding;
    let rows = vec![
        value("Class", "/class", Some(terms.class.label().to_owned())),
        value("Budget", "/budget", terms.budget.map(|m| m.to_string())),
        value("Smallest grant", "/floor", terms.floor.map(|m| m.to_string())),
        value("Greatest grant", "/ceiling", terms.ceiling.map(|m| m.to_string())),
        value("Share of costs", "/intensity", pays.then(|| format!("up to {}", terms.intensity))),
        value("From companies", "/private_share_min", terms.private_share_min.map(|s| format!("at least {s}"))),
        value("SMEs", "/min_smes", (terms.min_smes > 0).then(|| format!("at least {}", terms.min_smes))),
        value("Cluster label", "/label", terms.label.map(|l| l.label().to_owned())),
        value("Fixed rate", "/rate", other.clone()),
        value("Rate of", "/rate_on", terms.rate_on.filter(|_| other.is_some()).map(period::day)),
    ];
    let deadline = Moment {
        label: "Deadline".to_owned(),
        iso: show::deadline_iso(terms.deadline),
        words: terms.deadline.to_string(),
    };
    AnnexShown {
        text: markdown::below(&terms.text, 3),
        passed: terms.deadline.passed(now),
        name_mark: mark("/agency/name"),
        hour_mark: mark("/deadline/local"),
        activities_mark: mark("/activities"),
        deadline,
        rows,
        questions,
        view,
    }
}

/// What each agency brings, in the call's currency at the fixed rates so that the bars can be compared.
fn budgets(call: &CallView) -> Chart {
    let currency = call.terms.currency;
    let bars: Vec<Bar> = call
        .annexes
        .iter()
        .filter_map(|annex| {
            let budget = annex.terms.budget?;
            let same = budget.to(currency, annex.terms.rate);
            let text = if budget.currency == currency { budget.to_string() } else { format!("{budget} ≈ {same}") };
            Some(Bar::new(annex.name.clone(), chart::Value::new(chart::Value::from(same).size, text)))
        })
        .collect();
    let desc =
        format!("Each agency pays its own applicants. Bars are in {currency} at the rates fixed in the annexes.");
    chart::bars("Budget of the agencies", &desc, &["Budget"], &bars, None)
}

#[handler]
async fn deadlines(visit: Visit, Path(code): Path<String>) -> Answer {
    let call = visit.ask(CallToRead(code)).await?;
    let url = format!("{}/calls/{}", visit.app.base_url(), call.code);
    let host = visit.app.base_url().split("://").last().unwrap_or("fairway").to_owned();
    let date = |id: String, at, title: String, text: String| Date {
        uid: format!("{id}@{host}"),
        at,
        title,
        text,
        url: url.clone(),
    };
    let mut dates: Vec<Date> = call
        .opens_at
        .map(|at| date(call.id.to_string(), at, format!("{} opens", call.code), call.terms.title.clone()))
        .into_iter()
        .collect();
    dates.extend(call.annexes.iter().map(|annex| {
        let text = format!("{}\n{}", call.terms.title, annex.terms.deadline);
        let title = format!("{}: deadline of {}", call.code, annex.name);
        date(annex.id.to_string(), annex.terms.deadline.instant(), title, text)
    }));
    let file = calendar(&dates, call.revision, visit.app.now());
    visit.download(&format!("{}.ics", call.code), "text/calendar; charset=utf-8", file.into_bytes())
}
