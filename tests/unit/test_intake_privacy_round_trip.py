"""Mask and restore give the identical text, over many generated narratives.

10,000 run in ``make drills``; a test run takes a seeded part of them.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from evals.synthetic import story
from intake.placeholders import PLACEHOLDER, CaseNames
from intake.privacy import Masker
from intake.reading import ABOVE_OR_BELOW
from tests.identified_stories import identified

NARRATIVES = 10_000 if os.environ.get("DRILLS") else 150
ODDITIES = (
    "⟦PERSON_1⟧",
    "⟦PHONE_2⟧⟦PHONE_2⟧",
    "⟦",
    "⟧",
    "⟦PERSON_",
    "[PERSON_1]",
    "\u200bน้ำ\u200b",
    "กำ\u0e4d\u0e32",
    "น้ํา",
    "่้๊๋",
    "🙂",
    "\n\n",
    "๐๘๑ ๐๐๐ ๐๑๒๓",
    "น้องน้ำ",
    "Mr. John Smith",
    "{narrative}",
    "<เรื่อง>",
)


DONE = Counter[str]()


@cache
def masker() -> Masker:
    """One masker for all."""
    return Masker()


@st.composite
def narratives(draw: st.DrawFn) -> str:
    """A generated story, cut anywhere, with oddities put in anywhere."""
    number = draw(st.integers(0, 999_999))
    text = identified(number).text if number % 2 else story(number, 1)["narrative"]
    start = draw(st.integers(0, len(text) - 1))
    text = text[start : start + draw(st.integers(1, 400))]
    for odd in draw(st.lists(st.sampled_from(ODDITIES), max_size=4)):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + odd + text[at:]
    return text


@seed(20260101)
@settings(
    max_examples=NARRATIVES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(narratives())
def test_every_narrative_comes_back(text: str) -> None:
    names = CaseNames()
    masked = masker().mask(text, names)
    DONE.update(narratives=1, characters=len(text), spans=len(masked.spans))
    assert masked.restore() == text
    assert masked.restore(masked.text) == text
    placed = PLACEHOLDER.findall(masked.text)
    assert placed == [s.placeholder for s in masked.spans]
    assert all(words for forms in names.forms.values() for words in forms)
    stood_for = {p: {s.type for s in masked.spans if s.placeholder == p} for p in placed}
    assert all(len(types) == 1 for types in stood_for.values())
    for span in masked.spans:
        assert text[span.start : span.end] == span.text
        assert text[span.end : span.end + 1] not in ABOVE_OR_BELOW or span.end == len(text)
        assert span.text[0] not in ABOVE_OR_BELOW or span.start == 0
