//! C entry points of the family.

#![allow(unsafe_code, non_camel_case_types)]

use super::{
    Clicks, Method, Pointwise, Protocol, RowKind, Rows, Scheme, Stream, Targets, build_stream,
    feedback_weights, pointwise, served,
};
use crate::error::{Error, Status, check_size};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, avocet_workspace, threads};
use crate::ffi::memory::{Growing, Memory, allocate, flag, free, handle, handle_mut, load_growing, one_of};
use std::ffi::CStr;

/// A click without a conversion so far: it never converts, or late.
pub const AVOCET_ROW_NEGATIVE: i32 = 0;
/// A click that converted within the wait window.
pub const AVOCET_ROW_IMMEDIATE_POSITIVE: i32 = 1;
/// The copy of a click that converted after the window.
pub const AVOCET_ROW_DELAYED_POSITIVE: i32 = 2;
/// The copy of a click that did not convert in time.
pub const AVOCET_ROW_REAL_NEGATIVE: i32 = 3;

/// Labels as they are: `(1, 0)`, `(0, 1)`. Also the oracle, and the training of FNC (`avocet_feedback_served`).
pub const AVOCET_FEEDBACK_VANILLA: i32 = 0;
/// FNW (Ktena et al., RecSys 2019): `(1 + f, 0)`, `(0, (1 - f)(1 + f))`.
pub const AVOCET_FEEDBACK_FNW: i32 = 1;
/// FSIW (Yasui et al., WWW 2020): `(1 / (d + 1e-8), 0)`, `(0, r)`; d and r are its heads, the probabilities that a
/// positive and a negative are what they are observed to be.
pub const AVOCET_FEEDBACK_FSIW: i32 = 2;
/// ES-DFM (Yang et al., AAAI 2021): `(1 + d, 0)`, `(0, (1 + d) r)`.
pub const AVOCET_FEEDBACK_ES_DFM: i32 = 3;
/// DEFER (Gu et al., KDD 2021): `(clip(f / (f - d / 2)), 0)`, `(0, (1 - f) / (1 - f + d / 2))`.
pub const AVOCET_FEEDBACK_DEFER: i32 = 4;
/// FNW with real negatives: `(1, 0)`, `(0, (1 - f) / (2 - f))`.
pub const AVOCET_FEEDBACK_FNW_REAL: i32 = 5;
/// ES-DFM with real negatives: `(t, 0)`, `(0, t (1 - f) / (2 (1 - f) + d))`, t = 2 - f + d.
pub const AVOCET_FEEDBACK_ES_DFM_REAL: i32 = 6;
/// DEFUSE (Chen et al., WWW 2022): immediate `(1 + d, 0)`, delayed `(1, 0)`, others `((1 - r) d, r (1 + d))`.
pub const AVOCET_FEEDBACK_DEFUSE: i32 = 7;
/// DEFUSE without a window: `(1, 0)`, `(f^2, 1 - f^2)`.
pub const AVOCET_FEEDBACK_FNW_DEFUSE: i32 = 8;
/// The head of Bi-DEFUSE for conversions within the window: `(1, 0)`, `(0, 1)`; delayed copies `(0, 0)`.
pub const AVOCET_FEEDBACK_BI_DEFUSE_IN_WINDOW: i32 = 9;
/// The head of Bi-DEFUSE for late conversions, f its own: delayed copies `(1, 0)`, first rows `(f^2, 1 - f^2)`.
pub const AVOCET_FEEDBACK_BI_DEFUSE_LATE: i32 = 10;
/// ULC (Wang et al., CIKM 2023): `(1, 0)`, `(d, 1 - d)`, d the head's soft label.
pub const AVOCET_FEEDBACK_ULC: i32 = 11;
/// DFM (Chapelle, KDD 2014): `(1, 0)`, `(p, 1 - p)`, p = sigmoid(logit - softplus(first) * second): `first` gives the
/// rate of conversions, `second` the time since the click, at least 0.
pub const AVOCET_FEEDBACK_DFM: i32 = 12;

