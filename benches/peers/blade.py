"""One epoch of the example's training against the same recipe in PyTorch."""
import json
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import torch

import debian
import records
from blade_torch.train import Training
from setup import PROGRAM, Setup

# Of an epoch: layer products and softmax loss, forward and backward, without the rows that no loss
# touches.
OPERATIONS = 25e9 + 17e9
# The sides draw other random numbers: their losses agree to some percent.
LOSS_TOLERANCE = 0.05


def measure(setup: Setup) -> Iterator[records.Record]:
    """One record. The example runs in its own process, in turns with blocks of torch's epochs."""
    epochs, turns = (3, 1) if setup.quick else (12, 3)
    torch.set_num_threads(setup.threads)
    training = Training(debian.read(), epochs)
    own, own_peak, own_loss = [], 0, 0.0
    peer, peer_loss = [], 0.0
    for _ in range(turns):
        seconds, peak, own_loss = example(setup.threads, epochs)
        own.append(seconds)
        own_peak = max(own_peak, peak)
        for _ in range(epochs // turns):
            start = time.perf_counter()
            peer_loss = training.epoch()
            peer.append(time.perf_counter() - start)
    if abs(own_loss - peer_loss) > LOSS_TOLERANCE * peer_loss:
        raise SystemExit(f"after {epochs} epochs avocet's loss is {own_loss:.3f} and torch's {peer_loss:.3f}")
    peer_peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    medians = statistics.median(own), statistics.median(peer)
    least = setup.limits().milliseconds(OPERATIONS, 1)
    case, peaks = "one epoch of the Debian graph", (own_peak, peer_peak)
    yield records.record("blade", case, "f32", setup.threads, "PyTorch", medians, least, peaks)


def example(threads: int, epochs: int) -> tuple[float, int, float]:
    """Median seconds of an epoch of the example, its peak memory, its last loss."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.json"
        options = ["--epochs", str(epochs), "--threads", str(threads), "--json", str(path)]
        subprocess.run([PROGRAM, *options], check=True, capture_output=True)
        result = json.loads(path.read_text())
    return result["seconds_per_epoch"], result["peak_bytes"], result["runs"][0]["loss"]
