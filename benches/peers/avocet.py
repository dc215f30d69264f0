"""What the harness needs of include/avocet.h, by ctypes. A prepared call costs one foreign call."""
import ctypes as c
from collections.abc import Callable
from pathlib import Path

import numpy as np

ABI_VERSION = 1
OK, WORKSPACE_TOO_SMALL = 0, 10
TYPES = {"float32": 0, "float16": 1, "bfloat16": 2, "uint32": 16, "int32": 17, "int64": 18, "int8": 21}
REDUCE = {"sum": 0, "mean": 1}
FEEDBACK = {"ES-DFM": 3, "DEFUSE": 7}
OPTIMISER = {"ftrl": 0, "sgd": 2}


class Error(c.Structure):
    _fields_ = [("status", c.c_int32), ("argument", c.c_int32), ("value", c.c_int32), ("reserved", c.c_int32),
                ("position", c.c_uint64), ("integer", c.c_int64), ("real", c.c_double), ("name", c.c_char_p)]


class Csr(c.Structure):
    _fields_ = [("rows", c.c_size_t), ("cols", c.c_size_t), ("edges", c.c_size_t), ("offsets", c.c_void_p),
                ("indices", c.c_void_p), ("offset_type", c.c_int32), ("index_type", c.c_int32)]


class Matrix(c.Structure):
    """avocet_matrix and avocet_matrix_mut."""

    _fields_ = [("data", c.c_void_p), ("rows", c.c_size_t), ("cols", c.c_size_t), ("stride", c.c_size_t),
                ("element_type", c.c_int32)]


class AggregateOptions(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("reduce", c.c_int32), ("accumulate", c.c_int32),
                ("edge_weights", c.c_void_p), ("source_scale", c.c_void_p), ("row_scale", c.c_void_p)]


class Targets(c.Structure):
    """avocet_logistic_targets."""

    _fields_ = [("struct_size", c.c_size_t), ("labels", c.c_void_p), ("weights", c.c_void_p), ("a", c.c_void_p),
                ("b", c.c_void_p), ("signed_weights", c.c_int32), ("reserved", c.c_int32)]


class LogisticRows(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("x", c.c_void_p), ("csr", c.c_void_p), ("values", c.c_void_p),
                ("prepared", c.c_void_p), ("offsets", c.c_void_p), ("weights", c.c_void_p), ("intercept", c.c_float),
                ("compact", c.c_int32)]


class LogisticOut(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("margins", c.c_void_p), ("gradient", c.c_void_p),
                ("curvature", c.c_void_p), ("product", c.c_void_p), ("along", c.c_void_p),
                ("along_intercept", c.c_float), ("reserved", c.c_int32)]


class FitOptions(c.Structure):
    """avocet_logistic_fit_options."""

    _fields_ = [("struct_size", c.c_size_t), ("iterations", c.c_size_t), ("history", c.c_size_t), ("l2", c.c_float),
                ("tolerance", c.c_float), ("fixed_intercept", c.c_int32), ("reserved", c.c_int32)]


class FitResult(c.Structure):
    """avocet_logistic_fit_result."""

    _fields_ = [("loss", c.c_double), ("gradient", c.c_double), ("iterations", c.c_size_t), ("passes", c.c_size_t),
                ("outcome", c.c_int32), ("reserved", c.c_int32)]


class FeedbackScheme(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("method", c.c_int32), ("joint", c.c_int32), ("clip_low", c.c_float),
                ("clip_high", c.c_float)]


class SparseModelOptions(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("features", c.c_size_t), ("optimiser", c.c_int32),
                ("intercept", c.c_int32), ("rate", c.c_float), ("beta", c.c_float), ("l1", c.c_float),
                ("l2", c.c_float), ("epsilon", c.c_float), ("reserved", c.c_int32)]


class AvocetError(Exception):
    """A call of the library failed."""


def matrix(array: np.ndarray) -> Matrix:
    """A view of a row-major array, which must outlive it."""
    assert array.ndim == 2 and array.flags.c_contiguous
    return Matrix(array.ctypes.data, *array.shape, 0, TYPES[array.dtype.name])


def csr_view(offsets: np.ndarray, indices: np.ndarray, cols: int) -> Csr:
    """A view of sparse rows, whose arrays must outlive it."""
    return Csr(len(offsets) - 1, cols, len(indices), offsets.ctypes.data, indices.ctypes.data,
               TYPES[offsets.dtype.name], TYPES[indices.dtype.name])


