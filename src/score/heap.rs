//! The best of many candidates, in a total order.

/// Whether `a` ranks before `b`.
fn before<I: Ord>(a: (f32, I), b: (f32, I)) -> bool {
    a.0 > b.0 || (a.0 == b.0 && a.1 < b.1)
}

/// A binary heap in the output's own memory, the worst of the best at its root.
pub(super) struct Heap<'a, I> {
    pub ids: &'a mut [I],
    pub scores: &'a mut [f32],
    pub used: usize,
}

impl<I: Copy + Ord> Heap<'_, I> {
    fn get(&self, at: usize) -> (f32, I) {
        (self.scores[at], self.ids[at])
    }

    fn set(&mut self, at: usize, (score, id): (f32, I)) {
        (self.scores[at], self.ids[at]) = (score, id);
    }

    /// Takes a candidate in if it ranks among the best so far.
    pub(super) fn offer(&mut self, score: f32, id: I) {
        let candidate = (score, id);
        if self.used < self.ids.len() {
            let mut at = self.used;
            self.used += 1;
            while at > 0 && before(self.get((at - 1) / 2), candidate) {
                self.set(at, self.get((at - 1) / 2));
                at = (at - 1) / 2;
            }
            self.set(at, candidate);
        } else if self.used > 0 && before(candidate, self.get(0)) {
            self.sink(candidate, self.used);
        }
    }

    /// Puts `entry` in the place of the root of a heap of `len`.
    fn sink(&mut self, entry: (f32, I), len: usize) {
        let mut at = 0;
        loop {
            let mut child = 2 * at + 1;
            if child >= len {
                break;
            }
            if child + 1 < len && before(self.get(child), self.get(child + 1)) {
                child += 1;
            }
            if !before(entry, self.get(child)) {
                break;
            }
            self.set(at, self.get(child));
            at = child;
        }
        self.set(at, entry);
    }

    /// Turns the heap into a list, best first, and fills the unused places with `none`.
    pub(super) fn sort(mut self, none: I) {
        for len in (1..self.used).rev() {
            let (worst, last) = (self.get(0), self.get(len));
            self.sink(last, len);
            self.set(len, worst);
        }
        self.ids[self.used..].fill(none);
        self.scores[self.used..].fill(f32::NEG_INFINITY);
    }
}
