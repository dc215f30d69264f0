package avocet

/*
#include "bridge.h"
#cgo noescape go_feedback_weights
#cgo nocallback go_feedback_weights
#cgo noescape go_feedback_served
#cgo nocallback go_feedback_served
*/
import "C"

// RowKind is what a row of a [Stream] is.
type RowKind uint8

const (
	// RowNegative is a click without a conversion so far: it never converts, or late.
	RowNegative RowKind = C.AVOCET_ROW_NEGATIVE
	// RowImmediatePositive is a click that converted within the wait window.
	RowImmediatePositive RowKind = C.AVOCET_ROW_IMMEDIATE_POSITIVE
	// RowDelayedPositive is the copy of a click that converted after the window.
	RowDelayedPositive RowKind = C.AVOCET_ROW_DELAYED_POSITIVE
	// RowRealNegative is the copy of a click that did not convert in time.
	RowRealNegative RowKind = C.AVOCET_ROW_REAL_NEGATIVE
)

// FeedbackMethod is a published scheme of weights. The formulas are (a, b) of positive rows, then of the others; f, d
// and r are those of [FeedbackWeights].
type FeedbackMethod int32

const (
	// FeedbackVanilla takes labels as they are: (1, 0), (0, 1). Also the oracle, and the training of FNC
	// ([FeedbackServed]).
	FeedbackVanilla FeedbackMethod = C.AVOCET_FEEDBACK_VANILLA
	// FeedbackFNW (Ktena et al., RecSys 2019): (1 + f, 0), (0, (1 - f)(1 + f)).
	FeedbackFNW FeedbackMethod = C.AVOCET_FEEDBACK_FNW
	// FeedbackFSIW (Yasui et al., WWW 2020): (1 / (d + 1e-8), 0), (0, r); d and r are its heads, the probabilities that a
	// positive and a negative are what they are observed to be.
	FeedbackFSIW FeedbackMethod = C.AVOCET_FEEDBACK_FSIW
	// FeedbackESDFM (Yang et al., AAAI 2021): (1 + d, 0), (0, (1 + d) r).
	FeedbackESDFM FeedbackMethod = C.AVOCET_FEEDBACK_ES_DFM
	// FeedbackDEFER (Gu et al., KDD 2021): (clip(f / (f - d / 2)), 0), (0, (1 - f) / (1 - f + d / 2)).
	FeedbackDEFER FeedbackMethod = C.AVOCET_FEEDBACK_DEFER
	// FeedbackFNWReal is FNW with real negatives: (1, 0), (0, (1 - f) / (2 - f)).
	FeedbackFNWReal FeedbackMethod = C.AVOCET_FEEDBACK_FNW_REAL
	// FeedbackESDFMReal is ES-DFM with real negatives: (t, 0), (0, t (1 - f) / (2 (1 - f) + d)), t = 2 - f + d.
	FeedbackESDFMReal FeedbackMethod = C.AVOCET_FEEDBACK_ES_DFM_REAL
	// FeedbackDEFUSE (Chen et al., WWW 2022): immediate (1 + d, 0), delayed (1, 0), others ((1 - r) d, r (1 + d)).
	FeedbackDEFUSE FeedbackMethod = C.AVOCET_FEEDBACK_DEFUSE
	// FeedbackFNWDEFUSE is DEFUSE without a window: (1, 0), (f^2, 1 - f^2).
	FeedbackFNWDEFUSE FeedbackMethod = C.AVOCET_FEEDBACK_FNW_DEFUSE
	// FeedbackBiDEFUSEInWindow is the head of Bi-DEFUSE for conversions within the window: (1, 0), (0, 1); delayed copies
	// (0, 0).
	FeedbackBiDEFUSEInWindow FeedbackMethod = C.AVOCET_FEEDBACK_BI_DEFUSE_IN_WINDOW
	// FeedbackBiDEFUSELate is the head of Bi-DEFUSE for late conversions, f its own: delayed copies (1, 0), first rows
	// (f^2, 1 - f^2).
	FeedbackBiDEFUSELate FeedbackMethod = C.AVOCET_FEEDBACK_BI_DEFUSE_LATE
	// FeedbackULC (Wang et al., CIKM 2023): (1, 0), (d, 1 - d), d the head's soft label.
	FeedbackULC FeedbackMethod = C.AVOCET_FEEDBACK_ULC
	// FeedbackDFM (Chapelle, KDD 2014): (1, 0), (p, 1 - p), p = sigmoid(logit - softplus(first) * second): first gives
	// the rate of conversions, second the time since the click, at least 0.
	FeedbackDFM FeedbackMethod = C.AVOCET_FEEDBACK_DFM
)

// FeedbackScheme is a method and how it is applied. The zero value takes labels as they are.
type FeedbackScheme struct {
	Method FeedbackMethod
	// Joint divides the published weights, which correct P(y | x), by the number of rows that a click gives on average.
	// Joint weights stay unbiased when the heads know signals that the model does not (add-to-cart, coupon clip).
	Joint bool
	// ClipLow and ClipHigh are the range of the ratios of positives in DEFER and FSIW, from 0 up; both 0 stand for the
	// method's own: 1 to 3 in DEFER, none in FSIW.
	ClipLow, ClipHigh float32
}

// FeedbackRows is what [FeedbackWeights] reads, a value for each row. Logits, First and Second may be nil where the
// formulas of the method do not name them.
type FeedbackRows struct {
	Kinds []RowKind
	// Logits are the model's.
	Logits []float32
	// First and Second are the logits of the two heads.
	First, Second []float32
}

// FeedbackWeights computes importance weights for labels that arrive late: the coefficients a and b of each row, for
// [LogisticTargets]. In the formulas of the methods
//
//	f = sigmoid(Logits[i])
//	d = sigmoid(First[i]), the probability of a conversion after the window
//	r = sigmoid(Second[i]), the probability of none at all, given that there is none within the window
//
// A kind that is not known is found on the way: a and b are unspecified then.
//
// C: avocet_feedback_weights
func FeedbackWeights(scheme FeedbackScheme, rows FeedbackRows, a, b []float32, pool *Pool) error {
	c := begin()
	n := len(rows.Kinds)
	kinds := c.kinds(2, "kinds", rows.Kinds, n)
	logits := c.optionalFloats(3, "logits", rows.Logits, n)
	first := c.optionalFloats(4, "first", rows.First, n)
	second := c.optionalFloats(5, "second", rows.Second, n)
	toA := c.floats(6, "a", a, n)
	toB := c.floats(7, "b", b, n)
	p := c.pool(9, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_feedback_weights(C.int32_t(scheme.Method), flag(scheme.Joint), C.float(scheme.ClipLow),
		C.float(scheme.ClipHigh), kinds, logits, first, second, toA, toB, C.size_t(n), p))
}

// FeedbackServed computes what FNC serves in place of its own probability q, out[i] = q / (1 - q), at most 1, which is
// min(e^logit, 1); logits and out have one length.
//
// C: avocet_feedback_served
func FeedbackServed(logits, out []float32, pool *Pool) error {
	c := begin()
	from := c.floats(1, "logits", logits, len(logits))
	to := c.floats(2, "out", out, len(logits))
	p := c.pool(4, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_feedback_served(from, to, C.size_t(len(logits)), p))
}