class Avocet:
    """The library with a pool of threads and a workspace. Handles live as long as the process."""

    def __init__(self, path: Path, threads: int) -> None:
        self.library = c.CDLL(str(path))
        pointer, size = c.c_void_p, c.c_size_t
        signatures = {
            "avocet_pool_create": [size, pointer, pointer],
            "avocet_workspace_create": [size, pointer, pointer],
            "avocet_workspace_reserve": [pointer, size, pointer],
            "avocet_graph_create": [pointer, pointer, pointer],
            "avocet_graph_destroy": [pointer],
            "avocet_aggregate": [pointer] * 6,
            "avocet_top_k": [pointer] * 3 + [size] + [pointer] * 7,
            "avocet_logistic_pointwise": [pointer] * 6 + [size] + [pointer] * 3,
            "avocet_logistic_batch": [pointer] * 7,
            "avocet_logistic_fit": [pointer] * 8,
            "avocet_sparse_rows_create": [pointer] * 4,
            "avocet_sparse_rows_destroy": [pointer],
            "avocet_feedback_weights": [pointer] * 7 + [size] + [pointer] * 2,
            "avocet_sparse_model_create": [pointer] * 3,
            "avocet_sparse_model_destroy": [pointer],
            "avocet_sparse_model_learn": [pointer] * 5 + [size] + [pointer] * 3,
            "avocet_sparse_model_weights": [pointer, pointer, size, pointer],
            "avocet_error_format": [pointer, c.c_char_p, size],
            "avocet_isa_name": [c.c_int32],
        }
        for name, arguments in signatures.items():
            getattr(self.library, name).argtypes = arguments
        self.library.avocet_graph_destroy.restype = None
        self.library.avocet_sparse_model_destroy.restype = None
        self.library.avocet_sparse_rows_destroy.restype = None
        self.library.avocet_error_format.restype = size
        self.library.avocet_isa_name.restype = c.c_char_p
        if (version := self.library.avocet_abi_version()) != ABI_VERSION:
            raise AvocetError(f"the library has ABI version {version}, the harness needs {ABI_VERSION}")
        self.error = Error()
        self.workspace, self.pool = pointer(), pointer()
        self._check(self.library.avocet_workspace_create(0, c.byref(self.workspace), c.byref(self.error)))
        if threads > 1:
            self._check(self.library.avocet_pool_create(threads, c.byref(self.pool), c.byref(self.error)))

    def isa(self) -> str:
        """The tier of instructions that calls use."""
        return self.library.avocet_isa_name(self.library.avocet_isa_active()).decode()

    def aggregate(self, graph: "Graph", x: np.ndarray, out: np.ndarray, reduce: str,
                  weights: np.ndarray | None) -> Callable[[], None]:
        """A call of avocet_aggregate that writes `out`."""
        options = AggregateOptions(c.sizeof(AggregateOptions), REDUCE[reduce])
        options.edge_weights = None if weights is None else weights.ctypes.data
        views = matrix(x), matrix(out)
        return self._prepared("avocet_aggregate", graph.handle, c.byref(views[0]), c.byref(options),
                              c.byref(views[1]), self.pool, c.byref(self.error))

    def top_k(self, queries: np.ndarray, targets: np.ndarray, ids: np.ndarray, scores: np.ndarray,
              counts: np.ndarray) -> Callable[[], None]:
        """A call of avocet_top_k that writes `ids`, `scores` (a row for each query) and `counts`."""
        views = matrix(queries), matrix(targets)
        return self._prepared("avocet_top_k", c.byref(views[0]), c.byref(views[1]), None, ids.shape[1],
                              ids.ctypes.data, scores.ctypes.data, counts.ctypes.data, None, self.pool,
                              self.workspace, c.byref(self.error))

    def logistic_pointwise(self, logits: np.ndarray, labels: np.ndarray, weights: np.ndarray,
                           gradient: np.ndarray) -> Callable[[], None]:
        """A call of avocet_logistic_pointwise that writes `gradient` and sums the losses."""
        targets, total = Targets(c.sizeof(Targets), labels.ctypes.data, weights.ctypes.data), c.c_double()
        return self._prepared("avocet_logistic_pointwise", logits.ctypes.data, c.byref(targets), None,
                              gradient.ctypes.data, None, c.byref(total), len(logits), self.pool, self.workspace,
                              c.byref(self.error))

    def logistic_batch(self, features: "Features", labels: np.ndarray, weights: np.ndarray, out: np.ndarray,
                       along: np.ndarray | None = None) -> Callable[[], None]:
        """A call of avocet_logistic_batch: the rows of `out` are the gradient and, if there are three, the curvature
        and the Hessian times `along`. Sums the losses."""
        rows, keeps = logistic_rows(features)
        rows.weights = weights.ctypes.data
        targets = Targets(c.sizeof(Targets), labels.ctypes.data)
        into = LogisticOut(c.sizeof(LogisticOut), None, out[0].ctypes.data)
        if len(out) == 3:
            into.curvature, into.product = out[1].ctypes.data, out[2].ctypes.data
            into.along = along.ctypes.data
        sums = (c.c_double * 4)()
        call = self._prepared("avocet_logistic_batch", c.byref(rows), c.byref(targets), c.byref(into), c.byref(sums),
                              self.pool, self.workspace, c.byref(self.error))
        call.keeps = keeps  # Their addresses are in `rows`.
        return call

    def logistic_fit(self, features: "Features", labels: np.ndarray, weights: np.ndarray, l2: float, tolerance: float,
                     iterations: int) -> tuple[float, int]:
        """Trains from zeros: writes the weights, returns the intercept and the number of iterations."""
        rows, _keeps = logistic_rows(features)
        targets = Targets(c.sizeof(Targets), labels.ctypes.data)
        options = FitOptions(c.sizeof(FitOptions), iterations, 0, l2, tolerance)
        intercept, result = c.c_float(), FitResult()
        self._check(self.library.avocet_logistic_fit(
            c.byref(rows), c.byref(targets), c.byref(options), weights.ctypes.data, c.byref(intercept),
            c.byref(result), self.pool, c.byref(self.error)))
        return intercept.value, result.iterations

    def feedback_weights(self, method: str, kinds: np.ndarray, first: np.ndarray, second: np.ndarray,
                         out: np.ndarray) -> Callable[[], None]:
        """A call of avocet_feedback_weights, published weights: the rows of `out` are a and b. For methods that do
        not need the model's logits."""
        scheme = FeedbackScheme(c.sizeof(FeedbackScheme), FEEDBACK[method])
        return self._prepared("avocet_feedback_weights", c.byref(scheme), kinds.ctypes.data, None,
                              first.ctypes.data, second.ctypes.data, out[0].ctypes.data, out[1].ctypes.data,
                              len(kinds), self.pool, c.byref(self.error))

    def _prepared(self, name: str, *arguments: object) -> Callable[[], None]:
        function = getattr(self.library, name)

        def call() -> None:
            status = function(*arguments)
            if status == WORKSPACE_TOO_SMALL:
                needed = self.error.integer
                error = c.byref(self.error)
                self._check(self.library.avocet_workspace_reserve(self.workspace, needed, error))
                status = function(*arguments)
            self._check(status)

        return call

    def _check(self, status: int) -> None:
        if status != OK:
            text = c.create_string_buffer(256)
            self.library.avocet_error_format(c.byref(self.error), text, len(text))
            raise AvocetError(text.value.decode())


