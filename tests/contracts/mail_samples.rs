//! Every mail as its reader gets it, from one made-up event for each: kept as text and as HTML, to be read by people.
//! What the decisions of a call are told with is shown by tests/decisions.rs.

use super::{html, snapshots};
use crate::architecture::source::Tree;
use chrono::NaiveDate;
use entity::types::{
    ids::*,
    money::Money,
    states::{AnnexClass, Role, TeamRole, Verdict},
    text::Email,
};
use fairway::{
    accounts::{registration::events::AccountEvent, roles::events::RoleEvent},
    agreements::events::DatesSet,
    calls::{
        corrigenda::events::Corrected,
        figures::rules::{AgencyFigures, CallFigures},
        publishing::events::{ClosingLine, Named as NamedCall, PublishingEvent},
        rules::Difference,
    },
    eligibility::events::{About as Part, EligibilityEvent},
    evaluation::{
        assignments::events::{About as Task, AssignmentEvent, Between, ConflictEvent},
        conflicts::events::{FindingEvent, InterestEvent, Pair},
        consensus::events::{About as Case, ConsensusEvent},
        evaluators::events::EvaluatorEvent,
        panels::events::{About as Meeting, PanelEvent},
        rankings::events::{RankingEvent, Replaced},
        recruitment::events::{About as Wanted, Letter as Asking, RecruitmentEvent, Whom},
        recusals::events::Recused,
        scores::events::ScoreEvent,
    },
    jobs::events::JobEvent,
    kernel::{
        event::{Event, MailOrder, Recipient},
        mail::compose,
    },
    notifications::events::{MailEvent, Quote},
    organisations::events::{Named as House, OrganisationEvent},
    proposals::{
        Place,
        consortium::events::{Assignee, ConsortiumEvent, Named as Proposal, Sent},
        letters::events::{About as Letter, LetterEvent},
        submission::{
            about::{About as Handed, Handing},
            events::SubmissionEvent,
        },
    },
    reporting::reports::events::{Named as Report, ReportEvent},
};
use std::{collections::BTreeSet, fmt::Write};
use uuid::Uuid;

/// Templates that are shown elsewhere: whoever changes them looks there.
const ELSEWHERE: &[&str] = &["decisions/"];

fn id<T: From<Uuid>>(n: u128) -> T {
    T::from(Uuid::from_u128(n))
}

fn wanted() -> Wanted {
    Wanted {
        id: id(6),
        call: id(2),
        call_title: text("BSR Stars Innovation Express 2017"),
        name: text("Eva Expert"),
        to: Whom::Account(id(1)),
    }
}

