"""The choice of one threshold for each level as an integer program: HiGHS and CP-SAT, and a check in whole numbers.

Solvers' own words about their answers are not taken: each answer is turned into thresholds, and what these select is
added up in integers of any size.
"""
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from ortools.sat.python import cp_model
from scipy.optimize import Bounds, LinearConstraint, milp

from scored import Cells


@dataclass(frozen=True)
class Problem:
    """The most positive weight with a precision of at least numerator / denominator, or with at most so much weight."""

    cells: Cells
    numerator: int = 0
    denominator: int = 1
    selected: int | None = None

    def slack(self, positive: object, total: object) -> object:
        """What must not be below 0."""
        if self.selected is not None:
            return self.selected - total
        return self.denominator * positive - self.numerator * total

    def value(self, thresholds: np.ndarray) -> int | None:
        """The positives that pass; None if the constraint is not met. Nothing selected has no precision."""
        positive, total = self.cells.selected(thresholds)
        empty = total == 0 and self.selected is None
        return None if empty or self.slack(positive, total) < 0 else positive

    def tables(self) -> tuple[np.ndarray, np.ndarray, int]:
        """By level and threshold: positives, what they take of the constraint's left side, and the least of its sum."""
        positive, total = self.cells.passing()
        if self.selected is not None:
            return positive, -total, -self.selected
        return positive, self.denominator * positive - self.numerator * total, 0


@dataclass(frozen=True)
class Answer:
    """Thresholds, if there are any; whether the solver says that nothing is better; seconds of solving."""

    solver: str
    thresholds: np.ndarray | None
    claimed: bool
    seconds: float


def highs(problem: Problem, scale: float, limit: float) -> Answer:
    """Through scipy, gap 0. The constraint is divided by all weight and multiplied by `scale`."""
    positive, slack, least = problem.tables()
    levels, options = positive.shape
    unit = scale / max(1, int(problem.cells.positive.sum() + problem.cells.negative.sum()))
    constraints = [LinearConstraint(scipy.sparse.csr_matrix(slack.reshape(1, -1) * unit), least * unit, np.inf),
                   LinearConstraint(scipy.sparse.kron(scipy.sparse.eye(levels), np.ones((1, options))).tocsr(), 1, 1)]
    values = -positive.ravel() / max(1, int(problem.cells.positive.sum()))
    with quiet_output():
        start = time.perf_counter()
        found = milp(values, integrality=np.ones(len(values)), bounds=Bounds(0, 1), constraints=constraints,
                     options={"time_limit": limit, "mip_rel_gap": 0.0})
        seconds = time.perf_counter() - start
    thresholds = None if found.x is None else found.x.reshape(positive.shape).argmax(1)
    return Answer("HiGHS" if scale == 1 else f"HiGHS, x{scale:g}", thresholds, found.status == 0, seconds)


@contextmanager
def quiet_output() -> Iterator[None]:
    """Without what the process prints: HiGHS prints among the records."""
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def cp_sat(problem: Problem, limit: float, threads: int) -> Answer:
    """Of OR-tools, with exact integers."""
    positive, slack, least = problem.tables()
    model = cp_model.CpModel()
    chosen = [[model.new_bool_var("") for _ in row] for row in positive]
    for row in chosen:
        model.add_exactly_one(row)
    flat = [variable for row in chosen for variable in row]
    model.add(cp_model.LinearExpr.weighted_sum(flat, slack.ravel().tolist()) >= least)
    model.maximize(cp_model.LinearExpr.weighted_sum(flat, positive.ravel().tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = threads
    solver.parameters.max_time_in_seconds = limit
    start = time.perf_counter()
    status = solver.solve(model)
    seconds = time.perf_counter() - start
    thresholds = None
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        thresholds = np.array([[solver.boolean_value(v) for v in row] for row in chosen]).argmax(1)
    return Answer("CP-SAT", thresholds, status == cp_model.OPTIMAL, seconds)


def verdict(problem: Problem, answer: Answer, best: int | None) -> str:
    """What an answer is, `best` being avocet's. Ends the program if the answer is better."""
    if answer.thresholds is None:
        return "no answer"
    value = problem.value(answer.thresholds)
    if value is None:
        nothing = not any(problem.cells.selected(answer.thresholds))
        return ("nothing" if nothing else "infeasible answer") + (", said to be optimal" if answer.claimed else "")
    if best is None or value > best:
        raise SystemExit(f"{answer.solver} selects {value}, avocet {best}")
    what = "optimum" if value == best else f"{1 - value / best:.1e} below the optimum"
    return f"{what}, {'said to be optimal' if answer.claimed else 'unproven'}"
