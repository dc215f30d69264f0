package avocet

/*
#include "bridge.h"
#cgo noescape go_logistic_fit
#cgo nocallback go_logistic_fit
*/
import "C"

// FitOutcome says why [LogisticFit] ended.
type FitOutcome int32

const (
	// FitConverged: no derivative is above the tolerance.
	FitConverged FitOutcome = C.AVOCET_FIT_CONVERGED
	// FitIterations: after as many iterations as allowed.
	FitIterations FitOutcome = C.AVOCET_FIT_ITERATIONS
	// FitStalled: no step lowers the loss any more by what float32 can show.
	FitStalled FitOutcome = C.AVOCET_FIT_STALLED
)

// LogisticFitOptions are the options of [LogisticFit]. Zeros are the defaults.
type LogisticFitOptions struct {
	// Iterations is the most steps, by default 200.
	Iterations int
	// History is how many steps the approximation of the Hessian remembers, 1 to 64, by default 10.
	History int
	// L2 is the penalty of the weights, at least 0. The intercept has none.
	L2 float32
	// Tolerance ends the search when no derivative is above so much of the sum of all |a| + |b|; at least 0, by default
	// 1e-5. 1e-38 has the effect of a zero.
	Tolerance float32
	// FixedIntercept leaves the intercept as it is.
	FixedIntercept bool
}

// LogisticFitResult is what [LogisticFit] reached.
type LogisticFitResult struct {
	// Intercept belongs to the weights that were found.
	Intercept float32
	// Loss includes the penalty.
	Loss float64
	// Gradient is the greatest magnitude of a derivative, divided by the sum of all |a| + |b|.
	Gradient float64
	// Iterations is the number of steps taken.
	Iterations int
	// Passes is the number of passes over the rows.
	Passes int
	// Outcome says why it ended.
	Outcome FitOutcome
}

// LogisticFit finds the weights, and the intercept, that minimise
//
//	sum of losses + L2 / 2 * |weights|^2
//
// by L-BFGS (Liu and Nocedal, Mathematical Programming 1989), the losses being those of [LogisticBatch]. It starts from
// rows.Weights (nil stands for zeros here) and rows.Intercept; weights receives what it finds, a value for each feature,
// and must not overlap them. Sparse rows should be prepared: every pass over others checks them anew. The library
// allocates 2 History + 7 vectors for the time of the call.
//
// C: avocet_logistic_fit
func LogisticFit(rows LogisticRows, targets LogisticTargets, options LogisticFitOptions, weights []float32,
	pool *Pool) (LogisticFitResult, error) {
	c := begin()
	in, n, d := c.logisticRows(&rows, true)
	learnt := c.targets(2, targets, n)
	iterations := c.size(3, "options.iterations", options.Iterations)
	history := c.size(3, "options.history", options.History)
	out := c.floats(4, "weights", weights, d)
	p := c.pool(7, pool)
	if c.failed() {
		return LogisticFitResult{}, c.err
	}
	var intercept C.float
	var result C.avocet_logistic_fit_result
	if err := c.end(C.go_logistic_fit(in, learnt, iterations, history, C.float(options.L2), C.float(options.Tolerance),
		flag(options.FixedIntercept), out, &intercept, &result, p)); err != nil {
		return LogisticFitResult{}, err
	}
	return LogisticFitResult{float32(intercept), float64(result.loss), float64(result.gradient), int(result.iterations),
		int(result.passes), FitOutcome(result.outcome)}, nil
}
