package avocet_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func TestKnownSingle(t *testing.T) {
	rows := eightRows()
	for _, uncertainties := range [][]float32{rows.Uncertainties, nil, ones[:1]} {
		// Not looked at: the row without an uncertainty counts.
		rows.Uncertainties = uncertainties
		threshold, found, err := avocet.ThresholdSingle(rows, recallAt(3, 4), nil)
		if check(t, err); threshold != 1 || found.Positive != 3<<19 || found.Negative != 1<<19 || !found.Proven {
			t.Errorf("%g, %+v", threshold, found)
		}
	}
	// Of no rows there is nothing to select.
	threshold, found, err := avocet.ThresholdSingle(avocet.ThresholdRows{}, recallAt(1, 2), nil)
	var e *avocet.Error
	if !errors.Is(err, avocet.ErrInfeasible) || !errors.As(err, &e) || !math.IsNaN(e.Real) || threshold != infinity || found.BoundPositive != 0 {
		t.Errorf("%g, %+v, %v", threshold, found, err)
	}
}

// Every distinct score, for every objective and with any pool.
func FuzzSingle(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, selected, threads byte) {
		r, n := &random{seed}, int(a)+1
		var p *avocet.Pool
		if threads%4 != 0 {
			p = newPool(t, int(threads%4))
		}
		scores, labels := r.values(n), make([]bool, n)
		for i := range scores {
			if b%2 != 0 {
				scores[i] = float32(math.Round(float64(scores[i]) * 16))
			}
			labels[i] = r.below(2) == 1
			if r.below(20) == 0 {
				scores[i] = notANumber
			}
		}
		weights := r.magnitudes(n)
		for i := range weights {
			weights[i] = float32(math.Round(float64(weights[i]) * 8))
		}
		for kind := avocet.ObjectiveRecall; kind <= avocet.ObjectiveRecallWilson; kind++ {
			rows := avocet.ThresholdRows{Scores: scores, Labels: avocet.LabelsOf(labels), Missing: avocet.MissingApart}
			unit := int64(1)
			// Wilson's interval is of counts.
			if b%3 == 0 && kind != avocet.ObjectiveRecallWilson {
				rows.Weights, unit = weights, 1<<20
			}
			// In whole weights, of which the library counts the units.
			o := r.objective(kind, uint64(selected))
			asked := o
			asked.Selected *= uint64(unit)
			above := func(threshold float32) (s selection) {
				for i, score := range scores {
					weight := int64(1)
					if rows.Weights != nil {
						weight = int64(weights[i])
					}
					passes := score >= threshold && threshold != infinity
					switch {
					case score != score:
					case labels[i]:
						s.allP += weight
						if passes {
							s.p += weight
						}
					default:
						s.allN += weight
						if passes {
							s.n += weight
						}
					}
				}
				return s
			}
			wanted := best{of: o}
			for _, threshold := range append(slices.Clone(scores), infinity) {
				wanted.consider(above(threshold))
			}
			threshold, found, err := avocet.ThresholdSingle(rows, asked, p)
			if !wanted.feasible {
				wanted.checkInfeasible(t, found, err, true)
				if threshold != infinity {
					t.Fatalf("%g lets something pass", threshold)
				}
				continue
			}
			check(t, err)
			s := above(threshold)
			if _, _, meets := s.value(o); !meets || !wanted.equals(s) || !found.Proven || uint64(s.p*unit) != found.Positive ||
				uint64(s.n*unit) != found.Negative || threshold != infinity && !slices.Contains(scores, threshold) {
				t.Fatalf("%+v: %g, %+v, but the best is %+v", o, threshold, found, wanted)
			}
			for _, greater := range scores {
				if of := above(greater); greater > threshold && wanted.equals(of) {
					if _, _, meets := of.value(o); meets {
						t.Fatalf("%+v: %g, but %g is as good", o, threshold, greater)
					}
				}
			}
		}
	})
}

func TestBadSingle(t *testing.T) {
	s := newScene(t)
	single := func(rows avocet.ThresholdRows, o avocet.Objective, p *avocet.Pool) error {
		threshold, found, err := avocet.ThresholdSingle(rows, o, p)
		if err != nil && (threshold != 0 || found != avocet.Solution{}) {
			t.Error("a refused call has a result")
		}
		return err
	}
	s.badRows(1, func(rows avocet.ThresholdRows) error { return single(rows, recallAt(1, 2), nil) })
	rows := fourRows()
	rows.Segments = avocet.SegmentsOf([]uint32{0, 0, 0, 1})
	s.refuses("segments", single(rows, recallAt(1, 2), nil), none(avocet.ErrInvalidArgument, 1, "rows.segments", 0))
	rows = fourRows()
	rows.Weights = ones[:4]
	wilson := avocet.Objective{Kind: avocet.ObjectiveRecallWilson, Numerator: 1, Denominator: 2, ZDenominator: 1}
	s.refuses("weights", single(rows, wilson, nil), none(avocet.ErrInvalidArgument, 1, "rows.weights", 0))
	const many = 1<<20 + 1
	heavy := slices.Repeat([]float32{1<<22 - 1}, many)
	rows = avocet.ThresholdRows{Scores: heavy, Weights: heavy, Labels: avocet.LabelsOf(make([]bool, many))}
	s.refuses("weights", single(rows, recallAt(1, 2), nil), none(avocet.ErrSizeOverflow, 1, "rows.weights", 0))
	rows = fourRows()
	for _, x := range []struct {
		objective avocet.Objective
		wanted    avocet.Error
	}{
		{recallAt(3, 2), integer(avocet.ErrInvalidArgument, 2, "objective.numerator", 0, 3)},
		{recallAt(1, 0), integer(avocet.ErrInvalidArgument, 2, "objective.denominator", 0, 0)},
		{avocet.Objective{Kind: 6}, integer(avocet.ErrInvalidArgument, 2, "objective.kind", 0, 6)},
		{avocet.Objective{Kind: avocet.ObjectiveUtility, PositivePasses: 1<<56 + 1},
			integer(avocet.ErrSizeOverflow, 2, "objective.positive_passes", 0, 1<<56+1)},
	} {
		s.refuses("objective", single(rows, x.objective, nil), x.wanted)
	}
	closedPool := newPool(t, 1)
	check(t, closedPool.Close())
	s.refuses("pool", single(rows, recallAt(1, 2), closedPool), none(avocet.ErrClosed, 5, "pool", 0))

	// The greatest score is a negative, the two below are positives.
	threshold, found, err := avocet.ThresholdSingle(rows, recallAt(3, 4), nil)
	s.refuses("infeasible", err, number(avocet.ErrInfeasible, 2, "objective", 0, 2./3))
	if threshold != infinity || found.Positive != 0 || found.Negative != 0 || found.BoundPositive != 2 || found.BoundNegative != 1 || !found.Proven {
		t.Errorf("%g, %+v", threshold, found)
	}
}
