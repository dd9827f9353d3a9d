//! Plots: values with their spread against a threshold, and readings over time against a target.

use super::{Chart, Mark, Numbers, Value, axis, escape, figure, id, mark_key, place, round_up, row, short, upright};
use chrono::NaiveDate;
use entity::types::period;
use std::fmt::Write as _;

/// A row of an interval plot: a value between its lowest and highest.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    pub label: String,
    pub low: Value,
    pub point: Value,
    pub high: Value,
    /// A narrower interval inside, drawn thicker.
    pub inner: Option<(Value, Value)>,
}

impl Interval {
    pub fn new(
        label: impl Into<String>,
        low: impl Into<Value>,
        point: impl Into<Value>,
        high: impl Into<Value>,
    ) -> Self {
        Self { label: label.into(), low: low.into(), point: point.into(), high: high.into(), inner: None }
    }

    /// The same row with a narrower interval inside.
    pub fn inner(self, low: impl Into<Value>, high: impl Into<Value>) -> Self {
        Self { inner: Some((low.into(), high.into())), ..self }
    }
}

/// Values with their spread on the scale from `low` to `high`; `heads` names lowest, value and highest, and where rows
/// have a narrower interval inside, its two ends after them.
pub fn intervals<const N: usize>(
    title: &str,
    desc: &str,
    heads: [&str; N],
    rows: &[Interval],
    scale: (&Value, &Value),
    threshold: Option<&Mark>,
) -> Chart {
    let (low, high) = scale;
    let at = |value: &Value| place(value.size, low.size, high.size);
    let columns: Vec<&str> = std::iter::once("").chain(heads).collect();
    let mut numbers = Numbers::new(&columns);
    let mut picture = "<div class=\"chart-rows\">".to_owned();
    for interval in rows {
        let (from, point, to) = (at(&interval.low), at(&interval.point), at(&interval.high));
        let mut marks = "<line class=\"track\" x1=\"0\" x2=\"100%\" y1=\"12\" y2=\"12\"/>".to_owned();
        if let Some(mark) = threshold {
            marks.push_str(&upright("limit", at(&mark.value), 24));
        }
        let _ = write!(
            marks,
            "<line class=\"spread\" x1=\"{0}%\" x2=\"{1}%\" y1=\"12\" y2=\"12\"/>\
             <line class=\"end\" x1=\"{0}%\" x2=\"{0}%\" y1=\"6\" y2=\"18\"/>\
             <line class=\"end\" x1=\"{1}%\" x2=\"{1}%\" y1=\"6\" y2=\"18\"/>\
             <circle class=\"point\" cx=\"{2}%\" cy=\"12\" r=\"5.5\"/>",
            short(from),
            short(to),
            short(point)
        );
        if let Some((low, high)) = &interval.inner {
            let inner = format!(
                "<line class=\"inner\" x1=\"{}%\" x2=\"{}%\" y1=\"12\" y2=\"12\"/>",
                short(at(low)),
                short(at(high))
            );
            let before = marks.rfind("<circle").unwrap_or(marks.len());
            marks.insert_str(before, &inner);
        }
        let spread = format!("{} ({} to {})", interval.point.text, interval.low.text, interval.high.text);
        picture.push_str(&row(&interval.label, &spread, 24, &marks));
        let outer = [&interval.low, &interval.point, &interval.high].map(|value| value.text.clone());
        let inner = interval.inner.iter().flat_map(|(low, high)| [low.text.clone(), high.text.clone()]);
        numbers.row([interval.label.clone()].into_iter().chain(outer).chain(inner));
    }
    picture.push_str(&axis(&low.text, &high.text));
    picture.push_str("</div>");
    picture.push_str(&mark_key(threshold));
    figure(title, desc, &picture, &numbers)
}

/// A value read on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub day: NaiveDate,
    pub value: Value,
}

/// Readings that belong together. A step keeps its value until the next reading, as plans and sums do.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub name: String,
    pub step: bool,
    pub readings: Vec<Reading>,
}

