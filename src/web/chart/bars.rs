//! Bars: one value per row, parts of a whole, and budgets with what was asked and granted.

use super::{
    Chart, Mark, Numbers, Value, axis, block, escape, figure, hatchings, id, legend, mark_key, place, round_up, row,
    short, upright,
};
use std::fmt::Write as _;

/// A row of a bar chart; the second value is drawn as a thinner bar below the first.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub label: String,
    pub value: Value,
    pub second: Option<Value>,
}

impl Bar {
    pub fn new(label: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { label: label.into(), value: value.into(), second: None }
    }

    /// The same row with a second value.
    pub fn second(self, value: impl Into<Value>) -> Self {
        Self { second: Some(value.into()), ..self }
    }
}

/// Horizontal bars from zero, with the names of the one or two series and a line they are compared with.
pub fn bars(title: &str, desc: &str, series: &[&str], rows: &[Bar], limit: Option<&Mark>) -> Chart {
    let id = id(title, desc);
    let highest = rows
        .iter()
        .flat_map(|row| [Some(&row.value), row.second.as_ref()])
        .flatten()
        .chain(limit.map(|mark| &mark.value))
        .fold(0.0, |max: f64, value| max.max(value.size));
    let end = round_up(highest);
    let two = rows.iter().any(|row| row.second.is_some());
    let first_name = series.first().copied().unwrap_or("Value");
    let mut heads = vec!["", first_name];
    if two {
        heads.push(series.get(1).copied().unwrap_or("Second value"));
    }
    let mut numbers = Numbers::new(&heads);
    let mut picture = hatchings(&id);
    if two {
        picture.push_str(&legend(&id, &heads[1..]));
    }
    picture.push_str("<div class=\"chart-rows\">");
    for bar in rows {
        let height = if two { 32 } else { 20 };
        let mut marks = block(&id, 0, 0.0, place(bar.value.size, 0.0, end), 2.0, 16.0);
        let mut text = bar.value.text.clone();
        if let Some(second) = &bar.second {
            marks.push_str(&block(&id, 1, 0.0, place(second.size, 0.0, end), 20.0, 10.0));
            let _ = write!(text, " / {}", second.text);
        }
        if let Some(mark) = limit {
            marks.push_str(&upright("limit", place(mark.value.size, 0.0, end), height));
        }
        picture.push_str(&row(&bar.label, &text, height, &marks));
        let second = two.then(|| bar.second.as_ref().map_or_else(String::new, |value| value.text.clone()));
        numbers.row([bar.label.clone(), bar.value.text.clone()].into_iter().chain(second));
    }
    picture.push_str("</div>");
    picture.push_str(&mark_key(limit));
    figure(title, desc, &picture, &numbers)
}

/// What an agency has, was asked for and grants, all in its own currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    pub label: String,
    pub available: Value,
    pub asked: Value,
    pub granted: Value,
    /// What is left, as text; when more is granted than there is, by how much.
    pub left: String,
}

/// Budgets side by side. Each row is measured by its own budget, so that currencies need not be converted:
/// the upright line is the whole budget of that agency.
pub fn budgets(title: &str, desc: &str, rows: &[Budget]) -> Chart {
    against_budgets(title, desc, ["Granted", "Asked for"], rows)
}

/// Budgets side by side while a call is open: what submitted parts ask for, and below it the same with drafts.
pub fn demand(title: &str, desc: &str, rows: &[Budget]) -> Chart {
    against_budgets(title, desc, ["Submitted parts ask for", "Together with drafts"], rows)
}

/// Rows with two bars each, the greater one below; `names` are those of the upper and the lower bar.
fn against_budgets(title: &str, desc: &str, names: [&str; 2], rows: &[Budget]) -> Chart {
    let id = id(title, desc);
    let share = |value: &Value, budget: &Budget| {
        if budget.available.size > 0.0 { value.size / budget.available.size * 100.0 } else { 0.0 }
    };
    let highest = rows
        .iter()
        .flat_map(|budget| [share(&budget.asked, budget), share(&budget.granted, budget)])
        .fold(100.0, f64::max);
    let end = if highest <= 100.0 { 100.0 } else { (highest / 50.0).ceil() * 50.0 };
    let mut numbers = Numbers::new(&["", "Budget", names[1], names[0], "Left"]);
    let mut picture = hatchings(&id);
    picture.push_str(&legend(&id, &names));
    picture.push_str("<div class=\"chart-rows\">");
    for budget in rows {
        let whole = place(100.0, 0.0, end);
        let mut marks = format!("<rect class=\"room\" x=\"0\" width=\"{}%\" y=\"1\" height=\"30\"/>", short(whole));
        marks.push_str(&block(&id, 0, 0.0, place(share(&budget.granted, budget), 0.0, end), 2.0, 16.0));
        marks.push_str(&block(&id, 1, 0.0, place(share(&budget.asked, budget), 0.0, end), 20.0, 10.0));
        marks.push_str(&upright("limit", whole, 32));
        picture.push_str(&row(&budget.label, &budget.left, 32, &marks));
        numbers.row([
            budget.label.clone(),
            budget.available.text.clone(),
            budget.asked.text.clone(),
            budget.granted.text.clone(),
            budget.left.clone(),
        ]);
    }
    picture.push_str(&axis("0\u{a0}%", &format!("{}\u{a0}% of the budget", short(end))));
    picture.push_str("</div>");
    picture.push_str(
        "<p class=\"chart-note\"><svg class=\"chart-key\" width=\"20\" height=\"14\" aria-hidden=\"true\">\
         <line class=\"limit\" x1=\"50%\" x2=\"50%\" y1=\"0\" y2=\"14\"/></svg>The whole budget</p>",
    );
    figure(title, desc, &picture, &numbers)
}

