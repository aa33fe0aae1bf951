"""The golden stories keep their form: exact words, known codes, whole coverage, invented people."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import evals
from evals.coding import compare
from intake.schemas import CodedNarrative, Urgency
from knowledge_base.library import load_library
from knowledge_base.marked_yaml import read_marked, unmarked

FOLDER = Path(evals.__file__).parent / "data" / "golden"
FILES = sorted(FOLDER.glob("G*.yaml"))
ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
CASE_KEYS = {"id", "title", "writer", "channel", "region", "narrative", "key"}
KEY_KEYS = {
    "problem_codes", "not_codes", "urgency", "red_flags", "pii", "schemes", "laws", "agencies",
    "plan_must", "plan_must_not", "missing_info",
}  # fmt: skip


def stories(file: Path) -> list[dict[str, Any]]:
    """The stories of one file."""
    found: list[dict[str, Any]] = unmarked(read_marked(file))["vignettes"]
    return found


CASES = [case for file in FILES for case in stories(file)]
BOOK = load_library().codebook
CODES, FLAGS = set(BOOK.codes), set(BOOK.red_flags)
each_story = pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])


def digits(text: str) -> str:
    """Its digits, Thai ones as Arabic."""
    return re.sub(r"\D", "", text.translate(ARABIC))


def check_digit_fits(number: str) -> bool:
    """Whether the thirteenth digit is the one that the first twelve ask for."""
    total = sum(int(d) * (13 - place) for place, d in enumerate(number[:12]))
    return (11 - total % 11) % 10 == int(number[12])


@pytest.mark.parametrize("file", FILES, ids=[f.stem for f in FILES])
def test_a_file_has_meta_and_stories(file: Path) -> None:
    """What ``cmis eval coding --vignettes`` reads."""
    loaded = unmarked(read_marked(file))
    assert set(loaded) == {"meta", "vignettes"}
    assert loaded["meta"]["set"] == "golden"


@each_story
def test_a_story_has_the_form_of_the_set(case: dict[str, Any]) -> None:
    """Fields, length, channel, counts of plan lines."""
    key = case["key"]
    assert set(case) == CASE_KEYS
    assert set(key) - {"urgency_acceptable"} == KEY_KEYS
    assert 350 <= len(case["narrative"]) <= 1800
    assert case["channel"] in {"text", "voice_transcript"}
    assert 6 <= len(key["plan_must"]) <= 9
    assert 2 <= len(key["plan_must_not"]) <= 4
    assert key["agencies"]
    assert key["missing_info"]


@each_story
def test_codes_and_flags_are_the_code_books(case: dict[str, Any]) -> None:
    """Known, once each, traps apart from codes, one primary."""
    key = case["key"]
    coded = [c["code"] for c in key["problem_codes"]]
    traps = [c["code"] for c in key["not_codes"]]
    assert set(coded + traps) <= CODES
    assert len(set(coded + traps)) == len(coded + traps)
    assert set(key["red_flags"]) <= FLAGS
    roles = Counter(c["role"] for c in key["problem_codes"])
    assert set(roles) <= {"primary", "secondary", "suspected"}
    assert roles["primary"] == bool(coded)
    assert all(c["reason"] for c in key["not_codes"])


@each_story
def test_evidence_and_personal_data_are_words_of_the_story(case: dict[str, Any]) -> None:
    """Exact substrings, personal data of a listed type."""
    types = set(unmarked(read_marked(FILES[0]))["meta"]["pii_types"])
    key = case["key"]
    passages = [c["evidence"] for c in key["problem_codes"]] + [p["text"] for p in key["pii"]]
    assert [p for p in passages if not p or p not in case["narrative"]] == []
    assert {p["type"] for p in key["pii"]} <= types


@each_story
def test_a_flag_makes_it_immediate(case: dict[str, Any]) -> None:
    """The urgency is one of the acceptable ones, and a flag leaves no choice."""
    key = case["key"]
    acceptable = key.get("urgency_acceptable", [key["urgency"]])
    assert set(acceptable) <= {"immediate_1h", "24h", "72h", "routine"}
    assert key["urgency"] in acceptable
    if key["red_flags"]:
        assert acceptable == ["immediate_1h"]


@each_story
def test_numbers_are_invented(case: dict[str, Any]) -> None:
    """Registration code 0000, telephone block 000, check digits as marked."""
    for item in case["key"]["pii"]:
        number = digits(item["text"])
        if "checksum_valid" in item:
            assert len(number) == 13
            assert number[1:5] == "0000"
            assert check_digit_fits(number) == item["checksum_valid"]
        if item["type"] == "PHONE":
            assert number[-7:-4] == "000"


@each_story
def test_the_comparison_takes_the_form(case: dict[str, Any]) -> None:
    """A coder that finds nothing misses just what the key holds."""
    nothing = CodedNarrative(
        narrative_sha256="0" * 64,
        codes=(),
        red_flags=(),
        urgency=Urgency(level="routine", reason_th=""),
    )
    row = compare(case, nothing)
    assert row["missed"] == sorted(c["code"] for c in case["key"]["problem_codes"])
    assert row["flags_missed"] == sorted(case["key"]["red_flags"])
    assert row["trapped"] == []


def test_ids_and_names_are_used_once() -> None:
    """No person stands in two stories."""
    ids = [c["id"] for c in CASES]
    names = [
        text
        for case in CASES
        for text in {
            p["text"] for p in case["key"]["pii"] if p["type"] in ("PERSON_NAME", "NICKNAME")
        }
    ]
    assert len(ids) == len(set(ids))
    assert [n for n, times in Counter(names).items() if times > 1] == []


def test_every_code_and_every_flag_appears() -> None:
    """Sixty stories or more, in which nothing of the code book is missing."""
    coded = {c["code"] for case in CASES for c in case["key"]["problem_codes"]}
    flagged = {f for case in CASES for f in case["key"]["red_flags"]}
    assert len(CASES) >= 60
    assert set(BOOK.codes) - coded == set()
    assert set(BOOK.red_flags) - flagged == set()
