//! Straight loops over sparse rows and the state of an optimiser. They trust their arguments: `sparse.rs` has checked
//! them.
//!
//! A coordinate is two f32 side by side, so that one cache line has all of it. The second of them is never negative:
//! within a minibatch its sign bit says that the coordinate is in use, and the first then holds the number of its slot
//! in dense scratch arrays. So no coordinate is stepped twice, without sorting or hashing, and all arithmetic is on
//! dense vectors; if the minibatch fails, the scratch arrays still have what the coordinates were.

use crate::logistic::Targets;
use crate::logistic::kernel::{coefficients, load_at, store_at};
use crate::simd::logit::Logit;
use crate::simd::{LANES, Simd};
use crate::view::Csr;
use std::ops::Range;

/// The two numbers of a coordinate: z and n in FTRL; the weight and the sum of squares in Adagrad; the weight and 0 in
/// SGD.
pub(crate) type Coordinate = [f32; 2];

/// In the bits of a coordinate's second number: the first one is the number of a slot.
const IN_USE: u32 = 1 << 31;

/// How many edges ahead coordinates are asked for: enough to hide memory, few enough to stay in the first cache.
const AHEAD: usize = 64;

/// The edges of four accumulators, by which long rows are cut.
const RUN: usize = 4 * LANES;

/// The numbers of an optimiser's step.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    Ftrl { alpha: f32, over_alpha: f32, beta: f32, l1: f32, alpha_l2: f32 },
    Adagrad { rate: f32, epsilon: f32, l2: f32 },
    Sgd { rate: f32, l2: f32 },
}

/// L1 and L2 of 16 coordinates.
struct Penalties<S: Simd> {
    l1: S::F32,
    l2: S::F32,
}

impl Rule {
    /// L1 and L2; the latter times alpha in FTRL.
    #[inline(always)]
    fn penalties(self) -> [f32; 2] {
        match self {
            Rule::Ftrl { l1, alpha_l2, .. } => [l1, alpha_l2],
            Rule::Adagrad { l2, .. } | Rule::Sgd { l2, .. } => [0.0, l2],
        }
    }

    #[inline(always)]
    fn usual<S: Simd>(self, s: S) -> Penalties<S> {
        let [l1, l2] = self.penalties();
        Penalties { l1: s.splat(l1), l2: s.splat(l2) }
    }

    /// Penalties of all lanes but one: the intercept has none.
    #[inline(always)]
    fn with_free<S: Simd>(self, s: S, lane: usize) -> Penalties<S> {
        let [l1, l2] = self.penalties();
        let (mut l1, mut l2) = ([l1; LANES], [l2; LANES]);
        (l1[lane], l2[lane]) = (0.0, 0.0);
        Penalties { l1: s.load(&l1), l2: s.load(&l2) }
    }

    /// The weights of 16 coordinates.
    #[inline(always)]
    fn weight<S: Simd>(self, s: S, penalties: &Penalties<S>, first: S::F32, second: S::F32) -> S::F32 {
        let Rule::Ftrl { alpha, beta, .. } = self else { return first };
        let beyond = s.sub(s.abs(first), penalties.l1);
        let slope = s.add(s.add(s.sqrt(second), s.splat(beta)), penalties.l2);
        let size = s.div(s.mul(s.splat(alpha), beyond), slope);
        let weight = s.copy_sign(size, s.sub(s.zero(), first));
        s.select(s.less(s.zero(), beyond), weight, s.zero())
    }