/// One row when the window ends: a positive if it converted by then, else a negative. For Vanilla, FSIW, ULC.
pub const AVOCET_PROTOCOL_WINDOW: i32 = 0;
/// A negative at once, a delayed positive at the conversion; the window counts as 0. For FNW, FNC, FNW-DEFUSE.
pub const AVOCET_PROTOCOL_IMMEDIATE: i32 = 1;
/// As window, and a delayed positive at a late conversion. For ES-DFM, DEFUSE, Bi-DEFUSE.
pub const AVOCET_PROTOCOL_DELAYED: i32 = 2;
/// As delayed, and a real negative when the attribution ends. For ES-DFM with real negatives.
pub const AVOCET_PROTOCOL_DELAYED_REAL: i32 = 3;
/// As delayed with real negatives, and immediate positives twice. For DEFER.
pub const AVOCET_PROTOCOL_DUPLICATE: i32 = 4;
/// As immediate, and a real negative when the attribution ends. For FNW with real negatives.
pub const AVOCET_PROTOCOL_IMMEDIATE_REAL: i32 = 5;

/// The time of what does not happen (`INT64_MAX`).
pub const AVOCET_NEVER: i64 = 0x7fff_ffff_ffff_ffff;

/// What rows are to learn: either labels, with or without weights, or coefficients.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_logistic_targets {
    /// `sizeof(avocet_logistic_targets)`.
    pub struct_size: usize,
    /// Labels in [0, 1], which give `a = weight * label`, `b = weight * (1 - label)`; fractions are soft labels.
    pub labels: *const f32,
    /// A weight for each row. NULL stands for ones.
    pub weights: *const f32,
    /// In place of labels: the coefficients of `softplus(-x)`.
    pub a: *const f32,
    /// The coefficients of `softplus(x)`.
    pub b: *const f32,
    /// 1 if weights and coefficients may be negative, else 0.
    pub signed_weights: i32,
    /// 0.
    pub reserved: i32,
}

// SAFETY: no padding (8, 4 * 8, 2 * 4 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_logistic_targets {
    const NAMES: [&'static CStr; 2] = [c"targets.struct_size", c"targets.reserved"];
    fn reserved(&self) -> i32 {
        self.reserved
    }
}

/// The logistic loss of each row from its logit x, with derivatives:
///
/// `losses[i] = a softplus(-x) + b softplus(x)`,
/// `gradient[i] = b sigmoid(x) - a sigmoid(-x)`,
/// `curvature[i] = (a + b) sigmoid(x) sigmoid(-x)`, and `*sum` the sum of the losses.
///
/// Shapes: all arrays hold `rows` values; any output may be NULL. Weights and coefficients are finite and, unless
/// `signed_weights` is 1, not negative. Accuracy, in units in the last place of the same expression with |a| and |b|,
/// for coefficients up to 2^90: gradient 1.8, curvature 1.5, loss 1.8; nothing cancels, and nothing underflows before
/// the subnormals end.
///
/// Order: each row stands alone. The sum: in a leaf of 1024 rows loss i goes to lane i mod 16 of one accumulator in two
/// parts (two-sum); lanes are added in f64 in their order, leaves by the fixed tree. A NaN logit gives NaN, an infinite
/// one the limits (a coefficient of 0 gives 0). NaN results are canonical. Threads: leaves are shared among the pool's
/// threads. Workspace: 16 bytes for each leaf. Time: linear. Sums over parts of the rows: see `avocet_logistic_parts`.
///
/// Errors: NOT_FINITE and INVALID_ARGUMENT (`targets`: the first value out of range, with its position; it is found on
/// the way, so losses, gradient and curvature are unspecified then, `*sum` as it was); before anything is touched
/// INVALID_ARGUMENT (flag, alignment; labels or weights beside coefficients), NULL_POINTER, SIZE_OVERFLOW (`rows`),
/// OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_logistic_pointwise(
    logits: *const f32,
    targets: *const avocet_logistic_targets,
    losses: *mut f32,
    gradient: *mut f32,
    curvature: *mut f32,
    sum: *mut f64,
    rows: usize,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<7>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            check_rows(rows)?;
            let logits = memory.read(logits, rows, c"logits")?;
            let (targets, signed) = load_targets(&mut memory, targets, rows)?;
            let out = Pointwise {
                losses: memory.write_optional(losses, rows, c"losses")?,
                gradient: memory.write_optional(gradient, rows, c"gradient")?,
                curvature: memory.write_optional(curvature, rows, c"curvature")?,
                sum: memory.write_optional(sum, 1, c"sum")?.map(|sum| &mut sum[0]),
            };
            let pool = threads(pool)?;
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            pointwise(logits, targets, signed, out, pool, workspace)
        }
    };
    let names = names![logits, targets, losses, gradient, curvature, sum, rows, pool, workspace];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, call) }
}

