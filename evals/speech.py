"""How well recordings are heard: character and word error rates, and how fast.

Rates are edits over the letters (words) of all reference texts together, so that long recordings
weigh more. Intervals resample whole recordings. Thai has no spaces to count words by: words are
those of the dictionary tokeniser, which is why the character rate is the one to compare.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import orjson
from numpy.typing import NDArray

from intake.transcript import Transcript
from knowledge_base.words import repaired, words
from runtime.edit_distance import edit_distance
from runtime.errors import BadInput

RESAMPLES, SEED = 1000, 20260101
FEW = 30
EDITS_C, LETTERS, EDITS_W, WORDS = range(4)


class SpeechSetBroken(BadInput):
    """The manifest is no set of recordings. Details: ``file``, ``line``."""

    code = "evals.speech_set_broken"


@dataclass(frozen=True)
class Clip:
    """A recording and what is said in it.

    ``text`` is None where nobody wrote it down, "" where nobody speaks; ``dialect`` a tag.
    """

    audio: Path
    text: str | None
    dialect: str = "unknown"


class Hears(Protocol):
    """Anything that transcribes a file."""

    @property
    def model(self) -> str:
        """Its model."""
        ...

    def prepare(self) -> None:
        """Open the model."""
        ...

    def transcribe_file(self, path: Path) -> Transcript:
        """The transcript of a file."""
        ...


def read_manifest(file: Path) -> list[Clip]:
    """The clips of a JSONL manifest, paths relative to it; raises `SpeechSetBroken`."""
    clips = []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SpeechSetBroken(file=file.name, line=0) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
            dialect = str(row.get("dialect") or "unknown")
            clips.append(Clip(file.parent / row["audio"], row.get("text"), dialect))
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise SpeechSetBroken(file=file.name, line=number) from error
    if not clips:
        raise SpeechSetBroken(file=file.name, line=0)
    return clips


def evaluate_speech(
    clips: Sequence[Clip], listener: Hears, step: Callable[[float, str], None] | None = None
) -> dict[str, Any]:
    """``{cer, wer, rtf, cpu_rtf, ci, n, n_with_text, model, clips}``; None where no text is known.

    ``rtf`` is wall-clock seconds per second of sound with the model open, ``cpu_rtf`` the same in
    this process's processor seconds.
    """
    listener.prepare()
    rows: list[dict[str, Any]] = []
    counts: list[list[int]] = []
    for i, clip in enumerate(clips):
        wall, cpu = time.perf_counter(), time.process_time()
        heard = listener.transcribe_file(clip.audio)
        took = {"took_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
        row: dict[str, Any] = {
            "audio": clip.audio.name,
            "seconds": heard.seconds,
            "heard": heard.text,
            **took,
        }
        if clip.text is not None:
            counted = count(clip.text, heard.text)
            counts.append(counted)
            row |= {"text": clip.text, **_rates(np.array(counted))}
        rows.append(row)
        if step:
            step((i + 1) / len(clips), "")
    seconds = sum(row["seconds"] for row in rows)
    return {
        **_figures(np.array(counts, dtype=np.int64).reshape(-1, 4)),
        "rtf": round(sum(row["took_s"] for row in rows) / seconds, 3) if seconds else None,
        "cpu_rtf": round(sum(row["cpu_s"] for row in rows) / seconds, 3) if seconds else None,
        "n": len(clips),
        "model": listener.model,
        "clips": rows,
    }


def count(text: str, heard: str) -> list[int]:
    """Edits and length in letters, edits and length in words, of a reference text."""
    letters, words_ = letters_of(text), words(text)
    return [
        edit_distance(letters, letters_of(heard)),
        len(letters),
        edit_distance(words_, words(heard)),
        len(words_),
    ]


def letters_of(text: str) -> str:
    """A text's letters, marks and digits in one spelling: no spaces, no punctuation, no case."""
    return "".join(c for c in repaired(text) if c.isalnum() or "\u0e31" <= c <= "\u0e4e")


def _figures(counts: NDArray[np.int64]) -> dict[str, Any]:
    """Rates over all clips with text, and their 95 % intervals by resampling clips."""
    n = len(counts)
    if not n:
        return {"cer": None, "wer": None, "ci": {}, "n_with_text": 0}
    chosen = np.random.default_rng(SEED).integers(0, n, (RESAMPLES, n))
    drawn = counts[chosen].sum(axis=1)
    pairs = {"cer": (EDITS_C, LETTERS), "wer": (EDITS_W, WORDS)}
    intervals = {
        name: np.quantile(drawn[:, part] / np.maximum(drawn[:, whole], 1), [0.025, 0.975])
        for name, (part, whole) in pairs.items()
    }
    few = {"note": f"{n} recordings with text: too few for any claim"} if n < FEW else {}
    ci = {name: [round(float(v), 4) for v in found] for name, found in intervals.items()}
    return {**_rates(counts.sum(axis=0)), "ci": ci, "n_with_text": n, **few}


def _rates(counts: NDArray[np.int64]) -> dict[str, float]:
    return {
        "cer": round(float(counts[EDITS_C] / max(counts[LETTERS], 1)), 4),
        "wer": round(float(counts[EDITS_W] / max(counts[WORDS], 1)), 4),
    }
