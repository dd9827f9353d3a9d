//! The fields of one question of a form, of the call or of an annex.

use super::{
    fields::{Field, Group, Row, choices},
    pieces::{SPARE, head, named_rows},
    typed::Typed,
};
use crate::{calls::editor::rules::key_of, web::Choice};
use entity::types::{
    money::Currency,
    terms::{Column, ColumnKind, Condition, Named, Question, QuestionKind},
};

/// The kinds with the words people read.
const KINDS: [(&str, &str); 11] = [
    ("text", "Text with a limit of words"),
    ("line", "One line"),
    ("number", "Number"),
    ("money", "Amount of money"),
    ("date", "Date"),
    ("yes_no", "Yes or no"),
    ("choice", "One choice of several"),
    ("choices", "Several choices"),
    ("country", "Country"),
    ("table", "Table"),
    ("file", "File"),
];

const COLUMNS: [(&str, &str); 4] = [("text", "text"), ("number", "number"), ("date", "date"), ("country", "country")];

/// A question nobody has written yet.
pub fn blank() -> Question {
    Question {
        key: String::new(),
        label: String::new(),
        guidance: String::new(),
        required: true,
        kind: QuestionKind::Text { max_words: 250 },
        show_if: None,
    }
}

/// The word of a kind.
pub fn kind_word(kind: &QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Line { .. } => "line",
        QuestionKind::Text { .. } => "text",
        QuestionKind::Number { .. } => "number",
        QuestionKind::Money { .. } => "money",
        QuestionKind::Date { .. } => "date",
        QuestionKind::YesNo => "yes_no",
        QuestionKind::Choice { .. } => "choice",
        QuestionKind::Choices { .. } => "choices",
        QuestionKind::Country { .. } => "country",
        QuestionKind::Table { .. } => "table",
        QuestionKind::File { .. } => "file",
    }
}

/// The fields of a question; `earlier` are those before it in its section, `at` is its place in the file.
pub fn groups(question: &Question, earlier: &[Question], at: &str) -> Vec<Group> {
    let ask = vec![
        Field::line("label", "Question", &question.label).at(format!("{at}/label")),
        Field::area("guidance", "Guidance", &question.guidance, 3).optional().at(format!("{at}/guidance")),
        Field::tick("required", "An answer is required", question.required),
        Field::select("kind", "Kind of answer", kind_word(&question.kind), choices(KINDS)).at(format!("{at}/kind")),
    ];
    let mut groups = vec![Group::new("The question", ask), Group::new("Limits of the answer", limits(&question.kind))];
    let options = match &question.kind {
        QuestionKind::Choice { options } | QuestionKind::Choices { options, .. } => options.as_slice(),
        _ => &[],
    };
    let rows = named_rows("options", "option", options, SPARE + 2);
    let group = Group::new("Options", Vec::new()).text("For choices. Empty an option to remove it.").rows(rows);
    groups.push(group.show_if("kind=choice|choices"));
    groups.push(columns(&question.kind));
    if let Some(group) = condition(question, earlier) {
        groups.push(group);
    }
    groups
}