    /// 16 coordinates after a step.
    #[inline(always)]
    fn step<S: Simd>(
        self,
        s: S,
        penalties: &Penalties<S>,
        first: S::F32,
        second: S::F32,
        weight: S::F32,
        gradient: S::F32,
    ) -> (S::F32, S::F32) {
        let squares = s.min(s.fma(gradient, gradient, second), s.splat(f32::MAX));
        let idle = s.equal(gradient, s.zero());
        match self {
            Rule::Ftrl { over_alpha, .. } => {
                let growth = s.sub(s.sqrt(squares), s.sqrt(second));
                let sigma = s.mul(growth, s.splat(over_alpha));
                let z = s.sub(s.add(first, gradient), s.mul(sigma, weight));
                (s.select(idle, first, z), squares)
            }
            Rule::Adagrad { rate, epsilon, .. } => {
                let slope = s.fma(penalties.l2, weight, gradient);
                let change = s.div(slope, s.add(s.sqrt(squares), s.splat(epsilon)));
                let next = s.sub(weight, s.mul(s.splat(rate), change));
                (s.select(idle, first, next), squares)
            }
            Rule::Sgd { rate, .. } => {
                let slope = s.fma(penalties.l2, weight, gradient);
                let next = s.sub(weight, s.mul(s.splat(rate), slope));
                (s.select(idle, first, next), second)
            }
        }
    }
}

/// The number of a column.
pub(crate) trait Column: Copy {
    fn at(self) -> usize;
}

impl Column for u32 {
    #[inline(always)]
    fn at(self) -> usize {
        self as usize
    }
}

impl Column for i64 {
    #[inline(always)]
    fn at(self) -> usize {
        self as usize
    }
}

/// Runs an expression with the columns of [`Indices`] of whatever type.
macro_rules! each_column {
    ($indices:expr, $columns:ident => $run:expr) => {
        match $indices {
            $crate::view::Indices::U32($columns) => $run,
            $crate::view::Indices::I32(signed) => {
                let $columns: &[u32] = bytemuck::cast_slice(signed);
                $run
            }
            $crate::view::Indices::I64($columns) => $run,
        }
    };
}
pub(crate) use each_column;

/// The model.
pub(crate) struct State<'a> {
    pub coordinates: &'a mut [Coordinate],
    pub intercept: Option<&'a mut Coordinate>,
}

/// Sparse rows; `values` by edge, `margins` by row.
#[derive(Clone, Copy)]
pub(crate) struct RowsIn<'a> {
    pub csr: Csr<'a>,
    pub values: Option<&'a [f32]>,
    pub margins: Option<&'a [f32]>,
}

impl<'a> RowsIn<'a> {
    /// The edges of a row.
    #[inline(always)]
    pub(crate) fn edges(&self, row: usize) -> Range<usize> {
        self.csr.offsets.get(row) as usize..self.csr.offsets.get(row + 1) as usize
    }

    /// The values of some edges, if there are any.
    #[inline(always)]
    fn values_of(&self, edges: Range<usize>) -> Option<&'a [f32]> {
        let values = self.values?;
        Some(&values[edges])
    }
}

/// Arrays for one minibatch: one u32 an edge; one f32 a row; and of [`slots`] values each the others.
pub(crate) struct Scratch<'a> {
    pub slot_of_edge: &'a mut [u32],
    pub columns: &'a mut [u32],
    pub first: &'a mut [f32],
    pub second: &'a mut [f32],
    pub weights: &'a mut [f32],
    pub gradient: &'a mut [f32],
    pub row_gradient: &'a mut [f32],
}

/// Slots for the coordinates of so many edges: one more for the intercept, in whole vectors.
pub(crate) fn slots(edges: usize) -> Option<usize> {
    Some((edges / LANES).checked_add(1)? * LANES)
}