/// A row of counts, one for each series.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    pub label: String,
    pub counts: Vec<i64>,
}

impl Stack {
    pub fn new(label: impl Into<String>, counts: impl Into<Vec<i64>>) -> Self {
        Self { label: label.into(), counts: counts.into() }
    }
}

/// Counts one after the other in each row, at most five series.
pub fn stacked(title: &str, desc: &str, series: &[&str], rows: &[Stack]) -> Chart {
    let id = id(title, desc);
    let sum = |stack: &Stack| stack.counts.iter().map(|count| (*count).max(0)).sum::<i64>();
    let end = rows.iter().map(sum).max().unwrap_or(0).max(1) as f64;
    let heads: Vec<&str> = [""].into_iter().chain(series.iter().copied()).chain(["Total"]).collect();
    let mut numbers = Numbers::new(&heads);
    let mut picture = hatchings(&id);
    picture.push_str(&legend(&id, series));
    picture.push_str("<div class=\"chart-rows\">");
    for stack in rows {
        let mut marks = String::new();
        let mut from = 0.0;
        for (i, count) in stack.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let width = place(*count as f64, 0.0, end);
            let name = series.get(i).copied().unwrap_or_default();
            let _ = write!(
                marks,
                "<g><title>{}: {count}</title>{}</g>",
                escape(name),
                block(&id, i, from, width, 2.0, 18.0)
            );
            from += width;
        }
        let total = sum(stack);
        picture.push_str(&row(&stack.label, &total.to_string(), 22, &marks));
        let counts = (0..series.len()).map(|i| stack.counts.get(i).copied().unwrap_or(0).to_string());
        numbers.row([stack.label.clone()].into_iter().chain(counts).chain([total.to_string()]));
    }
    picture.push_str("</div>");
    figure(title, desc, &picture, &numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_values_and_names_are_escaped() {
        let rows = [Bar::new("<b>One</b>", 5), Bar::new("Two", 10)];
        let chart = bars("Parts & \"pieces\"", "d", &["Count"], &rows, Some(&Mark::new("Limit", 8)));
        let html = chart.html();
        assert!(html.contains("width=\"50%\"") && html.contains("width=\"100%\""), "{html}");
        assert!(html.contains("&lt;b&gt;One&lt;/b&gt;") && !html.contains("<b>"));
        assert!(html.contains("Parts &amp; &quot;pieces&quot;"));
        assert!(html.contains("x1=\"80%\"") && html.contains("Limit: 8"));
        assert!(!html.contains("style="));
    }

    #[test]
    fn a_budget_passed_is_drawn_beyond_the_line() {
        let row = Budget {
            label: "Agency".into(),
            available: 100.into(),
            asked: 140.into(),
            granted: 100.into(),
            left: "0".into(),
        };
        let html = budgets("Budget", "", &[row]).to_string();
        assert!(html.contains("x1=\"66.67%\""), "{html}");
        assert!(html.contains("width=\"93.33%\""));
        let none =
            Budget { label: "Empty".into(), available: 0.into(), asked: 5.into(), granted: 0.into(), left: "0".into() };
        assert!(!budgets("Budget", "", &[none]).html().contains("NaN"));
    }

    #[test]
    fn stacks_add_up() {
        let html =
            stacked("By state", "", &["Draft", "Sent"], &[Stack::new("A", [1, 3]), Stack::new("B", [])]).to_string();
        assert!(
            html.contains("width=\"25%\"") && html.contains("width=\"75%\" ") && html.contains(">4</td>"),
            "{html}"
        );
    }
}
