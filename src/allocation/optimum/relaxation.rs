//! The linear relaxation of a core: items may be taken in part. It looks for prices and for what to branch on; in
//! floating point, because nothing is proved by it.
//!
//! A dual simplex with bounds on the items (Lemke 1954), which flips items between their bounds as long as a step
//! gains by it (Fourer 1994), on a table of all columns. Any table is a start for any decisions about items: items
//! stand at the bound their reduced value asks for, so the dual stays feasible.

use super::{core_problem::Core, fixed::Fixed, prices::Prices};

/// What counts as nothing.
const TINY: f64 = 1e-8;
/// Pivots after which the table is made anew, so that errors do not add up.
const FRESH: u32 = 200;

pub struct Relaxation {
    items: usize,
    rows: usize,
    width: usize,
    /// Row by row: the columns of items, then of what is left of each budget, in terms of the basis.
    table: Vec<f64>,
    /// Reduced values, column by column.
    reduced: Vec<f64>,
    /// Which column each row stands for, and what it is worth.
    basis: Vec<usize>,
    worth: Vec<f64>,
    /// The row of each column in the basis.
    row: Vec<Option<usize>>,
    /// Whether an item outside the basis is taken.
    upper: Vec<bool>,
    original: Vec<f64>,
    values: Vec<f64>,
    budgets: Vec<i64>,
    most: f64,
    pivots: u32,
    /// Cells of the table that were written.
    pub work: u64,
}

impl Relaxation {
    pub fn new(core: &Core) -> Self {
        let (items, rows) = (core.items(), core.budgets.len());
        let width = items + rows;
        let most = core.values.iter().copied().max().unwrap_or(1).max(1) as f64;
        let mut original = vec![0.0; rows * width];
        for item in 0..items {
            for (budget, need) in core.needs(item) {
                original[budget * width + item] = *need as f64 / core.budgets[*budget].max(1) as f64;
            }
        }
        for row in 0..rows {
            original[row * width + items + row] = 1.0;
        }
        let mut one = Self {
            items,
            rows,
            width,
            table: Vec::new(),
            reduced: Vec::new(),
            basis: (items..width).collect(),
            worth: vec![0.0; rows],
            row: vec![None; width],
            upper: vec![false; width],
            original,
            values: core.values.iter().map(|v| *v as f64 / most).collect(),
            budgets: core.budgets.clone(),
            most,
            pivots: 0,
            work: 0,
        };
        one.reset();
        one
    }

    /// Solves anew for these decisions.
    pub fn solve(&mut self, fixed: &Fixed) {
        for item in 0..self.items {
            if self.row[item].is_none() {
                self.upper[item] = fixed.get(item).unwrap_or(self.reduced[item] > 0.0);
            }
        }
        self.refresh();
        // Far above what is ever needed; a circle ends here, with prices as good as any.
        for _ in 0..50 * (self.rows + 10) {
            let Some((row, excess)) = self.worst(fixed) else { return };
            if !self.step(row, excess, fixed) {
                return;
            }
            if self.pivots >= FRESH {
                self.invert();
                self.refresh();
            }
        }
    }

    /// How much of an item is taken.
    pub fn share(&self, item: usize) -> f64 {
        match self.row[item] {
            Some(row) => self.worth[row],
            None => f64::from(u8::from(self.upper[item])),
        }
    }

