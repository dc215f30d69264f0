package avocet_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// feedbackWeights are the coefficients of a row by the formulas of a method.
func feedbackWeights(scheme avocet.FeedbackScheme, kind avocet.RowKind, x, first, second float64) (a, b float64) {
	f, d, r := sigmoid(x), sigmoid(first), sigmoid(second)
	low, high := float64(scheme.ClipLow), float64(scheme.ClipHigh)
	if low == 0 && high == 0 {
		high = math.Inf(1)
		if scheme.Method == avocet.FeedbackDEFER {
			low, high = 1, 3
		}
	}
	clip := func(ratio float64) float64 {
		if ratio < 0 {
			ratio = math.Inf(1)
		}
		return min(max(ratio, low), high)
	}
	type pair [2]float64
	positive, others, mass := pair{1, 0}, pair{0, 1}, 1.0
	delayed := &positive
	switch scheme.Method {
	case avocet.FeedbackFNW:
		mass = 1 + f
		positive, others = pair{mass, 0}, pair{0, (1 - f) * mass}
	case avocet.FeedbackFSIW:
		positive, others = pair{clip(1 / (d + 1e-8)), 0}, pair{0, r}
	case avocet.FeedbackESDFM:
		mass = 1 + d
		positive, others = pair{mass, 0}, pair{0, mass * r}
	case avocet.FeedbackDEFER:
		mass = 2
		positive, others = pair{clip(f / (f - d/2)), 0}, pair{0, (1 - f) / (1 - f + d/2)}
	case avocet.FeedbackFNWReal:
		others = pair{0, (1 - f) / (2 - f)}
	case avocet.FeedbackESDFMReal:
		mass = 2 - f + d
		positive, others = pair{mass, 0}, pair{0, mass * (1 - f) / (2*(1-f) + d)}
	case avocet.FeedbackDEFUSE:
		mass = 1 + d
		positive, delayed, others = pair{mass, 0}, &pair{1, 0}, pair{(1 - r) * d, r * mass}
	case avocet.FeedbackFNWDEFUSE:
		mass = 1 + f
		others = pair{f * f, 1 - f*f}
	case avocet.FeedbackBiDEFUSEInWindow:
		delayed = &pair{0, 0}
	case avocet.FeedbackBiDEFUSELate:
		mass = 1 + f
		others = pair{f * f, 1 - f*f}
		positive, delayed = others, &pair{1, 0}
	case avocet.FeedbackULC:
		others = pair{d, 1 - d}
	case avocet.FeedbackDFM:
		p := sigmoid(x - softplus(first)*second)
		others = pair{p, 1 - p}
	}
	chosen := others
	switch kind {
	case avocet.RowImmediatePositive:
		chosen = positive
	case avocet.RowDelayedPositive:
		chosen = *delayed
	}
	if !scheme.Joint {
		mass = 1
	}
	return chosen[0] / mass, chosen[1] / mass
}

func FuzzFeedback(f *testing.F) {
	seeds(f)
	for method := range byte(13) {
		f.Add(uint64(method), byte(100), method, byte(20), method%8)
	}
	// Whether a method reads the logits, the first head and the second.
	needs := map[avocet.FeedbackMethod]string{
		avocet.FeedbackVanilla: "", avocet.FeedbackFNW: "x", avocet.FeedbackFSIW: "ds", avocet.FeedbackESDFM: "ds",
		avocet.FeedbackDEFER: "xd", avocet.FeedbackFNWReal: "x", avocet.FeedbackESDFMReal: "xd", avocet.FeedbackDEFUSE: "ds",
		avocet.FeedbackFNWDEFUSE: "x", avocet.FeedbackBiDEFUSEInWindow: "", avocet.FeedbackBiDEFUSELate: "x",
		avocet.FeedbackULC: "d", avocet.FeedbackDFM: "xds",
	}
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r, n := &random{seed}, int(a)
		scheme := avocet.FeedbackScheme{Method: avocet.FeedbackMethod(b % 13), Joint: options&1 != 0}
		if options&2 != 0 {
			scheme.ClipLow, scheme.ClipHigh = .75, 2.5
		}
		heads := func() []float32 {
			values := r.values(n)
			for i := range values {
				values[i] *= float32(c%32) / 4
			}
			return values
		}
		x, first, second := heads(), heads(), heads()
		rows := avocet.FeedbackRows{Kinds: make([]avocet.RowKind, n), Logits: x, First: first, Second: second}
		for i := range rows.Kinds {
			rows.Kinds[i] = avocet.RowKind(r.below(4))
		}
		if options&4 != 0 { // What the method does not read may be absent.
			for name, values := range map[string]*[]float32{"x": &rows.Logits, "d": &rows.First, "s": &rows.Second} {
				if !strings.Contains(needs[scheme.Method], name) {
					*values = nil
				}
			}
		}
		coefficients, others := zeros(n), zeros(n)
		check(t, avocet.FeedbackWeights(scheme, rows, coefficients, others, nil))
		for i, kind := range rows.Kinds {
			p, q := feedbackWeights(scheme, kind, float64(x[i]), float64(first[i]), float64(second[i]))
			near(t, "a", coefficients[i], p)
			near(t, "b", others[i], q)
		}
		check(t, avocet.FeedbackServed(x, others, nil))
		for i, x := range x {
			near(t, "served", others[i], min(math.Exp(float64(x)), 1))
		}
	})
}

