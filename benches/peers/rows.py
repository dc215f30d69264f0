"""Exact top-10 of rows as they are, by inner product, against FAISS at its best setting."""
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import faiss
import numpy as np

import records
import timing
from setup import Setup

K = 10
HOPELESS = 1.5
# How much two sums of the same products may differ, of the greatest score.
RELATIVE_TOLERANCE = 1e-5

Search = Callable[[], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Setting:
    """FAISS's variables: from how many query values on it uses BLAS, and the targets it takes at a time."""

    threshold: int
    block: int

    def apply(self) -> None:
        """Sets the variables."""
        faiss.cvar.distance_compute_blas_threshold = self.threshold
        faiss.cvar.distance_compute_blas_database_bs = self.block


DEFAULTS = Setting(faiss.cvar.distance_compute_blas_threshold, faiss.cvar.distance_compute_blas_database_bs)
NEVER = 2**31 - 1
SETTINGS = {
    "defaults": DEFAULTS,
    "without BLAS": Setting(NEVER, DEFAULTS.block),
    "BLAS": Setting(1, DEFAULTS.block),
    "BLAS, blocks of 256": Setting(1, 256),
    "BLAS, blocks of 4096": Setting(1, 4096),
}


@dataclass(frozen=True)
class Case:
    """Sizes."""

    targets: int
    width: int
    queries: int

    def name(self) -> str:
        """64 queries x 100k, d=128, top 10."""
        size = f"{self.targets // 1000}k" if self.targets < 1_000_000 else f"{self.targets // 1_000_000}M"
        unit = "query" if self.queries == 1 else "queries"
        return f"{self.queries} {unit} x {size}, d={self.width}, top {K}"


def cases(quick: bool) -> list[Case]:
    """All sizes; in a hurry only the smaller table."""
    sizes, widths = ([100_000], [128]) if quick else ([100_000, 1_000_000], [64, 128])
    return [Case(size, width, queries) for size in sizes for width in widths for queries in (1, 64, 256)]


def vectors(rows: int, width: int, seed: int) -> np.ndarray:
    """Rows of about length 1."""
    x = np.random.default_rng(seed).random((rows, width), np.float32)
    x -= np.float32(0.5)
    x *= np.float32((12 / width) ** 0.5)
    return x


def prepared(setup: Setup) -> Iterator[tuple[Case, np.ndarray, np.ndarray]]:
    """Each case with its queries and targets."""
    faiss.omp_set_num_threads(setup.threads)
    targets = np.empty((0, 0), np.float32)
    for case in cases(setup.quick):
        if setup.chosen and case.name() not in setup.chosen:
            continue
        if targets.shape != (case.targets, case.width):
            targets = vectors(case.targets, case.width, 1)
        yield case, vectors(case.queries, case.width, 7), targets


def search(queries: np.ndarray, targets: np.ndarray) -> Search:
    """The peer's call."""
    return lambda: faiss.knn(queries, targets, K, metric=faiss.METRIC_INNER_PRODUCT)


def probe(setup: Setup) -> Iterator[dict[str, object]]:
    """The best setting for each case with the core type of this process."""
    for case, queries, targets in prepared(setup):
        call = search(queries, targets)
        best = float("inf"), ""
        for name, setting in SETTINGS.items():
            setting.apply()
            seconds = timing.once(call)
            if seconds < HOPELESS * best[0]:
                runs = 3 if seconds > 0.05 else 15
                seconds = float(np.median([timing.once(call) for _ in range(runs)]))
            best = min(best, (seconds, name))
        yield {"case": case.name(), "setting": best[1], "seconds": best[0]}


def measure(setup: Setup) -> Iterator[records.Record]:
    """A record for each chosen case."""
    core = os.environ.get("OPENBLAS_CORETYPE")
    library, limit = setup.library(), setup.limits()
    for case, queries, targets in prepared(setup):
        name = setup.chosen[case.name()]
        SETTINGS[name].apply()
        ids = np.empty((case.queries, K), np.uint32)
        scores = np.empty((case.queries, K), np.float32)
        counts = np.empty(case.queries, np.uint32)
        own = library.top_k(queries, targets, ids, scores, counts)
        peer = search(queries, targets)
        own()
        agree((scores, ids), peer(), queries, targets, case.name())
        seconds = timing.alternate(own, peer, setup.effort())
        operations = 2 * case.queries * case.targets * case.width
        least = limit.milliseconds(operations, targets.nbytes)
        label = f"FAISS, {name}" + (f", {core}" if core and "BLAS" in name.split(",")[0].split() else "")
        yield records.record("score", case.name(), "f32", setup.threads, label, seconds, least)


def agree(own: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray], queries: np.ndarray,
          targets: np.ndarray, case: str, tolerance: float = RELATIVE_TOLERANCE) -> None:
    """Fails unless both lists have the same scores, and the scores are those of the ids."""
    scale = np.abs(other[0]).max()
    wide = queries.astype(np.float64)
    exact = [np.einsum("qd,qkd->qk", wide, targets[ids].astype(np.float64)) for _, ids in (own, other)]
    pairs = (own[0], other[0]), (own[0], exact[0]), (other[0], exact[1])
    apart = max(np.abs(a - b).max() for a, b in pairs)
    if not apart <= tolerance * scale:
        raise SystemExit(f"{case}: scores differ by {apart:.1e}, the greatest is {scale:.1e}")
