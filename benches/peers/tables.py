"""Random tables for searches, and tables in the types that they are held in."""
from dataclasses import dataclass

import ml_dtypes
import numpy as np
import torch

GREATEST_BYTE = 127


def rows(count: int, width: int, seed: int) -> np.ndarray:
    """Normal rows of about length 1."""
    x = np.random.default_rng(seed).standard_normal((count, width), np.float32)
    x *= np.float32(width ** -0.5)
    return x


def held(x: np.ndarray, dtype: str) -> np.ndarray:
    """Rows in a type; int8 has one scale for all, which no score keeps."""
    if dtype == "int8":
        return np.rint(np.clip(x * np.float32(GREATEST_BYTE / (4 * x.std())), -GREATEST_BYTE, GREATEST_BYTE)).astype(
            np.int8)
    return {"f32": lambda: x, "f16": lambda: x.astype(np.float16),
            "bf16": lambda: x.astype(ml_dtypes.bfloat16)}[dtype]()


def tensor(x: np.ndarray) -> torch.Tensor:
    """The same memory for torch."""
    if x.dtype == ml_dtypes.bfloat16:
        return torch.from_numpy(x.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(x)


@dataclass(frozen=True)
class Data:
    """Queries and targets of one distribution."""

    queries: np.ndarray
    targets: np.ndarray


def isotropic(queries: int, targets: int, width: int) -> Data:
    """All directions alike."""
    return Data(rows(queries, width, 7), rows(targets, width, 1))


def clustered(queries: int, targets: int, width: int, clusters: int, spread: float) -> Data:
    """Rows around centres: spread is a row's distance from its centre, of about length 1."""
    centres, random = rows(clusters, width, 2), np.random.default_rng(3)

    def near(count: int, seed: int) -> np.ndarray:
        x = rows(count, width, seed)
        x *= np.float32(spread)
        x += centres[random.integers(clusters, size=count)]
        return x

    return Data(near(queries, 7), near(targets, 1))


def anisotropic(queries: int, targets: int, width: int) -> Data:
    """Column j is scaled by 1 / sqrt(1 + j)."""
    scales = (1 + np.arange(width, dtype=np.float32)) ** np.float32(-0.5)
    data = isotropic(queries, targets, width)
    return Data(data.queries * scales, data.targets * scales)


def ascending(queries: int, targets: int, width: int) -> Data:
    """Rows by ascending score with the first query, which the others are near: each row beats those before it."""
    data = isotropic(queries, targets, width)
    first = data.queries[0]
    order = np.argsort(data.targets @ first)
    return Data(first + np.float32(0.01) * data.queries, data.targets[order])
