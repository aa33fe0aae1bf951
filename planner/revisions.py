"""Two versions of a draft side by side, and what a person wrote carried over to the next.

Sentences are matched by where they come from (their origin and place), else by their words.
Pure functions: the record calls them with the decisions it keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from knowledge_base.library import Library
from planner.grounding import rewritten
from planner.likeness import bag, overlap
from planner.schemas import Draft, Ink, Sentence

ALIKE = 0.8
Change = Literal["same", "changed", "added", "removed"]


@dataclass(frozen=True)
class Difference:
    """One sentence in the old and the new version; None where it is not there."""

    change: Change
    old: Sentence | None
    new: Sentence | None


def differences(old: Draft, new: Draft) -> tuple[Difference, ...]:
    """Every sentence of both versions once, in the new version's order, removed ones last."""
    left = list(old.sentences())
    found: list[Difference] = []
    for sentence in new.sentences():
        twin = _twin(sentence, left)
        if twin is None:
            found.append(Difference("added", None, sentence))
            continue
        left.remove(twin)
        change: Change = "same" if twin.text == sentence.text else "changed"
        found.append(Difference(change, twin, sentence))
    return (*found, *(Difference("removed", s, None) for s in left))


def places(old: Draft, ids: Iterable[str], new: Draft) -> dict[str, str | None]:
    """For each sentence id of the old draft the id of the same item in the new one, or None."""
    told = {s.id: s for s in old.sentences()}
    candidates = list(new.sentences())
    found: dict[str, str | None] = {}
    for sentence_id in ids:
        twin = _twin(told[sentence_id], candidates) if sentence_id in told else None
        found[sentence_id] = twin.id if twin else None
        if twin:
            candidates.remove(twin)
    return found


def carried(old: Draft, edited: Mapping[str, str], new: Draft) -> tuple[Draft, tuple[str, ...]]:
    """The new draft with a person's words of the old one, and the edits that found no place.

    ``edited`` maps sentence ids of the old draft to the person's text. The words win over the
    machine's wherever the same item is proposed again; what is left is returned for a person.
    """
    found = places(old, edited, new)
    moved = {place: edited[i] for i, place in found.items() if place}
    lost = tuple(i for i, place in found.items() if not place)
    return rewritten(new, lambda s: _with_words(s, moved)), lost


def affected(draft: Draft, changed: Iterable[str]) -> tuple[str, ...]:
    """Ids of the sentences that rest, themselves or through parents, on changed entries."""
    touched = set(changed)
    known = {s.id: s for s in draft.sentences()}
    hit = {s.id for s in known.values() if touched & set(s.citations)}
    while True:
        more = {s.id for s in known.values() if s.id not in hit and hit & set(s.parents)}
        if not more:
            return tuple(i for i in known if i in hit)
        hit |= more


def changed_entries(draft: Draft, library: Library) -> tuple[str, ...]:
    """Ids of cited entries that are gone or read differently now than when they were cited."""
    found = []
    for citation in draft.citations:
        entry = library.resolve(citation.id)
        if entry is None or (citation.entry_hash and entry.content_hash != citation.entry_hash):
            found.append(citation.id)
    return tuple(found)


def replacements(old: Draft, new: Draft, changed: Iterable[str]) -> dict[str, Sentence | None]:
    """For each affected sentence of the old draft what a new draft proposes in its place."""
    hit = set(affected(old, changed))
    rows = [d for d in differences(old, new) if d.old is not None and d.old.id in hit]
    return {d.old.id: d.new for d in rows if d.old is not None}


def _twin(sentence: Sentence, others: list[Sentence]) -> Sentence | None:
    """The same item in another version: same origin and nearest words, else nearly same words."""
    words = bag(sentence.text)
    own = [o for o in others if o.ink == sentence.ink or Ink.RULE in (o.ink, sentence.ink)]
    kin = [o for o in own if o.origin == sentence.origin and sentence.origin]
    best = max(kin or own, key=lambda o: _near(words, o), default=None)
    if best is None:
        return None
    bar = ALIKE / 2 if kin else ALIKE
    return best if _near(words, best) >= bar else None


def _near(words: frozenset[str], other: Sentence) -> float:
    theirs = bag(other.text)
    return min(overlap(words, theirs), len(words & theirs) / max(1, len(words | theirs)) + 0.2)


def _with_words(sentence: Sentence, moved: Mapping[str, str]) -> Sentence:
    if sentence.id not in moved:
        return sentence
    return sentence.model_copy(update={"text": moved[sentence.id], "flags": ()})