/// One minibatch: the logits of its rows by the weights as they are, the gradient of each coordinate over the rows in
/// their order, and one step of each coordinate. `targets` and `logits` are those of `rows`. False, and the state as it
/// was, if a logit or a step is not finite.
#[inline(always)]
pub(crate) fn learn<S: Simd>(
    s: S,
    rule: Rule,
    state: State<'_>,
    all: RowsIn<'_>,
    rows: Range<usize>,
    targets: Targets<'_>,
    logits: &mut [f32],
    scratch: Scratch<'_>,
) -> bool {
    let State { coordinates, mut intercept } = state;
    let Scratch { slot_of_edge, columns: taken, first, second, weights, gradient, row_gradient } = scratch;
    let edges = all.csr.offsets.get(rows.start) as usize..all.csr.offsets.get(rows.end) as usize;
    let slot_of_edge = &mut slot_of_edge[..edges.len()];
    let count = each_column!(all.csr.indices, columns =>
        take(s, coordinates, columns, edges.clone(), slot_of_edge, taken, first, second));
    // The intercept comes last, and after it zeros up to a whole vector.
    let used = count + usize::from(intercept.is_some());
    let padded = used.next_multiple_of(LANES);
    first[count..padded].fill(0.0);
    second[count..padded].fill(0.0);
    if let Some(intercept) = &intercept {
        [first[count], second[count]] = **intercept;
    }
    let last = padded.saturating_sub(LANES);
    let usual = rule.usual(s);
    let at_last = if intercept.is_some() { rule.with_free(s, count - last) } else { rule.usual(s) };

    let mut at = 0;
    while at < padded {
        let penalties = if at == last { &at_last } else { &usual };
        let weight = rule.weight(s, penalties, load_at(s, first, at), load_at(s, second, at));
        store_at(s, weights, at, weight);
        at += LANES;
    }

    // A row on its own without a repeated column has its weights side by side.
    let alone = rows.len() == 1 && count == edges.len();
    let mut finite = true;
    for row in rows.clone() {
        let own = all.edges(row);
        let values = all.values_of(own.clone());
        let mut logit = if alone {
            dot(s, &weights[..count], values)
        } else {
            gathered_dot(s, weights, &slot_of_edge[own.start - edges.start..own.end - edges.start], values)
        };
        if intercept.is_some() {
            logit += weights[count];
        }
        if let Some(margins) = all.margins {
            logit += margins[row];
        }
        finite &= logit.is_finite();
        logits[row - rows.start] = logit;
    }

    if finite {
        let mut at = 0;
        while at < rows.len() {
            // Which targets are out of range has been looked at.
            let (a, b, _) = coefficients(s, targets, true, at);
            let slope = Logit::new(s, load_at(s, logits, at)).gradient(s, a, b);
            store_at(s, row_gradient, at, slope);
            at += LANES;
        }
        if alone {
            add_alone(s, gradient, row_gradient[0], all.values, edges.clone(), padded);
        } else {
            gradient[..padded].fill(0.0);
            for row in rows.clone() {
                let own = all.edges(row);
                let slots = &slot_of_edge[own.start - edges.start..own.end - edges.start];
                add_row(gradient, slots, row_gradient[row - rows.start], all.values, own);
            }
        }
        if intercept.is_some() {
            let mut sum = 0.0;
            for slope in &row_gradient[..rows.len()] {
                sum += slope;
            }
            gradient[count] = sum;
        }
        // The step takes the place of weights and gradient: `first` and `second` are still what they were.
        let mut at = 0;
        while at < padded {
            let penalties = if at == last { &at_last } else { &usual };
            let old = (load_at(s, first, at), load_at(s, second, at));
            let (weight, slope) = (load_at(s, weights, at), load_at(s, gradient, at));
            let (new_first, new_second) = rule.step(s, penalties, old.0, old.1, weight, slope);
            // Squares of a finite gradient are at most the greatest f32.
            let infinity = s.splat(f32::INFINITY);
            let good = s.bits(s.less(s.abs(new_first), infinity)) & s.bits(s.less(s.abs(slope), infinity));
            finite &= good == u16::MAX;
            store_at(s, weights, at, new_first);
            store_at(s, gradient, at, new_second);
            at += LANES;
        }
    }

    let (new_first, new_second) = if finite { (&*weights, &*gradient) } else { (&*first, &*second) };
    let taken = &taken[..count];
    for ((&column, &a), &b) in taken.iter().zip(&new_first[..count]).zip(&new_second[..count]) {
        coordinates[column as usize] = [a, b];
    }
    if let Some(intercept) = &mut intercept {
        **intercept = [new_first[count], new_second[count]];
    }
    finite
}

