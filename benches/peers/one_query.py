"""One query against prepared targets of each type, at most as fast as they can be read; and 8 queries beside one."""
from collections.abc import Iterator

import records
import scan_peers
import tables
import timing
from avocet_score import STORAGE, Index, Search
from rows import K
from setup import Setup

WIDTH, FEW = 128, 8


def measure(setup: Setup) -> Iterator[records.Record]:
    """For each storage a record against the fastest peer, and one of 8 queries against one, both avocet's."""
    library, limits, count = setup.library(), setup.limits(), 50_000 if setup.quick else 1_000_000
    data = tables.isotropic(FEW, count, WIDTH)
    for storage in STORAGE:
        dtype = "f32" if storage == "certified" else storage
        queries, targets = tables.held(data.queries, dtype), tables.held(data.targets, dtype)
        index = Index(library, targets, storage)
        one, few = Search(index, queries[:1], K), Search(index, queries, K)
        peers = scan_peers.peers(dtype, queries[:1], targets)
        case = f"{count} x {WIDTH}, {storage}"
        scan_peers.check(one(), peers, queries[:1], targets, dtype, f"one_query x {case}")
        if (one.ids[0] != few()[1][0]).any() or (one.scores[0] != few.scores[0]).any():
            raise SystemExit(f"one_query x {case}: the answer depends on the other queries")
        fastest = timing.fastest(peers)
        seconds = timing.alternate(one, peers[fastest], setup.effort())
        # Of most rows a certified search reads a byte an element.
        nbytes = targets.size if storage == "certified" else targets.nbytes
        limit = limits.milliseconds(0, nbytes)
        record = records.record("score", f"one_query x {case}", dtype, setup.threads, fastest, seconds, limit)
        record.survivors_per_query = float(one.survivors.mean()) if storage == "certified" else None
        yield record
        seconds = timing.alternate(few, one, setup.effort())
        label = f"one_query, {FEW} queries x {case}"
        yield records.record("score", label, dtype, setup.threads, "avocet, 1 query", seconds, limit)
