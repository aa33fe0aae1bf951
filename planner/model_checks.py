"""What a model's sentence must show beyond a person's or the library's: right, or visibly not.

Words are cheap for a model, so a sentence of its own must be Thai, free of the prompt's marks,
rest on words or passages it names, say little that is not there, and in the same order of words;
deny nothing the source affirms; name no agency, count or measure that is not there; contradict
nothing else in the draft; and propose nothing the library forbids.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from knowledge_base.words import repaired
from planner import claims
from planner.choices import breaks
from planner.contradictions import contradictions
from planner.schemas import Sentence

if TYPE_CHECKING:
    from planner.grounding import Ground

SUPPORTED = 0.6  # share of a sentence's words that stand in its grounds
FOLLOWED = 0.3  # share of its pairs of neighbouring words that do
NAME_LENGTH = 4


def model_faults(ground: Ground, sentence: Sentence) -> Iterator[tuple[str, str]]:
    """``(flag name, detail)`` of everything a model may not claim."""
    text = sentence.text
    told = " ".join(s.text for s in sentence.spans)
    held = claims.without_instructions(ground.passages(sentence)) + repaired(told)
    if claims.is_instruction(text) or any(ground.is_instructed(s) for s in sentence.spans):
        yield "instruction", ""
    if not claims.is_thai(text) or claims.strangers(text, held):
        yield "language", ""
    if claims.has_frame_marks(text):
        yield "leak", ""
    if not sentence.spans and not sentence.citations:
        yield "no_parent", ""
    if not _is_supported(text, held):
        yield "unsupported", ""
    if any(w in held for w in claims.denied(text) - claims.denied(held)):
        yield "negation", ""
    for number, unit in sorted(claims.quantities(text) - claims.quantities(held)):
        yield "number", f"{number} {unit}"
    for name in _agencies(ground, text, held):
        yield "agency", name
    for other in contradictions(sentence, ground.claims):
        yield "contradiction", other.text
    if breaks(text, tuple(c.code for c in ground.draft.codes)):
        yield "forbidden", ""


def _is_supported(text: str, held: str) -> bool:
    said = claims.content_words(text)
    if not said or sum(w in held for w in said) / len(said) < SUPPORTED:
        return False
    pairs = claims.pairs(text)
    return not pairs or sum(p in held for p in pairs) / len(pairs) >= FOLLOWED


def _agencies(ground: Ground, text: str, held: str) -> Iterator[str]:
    """Agencies of the library that a sentence names and its grounds do not."""
    for role in ground.library.roles.values():
        if len(role.th) >= NAME_LENGTH and role.th in text and repaired(role.th) not in held:
            yield role.th
