"""What the harness needs of the threshold part of include/avocet.h, by ctypes."""
import ctypes as c
from collections.abc import Callable

import numpy as np

from avocet import Avocet, AvocetError
from scored import Cells, Scored

INFEASIBLE = 15
GIVEN, UNIFORM, QUANTILES = 0, 1, 2
U8 = 20
OBJECTIVE = {"recall": 0, "precision": 1, "at most": 4}
METHOD = {"exact": 0, "single": 1, "mist": 2, "dp": 3}


class GridOptions(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("levels", c.c_size_t), ("bins", c.c_size_t), ("level_edges", c.c_void_p),
                ("score_edges", c.c_void_p), ("rows", c.c_size_t), ("scores", c.c_void_p),
                ("uncertainties", c.c_void_p), ("weights", c.c_void_p), ("top", c.c_double),
                ("refine_bins", c.c_size_t), ("level_low", c.c_float), ("level_high", c.c_float),
                ("score_low", c.c_float), ("score_high", c.c_float), ("refine_low", c.c_float),
                ("refine_high", c.c_float), ("level_kind", c.c_int32), ("score_kind", c.c_int32)]


class ThresholdRows(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("rows", c.c_size_t), ("scores", c.c_void_p),
                ("uncertainties", c.c_void_p), ("labels", c.c_void_p), ("weights", c.c_void_p),
                ("segments", c.c_void_p), ("label_type", c.c_int32), ("segment_type", c.c_int32),
                ("missing", c.c_int32), ("reserved", c.c_int32)]


class CellsView(c.Structure):
    """avocet_cells."""

    _fields_ = [("struct_size", c.c_size_t), ("levels", c.c_size_t), ("bins", c.c_size_t), ("positive", c.c_void_p),
                ("negative", c.c_void_p), ("buckets", c.c_void_p), ("segment", c.c_size_t), ("weights", c.c_int32),
                ("reserved", c.c_int32)]


class Objective(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("kind", c.c_int32), ("numerator", c.c_uint32),
                ("denominator", c.c_uint32), ("z_numerator", c.c_uint32), ("z_denominator", c.c_uint32),
                ("reserved", c.c_int32), ("selected", c.c_uint64), ("gains", c.c_int64 * 4)]


class SearchOptions(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("work_limit", c.c_uint64), ("method", c.c_int32), ("shape", c.c_int32)]


class Solution(c.Structure):
    _fields_ = [("positive", c.c_uint64), ("negative", c.c_uint64), ("bound_positive", c.c_uint64),
                ("bound_negative", c.c_uint64), ("work", c.c_uint64), ("proven", c.c_int32), ("reserved", c.c_int32)]


def recall_under_precision(numerator: int, denominator: int) -> Objective:
    """The most recall with at least this precision."""
    return Objective(c.sizeof(Objective), OBJECTIVE["recall"], numerator, denominator)


def at_most(selected: int) -> Objective:
    """The most recall with at most this weight selected."""
    return Objective(c.sizeof(Objective), OBJECTIVE["at most"], selected=selected)


def declare(library: Avocet) -> None:
    """Tells ctypes the signatures."""
    pointer, size = c.c_void_p, c.c_size_t
    signatures = {
        "avocet_grid_create": [pointer] * 4,
        "avocet_grid_destroy": [pointer],
        "avocet_grid_level_edges": [pointer, pointer, size, pointer],
        "avocet_grid_score_edges": [pointer, size, pointer, size, pointer],
        "avocet_buckets_create": [pointer, size, pointer, pointer],
        "avocet_buckets_destroy": [pointer],
        "avocet_buckets_clear": [pointer],
        "avocet_buckets_add": [pointer] * 5,
        "avocet_buckets_cells": [pointer, size, c.c_int32, pointer, pointer, size, pointer],
        "avocet_threshold_search": [pointer] * 7,
        "avocet_threshold_frontier": [pointer, pointer, size] + [pointer] * 3,
        "avocet_threshold_decide": [pointer] * 4 + [size] + [pointer] * 3,
        "avocet_threshold_decide_bits": [pointer] * 4 + [size] + [pointer] * 3,
        "avocet_threshold_calibrate": [pointer] * 4 + [size] + [pointer] * 3,
    }
    for name, arguments in signatures.items():
        getattr(library.library, name).argtypes = arguments
    for name in ("avocet_grid_destroy", "avocet_buckets_destroy", "avocet_buckets_clear"):
        getattr(library.library, name).restype = None


class Axis:
    """Where the edges of an axis come from: a range and a number of bins, quantiles, or the edges between bins."""

    def __init__(self, kind: int, bins: int, low: float = 0, high: float = 0, edges: np.ndarray | None = None) -> None:
        self.kind, self.bins, self.low, self.high, self.edges = kind, bins, low, high, edges


def uniform(bins: int, high: float) -> Axis:
    """Bins of one width from 0."""
    return Axis(UNIFORM, bins, 0, high)


def quantiles(bins: int) -> Axis:
    """Bins of equal weight."""
    return Axis(QUANTILES, bins)


def given(edges: np.ndarray) -> Axis:
    """These edges."""
    return Axis(GIVEN, len(edges) + 1, edges=edges)


