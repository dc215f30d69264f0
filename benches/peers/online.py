"""Online learning from clicks: FTRL against Vowpal Wabbit reading its cache, gradient descent against scikit-learn.

Every run starts from a new model and goes over the rows once, row by row. Avocet learns on one thread, scikit-learn
too; Vowpal Wabbit reads on a second one, which cannot be turned off in its Python package, so it gets as many
processors as there are threads.
"""
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import SGDClassifier
from vowpalwabbit import Workspace

import clicks
import records
import timing
from agreement import agree
from avocet import Avocet, SparseModel
from clicks import Clicks
from setup import OUT, Setup

RATE, BETA, L1, L2 = 0.1, 1.0, 1.0, 1.0
DESCENT_RATE = 0.05
# Relative: of the progressive loss, and of the greatest weight.
LOSS_TOLERANCE, WEIGHT_TOLERANCE = 0.01, 1e-3
LINES = 10_000


def measure(setup: Setup, library: Avocet) -> Iterator[records.Record]:
    """A record for each of FTRL and gradient descent."""
    data = clicks.simulate(20_000 if setup.quick else 1_000_000)
    # Reading the line of memory of each entry's feature once: 8 bytes of state in FTRL.
    lines = np.ones((clicks.FEATURES // 8, 16), np.float32)
    line_of = (data.indices >> 3).astype(np.uint32)
    limit = 1e3 * setup.probe().gather_seconds(lines, line_of, 1, 2 if setup.quick else 5)
    seconds = ftrl(setup, library, data)
    yield records.record("logistic", "ftrl", "f32", setup.threads, "Vowpal Wabbit", seconds, limit)
    seconds = descent(setup, library, data)
    yield records.record("logistic", "sgd", "f32", setup.threads, "sklearn SGDClassifier", seconds, limit)


def ftrl(setup: Setup, library: Avocet, data: Clicks) -> tuple[float, float]:
    """Seconds of both sides."""
    logits = np.empty_like(data.labels)

    def own() -> None:
        model = SparseModel(library, clicks.FEATURES, "ftrl", RATE, BETA, L1, L2)
        model.learn(data.offsets, data.indices, data.labels, logits)

    with tempfile.TemporaryDirectory(dir=OUT) as folder:
        peer = VowpalWabbit(data, Path(folder))
        own()
        losses = progressive_loss(logits, data.labels), peer.learn() / len(data.labels)
        found = f"ftrl: progressive loss {losses[0]:.6f}, Vowpal Wabbit's {losses[1]:.6f}"
        if not abs(losses[0] - losses[1]) <= LOSS_TOLERANCE * losses[1]:
            raise SystemExit(found)
        print(found, file=sys.stderr)
        seconds = timing.alternate(own, peer.learn, setup.effort())
        # What it takes without any row is not learning.
        return seconds[0], seconds[1] - timing.Side(peer.start).best(7)


def descent(setup: Setup, library: Avocet, data: Clicks) -> tuple[float, float]:
    """Seconds of both sides."""
    logits, matrix, classes = np.empty_like(data.labels), data.matrix(), np.array([0.0, 1.0], np.float32)

    def own() -> SparseModel:
        model = SparseModel(library, clicks.FEATURES, "sgd", DESCENT_RATE)
        model.learn(data.offsets, data.indices, data.labels, logits)
        return model

    def peer() -> SGDClassifier:
        model = SGDClassifier(loss="log_loss", penalty=None, learning_rate="constant", eta0=DESCENT_RATE,
                              fit_intercept=False, shuffle=False)
        return model.partial_fit(matrix, data.labels, classes)

    agree(own().weights(), peer().coef_[0], WEIGHT_TOLERANCE, "sgd")
    return timing.alternate(own, peer, setup.effort())


def progressive_loss(logits: np.ndarray, labels: np.ndarray) -> float:
    """The mean loss of the predictions."""
    margins = logits.astype(np.float64)
    return float(np.mean(np.logaddexp(0, margins) - labels * margins))


class VowpalWabbit:
    """Learns rows from a cache file."""

    OPTIONS = ["--ftrl", "--ftrl_alpha", str(RATE), "--ftrl_beta", str(BETA), "--l1", str(L1), "--l2", str(L2),
               "--noconstant", "--loss_function", "logistic", "--bit_precision", str(clicks.BITS), "--quiet"]

    def __init__(self, data: Clicks, folder: Path) -> None:
        self.folder = folder
        rows = data.indices.reshape(len(data.labels), -1)
        with (folder / "clicks.txt").open("w") as file:
            for start in range(0, len(rows), LINES):
                part = zip(rows[start:start + LINES].tolist(), data.labels[start:start + LINES] > 0)
                file.writelines(f"{'1' if label else '-1'} | {' '.join(map(str, row))}\n" for row, label in part)
        (folder / "none.txt").touch()
        for name in ("clicks", "none"):
            self._run(name)  # Writes the cache, the next runs read it.

    def learn(self) -> float:
        """Learns all rows and returns the sum of the losses before each."""
        return self._run("clicks")

    def start(self) -> float:
        """Learns no row."""
        return self._run("none")

    def _run(self, name: str) -> float:
        files = ["--data", str(self.folder / f"{name}.txt"), "--cache_file", str(self.folder / f"{name}.cache")]
        workspace = Workspace(arg_list=[*self.OPTIONS, *files])
        loss = workspace.get_sum_loss()
        workspace.finish()
        return loss
