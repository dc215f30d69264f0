"""Loss and gradient of sparse rows against scikit-learn, scipy's and torch's products, and torch's embedding_bag."""
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse
import scipy.special
import torch
from sklearn._loss.loss import HalfBinomialLoss
from sklearn.linear_model._linear_loss import LinearModelLoss

import clicks
import records
import timing
from agreement import agree
from avocet import Avocet, CsrRows, PreparedRows
from clicks import Clicks
from losses import POINTWISE_FLOPS
from setup import Setup

RELATIVE_TOLERANCE = 1e-3

Peers = dict[str, Callable[[], tuple[float, np.ndarray]]]


@dataclass(frozen=True)
class Case:
    """Whether entries have values, else they are 1, and whether both sides may keep the rows in their own form."""

    values: bool = False
    prepared: bool = False

    def name(self) -> str:
        """The name in the records."""
        return "csr" + (" values" if self.values else "") + (" prepared" if self.prepared else "")


CASES = [Case(), Case(values=True), Case(prepared=True), Case(values=True, prepared=True)]


def measure(setup: Setup, library: Avocet) -> Iterator[records.Record]:
    """A record for each case."""
    data = clicks.simulate(20_000 if setup.quick else 1_000_000)
    random = np.random.default_rng(5)
    weights = random.standard_normal(clicks.FEATURES, np.float32) * 0.3
    given = random.standard_normal(len(data.indices), np.float32)
    for case in CASES:
        values = given if case.values else None
        gradient = np.empty_like(weights)
        call = own(library, data, values, weights, gradient, case.prepared)
        call()
        peers = peers_of(data, values, weights, setup.threads, case.prepared)
        for name, peer in peers.items():
            agree(gradient, peer()[1], RELATIVE_TOLERANCE, f"{case.name()}, {name}")
        fastest = timing.fastest(peers)
        seconds = timing.alternate(call, peers[fastest], setup.effort())
        limit = limit_ms(setup, data, case)
        yield records.record("logistic", case.name(), "f32", setup.threads, fastest, seconds, limit)


def own(library: Avocet, data: Clicks, values: np.ndarray | None, weights: np.ndarray, gradient: np.ndarray,
        prepared: bool) -> Callable[[], object]:
    """A call that writes the gradient and sums the losses, without intercept."""
    rows = CsrRows(data.offsets, data.indices, clicks.FEATURES, values)
    features = PreparedRows(library, rows) if prepared else rows
    return library.logistic_batch(features, data.labels, weights, gradient[np.newaxis])


def limit_ms(setup: Setup, data: Clicks, case: Case) -> float:
    """The least time: reading the rows once, or the operations."""
    rows, entries = len(data.labels), len(data.indices)
    nbytes = entries * (8 if case.values else 4) + 8 * rows
    return setup.limits().milliseconds(POINTWISE_FLOPS * rows + 4 * entries, nbytes)


def peers_of(data: Clicks, values: np.ndarray | None, weights: np.ndarray, threads: int, prepared: bool) -> Peers:
    """Each returns the sum of the losses and the gradient."""
    matrix = data.matrix(values)
    if prepared:
        return {"scipy, transpose": scipy_products(matrix, data.labels, weights, matrix.T.tocsr()),
                "torch (MKL), transpose": torch_products(matrix, data.labels, weights)}
    return {"sklearn": sklearn(matrix, data.labels, weights, threads),
            "scipy": scipy_products(matrix, data.labels, weights),
            "torch embedding_bag": embedding_bag(data, values, weights)}


def sklearn(matrix: scipy.sparse.csr_array, labels: np.ndarray, weights: np.ndarray,
            threads: int) -> Callable[[], tuple[float, np.ndarray]]:
    """What its solvers call."""
    model = LinearModelLoss(base_loss=HalfBinomialLoss(), fit_intercept=False)
    rows = len(labels)

    def call() -> tuple[float, np.ndarray]:
        loss, gradient = model.loss_gradient(weights, matrix, labels, n_threads=threads)
        gradient *= rows  # It divides by the rows.
        return rows * loss, gradient

    return call


def scipy_products(matrix: scipy.sparse.csr_array, labels: np.ndarray, weights: np.ndarray,
                   transpose: scipy.sparse.csr_array | None = None) -> Callable[[], tuple[float, np.ndarray]]:
    """Products by scipy, on one thread; what is between them by numpy."""
    turned = matrix.T if transpose is None else transpose

    def call() -> tuple[float, np.ndarray]:
        margins = matrix @ weights
        loss = np.sum(np.logaddexp(0, margins) - labels * margins)
        return loss, turned @ (scipy.special.expit(margins) - labels)

    return call


def torch_products(matrix: scipy.sparse.csr_array, labels: np.ndarray,
                   weights: np.ndarray) -> Callable[[], tuple[float, np.ndarray]]:
    """Products by MKL, the gradient's with the transpose, which it was given beforehand."""
    ahead, turned = map(torch_csr, (matrix, matrix.T.tocsr()))
    y, w = map(torch.from_numpy, (labels, weights))

    def call() -> tuple[float, np.ndarray]:
        margins = ahead @ w
        loss = torch.nn.functional.binary_cross_entropy_with_logits(margins, y, reduction="sum")
        return loss.item(), (turned @ (torch.sigmoid(margins) - y)).numpy()

    return call


def torch_csr(matrix: scipy.sparse.csr_array) -> torch.Tensor:
    """With 32-bit indices, which MKL takes."""
    offsets, indices = (torch.from_numpy(array.astype(np.int32)) for array in (matrix.indptr, matrix.indices))
    return torch.sparse_csr_tensor(offsets, indices, torch.from_numpy(matrix.data), matrix.shape)


def embedding_bag(data: Clicks, values: np.ndarray | None,
                  weights: np.ndarray) -> Callable[[], tuple[float, np.ndarray]]:
    """Margins as sums of rows of a table with one column, and autograd."""
    indices, offsets, y = map(torch.from_numpy, (data.indices, data.offsets, data.labels))
    factors = None if values is None else torch.from_numpy(values)
    table = torch.from_numpy(weights[:, None].copy()).requires_grad_(True)

    def call() -> tuple[float, np.ndarray]:
        table.grad = None
        margins = torch.nn.functional.embedding_bag(indices, table, offsets, mode="sum", include_last_offset=True,
                                                    per_sample_weights=factors)[:, 0]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(margins, y, reduction="sum")
        loss.backward()
        return loss.item(), table.grad[:, 0].numpy()

    return call
