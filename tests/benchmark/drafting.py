"""How fast the composer drafts: warm, one at a time, and twenty at once, with the full knowledge.

``python -m tests.benchmark.drafting [VIGNETTES] [--write]`` prints the figures; with ``--write``
they replace the section of the same name in ``docs/benchmarks.md``.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import numpy as np

from commands.wiring import Wiring
from evals.stories import stories
from intake.narrative import Narrative, accept
from intake.schemas import CodedNarrative
from planner.graph import Planner
from runtime.clock import now

GOLDEN = Path("evals/data/golden/G01-G10.yaml")
BENCHMARKS = Path("docs/benchmarks.md")
ROUNDS, AT_ONCE = 5, 20
HEADING = "## Drafting by the composer"


def timed(planner: Planner, story: Narrative, coded: CodedNarrative) -> tuple[float, float]:
    """Milliseconds of one draft: by the clock, and of this process's own work."""
    begun, worked = time.perf_counter(), time.process_time()
    planner.draft(story, coded, as_of=now().date(), received_at=now())
    return (time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000


def measure(file: Path) -> dict[str, float]:
    """The figures over a vignette file; every story drafted once before the clock starts."""
    wiring = Wiring.from_environment()
    wiring.ensure_knowledge()
    told = [accept(s["narrative"]) for s in stories(file)]
    pairs = [(n, wiring.coder.code(n)) for n in told]
    pairs = [(n, c) for n, c in pairs if c.code_ids()]
    for pair in pairs:
        timed(wiring.planner, *pair)
    rounds = [timed(wiring.planner, *pair) for _ in range(ROUNDS) for pair in pairs]
    alone, own = zip(*rounds, strict=True)
    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [pool.submit(timed, wiring.planner, *pairs[i % len(pairs)]) for i in range(AT_ONCE)]
        errors = sum(job.exception() is not None for job in jobs)
    return {
        "stories": len(pairs),
        "p50_ms": round(median(alone), 1),
        "p95_ms": round(float(np.quantile(alone, 0.95)), 1),
        "work_p50_ms": round(median(own), 1),
        "work_p95_ms": round(float(np.quantile(own, 0.95)), 1),
        "together_s": round(time.perf_counter() - begun, 2),
        "together_errors": errors,
        "load_1min": round(os.getloadavg()[0], 1),
    }


def section(found: dict[str, float], file: Path) -> str:
    """The figures as a section of the benchmarks."""
    return f"""{HEADING}

Warm, with the full knowledge base in PostgreSQL, {found["stories"]:.0f} stories of
`{file.name}`, {ROUNDS} rounds; coding not included; load of the machine
{found["load_1min"]} on {os.cpu_count()} cores while measured (`make bench`).

| figure | measured | wanted |
| --- | --- | --- |
| one draft, p50 | {found["p50_ms"]} ms | 400 ms |
| one draft, p95 | {found["p95_ms"]} ms | 900 ms |
| one draft, the process's own work, p50 | {found["work_p50_ms"]} ms | |
| one draft, the process's own work, p95 | {found["work_p95_ms"]} ms | |
| {AT_ONCE} drafts at once, all done after | {found["together_s"]} s | |
| {AT_ONCE} drafts at once, errors | {found["together_errors"]:.0f} | 0 |
"""


def write(text: str) -> None:
    """Put the section into the benchmarks in place of the last one."""
    old = BENCHMARKS.read_text("utf-8") if BENCHMARKS.exists() else "# Benchmarks\n"
    before, _, rest = old.partition(HEADING)
    _, mark, behind = rest.partition("\n## ")
    BENCHMARKS.write_text(before.rstrip() + "\n\n" + text + mark + behind, "utf-8")


def main(arguments: list[str]) -> None:
    """Measure and print, or write."""
    files = [Path(a) for a in arguments if not a.startswith("--")]
    file = files[0] if files else GOLDEN
    found = measure(file)
    sys.stdout.write(section(found, file))
    if "--write" in arguments:
        write(section(found, file))


if __name__ == "__main__":
    main(sys.argv[1:])
