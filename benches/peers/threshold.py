"""The threshold family: the parts that its targets name, each a module."""
import importlib
import os
from collections.abc import Iterator

import torch

import avocet_threshold
import records
from setup import Setup

PARTS = {"buckets": "buckets", "edges": "edges", "single": "single", "apply": "apply", "search": "search",
         "answers": "answers"}


def measure(setup: Setup) -> Iterator[records.Record]:
    """The records of the part that was asked for, or of all."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:setup.threads])
    torch.set_num_threads(setup.threads)
    library = setup.library()
    avocet_threshold.declare(library)
    for part in [setup.part] if setup.part else PARTS:
        yield from importlib.import_module(PARTS[part]).measure(setup, library)
