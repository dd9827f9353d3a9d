//! The first page, the homes of the areas, and the pages about the installation.

use super::{
    queries::{AccountCount, Duties, Duty, OwnOrganisation, OwnOrganisations, StaffCall, StaffCalls, StaffOnly},
    rules::Hat,
};
use crate::{
    calls::public::queries::{CallLine, PublicCalls},
    evaluation::{
        consensus::queries::{OwnConsensus, WaitingForMe},
        panels::queries::{OwnPanels, PanelLine},
        wishes::queries::{OwnWishes, WishingCall},
    },
    jobs::queries::FailedJobs,
    kernel::{Permission, Result, Subject, paging::Paging},
    notifications::queries::{Figures, MailFigures},
    proposals::drafts::queries::{Card, OwnProposals, group},
    web::{Answer, Frame, Pages, Visit, posted::encoded, show},
};
use askama::Template;
use chrono::{DateTime, Utc};
use entity::types::states::{AssignmentState, CallState, ProposalState};
use poem::handler;

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/", home)
        .get("/overview", overview)
        .get("/staff", staff)
        .get("/admin", admin)
        .get("/accessibility", accessibility)
        .get("/privacy", privacy)
}

#[derive(Template)]
#[template(path = "overview/home.html")]
struct HomePage {
    frame: Frame,
    open: Vec<OpenCall>,
    coming: Vec<OpenCall>,
}

/// A call as the public home shows it.
struct OpenCall {
    line: CallLine,
    href: String,
    /// What is left until it closes or opens.
    left: String,
    when: String,
    iso: String,
}

#[derive(Template)]
#[template(path = "overview/overview.html")]
struct OverviewPage {
    frame: Frame,
    name: String,
    next: Option<Next>,
    calls: Vec<CallCard>,
    invited: Vec<DutyCard>,
    running: Vec<DutyCard>,
    handed_in: usize,
    consensus: Vec<WaitingForMe>,
    panels: Vec<(PanelLine, String)>,
    wishing: Vec<WishingCall>,
    proposals: Vec<(&'static str, Vec<ProposalCard>)>,
    proposals_total: u64,
    organisations: Vec<OwnOrganisation>,
    troubles: Option<Troubles>,
}

/// The one next thing to do.
struct Next {
    label: String,
    href: String,
    why: String,
}

struct CallCard {
    call: StaffCall,
    /// When it closes or opens, with the zone, and what is left.
    when: String,
    left: String,
    numbers: Vec<Number>,
}

/// A number with the list it counts.
struct Number {
    value: i64,
    label: &'static str,
    href: String,
}

struct DutyCard {
    duty: Duty,
    due: String,
    left: String,
}

struct ProposalCard {
    left: String,
    closes: String,
    closes_iso: String,
    saved: String,
    card: Card,
}

/// What needs an administrator.
#[derive(Clone, Copy)]
struct Troubles {
    mail: Figures,
    jobs: u64,
}

#[derive(Template)]
#[template(path = "overview/staff.html")]
struct StaffPage {
    frame: Frame,
    calls: Vec<CallCard>,
    may_draft: bool,
}

#[derive(Template)]
#[template(path = "overview/admin.html")]
struct AdminPage {
    frame: Frame,
    accounts: u64,
    troubles: Troubles,
}

#[derive(Template)]
#[template(path = "overview/accessibility.html")]
struct AccessibilityPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "overview/privacy.html")]
struct PrivacyPage {
    frame: Frame,
}

#[handler]
async fn home(visit: Visit) -> Answer {
    let of = |state: CallState| PublicCalls {
        state: Some(state),
        paging: Paging { page: 1, size: 12 },
        ..PublicCalls::default()
    };
    let open = visit.ask(of(CallState::Open)).await?;
    let coming = visit.ask(of(CallState::Announced)).await?;
    let now = visit.app.now();
    let shown = |line: CallLine| {
        let at = if line.state == CallState::Open { line.closes_at } else { line.opens_at };
        OpenCall {
            href: format!("/calls/{}", encoded(&line.code)),
            left: at.filter(|_| line.state == CallState::Open).map(|at| show::left(at, now)).unwrap_or_default(),
            when: at.map(|at| show::instant(at, line.zone)).unwrap_or_default(),
            iso: at.map(show::iso).unwrap_or_default(),
            line,
        }
    };
    let frame = visit.frame("Joint calls of funding agencies");
    let (open, coming) = (open.rows.into_iter().map(shown).collect(), coming.rows.into_iter().map(shown).collect());
    visit.page(&HomePage { frame, open, coming })
}

