//! A heat map is a table whose cells are tinted: the numbers stay readable, the tint shows the pattern.

use super::{Chart, Value, escape, id, place};
use std::fmt::Write as _;

/// A row of a heat map; a cell without value is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatRow {
    pub label: String,
    pub cells: Vec<Option<Value>>,
}

/// Rows against columns; tints go from nothing at `low` to full at `high` in five steps.
pub fn matrix(title: &str, desc: &str, corner: &str, columns: &[&str], rows: &[HeatRow], scale: (f64, f64)) -> Chart {
    let id = id(title, desc);
    let mut out = format!(
        "<figure class=\"chart\" aria-labelledby=\"{id}\"><figcaption id=\"{id}\">{}</figcaption>",
        escape(title)
    );
    if !desc.is_empty() {
        let _ = write!(out, "<p class=\"chart-desc\">{}</p>", escape(desc));
    }
    let _ = write!(
        out,
        "<div class=\"table-scroll\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table class=\"matrix heat\">\
         <caption class=\"ds-sr-only\">{}</caption><thead><tr><th scope=\"col\">{}</th>",
        escape(title),
        escape(title),
        escape(corner)
    );
    for column in columns {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(column));
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th>", escape(&row.label));
        for i in 0..columns.len() {
            match row.cells.get(i).and_then(Option::as_ref) {
                Some(value) => {
                    let level = (place(value.size, scale.0, scale.1) / 20.0).round();
                    let _ = write!(out, "<td class=\"h{level}\">{}</td>", escape(&value.text));
                }
                None => out.push_str("<td class=\"none\"><span class=\"ds-sr-only\">none</span></td>"),
            }
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div></figure>");
    Chart(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tints_follow_the_values() {
        let rows = [HeatRow { label: "R&D".into(), cells: vec![Some(0.into()), Some(5.into()), None] }];
        let html = matrix("Load", "", "Who", &["a", "b", "c"], &rows, (0.0, 5.0)).to_string();
        assert!(html.contains("<td class=\"h0\">0</td><td class=\"h5\">5</td><td class=\"none\">"), "{html}");
        assert!(html.contains("R&amp;D"));
    }
}
