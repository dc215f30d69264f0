"""Certified search beside avocet's own f32 search and FAISS, on data that help it and on data that do not."""
from collections.abc import Callable, Iterator

import numpy as np

import records
import scan_peers
import tables
import timing
from avocet_score import Index, Search
from rows import K
from setup import Setup
from tables import Data

QUERIES, WIDTH = 64, 128
DATA: dict[str, Callable[[int], Data]] = {
    "isotropic": lambda count: tables.isotropic(QUERIES, count, WIDTH),
    "clustered": lambda count: tables.clustered(QUERIES, count, WIDTH, 4096, 0.5),
    "anisotropic": lambda count: tables.anisotropic(QUERIES, count, WIDTH),
    "hostile: ascending": lambda count: tables.ascending(QUERIES, count, WIDTH),
    # Bytes tell no row from the others near a centre: 1000 of them, 1 %, 10 % and all rows.
    "tight: 1000 clusters": lambda count: tables.clustered(QUERIES, count, WIDTH, 1000, 1e-3),
    "hostile: 100 clusters": lambda count: tables.clustered(QUERIES, count, WIDTH, 100, 1e-3),
    "hostile: 10 clusters": lambda count: tables.clustered(QUERIES, count, WIDTH, 10, 1e-3),
    "hostile: 1 cluster": lambda count: tables.clustered(QUERIES, count, WIDTH, 1, 1e-3),
}


def measure(setup: Setup) -> Iterator[records.Record]:
    """For each distribution a record against f32 and one against FAISS; the limit is f32 operations, or the bytes."""
    library, count = setup.library(), 50_000 if setup.quick else 1_000_000
    limit = setup.limits().milliseconds(2 * QUERIES * count * WIDTH, count * WIDTH)
    for name, make in DATA.items():
        data, case = make(count), f"certified, {name}"
        indexes = (Index(library, data.targets, storage) for storage in ("certified", "f32"))
        own, plain = (Search(index, data.queries, K) for index in indexes)
        own(), plain()
        if any((a.view(np.uint32) != b.view(np.uint32)).any() for a, b in zip(outputs(own), outputs(plain))):
            raise SystemExit(f"{case}: not the bits of f32")
        peers = scan_peers.faiss_f32(data.queries, data.targets)
        scan_peers.check(own(), peers, data.queries, data.targets, "f32", case)
        beside = {"avocet, f32": plain, (fastest := timing.fastest(peers)): peers[fastest]}
        for peer, call in beside.items():
            seconds = timing.alternate(own, call, setup.effort())
            record = records.record("score", case, "f32", setup.threads, peer, seconds, limit)
            record.survivors_per_query = float(own.survivors.mean())
            yield record


def outputs(search: Search) -> tuple[np.ndarray, ...]:
    """What must be equal."""
    return search.ids, search.scores, search.counts
