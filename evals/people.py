"""How well the people of a story are found: who it is about, who is blamed, who tells it.

A proposed person is right when one of their spans touches a place where the keyed person is called
by one of the keyed words. Persons the key only allows (``also``) count neither way. Intervals
resample whole stories.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from evals.intervals import clustered
from evals.stories import stories
from intake.people import People, PersonRole, ProposedPerson

KEYS = Path(__file__).parent / "data" / "people"
SPEAKER = "SPEAKER"
ROLES = (PersonRole.CLIENT, PersonRole.ALLEGED_PERPETRATOR, PersonRole.REPORTER)
Reader = Callable[[str], People]
Row = dict[str, Any]


def keys(folder: Path = KEYS) -> dict[str, Any]:
    """All keyed stories by id."""
    found: dict[str, Any] = {}
    for file in sorted(folder.glob("*.yaml")):
        found |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def evaluate_people(files: Sequence[Path], reader: Reader) -> dict[str, Any]:
    """Recall and precision by role over the keyed stories of files, with intervals (``ci``)."""
    keyed = keys()
    rows = [
        compare(story, keyed[story["id"]], reader(story["narrative"]))
        for file in files
        for story in stories(file)
        if story["id"] in keyed
    ]
    wrong = [{k: row[k] for k in ("id", "missed", "extra")} for row in rows]
    return {
        **figures(rows),
        "stories": len(rows),
        "ci": clustered(rows, figures),
        "wrong": [w for w in wrong if w["missed"] or w["extra"]],
    }


def compare(story: Mapping[str, Any], key: Mapping[str, Any], people: People) -> Row:
    """Of one story, by role: persons found, missed and wrongly proposed."""
    row: Row = {"id": story["id"], "found": {}, "missed": {}, "extra": {}}
    for role in ROLES:
        proposed = people.playing(role)
        wanted = key.get(role.value, [])
        allowed = [*wanted, *key.get(f"also_{role.value}", [])]
        text = story["narrative"]
        missed = [w for w in wanted if not any(_is(p, w, text) for p in proposed)]
        extra = [p for p in proposed if not any(_is(p, w, text) for w in allowed)]
        row["found"][role.value] = len(wanted) - len(missed)
        row["right"] = row.get("right", {}) | {
            role.value: sum(any(_is(p, w, text) for w in wanted) for p in proposed)
        }
        if missed:
            row["missed"][role.value] = missed
        if extra:
            row["extra"][role.value] = [p.spans[0].text if p.spans else p.id for p in extra]
    return row


def figures(rows: Sequence[Row]) -> dict[str, float]:
    """Recall and precision of each role; 1.0 where nothing was due or proposed."""
    found: dict[str, float] = {}
    for role in (r.value for r in ROLES):
        hits = sum(r["found"][role] for r in rows)
        missed = sum(len(r["missed"].get(role, ())) for r in rows)
        right = sum(r["right"][role] for r in rows)
        extra = sum(len(r["extra"].get(role, ())) for r in rows)
        found[f"{role}.recall"] = hits / (hits + missed) if hits + missed else 1.0
        found[f"{role}.precision"] = right / (right + extra) if right + extra else 1.0
    return found


def _is(person: ProposedPerson, words: Sequence[Any], text: str) -> bool:
    return any(_called(person, word, text) for word in words)


def _called(person: ProposedPerson, word: Any, text: str) -> bool:
    """Whether a person is called so: SPEAKER, a word, or a place ``[start, end]`` of the story."""
    if word == SPEAKER:
        return person.speaker
    places = [tuple(word)] if isinstance(word, list) else _places(word, text)
    return any(a < s.end and s.start < b for a, b in places for s in person.spans)


def _places(word: str, text: str) -> list[tuple[int, int]]:
    found, at = [], text.find(word)
    while at >= 0:
        found.append((at, at + len(word)))
        at = text.find(word, at + 1)
    return found
