//! A part's content as people read it: the same chapters on the last look, the receipt and the comparison.

use super::{
    content::{Activity, Amount, Answer, Answered, Company, Content, Document, LetterFacts},
    links::Chapter,
};
use crate::documents::letters::{Block, Column, Fact, Section};
use entity::types::period;

/// A chapter with what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub chapter: Chapter,
    pub section: Section,
}

/// All chapters of a part, in the order of the form.
pub fn chapters(content: &Content) -> Vec<Read> {
    let mut all = vec![read(Chapter::Proposal, "Proposal", proposal(content))];
    let answered = |a: &Answered| {
        let answer = |a: &Answer| Block::Answer { question: a.label.clone(), text: a.text.clone() };
        a.answers.iter().map(answer).collect::<Vec<_>>()
    };
    all.extend(content.joint.iter().map(|s| read(Chapter::Joint(s.key.clone()), &s.title, answered(s))));
    all.push(read(Chapter::Consortium, "Consortium", vec![consortium(content)]));
    all.extend(content.own.iter().map(|s| read(Chapter::Part(s.key.clone()), &s.title, answered(s))));
    all.push(read(Chapter::Companies, "Companies", vec![companies(content)]));
    all.push(read(Chapter::Activities, "Activities", vec![activities(content)]));
    all.push(read(Chapter::Budget, "Budget", budget(content)));
    if !content.targets.is_empty() {
        all.push(read(Chapter::Targets, "Targets", vec![targets(content)]));
    }
    all.push(read(Chapter::Letters, "Letters of commitment", vec![letters(content)]));
    all.push(read(Chapter::Documents, "Documents", vec![documents(content)]));
    all
}

fn read(chapter: Chapter, title: &str, blocks: Vec<Block>) -> Read {
    Read { chapter, section: Section { title: title.to_owned(), blocks } }
}

fn proposal(content: &Content) -> Vec<Block> {
    let part = &content.part;
    let role = if part.coordinates { "Coordinates the proposal" } else { "Partner" };
    let entries = vec![
        Fact::new("Title", &content.proposal.title),
        Fact::new("Short name", &content.proposal.acronym),
        Fact::new("Organisation", &part.organisation),
        Fact::new("Registration number", part.registration_no.as_deref().unwrap_or("–")),
        Fact::new("Role", role),
        Fact::new("Agency", &part.agency),
        Fact::new("Closes", part.deadline.to_string()),
    ];
    vec![Block::Facts { entries }]
}

fn consortium(content: &Content) -> Block {
    let rows = content.consortium.iter().map(|p| vec![p.organisation.clone(), p.country.clone(), p.agency.clone()]);
    table("Parts of the proposal", &["Organisation", "Country", "Agency"], &[], rows.collect())
}

fn companies(content: &Content) -> Block {
    let row = |c: &Company| {
        let number = c.registration_no.as_deref().map(|n| format!(" ({n})")).unwrap_or_default();
        let told = if c.notice_given { "privacy notice given" } else { "privacy notice not given" };
        vec![
            format!("{}{number}", c.name),
            format!("{}, {}", c.country, c.size.to_lowercase()),
            format!("{}, {}", c.contact_name, c.contact_email),
            c.role.clone(),
            [(c.cash, "in money"), (c.in_kind, "in work")]
                .into_iter()
                .filter_map(|(amount, how)| amount.map(|amount| format!("{amount} {how}")))
                .collect::<Vec<_>>()
                .join(", "),
            format!("{} declared; {told}", c.declarations.len()),
        ]
    };
    let heads = ["Company", "Country and size", "Contact", "Role", "Brings", "Declarations"];
    table("Companies that take part", &heads, &[], content.companies.iter().map(row).collect())
}

fn activities(content: &Content) -> Block {
    let row = |a: &Activity| {
        let what = if a.description.is_empty() { a.title.clone() } else { format!("{}: {}", a.title, a.description) };
        let months = format!("{} to {}", a.start_month, a.end_month);
        vec![a.kind.clone(), what, a.place.clone(), months, a.participants.to_string()]
    };
    let heads = ["Kind", "What", "Place", "Months", "People"];
    table("Planned activities", &heads, &[4], content.activities.iter().map(row).collect())
}

fn budget(content: &Content) -> Vec<Block> {
    let lines = |list: &[Amount]| {
        list.iter().map(|a| vec![a.kind.clone(), a.description.clone(), a.amount.to_string()]).collect::<Vec<_>>()
    };
    let with_total = |caption: &str, heads: [&str; 3], rows, total: String| match table(caption, &heads, &[2], rows) {
        Block::Table { caption, columns, rows, .. } => {
            Block::Table { caption, columns, rows, total: Some(vec!["Total".into(), String::new(), total]) }
        }
        other => other,
    };
    let budget = &content.budget;
    vec![
        with_total("Costs", ["Category", "What", "Amount"], lines(&budget.costs), budget.total.to_string()),
        with_total(
            "Financing besides the grant",
            ["Source", "What", "Amount"],
            lines(&budget.funding),
            budget.contribution.to_string(),
        ),
        Block::Facts { entries: vec![Fact::new("Grant asked for", budget.requested.to_string())] },
    ]
}

fn targets(content: &Content) -> Block {
    let rows = content.targets.iter().map(|t| vec![t.label.clone(), t.target.to_string()]);
    table("What is to be reached", &["Indicator", "Target"], &[1], rows.collect())
}

fn letters(content: &Content) -> Block {
    let row = |l: &LetterFacts| {
        let day = l.signed_on.map(period::day).unwrap_or_else(|| "–".to_owned());
        vec![l.document.clone(), format!("{}, {}", l.signer, l.organisation), l.state.clone(), day]
    };
    table("Letters", &["Document", "By", "State", "Signed on"], &[], content.letters.iter().map(row).collect())
}

fn documents(content: &Content) -> Block {
    let row = |d: &Document| {
        vec![
            d.label.clone(),
            d.name.clone(),
            crate::web::show::size(d.size),
            d.digest[..d.digest.len().min(16)].to_owned(),
        ]
    };
    let heads = ["Document", "File", "Size", "Checksum begins"];
    table("Attached files", &heads, &[], content.documents.iter().map(row).collect())
}

fn table(caption: &str, heads: &[&str], numbers: &[usize], rows: Vec<Vec<String>>) -> Block {
    let column = |(i, head): (usize, &&str)| Column { title: (*head).to_owned(), number: numbers.contains(&i) };
    let columns = heads.iter().enumerate().map(column).collect();
    Block::Table { caption: caption.to_owned(), columns, rows, total: None }
}
