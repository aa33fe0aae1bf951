"""Stories that weights are fitted on and stories nobody read keep their form and stay apart."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

import evals
from evals.stories import Story, stories
from knowledge_base.library import load_library

DATA = Path(evals.__file__).parent / "data"
TAUGHT = [s for f in sorted((DATA / "taught").glob("S*.yaml")) for s in stories(f)]
UNREAD = [s for f in sorted((DATA / "unread").glob("S*.yaml")) for s in stories(f)]
GOLDEN = [s for f in sorted((DATA / "golden").glob("G*.yaml")) for s in stories(f)]
BOOK = load_library().codebook
BOTH = [*TAUGHT, *UNREAD]
each_story = pytest.mark.parametrize("case", BOTH, ids=[str(s["id"]) for s in BOTH])


def named(told: list[Story]) -> list[str]:
    """The names of people in some stories, each once a story."""
    kinds = ("PERSON_NAME", "NICKNAME")
    return [
        name
        for story in told
        for name in {p["text"] for p in story["key"]["pii"] if p["type"] in kinds}
    ]


@each_story
def test_a_key_speaks_of_its_story_in_the_code_books_terms(case: dict[str, Any]) -> None:
    key = case["key"]
    coded = [c["code"] for c in key["problem_codes"]]
    traps = [c["code"] for c in key["not_codes"]]
    assert max(Counter(coded + traps).values()) == 1
    assert set(coded + traps) <= set(BOOK.codes)
    assert set(key["red_flags"]) <= set(BOOK.red_flags)
    assert [c["role"] for c in key["problem_codes"]].count("primary") == 1
    passages = [c["evidence"] for c in key["problem_codes"]] + [p["text"] for p in key["pii"]]
    assert [p for p in passages if not p or p not in case["narrative"]] == []
    assert key["urgency"] in key["urgency_acceptable"]
    if key["red_flags"]:
        assert key["urgency_acceptable"] == ["immediate_1h"]


def test_no_story_is_both_taught_and_measured() -> None:
    ids = [s["id"] for s in [*BOTH, *GOLDEN]]
    assert max(Counter(ids).values()) == 1
    texts = [s["narrative"] for s in [*GOLDEN, *UNREAD]]
    for story in TAUGHT:
        told = story["narrative"]
        pieces = (told[at : at + 40] for at in range(0, len(told) - 40, 20))
        assert not [p for p in pieces if any(p in text for text in texts)]


def test_a_full_name_stands_in_one_story() -> None:
    full = [n for n in named([*BOTH, *GOLDEN]) if " " in n]
    assert [n for n, times in Counter(full).items() if times > 1] == []


def test_second_plans_speak_of_unread_stories_whose_keys_ask_for_something() -> None:
    plans = yaml.safe_load((DATA / "unread" / "second-plans.yaml").read_text(encoding="utf-8"))
    keys = {s["id"]: s["key"] for s in UNREAD}
    assert {p["id"] for p in plans} <= set(keys)
    assert all(keys[p["id"]]["plan_must"] and all(p["plan"]) for p in plans)
