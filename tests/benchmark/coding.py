"""How long coding takes, warm: a story of the usual length, and 5,000 characters.

``python -m tests.benchmark.coding [--write]`` prints the figures; with ``--write`` they replace
the section of the same name in ``docs/benchmarks.md``.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean, median

import numpy as np

from commands.wiring import Wiring
from evals.stories import stories
from intake.coding import Coder
from intake.learning import FlagReader, SentenceReader
from intake.narrative import accept
from runtime.settings import Settings
from tests.benchmark.masking import narrative, write

STORIES = Path("evals/data/golden/G01-G10.yaml")
LONG, ROUNDS = 6, 3
HEADING = "## Coding"


def measure() -> dict[str, float]:
    """Milliseconds a text by the clock and by the processor; what was learned, on disk and read."""
    wiring = Wiring.from_environment()
    coder = wiring.coder
    coder.prepare()
    told = [str(s["narrative"]) for s in stories(STORIES)]
    found = {"letters": round(mean(map(len, told)))}
    found |= _times("story", coder, told) | _times(
        "long", coder, [narrative(n) for n in range(LONG)]
    )
    found |= _kept(wiring.settings, wiring)
    found["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    found["load_1min"] = round(os.getloadavg()[0], 1)
    return found


def _times(name: str, coder: Coder, texts: Sequence[str]) -> dict[str, float]:
    coder.code(accept(texts[0]))
    clock, processor = [], []
    for text in list(texts) * ROUNDS:
        begun, used = time.perf_counter(), time.process_time()
        coder.code(accept(text))
        clock.append((time.perf_counter() - begun) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return {
        f"{name}_p50": round(median(clock), 1),
        f"{name}_p95": round(float(np.quantile(clock, 0.95)), 1),
        f"{name}_cpu": round(median(processor), 1),
    }


def _kept(settings: Settings, wiring: Wiring) -> dict[str, float]:
    """Size and time to open of the two kept classifiers."""
    cache = settings.cache_dir
    readers = {"codes": SentenceReader(wiring.embedder, cache), "flags": FlagReader(cache)}
    made: dict[str, float] = {}
    for name, reader in readers.items():
        file = cache / f"{name}-{reader.version}.npz"
        made[f"{name}_mb"] = round(file.stat().st_size / 1e6, 1)
        made[f"{name}_ms"] = round(_seconds(reader.prepare) * 1000)
    return made


def _seconds(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def section(found: dict[str, float]) -> str:
    """The figures as a section of the benchmarks."""
    return f"""{HEADING}

Codes, red flags, facts and urgency of one text, warm, one at a time: the ten stories of
`{STORIES.name}` ({found["letters"]} characters on average) and {LONG} generated narratives of
5,000, {ROUNDS} rounds; load of the machine {found["load_1min"]} on {os.cpu_count()} cores while
measured (`make bench-coding`).

| figure | measured |
| --- | --- |
| one story, p50 / p95 | {found["story_p50"]} / {found["story_p95"]} ms |
| one story, processor time, p50 | {found["story_cpu"]} ms |
| 5,000 characters, p50 / p95 | {found["long_p50"]} / {found["long_p95"]} ms |
| 5,000 characters, processor time, p50 | {found["long_cpu"]} ms |
| the codes' classifier: file, time to open | {found["codes_mb"]} MB, {found["codes_ms"]} ms |
| the red flags' classifier: file, time to open | {found["flags_mb"]} MB, {found["flags_ms"]} ms |
| peak memory of the process | {found["peak_mb"]:.0f} MB |
"""


def main(arguments: list[str]) -> None:
    """Measure and print, or write."""
    made = section(measure())
    sys.stdout.write(made)
    if "--write" in arguments:
        write(made, HEADING)


if __name__ == "__main__":
    main(sys.argv[1:])
