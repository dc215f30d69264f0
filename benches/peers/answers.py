"""Answers on random grids against an integer solver's: the exact search must find what the solver proves to be
the optimum, MIST must not be above it, and on cells of equal weight the dynamic program must reach it."""
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

import avocet_threshold as threshold
import records
import solvers
from avocet import Avocet
from scored import UNIT, Cells
from search import equal_cells
from setup import Setup
from solvers import Problem

SIZES = [(3, 40), (8, 25), (20, 60), (10, 300)]
PRECISIONS = [(1, 2), (4, 5), (97, 100)]
TIME_LIMIT = 5.0


def kinds(levels: int, bins: int, seed: int) -> Iterator[tuple[str, Cells]]:
    """Grids of all kinds: how much a cell weighs, how its positivity rises, and how many are empty."""
    random = np.random.default_rng(seed)
    shape = levels, bins
    rise = np.linspace(0.02, 0.98, bins) ** random.uniform(0.5, 3, (levels, 1))

    def of(total: np.ndarray, positivity: np.ndarray) -> Cells:
        positive = np.rint(total * positivity).astype(np.int64)
        return Cells(positive, total - positive)

    counts = random.integers(0, 2_000, shape)
    noisy = random.binomial(counts, rise)
    yield "counts", Cells(noisy, counts - noisy)
    few = random.integers(0, 4, shape)
    yield "few rows", Cells(hits := random.binomial(few, rise), few - hits)
    weights = random.integers(UNIT // 10, 1_000 * UNIT, shape)
    yield "weights", of(weights, np.clip(rise + 0.1 * random.standard_normal(shape), 0, 1))
    yield "smooth", of(weights, rise)
    empty = np.where(random.random(shape) < 0.7, 0, counts)
    yield "most empty", Cells(hits := random.binomial(empty, rise), empty - hits)
    yield "ties", of(100 * random.integers(1, 4, shape), np.rint(4 * rise) / 4)
    some = rise * (random.random((levels, 1)) < 0.5)
    yield "levels without positives", Cells(hits := random.binomial(counts, some), counts - hits)
    yield "all positive", of(counts, np.ones(shape))
    yield "equal", equal_cells(levels, bins, seed)


@dataclass
class Tally:
    """What all grids came to."""

    own: dict[str, float] = field(default_factory=dict)
    solver: list[float] = field(default_factory=list)
    solver_proven: int = 0
    infeasible: int = 0
    unproven: dict[str, float] = field(default_factory=dict)
    highs: dict[str, int] = field(default_factory=dict)


def measure(setup: Setup, library: Avocet) -> Iterator[records.Record]:
    """One record: the seconds of all grids together, of one run each."""
    tally = Tally()
    for levels, bins in SIZES[:2] if setup.quick else SIZES:
        for seed, (kind, cells) in enumerate(kinds(levels, bins, 100 * levels + bins)):
            problems = [Problem(cells, *precision) for precision in PRECISIONS]
            weight = int((cells.positive + cells.negative).sum())
            problems.append(Problem(cells, selected=weight // 3))
            for problem in problems:
                compare(setup, library, problem, kind, tally)
    slowest = max(tally.own, key=tally.own.get)
    proven = len(tally.own) - len(tally.unproven)
    print(f"answers: {len(tally.own)} problems, {tally.infeasible} of them infeasible; avocet proved {proven}, the "
          f"gaps of the others: {tally.unproven}; at most {1e3 * tally.own[slowest]:.1f} ms ({slowest}); CP-SAT "
          f"proved {tally.solver_proven}; HiGHS: {tally.highs}", file=sys.stderr)
    cells = sum(levels * bins for levels, bins in SIZES) * 16
    limit = setup.limits().milliseconds(0, cells * len(tally.own) / len(SIZES))
    yield records.record("threshold", f"exact, {len(tally.own)} problems, {proven} proven", "u64", setup.threads,
                         f"CP-SAT: {tally.solver_proven} proven", (sum(tally.own.values()), sum(tally.solver)), limit)


def compare(setup: Setup, library: Avocet, problem: Problem, kind: str, tally: Tally) -> None:
    """Ends the program if an answer is not what it must be."""
    if problem.selected is not None:
        objective = threshold.at_most(problem.selected)
    else:
        objective = threshold.recall_under_precision(problem.numerator, problem.denominator)
    levels, bins = problem.cells.positive.shape
    bound = f"precision {problem.numerator}/{problem.denominator}" if problem.selected is None else "at most"
    name = f"{kind}, {levels} x {bins}, {bound}"
    search = threshold.Search(library, problem.cells, objective, "exact")
    search.feasible()
    start = time.perf_counter()
    feasible = search.feasible()
    tally.own[name] = time.perf_counter() - start
    best = problem.value(search.thresholds) if feasible else None
    found = search.solution
    bounded = best is not None and best == found.positive <= found.bound_positive
    if feasible and not (bounded and (best == found.bound_positive or not found.proven)):
        raise SystemExit(f"{name}: avocet's answer is infeasible, above its bound, or not what it says")
    if feasible and not found.proven:
        tally.unproven[name] = found.bound_positive / best - 1
    tally.infeasible += not feasible

    answer = solvers.cp_sat(problem, TIME_LIMIT, setup.threads)
    tally.solver.append(answer.seconds)
    check_solver(problem, answer, best, name)
    tally.solver_proven += answer.claimed
    other = solvers.verdict(problem, solvers.highs(problem, 1, TIME_LIMIT), best)
    kept = "below the optimum, said to be optimal" if "below" in other and "said" in other else other
    tally.highs[kept] = tally.highs.get(kept, 0) + 1

    methods = [] if problem.selected is not None else ["mist", "single"]
    for method in [*methods, *(["dp"] if kind == "equal" else [])]:
        other = threshold.Search(library, problem.cells, objective, method)
        value = problem.value(other.thresholds) if other.feasible() else None
        if method == "dp" and value != best or (value is not None and (best is None or value > best)):
            raise SystemExit(f"{name}: {method} gives {value}, exact {best}")


def check_solver(problem: Problem, answer: solvers.Answer, best: int | None, name: str) -> None:
    """A proven optimum must be avocet's; nothing selected is the solver's word for infeasible."""
    said = solvers.verdict(problem, answer, best)
    if answer.claimed and not (said == "nothing, said to be optimal" if best is None else said.startswith("optimum")):
        raise SystemExit(f"{name}: CP-SAT, {said}; avocet {best}")