impl Series {
    pub fn new(name: impl Into<String>, readings: impl IntoIterator<Item = (NaiveDate, Value)>) -> Self {
        let mut readings: Vec<Reading> = readings.into_iter().map(|(day, value)| Reading { day, value }).collect();
        readings.sort_by_key(|reading| reading.day);
        Self { name: name.into(), step: false, readings }
    }

    /// The same readings, drawn as steps.
    pub fn step(self) -> Self {
        Self { step: true, ..self }
    }
}

const HEIGHT: f64 = 220.0;
const TOP: f64 = 18.0;

/// Lines or steps over time from zero, at most five, with a target they are to reach.
pub fn over_time(title: &str, desc: &str, series: &[Series], target: Option<&Mark>) -> Chart {
    let days: Vec<NaiveDate> = series.iter().flat_map(|line| line.readings.iter().map(|reading| reading.day)).collect();
    let (Some(first), Some(last)) = (days.iter().min().copied(), days.iter().max().copied()) else {
        return figure(title, desc, "", &Numbers::new(&[""]));
    };
    let highest = series
        .iter()
        .flat_map(|line| line.readings.iter().map(|reading| &reading.value))
        .chain(target.map(|mark| &mark.value))
        .fold(0.0, |max: f64, value| max.max(value.size));
    let end = round_up(highest);
    let span = (last - first).num_days().max(1) as f64;
    // The outermost points keep a little distance from the edge, so that their marks are whole.
    let x = |day: NaiveDate| 2.0 + (day - first).num_days() as f64 / span * 96.0;
    let y = |value: f64| TOP + (1.0 - place(value, 0.0, end) / 100.0) * HEIGHT;
    let mut marks = String::new();
    for quarter in 0..=4 {
        let level = end * f64::from(quarter) / 4.0;
        let _ = write!(
            marks,
            "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{0}\" y2=\"{0}\"/>\
             <text class=\"tick\" x=\"0\" y=\"{1}\">{2}</text>",
            short(y(level)),
            short(y(level) - 4.0),
            short(level)
        );
    }
    if let Some(mark) = target {
        let _ = write!(
            marks,
            "<line class=\"limit\" x1=\"0\" x2=\"100%\" y1=\"{0}\" y2=\"{0}\"/>",
            short(y(mark.value.size))
        );
    }
    let mut keys = "<ul class=\"chart-legend\">".to_owned();
    for (i, line) in series.iter().enumerate() {
        let _ = write!(
            keys,
            "<li><svg class=\"chart-key\" width=\"28\" height=\"14\" aria-hidden=\"true\">\
             <line class=\"l{n}\" x1=\"0\" x2=\"28\" y1=\"7\" y2=\"7\"/>{}</svg>{}</li>",
            dot(i, "14", 7.0),
            escape(&line.name),
            n = i % 5 + 1
        );
        marks.push_str(&drawn(i, line, &x, &y));
    }
    keys.push_str("</ul>");
    let id = id(title, desc);
    let foot = TOP + HEIGHT + 20.0;
    let picture = format!(
        "{keys}<svg class=\"chart-plot\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" width=\"100%\" height=\"{}\">\
         <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>{marks}\
         <text class=\"tick\" x=\"0\" y=\"{foot}\">{}</text>\
         <text class=\"tick tick-end\" x=\"100%\" y=\"{foot}\">{}</text></svg>{}",
        TOP + HEIGHT + 26.0,
        escape(title),
        escape(&format!("{desc} From {} to {}.", period::day(first), period::day(last))),
        escape(&period::day(first)),
        escape(&if last > first { period::day(last) } else { String::new() }),
        mark_key(target)
    );
    figure(title, desc, &picture, &readings_table(series, days))
}

