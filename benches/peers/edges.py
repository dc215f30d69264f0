"""Edges of bins of equal weight: exact order statistics of 10 million scores."""
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import torch

import avocet_threshold as threshold
import records
import scored
import timing
from avocet import Avocet
from setup import Setup

BINS = 500
# pandas interpolates between order statistics.
INTERPOLATED = ("pandas.qcut",)
INTERPOLATION_TOLERANCE = 1e-4


def measure(setup: Setup, library: Avocet) -> Iterator[records.Record]:
    """One record."""
    data = scored.simulate(100_000 if setup.quick else 10_000_000)

    def own() -> threshold.Grid:
        return threshold.Grid(library, threshold.uniform(1, 1), threshold.quantiles(BINS), data)

    found = own().score_edges()
    peers = peers_of(data.scores)
    for name, peer in peers.items():
        edges = np.asarray(peer())
        near = np.abs(edges - found).max() <= INTERPOLATION_TOLERANCE
        if not (near if name in INTERPOLATED else np.array_equal(edges, found)):
            raise SystemExit(f"edges, {name}: they differ")
    fastest = timing.fastest(peers)
    seconds = timing.alternate(own, peers[fastest], setup.effort())
    limit = setup.limits().milliseconds(0, data.scores.nbytes)
    yield records.record("threshold", "edges", "f32", setup.threads, fastest, seconds, limit)


def peers_of(scores: np.ndarray) -> dict[str, Callable[[], object]]:
    """Each returns the edges: the values of rank `floor(i rows / bins)`."""
    rows = len(scores)
    ranks = np.arange(1, BINS) * rows // BINS
    shares = ranks / (rows - 1)
    s, of_torch = torch.from_numpy(scores), torch.from_numpy(shares.astype(np.float32))
    wanted = torch.from_numpy(ranks)
    peers: dict[str, Callable[[], object]] = {
        "numpy.partition": lambda: np.partition(scores, ranks)[ranks],
        "numpy.quantile": lambda: np.quantile(scores, shares, method="nearest"),
        "torch.sort": lambda: torch.sort(s).values[wanted],
        "pandas.qcut": lambda: pd.qcut(scores, BINS, labels=False, retbins=True)[1][1:-1],
    }
    if rows < 1 << 24 and np.array_equal(np.rint(of_torch.numpy() * np.float32(rows - 1)), ranks):
        # Its ranks are rounded to f32: it finds these order statistics of few rows only.
        peers["torch.quantile"] = lambda: torch.quantile(s, of_torch, interpolation="nearest")
    return peers