/// The targets of a call, and whether their weights may be negative.
///
/// # Safety
/// `targets` is NULL or points to targets; their arrays are as for [`Memory::read`].
pub(crate) unsafe fn load_targets<'a, const N: usize>(
    memory: &mut Memory<N>,
    targets: *const avocet_logistic_targets,
    rows: usize,
) -> Result<(Targets<'a>, bool), Error> {
    // SAFETY: as this function.
    unsafe {
        let given = load_growing(targets, c"targets")?;
        let signed = flag(given.signed_weights, c"targets.signed_weights")?;
        if given.a.is_null() && given.b.is_null() {
            let labels = memory.read(given.labels, rows, c"targets.labels")?;
            let weights = memory.read_optional(given.weights, rows, c"targets.weights")?;
            return Ok((Targets::Labels { labels, weights }, signed));
        }
        for (absent, name) in [(given.labels, c"targets.labels"), (given.weights, c"targets.weights")] {
            if !absent.is_null() {
                return Err(Error::new(Status::InvalidArgument, name));
            }
        }
        let a = memory.read(given.a, rows, c"targets.a")?;
        let b = memory.read(given.b, rows, c"targets.b")?;
        Ok((Targets::Coefficients { a, b }, signed))
    }
}

/// Refuses a number of rows of which no array of the widest type can be made.
pub(crate) fn check_rows(rows: usize) -> Result<(), Error> {
    crate::ffi::memory::check_len::<f64>(rows, c"rows")
}

/// Weights of `avocet_feedback_weights`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_feedback_scheme {
    /// `sizeof(avocet_feedback_scheme)`.
    pub struct_size: usize,
    /// The method: `AVOCET_FEEDBACK_*`.
    pub method: i32,
    /// 0 for the published weights, which correct P(y | x); 1 for the joint ones, which also divide by the number of
    /// rows that a click gives on average. Joint weights stay unbiased when the heads know signals that the model does
    /// not (add-to-cart, coupon clip).
    pub joint: i32,
    /// The least value of the ratios of positives in DEFER and FSIW, at least 0.
    pub clip_low: f32,
    /// Their greatest value. If both are 0, they stand for the method's own range: 1 to 3 in DEFER, any in FSIW.
    pub clip_high: f32,
}

// SAFETY: no padding (8, 4 * 4 bytes); numbers only.
unsafe impl Growing for avocet_feedback_scheme {
    const NAMES: [&'static CStr; 2] = [c"scheme.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

/// Importance weights for labels that arrive late: the coefficients `a` and `b` of each row, for
/// `avocet_logistic_pointwise`.
///
/// With f = sigmoid of the model's `logits`, d = sigmoid of `first` = P(converts after the window) and r = sigmoid of
/// `second` = P(never converts | not within the window), the formulas stand with each method, first for positive rows,
/// then for the others. All predictions count as constants. Joint weights are divided by `1 + f` (FNW, FNW-DEFUSE,
/// Bi-DEFUSE late), `1 + d` (ES-DFM, DEFUSE), `2 - f + d` (ES-DFM with real negatives) or 2 (DEFER); the other methods
/// are joint as published.
///
/// Shapes: all arrays hold `rows` values. `kinds` are `AVOCET_ROW_*`; `logits`, `first` and `second` may be NULL where
/// the method's formulas do not name them. Order: the formulas as they stand, each row alone; probabilities and their
/// complements are each computed from the logit, so that neither cancels. A NaN that goes in comes out, canonical.
/// Threads: rows are shared among the pool's threads; nothing is allocated. Time: linear.
///
/// Errors: INVALID_ARGUMENT (`kinds`: the first unknown kind, with its position; it is found on the way, so `a` and `b`
/// are unspecified then); before anything is touched INVALID_ARGUMENT (method, flag, clip, alignment), NULL_POINTER,
/// SIZE_OVERFLOW (`rows`), OVERLAP, STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_feedback_weights(
    scheme: *const avocet_feedback_scheme,
    kinds: *const u8,
    logits: *const f32,
    first: *const f32,
    second: *const f32,
    a: *mut f32,
    b: *mut f32,
    rows: usize,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<6>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let given = load_growing(scheme, c"scheme")?;
            let methods = Method::ALL.map(|method| (method as i32, method));
            let method = one_of(&methods, given.method, c"scheme.method")?;
            let joint = flag(given.joint, c"scheme.joint")?;
            let mut scheme = Scheme { joint, ..Scheme::new(method) };
            if given.clip_high != 0.0 || given.clip_low != 0.0 {
                (scheme.clip_low, scheme.clip_high) = (given.clip_low, given.clip_high);
            }
            check_rows(rows)?;
            let rows_in = Rows {
                kinds: memory.read(kinds, rows, c"kinds")?,
                logits: memory.read_optional(logits, rows, c"logits")?,
                first: memory.read_optional(first, rows, c"first")?,
                second: memory.read_optional(second, rows, c"second")?,
            };
            let a = memory.write(a, rows, c"a")?;
            let b = memory.write(b, rows, c"b")?;
            feedback_weights(scheme, rows_in, a, b, threads(pool)?)
        }
    };
    let names = names![scheme, kinds, logits, first, second, a, b, rows, pool];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, call) }
}

