"""Dot products of random pairs of rows, and of the candidates of sources."""
from collections.abc import Callable, Iterator

import faiss
import numpy as np
import torch

import records
import tables
import timing
from avocet_score import score_candidates, score_pairs
from setup import Setup

WIDTH, EACH = 128, 100
# Pairs that a peer gathers at a time, so that the rows it gathered stay in cache.
BLOCK = 2048
# Of the greatest score: sums in another order, and products or sums that are rounded to the type.
ORDER, ROUNDED = 1e-5, {"bf16": 2.0**-6, "f16": 2.0**-9}

Call = Callable[[], np.ndarray]


def measure(setup: Setup) -> Iterator[records.Record]:
    """For each type the pairs, against the fastest peer, and candidates, against pairs."""
    library, rows = setup.library(), 50_000 if setup.quick else 1_000_000
    # The rows of `left`, then those of `right`.
    both, random = tables.rows(2 * rows, WIDTH, 1), np.random.default_rng(5)
    u, v = (random.integers(rows, size=rows, dtype=np.uint32) for _ in range(2))
    for dtype in ("f32", "bf16", "f16"):
        held = tables.held(both, dtype)
        left, right, out = held[:rows], held[rows:], np.empty(rows, np.float32)
        own = score_pairs(library, left, right, u, v, out)
        own()
        case = f"pairs, {rows} of {rows} x {WIDTH}"
        peers = pair_peers(dtype, left, right, u, v)
        check(out, peers, left, right, (u, v), dtype, case)
        fastest = timing.fastest(peers)
        seconds = timing.alternate(own, peers[fastest], setup.effort())
        limit = gather_ms(setup, held, np.stack([u, v + np.uint32(rows)], 1).ravel())
        yield records.record("score", case, dtype, setup.threads, fastest, seconds, limit)

        sources, offsets = left[:rows // EACH], np.arange(0, rows + 1, EACH, dtype=np.uint32)
        scores, shuffled, order = np.empty_like(out), np.empty_like(out), random.permutation(rows)
        candidates = score_candidates(library, sources, right, offsets, v, scores)
        of_edge = np.repeat(np.arange(len(sources), dtype=np.uint32), EACH)
        same = score_pairs(library, sources, right, of_edge[order], v[order], shuffled)
        candidates(), same()
        case = f"pairs, candidates: {EACH} of each of {len(sources)}"
        if (scores[order].view(np.uint32) != shuffled.view(np.uint32)).any():
            raise SystemExit(f"{case}: not the bits of pairs")
        limit = gather_ms(setup, held[rows:], v)
        for name, call in (("avocet, random pairs", own), ("avocet, the same pairs in random order", same)):
            seconds = timing.alternate(candidates, call, setup.effort())
            yield records.record("score", case, dtype, setup.threads, name, seconds, limit)


def gather_ms(setup: Setup, table: np.ndarray, rows: np.ndarray) -> float:
    """The least time: reading these rows."""
    return 1e3 * setup.probe().gather_seconds(table.view(np.float32), rows, setup.threads, 3)


def pair_peers(dtype: str, left: np.ndarray, right: np.ndarray, u: np.ndarray, v: np.ndarray) -> dict[str, Call]:
    """Gathered at once or in blocks; FAISS does f32 only."""
    rows = [torch.from_numpy(side.astype(np.int64)) for side in (u, v)]
    a, b = tables.tensor(left), tables.tensor(right)

    def blocks(product: Callable[[int, int], object], size: int) -> Call:
        out = np.empty(len(u), np.float32)

        def call() -> np.ndarray:
            for start in range(0, len(u), size):
                out[start:start + size] = product(start, start + size)
            return out
        return call

    def numpy(start: int, end: int) -> object:
        gathered = left[u[start:end]], right[v[start:end]]
        return np.einsum("pd,pd->p", *(x.astype(np.float32, copy=False) for x in gathered))

    def sums(start: int, end: int) -> object:
        x, y = (torch.nn.functional.embedding(side[start:end], table).float() for side, table in zip(rows, (a, b)))
        return (x * y).sum(1).numpy()

    def vectors(start: int, end: int) -> object:
        x, y = (torch.nn.functional.embedding(side[start:end], table) for side, table in zip(rows, (a, b)))
        return torch.linalg.vecdot(x, y).float().numpy()

    peers = {"numpy einsum": blocks(numpy, len(u)), "numpy einsum, blocks": blocks(numpy, BLOCK),
             "torch embedding": blocks(sums, len(u)), "torch embedding, blocks": blocks(sums, BLOCK),
             "torch vecdot, blocks": blocks(vectors, BLOCK)}
    if dtype == "f32":
        peers["FAISS pairwise_indexed_inner_product"] = by_faiss(left, right, u, v)
    return peers


def by_faiss(left: np.ndarray, right: np.ndarray, u: np.ndarray, v: np.ndarray) -> Call:
    """FAISS's pairs, by its C++ function."""
    arrays = left, u.astype(np.int64), right, v.astype(np.int64), np.empty(len(u), np.float32)

    def call() -> np.ndarray:
        faiss.pairwise_indexed_inner_product(left.shape[1], len(u), *map(faiss.swig_ptr, arrays))
        return arrays[-1]
    return call


def check(out: np.ndarray, peers: dict[str, Call], left: np.ndarray, right: np.ndarray,
          sides: tuple[np.ndarray, np.ndarray], dtype: str, case: str) -> None:
    """Fails unless avocet's scores are the sums in f64, and each peer's are near enough."""
    wide = np.empty(len(out))
    for start in range(0, len(out), BLOCK):
        x, y = (table[side[start:start + BLOCK]].astype(np.float64) for table, side in zip((left, right), sides))
        wide[start:start + BLOCK] = np.einsum("pd,pd->p", x, y)
    scale = np.abs(wide).max()
    for name, found in [("avocet", lambda: out), *peers.items()]:
        tolerance = ROUNDED[dtype] if name.startswith("torch vecdot") and dtype in ROUNDED else ORDER
        if not (apart := np.abs(found() - wide).max()) <= tolerance * scale:
            raise SystemExit(f"{case}, {dtype}, {name}: scores differ by {apart:.1e}, the greatest is {scale:.1e}")