fn limits(kind: &QuestionKind) -> Vec<Field> {
    let mut words = 250;
    let mut chars = 200;
    let (mut decimals, mut least, mut most, mut unit) = (0, None, None, String::new());
    let (mut currency, mut earliest, mut latest) = (Currency::Eur, None, None);
    let (mut fewest, mut greatest, mut several) = (0, None, false);
    let (mut min_rows, mut max_rows, mut max_mb) = (0, 10, 10);
    match kind {
        QuestionKind::Line { max_chars } => chars = *max_chars,
        QuestionKind::Text { max_words } => words = *max_words,
        QuestionKind::Number { decimals: d, min, max, unit: u } => {
            (decimals, least, most, unit) = (*d, *min, *max, u.clone());
        }
        QuestionKind::Money { currency: c } => currency = *c,
        QuestionKind::Date { earliest: e, latest: l } => (earliest, latest) = (*e, *l),
        QuestionKind::Choices { min, max, .. } => (fewest, greatest) = (*min, *max),
        QuestionKind::Country { several: s } => several = *s,
        QuestionKind::Table { min_rows: least, max_rows: most, .. } => (min_rows, max_rows) = (*least, *most),
        QuestionKind::File { max_mb: mb } => max_mb = *mb,
        QuestionKind::YesNo | QuestionKind::Choice { .. } => {}
    }
    let currencies = choices(Currency::ALL.map(|c| (c.code(), c.code())));
    vec![
        Field::number("max_words", "At most", words, "words").show_if("kind=text"),
        Field::number("max_chars", "At most", chars, "characters").show_if("kind=line"),
        Field::number("decimals", "Decimals", decimals, "").show_if("kind=number"),
        Field::optional_number("number_min", "Smallest number", least, "").show_if("kind=number"),
        Field::optional_number("number_max", "Greatest number", most, "").show_if("kind=number"),
        Field::line("unit", "Unit", unit).optional().show_if("kind=number"),
        Field::select("currency", "Currency", currency, currencies).show_if("kind=money"),
        Field::date("earliest", "Earliest day", earliest).show_if("kind=date"),
        Field::date("latest", "Latest day", latest).show_if("kind=date"),
        Field::number("choices_min", "At least so many choices", fewest, "").show_if("kind=choices"),
        Field::optional_number("choices_max", "At most so many choices", greatest, "").show_if("kind=choices"),
        Field::tick("several", "Several countries may be chosen", several).show_if("kind=country"),
        Field::number("min_rows", "Rows at least", min_rows, "").show_if("kind=table"),
        Field::number("max_rows", "Rows at most", max_rows, "").show_if("kind=table"),
        Field::number("max_mb", "Largest size", max_mb, "MB").show_if("kind=file"),
    ]
}

fn columns(kind: &QuestionKind) -> Group {
    let columns = if let QuestionKind::Table { columns, .. } = kind { columns.as_slice() } else { &[] };
    let rows: Vec<Row> = (0..columns.len() + SPARE)
        .map(|i| {
            let column = columns.get(i);
            let name = |field: &str| format!("columns.{i}.{field}");
            let mut fields = head("columns", i, "column", column.map(|c| c.key.as_str()));
            let text = column.map(|c| c.label.clone()).unwrap_or_default();
            fields.extend([
                Field::line(name("label"), format!("Column {}", i + 1), text).optional(),
                Field::select(name("kind"), "Holds", column.map_or("text", |c| column_word(c.kind)), choices(COLUMNS)),
                Field::tick(name("required"), "Required", column.is_some_and(|c| c.required)),
            ]);
            Row { title: String::new(), fields, boxed: false }
        })
        .collect();
    let group = Group::new("Columns", Vec::new()).text("For tables. Empty a column to remove it.").rows(rows);
    group.show_if("kind=table")
}

fn column_word(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text",
        ColumnKind::Number => "number",
        ColumnKind::Date => "date",
        ColumnKind::Country => "country",
    }
}

fn column_of(word: &str) -> ColumnKind {
    match word {
        "number" => ColumnKind::Number,
        "date" => ColumnKind::Date,
        "country" => ColumnKind::Country,
        _ => ColumnKind::Text,
    }
}

/// Answers of earlier questions that can decide whether this one is asked.
fn condition(question: &Question, earlier: &[Question]) -> Option<Group> {
    let answers: Vec<Choice> = earlier
        .iter()
        .flat_map(|q| {
            let options = match &q.kind {
                QuestionKind::YesNo => vec![("yes", "yes"), ("no", "no")],
                QuestionKind::Choice { options } | QuestionKind::Choices { options, .. } => {
                    options.iter().map(|o| (o.key.as_str(), o.label.as_str())).collect()
                }
                _ => Vec::new(),
            };
            options
                .into_iter()
                .map(|(key, label)| Choice::new(format!("{}={key}", q.key), format!("{}: {label}", q.label)))
                .collect::<Vec<_>>()
        })
        .collect();
    if answers.is_empty() {
        return None;
    }
    let chosen = question.show_if.as_ref().map_or_else(Vec::new, |condition| {
        condition.is.iter().map(|answer| format!("{}={answer}", condition.question)).collect()
    });
    let field = Field::ticks("show_if", "Ask only when one of these was answered", chosen, answers)
        .hint("Nothing ticked: the question is always asked. Tick answers of one question only.");
    Some(Group::new("When it is asked", vec![field]))
}

