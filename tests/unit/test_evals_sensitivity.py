"""A broken part moves the right figure: legs, red flags, codes, citations, masking, facts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.experiments import Experiment, suite
from evals.family_retrieval import without
from evals.runs import run
from evals.sensitivity import BREAKS, Moved, moved, sensitivity_table
from knowledge_base.chunking import Item
from knowledge_base.ranking import Ranker
from tests.bench import Bench
from tests.drafts import STORY

SET = f"""
vignettes:
  - id: A
    narrative: "{STORY} นางมะลิวัลย์ ใจสมมุติ โทร 081-000-0001"
    key:
      problem_codes:
        - {{code: VIO-01, role: primary, evidence: บีบคอภรรยา}}
      urgency: immediate_1h
      urgency_acceptable: [immediate_1h]
      red_flags: [RF02]
      pii:
        - {{text: มะลิวัลย์ ใจสมมุติ, type: PERSON_NAME}}
        - {{text: 081-000-0001, type: PHONE}}
      plan_must: [ทำแผนความปลอดภัย]
"""


class Numbered(Bench):
    """Parts without a database; vectors say nothing but sameness."""

    def __init__(self, cache: Path) -> None:
        super().__init__(cache, self)
        self.name, self.dimension = "sameness", 16

    def passages(self, texts: Any) -> Any:
        rows = [np.random.default_rng(len(t)).normal(size=16) for t in texts]
        return np.stack([r / np.linalg.norm(r) for r in rows])


def measured(folder: Path, family: str, *engines: str, **more: Any) -> list[Moved]:
    """How figures moved when engines are broken."""
    (folder / "set.yaml").write_text(SET, encoding="utf-8")
    given = {"id": family, "title": family, "family": family, "engines": ("default", *engines)}
    asked = Experiment.model_validate({**given, "resamples": 100, "folder": folder, **more})
    bench = Numbered(folder)
    return moved([run(asked, lambda: bench, folder)])


def test_broken_coding_is_noticed(tmp_path: Path) -> None:
    rows = measured(
        tmp_path, "coding", "without-RF02", "without-flags", "without-codes", data=["set.yaml"]
    )
    assert [r.figure for r in rows] == ["red_flag_recall", "urgency_accuracy", "micro_f1"]
    assert rows[0].change == -1
    assert rows[0].visible
    assert rows[0].certain
    assert rows[2].visible


def test_masking_nothing_is_noticed(tmp_path: Path) -> None:
    (row,) = measured(tmp_path, "privacy", "mask-nothing", data=["set.yaml"])
    assert row.change == -row.whole < -0.5


def test_shuffled_citations_are_noticed(tmp_path: Path) -> None:
    (row,) = measured(tmp_path, "drafting", "dealt-citations", data=["set.yaml"])
    assert row.whole > 0.9
    assert row.change < -0.5


def test_screening_without_facts_is_noticed(tmp_path: Path) -> None:
    (row,) = measured(tmp_path, "eligibility", "without-facts", limit=20)
    assert row.visible


def test_a_leg_dropped_changes_the_ranking() -> None:
    ranker = Ranker([Item("a", "", "เบี้ยยังชีพ", ()), Item("b", "", "ข้าวสาร", ())])
    ranking = ranker.rank("เบี้ยยังชีพ", np.array([0.1, 0.9], np.float32))
    assert without(ranking, None) is ranking
    assert set(without(ranking, "dense").legs) == {"words", "trigrams"}
    assert without(ranking, "dense").best(1) == [0]


def test_the_table_and_what_does_not_move() -> None:
    still = Moved("coding", "x", "f1", 0.5, 0.0, -0.1, 0.1, 9)
    assert not still.visible
    assert not still.certain
    assert "| coding | x | 9 | `f1` | 0.500 | +0.000 [-0.100, +0.100] |" in sensitivity_table(
        [still]
    )
    assert moved([]) == []


def test_a_refused_story_is_an_empty_plan(tmp_path: Path) -> None:
    from evals.family_drafting import DRAFTING

    file = tmp_path / "set.yaml"
    file.write_text(SET.replace(STORY, "สวัสดี"), encoding="utf-8")
    bench = Numbered(tmp_path)
    (case,) = DRAFTING.read(bench, [file])
    row = DRAFTING.open(bench, "default")(case)
    found = DRAFTING.figures([row])
    assert (found["refused_share"], found["must_covered"], found["red_flags_answered"]) == (1, 0, 0)
    with pytest.raises(KeyError):
        DRAFTING.open(bench, "default")({"id": "A"})


def test_every_break_is_tried_by_the_suite() -> None:
    tried = {(e.family, engine) for e in suite("sensitivity") for engine in e.engines}
    assert {(family, broken) for family, broken, _ in BREAKS} <= tried
