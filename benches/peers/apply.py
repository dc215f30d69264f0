"""Thresholds and calibrated values applied to 10 million new rows, levels of uncertainty being uniform or quantiles."""
from collections.abc import Callable, Iterator

import numpy as np
import torch

import avocet_threshold as threshold
import records
import scored
import timing
from avocet import Avocet
from buckets import BINS, LEVELS
from scored import HIGHEST_UNCERTAINTY, Scored
from setup import Setup

Peers = dict[str, Callable[[], np.ndarray]]
# Of each row: by numpy, and by torch.
Levels = tuple[Callable[[], np.ndarray], Callable[[], torch.Tensor]]


def measure(setup: Setup, library: Avocet) -> Iterator[records.Record]:
    """Decisions as bytes and as bits, and values of cells; all sides must agree in every row."""
    rows = 100_000 if setup.quick else 10_000_000
    data = scored.simulate(rows)
    thresholds = np.linspace(0.3, 0.8, LEVELS, dtype=np.float32)
    values = np.random.default_rng(4).random(LEVELS * BINS, np.float32)
    levels = threshold.uniform(LEVELS, HIGHEST_UNCERTAINTY), threshold.quantiles(LEVELS)
    for name, axis in zip(("", " quantile"), levels):
        grid = threshold.Grid(library, axis, threshold.uniform(BINS, 1), data)
        level_of = level_functions(data, None if not name else grid.level_edges())
        flags, bits = np.empty(rows, np.uint8), np.zeros((rows + 63) // 64, np.uint64)
        yield side_by_side(setup, rows, f"apply{name}", grid.apply("decide", thresholds, data, flags), flags,
                           decision_peers(data, level_of, thresholds))
        yield side_by_side(setup, rows, f"apply bits{name}", grid.apply("decide_bits", thresholds, data, bits), bits,
                           packed(decision_peers(data, level_of, thresholds), len(bits)))
        if not name:
            out = np.empty(rows, np.float32)
            yield side_by_side(setup, rows, "apply calibrate", grid.apply("calibrate", values, data, out), out,
                               value_peers(data, level_of, values))


def side_by_side(setup: Setup, rows: int, case: str, own: Callable[[], None], out: np.ndarray,
                 peers: Peers) -> records.Record:
    """Compares and times; the limit is reading the rows and the output once."""
    own()
    for name, peer in peers.items():
        if not np.array_equal(peer(), out):
            raise SystemExit(f"{case}, {name}: results differ")
    fastest = timing.fastest(peers)
    seconds = timing.alternate(own, peers[fastest], setup.effort())
    limit = setup.limits().milliseconds(0, 8 * rows + out.nbytes)
    return records.record("threshold", case, "f32", setup.threads, fastest, seconds, limit)


def level_functions(data: Scored, edges: np.ndarray | None) -> Levels:
    """The level of each row: by arithmetic, or by search among edges."""
    u, scale = torch.from_numpy(data.uncertainties), LEVELS / HIGHEST_UNCERTAINTY
    if edges is None:
        return (lambda: np.minimum((data.uncertainties * np.float32(scale)).astype(np.int32), LEVELS - 1),
                lambda: (u * scale).to(torch.int32).clamp_(0, LEVELS - 1))
    of_torch = torch.from_numpy(edges)
    return (lambda: np.searchsorted(edges, data.uncertainties, "right"),
            lambda: torch.bucketize(u, of_torch, out_int32=True, right=True))


def decision_peers(data: Scored, level_of: Levels, thresholds: np.ndarray) -> Peers:
    """Bytes of 0 or 1."""
    s, t = torch.from_numpy(data.scores), torch.from_numpy(thresholds)
    return {"numpy": lambda: (data.scores >= thresholds[level_of[0]()]).view(np.uint8),
            "torch": lambda: torch.ge(s, torch.index_select(t, 0, level_of[1]())).numpy().view(np.uint8)}


def packed(peers: Peers, words: int) -> Peers:
    """Bits of words, the rows in the order of their bits."""
    def pack(peer: Callable[[], np.ndarray]) -> Callable[[], np.ndarray]:
        def call() -> np.ndarray:
            bits = np.packbits(peer(), bitorder="little")
            return np.pad(bits, (0, 8 * words - len(bits))).view(np.uint64)
        return call

    return {name: pack(peer) for name, peer in peers.items()}


def value_peers(data: Scored, level_of: Levels, values: np.ndarray) -> Peers:
    """The value of each row's cell."""
    s, v = torch.from_numpy(data.scores), torch.from_numpy(values)

    def by_numpy() -> np.ndarray:
        at = level_of[0]() * BINS
        at += np.minimum((data.scores * np.float32(BINS)).astype(np.int32), BINS - 1)
        return values[at]

    def by_torch() -> np.ndarray:
        bins = (s * BINS).to(torch.int32).clamp_(0, BINS - 1)
        return torch.index_select(v, 0, level_of[1]().mul_(BINS).add_(bins)).numpy()

    return {"numpy": by_numpy, "torch": by_torch}