/// The question as it was typed; `key` is the one it has already.
pub fn read(typed: &mut Typed<'_>, key: Option<&str>, taken: &[String]) -> Question {
    let label = typed.line("label", 500);
    if label.is_empty() {
        typed.errors.add("label", "Fill this in");
    }
    Question {
        key: key.map_or_else(|| key_of(&label, taken), str::to_owned),
        guidance: typed.prose("guidance", 10_000),
        required: typed.ticked("required"),
        kind: kind(typed),
        show_if: show_if(typed),
        label,
    }
}

fn kind(typed: &mut Typed<'_>) -> QuestionKind {
    match typed.raw("kind") {
        "line" => QuestionKind::Line { max_chars: typed.count("max_chars", 1_000) },
        "number" => QuestionKind::Number {
            decimals: typed.count("decimals", 6),
            min: typed.optional_whole("number_min"),
            max: typed.optional_whole("number_max"),
            unit: typed.line("unit", 40),
        },
        "money" => QuestionKind::Money { currency: typed.word("currency", Currency::Eur) },
        "date" => QuestionKind::Date { earliest: typed.optional_day("earliest"), latest: typed.optional_day("latest") },
        "yes_no" => QuestionKind::YesNo,
        "choice" => QuestionKind::Choice { options: options(typed, 2) },
        "choices" => QuestionKind::Choices {
            options: options(typed, 1),
            min: typed.count("choices_min", 100),
            max: typed.optional_count("choices_max", 100),
        },
        "country" => QuestionKind::Country { several: typed.ticked("several") },
        "table" => QuestionKind::Table {
            columns: read_columns(typed),
            min_rows: typed.count("min_rows", 200),
            max_rows: typed.count("max_rows", 200),
        },
        "file" => QuestionKind::File { max_mb: typed.count("max_mb", 100) },
        "text" => QuestionKind::Text { max_words: typed.count("max_words", 5_000) },
        _ => {
            typed.errors.add("kind", "Choose one from the list");
            QuestionKind::YesNo
        }
    }
}

fn options(typed: &mut Typed<'_>, least: usize) -> Vec<Named> {
    let options = typed.named("options");
    if options.len() < least {
        typed.errors.add("options.0.label", format!("Give at least {least} options"));
    }
    options
}

fn read_columns(typed: &mut Typed<'_>) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for i in typed.rows("columns", &["label"]) {
        let name = |field: &str| format!("columns.{i}.{field}");
        let label = typed.line(&name("label"), 200);
        let taken: Vec<String> = columns.iter().map(|c| c.key.clone()).chain(typed.keys("columns")).collect();
        columns.push(Column {
            key: typed.key(&name("key"), &label, &taken),
            label,
            kind: column_of(typed.raw(&name("kind"))),
            required: typed.ticked(&name("required")),
        });
    }
    if columns.is_empty() {
        typed.errors.add("columns.0.label", "A table has at least one column");
    }
    columns
}

fn show_if(typed: &mut Typed<'_>) -> Option<Condition> {
    let ticked = typed.all("show_if");
    let pairs: Vec<(&str, &str)> = ticked.iter().filter_map(|answer| answer.split_once('=')).collect();
    let (question, _) = *pairs.first()?;
    if pairs.iter().any(|(other, _)| *other != question) {
        typed.errors.add("show_if", "Tick answers of one question only");
    }
    Some(Condition {
        question: question.to_owned(),
        is: pairs.iter().map(|(_, answer)| (*answer).to_owned()).collect(),
    })
}
