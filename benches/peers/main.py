"""Measures avocet against its peers: main.py FAMILY [--part PART] [--quick] [--markdown]. Started by `run`."""
import argparse
import json
import os
import platform
from dataclasses import replace
from pathlib import Path

import limits
import records
import setup
from setup import LIMITS, OUT, PROBE, Setup

PARTS = {"logistic": ["losses", "weights", "ftrl", "csr", "lbfgs"],
         "score": ["rows", "topk", "certified", "one_query", "pairs", "latency"],
         "threshold": ["buckets", "edges", "single", "apply", "search", "answers"]}
PART_HELP = "; ".join(f"of {family}: {', '.join(parts)}" for family, parts in PARTS.items())


def main() -> None:
    """Builds, measures the limits, measures the family, prints the tables."""
    parser = argparse.ArgumentParser(prog="benches/peers/run", description=__doc__)
    parser.add_argument("family", choices=["aggregate", "score", "blade", "logistic", "threshold"])
    parser.add_argument("--quick", action="store_true", help="few cases and runs: a smoke test")
    parser.add_argument("--markdown", action="store_true", help="print the tables for docs/performance.md")
    parser.add_argument("--part", default="", help=PART_HELP)
    arguments = parser.parse_args()
    if arguments.part not in ["", *PARTS.get(arguments.family, [])]:
        parser.error(f"{arguments.family} has no part {arguments.part}")
    family, quick = arguments.family, arguments.quick

    setup.build()
    if family == "blade":
        setup.build_program()
    threads = sorted({1, min(2, len(os.sched_getaffinity(0)))})
    measured = [limits.Probe(PROBE).measure(count, quick) for count in threads]
    limits.save(LIMITS, measured)
    lines = []
    for count in threads:
        one = Setup(family, count, quick, part=arguments.part)
        lines += score(one) if family == "score" else one.run("measure")
    suffixes = [arguments.part, "quick" if quick else ""]
    path = OUT / f"{'-'.join([family, *filter(None, suffixes)])}.jsonl"
    path.write_text("\n".join(lines) + "\n")

    form = records.markdown if arguments.markdown else records.table
    print(f"\n{machine(threads)}\nCommand: {command(family, arguments.part, quick)}\n")
    print(form(*limit_cells(measured)), "\n")
    results = records.read(path)
    print(form(*records.cells(results)))
    print(records.disturbance(results))
    print(f"{path.relative_to(setup.ROOT)}")


def score(one: Setup) -> list[str]:
    """The part that was asked for, or all; all but rows with the widest core type of FAISS's BLAS, its best one."""
    lines = []
    for part in [one.part] if one.part else PARTS["score"]:
        here = replace(one, part=part)
        lines += rows(here) if part == "rows" else here.run("measure", cores()[-1] or None)
    return lines


def rows(one: Setup) -> list[str]:
    """Finds FAISS's best setting for each case, with each core type of its BLAS, then measures with it."""
    best: dict[str, tuple[float, str, str]] = {}
    for core in cores():
        for line in one.run("probe", core or None):
            found = json.loads(line)
            entry = found["seconds"], core, found["setting"]
            best[found["case"]] = min(best.get(found["case"], entry), entry)
    lines = []
    for core in cores():
        one.chosen = {case: setting for case, (_, winner, setting) in best.items() if winner == core}
        if one.chosen:
            lines += one.run("measure", core or None)
    order = {case: position for position, case in enumerate(best)}
    return sorted(lines, key=lambda line: order[json.loads(line)["case"]])


def cores() -> list[str]:
    """Core types of OpenBLAS that this machine can run; the empty one is its own choice."""
    words = set(cpu_info("flags").split())
    offered = {"Haswell": {"avx2", "fma"}, "SkylakeX": {"avx512f", "avx512bw", "avx512dq", "avx512vl"}}
    return ["", *(core for core, needed in offered.items() if needed <= words)]


def limit_cells(measured: list[limits.Limits]) -> tuple[list[str], list[list[str]]]:
    """The heading and rows of the table of limits."""
    heading = ["working set", *(f"{one.threads} thr. GB/s" for one in measured)]
    rows = [[limits.size_name(size), *(f"{one.read[size] / 1e9:.1f}" for one in measured)]
            for size in measured[0].read]
    largest = limits.size_name(max(measured[0].read))
    for size in measured[0].gather:
        rates = (f"{one.gather[size] / 1e9:.1f}" for one in measured)
        rows.append([f"random rows of {size} bytes, {largest}", *rates])
    for dtype in ("f32", "bf16", "int8"):
        rates = (f"{one.operations(dtype) / 1e9:.0f}" for one in measured)
        rows.append([f"multiply-adds of {dtype}, GFLOP/s", *rates])
    return heading, rows


def machine(threads: list[int]) -> str:
    """The processor, the tier that avocet uses, the threads."""
    isa = Setup("", 1, True).library().isa()
    name = cpu_info("model name") or platform.machine()
    return f"Machine: {name}, {os.cpu_count()} processors, {isa}; threads {', '.join(map(str, threads))}"


def cpu_info(key: str) -> str:
    """A line of the processor's description; empty where the system does not tell."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


def command(family: str, part: str, quick: bool) -> str:
    """What was run."""
    options = [*(["--part", part] if part else []), *(["--quick"] if quick else [])]
    return " ".join(["benches/peers/run", family, *options]) if options else f"make bench-peers FAMILY={family}"


main()
