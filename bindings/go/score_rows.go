package avocet

/*
#include "bridge.h"
#cgo noescape go_score_pairs
#cgo nocallback go_score_pairs
#cgo noescape go_score_candidates
#cgo nocallback go_score_candidates
#cgo noescape go_score_matrix
#cgo nocallback go_score_matrix
*/
import "C"

// Metric says what the score of two rows is.
type Metric int32

const (
	// MetricDot is their dot product.
	MetricDot Metric = C.AVOCET_METRIC_DOT
	// MetricCosine is the cosine of their angle; 0 where one is zero.
	MetricCosine Metric = C.AVOCET_METRIC_COSINE
)

// ScoreTables is two tables whose rows are scored with one another, made by [RealTables] or [Int8Tables]. It borrows what
// it was made of.
type ScoreTables struct {
	left, right table
	present     bool
}

type table struct {
	rows   typed
	scales []float32
}

// RealTables is tables of d columns each, of one type or of two. Elements of 16 bits are widened exactly.
func RealTables[L, R Real](left MatrixOf[L], right MatrixOf[R]) ScoreTables {
	return ScoreTables{table{rows: typedOf(left)}, table{rows: typedOf(right)}, true}
}

// Int8Tables is tables of integers, of at most 131071 columns. Their dot product is exact, times (leftScale * rightScale),
// the scales of the two rows; nil stands for ones. See [QuantizeRows].
func Int8Tables(left MatrixOf[int8], leftScales []float32, right MatrixOf[int8], rightScales []float32) ScoreTables {
	return ScoreTables{table{typedOf(left), leftScales}, table{typedOf(right), rightScales}, true}
}

// ScoreOptions are the options of scores. The zero value is the default: dot products.
type ScoreOptions struct {
	Metric Metric
	// Second is other tables, of as many rows each and of any number of columns and type, for scores
	//
	//	Factor * score + SecondFactor * second score
	//
	// both by the metric; the zero value asks for none.
	Second ScoreTables
	// Factor and SecondFactor are finite. They have no defaults: with second tables a zero is a zero; without they must be 0.
	Factor, SecondFactor float32
}

// scoring checks tables, the first two arguments of all, and options, the argument of that number.
func (c *call) scoring(tables *ScoreTables, argument int, options *ScoreOptions) C.go_scoring {
	in := C.go_scoring{
		left:          C.go_table{rows: c.typed(1, "left", tables.left.rows)},
		right:         C.go_table{rows: c.typed(2, "right", tables.right.rows)},
		factor:        C.float(options.Factor),
		second_factor: C.float(options.SecondFactor),
		has_second:    flag(options.Second.present),
		metric:        C.int32_t(options.Metric),
	}
	in.left.scales = c.optionalFloats(argument, "options.left_scales", tables.left.scales, tables.left.rows.rows)
	in.right.scales = c.optionalFloats(argument, "options.right_scales", tables.right.scales, tables.right.rows.rows)
	if second := &options.Second; second.present {
		in.second_left.rows = c.typed(argument, "options.second_left", second.left.rows)
		in.second_right.rows = c.typed(argument, "options.second_right", second.right.rows)
		in.second_left.scales = c.optionalFloats(argument, "options.second_left_scales", second.left.scales,
			second.left.rows.rows)
		in.second_right.scales = c.optionalFloats(argument, "options.second_right_scales", second.right.scales,
			second.right.rows.rows)
	}
	return in
}

// ScorePairs computes out[i] = left[u[i]] . right[v[i]]; u, v and out have one length, left and right have d columns.
//
// C: avocet_score_pairs
func ScorePairs[L, R Real, U, V Index](left MatrixOf[L], right MatrixOf[R], u []U, v []V, out []float32,
	pool *Pool) error {
	return scorePairs(RealTables(left, right), viewOf(u), viewOf(v), ScoreOptions{}, out, pool)
}

// ScorePairsOf is [ScorePairs] of any tables: out[i] = the score of rows u[i] of the left and v[i] of the right.
//
// C: avocet_score_pairs
func ScorePairsOf[U, V Index](tables ScoreTables, u []U, v []V, options ScoreOptions, out []float32, pool *Pool) error {
	return scorePairs(tables, viewOf(u), viewOf(v), options, out, pool)
}

func scorePairs(tables ScoreTables, u, v C.go_indices, options ScoreOptions, out []float32, pool *Pool) error {
	c := begin()
	in := c.scoring(&tables, 5, &options)
	to := c.floats(6, "out", out, int(u.len))
	p := c.pool(7, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_score_pairs(in, u, v, to, p))
}

// ScoreCandidates computes out[e] = left[i] . right[candidates[e]] for each row i of left and each of its candidates, those
// from offsets[i] up to offsets[i+1]: the candidates of each source, to be ranked again. There is an offset more than left
// has rows; out has a score for each candidate, bit for bit that of [ScorePairs].
//
// C: avocet_score_candidates
func ScoreCandidates[L, R Real, O, I Index](left MatrixOf[L], right MatrixOf[R], offsets []O, candidates []I,
	out []float32, pool *Pool) error {
	return scoreCandidates(RealTables(left, right), viewOf(offsets), viewOf(candidates), ScoreOptions{}, out, pool)
}

// ScoreCandidatesOf is [ScoreCandidates] of any tables.
//
// C: avocet_score_candidates
func ScoreCandidatesOf[O, I Index](tables ScoreTables, offsets []O, candidates []I, options ScoreOptions, out []float32,
	pool *Pool) error {
	return scoreCandidates(tables, viewOf(offsets), viewOf(candidates), options, out, pool)
}

func scoreCandidates(tables ScoreTables, offsets, candidates C.go_indices, options ScoreOptions, out []float32,
	pool *Pool) error {
	c := begin()
	in := c.scoring(&tables, 4, &options)
	edges, _ := c.csr(3, "csr", 0, "", csr{offsets: offsets, indices: candidates, cols: tables.right.rows.rows})
	to := c.floats(5, "out", out, int(candidates.len))
	p := c.pool(6, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_score_candidates(in, edges, to, p))
}

// ScoreMatrix computes out[i][j] = left[i] . right[j]: one or many queries against all targets. left is q x d, right n x d,
// out q x n; scores are bit for bit those of [ScorePairs].
//
// C: avocet_score_matrix
func ScoreMatrix[L, R Real](left MatrixOf[L], right MatrixOf[R], out Matrix, pool *Pool) error {
	return ScoreMatrixOf(RealTables(left, right), ScoreOptions{}, out, pool)
}

// ScoreMatrixOf is [ScoreMatrix] of any tables.
//
// C: avocet_score_matrix
func ScoreMatrixOf(tables ScoreTables, options ScoreOptions, out Matrix, pool *Pool) error {
	c := begin()
	in := c.scoring(&tables, 3, &options)
	to := c.matrix(4, "out", out)
	p := c.pool(5, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_score_matrix(in, to, p))
}
