"""The logistic family: the parts that its targets name, each a module."""
import importlib
import os
from collections.abc import Iterator

import torch

import records
from setup import Setup

PARTS = {"losses": "losses", "weights": "feedback", "ftrl": "online", "csr": "sparse", "lbfgs": "fit"}


def measure(setup: Setup) -> Iterator[records.Record]:
    """The records of the part that was asked for, or of all."""
    # jax's threads are as many as it sees processors, and so are Vowpal Wabbit's.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:setup.threads])
    torch.set_num_threads(setup.threads)
    library = setup.library()
    for part in [setup.part] if setup.part else PARTS:
        yield from importlib.import_module(PARTS[part]).measure(setup, library)