#[handler]
async fn overview(visit: Visit) -> Answer {
    let now = visit.app.now();
    let calls = call_cards(visit.ask(StaffCalls).await?, now);
    let duties = visit.ask(Duties).await?;
    let own = visit.ask(OwnProposals(Paging { page: 1, size: 24 })).await?;
    let organisations = visit.ask(OwnOrganisations).await?;
    let consensus = visit.ask(OwnConsensus).await?;
    let panels = visit.ask(OwnPanels).await?.into_iter().map(|line| {
        let when = line.starts_at.map(|at| show::instant(at, line.zone)).unwrap_or_default();
        (line, when)
    });
    let troubles = troubles(&visit).await?;
    let handed_in = duties.iter().filter(|duty| duty.state == AssignmentState::Submitted).count();
    let cards = duties.into_iter().map(|duty| duty_card(duty, now));
    let (invited, running): (Vec<_>, Vec<_>) = cards
        .filter(|card| card.duty.state != AssignmentState::Submitted)
        .partition(|card| card.duty.state == AssignmentState::Invited);
    let proposals: Vec<ProposalCard> = own.rows.into_iter().map(|card| proposal_card(card, now)).collect();
    let mut page = OverviewPage {
        frame: visit.frame("Overview"),
        name: visit.actor.name().to_owned(),
        next: None,
        calls,
        invited,
        running,
        handed_in,
        consensus,
        panels: panels.collect(),
        wishing: visit.ask(OwnWishes).await?,
        proposals: Vec::new(),
        proposals_total: own.total,
        organisations,
        troubles,
    };
    page.next = next(&page, &proposals);
    page.proposals = grouped(proposals);
    visit.page(&page)
}

/// What is most urgent: trouble, then what others wait for, then one's own drafts, then a beginning.
fn next(page: &OverviewPage, proposals: &[ProposalCard]) -> Option<Next> {
    let one = |label: String, href: String, why: String| Some(Next { label, href, why });
    if let Some(card) = page.invited.first() {
        let why = format!("{} people wait for your answer.", page.invited.len());
        let why = if page.invited.len() == 1 { "You are invited to evaluate a proposal.".to_owned() } else { why };
        return one("Answer the invitation".into(), format!("/assignments/{}", card.duty.id), why);
    }
    if let Some((card, step)) = page.calls.iter().find_map(|card| Some((card, card.call.next.as_ref()?))) {
        let href = format!("/staff/calls/{}{}", card.call.id, step.page);
        return one(step.label.clone(), href, card.call.title.clone());
    }
    if let Some(card) = page.running.first() {
        let why = format!("{} {}", card.duty.title, card.left);
        return one("Go on evaluating".into(), format!("/assignments/{}/sheet", card.duty.id), why);
    }
    let open =
        proposals.iter().filter(|p| p.card.state == ProposalState::Draft && p.card.call_state == CallState::Open);
    if let Some(nearest) = open.min_by_key(|p| p.card.deadline.map(|deadline| deadline.instant())) {
        let why = format!("{}: {} % complete. {}", nearest.card.title, nearest.card.percent, nearest.left);
        return one(format!("Go on with {}", nearest.card.acronym), format!("/proposals/{}", nearest.card.id), why);
    }
    if page.organisations.is_empty() && page.calls.is_empty() && page.running.is_empty() && page.troubles.is_none() {
        let why = "Proposals are made by organisations: find yours or register it.".to_owned();
        return one("Join an organisation".into(), "/organisations".into(), why);
    }
    if proposals.is_empty() && page.calls.is_empty() && page.troubles.is_none() {
        return one("See the open calls".into(), "/calls".into(), "A proposal begins at an open call.".into());
    }
    None
}

/// Days until a call closes, or when it opens.
fn call_cards(calls: Vec<StaffCall>, now: DateTime<Utc>) -> Vec<CallCard> {
    let card = |call: StaffCall| {
        let (word, at) = match call.state {
            CallState::Draft | CallState::AgencyReview | CallState::Announced => ("Opens", call.opens_at),
            CallState::Open => ("Closes", call.closes_at),
            _ => ("Closed", call.closes_at),
        };
        CallCard {
            when: at.map(|at| format!("{word} {}", show::instant(at, call.zone))).unwrap_or_default(),
            left: at.filter(|_| call.state == CallState::Open).map(|at| show::left(at, now)).unwrap_or_default(),
            numbers: numbers(&call),
            call,
        }
    };
    calls.into_iter().map(card).collect()
}

