"""Speech as a family: what is heard wrongly where words are known, and invented where none are.

Recordings come from a manifest (JSONL with ``audio``, ``text``, ``dialect``). Without one the
sounds of `evals.wordless_sounds` are heard, which need no recording: they show what is invented,
nothing about how well Thai is heard.
"""

from __future__ import annotations

import tempfile
import wave
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from evals.fairness import by_group, widest_gap
from evals.families import Case, Family, Measure
from evals.parts import Parts
from evals.speech import EDITS_C, EDITS_W, LETTERS, WORDS, count, letters_of, read_manifest
from evals.statistics import Row, share
from evals.wordless_sounds import made, specs
from intake.sound import RATE, Limits, Samples, blocks, opened
from intake.speech import Listener, open_recogniser
from intake.voice_activity import Stretch

Hear = Callable[[Path], tuple[str, float]]


def read(_parts: Parts, files: Sequence[Path]) -> list[Case]:
    """The clips of manifests; with none the sounds without words."""
    clips = [clip for file in files for clip in read_manifest(file)]
    if not files:
        return [{"id": spec["id"], "sound": spec, "text": "", "dialect": ""} for spec in specs()]
    return [
        {"id": str(c.audio), "audio": str(c.audio), "text": c.text, "dialect": c.dialect}
        for c in clips
    ]


def figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """Error rates over letters and words, share of wordless sounds with words, seconds a second."""
    counts = np.array([r["counts"] for r in rows if r["counts"]], np.int64).reshape(-1, 4).sum(0)
    quiet = [r["heard"] > 0 for r in rows if r["wordless"]]
    return {
        "cer": share(int(counts[EDITS_C]), int(counts[LETTERS])),
        "wer": share(int(counts[EDITS_W]), int(counts[WORDS])),
        "invented_share": share(sum(quiet), len(quiet)),
        "seconds_per_second": share(_sum(rows, "took_s"), _sum(rows, "seconds")),
    }


def detail(rows: Sequence[Row]) -> dict[str, Any]:
    """The letter error rate by dialect tag."""
    told = [r for r in rows if r["counts"]]
    if not told:
        return {}

    def way(row: Row) -> str:
        return str(row["dialect"])

    def cer(some: Sequence[Row]) -> float | None:
        return figures(some)["cer"]

    return {
        "fairness": {
            "dialect": {"groups": by_group(told, way, cer), "gap": widest_gap(told, way, cer)}
        }
    }


def heard_by(listener: Listener) -> Hear:
    """The product's way: speech is found first, then heard."""

    def hear(file: Path) -> tuple[str, float]:
        found = listener.transcribe_file(file)
        return found.text, found.seconds

    return hear


def undetected(parts: Parts) -> Hear:
    """The recogniser asked about everything, as if somebody spoke all the time."""
    recogniser, limits = open_recogniser(parts.settings), Limits.of(parts.settings)
    listener = Listener(recogniser, limits)

    def hear(path: Path) -> tuple[str, float]:
        with opened(path) as file:
            samples = np.concatenate([*blocks(file, listener.inspect(file), limits)])
        said = "".join(h.text for h in recogniser.hear(Stretch(0.0, samples)))
        return said, len(samples) / RATE

    return hear


def measuring(hear: Hear) -> Measure:
    """The measure of one way to hear."""

    def measure(case: Case) -> dict[str, Any]:
        begun = perf_counter()
        said, seconds = _of_sound(hear, case) if "sound" in case else hear(Path(case["audio"]))
        text, took = case["text"], perf_counter() - begun
        return {
            "id": case["id"],
            "counts": count(text, said) if text else None,
            "wordless": text == "",
            "heard": len(letters_of(said)),
            "dialect": case["dialect"],
            "seconds": seconds,
            "took_s": round(took, 3),
        }

    return measure


def write_wave(samples: Samples, path: Path) -> None:
    """A mono 16-bit WAV file of samples within ±1."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def _sum(rows: Sequence[Row], name: str) -> float:
    return float(sum(r[name] for r in rows))


def _of_sound(hear: Hear, case: Case) -> tuple[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.wav"
        write_wave(made(case["sound"]), path)
        return hear(path)


def _listener(parts: Parts) -> Listener:
    return Listener(open_recogniser(parts.settings), Limits.of(parts.settings))


ENGINES: Mapping[str, Callable[[Parts], Measure]] = {
    "default": lambda parts: measuring(heard_by(_listener(parts))),
    "without-detector": lambda parts: measuring(undetected(parts)),
}
TIMED = frozenset({"seconds_per_second"})
LOWER = frozenset({"cer", "wer", "invented_share", *TIMED})
SPEECH = Family("speech", read, ENGINES, figures, detail, timed=TIMED, lower=LOWER)
