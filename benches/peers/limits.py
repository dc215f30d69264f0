"""The machine's limits: multiply-adds of each type, reading a working set, reading rows at random places."""
import ctypes
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

KIB, MIB = 1 << 10, 1 << 20
WORKING_SETS = [16 * KIB, 64 * KIB, 256 * KIB, 512 * KIB, MIB, 2 * MIB, 4 * MIB, 8 * MIB, 16 * MIB, 32 * MIB,
                64 * MIB, 128 * MIB, 512 * MIB, 1024 * MIB]
ROW_FLOATS = [32, 64, 128, 256]


@dataclass
class Limits:
    """Measured limits of a number of threads that share the work."""

    threads: int
    flops: float
    bf16: float
    int8: float
    read: dict[int, float]
    gather: dict[int, float]

    def bandwidth(self, working_set: float) -> float:
        """Bytes a second of reading a working set, between the measured sizes."""
        sizes = sorted(self.read)
        return float(np.interp(np.log(working_set), np.log(sizes), [self.read[size] for size in sizes]))

    def operations(self, dtype: str) -> float:
        """Operations a second; f16 is widened to f32."""
        return {"bf16": self.bf16, "int8": self.int8}.get(dtype, self.flops)

    def milliseconds(self, flops: float, nbytes: float, dtype: str = "f32") -> float:
        """The least time for so many operations of a type, and for reading so many bytes once."""
        return 1e3 * max(flops / self.operations(dtype), nbytes / self.bandwidth(nbytes))


class Probe:
    """limits.c."""

    def __init__(self, library: Path) -> None:
        self.library = ctypes.CDLL(str(library))
        size, pointer, number = ctypes.c_size_t, ctypes.c_void_p, ctypes.c_int
        for name, arguments in {
            "limits_flops": [number, number],
            "limits_bf16": [number, number],
            "limits_int8": [number, number],
            "limits_read": [pointer, size, number, number],
            "limits_gather": [pointer, pointer, size, size, number, number],
        }.items():
            function = getattr(self.library, name)
            function.argtypes = arguments
            function.restype = ctypes.c_double

    def gather_seconds(self, table: np.ndarray, rows: np.ndarray, threads: int, repetitions: int) -> float:
        """Seconds of reading these rows of a table, all of each."""
        arrays = table.ctypes.data, rows.ctypes.data, len(rows), table.shape[1]
        return self.library.limits_gather(*arrays, threads, repetitions)

    def nothing(self) -> Callable[[], int]:
        """A foreign call that does nothing, with as many arguments as a search, prepared as those of avocet are."""
        function, size, pointer = self.library.limits_nothing, ctypes.c_size_t, ctypes.c_void_p
        function.argtypes = [pointer, pointer, size] + [pointer] * 9
        word = pointer()
        place = ctypes.byref(word)
        arguments = place, place, 1, *([place] * 9)
        return lambda: function(*arguments)

    def measure(self, threads: int, quick: bool) -> Limits:
        """All limits; in a hurry, with a smaller largest working set and fewer repetitions."""
        repetitions = 2 if quick else 10
        sets = [size for size in WORKING_SETS if not quick or size <= 128 * MIB]
        data = np.ones(sets[-1] // 4, np.float32)
        read = {size: self.library.limits_read(data.ctypes.data, size, threads, repetitions) for size in sets}
        gather = {}
        for width in ROW_FLOATS:
            table = data.reshape(-1, width)
            count = 256 * MIB // 4 // width
            rows = np.random.default_rng(1).integers(len(table), size=count, dtype=np.uint32)
            gather[4 * width] = 4 * width * len(rows) / self.gather_seconds(table, rows, threads, repetitions)
        of_types = self.library.limits_flops, self.library.limits_bf16, self.library.limits_int8
        return Limits(threads, *(rate(threads, repetitions) for rate in of_types), read, gather)


def save(path: Path, limits: list[Limits]) -> None:
    """Writes limits for the processes that measure."""
    path.write_text(json.dumps([asdict(one) for one in limits], indent=1) + "\n")


def load(path: Path, threads: int) -> Limits:
    """The limits of a number of threads."""
    for one in json.loads(path.read_text()):
        if one["threads"] == threads:
            by_size = [{int(size): rate for size, rate in one[key].items()} for key in ("read", "gather")]
            return Limits(threads, one["flops"], one["bf16"], one["int8"], *by_size)
    raise ValueError(f"no limits were measured with {threads} threads")


def size_name(nbytes: int) -> str:
    """16 KiB, 512 MiB."""
    return f"{nbytes // MIB} MiB" if nbytes >= MIB else f"{nbytes // KIB} KiB"
