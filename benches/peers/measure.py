"""A measuring process: measure.py measure|probe SETUP. Prints lines of JSON."""
import json
import os
import sys
import time

from setup import Setup


class Others:
    """How busy other processes, and the host's other guests, kept the processors."""

    def __init__(self) -> None:
        self.before = self.now()

    @staticmethod
    def now() -> tuple[float, float]:
        """Seconds since some time: processors times time, and what others used of it."""
        with open("/proc/stat") as file:
            user, nice, system, _, _, interrupt, soft, steal = map(int, file.readline().split()[1:9])
        busy = (user + nice + system + interrupt + soft + steal) / os.sysconf("SC_CLK_TCK")
        return time.monotonic() * (os.cpu_count() or 1), busy - sum(os.times()[:4])

    def share(self) -> float:
        """Their share of the processors since the last call."""
        before, self.before = self.before, self.now()
        return max(0.0, (self.before[1] - before[1]) / (self.before[0] - before[0]))


def main() -> None:
    """Does what the arguments say."""
    action, setup = sys.argv[1], Setup(**json.loads(sys.argv[2]))
    if action == "probe":
        import rows
        for found in rows.probe(setup):
            print(json.dumps(found), flush=True)
        return
    if setup.family == "aggregate":
        from aggregate import measure
    elif setup.family == "score":
        from score import measure
    elif setup.family == "logistic":
        from logistic import measure
    elif setup.family == "threshold":
        from threshold import measure
    else:
        from blade import measure
    others = Others()
    for record in measure(setup):
        record.others_share = others.share()
        print(record.line(), flush=True)


main()
