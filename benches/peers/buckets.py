"""Counts and weights by score and uncertainty: positives and negatives of 10 million rows in 500 x 50 cells.

Peers add the weights; avocet counts the rows as well. All take labels and bins in the types that they like best.
"""
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import boost_histogram as bh
import fast_histogram
import numpy as np
import pandas as pd
import torch

import avocet_threshold as threshold
import records
import scored
import timing
from avocet import Avocet
from scored import HIGHEST_UNCERTAINTY, UNIT, Scored
from setup import Setup

BINS, LEVELS = 500, 50
# Scores, uncertainties, labels and weights of a row.
ROW_BYTES = 13
# Of the rows: those so close to a uniform edge that other peers' rounding puts them on its other side.
MOVED = 1e-4
# The peers that round as avocet does, in f32; with given edges all must agree in every row.
SAME_ROUNDING = ("numpy bincount", "torch bincount")

# Weights of rows to sums by level, bin and label.
Peer = Callable[[np.ndarray], Callable[[], np.ndarray]]


@dataclass(frozen=True)
class Case:
    """Where the edges come from."""

    name: str
    levels: threshold.Axis
    bins: threshold.Axis
    uniform: bool = False


def cases() -> list[Case]:
    """Those of the targets. Clustered: half of the edges in a hundredth of the range."""
    clustered = np.concatenate([np.arange(1, 250) / 500, 0.5 + np.arange(250) / 25_000]).astype(np.float32)
    levels = threshold.quantiles(LEVELS)
    return [Case("buckets uniform", threshold.uniform(LEVELS, HIGHEST_UNCERTAINTY), threshold.uniform(BINS, 1), True),
            Case("buckets quantile", levels, threshold.quantiles(BINS)),
            Case("buckets quantile clustered", levels, threshold.given(clustered))]


def measure(setup: Setup, library: Avocet) -> Iterator[records.Record]:
    """A record for each case."""
    data = scored.simulate(100_000 if setup.quick else 10_000_000)
    for case in cases():
        grid = threshold.Grid(library, case.levels, case.bins, data)
        buckets = threshold.Buckets(grid)
        call = buckets.add(data)
        call()
        level_edges, score_edges = grid.level_edges(), grid.score_edges()
        counts = check_cells(case, buckets, data, level_edges, score_edges)
        peers = (uniform_peers(data, setup.threads) if case.uniform
                 else edge_peers(data, level_edges, score_edges, setup.threads))
        calls = {}
        for name, peer in peers.items():
            moved = np.abs(peer(np.ones_like(data.weights))() - counts).sum() / 2
            allowed = MOVED * len(data.scores) if case.uniform and name not in SAME_ROUNDING else 0
            if moved > allowed:
                raise SystemExit(f"{case.name}, {name}: {moved:.0f} rows are in other cells")
            calls[name] = peer(data.weights)
        fastest = timing.fastest(calls)
        seconds = timing.alternate(call, calls[fastest], setup.effort())
        limit = setup.limits().milliseconds(0, ROW_BYTES * len(data.scores))
        yield records.record("threshold", case.name, "f32", setup.threads, fastest, seconds, limit)


def by_label(buckets: threshold.Buckets, weights: bool) -> np.ndarray:
    """Cells by level, bin and label."""
    cells = buckets.cells(weights)
    return np.stack([cells.negative, cells.positive], -1)


def check_cells(case: Case, buckets: threshold.Buckets, data: Scored, level_edges: np.ndarray,
                score_edges: np.ndarray) -> np.ndarray:
    """Compares counts and weights with numpy's, which must be equal, and returns the counts."""
    at = cell_of(np.searchsorted(level_edges, data.uncertainties, "right"),
                 np.searchsorted(score_edges, data.scores, "right"), data.labels)
    # Sums of multiples of 2^-20 are exact in f64.
    for weights, unit in ((None, 1), (data.weights, UNIT)):
        found = by_label(buckets, weights is not None)
        expected = table(np.bincount(at, weights, 2 * LEVELS * BINS) * unit)
        if not np.array_equal(found, expected.astype(np.int64)):
            raise SystemExit(f"{case.name}: cells differ from numpy's")
    return by_label(buckets, False)


