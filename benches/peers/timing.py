"""Times two calls in turns, so that both see the same machine."""
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

REST = 0.01
SHORT = 0.001
LONG = 0.3
LEAST_BLOCK = 0.005
# A peer that takes this many times as long as the fastest in a first run is not run again.
FAR = 1.5


@dataclass(frozen=True)
class Effort:
    """How long to measure a case: runs of each side, and seconds of each side at least and at most."""

    runs: int
    least: float
    most: float


FULL = Effort(runs=7, least=0.3, most=30.0)
QUICK = Effort(runs=3, least=0.0, most=5.0)


def once(call: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


class Side:
    """One of the two calls with its measured seconds."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.call = call
        call()
        self.typical = once(call)
        self.short = self.typical < SHORT
        self.calls = max(1, round(LEAST_BLOCK / max(self.typical, 1e-7)))
        self.seconds: list[float] = []

    def run(self) -> None:
        """One measurement: after a rest, in which the other side's threads go to sleep, a block of calls."""
        time.sleep(REST)
        if self.short:
            self.call()
        start = time.perf_counter()
        for _ in range(self.calls):
            self.call()
        self.seconds.append((time.perf_counter() - start) / self.calls)

    def best(self, runs: int) -> float:
        """The least seconds of some runs."""
        for _ in range(runs):
            self.run()
        return min(self.seconds)

    def median(self, runs: int) -> float:
        """The median seconds of some runs."""
        for _ in range(runs):
            self.run()
        return statistics.median(self.seconds)

    def total(self) -> float:
        """Seconds measured so far."""
        return sum(self.seconds) * self.calls


def fastest(peers: dict[str, Callable[[], object]]) -> str:
    """The name of the peer with the least seconds of three runs (if they are long, one), of those that come near the
    best in a first run."""
    sides = {name: Side(peer) for name, peer in peers.items()}
    least = min(side.typical for side in sides.values())
    near = [name for name in sides if sides[name].typical <= FAR * least]
    return min(near, key=lambda name: sides[name].best(1 if least > LONG else 3))


def alternate(avocet: Callable[[], object], peer: Callable[[], object],
              effort: Effort) -> tuple[float, float]:
    """Median seconds of each side, measured in turns."""
    sides = Side(avocet), Side(peer)
    while True:
        for side in sides:
            side.run()
        totals = [side.total() for side in sides]
        enough = len(sides[0].seconds) >= effort.runs and min(totals) >= effort.least
        if enough or (max(totals) > effort.most and len(sides[0].seconds) >= 3):
            return statistics.median(sides[0].seconds), statistics.median(sides[1].seconds)
