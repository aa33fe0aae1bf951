"""How long masking a narrative of 5,000 characters takes, warm.

``python -m tests.benchmark.masking [--write]`` prints the figures; with ``--write`` they replace
the section of the same name in ``docs/benchmarks.md``.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from statistics import median

import numpy as np

from evals.synthetic import story
from intake.privacy import Masker
from tests.benchmark.drafting import BENCHMARKS
from tests.identified_stories import identified

LENGTH, TEXTS, ROUNDS = 5_000, 20, 5
HEADING = "## Masking"


def narrative(number: int) -> str:
    """A text of exactly 5,000 characters, made of generated stories."""
    text = ""
    while len(text) < LENGTH:
        number += 1_000
        text += identified(number).text + "\n\n" + str(story(number, 1)["narrative"]) + "\n\n"
    return text[:LENGTH]


def measure() -> dict[str, float]:
    """Milliseconds a narrative by the clock and by the processor; the first time opens models."""
    masker, texts = Masker(), [narrative(n) for n in range(TEXTS)]
    opening = time.perf_counter()
    masker.mask(texts[0])
    opening = time.perf_counter() - opening
    clock, processor, found = [], [], 0
    for text in texts * ROUNDS:
        begun, used = time.perf_counter(), time.process_time()
        found += len(masker.mask(text).spans)
        clock.append((time.perf_counter() - begun) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return {
        "p50_ms": round(median(clock), 1),
        "p95_ms": round(float(np.quantile(clock, 0.95)), 1),
        "cpu_p50_ms": round(median(processor), 1),
        "spans": round(found / len(clock), 1),
        "opening_s": round(opening, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "load_1min": round(os.getloadavg()[0], 1),
    }


def section(found: dict[str, float]) -> str:
    """The figures as a section of the benchmarks."""
    return f"""{HEADING}

{TEXTS} generated narratives of {LENGTH:,} characters with {found["spans"]} identifying spans each
on average, {ROUNDS} rounds, warm, one at a time; load of the machine {found["load_1min"]} on
{os.cpu_count()} cores while measured (`make bench-masking`).

| figure | measured | wanted |
| --- | --- | --- |
| one narrative, p50 | {found["p50_ms"]} ms | 250 ms |
| one narrative, p95 | {found["p95_ms"]} ms | |
| processor time, p50 | {found["cpu_p50_ms"]} ms | |
| the first narrative of a process (opens models and lists) | {found["opening_s"]} s | |
| peak memory of the process | {found["peak_mb"]:.0f} MB | |
"""


def write(text: str, heading: str = HEADING) -> None:
    """Put the section into the benchmarks in place of the last one."""
    old = BENCHMARKS.read_text("utf-8") if BENCHMARKS.exists() else "# Benchmarks\n"
    before, _, rest = old.partition(heading + "\n")
    _, mark, behind = rest.partition("\n## ")
    BENCHMARKS.write_text(before.rstrip() + "\n\n" + text + mark + behind, "utf-8")


def main(arguments: list[str]) -> None:
    """Measure and print, or write."""
    made = section(measure())
    sys.stdout.write(made)
    if "--write" in arguments:
        write(made)


if __name__ == "__main__":
    main(sys.argv[1:])
