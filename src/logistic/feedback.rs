//! Importance weights for labels that arrive late: from the kinds of rows and frozen predictions to the coefficients of
//! [`super::pointwise`].

use super::kernel::FeedbackRows;
use crate::error::{Error, Status, check_size};
use crate::map;
use crate::pool::{self, Pool};
use crate::simd::dispatch::kernels;

/// What a row of a stream with delayed conversions is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum RowKind {
    /// A click without a conversion so far: never converts, or late (a fake negative).
    Negative = 0,
    /// A click that converted within the wait window.
    ImmediatePositive = 1,
    /// The copy of a click that converted after the window, made when it did.
    DelayedPositive = 2,
    /// The copy of a click that did not convert in time, made when that is certain.
    RealNegative = 3,
}

impl RowKind {
    /// Every kind, in the order of its value.
    pub const ALL: [RowKind; 4] =
        [RowKind::Negative, RowKind::ImmediatePositive, RowKind::DelayedPositive, RowKind::RealNegative];
}

/// A published scheme of weights. With `f = sigmoid(logit)` of the model and `d`, `r` of the frozen heads; `(a, b)` of
/// positive rows (both kinds unless said), then of the others (likewise).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Method {
    /// Labels as they are: `(1, 0)`, `(0, 1)`. Also the oracle, and the training of FNC ([`served`] is its map).
    Vanilla = 0,
    /// Fake negative weighted (Ktena et al., RecSys 2019): `(1 + f, 0)`, `(0, (1 - f)(1 + f))`.
    Fnw = 1,
    /// FSIW (Yasui et al., WWW 2020): `(1 / (d + 1e-8), 0)`, `(0, r)` with `d` and `r` its two heads, the
    /// probabilities that a positive and a negative are what they are observed to be.
    Fsiw = 2,
    /// ES-DFM (Yang et al., AAAI 2021): `(1 + d, 0)`, `(0, (1 + d) r)`.
    EsDfm = 3,
    /// DEFER (Gu et al., KDD 2021): `(clip(f / (f - d / 2)), 0)`, `(0, (1 - f) / (1 - f + d / 2))`.
    Defer = 4,
    /// FNW with real negatives fed again: `(1, 0)`, `(0, (1 - f) / (2 - f))`.
    FnwReal = 5,
    /// ES-DFM with real negatives fed again: with `t = 2 - f + d`, `(t, 0)`, `(0, t (1 - f) / (2 (1 - f) + d))`.
    EsDfmReal = 6,
    /// DEFUSE (Chen et al., WWW 2022): immediate `(1 + d, 0)`, delayed `(1, 0)`, others `((1 - r) d, r (1 + d))`.
    Defuse = 7,
    /// DEFUSE without a window: `(1, 0)`, `(f^2, 1 - f^2)`.
    FnwDefuse = 8,
    /// The head of Bi-DEFUSE for conversions within the window: `(1, 0)`, `(0, 1)`; copies count nothing.
    BiDefuseInWindow = 9,
    /// The head of Bi-DEFUSE for late conversions, `f` its own: delayed `(1, 0)`, first rows `(f^2, 1 - f^2)`.
    BiDefuseLate = 10,
    /// ULC (Wang et al., CIKM 2023): `(1, 0)`, `(d, 1 - d)` with `d` the head's soft label.
    Ulc = 11,
    /// DFM (Chapelle, KDD 2014): `(1, 0)`, `(p, 1 - p)` with `p = sigmoid(logit - rate * elapsed)`, the probability of
    /// a later conversion; `rate` is the softplus of the first head, `elapsed` the second array, at least 0.
    Dfm = 12,
}

impl Method {
    /// Every method, in the order of its value.
    pub const ALL: [Method; 13] = [
        Method::Vanilla,
        Method::Fnw,
        Method::Fsiw,
        Method::EsDfm,
        Method::Defer,
        Method::FnwReal,
        Method::EsDfmReal,
        Method::Defuse,
        Method::FnwDefuse,
        Method::BiDefuseInWindow,
        Method::BiDefuseLate,
        Method::Ulc,
        Method::Dfm,
    ];

    /// Whether the weights depend on the model's own logits, the first head and the second.
    pub fn needs(self) -> [bool; 3] {
        match self {
            Method::Vanilla | Method::BiDefuseInWindow => [false; 3],
            Method::Fnw | Method::FnwReal | Method::FnwDefuse | Method::BiDefuseLate => [true, false, false],
            Method::Ulc => [false, true, false],
            Method::Defer | Method::EsDfmReal => [true, true, false],
            Method::Fsiw | Method::EsDfm | Method::Defuse => [false, true, true],
            Method::Dfm => [true; 3],
        }
    }
}

/// A method and how it is applied.
#[derive(Clone, Copy, Debug)]
pub struct Scheme {
    /// The method.
    pub method: Method,
    /// Divides the weights of a row by the number of rows that its click gives on average, so that every click counts 1:
    /// the ratio of the joint probabilities P(x, y) / Q(x, y). The published weights are those of P(y | x) alone. Joint
    /// weights stay unbiased when the heads know signals that the model does not (add-to-cart, coupon clip).
    pub joint: bool,
    /// The least value of the ratios that can grow without bound, those of positives in DEFER and FSIW; at least 0.
    pub clip_low: f32,
    /// The greatest value of those ratios.
    pub clip_high: f32,
}