/// One line of the plot: the way between the readings and a mark on each.
fn drawn(i: usize, line: &Series, x: &impl Fn(NaiveDate) -> f64, y: &impl Fn(f64) -> f64) -> String {
    let mut out = String::new();
    let class = format!("l{}", i % 5 + 1);
    let mut segment = |x1: f64, y1: f64, x2: f64, y2: f64| {
        let _ = write!(
            out,
            "<line class=\"{class}\" x1=\"{}%\" y1=\"{}\" x2=\"{}%\" y2=\"{}\"/>",
            short(x1),
            short(y1),
            short(x2),
            short(y2)
        );
    };
    for pair in line.readings.windows(2) {
        let (x1, y1) = (x(pair[0].day), y(pair[0].value.size));
        let (x2, y2) = (x(pair[1].day), y(pair[1].value.size));
        if line.step {
            segment(x1, y1, x2, y1);
            segment(x2, y1, x2, y2);
        } else {
            segment(x1, y1, x2, y2);
        }
    }
    for reading in &line.readings {
        let _ = write!(
            out,
            "<g><title>{}, {}: {}</title>{}</g>",
            escape(&line.name),
            escape(&period::day(reading.day)),
            escape(&reading.value.text),
            dot(i, &format!("{}%", short(x(reading.day))), y(reading.value.size))
        );
    }
    out
}

/// The mark of a reading: a disc for the first series, a ring for the others, so that colour is not alone.
pub(super) fn dot(i: usize, x: &str, y: f64) -> String {
    let class = if i == 0 { "dot".to_owned() } else { format!("dot ring r{}", i % 5 + 1) };
    format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{}\" r=\"4\"/>", short(y))
}

fn readings_table(series: &[Series], mut days: Vec<NaiveDate>) -> Numbers {
    let heads: Vec<&str> = ["Day"].into_iter().chain(series.iter().map(|line| line.name.as_str())).collect();
    let mut numbers = Numbers::new(&heads);
    days.sort_unstable();
    days.dedup();
    for day in days {
        let cells = series.iter().map(|line| {
            let read: Vec<&str> = line
                .readings
                .iter()
                .filter(|reading| reading.day == day)
                .map(|reading| reading.value.text.as_str())
                .collect();
            read.join(", ")
        });
        numbers.row([period::day(day)].into_iter().chain(cells));
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::types::points::Points;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_interval_stands_between_its_ends() {
        let rows = [Interval::new("P<1>", Points::whole(1), Points::hundredths(250), Points::whole(4))];
        let (low, high) = (Value::from(Points::whole(0)), Value::from(Points::whole(5)));
        let threshold = Mark::new("Threshold", Points::whole(3));
        let html =
            intervals("Scores", "", ["Lowest", "Mean", "Highest"], &rows, (&low, &high), Some(&threshold)).to_string();
        assert!(html.contains("x1=\"20%\" x2=\"80%\"") && html.contains("cx=\"50%\""), "{html}");
        assert!(html.contains("x1=\"60%\"") && html.contains("P&lt;1&gt;") && html.contains("2.5 (1 to 4)"));
    }

    #[test]
    fn a_narrower_interval_lies_below_the_point_and_in_the_table() {
        let rows = [Interval::new("P", 1, 3, 5).inner(2, 4)];
        let heads = ["5 %", "Expected", "95 %", "25 %", "75 %"];
        let html = intervals("Ranks", "", heads, &rows, (&Value::from(0), &Value::from(10)), None).to_string();
        assert!(html.contains("class=\"inner\" x1=\"20%\" x2=\"40%\""), "{html}");
        assert!(html.find("class=\"inner\"") < html.find("<circle"), "{html}");
        assert!(html.contains("<th scope=\"col\">75 %</th>") && html.contains(">4</td></tr>"), "{html}");
    }

    #[test]
    fn steps_go_across_before_they_go_up() {
        let plan =
            Series::new("Plan", [(day("2018-01-01"), Value::from(2)), (day("2018-01-11"), Value::from(4))]).step();
        let html = over_time("KPI", "d", &[plan], Some(&Mark::new("Target", 4))).to_string();
        assert!(html.contains("x1=\"2%\" y1=\"150\" x2=\"98%\" y2=\"150\""), "{html}");
        assert!(html.contains("1 January 2018") && html.contains("role=\"img\"") && html.contains("<desc"));
        assert!(!html.contains("style="));
    }

    #[test]
    fn no_reading_is_no_plot() {
        assert!(over_time("KPI", "", &[Series::new("Plan", [])], None).html().contains("no numbers yet"));
        let one = Series::new("Plan", [(day("2018-01-01"), Value::from(0))]);
        assert!(!over_time("KPI", "", &[one], None).html().contains("NaN"));
    }
}