/// The key numbers of a call in its present state, each with the list behind it.
fn numbers(call: &StaffCall) -> Vec<Number> {
    use CallState::{AgencyReview, Announced, Archived, Closed, Decided, Draft, Evaluating, Open, Ranked};
    let counts = &call.counts;
    let number = |value: i64, label: &'static str, page: &str| Number {
        value,
        label,
        href: format!("/staff/calls/{}{page}", call.id),
    };
    let (drafts, submitted) = (
        number(counts.parts_drafted, "parts in preparation", "/figures"),
        number(counts.parts_submitted, "parts submitted", "/proposals"),
    );
    let reviews = number(counts.reviews_submitted, "evaluations handed in", "/evaluation");
    match (call.state, call.hat) {
        (Draft | AgencyReview, _) => {
            vec![number(counts.annexes, "annexes", "/annexes"), number(counts.annexes_approved, "approved", "/annexes")]
        }
        // Reporting officers come in when grants are paid; earlier there is nothing for them to open.
        (Announced | Open | Closed | Evaluating | Ranked, Hat::Reporting) => Vec::new(),
        (Announced | Open, _) => vec![drafts, submitted],
        (Closed, _) => vec![submitted, number(counts.parts_unchecked, "to be checked", "/eligibility")],
        (Evaluating, Hat::Agency) => vec![submitted],
        (Evaluating, _) => vec![number(counts.reviews, "evaluations", "/evaluation"), reviews],
        (Ranked, Hat::Chair) => vec![reviews],
        (Ranked, _) => vec![
            number(counts.decisions_pending, "decisions pending", "/decisions"),
            number(counts.parts_undecided, "parts without decision", "/decisions"),
        ],
        (Decided | Archived, Hat::Chair) => vec![number(counts.parts_submitted, "parts submitted", "/proposals")],
        (Decided | Archived, _) => vec![
            number(counts.parts_awarded, "parts awarded", "/agreements"),
            number(counts.reports_waiting, "reports to check", "/reports"),
        ],
    }
}

fn duty_card(duty: Duty, now: DateTime<Utc>) -> DutyCard {
    DutyCard {
        due: duty.due_at.map(|at| show::instant(at, duty.zone)).unwrap_or_default(),
        left: duty.due_at.map(|at| show::left(at, now)).unwrap_or_default(),
        duty,
    }
}

fn proposal_card(card: Card, now: DateTime<Utc>) -> ProposalCard {
    let open = card.deadline.filter(|_| card.call_state == CallState::Open);
    ProposalCard {
        left: open.map(|deadline| show::left(deadline.instant(), now)).unwrap_or_default(),
        closes: open.map(|deadline| deadline.to_string()).unwrap_or_default(),
        closes_iso: open.map(show::deadline_iso).unwrap_or_default(),
        saved: show::instant(card.saved_at, card.zone),
        card,
    }
}

fn grouped(cards: Vec<ProposalCard>) -> Vec<(&'static str, Vec<ProposalCard>)> {
    let mut groups = vec![
        ("In set-up", Vec::new()),
        ("In progress", Vec::new()),
        ("Submitted", Vec::new()),
        ("Previous", Vec::new()),
    ];
    for card in cards {
        if let Some((_, group)) = groups.get_mut(group(&card.card)) {
            group.push(card);
        }
    }
    groups.retain(|(_, cards)| !cards.is_empty());
    groups
}

/// What failed, for those who can mend it.
async fn troubles(visit: &Visit) -> Result<Option<Troubles>> {
    if !visit.app.may(&visit.actor, Permission::ManageMail, Subject::Platform).await? {
        return Ok(None);
    }
    Ok(Some(Troubles { mail: visit.ask(MailFigures).await?, jobs: visit.ask(FailedJobs).await? }))
}

#[handler]
async fn staff(visit: Visit) -> Answer {
    let calls = call_cards(visit.ask(StaffCalls).await?, visit.app.now());
    // Whoever works on no call has no business here; the secretariat may be about to start the first one.
    let may_draft = visit.app.may(&visit.actor, Permission::DraftCall, Subject::Platform).await?;
    if calls.is_empty() && !may_draft {
        visit.ask(StaffOnly).await?;
    }
    visit.page(&StaffPage { frame: visit.frame("Calls you work on"), calls, may_draft })
}

#[handler]
async fn admin(visit: Visit) -> Answer {
    let accounts = visit.ask(AccountCount).await?;
    let troubles = Troubles { mail: visit.ask(MailFigures).await?, jobs: visit.ask(FailedJobs).await? };
    visit.page(&AdminPage { frame: visit.frame("Administration"), accounts, troubles })
}

#[handler]
async fn accessibility(visit: Visit) -> Answer {
    visit.page(&AccessibilityPage { frame: visit.frame("Accessibility") })
}

#[handler]
async fn privacy(visit: Visit) -> Answer {
    visit.page(&PrivacyPage { frame: visit.frame("Privacy") })
}
