"""One threshold for all of 10 million rows, each score that occurs being a candidate: the curve, and its best point."""
from collections.abc import Callable, Iterator

import numpy as np
import torch
from sklearn.metrics import precision_recall_curve

import avocet_threshold as threshold
import records
import scored
import timing
from avocet import Avocet
from scored import UNIT, Scored
from setup import Setup

# Precision of at least 4/5.
NUMERATOR, DENOMINATOR = 4, 5
# Score, label and weight of a row.
ROW_BYTES = 9
# Of the f64 of recall and precision; torch adds weights in f64 as well.
TOLERANCE = 1e-9

# Threshold, recall, precision.
Point = tuple[float, float, float]


def measure(setup: Setup, library: Avocet) -> Iterator[records.Record]:
    """The record against scikit-learn, and that against the fastest of other ways to the same curve."""
    data = scored.simulate(100_000 if setup.quick else 10_000_000)
    own = threshold.Single(library, data, threshold.recall_under_precision(NUMERATOR, DENOMINATOR))
    own.run()
    positives = int(np.rint(data.weights[data.labels == 1].astype(np.float64) * UNIT).sum())
    selected = own.solution.positive + own.solution.negative
    found = own.threshold.value, own.solution.positive / positives, own.solution.positive / selected
    check(data, own, positives)
    peers = {"sklearn precision_recall_curve": lambda: sklearn(data), **sorting_peers(data)}
    for name, peer in peers.items():
        point = peer()
        if point[0] != found[0] or not np.allclose(point[1:], found[1:], rtol=TOLERANCE, atol=0):
            raise SystemExit(f"single, {name}: {point}, avocet {found}")
    limit = setup.limits().milliseconds(0, ROW_BYTES * len(data.scores))
    others = {name: peer for name, peer in peers.items() if not name.startswith("sklearn")}
    for name in ("sklearn precision_recall_curve", timing.fastest(others)):
        seconds = timing.alternate(own.run, peers[name], setup.effort())
        yield records.record("threshold", "single", "f32", setup.threads, name, seconds, limit)


def check(data: Scored, own: threshold.Single, positives: int) -> None:
    """Adds up in whole numbers what the threshold selects: it must be the solution, feasible and proven."""
    units = np.rint(data.weights.astype(np.float64) * UNIT).astype(np.int64)
    passes = data.scores >= np.float32(own.threshold.value)
    positive = int(units[passes & (data.labels == 1)].sum())
    negative = int(units[passes & (data.labels == 0)].sum())
    if (positive, negative) != (own.solution.positive, own.solution.negative):
        raise SystemExit("single: the solution is not what its threshold selects")
    if DENOMINATOR * positive < NUMERATOR * (positive + negative) or not own.solution.proven:
        raise SystemExit("single: the answer is not feasible, or not proven")


def best(scores: np.ndarray, positive: np.ndarray, selected: np.ndarray) -> Point:
    """The point of the greatest recall with the precision, of sums by descending score."""
    feasible = DENOMINATOR * positive >= NUMERATOR * selected
    at = len(feasible) - 1 - int(np.argmax(feasible[::-1]))
    return float(scores[at]), positive[at] / positive[-1], positive[at] / selected[at]


def sklearn(data: Scored) -> Point:
    """From the lowest threshold up, so that the first that is precise enough has the most recall."""
    precision, recall, thresholds = precision_recall_curve(data.labels, data.scores, sample_weight=data.weights)
    at = int(np.argmax(precision[:-1] >= NUMERATOR / DENOMINATOR))
    return float(thresholds[at]), float(recall[at]), float(precision[at])


def sorting_peers(data: Scored) -> dict[str, Callable[[], Point]]:
    """Sorted by score, added up, and taken where the score changes."""
    s, y, w = map(torch.from_numpy, (data.scores, data.labels, data.weights))

    def by_numpy() -> Point:
        order = np.argsort(data.scores)[::-1]
        scores, weights = data.scores[order], data.weights[order].astype(np.float64)
        last = np.flatnonzero(np.append(scores[1:] != scores[:-1], True))
        positive = np.cumsum(weights * data.labels[order])[last]
        return best(scores[last], positive, np.cumsum(weights)[last])

    def by_torch() -> Point:
        scores, order = torch.sort(s, descending=True)
        weights = w[order].double()
        last = torch.nonzero(torch.cat([scores[1:] != scores[:-1], torch.ones(1, dtype=torch.bool)]))[:, 0]
        positive = torch.cumsum(weights * y[order], 0)[last]
        return best(scores[last].numpy(), positive.numpy(), torch.cumsum(weights, 0)[last].numpy())

    return {"numpy sort and cumsum": by_numpy, "torch sort and cumsum": by_torch}
