"""Synthetic stories with known keys, for load and property tests; never evidence of quality.

A grammar of words (``data/synthetic``) is spun by a seed: who, what happened (codes), what only
seems so (traps), dialect, spelling noise, and identifying words whose places are exact. The keys
say what went in, not what a social worker would code: figures on these stories mean nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from evals.statistics import NotMeasurable

DATA = Path(__file__).parent / "data" / "synthetic"
KIND = "synthetic"
NOISE = 0.02  # share of letters outside identifying words that are doubled or dropped
_SLOT = re.compile(r"\{(\w+)\}")
_MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")


@dataclass
class Draft:
    """A text in the making, and where its identifying words stand."""

    text: str = ""
    pii: list[dict[str, Any]] = field(default_factory=list)

    def add(self, words: str) -> None:
        """Append words that identify nobody."""
        self.text += words

    def identify(self, words: str, kind: str) -> None:
        """Append identifying words and note their place."""
        start = len(self.text)
        self.text += words
        self.pii.append({"start": start, "end": len(self.text), "type": kind, "text": words})


def stories(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """``count`` stories in the vignette form, plus exact ``spans``; the same for the same seed.

    Raises `NotMeasurable` for a negative count.
    """
    if count < 0:
        raise NotMeasurable(metric=KIND, reason="negative count")
    for number in range(count):
        yield story(number, seed)


def story(number: int, seed: int) -> dict[str, Any]:
    """One story, by its number: any story of a set can be made alone."""
    dice = random.Random(f"{seed}/{number}")  # noqa: S311 - a seed, no secret
    dialect = dice.choice(["", *_grammar()["dialects"]])
    events = dice.sample(_events()["events"], dice.randint(1, 4))
    traps = dice.sample(_free_traps(events), dice.randint(0, 2))
    noisy = dice.random() < 0.5
    made = Draft()
    for place, sentence in enumerate(_sentences(dice, [*events, *traps])):
        if place:
            made.add(dice.choice(_grammar()["links"]))
        _say(made, sentence, dice, dialect, noisy=noisy)
    return {
        "id": f"S{seed}-{number:05d}",
        "kind": KIND,
        "channel": "text",
        "region": dialect or "central",
        "narrative": made.text,
        "spans": made.pii,
        "key": _key(events, traps, made.pii),
    }


def vignettes(count: int, seed: int) -> str:
    """A vignette file of synthetic stories, as YAML."""
    written = {"meta": {"set": KIND, "seed": seed}, "vignettes": list(stories(count, seed))}
    return str(yaml.safe_dump(written, allow_unicode=True, sort_keys=False))


def _sentences(dice: random.Random, told: list[Mapping[str, str]]) -> list[str]:
    grammar = _grammar()
    middle = [t["text"] for t in told]
    dice.shuffle(middle)
    ends = [dice.choice(grammar[part]) for part in ("openings", "contacts", "closings")]
    return [ends[0], *middle, *ends[1:]]


def _say(made: Draft, sentence: str, dice: random.Random, dialect: str, *, noisy: bool) -> None:
    """Append a sentence; slots of people keep their letters, the rest is spoken and typed."""
    for place, part in enumerate(_SLOT.split(sentence)):
        if place % 2 == 0:
            made.add(_typed(_spoken(part, dialect), dice) if noisy else _spoken(part, dialect))
        elif part.startswith("p_"):
            _identify(made, part, dice)
        else:
            made.add(dice.choice(_grammar()["words"][part]))


def _identify(made: Draft, slot: str, dice: random.Random) -> None:
    grammar = _grammar()
    if slot == "p_person":
        people = grammar["people"]
        made.add(dice.choice(people["titles"]))
        made.identify(
            f"{dice.choice(people['given'])} {dice.choice(people['family'])}", "PERSON_NAME"
        )
        made.add(" ")
    elif slot == "p_phone":
        made.identify(
            f"0{dice.choice('689')}{dice.randint(0, 9)}-000-{dice.randint(0, 9999):04d}", "PHONE"
        )
    elif slot == "p_id":
        made.identify(_citizen_number(dice), "THAI_ID")
    else:
        made.identify(_address(dice), "ADDRESS")


def _address(dice: random.Random) -> str:
    named = {name: dice.choice(choices) for name, choices in _grammar()["addresses"].items()}
    numbers = {name: dice.randint(1, 99) for name in ("number", "half", "moo")}
    return str(_grammar()["address"].format(**named, **numbers))


def _citizen_number(dice: random.Random) -> str:
    """Thirteen digits of an office that does not exist (0000), with a right check digit."""
    body = [dice.randint(1, 8), 0, 0, 0, 0, *(dice.randint(0, 9) for _ in range(7))]
    check = (11 - sum(d * (13 - n) for n, d in enumerate(body)) % 11) % 10
    return "".join(map(str, [*body, check]))


def _spoken(text: str, dialect: str) -> str:
    for word, said in _grammar()["dialects"].get(dialect, {}).items():
        text = text.replace(word, said)
    return text


def _typed(text: str, dice: random.Random) -> str:
    """Letters doubled, marks dropped, a filler now and then, as hurried people type."""
    letters = []
    for letter in text:
        if dice.random() >= NOISE:
            letters.append(letter)
        elif not _MARKS.match(letter):
            letters.append(letter * 2)
    filler = dice.choice(_grammar()["fillers"]) if text and dice.random() < 0.1 else ""
    return "".join(letters) + filler


def _free_traps(events: list[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Traps that no event of the story makes true."""
    codes = {e["code"] for e in events}
    return [t for t in _events()["traps"] if t["not_code"] not in codes]


def _key(
    events: list[Mapping[str, str]], traps: list[Mapping[str, str]], pii: list[dict[str, Any]]
) -> dict[str, Any]:
    codes = list(dict.fromkeys(e["code"] for e in events))
    roles = ["primary", *["secondary"] * len(codes)]
    return {
        "problem_codes": [{"code": c, "role": r} for c, r in zip(codes, roles, strict=False)],
        "not_codes": [{"code": t["not_code"]} for t in traps],
        "urgency": "72h",
        "urgency_acceptable": ["immediate_1h", "24h", "72h", "routine"],
        "red_flags": [],
        "pii": [{"text": p["text"], "type": p["type"]} for p in pii],
    }


@cache
def _grammar() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DATA / "grammar.yaml").read_text(encoding="utf-8"))
    return found


@cache
def _events() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DATA / "events.yaml").read_text(encoding="utf-8"))
    return found
