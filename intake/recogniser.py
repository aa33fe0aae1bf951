"""The port every recogniser of speech stands behind, and the rules on what it may claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import yaml

from intake.voice_activity import Stretch

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Piece:
    """A few letters as the recogniser heard them: seconds within the stretch, confidence 0-1."""

    start: float
    end: float
    text: str
    confidence: float


@dataclass(frozen=True)
class Heard:
    """One utterance, before anybody judged it. Seconds within the stretch; probabilities 0-1."""

    start: float
    end: float
    text: str
    logprob: float
    no_speech: float
    pieces: tuple[Piece, ...]


class Recogniser(Protocol):
    """Anything that turns speech into text."""

    @property
    def model(self) -> str:
        """A name that changes when the model does; the key of what was heard already."""
        ...

    def prepare(self) -> None:
        """Open what hearing needs, so that a missing part is told before work begins."""
        ...

    def hear(self, stretch: Stretch) -> list[Heard]:
        """What is said in a stretch, in order."""
        ...


@dataclass(frozen=True)
class Rules:
    """``speech.yaml``: what is sure, what is silence, what is a loop, what are film credits."""

    sure: float
    silent: Mapping[str, float]
    loop: Mapping[str, int]
    compression: float
    credits_no_speech: float
    credits: frozenset[str]


@cache
def load_rules(data_dir: Path = DATA) -> Rules:
    """The rules of ``speech.yaml``."""
    data: dict[str, Any] = yaml.safe_load((data_dir / "speech.yaml").read_text(encoding="utf-8"))
    return Rules(
        sure=data["sure"],
        silent=data["silent"],
        loop=data["loop"],
        compression=data["compression"],
        credits_no_speech=data["credits"]["no_speech"],
        credits=frozenset(bare(phrase) for phrase in data["credits"]["phrases"]),
    )


def bare(text: str) -> str:
    """A text without spaces and full stops, to compare whole segments."""
    return "".join(c for c in text if not c.isspace() and c not in ".…!")
