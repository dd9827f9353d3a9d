//! A scatter: two values of each thing against each other, with the line on which they are equal.

use super::{Chart, Numbers, Value, escape, figure, id, place, short};
use std::fmt::Write as _;

/// One thing with its two values.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    pub label: String,
    pub across: Value,
    pub up: Value,
}

const HEIGHT: f64 = 300.0;
const TOP: f64 = 18.0;

/// Things by two values on one scale for both; `heads` names what goes across and what goes up.
pub fn scatter(title: &str, desc: &str, heads: [&str; 2], spots: &[Spot], scale: (&Value, &Value)) -> Chart {
    let (low, high) = scale;
    // The outermost points keep a little distance from the edge, so that their marks are whole.
    let x = |value: f64| 2.0 + place(value, low.size, high.size) * 0.96;
    let y = |value: f64| TOP + (1.0 - place(value, low.size, high.size) / 100.0) * HEIGHT;
    let id = id(title, desc);
    let mut marks = String::new();
    for quarter in 0..=4 {
        let level = low.size + (high.size - low.size) * f64::from(quarter) / 4.0;
        let _ = write!(
            marks,
            "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{0}\" y2=\"{0}\"/>\
             <text class=\"tick\" x=\"0\" y=\"{1}\">{2}</text>",
            short(y(level)),
            short(y(level) - 4.0),
            short(level)
        );
    }
    let _ = write!(
        marks,
        "<line class=\"limit\" x1=\"2%\" x2=\"98%\" y1=\"{}\" y2=\"{}\"/>",
        short(y(low.size)),
        short(y(high.size))
    );
    let mut numbers = Numbers::new(&["", heads[0], heads[1]]);
    for spot in spots {
        let _ = write!(
            marks,
            "<g><title>{}: {} and {}</title><circle class=\"dot\" cx=\"{}%\" cy=\"{}\" r=\"5\"/></g>",
            escape(&spot.label),
            escape(&spot.across.text),
            escape(&spot.up.text),
            short(x(spot.across.size)),
            short(y(spot.up.size))
        );
        numbers.row([spot.label.clone(), spot.across.text.clone(), spot.up.text.clone()]);
    }
    let foot = TOP + HEIGHT + 20.0;
    let picture = format!(
        "<svg class=\"chart-plot\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" width=\"100%\" height=\"{}\">\
         <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>{marks}\
         <text class=\"tick\" x=\"0\" y=\"{foot}\">{}</text>\
         <text class=\"tick tick-end\" x=\"100%\" y=\"{foot}\">{}</text></svg>\
         <p class=\"chart-note\">Across: {}. Up: {}. On the dashed line both are equal.</p>",
        TOP + HEIGHT + 26.0,
        escape(title),
        escape(desc),
        escape(&low.text),
        escape(&high.text),
        escape(heads[0]),
        escape(heads[1])
    );
    figure(title, desc, &picture, &numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spot_stands_by_its_two_values_and_in_the_table() {
        let spots = [Spot { label: "P<1>".into(), across: Value::new(2.5, "2.50"), up: Value::new(5.0, "5.00") }];
        let scale = (Value::new(0.0, "0"), Value::new(5.0, "5"));
        let html = scatter("Raw and adjusted", "d", ["Raw", "Adjusted"], &spots, (&scale.0, &scale.1)).to_string();
        assert!(html.contains("cx=\"50%\" cy=\"18\""), "{html}");
        assert!(html.contains("P&lt;1&gt;: 2.50 and 5.00") && html.contains(">2.50</td>"));
        assert!(html.contains("<desc") && !html.contains("style="));
    }

    #[test]
    fn a_scale_without_width_is_no_fault() {
        let one = Value::new(3.0, "3");
        let spot = Spot { label: "P".into(), across: one.clone(), up: one.clone() };
        assert!(!scatter("S", "", ["a", "b"], &[spot], (&one, &one)).html().contains("NaN"));
    }
}