    /// What to branch on: the free item taken in part of which the relaxation loses most whichever way it is decided,
    /// as far as one step tells (Driebeek 1966), and whether it loses less by taking it.
    pub fn doubtful(&mut self, fixed: &Fixed, whole: f64) -> Option<(usize, bool)> {
        let mut best: Option<(f64, usize, bool)> = None;
        for (row, (column, share)) in self.basis.iter().zip(&self.worth).enumerate() {
            if *column >= self.items || !fixed.free(*column) || !(whole..=1.0 - whole).contains(share) {
                continue;
            }
            let (mut down, mut up) = (1.0_f64, 1.0_f64);
            let cells = &self.table[row * self.width..(row + 1) * self.width];
            for (other, along) in cells.iter().enumerate() {
                let open = self.row[other].is_none() && (other >= self.items || fixed.free(other));
                if !open || along.abs() <= TINY {
                    continue;
                }
                let ratio = self.reduced[other].abs() / along.abs();
                if (*along > 0.0) == self.upper[other] {
                    up = up.min(ratio);
                } else {
                    down = down.min(ratio);
                }
            }
            let (down, up) = (down * share + TINY, up * (1.0 - share) + TINY);
            let score = down * up;
            if best.is_none_or(|(other, ..)| score > other) {
                best = Some((score, *column, up < down));
            }
            self.work += self.width as u64;
        }
        best.map(|(_, item, taken)| (item, taken))
    }

    /// What an item's value exceeds its price by, as a share of the largest value.
    pub fn reduced(&self, item: usize) -> f64 {
        self.reduced[item]
    }

    pub fn prices(&self) -> Prices {
        let mut prices = Prices::new(self.rows);
        for row in 0..self.rows {
            let budget = self.budgets[row];
            prices.set(row, budget, (-self.reduced[self.items + row]).max(0.0) * self.most / budget.max(1) as f64);
        }
        prices
    }

    /// The row that is most outside its bounds, and by how much: above zero when it is too large.
    fn worst(&self, fixed: &Fixed) -> Option<(usize, f64)> {
        let mut worst: Option<(usize, f64)> = None;
        for (row, (column, worth)) in self.basis.iter().zip(&self.worth).enumerate() {
            let (least, most) = self.bounds(*column, fixed);
            let excess = if *worth < least - TINY {
                worth - least
            } else if *worth > most + TINY {
                worth - most
            } else {
                continue;
            };
            if worst.is_none_or(|(_, other)| excess.abs() > other.abs()) {
                worst = Some((row, excess));
            }
        }
        worst
    }

    fn bounds(&self, column: usize, fixed: &Fixed) -> (f64, f64) {
        if column >= self.items {
            return (0.0, f64::INFINITY);
        }
        match fixed.get(column) {
            None => (0.0, 1.0),
            Some(true) => (1.0, 1.0),
            Some(false) => (0.0, 0.0),
        }
    }

    /// Brings one row to its bound; whether something could enter for it.
    fn step(&mut self, row: usize, excess: f64, fixed: &Fixed) -> bool {
        let sign = if excess < 0.0 { -1.0 } else { 1.0 };
        let start = row * self.width;
        let mut open: Vec<(f64, usize)> = Vec::new();
        for column in 0..self.width {
            if self.row[column].is_some() || (column < self.items && !fixed.free(column)) {
                continue;
            }
            let along = self.table[start + column] * sign;
            let helps = if self.upper[column] { along < -TINY } else { along > TINY };
            if helps {
                open.push((self.reduced[column].abs() / along.abs(), column));
            }
        }
        if open.is_empty() {
            return false;
        }
        open.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut rest = excess.abs();
        let mut flips = Vec::new();
        let mut entering = None;
        for (_, column) in &open {
            let along = self.table[start + column].abs();
            entering = Some(*column);
            // What is left of a budget has no upper bound to be flipped to.
            if *column >= self.items || rest - along <= 0.0 {
                break;
            }
            rest -= along;
            flips.push(*column);
        }
        let Some(entering) = entering else { return false };
        // The last one enters even if flipping it would not suffice.
        flips.retain(|column| *column != entering);
        for column in flips {
            self.upper[column] = !self.upper[column];
            let by = if self.upper[column] { -1.0 } else { 1.0 };
            for (r, worth) in self.worth.iter_mut().enumerate() {
                *worth += by * self.table[r * self.width + column];
            }
        }
        self.pivot(row, entering, fixed);
        true
    }

