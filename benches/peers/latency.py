"""One query against few targets: what a call costs, and what of it is the way from Python to the library."""
from collections.abc import Iterator

import faiss
import numpy as np

import records
import scan_peers
import tables
import timing
from avocet_score import Index, Search
from rows import K
from setup import Setup

WIDTH = 128


def measure(setup: Setup) -> Iterator[records.Record]:
    """An empty call beside a search of FAISS in a single row, then a record for each size and type."""
    library, limits = setup.library(), setup.limits()
    single = faiss.IndexFlatIP(WIDTH)
    row = np.ones((1, WIDTH), np.float32)
    single.add(row)
    seconds = timing.alternate(setup.probe().nothing(), scan_peers.Flat(single, row), setup.effort())
    yield records.record("score", "latency of an empty call", "f32", setup.threads, "FAISS, 1 row", seconds, 0)
    for count in (1000, 100_000):
        data = tables.isotropic(1, count, WIDTH)
        for dtype in ("f32", "int8"):
            case = f"latency x {count} x {WIDTH}"
            queries, targets = tables.held(data.queries, dtype), tables.held(data.targets, dtype)
            own = Search(Index(library, targets, dtype), queries, K)
            peers = scan_peers.peers(dtype, queries, targets)
            scan_peers.check(own(), peers, queries, targets, dtype, f"{case}, {dtype}")
            fastest = timing.fastest(peers)
            seconds = timing.alternate(own, peers[fastest], setup.effort())
            limit = limits.milliseconds(0, targets.nbytes)
            yield records.record("score", case, dtype, setup.threads, fastest, seconds, limit)
