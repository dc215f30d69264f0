"""Logistic regression with an L2 penalty and an intercept, to the same loss, against scikit-learn's L-BFGS."""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import scipy.sparse
from sklearn.linear_model import LogisticRegression

import clicks
import records
import timing
from avocet import Avocet, CsrRows, PreparedRows
from setup import Setup

# Relative, to the least loss that both sides reach: scikit-learn's stops somewhat above ours on sparse rows.
LOSS_TOLERANCE = 1e-6
# Of the gradient, from loose to tight; each side gets the loosest that reaches the loss.
TOLERANCES = [10.0**power for power in (-2, -2.5, -3, -3.5, -4, -4.5, -5, -6)]
MOST_ITERATIONS = 1000

Rows = np.ndarray | scipy.sparse.csr_array
# Weights, intercept and iterations.
Model = tuple[np.ndarray, float, int]


@dataclass(frozen=True)
class Case:
    """Rows, their labels, and the weight of the penalty, `strength / 2 * |weights|^2`."""

    name: str
    rows: Rows
    labels: np.ndarray
    strength: float

    def loss(self, model: Model) -> float:
        """The sum of the losses and the penalty, in f64."""
        weights, intercept, _ = model
        wide, margins = weights.astype(np.float64), np.empty(len(self.labels))
        for start in range(0, len(margins), 100_000):
            part = slice(start, start + 100_000)
            margins[part] = self.rows[part].astype(np.float64) @ wide + intercept
        return float(np.sum(np.logaddexp(0, margins) - self.labels * margins) + self.strength / 2 * (wide @ wide))

    def nbytes(self) -> int:
        """Of the rows."""
        return self.rows.nbytes if isinstance(self.rows, np.ndarray) else self.rows.indices.nbytes


def cases(quick: bool) -> Iterator[Case]:
    """Dense rows with columns of different scale and, unless in a hurry, clicks."""
    random = np.random.default_rng(6)
    rows, cols = 5_000 if quick else 200_000, 64
    x = random.standard_normal((rows, cols), np.float32) * np.geomspace(0.3, 3, cols, dtype=np.float32)
    truth = random.standard_normal(cols, np.float32) * 0.3
    labels = (random.random(rows) < 1 / (1 + np.exp(1 - x @ truth))).astype(np.float32)
    yield Case("lbfgs", x, labels, 1.0)
    if quick:
        return  # A smoke test has no time for a million weights.
    data = clicks.simulate(50_000)
    yield Case("lbfgs csr", data.matrix(), data.labels, 10.0)


def measure(setup: Setup, library: Avocet) -> Iterator[records.Record]:
    """A record for each case."""
    for case in cases(setup.quick):
        sides = partial(own, library, case), partial(sklearn, case)
        least = max(case.loss(side(TOLERANCES[-1])) for side in sides)
        chosen = [loosest(case, side, least * (1 + LOSS_TOLERANCE)) for side in sides]
        calls = [partial(side, tolerance) for side, tolerance in zip(sides, chosen)]
        seconds = timing.alternate(*calls, setup.effort())
        # Reading the rows once in each iteration that the peer needs.
        limit = sklearn(case, chosen[1])[2] * setup.limits().milliseconds(0, case.nbytes())
        yield records.record("logistic", case.name, "f32", setup.threads, "sklearn lbfgs", seconds, limit)


def loosest(case: Case, fit: Callable[[float], Model], wanted: float) -> float:
    """The loosest tolerance that gives this loss."""
    for tolerance in TOLERANCES:
        if case.loss(fit(tolerance)) <= wanted:
            return tolerance
    raise SystemExit(f"{case.name}: a side does not reach the loss {wanted:.9g}")


def own(library: Avocet, case: Case, tolerance: float) -> Model:
    """The library's fit, sparse rows prepared in the same time."""
    features = case.rows
    if not isinstance(features, np.ndarray):
        rows = CsrRows(case.rows.indptr, case.rows.indices, case.rows.shape[1], None)
        features = PreparedRows(library, rows)
    weights = np.empty(case.rows.shape[1], np.float32)
    intercept, iterations = library.logistic_fit(features, case.labels, weights, case.strength, tolerance,
                                                 MOST_ITERATIONS)
    return weights, intercept, iterations


def sklearn(case: Case, tolerance: float) -> Model:
    """scikit-learn's fit."""
    model = LogisticRegression(C=1 / case.strength, solver="lbfgs", tol=tolerance, max_iter=MOST_ITERATIONS)
    model.fit(case.rows, case.labels)
    return model.coef_[0], float(model.intercept_[0]), int(model.n_iter_[0])
