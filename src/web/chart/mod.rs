//! Charts made on the server: SVG without script or inline style, with a title, a description in words and the
//! same numbers as a table. Widths are per cent and text is not scaled, so they read the same on a phone.

mod bars;
mod curve;
mod heat;
mod plots;
mod scatter;

pub use bars::{Bar, Budget, Stack, bars, budgets, demand, stacked};
pub use curve::{Along, running};
pub use heat::{HeatRow, matrix};
pub use plots::{Interval, Reading, Series, intervals, over_time};
pub use scatter::{Spot, scatter};

use entity::types::{decimal, money::Money, points::Points, share::Share};
use std::fmt::{self, Write as _};

/// A finished chart; templates write it with `|safe`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart(String);

impl Chart {
    /// The HTML of the chart.
    pub fn html(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Chart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A number with the text it is shown as; the number only places a mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub size: f64,
    pub text: String,
}

impl Value {
    pub fn new(size: f64, text: impl Into<String>) -> Self {
        Self { size: if size.is_finite() { size } else { 0.0 }, text: text.into() }
    }
}

impl From<i64> for Value {
    fn from(count: i64) -> Self {
        Self::new(count as f64, decimal::grouped(count))
    }
}

impl From<Money> for Value {
    fn from(money: Money) -> Self {
        Self::new(money.minor as f64, money.to_string())
    }
}

impl From<Points> for Value {
    fn from(points: Points) -> Self {
        Self::new(f64::from(points.as_hundredths()) / 100.0, points.to_string())
    }
}

impl From<Share> for Value {
    fn from(share: Share) -> Self {
        Self::new(f64::from(share.basis_points()) / 100.0, share.to_string())
    }
}

/// A line every row is compared with: a limit, a threshold, a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub label: String,
    pub value: Value,
}

