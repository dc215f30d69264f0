"""Neighbourhood aggregation against torch's embedding_bag."""
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

import debian
import graphs
import limits
import records
import timing
from agreement import agree
from avocet import Graph
from graphs import Neighbourhoods
from setup import Setup

# Table sizes for a 1 MiB L2 and a 32 MiB L3.
TABLES = {"L2": 512 << 10, "L3": 8 << 20, "DRAM": 512 << 20}
WIDTHS = [32, 64, 100, 128, 256]
DEGREES = [10, 32]
MOST_EDGES = 4_000_000
OPERATIONS = ["sum", "mean", "weighted"]
RELATIVE_TOLERANCE = 1e-5
PEER = "torch embedding_bag"


@dataclass(frozen=True)
class Case:
    """A kind of graph, a width of rows, and what is done."""

    graph: str
    width: int
    operation: str
    table: int = 0
    degree: int = 0

    def name(self) -> str:
        """L3 table, 10 neighbours, d=64, sum."""
        return f"{self.graph}, d={self.width}, {self.operation}"

    def neighbourhoods(self) -> Neighbourhoods:
        """The graph."""
        if self.graph == "power law 200k/4M":
            return graphs.power_law(200_000, 4_000_000)
        if self.graph == "Debian depends":
            data = debian.read()
            edges = data.edges["depends"]
            return graphs.from_edges(edges[:, 0], edges[:, 1], data.packages)
        cols = self.table // (4 * self.width)
        return graphs.uniform(min(cols, MOST_EDGES // self.degree), cols, self.degree)


def cases(quick: bool) -> list[Case]:
    """Each width with sums, and one width with every operation."""
    uniform = [(f"{level} table, {degree} neighbours", table, degree)
               for level, table in TABLES.items() for degree in DEGREES]
    kinds = [*uniform, ("power law 200k/4M", 0, 0), ("Debian depends", 0, 0)]
    if quick:
        kinds = [kinds[0], *kinds[2::2], kinds[-1]]
    widths = [64, 100] if quick else WIDTHS
    return [Case(graph, width, operation, table, degree) for graph, table, degree in kinds for width in widths
            for operation in OPERATIONS if operation == "sum" or width == 64]


def measure(setup: Setup) -> Iterator[records.Record]:
    """A record for each case."""
    torch.set_num_threads(setup.threads)
    library, limit, probe = setup.library(), setup.limits(), setup.probe()
    previous = None
    for case in cases(setup.quick):
        if (case.graph, case.width) != previous:
            previous = case.graph, case.width
            hood = case.neighbourhoods()
            graph = Graph(library, hood.offsets, hood.indices, hood.cols)
            random = np.random.default_rng(2)
            x = random.standard_normal((hood.cols, case.width), np.float32)
            weights = random.random(len(hood.indices), np.float32)
            out = np.empty((hood.rows, case.width), np.float32)
            least = limit_ms(hood, x, limit, probe, 2 if setup.quick else 5)
        weighted = weights if case.operation == "weighted" else None
        reduce = "mean" if case.operation == "mean" else "sum"
        own = library.aggregate(graph, x, out, reduce, weighted)
        peer = embedding_bag(hood, x, reduce, weighted)
        with torch.inference_mode():
            own()
            agree(out, peer().numpy(), RELATIVE_TOLERANCE, case.name())
            seconds = timing.alternate(own, peer, setup.effort())
        yield records.record("aggregate", case.name(), "f32", setup.threads, PEER, seconds, least)


def embedding_bag(hood: Neighbourhoods, x: np.ndarray, reduce: str,
                  weights: np.ndarray | None) -> Callable[[], torch.Tensor]:
    """The peer's call."""
    indices, offsets, table = map(torch.from_numpy, (hood.indices, hood.offsets, x))
    factors = None if weights is None else torch.from_numpy(weights)
    options = {"mode": reduce, "include_last_offset": True, "per_sample_weights": factors}
    return lambda: torch.nn.functional.embedding_bag(indices, table, offsets, **options)


def limit_ms(hood: Neighbourhoods, x: np.ndarray, limit: limits.Limits, probe: limits.Probe,
             repetitions: int) -> float:
    """The least time: reading the row of every edge and writing the output, or the operations."""
    gather = probe.gather_seconds(x, hood.indices.view(np.uint32), limit.threads, repetitions)
    written = 4 * hood.rows * x.shape[1]
    operations = 2 * len(hood.indices) * x.shape[1] / limit.flops
    return 1e3 * max(gather + written / limit.bandwidth(written), operations)
