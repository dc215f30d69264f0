"""The top-10 of 64 queries in prepared targets of each type, against the fastest peer of that type."""
from collections.abc import Iterator

import records
import scan_peers
import tables
import timing
from avocet_score import Index, Search
from rows import K
from setup import Setup

TYPES = ("f32", "bf16", "f16", "int8")
QUERIES, WIDTH = 64, 128


def measure(setup: Setup) -> Iterator[records.Record]:
    """A record for each type."""
    library, count = setup.library(), 50_000 if setup.quick else 1_000_000
    data = tables.isotropic(QUERIES, count, WIDTH)
    for dtype in TYPES:
        case = f"topk {QUERIES} queries x {count} x {WIDTH}"
        queries, targets = tables.held(data.queries, dtype), tables.held(data.targets, dtype)
        own = Search(Index(library, targets, dtype), queries, K)
        peers = scan_peers.peers(dtype, queries, targets)
        scan_peers.check(own(), peers, queries, targets, dtype, f"{case}, {dtype}")
        fastest = timing.fastest(peers)
        seconds = timing.alternate(own, peers[fastest], setup.effort())
        limit = setup.limits().milliseconds(2 * QUERIES * count * WIDTH, targets.nbytes, dtype)
        yield records.record("score", case, dtype, setup.threads, fastest, seconds, limit)
