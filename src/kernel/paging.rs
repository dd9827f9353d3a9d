//! A page of a list.

/// Which page of how many rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// From 1.
    pub page: u64,
    pub size: u64,
}

impl Paging {
    pub const SIZES: [u64; 3] = [25, 50, 100];

    /// Takes what came with the address; anything odd becomes the first page of 25.
    pub fn from_text(page: Option<&str>, size: Option<&str>) -> Self {
        let page = page.and_then(|p| p.parse().ok()).filter(|p| (1..=100_000).contains(p)).unwrap_or(1);
        let size = size.and_then(|s| s.parse().ok()).filter(|s| (1..=200).contains(s)).unwrap_or(25);
        Self { page, size }
    }

    pub fn offset(self) -> u64 {
        (self.page - 1) * self.size
    }
}

impl Default for Paging {
    fn default() -> Self {
        Self { page: 1, size: 25 }
    }
}

/// The rows of one page, and how many there are in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed<T> {
    pub rows: Vec<T>,
    pub total: u64,
    pub page: u64,
    pub size: u64,
}

impl<T> Listed<T> {
    pub fn new(rows: Vec<T>, total: u64, paging: Paging) -> Self {
        Self { rows, total, page: paging.page, size: paging.size }
    }

    pub fn pages(&self) -> u64 {
        self.total.div_ceil(self.size.max(1)).max(1)
    }

    pub fn first(&self) -> u64 {
        if self.rows.is_empty() { 0 } else { (self.page - 1) * self.size + 1 }
    }

    pub fn last(&self) -> u64 {
        (self.page - 1) * self.size + self.rows.len() as u64
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Listed<U> {
        Listed { rows: self.rows.into_iter().map(f).collect(), total: self.total, page: self.page, size: self.size }
    }
}
