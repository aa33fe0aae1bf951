"""Our own questions: every id resolves, every question has an answer, nothing stands twice."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import orjson
import pytest

from evals.beir import read_beir
from evals.questions import QUESTIONS, read_own, write_beir
from knowledge_base.chunking import item_of
from knowledge_base.library import load_library


@pytest.fixture(scope="module")
def asked() -> list[dict[str, str]]:
    lines = (QUESTIONS / "queries.jsonl").read_bytes().splitlines()
    return [orjson.loads(line) for line in lines]


@pytest.fixture(scope="module")
def grades() -> list[tuple[str, str, int]]:
    with (QUESTIONS / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    assert rows[0] == ["query-id", "corpus-id", "score"]
    return [(question, entry, int(grade)) for question, entry, grade in rows[1:]]


def test_at_least_150_questions_each_said_once(asked: list[dict[str, str]]) -> None:
    assert len(asked) >= 150
    assert len({row["_id"] for row in asked}) == len({row["text"] for row in asked}) == len(asked)


def test_every_judged_entry_stands_in_the_library(grades: list[tuple[str, str, int]]) -> None:
    known = load_library().entries

    assert {entry for _, entry, _ in grades if entry not in known} == set()


def test_every_question_has_an_entry_that_answers_it(
    asked: list[dict[str, str]], grades: list[tuple[str, str, int]]
) -> None:
    answered = {question for question, _, grade in grades if grade == 2}

    assert answered == {row["_id"] for row in asked}
    assert {grade for *_, grade in grades} == {1, 2}
    assert max(Counter((q, e) for q, e, _ in grades).values()) == 1


def test_no_question_repeats_an_entrys_own_title(asked: list[dict[str, str]]) -> None:
    titles = [entry.title_th for entry in load_library().entries.values()]

    copied = [row["_id"] for row in asked for title in titles if row["text"] == title]
    assert copied == []


def test_all_kinds_are_asked_for(grades: list[tuple[str, str, int]]) -> None:
    entries = load_library().entries
    by_kind: dict[str, set[str]] = defaultdict(set)
    for question, entry, _ in grades:
        by_kind[entries[entry].kind.value].add(question)

    assert {kind: len(by_kind[kind]) >= 5 for kind in by_kind} == dict.fromkeys(by_kind, True)
    assert set(by_kind) == {"law", "welfare", "practice", "principle", "document"}


def test_the_set_reads_as_one_and_as_a_beir_folder(tmp_path: Path) -> None:
    library = load_library()

    own = read_own(library)
    write_beir(library, tmp_path)
    again = read_beir(tmp_path)

    assert len(own.items) == len(library.entries)
    assert own.items[0] == item_of(next(iter(library.entries.values())))
    assert (again.questions, again.relevant) == (own.questions, own.relevant)
    assert [item.id for item in again.items] == [item.id for item in own.items]
