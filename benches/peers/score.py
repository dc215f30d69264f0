"""The score family: the parts that its targets name, each a module."""
import importlib
from collections.abc import Iterator

import faiss

import records
from setup import Setup


def measure(setup: Setup) -> Iterator[records.Record]:
    """The records of a part."""
    faiss.omp_set_num_threads(setup.threads)
    yield from importlib.import_module(setup.part).measure(setup)
