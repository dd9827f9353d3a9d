//! A training proposal in the year's call, with the panel's answer and what three evaluators made of it.

use super::{Year, ids::id, put};
use crate::{
    demo::{cast, stage},
    kernel::{Result, Subject, Tx, event::AuditLine},
};
use chrono::TimeDelta;
use entity::{
    evaluation::{training, training_sheet},
    types::{
        points::Points,
        sheets::{Said, SheetText},
        states::{Role, TrainingState},
    },
};

const TITLE: &str = "Practice: sensors for safer harbours";

const TEXT: &str = "Nine small companies from two clusters make sensors for harbours: for the draught of ships, for the \
    state of quays, for the air that dockers breathe. Each of them sells at home only.\n\n\
    In fourteen months they visit four harbours of the partner's country, show their products there on a working day \
    each, and are coached on tenders of public ports. The clusters find the harbours, prepare the visits and keep the \
    contacts after the project.\n\n\
    The companies expect four pilot installations and two orders. What became of them is asked after six and after \
    eighteen months. How the two clusters divide the work is said in one sentence.";

/// What the panel gave, in half points, and why.
const PANEL: [(i32, &str); 6] = [
    (
        8,
        "Nine companies with a product are named, and pilot installations in harbours are a benefit each of them can use.",
    ),
    (
        6,
        "The clusters gain contacts with harbours, yet the text does not say what stays with them when the project is over.",
    ),
    (
        7,
        "The partners bring harbours and companies that fit each other; a third country would have added more to choose from.",
    ),
    (8, "Visits in the partner's country and tenders of its ports lead the companies to a market they do not sell in."),
    (5, "The plan has visits and coaching with dates, but how two clusters share the work is one sentence only."),
    (6, "Results are asked for twice, with numbers to be reached; who acts when they are not reached is left open."),
];

/// What an evaluator says after half points were added or taken away.
fn sheet(year: &Year, more: &[i32; 6]) -> SheetText {
    let scale = year.file.call.evaluation.scale;
    let said = year.file.call.criteria.iter().zip(PANEL).zip(more).map(|((criterion, (halves, why)), more)| {
        let points = Points::hundredths((halves + more) * 50).clamp(scale.min, scale.max);
        Said { key: criterion.key.clone(), points: Some(points), comment: why.to_owned(), abstained: None }
    });
    SheetText { said: said.collect(), ..SheetText::default() }
}

pub async fn write(tx: &Tx, year: &Year) -> Result<AuditLine> {
    let row = training::Model {
        id: id("training"),
        call_id: year.call,
        state: TrainingState::Open,
        title: TITLE.to_owned(),
        text: TEXT.to_owned(),
        source_id: None,
        answer: SheetText {
            comment: "A sound plan that would gain from saying who does what.".to_owned(),
            ..sheet(year, &[0; 6])
        },
        required: false,
        made_by: cast::account(cast::staff(Role::Secretariat)),
        made_at: stage::at(2017, 11, 10, 9),
        version: 2,
    };
    let sheets = [[1, 0, 1, 0, 2, 1], [-1, -2, 0, -1, -1, 0], [0, 1, 0, 0, 1, -1]];
    let people = year.material.evaluators.iter().zip(sheets).enumerate();
    let filled = |(i, (evaluator, more)): (usize, (&crate::demo::material::DemoEvaluator, [i32; 6]))| {
        let begun = stage::at(2017, 11, 14, 9) + TimeDelta::hours(i64::try_from(i * 5).unwrap_or_default());
        training_sheet::Model {
            id: id(&format!("training sheet {i}")),
            training_id: row.id,
            account_id: cast::account(&evaluator.person.email),
            sheet: sheet(year, &more),
            begun_at: begun,
            submitted_at: Some(begun + TimeDelta::minutes(50)),
            version: 2,
        }
    };
    let sheets: Vec<training_sheet::Model> = people.map(filled).collect();
    put(tx.conn(), vec![row]).await?;
    put(tx.conn(), sheets).await?;
    Ok(AuditLine::new(Subject::Call(year.call), format!("saw the training proposal “{TITLE}” opened")))
}
