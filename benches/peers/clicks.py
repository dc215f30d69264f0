"""Simulated clicks with hashed features, as advertisers' models see them."""
from dataclasses import dataclass

import numpy as np
import scipy.sparse

BITS = 20
FEATURES = 1 << BITS
FIELDS = 40
MOST_VALUES = 2_000_000


@dataclass(frozen=True)
class Clicks:
    """Sparse rows, whose entries are 1, and labels."""

    offsets: np.ndarray
    indices: np.ndarray
    labels: np.ndarray

    def matrix(self, values: np.ndarray | None = None) -> scipy.sparse.csr_array:
        """The rows with these values, or ones."""
        entries = np.ones(len(self.indices), np.float32) if values is None else values
        return scipy.sparse.csr_array((entries, self.indices, self.offsets), shape=(len(self.labels), FEATURES))


def simulate(rows: int) -> Clicks:
    """Rows of 40 fields with 4 to 2 million values, of which value v has a frequency of about 1 / v, hashed to 20 bits;
    labels are drawn from a logistic model that has a weight for each feature."""
    random = np.random.default_rng(3)
    truth = random.standard_normal(FEATURES, np.float32) * 0.35
    sizes = np.geomspace(4, MOST_VALUES, FIELDS).astype(np.int64)
    indices = np.empty((rows, FIELDS), np.int32)
    for field, size in enumerate(sizes):
        values = np.exp(random.random(rows) * np.log(size + 1)).astype(np.int64) - 1
        indices[:, field] = hashed(field, np.minimum(values, size - 1))
    indices.sort(axis=1)
    margins = truth[indices].sum(axis=1) - 2
    labels = (random.random(rows) < 1 / (1 + np.exp(-margins))).astype(np.float32)
    offsets = np.arange(0, rows * FIELDS + 1, FIELDS, dtype=np.int32)
    return Clicks(offsets, indices.reshape(-1), labels)


def hashed(field: int, values: np.ndarray) -> np.ndarray:
    """The features of a field's values: the low bits of a mixed product."""
    key = (values + (field << 32)).astype(np.uint64)
    for factor in (0xff51afd7ed558ccd, 0xc4ceb9fe1a85ec53):
        key = (key ^ (key >> np.uint64(33))) * np.uint64(factor)
    return ((key ^ (key >> np.uint64(33))) & np.uint64(FEATURES - 1)).astype(np.int32)
