"""Logistic losses and dense rows against torch, jax and numpy, the fastest of which is the peer of a case."""
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import torch

import records
import timing
from agreement import agree
from avocet import Avocet
from setup import Setup

# Of the greatest value: peers add a million rows in f32.
RELATIVE_TOLERANCE = 1e-3
# Of each row: exponential, division, logarithm and what joins them, counted in src/simd/logit.rs.
POINTWISE_FLOPS = 96


@dataclass(frozen=True)
class Case:
    """Rows, columns (0: logits are given), and whether curvature and Hessian-vector product are wanted as well."""

    rows: int
    cols: int = 0
    hessian: bool = False

    def name(self) -> str:
        """The name in the records."""
        if self.cols == 0:
            return "pointwise" if self.rows == 10_000_000 else f"pointwise {self.rows}"
        kind = "hessian" if self.hessian else "dense"
        return f"{kind} {self.rows} x {self.cols}"

    def limit_ms(self, setup: Setup) -> float:
        """The least time: reading the rows once and writing the gradient, or the operations."""
        passes = 5 if self.hessian else 2
        flops = POINTWISE_FLOPS * self.rows + 2 * passes * self.rows * self.cols
        nbytes = 4 * self.rows * (self.cols + 1 if self.cols else 4)
        return setup.limits().milliseconds(flops, nbytes)


def cases(quick: bool) -> list[Case]:
    """Those of the targets, and smaller ones."""
    if quick:
        return [Case(100_000), Case(20_000, 64)]
    return [Case(10_000_000), Case(100_000), Case(1_000_000, 64), Case(200_000, 256), Case(1_000_000, 64, True),
            Case(1_000, 64)]


def measure(setup: Setup, library: Avocet) -> Iterator[records.Record]:
    """A record for each case."""
    for case in cases(setup.quick):
        random = np.random.default_rng(3)
        labels = (random.random(case.rows) > 0.5).astype(np.float32)
        if case.cols == 0:
            logits = random.standard_normal(case.rows, np.float32) * 3
            weights = random.random(case.rows, np.float32)
            out = np.empty_like(logits)
            own = library.logistic_pointwise(logits, labels, weights, out)
            peers = pointwise_peers(logits, labels, weights)
        else:
            x = random.standard_normal((case.rows, case.cols), np.float32)
            weights = random.standard_normal(case.cols, np.float32) * 0.1
            along = random.standard_normal(case.cols, np.float32)
            out = np.empty((3 if case.hessian else 1, case.cols), np.float32)
            own = library.logistic_batch(x, labels, weights, out, along)
            peers = dense_peers(x, labels, weights, along, case.hessian)
        own()
        for name, peer in peers.items():
            agree(out, np.asarray(peer()), RELATIVE_TOLERANCE, f"{case.name()}, {name}")
        fastest = timing.fastest(peers)
        seconds = timing.alternate(own, peers[fastest], setup.effort())
        limit = case.limit_ms(setup)
        yield records.record("logistic", case.name(), "f32", setup.threads, fastest, seconds, limit)


def pointwise_peers(logits: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> dict[str, Callable[[], object]]:
    """Sum of the losses and the gradient; each returns the gradient."""
    x, y, w = map(torch.from_numpy, (logits, labels, weights))
    loss = torch.nn.functional.binary_cross_entropy_with_logits
    leaf = x.clone().requires_grad_(True)

    def autograd() -> object:
        leaf.grad = None
        loss(leaf, y, weight=w, reduction="sum").backward()
        return leaf.grad

    def by_hand() -> object:
        loss(x, y, weight=w, reduction="sum")
        return (torch.sigmoid(x) - y) * w

    arrays = [jnp.asarray(a) for a in (logits, labels, weights)]
    compiled = jax.jit(lambda x, y, w: (jnp.sum(w * (jax.nn.softplus(x) - y * x)), w * (jax.nn.sigmoid(x) - y)))
    return {"torch autograd": autograd, "torch by hand": by_hand,
            "jax": lambda: jax.block_until_ready(compiled(*arrays))[1]}


def dense_peers(x: np.ndarray, labels: np.ndarray, weights: np.ndarray, along: np.ndarray,
                hessian: bool) -> dict[str, Callable[[], object]]:
    """Sum of the losses, gradient and, if wanted, diagonal and product; each returns the vectors as rows."""
    rows, y, w, v = map(torch.from_numpy, (x, labels, weights, along))
    loss = torch.nn.functional.binary_cross_entropy_with_logits

    def by_hand() -> object:
        margins = rows @ w
        loss(margins, y, reduction="sum")
        p = torch.sigmoid(margins)
        vectors = [(p - y) @ rows]
        if hessian:
            h = p * (1 - p)
            vectors += [h @ (rows * rows), (h * (rows @ v)) @ rows]
        return torch.stack(vectors)

    def numpy() -> object:
        margins = x @ weights
        p = 1 / (1 + np.exp(-margins))
        np.sum(np.logaddexp(0, margins) - labels * margins)
        vectors = [(p - labels) @ x]
        if hessian:
            h = p * (1 - p)
            vectors += [h @ (x * x), (h * (x @ along)) @ x]
        return np.stack(vectors)

    def of(x: jax.Array, y: jax.Array, w: jax.Array, v: jax.Array) -> object:
        margins = x @ w
        p = jax.nn.sigmoid(margins)
        vectors = [(p - y) @ x]
        if hessian:
            h = p * (1 - p)
            vectors += [h @ (x * x), (h * (x @ v)) @ x]
        return jnp.sum(jax.nn.softplus(margins) - y * margins), jnp.stack(vectors)

    arrays, compiled = [jnp.asarray(a) for a in (x, labels, weights, along)], jax.jit(of)
    return {"torch": by_hand, "numpy": numpy, "jax": lambda: jax.block_until_ready(compiled(*arrays))[1]}
