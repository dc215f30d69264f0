"""The results: JSON lines and tables."""
import json
from dataclasses import asdict, dataclass
from pathlib import Path

# Other processes' share of the processors up to which a measurement counts.
QUIET = 0.05
TEXT = ("case", "dtype", "peer", "working set")


@dataclass
class Record:
    """One case. `ratio` is peer_ms / avocet_ms, `limit_share` is limit_ms / avocet_ms.

    `survivors_per_query` are the rows that a certified search scored in f32; `others_share` is the share of the
    processors that other processes used meanwhile.
    """

    family: str
    case: str
    dtype: str
    threads: int
    peer: str
    avocet_ms: float
    peer_ms: float
    ratio: float
    limit_ms: float
    limit_share: float
    avocet_peak_bytes: int | None = None
    peer_peak_bytes: int | None = None
    survivors_per_query: float | None = None
    others_share: float = 0.0

    def line(self) -> str:
        """One line of JSON, without the fields that the family does not have."""
        fields = {key: value for key, value in asdict(self).items() if value is not None}
        rounded = {k: float(f"{v:.5g}") if isinstance(v, float) else v for k, v in fields.items()}
        return json.dumps(rounded)


def record(family: str, case: str, dtype: str, threads: int, peer: str, seconds: tuple[float, float],
           limit_ms: float, peaks: tuple[int, int] | tuple[None, None] = (None, None)) -> Record:
    """The record of avocet's and the peer's seconds."""
    avocet_ms, peer_ms = 1e3 * seconds[0], 1e3 * seconds[1]
    return Record(family, case, dtype, threads, peer, avocet_ms, peer_ms, peer_ms / avocet_ms, limit_ms,
                  limit_ms / avocet_ms, *peaks)


def read(path: Path) -> list[Record]:
    """The records of a file."""
    return [Record(**json.loads(line)) for line in path.read_text().splitlines()]


def cells(records: list[Record]) -> tuple[list[str], list[list[str]]]:
    """The heading and the rows of the table of a family."""
    heading = ["case", "dtype", "threads", "peer", "avocet ms", "peer ms", "ratio", "limit ms", "share"]
    rows = [[r.case, r.dtype, str(r.threads), r.peer, milliseconds(r.avocet_ms), milliseconds(r.peer_ms),
             f"{r.ratio:.2f}", milliseconds(r.limit_ms), f"{100 * r.limit_share:.0f} %"] for r in records]
    if any(r.avocet_peak_bytes is not None for r in records):
        heading += ["avocet peak", "peer peak"]
        for row, r in zip(rows, records):
            row += [gib(r.avocet_peak_bytes), gib(r.peer_peak_bytes)]
    if any(r.survivors_per_query is not None for r in records):
        heading.append("survivors")
        for row, r in zip(rows, records):
            row.append("" if r.survivors_per_query is None else f"{r.survivors_per_query:.0f}")
    return heading, rows


def disturbance(records: list[Record]) -> str:
    """A warning if other processes were at work; a peer whose threads wait by spinning suffers most."""
    disturbed = [r.others_share for r in records if r.others_share > QUIET]
    if not disturbed:
        return ""
    return (f"NOT A RESULT: in {len(disturbed)} of {len(records)} cases other processes used more than "
            f"{100 * QUIET:.0f} % of the processors, up to {100 * max(disturbed):.0f} %.")


def milliseconds(value: float) -> str:
    """Three digits or more; of less than 10 microseconds, to 10 nanoseconds."""
    if value < 0.01:
        return f"{value:.5f}"
    return f"{value:.{max(0, 3 - len(str(int(value))))}f}" if value >= 1 else f"{value:.3f}"


def gib(nbytes: int | None) -> str:
    """2.31 GiB."""
    return "" if nbytes is None else f"{nbytes / (1 << 30):.2f} GiB"


def table(heading: list[str], rows: list[list[str]]) -> str:
    """A table for a terminal."""
    widths = [max(map(len, column)) for column in zip(heading, *rows)]
    lines = []
    for row in [heading, *rows]:
        padded = [pad(name, cell, width) for name, cell, width in zip(heading, row, widths)]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def markdown(heading: list[str], rows: list[list[str]]) -> str:
    """A table for a page."""
    rule = ["---" if name in TEXT else "--:" for name in heading]
    lines = ["| " + " | ".join(row) + " |" for row in [heading, *rows]]
    return "\n".join([lines[0], "|" + "|".join(rule) + "|", *lines[1:]])


def pad(name: str, cell: str, width: int) -> str:
    """Text to the left, numbers to the right."""
    return cell.ljust(width) if name in TEXT else cell.rjust(width)
