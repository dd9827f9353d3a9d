//! Symmetric positive definite matrices: factor, solution, inverse.
//!
//! Everything is a product of two contiguous rows, four rows at a time, which a compiler turns into vector
//! instructions. The order of additions is fixed. About n³/3 operations each for factor and triangular inverse, and
//! as many for the inverse.

/// A square matrix by rows.
#[derive(Debug, Clone)]
pub(super) struct Square {
    pub size: usize,
    cells: Vec<f64>,
}

impl Square {
    pub fn zero(size: usize) -> Self {
        Self { size, cells: vec![0.0; size * size] }
    }

    pub fn row(&self, i: usize) -> &[f64] {
        &self.cells[i * self.size..(i + 1) * self.size]
    }

    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.cells[i * self.size + j]
    }

    pub fn add(&mut self, i: usize, j: usize, value: f64) {
        self.cells[i * self.size + j] += value;
    }

    /// Puts the lower triangular factor L, with A = L Lᵀ, in place of the lower triangle of A; what stands above the
    /// diagonal is not read. False when A is not positive definite.
    pub fn factor(&mut self) -> bool {
        let n = self.size;
        for start in (0..n).step_by(BLOCK) {
            let end = (start + BLOCK).min(n);
            let (done, rest) = self.cells.split_at_mut(start * n);
            let block = &mut rest[..(end - start) * n];
            for j in 0..start {
                let (row, pivot) = (&done[j * n..j * n + j], done[j * n + j]);
                for rows in block.chunks_mut(4 * n) {
                    let sums = products(row, rows, n, 0..j);
                    for (row, sum) in rows.chunks_exact_mut(n).zip(sums) {
                        row[j] = (row[j] - sum) / pivot;
                    }
                }
            }
            for i in start..end {
                for j in start..=i {
                    let rest = self.at(i, j) - dot(&self.row(i)[..j], &self.row(j)[..j]);
                    self.cells[i * n + j] = if i > j {
                        rest / self.at(j, j)
                    } else if rest > 0.0 {
                        rest.sqrt()
                    } else {
                        return false;
                    };
                }
            }
        }
        true
    }

    /// With the factor L in place: twice the sum of the logarithms of its diagonal, the logarithm of A's determinant.
    pub fn log_determinant(&self) -> f64 {
        2.0 * (0..self.size).map(|i| libm::log(self.at(i, i))).sum::<f64>()
    }

    /// With the factor L in place: x of A x = b.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for i in 0..self.size {
            x[i] = (x[i] - dot(&self.row(i)[..i], &x[..i])) / self.at(i, i);
        }
        for i in (0..self.size).rev() {
            x[i] /= self.at(i, i);
            let value = x[i];
            for (x, l) in x[..i].iter_mut().zip(&self.row(i)[..i]) {
                *x -= value * l;
            }
        }
        x
    }

    /// With the factor L in place: the inverse of L, column by column; row j holds column j, with zeros before j.
    pub fn inverse_columns(&self) -> Self {
        let n = self.size;
        let mut columns = Self::zero(n);
        for start in (0..n).step_by(BLOCK) {
            let end = (start + BLOCK).min(n);
            let block = &mut columns.cells[start * n..end * n];
            for (place, column) in block.chunks_exact_mut(n).enumerate() {
                column[start + place] = 1.0;
            }
            for i in start..n {
                let (row, pivot) = (&self.row(i)[start..i], self.at(i, i));
                for rows in block.chunks_mut(4 * n) {
                    let sums = products(row, rows, n, start..i);
                    for (column, sum) in rows.chunks_exact_mut(n).zip(sums) {
                        column[i] = (column[i] - sum) / pivot;
                    }
                }
            }
        }
        columns
    }

    /// With the columns of the inverse of L in place: the whole inverse of A.
    pub fn products(&self) -> Self {
        let n = self.size;
        let mut inverse = Self::zero(n);
        for start in (0..n).step_by(BLOCK) {
            let end = (start + BLOCK).min(n);
            for j in 0..end {
                for (rows, first) in self.cells[start * n..end * n].chunks(4 * n).zip((start..end).step_by(4)) {
                    // All are zero before their own place, so one beginning serves them.
                    let from = first.max(j);
                    let sums = products(&self.row(j)[from..], rows, n, from..n);
                    for (i, sum) in (first..end.min(first + 4)).zip(sums) {
                        inverse.cells[i * n + j] = sum;
                        inverse.cells[j * n + i] = sum;
                    }
                }
            }
        }
        inverse
    }
}

/// Rows worked on together: few enough to stay in a processor's cache, enough to read the others seldom.
const BLOCK: usize = 32;

/// The sums of products of one row with this part of up to four rows that follow each other.
fn products(row: &[f64], rows: &[f64], size: usize, part: std::ops::Range<usize>) -> [f64; 4] {
    let (a, b) = (part.start, part.end);
    if rows.len() == 4 * size {
        let [r0, r1, r2, r3] = [0, 1, 2, 3].map(|k| &rows[k * size + a..k * size + b]);
        return four(row, r0, r1, r2, r3);
    }
    let mut sums = [0.0; 4];
    for (sum, other) in sums.iter_mut().zip(rows.chunks_exact(size)) {
        *sum = dot(row, &other[a..b]);
    }
    sums
}

/// The sum of products of two rows of the same length.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let (a, b) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for lane in 0..4 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest
}

/// The sums of products of one row with four others of the same length.
fn four(a: &[f64], b0: &[f64], b1: &[f64], b2: &[f64], b3: &[f64]) -> [f64; 4] {
    let n = a.len();
    let (b0, b1, b2, b3) = (&b0[..n], &b1[..n], &b2[..n], &b3[..n]);
    let mut lanes = [[0.0; 2]; 4];
    let even = n - n % 2;
    let mut k = 0;
    while k < even {
        for lane in 0..2 {
            let value = a[k + lane];
            lanes[0][lane] += value * b0[k + lane];
            lanes[1][lane] += value * b1[k + lane];
            lanes[2][lane] += value * b2[k + lane];
            lanes[3][lane] += value * b3[k + lane];
        }
        k += 2;
    }
    let mut sums = lanes.map(|lane| lane[0] + lane[1]);
    if even < n {
        sums[0] += a[even] * b0[even];
        sums[1] += a[even] * b1[even];
        sums[2] += a[even] * b2[even];
        sums[3] += a[even] * b3[even];
    }
    sums
}
