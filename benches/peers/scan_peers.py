"""Other ways to the exact top-10 of prepared targets: FAISS, torch and numpy. A peer returns scores and ids."""
from collections.abc import Callable

import faiss
import numpy as np
import torch

import rows
from rows import K, Search
from tables import tensor

# Targets that torch scores at a time, so that their scores stay in cache.
BLOCK = 8192
# Of the greatest score: sums in another order, and scores that torch rounds to bf16.
ORDER, ROUNDED = 1e-5, 2.0**-7
QUANTISER = {"bf16": "QT_bf16", "f16": "QT_fp16", "int8": "QT_8bit_direct_signed"}


class Flat:
    """A search of a FAISS index by its C++ method, without its checks in Python."""

    def __init__(self, index: faiss.Index, queries: np.ndarray) -> None:
        self.index, self.queries = index, np.ascontiguousarray(queries, np.float32)
        self.scores, self.ids = np.empty((len(queries), K), np.float32), np.empty((len(queries), K), np.int64)
        self.arguments = (len(queries), faiss.swig_ptr(self.queries), K, faiss.swig_ptr(self.scores),
                          faiss.swig_ptr(self.ids))

    def __call__(self) -> tuple[np.ndarray, np.ndarray]:
        self.index.search_c(*self.arguments)
        return self.scores, self.ids


def peers(dtype: str, queries: np.ndarray, targets: np.ndarray) -> dict[str, Search]:
    """The peers of a type, f32, bf16, f16 or int8; for one query FAISS with one thread too, which may be its best."""
    by_faiss = faiss_f32(queries, targets) if dtype == "f32" else faiss_held(dtype, queries, targets)
    if len(queries) == 1 and (threads := faiss.omp_get_max_threads()) > 1:
        by_faiss |= {f"{name}, 1 thread": alone(peer, threads) for name, peer in by_faiss.items()}
    return torch_peers(dtype, queries, targets) | by_faiss


def alone(peer: Search, threads: int) -> Search:
    """A call of FAISS with one thread, and as many as before after it."""
    def run() -> tuple[np.ndarray, np.ndarray]:
        faiss.omp_set_num_threads(1)
        found = peer()
        faiss.omp_set_num_threads(threads)
        return found
    return run


def faiss_held(dtype: str, queries: np.ndarray, targets: np.ndarray) -> dict[str, Search]:
    """FAISS's index of the type."""
    width = targets.shape[1]
    kind = getattr(faiss.ScalarQuantizer, QUANTISER[dtype])
    index = faiss.IndexScalarQuantizer(width, kind, faiss.METRIC_INNER_PRODUCT)
    for start in range(0, len(targets), BLOCK):
        index.add(targets[start:start + BLOCK].astype(np.float32))
    return {f"FAISS {QUANTISER[dtype]}": Flat(index, queries)}


def faiss_f32(queries: np.ndarray, targets: np.ndarray) -> dict[str, Search]:
    """FAISS with each of its settings; of one query with its defaults, from an index as well."""
    def by(setting: rows.Setting) -> Search:
        call = rows.search(queries, targets)

        def run() -> tuple[np.ndarray, np.ndarray]:
            setting.apply()
            return call()
        return run

    names = ["defaults"] if len(queries) == 1 else list(rows.SETTINGS)
    found = {f"FAISS, {name}": by(rows.SETTINGS[name]) for name in names}
    if len(queries) == 1:
        index = faiss.IndexFlatIP(targets.shape[1])
        index.add(targets)
        found["FAISS IndexFlatIP"] = Flat(index, queries)
    return found


def torch_peers(dtype: str, queries: np.ndarray, targets: np.ndarray) -> dict[str, Search]:
    """A product and its top-10, of all targets at once and block by block; f16 is widened block by block."""
    q, t = tensor(queries), tensor(targets)
    if dtype == "int8":
        product: Callable[[torch.Tensor], torch.Tensor] = lambda block: torch._int_mm(q, block.T)
    elif dtype == "f16":
        wide = q.float()
        product = lambda block: wide @ block.float().T
    else:
        product = lambda block: q @ block.T

    def whole() -> tuple[np.ndarray, np.ndarray]:
        best = torch.topk(product(t), K)
        return best.values.float().numpy(), best.indices.numpy()

    def blocks() -> tuple[np.ndarray, np.ndarray]:
        values, ids = [], []
        for start in range(0, len(t), BLOCK):
            scores = product(t[start:start + BLOCK])
            best = torch.topk(scores, min(K, scores.shape[1]))
            values.append(best.values)
            ids.append(best.indices + start)
        best = torch.topk(torch.cat(values, 1), K)
        return best.values.float().numpy(), torch.cat(ids, 1).gather(1, best.indices).numpy()

    found = {"torch, blocks": blocks} if dtype == "f16" else {"torch": whole, "torch, blocks": blocks}
    return found | ({"numpy": numpy(queries[0], targets)} if dtype == "f32" and len(queries) == 1 else {})


def numpy(query: np.ndarray, targets: np.ndarray) -> Search:
    """A product and a partition."""
    def run() -> tuple[np.ndarray, np.ndarray]:
        scores = targets @ query
        best = np.argpartition(scores, -K)[-K:]
        best = best[np.argsort(-scores[best])]
        return scores[best][None], best[None]
    return run


def check(own: tuple[np.ndarray, np.ndarray], others: dict[str, Search], queries: np.ndarray, targets: np.ndarray,
          dtype: str, case: str) -> None:
    """Fails unless the lists of all peers have the scores of avocet's, and these are those of the ids."""
    for name, peer in others.items():
        tolerance = ROUNDED if dtype == "bf16" and name.startswith("torch") else ORDER
        rows.agree(own, peer(), queries, targets, f"{case}, {name}", tolerance)