    fn pivot(&mut self, row: usize, entering: usize, fixed: &Fixed) {
        let leaving = self.basis[row];
        let (least, most) = self.bounds(leaving, fixed);
        let target = if self.worth[row] < least { least } else { most };
        let start = row * self.width;
        let by = self.table[start + entering];
        // How far the entering column moves for the leaving one to reach its bound.
        let moved = (self.worth[row] - target) / by;
        for (r, worth) in self.worth.iter_mut().enumerate() {
            *worth -= moved * self.table[r * self.width + entering];
        }
        let before = f64::from(u8::from(self.upper[entering]));
        self.worth[row] = before + moved;
        self.upper[entering] = false;
        self.upper[leaving] = target > 0.5;
        self.row[leaving] = None;
        self.row[entering] = Some(row);
        self.basis[row] = entering;
        self.eliminate(row, entering);
        self.pivots += 1;
    }

    fn eliminate(&mut self, row: usize, entering: usize) {
        let width = self.width;
        let by = 1.0 / self.table[row * width + entering];
        let (above, rest) = self.table.split_at_mut(row * width);
        let (own, below) = rest.split_at_mut(width);
        own.iter_mut().for_each(|cell| *cell *= by);
        own[entering] = 1.0;
        let others = above.chunks_exact_mut(width).chain(below.chunks_exact_mut(width));
        for other in others.chain(std::iter::once(self.reduced.as_mut_slice())) {
            let factor = other[entering];
            if factor != 0.0 {
                other.iter_mut().zip(own.iter()).for_each(|(cell, own)| *cell -= factor * own);
                other[entering] = 0.0;
                self.work += width as u64;
            }
        }
        self.work += width as u64;
    }

    /// The table of the empty basis.
    fn reset(&mut self) {
        self.table.clone_from(&self.original);
        self.reduced.clear();
        self.reduced.extend_from_slice(&self.values);
        self.reduced.resize(self.width, 0.0);
        self.basis = (self.items..self.width).collect();
        self.row = vec![None; self.width];
        for row in 0..self.rows {
            self.row[self.items + row] = Some(row);
        }
        self.pivots = 0;
    }

    /// The table of the same basis, from the original numbers.
    fn invert(&mut self) {
        let wanted = self.basis.clone();
        let upper = self.upper.clone();
        self.reset();
        let mut open: Vec<usize> = wanted.iter().copied().filter(|column| *column < self.items).collect();
        let mut used: Vec<bool> = vec![false; self.rows];
        wanted.iter().filter(|column| **column >= self.items).for_each(|column| used[column - self.items] = true);
        while let Some(column) = open.pop() {
            // The largest number of the column in a row that is not yet taken.
            let best = (0..self.rows).filter(|row| !used[*row]).max_by(|a, b| {
                let at = |row: usize| self.table[row * self.width + column].abs();
                at(*a).total_cmp(&at(*b)).then(b.cmp(a))
            });
            let Some(row) = best.filter(|row| self.table[row * self.width + column].abs() > TINY) else { continue };
            used[row] = true;
            self.row[self.basis[row]] = None;
            self.row[column] = Some(row);
            self.basis[row] = column;
            self.eliminate(row, column);
        }
        for (column, upper) in upper.into_iter().enumerate().take(self.items) {
            // A column that left the basis by rounding stands where its reduced value asks.
            self.upper[column] = match (self.row[column], wanted.contains(&column)) {
                (Some(_), _) => false,
                (None, true) => self.reduced[column] > 0.0,
                (None, false) => upper,
            };
        }
        self.pivots = 0;
    }

    /// What the rows are worth where items outside the basis stand.
    fn refresh(&mut self) {
        for (row, worth) in self.worth.iter_mut().enumerate() {
            let cells = &self.table[row * self.width..(row + 1) * self.width];
            let budgets: f64 = cells[self.items..].iter().sum();
            let taken = cells[..self.items].iter().zip(&self.upper).zip(&self.row);
            let taken: f64 =
                taken.filter(|((_, upper), row)| **upper && row.is_none()).map(|((cell, _), _)| cell).sum();
            *worth = budgets - taken;
        }
        self.work += (self.rows * self.width) as u64 / 2;
    }
}
