"""What the harness needs of the score and index parts of include/avocet.h, by ctypes."""
import ctypes as c
from collections.abc import Callable

import numpy as np

from avocet import TYPES, Avocet, csr_view, matrix

STORAGE = {"f32": 0, "bf16": 1, "f16": 2, "int8": 3, "certified": 5}


class Indices(c.Structure):
    """avocet_indices."""

    keeps: np.ndarray
    _fields_ = [("data", c.c_void_p), ("len", c.c_size_t), ("index_type", c.c_int32)]


class IndexOptions(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("ids", c.c_void_p), ("scales", c.c_void_p), ("storage", c.c_int32),
                ("skip_not_finite", c.c_int32)]


POINTER, SIZE = c.c_void_p, c.c_size_t
SIGNATURES = {
    "avocet_index_create": [POINTER] * 5,
    "avocet_index_destroy": [POINTER],
    "avocet_index_search": [POINTER, POINTER, SIZE] + [POINTER] * 9,
    "avocet_score_pairs": [POINTER] * 8,
    "avocet_score_candidates": [POINTER] * 7,
}


def declare(library: Avocet) -> None:
    """Tells ctypes the signatures."""
    for name, arguments in SIGNATURES.items():
        getattr(library.library, name).argtypes = arguments
    library.library.avocet_index_destroy.restype = None


class Search:
    """A prepared search of an index with the arrays that it writes."""

    def __init__(self, index: "Index", queries: np.ndarray, k: int) -> None:
        library, count = index.library, len(queries)
        self.keeps = index, queries
        self.ids, self.scores = np.empty((count, k), np.uint32), np.empty((count, k), np.float32)
        self.counts, self.survivors = np.empty(count, np.uint32), np.empty(count, np.uint32)
        view = matrix(queries)
        self.run = library._prepared(
            "avocet_index_search", index.handle, c.byref(view), k, None, self.ids.ctypes.data,
            self.scores.ctypes.data, self.counts.ctypes.data, None, self.survivors.ctypes.data, library.pool,
            library.workspace, c.byref(library.error))

    def __call__(self) -> tuple[np.ndarray, np.ndarray]:
        """Searches; the answer is overwritten by the next call."""
        self.run()
        return self.scores, self.ids


class Index:
    """Rows packed by a library."""

    def __init__(self, library: Avocet, rows: np.ndarray, storage: str) -> None:
        declare(library)
        self.library, self.handle = library, c.c_void_p()
        view, options = matrix(rows), IndexOptions(c.sizeof(IndexOptions), None, None, STORAGE[storage], 0)
        status = library.library.avocet_index_create(c.byref(view), c.byref(options), library.pool,
                                                     c.byref(self.handle), c.byref(library.error))
        library._check(status)

    def __del__(self) -> None:
        self.library.library.avocet_index_destroy(self.handle)


def indices(array: np.ndarray) -> Indices:
    """A view of row numbers, which it keeps alive."""
    view = Indices(array.ctypes.data, len(array), TYPES[array.dtype.name])
    view.keeps = array
    return view


def score_pairs(library: Avocet, left: np.ndarray, right: np.ndarray, u: np.ndarray, v: np.ndarray,
                out: np.ndarray) -> Callable[[], None]:
    """A call of avocet_score_pairs, dot products, that writes `out`."""
    declare(library)
    views = matrix(left), matrix(right), indices(u), indices(v)
    return library._prepared("avocet_score_pairs", *map(c.byref, views), None, out.ctypes.data, library.pool,
                             c.byref(library.error))


def score_candidates(library: Avocet, left: np.ndarray, right: np.ndarray, offsets: np.ndarray,
                     candidates: np.ndarray, out: np.ndarray) -> Callable[[], None]:
    """A call of avocet_score_candidates, dot products, that writes `out`."""
    declare(library)
    views = matrix(left), matrix(right), csr_view(offsets, candidates, len(right))
    return library._prepared("avocet_score_candidates", *map(c.byref, views), None, out.ctypes.data, library.pool,
                             c.byref(library.error))