// opened closes a stream that is not wanted and gives its error.
func opened(s *avocet.Stream, err error) error {
	if (s != nil) != (err == nil) {
		return errors.New("a stream and an error, or neither")
	}
	return errors.Join(err, s.Close())
}

func (s *scene) ranking(scores, labels, weights []float32) error {
	found, err := avocet.Ranking(scores, labels, weights)
	if err != nil && found != (avocet.RankingResult{}) {
		s.t.Error("a refused ranking has a result")
	}
	return err
}

func (s *scene) calibration(probabilities, labels, weights []float32) error {
	found, err := avocet.Calibration(probabilities, labels, weights)
	if err != nil && found != (avocet.CalibrationResult{}) {
		s.t.Error("a refused calibration has a result")
	}
	return err
}

// What the library finds in the logistic family and the metrics.
func TestBadFeedback(t *testing.T) {
	s := newScene(t)
	nan, infinite := float32(math.NaN()), float32(math.Inf(1))
	logistic := func(targets avocet.LogisticTargets, out avocet.LogisticOutputs) error {
		return avocet.LogisticLoss(ones[:3], targets, out, nil, s.workspace)
	}
	sum := avocet.LogisticOutputs{Sum: &s.sum}
	coefficients := avocet.LogisticTargets{A: ones[:3], B: ones[:3]}
	beside := func(argument int, name string, targets avocet.LogisticTargets) {
		t.Helper()
		s.refuses("labels beside coefficients", logistic(targets, s.outputs()), none(avocet.ErrInvalidArgument, argument, name, 0))
	}
	beside(2, "targets.labels", avocet.LogisticTargets{Labels: ones[:3], A: ones[:3], B: ones[:3]})
	beside(2, "targets.labels", avocet.LogisticTargets{Labels: ones[:3], B: ones[:3]})
	beside(2, "targets.weights", avocet.LogisticTargets{Weights: ones[:3], A: ones[:3], B: ones[:3]})
	for _, value := range []float32{-1, nan, infinite} {
		bad := []float32{1, 1, value}
		status := avocet.ErrInvalidArgument
		if value != -1 {
			status = avocet.ErrNotFinite
		}
		of := status // Of a label: there infinity is a number out of range.
		if value == infinite {
			of = avocet.ErrInvalidArgument
		}
		for _, x := range []struct {
			name    string
			status  avocet.Status
			targets avocet.LogisticTargets
		}{
			{"targets.labels", of, avocet.LogisticTargets{Labels: bad}},
			{"targets.labels", of, avocet.LogisticTargets{Labels: bad, Signed: true}},
			{"targets.weights", status, avocet.LogisticTargets{Labels: ones[:3], Weights: bad}},
			{"targets.a", status, avocet.LogisticTargets{A: bad, B: ones[:3]}},
			{"targets.b", status, avocet.LogisticTargets{A: ones[:3], B: bad}},
		} {
			s.refuses("a target", logistic(x.targets, sum), number(x.status, 2, x.name, 2, float64(value)))
			if value != -1 && x.targets.Labels == nil {
				x.targets.Signed = true
				s.refuses("a signed target", logistic(x.targets, sum), number(x.status, 2, x.name, 2, float64(value)))
			}
		}
	}
	// The first bad row of several, in a later leaf, with every pool.
	many := slices.Repeat([]float32{1}, 200_000)
	many[70_000], many[150_000] = -3, nan
	for _, pool := range []*avocet.Pool{nil, newPool(t, 2)} {
		err := avocet.LogisticLoss(many, avocet.LogisticTargets{A: many, B: many}, sum, pool, s.workspace)
		s.refuses("the first bad row", err, number(avocet.ErrInvalidArgument, 2, "targets.a", 70_000, -3))
	}
	overlaps := func(err error, argument int, name string) {
		t.Helper()
		s.refuses("overlap", err, none(avocet.ErrOverlap, argument, name, 0))
	}
	overlaps(avocet.LogisticLoss(s.out[:3], coefficients, avocet.LogisticOutputs{Losses: s.out[2:5]}, nil, s.workspace), 3, "losses")
	overlaps(logistic(coefficients, avocet.LogisticOutputs{Losses: s.out[:3], Gradient: s.out[2:5]}), 4, "gradient")
	overlaps(logistic(coefficients, avocet.LogisticOutputs{Losses: s.out[:3], Curvature: s.out[2:5]}), 5, "curvature")

	weights := func(scheme avocet.FeedbackScheme, rows avocet.FeedbackRows) error {
		return avocet.FeedbackWeights(scheme, rows, s.out[:3], s.more[:3], nil)
	}
	scheme := func(wanted avocet.Error, scheme avocet.FeedbackScheme) {
		t.Helper()
		s.refuses("scheme", weights(scheme, s.feedback()), wanted)
	}
	defer_ := avocet.FeedbackDEFER
	scheme(integer(avocet.ErrInvalidArgument, 1, "scheme.method", 0, 13), avocet.FeedbackScheme{Method: 13})
	scheme(integer(avocet.ErrInvalidArgument, 1, "scheme.method", 0, -1), avocet.FeedbackScheme{Method: -1})
	scheme(number(avocet.ErrInvalidArgument, 1, "scheme.clip_low", 0, -1), avocet.FeedbackScheme{Method: defer_, ClipLow: -1})
	scheme(number(avocet.ErrInvalidArgument, 1, "scheme.clip_low", 0, math.NaN()), avocet.FeedbackScheme{Method: defer_, ClipLow: nan})
	scheme(number(avocet.ErrInvalidArgument, 1, "scheme.clip_high", 0, math.NaN()), avocet.FeedbackScheme{Method: defer_, ClipHigh: nan})
	scheme(number(avocet.ErrInvalidArgument, 1, "scheme.clip_high", 0, 1), avocet.FeedbackScheme{Method: defer_, ClipLow: 2, ClipHigh: 1})
	rows := s.feedback()
	// Found on the way: the coefficients are unspecified, so they are elsewhere.
	for at := range rows.Kinds {
		rows := s.feedback()
		rows.Kinds[at], rows.Kinds[2] = 200, 4
		wanted := map[bool]int{true: 4, false: 200}[at == 2]
		err := avocet.FeedbackWeights(avocet.FeedbackScheme{}, rows, zeros(3), zeros(3), nil)
		s.refuses("kind", err, integer(avocet.ErrInvalidArgument, 2, "kinds", at, wanted))
	}
	overlaps(avocet.FeedbackWeights(avocet.FeedbackScheme{}, rows, s.out[:3], s.out[2:5], nil), 7, "b")
	rows.Logits = s.out[:3]
	overlaps(avocet.FeedbackWeights(avocet.FeedbackScheme{}, rows, s.out[2:5], s.more[:3], nil), 6, "a")
	overlaps(avocet.FeedbackServed(s.out[:3], s.out[2:5], nil), 2, "out")

	times, never := []int64{0, 5, 9}, []int64{avocet.Never, avocet.Never, avocet.Never}
	late := []int64{0, math.MaxInt64 - 1, 9}
	good := avocet.Clicks{Times: times, Conversions: []int64{1, avocet.Never, 20}}
	for _, x := range []struct {
		protocol            avocet.Protocol
		clicks              avocet.Clicks
		window, attribution int64
		wanted              avocet.Error
	}{
		{6, good, 1, 9, integer(avocet.ErrInvalidArgument, 1, "protocol", 0, 6)},
		{-1, good, 1, 9, integer(avocet.ErrInvalidArgument, 1, "protocol", 0, -1)},
		{avocet.ProtocolDelayed, avocet.Clicks{Times: late, Conversions: never}, 1, 9, integer(avocet.ErrSizeOverflow, 2, "times", 1, math.MaxInt64-1)},
		{avocet.ProtocolDelayed, avocet.Clicks{Times: times, Conversions: []int64{0, 6, 8}}, 1, 9, integer(avocet.ErrInvalidArgument, 3, "conversions", 2, 8)},
		{avocet.ProtocolDelayed, good, -1, 9, integer(avocet.ErrInvalidArgument, 6, "window", 0, -1)},
		{avocet.ProtocolImmediate, good, -1, 9, integer(avocet.ErrInvalidArgument, 6, "window", 0, -1)},
		{avocet.ProtocolDelayed, good, 5, 4, integer(avocet.ErrInvalidArgument, 7, "attribution", 0, 4)},
	} {
		before := avocet.LiveHandles()
		s.refuses("stream", opened(avocet.NewStream(x.protocol, x.clicks, x.window, x.attribution)), x.wanted)
		if avocet.LiveHandles() != before {
			t.Error("a refused call made a stream")
		}
	}
	stream := newStream(t)
	n := s.kinds[:5]
	overlaps(stream.Copy(avocet.StreamRows{Kinds: n, Signals: unsafe.Slice((*bool)(unsafe.Pointer(&s.kinds[4])), 5)}), 5, "signals")

	bad := func(status avocet.Status, position int, value float32) (values []float32, wanted func(argument int, name string) avocet.Error) {
		values = []float32{.5, .5, .5}
		values[position] = value
		return values, func(argument int, name string) avocet.Error {
			return number(status, argument, name, position, float64(value))
		}
	}
	for _, metric := range []struct {
		name string
		call func(first, labels, weights []float32) error
	}{{"scores", s.ranking}, {"probabilities", s.calibration}} {
		nans, wantedNaN := bad(avocet.ErrNotFinite, 1, nan)
		twos, wantedTwo := bad(avocet.ErrInvalidArgument, 0, 2)
		minus, wantedMinus := bad(avocet.ErrInvalidArgument, 2, -1)
		huge, wantedHuge := bad(avocet.ErrNotFinite, 1, infinite)
		s.refuses(metric.name, metric.call(nans, ones[:3], nil), wantedNaN(1, metric.name))
		s.refuses(metric.name, metric.call(ones[:3], nans, nil), wantedNaN(2, "labels"))
		s.refuses(metric.name, metric.call(ones[:3], twos, nil), wantedTwo(2, "labels"))
		s.refuses(metric.name, metric.call(ones[:3], minus, nil), wantedMinus(2, "labels"))
		s.refuses(metric.name, metric.call(ones[:3], ones[:3], nans), wantedNaN(3, "weights"))
		s.refuses(metric.name, metric.call(ones[:3], ones[:3], minus), wantedMinus(3, "weights"))
		s.refuses(metric.name, metric.call(ones[:3], ones[:3], huge), wantedHuge(3, "weights"))
		if metric.name == "probabilities" {
			s.refuses(metric.name, metric.call(twos, ones[:3], nil), wantedTwo(1, metric.name))
			s.refuses(metric.name, metric.call(minus, ones[:3], nil), wantedMinus(1, metric.name))
		}
	}

	// What must not be refused: weights below 0 where they are allowed, and logits that are not finite.
	var found float64
	minus := []float32{-1, -2, -3}
	check(t, logistic(avocet.LogisticTargets{Labels: ones[:3], Weights: minus, Signed: true}, avocet.LogisticOutputs{Sum: &found}))
	if !(found < 0) {
		t.Errorf("a loss of %g with weights below 0", found)
	}
	check(t, logistic(avocet.LogisticTargets{A: minus, B: minus, Signed: true}, sum))
	s.sum = float64(untouched)
	losses := zeros(3)
	check(t, avocet.LogisticLoss([]float32{nan, infinite, -infinite}, avocet.LogisticTargets{A: []float32{1, 1, 1}, B: zeros(3)},
		avocet.LogisticOutputs{Losses: losses}, nil, s.workspace))
	if math.Float32bits(losses[0]) != 0x7fc00000 || losses[1] != 0 || losses[2] != infinite {
		t.Errorf("losses of logits that are not finite: %v", losses)
	}
	check(t, s.ranking([]float32{infinite, -infinite, 0}, ones[:3], nil))
}
