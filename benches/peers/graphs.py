"""Neighbourhoods to aggregate: offsets and column indices, both int32."""
from dataclasses import dataclass

import numpy as np


@dataclass
class Neighbourhoods:
    """Rows of neighbours among `cols` columns."""

    offsets: np.ndarray
    indices: np.ndarray
    cols: int

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.offsets) - 1


def uniform(rows: int, cols: int, degree: int) -> Neighbourhoods:
    """Every row has `degree` neighbours, drawn with equal chances."""
    indices = np.random.default_rng(1).integers(cols, size=rows * degree, dtype=np.int32)
    return Neighbourhoods(np.arange(0, rows * degree + 1, degree, dtype=np.int32), indices, cols)


def power_law(nodes: int, edges: int) -> Neighbourhoods:
    """A directed Chung-Lu graph with power-law degrees (exponent 2.3) on both ends, ids shuffled."""
    random = np.random.default_rng(1)
    mass = np.cumsum((np.arange(nodes) + 10.0) ** (-1 / 1.3))

    def ends() -> np.ndarray:
        ranks = np.searchsorted(mass, random.random(edges) * mass[-1]).clip(0, nodes - 1)
        return random.permutation(nodes)[ranks]

    return from_edges(ends(), ends(), nodes)


def from_edges(sources: np.ndarray, targets: np.ndarray, nodes: int) -> Neighbourhoods:
    """The targets of each source, in ascending order."""
    order = np.lexsort((targets, sources))
    offsets = np.zeros(nodes + 1, np.int32)
    np.cumsum(np.bincount(sources, minlength=nodes), out=offsets[1:])
    return Neighbourhoods(offsets, targets[order].astype(np.int32), nodes)