class Graph:
    """A checked graph of a library."""

    def __init__(self, library: Avocet, offsets: np.ndarray, indices: np.ndarray, cols: int) -> None:
        self.library = library
        self.handle = c.c_void_p()
        csr = csr_view(offsets, indices, cols)
        create = library.library.avocet_graph_create
        library._check(create(c.byref(csr), c.byref(self.handle), c.byref(library.error)))

    def __del__(self) -> None:
        self.library.library.avocet_graph_destroy(self.handle)


class CsrRows:
    """Sparse rows as they come, with values or ones."""

    def __init__(self, offsets: np.ndarray, indices: np.ndarray, cols: int, values: np.ndarray | None) -> None:
        self.arrays = offsets, indices, values
        self.view = csr_view(offsets, indices, cols)

    def values(self) -> int | None:
        """The address of the values."""
        return None if self.arrays[2] is None else self.arrays[2].ctypes.data


class PreparedRows:
    """Sparse rows that a library has checked and renumbered."""

    def __init__(self, library: Avocet, rows: CsrRows) -> None:
        self.library = library
        self.handle = c.c_void_p()
        create = library.library.avocet_sparse_rows_create
        library._check(create(c.byref(rows.view), rows.values(), c.byref(self.handle), c.byref(library.error)))

    def __del__(self) -> None:
        self.library.library.avocet_sparse_rows_destroy(self.handle)


Features = np.ndarray | CsrRows | PreparedRows


def logistic_rows(features: Features) -> tuple[LogisticRows, object]:
    """A view of features, without weights, and what must outlive it."""
    rows = LogisticRows(c.sizeof(LogisticRows))
    if isinstance(features, np.ndarray):
        view = matrix(features)
        rows.x = c.addressof(view)
        return rows, (view, features)
    if isinstance(features, CsrRows):
        rows.csr, rows.values = c.addressof(features.view), features.values()
    else:
        rows.prepared = features.handle
    return rows, features


class SparseModel:
    """A new model of a library, without intercept."""

    def __init__(self, library: Avocet, features: int, optimiser: str, rate: float, beta: float = 0, l1: float = 0,
                 l2: float = 0) -> None:
        self.library, self.features = library, features
        self.handle = c.c_void_p()
        options = SparseModelOptions(c.sizeof(SparseModelOptions), features, OPTIMISER[optimiser], 0, rate, beta, l1,
                                     l2)
        create = library.library.avocet_sparse_model_create
        library._check(create(c.byref(options), c.byref(self.handle), c.byref(library.error)))

    def learn(self, offsets: np.ndarray, indices: np.ndarray, labels: np.ndarray, logits: np.ndarray) -> None:
        """Learns row by row from features that are 1, and writes what it predicted before it learnt each row."""
        view, targets = csr_view(offsets, indices, self.features), Targets(c.sizeof(Targets), labels.ctypes.data)
        error = c.byref(self.library.error)
        self.library._prepared("avocet_sparse_model_learn", self.handle, c.byref(view), None, None, c.byref(targets),
                               1, logits.ctypes.data, self.library.workspace, error)()

    def weights(self) -> np.ndarray:
        """The weight of each feature."""
        out = np.empty(self.features, np.float32)
        read = self.library.library.avocet_sparse_model_weights
        self.library._check(read(self.handle, out.ctypes.data, len(out), c.byref(self.library.error)))
        return out

    def __del__(self) -> None:
        self.library.library.avocet_sparse_model_destroy(self.handle)
