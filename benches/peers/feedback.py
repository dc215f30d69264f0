"""Weights for delayed feedback against the same formulas in torch, jax and numpy, and against a memory copy."""
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import jax
import jax.numpy as jnp
import numpy as np
import torch

import records
import timing
from agreement import agree
from avocet import Avocet
from setup import Setup

IMMEDIATE, DELAYED, KINDS = 1, 2, 4
RELATIVE_TOLERANCE = 1e-5
# Of each row: a kind and two logits come in, two coefficients go out.
BYTES_IN, BYTES_OUT = 9, 8
# Of each row: two sigmoids, with their complements, and the formulas, counted as in logistic.py.
FLOPS = 110


def measure(setup: Setup, library: Avocet) -> Iterator[records.Record]:
    """Two records for each method: the fastest peer, and the copy."""
    rows = 100_000 if setup.quick else 10_000_000
    random = np.random.default_rng(4)
    kinds = random.integers(KINDS, size=rows, dtype=np.uint8)
    first, second = (random.standard_normal(rows, np.float32) * 3 for _ in range(2))
    out = np.empty((2, rows), np.float32)
    limit = setup.limits().milliseconds(FLOPS * rows, (BYTES_IN + BYTES_OUT) * rows)
    for method in ("DEFUSE", "ES-DFM"):
        case = "weights" if method == "DEFUSE" else f"weights {method}"
        own = library.feedback_weights(method, kinds, first, second, out)
        own()
        peers = formulas(method, kinds, first, second)
        for name, peer in peers.items():
            agree(out, np.stack([np.asarray(one) for one in peer()]), RELATIVE_TOLERANCE, f"{case}, {name}")
        fastest = timing.fastest(peers)
        for name, peer in ((fastest, peers[fastest]), ("memory copy", copy(rows, setup.threads))):
            seconds = timing.alternate(own, peer, setup.effort())
            yield records.record("logistic", case, "f32", setup.threads, name, seconds, limit)


def formulas(method: str, kinds: np.ndarray, first: np.ndarray,
             second: np.ndarray) -> dict[str, Callable[[], tuple[object, object]]]:
    """Each returns a and b."""
    tensors = [torch.from_numpy(array) for array in (kinds, first, second)]
    arrays = [jnp.asarray(array) for array in (kinds, first, second)]
    compiled = jax.jit(lambda *inputs: weights(method, *inputs, jax.nn.sigmoid, jnp.where))

    def numpy() -> tuple[object, object]:
        with np.errstate(over="ignore"):
            return weights(method, kinds, first, second, lambda x: 1 / (1 + np.exp(-x)), np.where)

    return {"torch": lambda: weights(method, *tensors, torch.sigmoid, torch.where), "numpy": numpy,
            "jax": lambda: jax.block_until_ready(compiled(*arrays))}


def weights(method: str, kinds: object, first: object, second: object, sigmoid: Callable[[object], object],
            where: Callable[[object, object, object], object]) -> tuple[object, object]:
    """The formulas of `avocet_feedback_weights`, of any library's arrays."""
    d, r = sigmoid(first), sigmoid(second)
    immediate, delayed = kinds == IMMEDIATE, kinds == DELAYED
    positive = immediate | delayed
    if method == "ES-DFM":
        return where(positive, 1 + d, 0.0), where(positive, 0.0, (1 + d) * r)
    a = where(immediate, 1 + d, where(delayed, 1.0, (1 - r) * d))
    return a, where(positive, 0.0, r * (1 + d))


def copy(rows: int, threads: int) -> Callable[[], None]:
    """Copies half of the bytes that the weights of so many rows read and write: it moves as many."""
    source = np.ones(rows * (BYTES_IN + BYTES_OUT) // 2, np.uint8)
    target = np.empty_like(source)
    parts = list(zip(np.array_split(source, threads), np.array_split(target, threads)))
    if threads == 1:
        return lambda: np.copyto(target, source)
    pool = ThreadPoolExecutor(threads)

    def call() -> None:
        for done in [pool.submit(np.copyto, into, part) for part, into in parts]:
            done.result()

    return call