def cell_of(levels: np.ndarray, bins: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The place of each row in a table by level, bin and label; overwrites the levels."""
    levels *= BINS
    levels += bins
    levels *= 2
    levels += labels
    return levels


def table(sums: np.ndarray) -> np.ndarray:
    """By level, bin and label."""
    return np.asarray(sums).reshape(LEVELS, BINS, 2)


def uniform_peers(data: Scored, threads: int) -> dict[str, Peer]:
    """Bins by arithmetic."""
    per_bin, per_level = np.float32(BINS), np.float32(LEVELS / HIGHEST_UNCERTAINTY)
    labels = data.labels.astype(np.int32)
    s, u, y = map(torch.from_numpy, (data.scores, data.uncertainties, labels))
    ranges = [[0, HIGHEST_UNCERTAINTY], [0, 1]]

    def by_numpy(weights: np.ndarray) -> Callable[[], np.ndarray]:
        def call() -> np.ndarray:
            levels = np.minimum((data.uncertainties * per_level).astype(np.int32), LEVELS - 1)
            bins = np.minimum((data.scores * per_bin).astype(np.int32), BINS - 1)
            return table(np.bincount(cell_of(levels, bins, labels), weights, 2 * LEVELS * BINS))
        return call

    def by_torch(weights: np.ndarray) -> Callable[[], np.ndarray]:
        w = torch.from_numpy(weights)

        def call() -> np.ndarray:
            levels = (u * float(per_level)).to(torch.int32).clamp_(0, LEVELS - 1)
            bins = (s * float(per_bin)).to(torch.int32).clamp_(0, BINS - 1)
            at = levels.mul_(BINS).add_(bins).mul_(2).add_(y)
            return table(torch.bincount(at, w, 2 * LEVELS * BINS))
        return call

    def by_fast_histogram(weights: np.ndarray) -> Callable[[], np.ndarray]:
        parts = [weights * (data.labels == label) for label in (0, 1)]
        return lambda: np.stack([fast_histogram.histogram2d(data.uncertainties, data.scores, (LEVELS, BINS), ranges,
                                                            weights=part) for part in parts], -1)

    axes = (bh.axis.Regular(LEVELS, 0, HIGHEST_UNCERTAINTY), bh.axis.Regular(BINS, 0, 1))
    return {"numpy bincount": by_numpy, "torch bincount": by_torch,
            "torch.histogramdd": histogramdd(data),
            "fast-histogram, twice": by_fast_histogram,
            "boost-histogram": by_boost_histogram(data, axes, threads)}


def histogramdd(data: Scored) -> Peer:
    """torch's histogram of points, with the label as third coordinate."""
    points = torch.from_numpy(np.stack([data.uncertainties, data.scores, data.labels.astype(np.float32)], 1))
    ranges = [0.0, float(HIGHEST_UNCERTAINTY), 0.0, 1.0, 0.0, 2.0]

    def of(weights: np.ndarray) -> Callable[[], np.ndarray]:
        w = torch.from_numpy(weights)
        return lambda: torch.histogramdd(points, bins=[LEVELS, BINS, 2], range=ranges, weight=w).hist.numpy()

    return of


def by_boost_histogram(data: Scored, axes: tuple[bh.axis.Axis, bh.axis.Axis], threads: int) -> Peer:
    """With the label as third axis."""
    labels = data.labels.astype(np.int32)

    def of(weights: np.ndarray) -> Callable[[], np.ndarray]:
        def call() -> np.ndarray:
            histogram = bh.Histogram(*axes, bh.axis.Integer(0, 2), storage=bh.storage.Double())
            histogram.fill(data.uncertainties, data.scores, labels, weight=weights, threads=threads)
            return histogram.values()
        return call

    return of


def edge_peers(data: Scored, level_edges: np.ndarray, score_edges: np.ndarray, threads: int) -> dict[str, Peer]:
    """Bins by search among the same edges."""
    labels = data.labels.astype(np.int32)
    s, u, y, of_scores, of_levels = map(torch.from_numpy, (data.scores, data.uncertainties, labels, score_edges,
                                                          level_edges))
    level_bounds, score_bounds = (np.concatenate([[-np.inf], edges, [np.inf]]) for edges in (level_edges, score_edges))

    def by_numpy(weights: np.ndarray) -> Callable[[], np.ndarray]:
        # numpy.digitize is the same function.
        def call() -> np.ndarray:
            levels = np.searchsorted(level_edges, data.uncertainties, "right")
            bins = np.searchsorted(score_edges, data.scores, "right")
            return table(np.bincount(cell_of(levels, bins, labels), weights, 2 * LEVELS * BINS))
        return call

    def by_torch(weights: np.ndarray) -> Callable[[], np.ndarray]:
        w = torch.from_numpy(weights)

        def call() -> np.ndarray:
            levels = torch.bucketize(u, of_levels, out_int32=True, right=True)
            bins = torch.bucketize(s, of_scores, out_int32=True, right=True)
            return table(torch.bincount(levels.mul_(BINS).add_(bins).mul_(2).add_(y), w, 2 * LEVELS * BINS))
        return call

    def by_pandas(weights: np.ndarray) -> Callable[[], np.ndarray]:
        def call() -> np.ndarray:
            levels = pd.cut(data.uncertainties, level_bounds, right=False, labels=False)
            bins = pd.cut(data.scores, score_bounds, right=False, labels=False)
            return table(np.bincount(cell_of(levels, bins, labels), weights, 2 * LEVELS * BINS))
        return call

    axes = (bh.axis.Variable(level_bounds), bh.axis.Variable(score_bounds))
    return {"numpy searchsorted": by_numpy, "torch.bucketize": by_torch, "pandas.cut": by_pandas,
            "boost-histogram": by_boost_histogram(data, axes, threads)}
