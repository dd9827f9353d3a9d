//! What the API says of panels.

use crate::evaluation::panels::queries::{
    CriterionView, DocumentItem, ItemView, MeetingView, MinutesView, PanelLine, VoteView,
};
use chrono::{DateTime, Utc};
use poem_openapi::Object;
use uuid::Uuid;

/// A panel in a list.
#[derive(Object)]
pub(super) struct PanelLineOut {
    id: Uuid,
    call: Uuid,
    /// Example: Health and maritime
    name: String,
    /// `planned`, `open`, `paused`, `closed` or `signed`.
    state: String,
    /// Example: Chris Chair
    chair: String,
    starts_at: Option<DateTime<Utc>>,
    /// Example: Room 3
    place: String,
    /// Example: 5
    members: u32,
    /// Proposals decided or deferred. Example: 3
    done: u32,
    /// Proposals on the agenda. Example: 12
    items: u32,
}

#[derive(Object)]
pub(super) struct PanelLinesOut {
    pub items: Vec<PanelLineOut>,
}

/// Somebody in a panel.
#[derive(Object)]
struct PanelMemberOut {
    account: Uuid,
    /// Example: Eva Expert
    name: String,
    chair: bool,
    deputy: bool,
    /// Whether the member is in the meeting.
    here: bool,
    /// Whether the live view is open somewhere.
    connected: bool,
    /// Why the member is out of the room for what is discussed now. Example: declared
    out: Option<String>,
}

/// A proposal on the agenda.
#[derive(Object)]
struct AgendaLineOut {
    id: Uuid,
    proposal: Uuid,
    /// Example: 1
    number: u32,
    /// Example: IE-2017-007
    code: String,
    /// Example: Light for Nordic forests
    title: String,
    /// `waiting`, `discussed`, `decided` or `deferred`.
    state: String,
    /// Who introduces it. Example: Eva Expert
    lead: String,
    /// Example: Recommended for funding
    outcome: String,
}

/// A meeting as the caller may see it.
#[derive(Object)]
pub(super) struct PanelOut {
    id: Uuid,
    call: Uuid,
    /// Example: Health and maritime
    name: String,
    /// `planned`, `open`, `paused`, `closed` or `signed`.
    state: String,
    starts_at: Option<DateTime<Utc>>,
    /// Example: Room 3
    place: String,
    /// Minutes for one proposal. Example: 15
    minutes: i32,
    /// Example: 3
    quorum: i32,
    /// What the agenda follows. Example: by_code
    order: String,
    members: Vec<PanelMemberOut>,
    agenda: Vec<AgendaLineOut>,
    /// The item that is discussed now and that the caller is in the room for.
    current: Option<Uuid>,
    /// Whether something is discussed that the caller is out of the room for.
    out_of_room: bool,
    /// Changes whenever what the caller sees changes. Example: 6f1c0a9e2b
    signature: String,
}

/// What one evaluator gave.
#[derive(Object)]
struct PanelOpinionOut {
    /// Example: Evaluator A
    who: String,
    /// Example: 3.5
    points: Option<String>,
    /// Example: The plan is clear.
    comment: String,
}

#[derive(Object)]
struct PanelCriterionOut {
    /// Example: c1
    criterion: String,
    /// Example: Impact on SMEs
    name: String,
    opinions: Vec<PanelOpinionOut>,
    /// Example: 3.50
    mean: Option<String>,
    /// The panel's points. Example: 4
    points: Option<String>,
    /// Example: The market is shown.
    reason: String,
}

#[derive(Object)]
struct PanelNoteOut {
    /// Example: Eva Expert
    who: String,
    /// Example: The second reference site convinced the panel.
    text: String,
    minuted: bool,
    at: DateTime<Utc>,
}

#[derive(Object)]
struct PanelVoteOut {
    id: Uuid,
    /// Example: Recommend for funding
    question: String,
    secret: bool,
    /// `open`, `closed` or `stopped`.
    state: String,
    /// How many voted. Example: 3
    voted: u32,
    /// What the caller voted. Example: yes
    mine: Option<String>,
    /// Votes for it, once it is closed. Example: 2
    yes: Option<i32>,
    /// Example: 1
    no: Option<i32>,
    /// Example: 0
    abstain: Option<i32>,
    /// `carried`, `lost`, `tied` or `casting`.
    result: Option<String>,
}

/// What a panel says about a proposal.
#[derive(Object)]
pub(super) struct PanelItemOut {
    id: Uuid,
    panel: Uuid,
    proposal: Uuid,
    /// Example: IE-2017-007
    code: String,
    /// `waiting`, `discussed`, `decided` or `deferred`.
    state: String,
    began_at: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    /// Example: Recommended for funding
    outcome: String,
    criteria: Vec<PanelCriterionOut>,
    /// The weighted total of the panel's points. Example: 3.85
    total: String,
    /// To be sent with points. Example: 6
    version: i64,
    notes: Vec<PanelNoteOut>,
    votes: Vec<PanelVoteOut>,
    /// Members in the room. Example: 4
    present: u32,
}

