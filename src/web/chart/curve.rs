//! A running sum along a list, against what there is.

use super::{Chart, Mark, Numbers, Value, escape, figure, id, mark_key, place, round_up, short};
use std::fmt::Write as _;

/// One step along the list, with the sum of each series after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Along {
    pub label: String,
    pub values: Vec<Value>,
}

const HEIGHT: f64 = 180.0;
const TOP: f64 = 12.0;

/// Sums that grow down a list, drawn as steps from zero, at most five; the line across is what there is.
pub fn running(title: &str, desc: &str, corner: &str, series: &[&str], steps: &[Along], limit: &Mark) -> Chart {
    let heads: Vec<&str> = [corner].into_iter().chain(series.iter().copied()).collect();
    let mut numbers = Numbers::new(&heads);
    let sizes = steps.iter().flat_map(|step| &step.values).map(|value| value.size);
    let end = round_up(sizes.fold(limit.value.size, f64::max));
    let y = |size: f64| TOP + (1.0 - place(size, 0.0, end) / 100.0) * HEIGHT;
    let width = 100.0 / steps.len().max(1) as f64;
    let mut marks = format!(
        "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{0}\" y2=\"{0}\"/>\
         <line class=\"limit\" x1=\"0\" x2=\"100%\" y1=\"{1}\" y2=\"{1}\"/>",
        short(y(0.0)),
        short(y(limit.value.size))
    );
    let mut keys = "<ul class=\"chart-legend\">".to_owned();
    for (i, name) in series.iter().enumerate() {
        let class = format!("l{}", i % 5 + 1);
        let _ = write!(
            keys,
            "<li><svg class=\"chart-key\" width=\"28\" height=\"14\" aria-hidden=\"true\">\
             <line class=\"{class}\" x1=\"0\" x2=\"28\" y1=\"7\" y2=\"7\"/>{}</svg>{}</li>",
            super::plots::dot(i, "14", 7.0),
            escape(name)
        );
        let mut before = 0.0;
        for (at, step) in steps.iter().enumerate() {
            let Some(value) = step.values.get(i) else { continue };
            let (from, to) = (at as f64 * width, (at + 1) as f64 * width);
            let _ = write!(
                marks,
                "<line class=\"{class}\" x1=\"{0}%\" y1=\"{1}\" x2=\"{0}%\" y2=\"{2}\"/>\
                 <line class=\"{class}\" x1=\"{0}%\" y1=\"{2}\" x2=\"{3}%\" y2=\"{2}\"/>\
                 <g><title>{4}, {5}: {6}</title>{7}</g>",
                short(from),
                short(y(before)),
                short(y(value.size)),
                short(to),
                escape(name),
                escape(&step.label),
                escape(&value.text),
                super::plots::dot(i, &format!("{}%", short((from + to) / 2.0)), y(value.size))
            );
            before = value.size;
        }
    }
    keys.push_str("</ul>");
    for step in steps {
        numbers.row([step.label.clone()].into_iter().chain(step.values.iter().map(|value| value.text.clone())));
    }
    let id = id(title, desc);
    let (first, last) = (steps.first().map_or("", |step| &step.label), steps.last().map_or("", |step| &step.label));
    let foot = TOP + HEIGHT + 20.0;
    let picture = format!(
        "{keys}<svg class=\"chart-plot\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" width=\"100%\" height=\"{}\">\
         <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>{marks}\
         <text class=\"tick\" x=\"0\" y=\"{foot}\">{}</text>\
         <text class=\"tick tick-end\" x=\"100%\" y=\"{foot}\">{}</text></svg>{}",
        TOP + HEIGHT + 26.0,
        escape(title),
        escape(&format!("{desc} {}: {}.", limit.label, limit.value.text)),
        escape(first),
        escape(if steps.len() > 1 { last } else { "" }),
        mark_key(Some(limit))
    );
    figure(title, desc, &picture, &numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_grows_in_steps_up_to_the_line() {
        let step = |label: &str, sum: i64| Along { label: label.into(), values: vec![sum.into()] };
        let steps = [step("<a>", 5), step("b", 10)];
        let html = running("Money", "", "Proposal", &["Asked"], &steps, &Mark::new("Budget", 10)).to_string();
        assert!(html.contains("x1=\"50%\" y1=\"102\" x2=\"50%\" y2=\"12\""), "{html}");
        assert!(html.contains("&lt;a&gt;") && html.contains("Budget: 10"), "{html}");
        assert!(running("Money", "", "", &["Asked"], &[], &Mark::new("Budget", 0)).html().contains("no numbers yet"));
    }
}
