//! Which items of a core are decided, in two bits each.

/// Items decided in a part of the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    decided: Box<[u64]>,
    taken: Box<[u64]>,
}

impl Fixed {
    pub fn none(items: usize) -> Self {
        let words = vec![0; items.div_ceil(64)].into_boxed_slice();
        Self { decided: words.clone(), taken: words }
    }

    /// Whether an item is taken or barred; none when it is free.
    pub fn get(&self, item: usize) -> Option<bool> {
        let (word, bit) = (item / 64, 1 << (item % 64));
        (self.decided[word] & bit != 0).then(|| self.taken[word] & bit != 0)
    }

    pub fn free(&self, item: usize) -> bool {
        self.decided[item / 64] & 1 << (item % 64) == 0
    }

    pub fn set(&mut self, item: usize, taken: bool) {
        let (word, bit) = (item / 64, 1 << (item % 64));
        self.decided[word] |= bit;
        if taken {
            self.taken[word] |= bit;
        } else {
            self.taken[word] &= !bit;
        }
    }
}
