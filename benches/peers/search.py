"""Searches for thresholds on the grid of 500 score bins by 50 levels on which the targets are: MIST against isotonic
regression by scipy, the dynamic program against numpy, the exact search against integer solvers."""
from collections.abc import Iterator

import numpy as np
from scipy.optimize import isotonic_regression

import avocet_threshold as threshold
import records
import scored
import solvers
import timing
from avocet import Avocet
from buckets import BINS, LEVELS
from scored import UNIT, Cells
from setup import Setup
from solvers import Problem

NUMERATOR, DENOMINATOR = 9, 10
CELL_BYTES = 16
# A solver's seconds for one answer.
TIME_LIMIT = 20.0


def measure(setup: Setup, library: Avocet) -> Iterator[records.Record]:
    """A record for each of MIST and the dynamic program, and of the exact search for each solver."""
    levels, bins = (10, 100) if setup.quick else (LEVELS, BINS)
    data = scored.simulate(2_000_000)
    units = np.rint(data.weights.astype(np.float64) * UNIT)
    cells = scored.cells(data, levels, bins, units)
    yield mist(setup, library, cells)
    yield dynamic_program(setup, library, levels, bins)
    yield from exact(setup, library, cells)


def limit_ms(setup: Setup, cells: Cells, flops: float = 0) -> float:
    """The least time: reading the cells, or the operations."""
    return setup.limits().milliseconds(flops, CELL_BYTES * cells.positive.size)


def mist(setup: Setup, library: Avocet, cells: Cells) -> records.Record:
    """Both must select the same weight."""
    search = threshold.Search(library, cells, threshold.recall_under_precision(NUMERATOR, DENOMINATOR), "mist")
    search.run()
    found = search.solution.positive, search.solution.positive + search.solution.negative

    def peer() -> tuple[int, int]:
        return isotonic_prefix(cells)

    if peer() != found:
        raise SystemExit(f"mist: scipy selects {peer()}, avocet {found}")
    seconds = timing.alternate(search.run, peer, setup.effort())
    return records.record("threshold", "mist", "u64", setup.threads, "scipy isotonic_regression", seconds,
                          limit_ms(setup, cells))


def isotonic_prefix(cells: Cells) -> tuple[int, int]:
    """Blocks of levels by falling positivity, as many as meet the precision: positives and all that pass."""
    total = cells.positive + cells.negative
    positives, totals = [], []
    for positive, weight in zip(cells.positive, total):
        some = np.flatnonzero(weight)
        starts = isotonic_regression(positive[some] / weight[some], weights=weight[some]).blocks[:-1]
        positives.append(np.add.reduceat(positive[some], starts))
        totals.append(np.add.reduceat(weight[some], starts))
    positive, weight = np.concatenate(positives), np.concatenate(totals)
    order = np.argsort(-positive / weight, kind="stable")
    positive, weight = np.cumsum(positive[order]), np.cumsum(weight[order])
    last = np.flatnonzero(DENOMINATOR * positive >= NUMERATOR * weight)[-1]
    return int(positive[last]), int(weight[last])


def equal_cells(levels: int, bins: int, seed: int) -> Cells:
    """Cells of weight 81 whose positivity rises with the score."""
    random = np.random.default_rng(seed)
    rise = 80 * np.arange(bins) / bins
    positive = 1 + (rise * np.sqrt(random.random((levels, bins)))).astype(np.int64)
    return Cells(positive, 81 - positive)


def dynamic_program(setup: Setup, library: Avocet, levels: int, bins: int) -> records.Record:
    """The same frontier, and the selection of the most positives with a precision of 3/5, with its thresholds."""
    cells = equal_cells(levels, bins, 1)
    search = threshold.Search(library, cells, threshold.recall_under_precision(3, 5), "dp")
    search.run()
    frontier = numpy_frontier(cells)
    if not np.array_equal(frontier, threshold.frontier(library, cells)):
        raise SystemExit("dp: frontiers differ")
    best = frontier[5 * frontier >= 3 * 81 * np.arange(len(frontier))].max()
    if Problem(cells, 3, 5).value(search.thresholds) != best or search.solution.positive != best:
        raise SystemExit("dp: the answer is not the best point of the frontier")
    seconds = timing.alternate(search.run, lambda: numpy_frontier(cells), setup.effort())
    # An addition and a comparison for each bin of a level and each number of passing bins so far.
    steps = sum((level * bins + 1) * (bins + 1) for level in range(levels))
    return records.record("threshold", "dp", "i32", setup.threads, "numpy", seconds,
                          limit_ms(setup, cells, 2 * steps))


def numpy_frontier(cells: Cells) -> np.ndarray:
    """The greatest positives of each number of passing bins, level after level, in i32."""
    levels, bins = cells.positive.shape
    best = np.zeros(1, np.int32)
    for passing in cells.passing()[0][:, ::-1].astype(np.int32):
        longer = np.zeros(len(best) + bins, np.int32)
        for count, positive in enumerate(passing):
            into = longer[count:count + len(best)]
            np.maximum(into, best + positive, out=into)
        best = longer
    return best


def exact(setup: Setup, library: Avocet, cells: Cells) -> Iterator[records.Record]:
    """A record for each solver: one answer of its own, in the time limit, against the median of avocet's."""
    problem = Problem(cells, NUMERATOR, DENOMINATOR)
    search = threshold.Search(library, cells, threshold.recall_under_precision(NUMERATOR, DENOMINATOR), "exact")
    search.run()
    best = problem.value(search.thresholds)
    if best != search.solution.positive or not search.solution.proven:
        raise SystemExit("exact: the answer is not feasible, not proven, or not what its thresholds select")
    own = timing.Side(search.run).median(setup.effort().runs)
    limit = 3.0 if setup.quick else TIME_LIMIT
    answers = [solvers.highs(problem, 1, limit), solvers.highs(problem, 1e4, limit),
               solvers.cp_sat(problem, limit, setup.threads)]
    for answer in answers:
        peer = f"{answer.solver}: {solvers.verdict(problem, answer, best)}"
        yield records.record("threshold", "exact", "u64", setup.threads, peer, (own, answer.seconds),
                             limit_ms(setup, cells))
