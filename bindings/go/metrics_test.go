package avocet_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func FuzzMetrics(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r, n := &random{seed}, int(a)
		scores, labels, p := zeros(n), zeros(n), zeros(n)
		for i := range scores {
			scores[i] = float32(r.below(int(b)+1)) - 20
			labels[i] = float32(r.below(2))
			if options&1 != 0 {
				labels[i] = float32(r.below(5)) / 4
			}
			p[i] = float32(r.below(int(c)+1)) / float32(int(c)+1)
			if p[i] == 0 {
				p[i] = labels[i] // Where the loss of a probability of 0 is finite.
			}
		}
		var weights []float32
		if options&2 != 0 {
			weights = r.values(n)
			for i := range weights {
				weights[i] = max(weights[i], 0)
			}
		}
		same := func(what string, found, wanted float64) {
			t.Helper()
			if math.IsNaN(wanted) != math.IsNaN(found) || math.Abs(found-wanted) > 1e-6*(1+math.Abs(wanted)) {
				t.Fatalf("%s: found %g, wanted %g", what, found, wanted)
			}
		}
		ranking := must[avocet.RankingResult](t)(avocet.Ranking(scores, labels, weights))
		positive := func(i int) float64 { return at(weights, i) * float64(labels[i]) }
		negative := func(i int) float64 { return at(weights, i) * (1 - float64(labels[i])) }
		positives, negatives, won := 0.0, 0.0, 0.0
		for i := range scores {
			positives += positive(i)
			negatives += negative(i)
			for j := range scores {
				switch cmp.Compare(scores[i], scores[j]) {
				case 1:
					won += positive(i) * negative(j)
				case 0:
					won += positive(i) * negative(j) / 2
				}
			}
		}
		same("positives", ranking.Positives, positives)
		same("negatives", ranking.Negatives, negatives)
		same("AUC", ranking.AUC, won/(positives*negatives))
		steps := slices.Clone(scores)
		slices.Sort(steps)
		steps = slices.Compact(steps)
		slices.Reverse(steps)
		above, below, before, area, byTrapezoids := 0.0, 0.0, 1.0, 0.0, 0.0
		for _, step := range steps {
			gained, all := 0.0, 0.0
			for i, score := range scores {
				if score == step {
					gained += positive(i)
					all += at(weights, i)
				}
			}
			above, below = above+gained, below+all-gained
			if above+below > 0 {
				precision := above / (above + below)
				area += precision * gained
				byTrapezoids += (precision + before) / 2 * gained
				before = precision
			}
		}
		same("average precision", ranking.AveragePrecision, area/positives)
		same("area by trapezoids", ranking.PRAUC, byTrapezoids/positives)

		calibration := must[avocet.CalibrationResult](t)(avocet.Calibration(p, labels, weights))
		var wanted avocet.CalibrationResult
		for i := range p {
			label, p, weight := float64(labels[i]), float64(p[i]), at(weights, i)
			one := avocet.CalibrationResult{Weight: weight, Predicted: weight * p, Observed: weight * label}
			if label > 0 {
				one.Loss -= weight * label * math.Log(p)
			}
			if label < 1 {
				one.Loss -= weight * (1 - label) * math.Log1p(-p)
			}
			wanted = wanted.Add(one)
		}
		same("weight", calibration.Weight, wanted.Weight)
		same("loss", calibration.Loss, wanted.Loss)
		same("predicted", calibration.Predicted, wanted.Predicted)
		same("observed", calibration.Observed, wanted.Observed)
	})
}
