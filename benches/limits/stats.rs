//! What was measured, in the words of the report.

use std::fmt;

/// Measurements of one thing, in the order they were taken.
#[derive(Debug, Clone, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    /// The one in the middle; half of the measurements lie on either side.
    pub fn median(&self) -> f64 {
        self.sorted().get(self.0.len() / 2).copied().unwrap_or(f64::NAN)
    }

    fn least(&self) -> f64 {
        self.sorted().first().copied().unwrap_or(f64::NAN)
    }

    fn most(&self) -> f64 {
        self.sorted().last().copied().unwrap_or(f64::NAN)
    }

    /// Median and range with a unit.
    pub fn told(&self, unit: &str) -> String {
        let places = if self.median() < 100.0 { 2 } else { 0 };
        let number = |value: f64| format!("{value:.places$}");
        format!("{} {unit} ({} to {})", number(self.median()), number(self.least()), number(self.most()))
    }
}

/// What is aimed at: ours beside the bare limit, as a ratio.
#[derive(Debug, Clone, Copy)]
pub enum Aim {
    AtLeast(f64),
    AtMost(f64),
}

impl Aim {
    fn reached(self, ratio: f64) -> bool {
        match self {
            Self::AtLeast(bound) => ratio >= bound,
            Self::AtMost(bound) => ratio <= bound,
        }
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, "at least {bound:.2}"),
            Self::AtMost(bound) => write!(f, "at most {bound:.2}"),
        }
    }
}

/// The aims and how they were met.
#[derive(Default)]
pub struct Verdicts(Vec<String>);

impl Verdicts {
    /// Notes a ratio beside its aim and gives it as text.
    pub fn judge(&mut self, what: &str, ratio: f64, aim: Aim) -> String {
        let word = if aim.reached(ratio) { "reached" } else { "MISSED" };
        self.0.push(format!("{word:>8}  {ratio:>6.2}  aim {aim}: {what}"));
        format!("ratio {ratio:.2}, aim {aim}: {word}")
    }

    pub fn print(&self) {
        println!("\nVerdict");
        for line in &self.0 {
            println!("{line}");
        }
    }
}
