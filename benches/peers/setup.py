"""What main.py builds once and the measuring processes use."""
import json
import os
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path

import avocet
import limits as machine
import timing

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "target" / "bench-peers"
LIBRARY = OUT / "natives" / "lib" / "libavocet.so"
PROBE = OUT / "liblimits.so"
LIMITS = OUT / "limits.json"
PROGRAM = ROOT / "target" / "release" / "related_products"

# One allocator for both sides: memory that was freed is kept, so that no time goes into page faults.
ALLOCATOR = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(64 << 30), "THP_MEM_ALLOC_ENABLE": "1"}
# Variables that change the peers' kernels silently.
UNWANTED = ("OPENBLAS_CORETYPE", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "GOMP_CPU_AFFINITY",
            "ATEN_CPU_CAPABILITY", "MALLOC_ARENA_MAX", "LD_PRELOAD")


@dataclass
class Setup:
    """What one measuring process is to do. `chosen` is the peer setting of each case, where it matters; `part` is the
    part of the family, empty for all of it."""

    family: str
    threads: int
    quick: bool
    chosen: dict[str, str] = field(default_factory=dict)
    part: str = ""

    def effort(self) -> timing.Effort:
        """How long to measure a case."""
        return timing.QUICK if self.quick else timing.FULL

    def library(self) -> avocet.Avocet:
        """The library with this many threads."""
        return avocet.Avocet(LIBRARY, self.threads)

    def limits(self) -> machine.Limits:
        """The limits of this many threads."""
        return machine.load(LIMITS, self.threads)

    def probe(self) -> machine.Probe:
        """limits.c."""
        return machine.Probe(PROBE)

    def run(self, action: str, core: str | None = None) -> list[str]:
        """Runs measure.py in a fresh process and returns the lines of JSON that it prints."""
        env = {key: value for key, value in os.environ.items() if key not in UNWANTED} | ALLOCATOR
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            env[name] = str(self.threads)
        eigen = "true" if self.threads > 1 else "false"
        env["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={eigen} intra_op_parallelism_threads={self.threads}"
        if core is not None:
            env["OPENBLAS_CORETYPE"] = core
        program = [str(OUT / "venv/bin/python"), str(ROOT / "benches/peers/measure.py")]
        command = [*program, action, json.dumps(asdict(self))]
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line.strip())
        if process.wait() != 0:
            raise SystemExit(f"measuring {self.family} with {self.threads} threads failed")
        return lines


def build() -> None:
    """Builds the shared library as it ships, and limits.c."""
    OUT.mkdir(parents=True, exist_ok=True)
    compiler = os.environ.get("CC", "cc")
    execute(ROOT / "packaging" / "natives", OUT / "natives")
    flags = ["-O3", "-march=native", "-ffp-contract=fast", "-fPIC", "-pthread"]
    execute(compiler, *flags, "-shared", "-o", PROBE, ROOT / "benches/peers/limits.c")


def build_program() -> None:
    """Builds the example that trains."""
    cargo("build", "--release", "-p", "related_products")


def cargo(command: str, *arguments: str) -> None:
    """Runs cargo in the repository's target directory."""
    execute(os.environ.get("CARGO", "cargo"), command, "--quiet", "--target-dir", ROOT / "target", *arguments)


def execute(*command: str | Path) -> None:
    """Runs a command in the root of the repository; ends the program if it fails."""
    if (status := subprocess.run(command, cwd=ROOT).returncode) != 0:
        raise SystemExit(f"{command[0]} failed with status {status}")
