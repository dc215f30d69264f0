"""Reads examples/data/debian_graph.bin (format: examples/related_products/src/data) and splits its labels."""
import hashlib
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FILE = Path(__file__).resolve().parents[2] / "examples/data/debian_graph.bin"
HEADER = struct.Struct("<8sIQQ32s")
RELATIONS = ("recommends", "depends", "suggests")
POPULAR = 50
HELD_OUT = 0.10
TEST_SHA256 = "602d9593e940722a60a29314258aed342cfed274a6ab11418fbc9262bb9a039c"


@dataclass
class Sets:
    """A set of ids for each row."""

    sizes: np.ndarray
    ids: np.ndarray

    def pairs(self) -> np.ndarray:
        """(row, id) pairs in ascending order."""
        return np.stack([np.repeat(np.arange(len(self.sizes)), self.sizes), self.ids], axis=1)


@dataclass
class Debian:
    """The packages: tokens are (prefix, vocabulary, sets) of sections, words and tags."""

    packages: int
    tokens: list[tuple[str, list[bytes], Sets]]
    edges: dict[str, np.ndarray]


class Columns:
    """Takes columns from the front of the unpacked payload."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.bytes = np.frombuffer(data, np.uint8)
        self.ends = np.flatnonzero(self.bytes < 128) + 1
        self.at = 0

    def numbers(self, count: int) -> np.ndarray:
        """Varints: seven bits a byte, low bits first."""
        first = int(np.searchsorted(self.ends, self.at, side="right"))
        ends = self.ends[first:first + count]
        starts = np.concatenate([[self.at], ends[:-1]]).astype(np.int64)[:count]
        lengths = ends - starts
        values = np.zeros(count, np.int64)
        for i in range(int(lengths.max(initial=0))):
            longer = lengths > i
            values[longer] |= (self.bytes[starts[longer] + i].astype(np.int64) & 127) << (7 * i)
        self.at = int(ends[-1]) if count else self.at
        return values

    def strings(self) -> list[bytes]:
        """Front-coded strings."""
        count = int(self.numbers(1)[0])
        shared, added = self.numbers(count), self.numbers(count)
        strings, current = [], b""
        for head, tail in zip(shared.tolist(), added.tolist()):
            current = current[:head] + self.data[self.at:self.at + tail]
            self.at += tail
            strings.append(current)
        return strings

    def sets(self, rows: int, universe: int) -> Sets:
        """Sets of ids, stored as differences of the ranks by frequency."""
        occurrences, sizes = self.numbers(universe), self.numbers(rows)
        steps = np.cumsum(self.numbers(int(sizes.sum())) + 1)
        before = np.concatenate([[0], steps])[np.cumsum(sizes) - sizes]
        ranks = steps - np.repeat(before, sizes) - 1
        ids = np.argsort(-occurrences, kind="stable")[ranks]
        row = np.repeat(np.arange(rows), sizes)
        return Sets(sizes, ids[np.lexsort((ids, row))])


def read() -> Debian:
    """The graph of the file."""
    file = FILE.read_bytes()
    magic, version, packed, unpacked, digest = HEADER.unpack_from(file)
    payload = file[HEADER.size:]
    expected = b"PKGGRAPH", 1, len(payload), hashlib.sha256(payload).digest()
    if (magic, version, packed, digest) != expected:
        raise ValueError(f"{FILE.name} is not the packed graph that this program reads")
    data = zlib.decompress(payload)
    if len(data) != unpacked:
        raise ValueError(f"{FILE.name} does not unpack to the length in its header")
    columns = Columns(data)
    packages = len(columns.strings())
    tokens = []
    for prefix in ("s:", "w:", "d:"):
        vocabulary = columns.strings()
        tokens.append((prefix, vocabulary, columns.sets(packages, len(vocabulary))))
    return Debian(packages, tokens, {name: columns.sets(packages, packages).pairs() for name in RELATIONS})


def split(data: Debian) -> tuple[np.ndarray, np.ndarray]:
    """Training and test edges of the labels, those of popular targets left out."""
    labels = data.edges["recommends"]
    edges = labels[np.bincount(labels[:, 1], minlength=data.packages)[labels[:, 1]] <= POPULAR]
    sources, targets = edges[:, 0], edges[:, 1]
    left = np.bincount(targets, minlength=data.packages)
    test = np.zeros(len(edges), bool)
    wanted = int(np.ceil(HELD_OUT * len(edges)))
    for edge in np.lexsort((targets, sources, split_key(sources, targets))):
        if wanted and left[targets[edge]] >= 2:
            left[targets[edge]] -= 1
            test[edge] = True
            wanted -= 1
    lines = "\n".join(f"{u}\t{v}" for u, v in edges[test].tolist())
    if hashlib.sha256(lines.encode()).hexdigest() != TEST_SHA256:
        raise ValueError("the held-out edges are not those of the example")
    return edges[~test], edges[test]


def split_key(sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The key by which edges are held out (splitmix64)."""
    z = (sources.astype(np.uint64) << np.uint64(32)) + targets.astype(np.uint64)
    z += np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def bucket(token: bytes, bits: int) -> int:
    """The bucket of a token (64-bit FNV-1a, folded)."""
    h = 0xCBF29CE484222325
    for byte in token:
        h = ((h ^ byte) * 0x100000001B3) & (2**64 - 1)
    return (h ^ (h >> 32)) & ((1 << bits) - 1)