class Grid:
    """A grid of a library, with the edges of rows where an axis has quantiles."""

    def __init__(self, library: Avocet, levels: Axis, bins: Axis, sample: Scored | None = None) -> None:
        self.library, self.levels, self.bins = library, levels.bins, bins.bins
        options = GridOptions(c.sizeof(GridOptions), levels.bins, bins.bins, level_kind=levels.kind,
                              score_kind=bins.kind, level_low=levels.low, level_high=levels.high,
                              score_low=bins.low, score_high=bins.high)
        options.level_edges = None if levels.edges is None else levels.edges.ctypes.data
        options.score_edges = None if bins.edges is None else bins.edges.ctypes.data
        if sample is not None:
            options.rows, options.scores = len(sample.scores), sample.scores.ctypes.data
            options.uncertainties = sample.uncertainties.ctypes.data
        self.handle = c.c_void_p()
        library._check(library.library.avocet_grid_create(c.byref(options), library.pool, c.byref(self.handle),
                                                          c.byref(library.error)))

    def __del__(self) -> None:
        self.library.library.avocet_grid_destroy(self.handle)

    def level_edges(self) -> np.ndarray:
        """Between levels."""
        out = np.empty(self.levels - 1, np.float32)
        library = self.library
        library._check(library.library.avocet_grid_level_edges(self.handle, out.ctypes.data, len(out),
                                                               c.byref(library.error)))
        return out

    def score_edges(self) -> np.ndarray:
        """Between the bins of scores."""
        out = np.empty(self.bins - 1, np.float32)
        library = self.library
        library._check(library.library.avocet_grid_score_edges(self.handle, 0, out.ctypes.data, len(out),
                                                               c.byref(library.error)))
        return out

    def apply(self, name: str, of: np.ndarray, data: Scored, out: np.ndarray) -> Callable[[], None]:
        """A call of avocet_threshold_`name` that writes `out`; `of` are thresholds or values."""
        library = self.library
        call = library._prepared(f"avocet_threshold_{name}", self.handle, of.ctypes.data, data.scores.ctypes.data,
                                 data.uncertainties.ctypes.data, len(data.scores), out.ctypes.data, library.pool,
                                 c.byref(library.error))
        call.keeps = self, of
        return call


class Buckets:
    """Buckets of a grid, with one segment."""

    def __init__(self, grid: Grid) -> None:
        self.grid, self.library = grid, grid.library
        self.handle = c.c_void_p()
        create = self.library.library.avocet_buckets_create
        self.library._check(create(grid.handle, 1, c.byref(self.handle), c.byref(self.library.error)))

    def __del__(self) -> None:
        self.library.library.avocet_buckets_destroy(self.handle)

    def clear(self) -> None:
        """Makes them empty."""
        self.library.library.avocet_buckets_clear(self.handle)

    def add(self, data: Scored) -> Callable[[], None]:
        """A call that adds rows."""
        rows, library = rows_of(data), self.library
        return library._prepared("avocet_buckets_add", self.handle, c.byref(rows), library.pool, library.workspace,
                                 c.byref(library.error))

    def cells(self, weights: bool) -> Cells:
        """What they hold: counts, or weights in units of 2^-20."""
        shape, library = (self.grid.levels, self.grid.bins), self.library
        out = Cells(np.empty(shape, np.int64), np.empty(shape, np.int64))
        library._check(library.library.avocet_buckets_cells(
            self.handle, 0, weights, out.positive.ctypes.data, out.negative.ctypes.data, out.positive.size,
            c.byref(library.error)))
        return out


def rows_of(data: Scored) -> ThresholdRows:
    """A view of rows."""
    return ThresholdRows(c.sizeof(ThresholdRows), len(data.scores), data.scores.ctypes.data,
                         data.uncertainties.ctypes.data, data.labels.ctypes.data, data.weights.ctypes.data,
                         None, U8)


class Search:
    """A search on cells: `run` writes `thresholds` and `solution`."""

    def __init__(self, library: Avocet, cells: Cells, objective: Objective, method: str) -> None:
        self.library, self.cells = library, cells
        levels, bins = cells.positive.shape
        view = CellsView(c.sizeof(CellsView), levels, bins, cells.positive.ctypes.data, cells.negative.ctypes.data)
        options = SearchOptions(c.sizeof(SearchOptions), 0, METHOD[method])
        self.thresholds, self.solution = np.empty(levels, np.uint32), Solution()
        self.run = library._prepared("avocet_threshold_search", c.byref(view), c.byref(objective), c.byref(options),
                                     self.thresholds.ctypes.data, c.byref(self.solution), library.workspace,
                                     c.byref(library.error))

    def feasible(self) -> bool:
        """Runs it and says whether there is an answer."""
        try:
            self.run()
        except AvocetError:
            if self.library.error.status != INFEASIBLE:
                raise
            return False
        return True


def frontier(library: Avocet, cells: Cells) -> np.ndarray:
    """The greatest positives of any number of passing bins, for cells of equal weight."""
    levels, bins = cells.positive.shape
    view = CellsView(c.sizeof(CellsView), levels, bins, cells.positive.ctypes.data, cells.negative.ctypes.data)
    out, weight = np.empty(levels * bins + 1, np.uint64), c.c_uint64()
    library._prepared("avocet_threshold_frontier", c.byref(view), out.ctypes.data, len(out), c.byref(weight),
                      library.workspace, c.byref(library.error))()
    return out.astype(np.int64)


class Single:
    """One threshold over rows, each score that occurs being one: `run` writes `threshold` and `solution`."""

    def __init__(self, library: Avocet, data: Scored, objective: Objective) -> None:
        library.library.avocet_threshold_single.argtypes = [c.c_void_p] * 6
        rows = rows_of(data)
        rows.uncertainties = None
        self.threshold, self.solution = c.c_float(), Solution()
        self.run = library._prepared("avocet_threshold_single", c.byref(rows), c.byref(objective),
                                     c.byref(self.threshold), c.byref(self.solution), library.pool,
                                     c.byref(library.error))