/// What FNC serves in place of its own probability q: `out[i] = q / (1 - q)`, at most 1, which is `min(e^logit, 1)`.
///
/// Shapes: both arrays hold `len` f32. Order: each element stands alone, exp as `avocet_map`. NaN results are canonical.
/// Threads: elements are shared among the pool's threads; nothing is allocated. Time: linear.
///
/// Errors, before `out` is touched: INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW (`len`), OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_feedback_served(
    logits: *const f32,
    out: *mut f32,
    len: usize,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            crate::ffi::memory::check_len::<f32>(len, c"len")?;
            let logits = memory.read(logits, len, c"logits")?;
            let out = memory.write(out, len, c"out")?;
            served(logits, out, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![logits, out, len, pool], call) }
}

/// The rows of a stream with delayed conversions, in the order of the time at which a learner may use them. Made by
/// `avocet_stream_create`; never changes, so any number of threads may read one at once.
pub struct avocet_stream(Stream);

/// Builds the stream of a protocol from `len` clicks and stores it in `*out`.
///
/// `times` says when a click was, `conversions` when it converted, not before the click, `signals` when its early
/// signal came (NULL stands for none): in any unit, `AVOCET_NEVER` for what does not happen. `window` is how long a
/// first row waits, `attribution` how long a conversion counts; a later one is none. A conversion at the very end of
/// the window is within it, one at the end of the attribution counts. The protocols, `AVOCET_PROTOCOL_*`, say which
/// rows a click gives.
///
/// Rows of equal time are in the order of the clicks, first rows before copies. Allocates the stream (14 bytes a row)
/// and, for the time of the call, 16 bytes a row. Time: sorting the rows; on the calling thread.
///
/// Errors: INVALID_ARGUMENT (protocol; a `window` below 0, an `attribution` below the window; a conversion before its
/// click, with its position and time; alignment), SIZE_OVERFLOW (`len`, 2^31 clicks or more; a time beyond 64 bits, with
/// the click's position), NULL_POINTER, OVERLAP, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_stream_create(
    protocol: i32,
    times: *const i64,
    conversions: *const i64,
    signals: *const i64,
    len: usize,
    window: i64,
    attribution: i64,
    out: *mut *mut avocet_stream,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let protocols = Protocol::ALL.map(|protocol| (protocol as i32, protocol));
            let protocol = one_of(&protocols, protocol, c"protocol")?;
            crate::ffi::memory::check_len::<i64>(len, c"len")?;
            let clicks = Clicks {
                times: memory.read(times, len, c"times")?,
                conversions: memory.read(conversions, len, c"conversions")?,
                signals: memory.read_optional(signals, len, c"signals")?,
            };
            let out = memory.write_one(out, c"out")?;
            *out = allocate(avocet_stream(build_stream(protocol, clicks, window, attribution)?))?;
            Ok(())
        }
    };
    let names = names![protocol, times, conversions, signals, len, window, attribution, out];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, call) }
}