impl Scheme {
    /// The method as published, with its range of ratios: [1, 3] for DEFER, none for the others.
    pub fn new(method: Method) -> Scheme {
        let (clip_low, clip_high) = if method == Method::Defer { (1.0, 3.0) } else { (0.0, f32::INFINITY) };
        Scheme { method, joint: false, clip_low, clip_high }
    }
}

/// What the rows of a stream are, one value a row.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// What each row is: [`RowKind`] as its number.
    pub kinds: &'a [u8],
    /// The model's logits, where the method needs them ([`Method::needs`]).
    pub logits: Option<&'a [f32]>,
    /// The first head's logits: d, P(converts after the window); for FSIW, ULC and DFM see [`Method`].
    pub first: Option<&'a [f32]>,
    /// The second head's logits: r, P(never converts | not within the window); for FSIW and DFM see [`Method`].
    pub second: Option<&'a [f32]>,
}

/// The coefficients `a` and `b` of each row for [`super::pointwise`], by a scheme of importance weights.
///
/// The predictions that go in count as constants: no gradient flows through a weight. Probabilities and their
/// complements are each computed from the logit, so that neither cancels. Order: the formulas of [`Method`] as they
/// stand, each row alone; joint weights are divided by `1 + f` (FNW, FNW-DEFUSE, late head of Bi-DEFUSE), `1 + d`
/// (ES-DFM, DEFUSE), `2 - f + d` (ES-DFM with real negatives) or 2 (DEFER); the others are joint as published. A NaN
/// that goes in comes out, canonical. Threads: rows are shared; nothing is allocated.
///
/// Errors: lengths that differ, an array that the method needs and that is absent, a clip that is not a range within
/// [0, inf], before anything is touched. A kind that is not known is found on the way: its position is that of the first
/// one; `a` and `b` are then unspecified.
pub fn feedback_weights(
    scheme: Scheme,
    rows: Rows<'_>,
    a: &mut [f32],
    b: &mut [f32],
    pool: Option<&Pool>,
) -> Result<(), Error> {
    let n = rows.kinds.len();
    let [logits, first, second] = scheme.method.needs();
    let of = |values: Option<_>, needed: bool, argument| needed_values(values, needed, n, argument);
    let rows = FeedbackRows {
        kinds: rows.kinds,
        logits: of(rows.logits, logits, c"logits")?,
        first: of(rows.first, first, c"first")?,
        second: of(rows.second, second, c"second")?,
    };
    check_size(a.len(), n, c"a")?;
    check_size(b.len(), n, c"b")?;
    let Scheme { clip_low, clip_high, .. } = scheme;
    let refused = |name, value: f32| Err(Error::new(Status::InvalidArgument, name).real(value.into()));
    if !(0.0..).contains(&clip_low) {
        return refused(c"scheme.clip_low", clip_low);
    }
    if !(clip_low..).contains(&clip_high) {
        return refused(c"scheme.clip_high", clip_high);
    }
    let kernels = kernels();
    let parts = pool::parts(pool, n.saturating_mul(4));
    let good = std::sync::atomic::AtomicBool::new(true);
    pool::for_rows(pool, parts, 0..n, pool::even, (a, b), &mut [], |range, (a, b), _| {
        let part = |values: &'_ [f32]| if values.is_empty() { 0..0 } else { range.clone() };
        let rows = FeedbackRows {
            kinds: &rows.kinds[range.clone()],
            logits: &rows.logits[part(rows.logits)],
            first: &rows.first[part(rows.first)],
            second: &rows.second[part(rows.second)],
        };
        if !kernels.logistic_feedback(scheme, rows, a, b) {
            good.store(false, std::sync::atomic::Ordering::Relaxed);
        }
    });
    if good.into_inner() {
        return Ok(());
    }
    let bad = rows.kinds.iter().position(|&kind| usize::from(kind) >= RowKind::ALL.len());
    let (at, error) = (bad.unwrap_or(0), Error::new(Status::InvalidArgument, c"kinds"));
    Err(error.at(at).integer(rows.kinds[at].into()))
}

/// The values of a row array that a method needs; none of one that it does not.
fn needed_values<'a>(
    values: Option<&'a [f32]>,
    needed: bool,
    rows: usize,
    argument: &'static std::ffi::CStr,
) -> Result<&'a [f32], Error> {
    match values {
        None if needed && rows > 0 => Err(Error::new(Status::NullPointer, argument)),
        Some(values) => {
            check_size(values.len(), rows, argument)?;
            Ok(if needed { values } else { &[] })
        }
        None => Ok(&[]),
    }
}

/// What FNC serves in place of its own probability q: `q / (1 - q)`, at most 1, which is `min(e^logit, 1)` (Ktena et
/// al., RecSys 2019). Both slices have one length; NaN results are canonical; threads as [`crate::map()`].
pub fn served(logits: &[f32], out: &mut [f32], pool: Option<&Pool>) -> Result<(), Error> {
    map(crate::Function::Exp, logits, out, pool)?;
    let parts = pool::parts(pool, out.len());
    pool::for_rows(pool, parts, 0..out.len(), pool::even, out, &mut [], |_, out, _| {
        for p in out {
            *p = if *p > 1.0 { 1.0 } else { *p };
        }
    });
    Ok(())
}