/// Gives every coordinate of the edges a slot, in the order in which they first occur, and moves it there. The number
/// of slots.
#[inline(always)]
fn take<S: Simd, C: Column>(
    s: S,
    coordinates: &mut [Coordinate],
    columns: &[C],
    edges: Range<usize>,
    slot_of_edge: &mut [u32],
    taken: &mut [u32],
    first: &mut [f32],
    second: &mut [f32],
) -> usize {
    let room = edges.len() + 1;
    let (taken, first, second) = (&mut taken[..room], &mut first[..room], &mut second[..room]);
    let mut count = 0;
    for (edge, slot_of_edge) in edges.zip(slot_of_edge) {
        if edge + AHEAD < columns.len() {
            s.prefetch(&coordinates[columns[edge + AHEAD].at()]);
        }
        let column = columns[edge].at();
        let [a, b] = coordinates[column];
        let in_use = b.to_bits() & IN_USE;
        let slot = if in_use == 0 { count as u32 } else { a.to_bits() };
        // Written in any case, to do without a branch: a coordinate in use leaves the slot to the next one.
        taken[count] = column as u32;
        first[count] = a;
        second[count] = b;
        coordinates[column] = [f32::from_bits(slot), f32::from_bits(b.to_bits() | IN_USE)];
        *slot_of_edge = slot;
        count += usize::from(in_use == 0);
    }
    count
}

/// The sum of weights times values (ones if absent), in LANES16 order.
#[inline(always)]
fn dot<S: Simd>(s: S, weights: &[f32], values: Option<&[f32]>) -> f32 {
    match values {
        Some(values) => crate::simd::order::dot(s, weights, values),
        None => crate::simd::order::sum(s, weights),
    }
}

/// [`dot`] of the weights in some slots.
#[inline(always)]
fn gathered_dot<S: Simd>(s: S, weights: &[f32], slots: &[u32], values: Option<&[f32]>) -> f32 {
    let mut sums = [s.zero(); 4];
    let mut at = 0;
    while at < slots.len() {
        let len = RUN.min(slots.len() - at);
        let mut run = [0.0; RUN];
        for (to, &slot) in run.iter_mut().zip(&slots[at..at + len]) {
            *to = weights[slot as usize];
        }
        add_run(s, &mut sums, &run[..len], values, at);
        at += len;
    }
    s.fold(s.add(s.add(sums[0], sums[1]), s.add(sums[2], sums[3])))
}

/// Adds a run of weights, the first of which belongs to edge `at` of its row, to the four accumulators.
#[inline(always)]
fn add_run<S: Simd>(s: S, sums: &mut [S::F32; 4], run: &[f32], values: Option<&[f32]>, at: usize) {
    let mut from = 0;
    let mut which = 0;
    while from < run.len() {
        let weights = load_at(s, run, from);
        sums[which] = match values {
            Some(values) => {
                let len = LANES.min(run.len() - from);
                s.fma(weights, load_at(s, &values[..at + from + len], at + from), sums[which])
            }
            None => s.add(weights, sums[which]),
        };
        which += 1;
        from += LANES;
    }
}

/// Adds a row's part to the gradient: its slope times the value of each edge.
#[inline(always)]
fn add_row(gradient: &mut [f32], slots: &[u32], slope: f32, values: Option<&[f32]>, own: Range<usize>) {
    match values {
        Some(values) => {
            for (&slot, value) in slots.iter().zip(&values[own]) {
                gradient[slot as usize] += slope * value;
            }
        }
        None => {
            for &slot in slots {
                gradient[slot as usize] += slope;
            }
        }
    }
}