/// The number of rows of a stream; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_stream_rows(stream: *const avocet_stream) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { stream.as_ref() }.map_or(0, |stream| stream.0.times.len())
}

/// Copies the rows of a stream: when each may be used, the position of its click, its kind (`AVOCET_ROW_*`), and 1 if
/// the click's signal had come when its window ended, else 0. Any output may be NULL; `len` must be the number of rows.
///
/// Errors: NULL_POINTER, SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_stream_copy(
    stream: *const avocet_stream,
    times: *mut i64,
    clicks: *mut u32,
    kinds: *mut u8,
    signals: *mut u8,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let stream = &handle(stream, c"stream")?.0;
            check_size(len, stream.times.len(), c"len")?;
            let times = memory.write_optional(times, len, c"times")?;
            let clicks = memory.write_optional(clicks, len, c"clicks")?;
            let kinds = memory.write_optional(kinds, len, c"kinds")?;
            let signals = memory.write_optional(signals, len, c"signals")?;
            copy(times, &stream.times);
            copy(clicks, &stream.clicks);
            copy(kinds, &stream.kinds);
            copy(signals, &stream.signals);
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![stream, times, clicks, kinds, signals, len], call) }
}

fn copy<T: Copy>(to: Option<&mut [T]>, from: &[T]) {
    if let Some(to) = to {
        to.copy_from_slice(from);
    }
}

/// Frees a stream. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_stream_destroy(stream: *mut avocet_stream) {
    // SAFETY: the caller vouches for the arguments.
    unsafe { free(stream) }
}

const _: () = {
    assert!(AVOCET_NEVER == super::NEVER);
    assert!(AVOCET_ROW_NEGATIVE == RowKind::Negative as i32);
    assert!(AVOCET_ROW_IMMEDIATE_POSITIVE == RowKind::ImmediatePositive as i32);
    assert!(AVOCET_ROW_DELAYED_POSITIVE == RowKind::DelayedPositive as i32);
    assert!(AVOCET_ROW_REAL_NEGATIVE == RowKind::RealNegative as i32);
    assert!(AVOCET_FEEDBACK_VANILLA == Method::Vanilla as i32);
    assert!(AVOCET_FEEDBACK_FNW == Method::Fnw as i32);
    assert!(AVOCET_FEEDBACK_FSIW == Method::Fsiw as i32);
    assert!(AVOCET_FEEDBACK_ES_DFM == Method::EsDfm as i32);
    assert!(AVOCET_FEEDBACK_DEFER == Method::Defer as i32);
    assert!(AVOCET_FEEDBACK_FNW_REAL == Method::FnwReal as i32);
    assert!(AVOCET_FEEDBACK_ES_DFM_REAL == Method::EsDfmReal as i32);
    assert!(AVOCET_FEEDBACK_DEFUSE == Method::Defuse as i32);
    assert!(AVOCET_FEEDBACK_FNW_DEFUSE == Method::FnwDefuse as i32);
    assert!(AVOCET_FEEDBACK_BI_DEFUSE_IN_WINDOW == Method::BiDefuseInWindow as i32);
    assert!(AVOCET_FEEDBACK_BI_DEFUSE_LATE == Method::BiDefuseLate as i32);
    assert!(AVOCET_FEEDBACK_ULC == Method::Ulc as i32);
    assert!(AVOCET_FEEDBACK_DFM == Method::Dfm as i32);
    assert!(AVOCET_PROTOCOL_WINDOW == Protocol::Window as i32);
    assert!(AVOCET_PROTOCOL_IMMEDIATE == Protocol::Immediate as i32);
    assert!(AVOCET_PROTOCOL_DELAYED == Protocol::Delayed as i32);
    assert!(AVOCET_PROTOCOL_DELAYED_REAL == Protocol::DelayedReal as i32);
    assert!(AVOCET_PROTOCOL_DUPLICATE == Protocol::Duplicate as i32);
    assert!(AVOCET_PROTOCOL_IMMEDIATE_REAL == Protocol::ImmediateReal as i32);
};
