package avocet

/*
#include "bridge.h"
#cgo noescape go_threshold_bootstrap
#cgo nocallback go_threshold_bootstrap
#cgo noescape go_binned_bootstrap
#cgo nocallback go_binned_bootstrap
*/
import "C"

// BootstrapOptions are the options of [ThresholdBootstrap] and [BinnedBootstrap]. Zeros are the defaults.
type BootstrapOptions struct {
	// Seed chooses the random weights.
	Seed uint64
	// Replicates is how often the rows are drawn, 1 to 1000000; by default 200.
	Replicates int
	// Confidence is the share of replicates within an interval, in (0, 1); by default .95.
	Confidence float64
}

// Interval is a figure and where chance can move it.
type Interval struct {
	// Value is the figure of the rows themselves.
	Value float64
	// Low and High are the values of rank floor((1 - Confidence) / 2 * Count) from below and from above of the replicates in
	// which the figure is a number.
	Low, High float64
	// Count is the number of these.
	Count uint64
}

func intervalOf(i *C.avocet_interval) Interval {
	return Interval{float64(i.value), float64(i.low), float64(i.high), uint64(i.count)}
}

// ThresholdBootstrap computes recall and precision of thresholds, as [ThresholdDecide] applies them, with percentile
// intervals: in each replicate a row counts as often as a Poisson variate of mean one says, which is a function of seed,
// replicate and row. thresholds has a score for each level; rows have no segments; rows that count apart are never
// selected. The library allocates 8 bytes a row for the time of the call.
//
// C: avocet_threshold_bootstrap
func ThresholdBootstrap(grid *Grid, thresholds []float32, rows ThresholdRows, options BootstrapOptions,
	pool *Pool) (recall, precision Interval, err error) {
	c := begin()
	g := c.grid(1, "grid", grid)
	t := c.floats(2, "thresholds", thresholds, grid.Levels())
	in := c.thresholdRows(3, &rows)
	replicates := c.size(4, "options.replicates", options.Replicates)
	p := c.pool(7, pool)
	if c.failed() {
		return Interval{}, Interval{}, c.err
	}
	var ofRecall, ofPrecision C.avocet_interval
	err = c.end(C.go_threshold_bootstrap(g, t, in, C.uint64_t(options.Seed), replicates, C.double(options.Confidence),
		&ofRecall, &ofPrecision, p))
	return intervalOf(&ofRecall), intervalOf(&ofPrecision), err
}

// Figure is a figure of score bins.
type Figure int32

const (
	// FigureAUC is the area under the ROC curve, rows of a bin tied: see [BinnedAUC].
	FigureAUC Figure = C.AVOCET_FIGURE_AUC
	// FigureAveragePrecision is average precision, rows of a bin tied: see [BinnedAveragePrecision].
	FigureAveragePrecision Figure = C.AVOCET_FIGURE_AVERAGE_PRECISION
)

// BinnedBootstrap computes a figure of the score bins of rows with its interval: as [ThresholdBootstrap], but rows that
// count apart do not count at all. It needs a grid that is not nested.
//
// C: avocet_binned_bootstrap
func BinnedBootstrap(grid *Grid, figure Figure, rows ThresholdRows, options BootstrapOptions, pool *Pool) (Interval, error) {
	c := begin()
	g := c.grid(1, "grid", grid)
	in := c.thresholdRows(3, &rows)
	replicates := c.size(4, "options.replicates", options.Replicates)
	p := c.pool(6, pool)
	if c.failed() {
		return Interval{}, c.err
	}
	var out C.avocet_interval
	err := c.end(C.go_binned_bootstrap(g, C.int32_t(figure), in, C.uint64_t(options.Seed), replicates,
		C.double(options.Confidence), &out, p))
	return intervalOf(&out), err
}
