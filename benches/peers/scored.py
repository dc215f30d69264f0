"""Simulated rows with a score and an uncertainty, as a decision team has them, and cells of such rows."""
from dataclasses import dataclass

import numpy as np

UNIT = 1 << 20
HIGHEST_UNCERTAINTY = 2


@dataclass(frozen=True)
class Scored:
    """Labels are 0 or 1; weights are multiples of 2^-20, so that sums in f64 are exact."""

    scores: np.ndarray
    uncertainties: np.ndarray
    labels: np.ndarray
    weights: np.ndarray


def simulate(rows: int) -> Scored:
    """One row in ten is positive; the uncertainty, gamma distributed, spreads the logit; weights in .1 to 1.1."""
    random = np.random.default_rng(11)
    uncertainties = random.gamma(2.0, 0.15, rows).astype(np.float32)
    labels = random.random(rows, np.float32) < 0.1
    noise = random.standard_normal(rows, np.float32) * (1 + 2 * uncertainties)
    scores = 1 / (1 + np.exp(-(noise + np.where(labels, np.float32(2), np.float32(-2)))))
    weights = np.rint((random.random(rows, np.float32) + np.float32(0.1)).astype(np.float64) * UNIT) / UNIT
    return Scored(scores.astype(np.float32), np.minimum(uncertainties, np.float32(1.9999)), labels.astype(np.uint8),
                  weights.astype(np.float32))


@dataclass(frozen=True)
class Cells:
    """Positives and negatives by level and bin, i64, in any unit."""

    positive: np.ndarray
    negative: np.ndarray

    def passing(self) -> tuple[np.ndarray, np.ndarray]:
        """Positives, and positives and negatives together, that pass by level and threshold; one more than bins."""
        return tuple(np.pad(np.cumsum(cells[:, ::-1], 1)[:, ::-1], ((0, 0), (0, 1)))
                     for cells in (self.positive, self.positive + self.negative))

    def selected(self, thresholds: np.ndarray) -> tuple[int, int]:
        """Positives, and both together, that pass: in whole numbers of any size."""
        positive = negative = 0
        for level, threshold in enumerate(thresholds):
            positive += sum(self.positive[level, threshold:].tolist())
            negative += sum(self.negative[level, threshold:].tolist())
        return positive, positive + negative


def cells(data: Scored, levels: int, bins: int, units: np.ndarray) -> Cells:
    """Levels by rank of uncertainty, bins uniform in score; `units` are the weights as whole numbers."""
    rank = np.empty(len(units), np.int64)
    rank[np.argsort(data.uncertainties, kind="stable")] = np.arange(len(units))
    bin_of = np.minimum((data.scores * np.float32(bins)).astype(np.int64), bins - 1)
    at = (rank * levels // len(units) * bins + bin_of) * 2 + data.labels
    # Sums below 2^53 are exact in f64.
    sums = np.bincount(at, units, 2 * levels * bins).astype(np.int64).reshape(levels, bins, 2)
    return Cells(np.ascontiguousarray(sums[..., 1]), np.ascontiguousarray(sums[..., 0]))