impl Mark {
    pub fn new(label: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// The numbers behind a chart: heads of the columns, then rows that begin with their name.
struct Numbers {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Numbers {
    fn new(heads: &[&str]) -> Self {
        Self { heads: heads.iter().map(|head| (*head).to_owned()).collect(), rows: Vec::new() }
    }

    fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    fn table(&self, class: &str, caption: &str) -> String {
        let caption = escape(caption);
        let mut out = format!("<table class=\"{class}\"><caption class=\"ds-sr-only\">{caption}</caption><thead><tr>");
        for head in &self.heads {
            let _ = write!(out, "<th scope=\"col\">{}</th>", escape(head));
        }
        out.push_str("</tr></thead><tbody>");
        for row in &self.rows {
            out.push_str("<tr>");
            for (i, cell) in row.iter().enumerate() {
                if i == 0 {
                    let _ = write!(out, "<th scope=\"row\">{}</th>", escape(cell));
                } else {
                    let _ = write!(out, "<td class=\"numeric\">{}</td>", escape(cell));
                }
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table>");
        out
    }
}

/// Title, description, picture, and the numbers one click away.
fn figure(title: &str, desc: &str, picture: &str, numbers: &Numbers) -> Chart {
    let body = if numbers.rows.is_empty() {
        "<p class=\"quiet\">There are no numbers yet.</p>".to_owned()
    } else {
        format!(
            "{picture}<details class=\"chart-data\"><summary>The same numbers as a table</summary>\
             <div class=\"table-scroll\" role=\"region\" aria-label=\"Numbers: {}\" tabindex=\"0\">{}</div></details>",
            escape(title),
            numbers.table("ds-table", title)
        )
    };
    let id = id(title, desc);
    let desc = if desc.is_empty() { String::new() } else { format!("<p class=\"chart-desc\">{}</p>", escape(desc)) };
    Chart(format!(
        "<figure class=\"chart\" aria-labelledby=\"{id}\"><figcaption id=\"{id}\">{}</figcaption>{desc}{body}</figure>",
        escape(title)
    ))
}

/// What the colours and hatchings of a chart stand for.
fn legend(id: &str, names: &[&str]) -> String {
    let mut out = "<ul class=\"chart-legend\">".to_owned();
    for (i, name) in names.iter().enumerate() {
        let _ = write!(
            out,
            "<li><svg class=\"chart-key\" width=\"20\" height=\"14\" aria-hidden=\"true\">{}</svg>{}</li>",
            block(id, i, 0.0, 100.0, 0.0, 14.0),
            escape(name)
        );
    }
    out.push_str("</ul>");
    out
}

/// A filled rectangle of a series: colour by class, hatching over it so that colour is not the only difference.
fn block(id: &str, series: usize, from: f64, width: f64, y: f64, height: f64) -> String {
    let place = format!(
        "x=\"{}%\" width=\"{}%\" y=\"{}\" height=\"{}\"",
        short(from),
        short(width.max(0.0)),
        short(y),
        short(height)
    );
    let color = series % 5 + 1;
    if series == 0 {
        return format!("<rect class=\"s{color}\" {place}/>");
    }
    format!("<rect class=\"s{color}\" {place}/><rect fill=\"url(#{id}-h{color})\" {place}/>")
}

/// The hatchings of a chart; they are referred to by `block`.
fn hatchings(id: &str) -> String {
    let drawn = [
        ("2", "M-1 7 7 -1M3 11 11 3M-5 3 3 -5"),
        ("3", "M0 4h8"),
        ("4", "M4 0v8"),
        ("5", "M-1 7 7 -1M3 11 11 3M-1 1 7 9M3 -3 11 5"),
    ];
    let mut out = "<svg class=\"chart-defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>".to_owned();
    for (n, path) in drawn {
        let _ = write!(
            out,
            "<pattern id=\"{id}-h{n}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">\
             <path class=\"hatch\" d=\"{path}\"/></pattern>"
        );
    }
    out.push_str("</defs></svg>");
    out
}

/// One line of a chart with rows: name, mark, value. Screen readers read name and value.
fn row(label: &str, value: &str, height: u32, marks: &str) -> String {
    format!(
        "<div class=\"chart-row\"><span class=\"chart-label\">{}</span>\
         <svg class=\"chart-mark\" width=\"100%\" height=\"{height}\" aria-hidden=\"true\" focusable=\"false\">{marks}</svg>\
         <span class=\"chart-value\">{}</span></div>",
        escape(label),
        escape(value)
    )
}

/// The last line of a chart with rows: the ends of the scale.
fn axis(low: &str, high: &str) -> String {
    format!(
        "<div class=\"chart-row chart-axis\"><span></span><span class=\"chart-ends\"><span>{}</span><span>{}</span></span>\
         <span></span></div>",
        escape(low),
        escape(high)
    )
}

/// A vertical line through a row at a place on the scale, with a lighter one around it so that it shows on bars.
fn upright(class: &str, at: f64, height: u32) -> String {
    let at = short(at);
    let line = |class: &str| format!("<line class=\"{class}\" x1=\"{at}%\" x2=\"{at}%\" y1=\"0\" y2=\"{height}\"/>");
    line("halo") + &line(class)
}

/// What a mark stands for, under the chart.
fn mark_key(mark: Option<&Mark>) -> String {
    mark.map_or_else(String::new, |mark| {
        format!(
            "<p class=\"chart-note\"><svg class=\"chart-key\" width=\"20\" height=\"14\" aria-hidden=\"true\">{}</svg>\
             {}: {}</p>",
            upright("limit", 50.0, 14),
            escape(&mark.label),
            escape(&mark.value.text)
        )
    })
}

/// Where a value stands between two ends, in per cent, never outside.
fn place(value: f64, low: f64, high: f64) -> f64 {
    if high <= low { 0.0 } else { ((value - low) / (high - low) * 100.0).clamp(0.0, 100.0) }
}

/// A round number at or above the highest value, for the end of a scale.
fn round_up(highest: f64) -> f64 {
    if highest <= 0.0 {
        return 1.0;
    }
    let unit = 10f64.powf(highest.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|step| step * unit).find(|end| *end >= highest).unwrap_or(highest)
}

/// A number without superfluous decimals, for attributes.
fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// An id that is the same on every rendering and differs between the charts of a page.
fn id(title: &str, desc: &str) -> String {
    let hash = title
        .bytes()
        .chain([0])
        .chain(desc.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("chart-{hash:x}")
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_on_round_numbers() {
        for (highest, end) in [(0.0, 1.0), (4.2, 5.0), (10.0, 10.0), (11.0, 20.0), (2_100.0, 2_500.0), (0.3, 0.5)] {
            assert!((round_up(highest) - end).abs() < 1e-9, "{highest}");
        }
        assert_eq!(short(place(5.0, 0.0, 3.0)), "100");
        assert_eq!(short(place(1.0, 0.0, 3.0)), "33.33");
        assert_eq!(short(place(1.0, 2.0, 2.0)), "0");
    }

    #[test]
    fn a_chart_without_numbers_says_so() {
        let chart = figure("Nothing", "", "", &Numbers::new(&["a"]));
        assert!(chart.html().contains("no numbers yet"));
        assert!(!chart.html().contains("<table"));
    }

    #[test]
    fn values_keep_the_text_of_their_kind() {
        assert_eq!(Value::from(Points::hundredths(350)), Value::new(3.5, "3.5"));
        assert_eq!(Value::from(Share::percent(50)).text, "50\u{a0}%");
        assert_eq!(Value::new(f64::NAN, "?").size.to_string(), "0");
    }
}