/// What the minutes say about one proposal.
#[derive(Object)]
struct MinutesItemOut {
    item: Uuid,
    /// Example: IE-2017-007
    code: String,
    /// `waiting`, `discussed`, `decided` or `deferred`.
    state: String,
    /// Example: Recommended for funding
    outcome: String,
    /// Who was out of the room, with the kind of reason.
    out: Vec<String>,
    notes: Vec<String>,
}

/// The minutes as far as they exist for the caller.
#[derive(Object)]
pub(super) struct PanelMinutesOut {
    /// Example: Health and maritime
    panel: String,
    /// Example: Chris Chair
    chair: String,
    opened_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    items: Vec<MinutesItemOut>,
    /// The signed version; none while it is a draft. Example: 1
    version: Option<i32>,
    /// `half` (the deputy's signature is missing), `signed` or `replaced`.
    state: Option<String>,
    /// SHA-256 of what was signed.
    digest: Option<String>,
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

pub(super) fn line(line: PanelLine) -> PanelLineOut {
    PanelLineOut {
        id: line.id.0,
        call: line.call.0,
        name: line.name,
        state: line.state.word().to_owned(),
        chair: line.chair,
        starts_at: line.starts_at,
        place: line.place,
        members: count(line.members),
        done: count(line.done),
        items: count(line.items),
    }
}

pub(super) fn panel(meeting: MeetingView) -> PanelOut {
    let member = |one: crate::evaluation::panels::queries::MemberView| PanelMemberOut {
        account: one.account.0,
        name: one.name,
        chair: one.chair,
        deputy: one.deputy,
        here: one.here,
        connected: one.connected,
        out: one.out.map(|why| why.word().to_owned()),
    };
    let agenda = |one: crate::evaluation::panels::queries::AgendaLine| AgendaLineOut {
        id: one.id.0,
        proposal: one.proposal.0,
        number: count(one.number),
        code: one.code,
        title: one.title,
        state: one.state.word().to_owned(),
        lead: one.lead,
        outcome: one.outcome,
    };
    PanelOut {
        id: meeting.id.0,
        call: meeting.call.0,
        name: meeting.name,
        state: meeting.state.word().to_owned(),
        starts_at: meeting.starts_at,
        place: meeting.place,
        minutes: meeting.minutes,
        quorum: meeting.quorum,
        order: meeting.order_by.word().to_owned(),
        members: meeting.members.into_iter().map(member).collect(),
        agenda: meeting.agenda.into_iter().map(agenda).collect(),
        current: meeting.current.map(|item| item.id.0),
        out_of_room: meeting.out_of_room,
        signature: meeting.signature,
    }
}

pub(super) fn item(item: ItemView) -> PanelItemOut {
    let criterion = |one: CriterionView| PanelCriterionOut {
        criterion: one.key,
        name: one.name,
        opinions: one
            .opinions
            .into_iter()
            .map(|o| PanelOpinionOut { who: o.who, points: o.points, comment: o.comment })
            .collect(),
        mean: one.mean,
        points: one.points.map(|points| points.to_string()),
        reason: one.reason,
    };
    let vote = |one: VoteView| PanelVoteOut {
        id: one.id.0,
        question: one.question,
        secret: one.secret,
        state: one.state.word().to_owned(),
        voted: count(one.voted),
        mine: one.mine.map(|choice| choice.word().to_owned()),
        yes: one.counts.map(|[yes, ..]| yes),
        no: one.counts.map(|[_, no, _]| no),
        abstain: one.counts.map(|[.., abstain]| abstain),
        result: one.result.map(|result| result.word().to_owned()),
    };
    PanelItemOut {
        id: item.id.0,
        panel: item.panel.0,
        proposal: item.proposal.0,
        code: item.code,
        state: item.state.word().to_owned(),
        began_at: item.began_at,
        until: item.until,
        ended_at: item.ended_at,
        outcome: item.outcome,
        criteria: item.criteria.into_iter().map(criterion).collect(),
        total: item.total,
        version: item.seen,
        notes: item
            .notes
            .into_iter()
            .map(|n| PanelNoteOut { who: n.who, text: n.text, minuted: n.minuted, at: n.at })
            .collect(),
        votes: item.votes.into_iter().map(vote).collect(),
        present: count(item.present),
    }
}

pub(super) fn minutes(minutes: MinutesView) -> PanelMinutesOut {
    let item = |one: DocumentItem| MinutesItemOut {
        item: one.item.0,
        code: one.code,
        state: one.state.word().to_owned(),
        outcome: one.outcome,
        out: one.out.iter().map(|out| format!("{}: {}", out.name, out.why.label())).collect(),
        notes: one.notes.into_iter().map(|note| note.text).collect(),
    };
    PanelMinutesOut {
        panel: minutes.document.panel,
        chair: minutes.document.chair,
        opened_at: minutes.document.opened_at,
        closed_at: minutes.document.closed_at,
        items: minutes.document.items.into_iter().map(item).collect(),
        version: minutes.signed.as_ref().map(|signed| signed.number),
        state: minutes.signed.as_ref().map(|signed| signed.state.word().to_owned()),
        digest: minutes.signed.map(|signed| signed.digest),
    }
}
