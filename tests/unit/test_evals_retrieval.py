"""Figures of rankings against values worked out by hand, and reading of judged sets."""

from __future__ import annotations

import json
from math import log2
from pathlib import Path

import numpy as np
import pytest

from evals.beir import BeirFolderBroken, read_beir
from evals.ranking_metrics import difference, figures, interval, means, of_ranking
from evals.retrieval import measure, pooled
from knowledge_base.ranking import Ranker

ROWS = [
    {
        "_id": "cpa#41",
        "title": "พ.ร.บ. คุ้มครองเด็ก",
        "text": "มาตรา ๔๑ เจ้าหน้าที่มีอำนาจเข้าไปในเคหสถาน",
        "metadata": {"law": "พระราชบัญญัติคุ้มครองเด็ก", "chapter": "หมวด ๓", "section": "41"},
    },
    {"_id": "old#11", "title": "ผู้สูงอายุ", "text": "มีสิทธิได้รับเบี้ยยังชีพ"},
    {"_id": "bare", "title": "", "text": "ข้อความ"},
]
QUESTIONS = [
    {"_id": "q1", "text": "เข้าไปในเคหสถาน"},
    {"_id": "q2", "text": "เบี้ยยังชีพ"},
    {"_id": "q3", "text": "ไม่มีคำตอบ"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\tcpa#41\t2\nq1\told#11\t1\nq2\told#11\t1\nq3\tbare\t0\n"


class Fixed:
    """Stands where the embedding model would, for the figures do not depend on it."""

    name, dimension = "fixed", 2

    def query(self, text: str) -> np.ndarray:
        return np.array([1, 0], np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, rows in (("corpus", ROWS), ("queries", QUESTIONS)):
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text(QRELS, encoding="utf-8")
    return tmp_path


def test_figures_of_one_question_by_hand() -> None:
    found = of_ranking(["x", "a", "y", "z", "u", "b"], {"a", "b", "c"})

    assert found["hit@1"] == 0
    assert found["hit@5"] == found["hit@10"] == 1
    assert found["recall@10"] == pytest.approx(2 / 3)
    assert found["multi_hit@5"] == 0
    assert found["mrr@10"] == 0.5
    best = 1 + 1 / log2(3) + 1 / log2(4)
    assert found["ndcg@10"] == pytest.approx((1 / log2(3) + 1 / log2(7)) / best)


def test_the_whole_set_within_five() -> None:
    assert of_ranking(["b", "x", "y", "z", "a"], {"a", "b"})["multi_hit@5"] == 1
    assert of_ranking(["b", "x", "y", "z", "u", "a"], {"a", "b"})["multi_hit@5"] == 0


def test_nothing_found_and_only_ten_count() -> None:
    far = [str(n) for n in range(10)] + ["a"]

    assert set(of_ranking(far, {"a"}).values()) == {0}


def test_more_relevant_rows_than_places_can_still_be_perfect() -> None:
    rows = [str(n) for n in range(12)]

    assert of_ranking(rows, set(rows))["ndcg@10"] == pytest.approx(1)


def test_means_intervals_and_paired_differences() -> None:
    relevant = {"q1": {"a"}, "q2": {"a"}}
    ours = figures({"q1": ["a"], "q2": ["x", "a"]}, relevant)
    theirs = figures({"q1": ["x"], "q2": ["x", "a"]}, relevant)

    assert means(ours)["hit@1"] == 0.5
    assert means(ours)["mrr@10"] == 0.75
    mean, low, high = difference(ours, theirs)["hit@1"]
    assert (mean, low, high) == (0.5, 0, 1)
    assert difference(ours, ours)["mrr@10"] == [0, 0, 0]


def test_an_interval_narrows_with_more_questions_and_repeats_exactly() -> None:
    few, many = np.array([0.0, 1.0] * 10), np.array([0.0, 1.0] * 500)

    assert interval(few) == interval(few)
    assert interval(many)[1] - interval(many)[0] < (interval(few)[1] - interval(few)[0]) / 3


def test_reads_context_sections_and_grades(folder: Path) -> None:
    judged = read_beir(folder)

    assert judged.items[0].context == "พระราชบัญญัติคุ้มครองเด็ก › หมวด ๓ › มาตรา ๔๑"
    assert judged.items[0].sections == ("41",)
    assert [i.context for i in judged.items[1:]] == ["ผู้สูงอายุ", ""]
    assert judged.relevant == {"q1": {"cpa#41", "old#11"}, "q2": {"old#11"}}
    assert list(judged.questions) == ["q1", "q2"]


def test_measures_every_way_in_one_run(folder: Path) -> None:
    judged = read_beir(folder)
    ranker = Ranker(judged.items)
    vectors = np.array([[0.9, 0], [0.8, 0], [0.7, 0]], np.float32)

    report, found = measure(judged, ranker, vectors, Fixed())

    assert report["hit@1"] == 1
    assert report["recall@10"] == 1
    assert report["ablation"]["dense"]["hit@1"] == 0.5
    assert set(report["ablation"]) == {"dense", "words", "trigrams", "rrf", "fixed weights"}
    assert report["p95_ms"] >= report["p50_ms"] > 0
    assert report["questions"] == 2
    assert json.dumps(report)
    assert pooled([found, found])["dense"]["hit@1"][0] == 0.5


@pytest.mark.parametrize(
    ("file", "content", "line"),
    [
        ("corpus.jsonl", '{"_id": "a", "text": "b"}\n{broken\n', 2),
        ("corpus.jsonl", '{"_id": "a"}\n', 1),
        ("corpus.jsonl", '{"_id": "a", "text": 7}\n', 1),
        ("queries.jsonl", "[]\n", 1),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\tcpa#41\thigh\n", 2),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\tcpa#41\n", 2),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n", 0),
    ],
)
def test_a_broken_folder_is_refused_by_file_and_line(
    folder: Path, file: str, content: str, line: int
) -> None:
    (folder / file).write_text(content, encoding="utf-8")

    with pytest.raises(BeirFolderBroken) as refused:
        read_beir(folder)

    assert refused.value.details == {
        "file": file.rsplit("/", maxsplit=1)[-1] if line else file,
        "line": line,
    }
    assert file.rsplit("/", maxsplit=1)[-1] in refused.value.say("en")


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_an_absent_file_is_refused(folder: Path, file: str) -> None:
    (folder / file).unlink()

    with pytest.raises(BeirFolderBroken):
        read_beir(folder)