/// [`add_row`] to zeros, where slots are edges; and zeros up to `padded`.
#[inline(always)]
fn add_alone<S: Simd>(
    s: S,
    gradient: &mut [f32],
    slope: f32,
    values: Option<&[f32]>,
    own: Range<usize>,
    padded: usize,
) {
    let slope = s.splat(slope);
    let len = own.len();
    let mut at = 0;
    while at < len {
        let part = match values {
            Some(values) => s.add(s.mul(slope, load_at(s, &values[own.clone()], at)), s.zero()),
            None => s.add(slope, s.zero()),
        };
        store_at(s, gradient, at, part);
        at += LANES;
    }
    gradient[len..padded].fill(0.0);
}

/// The logits of `rows`.
#[inline(always)]
pub(crate) fn predict<S: Simd>(
    s: S,
    rule: Rule,
    coordinates: &[Coordinate],
    intercept: Option<Coordinate>,
    all: RowsIn<'_>,
    rows: Range<usize>,
    logits: &mut [f32],
) {
    let penalties = rule.usual(s);
    let free = match intercept {
        Some([first, second]) => {
            let none = rule.with_free(s, 0);
            let mut lanes = [0.0; LANES];
            s.store(&mut lanes, rule.weight(s, &none, s.splat(first), s.splat(second)));
            Some(lanes[0])
        }
        None => None,
    };
    for (row, out) in rows.zip(logits) {
        let own = all.edges(row);
        let values = all.values_of(own.clone());
        let mut sums = [s.zero(); 4];
        let mut at = 0;
        while at < own.len() {
            let len = RUN.min(own.len() - at);
            let (mut first, mut second) = ([0.0; RUN], [0.0; RUN]);
            let edges = own.start + at..own.start + at + len;
            each_column!(all.csr.indices, columns =>
                gather(s, coordinates, columns, edges, &mut first, &mut second));
            let mut from = 0;
            while from < len {
                let weight = rule.weight(s, &penalties, load_at(s, &first, from), load_at(s, &second, from));
                store_at(s, &mut first, from, weight);
                from += LANES;
            }
            add_run(s, &mut sums, &first[..len], values, at);
            at += len;
        }
        let mut logit = s.fold(s.add(s.add(sums[0], sums[1]), s.add(sums[2], sums[3])));
        if let Some(free) = free {
            logit += free;
        }
        if let Some(margins) = all.margins {
            logit += margins[row];
        }
        *out = if logit.is_nan() { crate::simd::CANONICAL_NAN } else { logit };
    }
}

/// The coordinates of some edges, at most [`RUN`].
#[inline(always)]
fn gather<S: Simd, C: Column>(
    s: S,
    coordinates: &[Coordinate],
    columns: &[C],
    edges: Range<usize>,
    first: &mut [f32; RUN],
    second: &mut [f32; RUN],
) {
    for ((edge, a), b) in edges.zip(first).zip(second) {
        if edge + AHEAD < columns.len() {
            s.prefetch(&coordinates[columns[edge + AHEAD].at()]);
        }
        [*a, *b] = coordinates[columns[edge].at()];
    }
}

/// The weights of some coordinates, with or without penalties.
#[inline(always)]
pub(crate) fn weights<S: Simd>(s: S, rule: Rule, coordinates: &[Coordinate], free: bool, out: &mut [f32]) {
    let penalties = if free { Penalties { l1: s.zero(), l2: s.zero() } } else { rule.usual(s) };
    for (coordinates, out) in coordinates.chunks(LANES).zip(out.chunks_mut(LANES)) {
        let (mut first, mut second) = ([0.0; LANES], [0.0; LANES]);
        for (i, &[a, b]) in coordinates.iter().enumerate() {
            (first[i], second[i]) = (a, b);
        }
        s.store_part(out, rule.weight(s, &penalties, s.load(&first), s.load(&second)));
    }
}
