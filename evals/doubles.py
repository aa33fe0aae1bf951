"""How well the same person is found again under another spelling, on generated persons.

Synthetic: names from public lists, spelled again by ``data/synthetic/spellings.yaml``; some others
share a family name or a first name and are different people. A pair is looked at only where the
record would look, that is where both share a word of the index.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pythainlp.corpus import thai_family_names, thai_female_names, thai_male_names
from pythainlp.transliterate import romanize

from evals.intervals import clustered
from evals.synthetic import DATA
from intake.name_matching import Described, compare, index_words, load_matching

SEED, COUNT, PRECISE = 20260101, 400, 0.95
KINSHIP, NAMESAKES = 0.25, 0.15
WITH_ID, WITH_YEAR, WITH_PHONE, WITH_NICKNAME = 0.3, 0.7, 0.4, 0.4
Row = dict[str, Any]


def evaluate_doubles(count: int = COUNT, seed: int = SEED) -> dict[str, Any]:
    """Recall and precision at each band, and recall where precision is .95, with ``ci``."""
    dice = random.Random(seed)  # noqa: S311 - a seed, no secret
    pool = _pool(dice, count)
    rows = [_row(n, again(dice, person), pool) for n, person in enumerate(pool)]
    return {**figures(rows), "persons": count, "ci": clustered(rows, figures, 200)}


def figures(rows: Sequence[Row]) -> dict[str, float]:
    """Of summed pairs: recall and precision at each band, recall at precision .95."""
    found: dict[str, float] = {}
    for band, least in load_matching().bands.items():
        recall, precision = _at(rows, least)
        found |= {f"{band}.recall": recall, f"{band}.precision": precision}
    steps = [_at(rows, step / 100) for step in range(20, 100, 2)]
    found["recall_at_precision_95"] = max((r for r, p in steps if p >= PRECISE), default=0.0)
    return found


def again(dice: random.Random, person: Described) -> Described:
    """The same person as somebody else would write them down."""
    given, family = person.given_name, person.family_name
    for _ in range(dice.randint(1, 2)):
        given = _spelled(dice, given)
    family = _spelled(dice, family) if dice.random() < 0.5 else family
    if dice.random() < 0.1:
        given = romanize(person.given_name, engine="royin").title() or given
    if dice.random() < 0.3:
        given = dice.choice(_rules()["titles"]) + given
    return Described(
        given_name=given,
        family_name="" if dice.random() < 0.15 else family,
        nicknames=person.nicknames if dice.random() < 0.6 else (),
        citizen_id=person.citizen_id if dice.random() < 0.5 else "",
        phones=person.phones if dice.random() < 0.5 else (),
        birth=person.birth if dice.random() < 0.7 else "",
        sex=person.sex,
    )


def _row(number: int, written: Described, pool: Sequence[Described]) -> Row:
    """Scores of the pairs of one person: with themself, and with others."""
    words = set(index_words(written))
    near = {n for word in words for n in _index(tuple(pool)).get(word, ())}
    scores = {n: compare(written, pool[n]).score for n in near}
    return {
        "id": number,
        "same": scores.pop(number, 0.0),
        "others": sorted(scores.values(), reverse=True)[:50],
    }


def _at(rows: Sequence[Row], least: float) -> tuple[float, float]:
    right = sum(r["same"] >= least for r in rows)
    wrong = sum(s >= least for r in rows for s in r["others"])
    return right / len(rows), right / (right + wrong) if right + wrong else 1.0


def _pool(dice: random.Random, count: int) -> list[Described]:
    men, women = sorted(thai_male_names()), sorted(thai_female_names())
    families = sorted(thai_family_names())
    made: list[Described] = []
    for n in range(count):
        sex = dice.choice("MF")
        before = made[-1] if made else None
        kin = before and dice.random() < KINSHIP
        namesake = before and before.sex == sex and dice.random() < NAMESAKES
        given = (
            before.given_name if namesake and before else dice.choice(men if sex == "M" else women)
        )
        made.append(
            Described(
                given_name=given,
                family_name=before.family_name if kin and before else dice.choice(families),
                nicknames=_some(dice, WITH_NICKNAME, dice.choice(_rules()["nicknames"])),
                citizen_id=f"{n:013d}" if dice.random() < WITH_ID else "",
                phones=_some(dice, WITH_PHONE, f"08{n:08d}"),
                birth=str(dice.randint(1940, 2018)) if dice.random() < WITH_YEAR else "",
                sex=sex,
            )
        )
    return made


def _some(dice: random.Random, share: float, words: str) -> tuple[str, ...]:
    return (words,) if dice.random() < share else ()


@cache
def _index(pool: tuple[Described, ...]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, person in enumerate(pool):
        for word in index_words(person):
            found[word].append(n)
    return found


def _spelled(dice: random.Random, name: str) -> str:
    """A name written another way, in one place; itself where no way fits."""
    rules = _rules()
    ways = [name.replace(a, b, 1) for pair in rules["swaps"] for a, b in (pair, pair[::-1])]
    ways += [re.sub(rules["silent"], "", name), re.sub(rules["tones"], "", name)]
    ways += [re.sub(rules["doubled"], r"\1\1", name, count=1), _slip(dice, name)]
    fitting = [w for w in ways if w != name and len(w) > 1]
    return dice.choice(fitting) if fitting else name


def _slip(dice: random.Random, name: str) -> str:
    """A letter left out, as typing goes."""
    at = dice.randrange(1, len(name)) if len(name) > 4 else 0
    return name[:at] + name[at + 1 :] if at else name


@cache
def _rules() -> dict[str, Any]:
    file: Path = DATA / "spellings.yaml"
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found