fn asking() -> Asking {
    Asking {
        by: text("Olaf Berg"),
        message: text("You know photonics as few others do."),
        until: text("22 September 2017, 23:59 (Europe/Copenhagen)"),
        path: text("/recruitment/00000000-0000-0000-0000-000000000006"),
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn email(address: &str) -> Email {
    Email::parse(address).unwrap()
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

const TITLE: &str = "Light for Nordic forests";
const CODE: &str = "IE-2017-007";
const CALL: &str = "BSR Stars Innovation Express 2017";
const DEADLINE: &str = "31 October 2017, 16:00 EET (Europe/Vilnius)";
const AGENCY: &str = "Agency for Science, Innovation and Technology (MITA)";

fn people() -> Vec<Box<dyn Event>> {
    let (ana, link) = (id::<AccountId>(1), || text("/confirm/k2Vd0zq8mT4xW1sLr7Yb"));
    let new = || email("new.person@example.org");
    let house = || House { id: id(2), name: text("Sunrise Valley") };
    vec![
        Box::new(AccountEvent::Registered { account: ana, email: new(), name: text("New Person"), link: link() }),
        Box::new(AccountEvent::RegisteredAgain { account: ana }),
        Box::new(AccountEvent::ResetAsked { account: ana, link: text("/password/new/k2Vd0zq8mT4xW1sLr7Yb") }),
        Box::new(AccountEvent::PasswordSet { account: ana, ended: 1, revoked: Some(2) }),
        Box::new(AccountEvent::PasswordSet { account: ana, ended: 1, revoked: None }),
        Box::new(RoleEvent::Invited {
            invitation: id(3),
            email: new(),
            name: text("New Person"),
            role: Role::PanelChair,
            scope: text("IE-2017"),
            message: text("Would you chair the panel?"),
            by: text("Ada Admin"),
            path: text("/invitations/k2Vd0zq8mT4xW1sLr7Yb"),
        }),
        Box::new(OrganisationEvent::JoinAsked {
            of: house(),
            person: text("Bruno Lind"),
            message: text("I work here"),
        }),
        Box::new(OrganisationEvent::JoinAnswered { of: house(), account: ana, accepted: true }),
        Box::new(OrganisationEvent::JoinAnswered { of: house(), account: ana, accepted: false }),
        Box::new(OrganisationEvent::Invited {
            of: house(),
            email: new(),
            name: text("New Person"),
            path: text("/invitations/k2Vd0zq8mT4xW1sLr7Yb"),
            message: text("Please join us."),
            by: text("Ana Kask"),
        }),
        Box::new(MailEvent::Digested {
            account: ana,
            mails: vec![
                Quote {
                    subject: text("Your task: IE-2017-007"),
                    body: text("Please submit your sheet.\n\n→ /assignments"),
                },
                Quote { subject: text("Open: IE-2017"), body: text("The call is open.\n\n→ /calls/IE-2017") },
            ],
        }),
        Box::new(JobEvent::Ready { id: id(4), account: ana, done: 28, refused: 2 }),
    ]
}

fn calls() -> Vec<Box<dyn Event>> {
    let call = || NamedCall { id: id(10), code: text("IE-2017"), title: text(CALL) };
    let closing = || vec![ClosingLine { agency: text(AGENCY), deadline: text(DEADLINE) }];
    let summary = || text("Clusters of the Baltic Sea region take their small and medium-sized members abroad.");
    let money = |text: &str| Money::parse(text, "EUR".parse().unwrap()).unwrap();
    let figures = AgencyFigures {
        annex: id(11),
        agency: id(12),
        name: text(AGENCY),
        class: AnnexClass::Funding,
        currency: "EUR".parse().unwrap(),
        budget: Some(money("200000.00")),
        drafts: 2,
        drafted: money("40000.00"),
        submitted: 9,
        asked: money("310000.00"),
        withdrawn: 1,
    };
    vec![
        Box::new(PublishingEvent::SentToAgencies(call())),
        Box::new(PublishingEvent::Announced {
            call: call(),
            summary: summary(),
            opens: text("3 April 2017, 09:00 CEST (Europe/Copenhagen)"),
            opens_at: "2017-04-03T07:00:00Z".parse().unwrap(),
            closing: closing(),
        }),
        Box::new(PublishingEvent::Opened { call: call(), summary: summary(), closes_at: None, closing: closing() }),
        Box::new(PublishingEvent::Closed {
            call: call(),
            figures: CallFigures { agencies: vec![figures], proposals_drafted: 2, proposals_submitted: 4 },
        }),
        Box::new(Corrected {
            call: call(),
            annex: Some((id(11), text(AGENCY))),
            number: 1,
            reason: text("The register was closed on the first date."),
            changes: vec![Difference {
                at: text("/deadline/local"),
                label: text("Deadline"),
                before: Some(text("30 September 2017, 16:00")),
                after: Some(text("31 October 2017, 16:00")),
            }],
            opens_at: None,
            closes_at: None,
        }),
    ]
}

fn proposals() -> Vec<Box<dyn Event>> {
    let proposal = || Proposal { id: id(20), code: text(CODE), title: text(TITLE), acronym: text("LIGHTWOOD") };
    let sent = || Sent {
        id: id(21),
        email: email("new.person@example.org"),
        name: text("New Person"),
        organisation: text("Nordic Optics Cluster"),
        message: text("We would like to apply together with you."),
        by: text("Ana Kask"),
        path: text("/proposals/invitations/k2Vd0zq8mT4xW1sLr7Yb"),
    };
    let letter = || {
        Box::new(Letter {
            proposal: id(20),
            part: id(22),
            letter: id(23),
            title: text(TITLE),
            code: text(CODE),
            applicant: text("Sunrise Valley"),
            document: text("Letter of interest from participating SMEs"),
            deadline: text(DEADLINE),
            signer: text("Ida Holm"),
            organisation: text("Optics One"),
            email: email("ida@optics.example"),
            asked_by: id(1),
            asker: text("Ana Kask"),
        })
    };
    let token = || text("k2Vd0zq8mT4xW1sLr7Yb");
    let handed = || Handed {
        call: id(10),
        proposal: id(20),
        part: id(22),
        code: text(CODE),
        title: text(TITLE),
        organisation: text("Sunrise Valley"),
        agency: text(AGENCY),
        agency_id: id(12),
        deadline: text(DEADLINE),
    };
    let to = Assignee { account: id(5), name: text("Bruno Lind"), due: text("20 October 2017"), oneself: false };
    vec![
        Box::new(ConsortiumEvent::PartnerInvited { proposal: proposal(), sent: sent() }),
        Box::new(ConsortiumEvent::PersonInvited {
            proposal: proposal(),
            part: id(22),
            sent: sent(),
            role: TeamRole::Editor,
        }),
        Box::new(ConsortiumEvent::Declined {
            proposal: proposal(),
            organisation: text("Nordic Optics Cluster"),
            name: text("New Person"),
            reason: text("We take part in another project."),
        }),
        Box::new(ConsortiumEvent::Assigned {
            proposal: proposal(),
            place: Place::Joint,
            section: text("Summary"),
            path: format!("/proposals/{}/sections/summary", id::<ProposalId>(20)),
            to: Some(to),
            by: text("Ana Kask"),
        }),
        Box::new(LetterEvent::Asked { about: letter(), token: token() }),
        Box::new(LetterEvent::Reminded { about: letter(), token: token() }),
        Box::new(LetterEvent::Withdrawn(letter())),
        Box::new(LetterEvent::Signed { about: letter(), name: text("Ida Holm"), on_paper: false }),
        Box::new(LetterEvent::Refused { about: letter(), reason: text("The amount is not what we agreed.") }),
        Box::new(SubmissionEvent::Submitted(Box::new(Handing {
            about: handed(),
            submission: id(24),
            receipt: text("IE-2017-007-LT-7Q2M"),
            number: 1,
            digest: "9f86d081884c7d65".repeat(4),
            at: text("20 October 2017, 11:00:00 EEST (Europe/Vilnius)"),
            signatory: text("Rasa Petrauskaite"),
            signatory_email: Some(email("rasa@sunrise-valley.example")),
            by: text("Ana Kask"),
            account: id(1),
            contact: None,
        }))),
        Box::new(SubmissionEvent::DraftsReminded {
            call: id(10),
            code: text("IE-2017"),
            title: text(CALL),
            closes: text(DEADLINE),
        }),
        Box::new(SubmissionEvent::Reopened { about: Box::new(handed()), number: 1 }),
        Box::new(SubmissionEvent::Withdrawn { about: Box::new(handed()), agencies: vec![id(12), id(13)] }),
    ]
}

fn judging() -> Vec<Box<dyn Event>> {
    let part = || Part {
        part: id(22),
        proposal: id(20),
        call: id(10),
        call_title: text(CALL),
        code: text(CODE),
        title: text(TITLE),
        organisation: text("Sunrise Valley"),
        agency: text(AGENCY),
    };
    let task = || Task {
        assignment: id(30),
        call: id(10),
        call_title: text(CALL),
        proposal: id(20),
        code: text(CODE),
        title: text(TITLE),
        expert: id(6),
        expert_name: text("Eva Expert"),
        due: text("1 December 2017, 16:00 CET (Europe/Copenhagen)"),
        answer_by: text("23 November 2017, 09:00 CET (Europe/Copenhagen)"),
    };
    let between = Between { call: id(10), proposal: id(20), code: text(CODE), expert_name: text("Eva Expert") };
    vec![
        Box::new(EligibilityEvent::Confirmed {
            about: part(),
            verdict: Verdict::Eligible,
            reasons: Vec::new(),
            note: String::new(),
        }),
        Box::new(EligibilityEvent::Confirmed {
            about: part(),
            verdict: Verdict::Ineligible,
            reasons: vec![text("entity")],
            note: text("The register shows another legal form."),
        }),
        Box::new(EvaluatorEvent::Invited {
            email: email("eva.expert@example.org"),
            name: text("Eva Expert"),
            message: text("You know photonics as few others do."),
            by: text("Olaf Berg"),
            path: text("/invitations/k2Vd0zq8mT4xW1sLr7Yb"),
        }),
        Box::new(RecruitmentEvent::Invited { about: wanted(), letter: asking() }),
        Box::new(RecruitmentEvent::Reminded { about: wanted(), letter: asking() }),
        Box::new(RecruitmentEvent::Lapsed { about: wanted() }),
        Box::new(RecruitmentEvent::Escalated {
            call: id(2),
            call_title: text("BSR Stars Innovation Express 2017"),
            names: vec![text("Eva Expert (eva.expert@example.org)"), text("Nora North (nora.north@example.org)")],
        }),
        Box::new(AssignmentEvent::Invited {
            about: task(),
            summary: text("Companies of three countries meet buyers."),
        }),
        Box::new(AssignmentEvent::Accepted { about: task(), signed: text("Eva Expert") }),
        Box::new(AssignmentEvent::Reminded { about: task() }),
        Box::new(AssignmentEvent::ConflictDeclared {
            about: task(),
            reason: text("My brother leads the cluster."),
            late: Vec::new(),
        }),
        Box::new(AssignmentEvent::Withdrawn { about: task(), reason: text("Somebody else takes it over.") }),
        Box::new(ConflictEvent::Recorded {
            between,
            reason: text("Advised the cluster last year."),
            lost: Some(Box::new(task())),
            late: Vec::new(),
        }),
        Box::new(InterestEvent::Reminded { account: id(1), until: text("1 September 2018") }),
        Box::new(FindingEvent::Screened { call: id(2), code: text("IE-2017"), people: 48, proposals: 30, alarm: true }),
        Box::new(FindingEvent::Confirmed {
            finding: id(3),
            pair: Pair { call: id(2), proposal: id(4), code: text(CODE), account: id(1), name: text("Eva Expert") },
            reason: text("Sits on the board."),
            tasks: 1,
            late: Vec::new(),
        }),
        Box::new(Recused {
            assignment: id(5),
            call: id(2),
            proposal: id(4),
            code: text(CODE),
            title: text(TITLE),
            name: text("Eva Expert"),
            effect: text(
                "Ranking 1 is a draft and out of date: draw it again. It has place 1 with 3.67 points, above the \
                 thresholds; without the sheet: place 2 with 3.00 points, above the thresholds.",
            ),
            replacement: text("Nina Next, Institute of Foresight (0 of 5 tasks)"),
        }),
        Box::new(AssignmentEvent::Lapsed { about: task() }),
        Box::new(ScoreEvent::Submitted { about: task(), total: text("3.85") }),
        Box::new(AssignmentEvent::Reopened { about: task(), reason: text("Please explain the points for impact.") }),
        Box::new(RankingEvent::Replaced(Replaced {
            call: id(2),
            code: text("IE-2017"),
            title: text("Innovation Express 2017"),
            ranking: id(31),
            number: 2,
            before: 1,
            reason: text("The panel read a proposal again after a mistake in a sheet was found."),
            digest: "0".repeat(64),
            above: 24,
            below: 6,
        })),
    ]
}

fn projects() -> Vec<Box<dyn Event>> {
    let report = || Report {
        report: id(40),
        part: id(22),
        proposal: id(20),
        call: id(10),
        agency: id(12),
        code: text(CODE),
        title: text(TITLE),
        organisation: text("Sunrise Valley"),
        label: text("Interim report"),
        due_on: day(2018, 8, 1),
    };
    let dates = |first| {
        Box::new(DatesSet {
            call: id(10),
            proposal: id(20),
            part: id(22),
            agreement: id(41),
            code: text(CODE),
            title: text(TITLE),
            organisation: text("Sunrise Valley"),
            starts_on: day(2018, 2, 1),
            ends_on: day(2019, 1, 31),
            reports: vec![(text("Interim report"), day(2018, 8, 1)), (text("Final report"), day(2019, 3, 31))],
            first,
            changes: Vec::new(),
            version: 1,
        })
    };
    vec![
        dates(true),
        dates(false),
        Box::new(ReportEvent::Reminded { of: report(), days: 14 }),
        Box::new(ReportEvent::Submitted(report())),
        Box::new(ReportEvent::Returned { of: report(), points: text("Say which companies took part.") }),
        Box::new(ReportEvent::Accepted { of: report(), closed: true }),
    ]
}

fn consensus() -> Vec<Box<dyn Event>> {
    let case = || Case {
        call: id(10),
        call_title: text(CALL),
        proposal: id(20),
        code: text(CODE),
        title: text(TITLE),
        reviewers: vec![id(6), id(7)],
        due: text("8 December 2017, 16:00 CET (Europe/Copenhagen)"),
    };
    let found = || vec![text("Impact: the points are two apart.")];
    vec![
        Box::new(ConsensusEvent::ThirdAsked { about: case(), found: found() }),
        Box::new(ConsensusEvent::Opened {
            about: case(),
            found: found(),
            rapporteur: text("Eva Expert"),
            reason: String::new(),
        }),
        Box::new(ConsensusEvent::Sent { about: case(), by: text("Eva Expert") }),
        Box::new(ConsensusEvent::Disagreed { about: case(), statement: text("The export plan weighs more.") }),
        Box::new(ConsensusEvent::Escalated { about: case(), reason: text("Two rounds brought no agreement.") }),
        Box::new(ConsensusEvent::Said { about: case(), by: id(6), name: text("Eva Expert") }),
    ]
}

fn panels() -> Vec<Box<dyn Event>> {
    let about = || Meeting {
        panel: id(40),
        call: id(10),
        call_title: text(CALL),
        name: text("Health and maritime"),
        when: text("15 January 2018, 09:00 CET (Europe/Copenhagen)"),
        place: text("Room 3"),
    };
    vec![
        Box::new(PanelEvent::Seated { about: about(), names: vec![text("Eva Expert")], invited: vec![id(6)] }),
        Box::new(PanelEvent::Signed {
            about: about(),
            number: 1,
            digest: text("9f86d081"),
            complete: true,
            reason: String::new(),
            members: vec![id(6), id(7)],
        }),
    ]
}

/// Whom a mail is for, in words without ids.
fn readers(to: &[Recipient]) -> String {
    let word = |one: &Recipient| match one {
        Recipient::Address { email, .. } => email.to_string(),
        other => format!("{other:?}").split('(').next().unwrap_or_default().to_owned(),
    };
    to.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn samples() -> Vec<MailOrder> {
    let all = [people(), calls(), proposals(), judging(), consensus(), panels(), projects()];
    all.into_iter().flatten().flat_map(|event| event.mails()).collect()
}

#[test]
fn every_mail_is_kept_to_be_read() {
    let mut kept = text("Every mail as its reader gets it: whom it is for, its text, and the same as HTML.\n");
    let mut faults = Vec::new();
    for order in samples() {
        let mail = compose(&order.body, "https://fairway.test");
        faults.extend(html::unbalanced(&mail.html).into_iter().map(|fault| format!("{}: {fault}", mail.subject)));
        let (to, body) = (readers(&order.to), mail.html.split_once("<body>").map_or("", |(_, body)| body));
        let _ = write!(
            kept,
            "\n=== {} {} to {to}\n{}\n\n{}\n--- HTML\n{}\n",
            order.name,
            order.class.word(),
            mail.subject,
            mail.text,
            body.trim_end().trim_end_matches("</body></html>").trim()
        );
    }

    assert!(faults.is_empty(), "{}", faults.join("\n"));
    snapshots::matches("mail-samples.txt", &kept);
}

/// A template nobody sees a sample of is found by its own words: each of its fixed lines stands in some sample.
#[test]
fn every_template_has_a_sample() {
    let tree = Tree::of_this_checkout();
    let bodies: Vec<String> = samples().into_iter().map(|order| order.body).collect();
    let (mut unseen, mut count) = (BTreeSet::new(), 0);
    for file in tree.files().filter(|file| file.path.starts_with("templates/") && file.path.contains("/mail/")) {
        let template = &file.path["templates/".len()..];
        if ELSEWHERE.iter().any(|start| template.starts_with(start)) {
            continue;
        }
        count += 1;
        let fixed = fixed_words(&file.text);
        if !bodies.iter().any(|body| body.contains(&fixed)) {
            unseen.insert(format!("{template}: “{fixed}”"));
        }
    }

    assert!(count > 40, "only {count} templates");
    assert!(unseen.is_empty(), "add an event that writes these: {unseen:#?}");
}

/// The longest run of words of a template that stands outside its tags.
fn fixed_words(template: &str) -> String {
    let mut rest = template;
    let mut pieces: Vec<&str> = Vec::new();
    while let Some(start) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        pieces.extend(rest[..start].lines());
        let end = if rest[start..].starts_with("{{") { "}}" } else { "%}" };
        rest = rest[start..].split_once(end).map_or("", |(_, after)| after);
    }
    pieces.extend(rest.lines());
    let words = pieces.into_iter().map(str::trim).filter(|piece| piece.contains(' ') && !piece.starts_with('→'));
    words.max_by_key(|piece| piece.len()).unwrap_or_default().to_owned()
}
