"""The figures of drafting, against values worked out by hand and against broken input."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from evals.agencies import is_covered, roles_of
from evals.citations import Counts, Support, dealt_anew
from evals.drafting import compare, controls, directives, evaluate_drafting, figures
from evals.intervals import clustered
from evals.plan_matching import (
    PlanMatcher,
    affirmed,
    guarded,
    remembered,
    scale_actions,
    wanted,
)
from intake.narrative import Narrative
from intake.schemas import CodedNarrative
from planner.grounding import rewritten
from planner.schemas import Draft, Sentence
from tests.drafts import LIBRARY, STORY, draft, planner, violence, with_sentence

FROZEN = 1306  # actions of the library when the scale was frozen


def by_words(texts: Any) -> Any:
    """A vector per text from the hash of its letters: alike only when the same."""
    rows = [np.random.default_rng(crc32(t.encode())).normal(size=256) for t in texts]
    return np.stack([r / np.linalg.norm(r) for r in rows])


@pytest.fixture(scope="module")
def matcher() -> PlanMatcher:
    """A matcher whose vectors say nothing but sameness."""
    return PlanMatcher(LIBRARY, by_words)


@pytest.fixture(scope="module")
def made() -> Draft:
    """The composer's draft of the story."""
    return draft()


def case(**key: Any) -> dict[str, Any]:
    """A story with a key."""
    return {"id": "A", "narrative": STORY, "key": key}


def row(**fields: Any) -> dict[str, Any]:
    """A row of figures with nothing asked."""
    nothing = asdict(Counts(0, 0, 0, 0))
    return {
        "must": [],
        "must_not": [],
        "agencies": [],
        "red_flags": [],
        "counts": nothing,
        "dealt_anew": nothing,
        "uncited": [],
        "flagged": [],
        "forbidden": [],
        "open_at_once": 3,
        "ms": 10.0,
        **fields,
    }


def test_figures_by_hand() -> None:
    rows = [
        row(
            must=[{"covered": True}, {"covered": False}],
            must_not=[{"broken": True}, {"broken": False}],
            agencies=[{"covered": True}],
            red_flags=[{"answered": False}],
            counts=asdict(Counts(3, 4, 5, 10)),
            uncited=["s1"],
            flagged=["s1"],
            ms=20.0,
        ),
        row(must=[{"covered": True}], counts=asdict(Counts(4, 4, 5, 5)), forbidden=["VIO-01.a1"]),
    ]
    found = figures(rows)
    assert found["must_covered"] == pytest.approx(2 / 3)
    assert found["must_not_violations"] == 2
    assert found["agencies_covered"] == 1
    assert found["red_flags_answered"] == 0
    assert found["citation_recall"] == pytest.approx(7 / 8)
    assert found["citation_precision"] == pytest.approx(10 / 15)
    assert found["uncited_sentences"] == 1
    assert found["grounded_share"] == pytest.approx(7 / 8)
    assert found["p50_ms"] == 15


def test_figures_of_nothing_are_one_or_zero() -> None:
    found = figures([])
    assert found["must_covered"] == found["citation_recall"] == found["citation_precision"] == 1
    assert found["must_not_violations"] == found["uncited_sentences"] == found["p50_ms"] == 0


def test_intervals_hold_the_figure_and_need_rows() -> None:
    rows = [row(must=[{"covered": n % 2 == 0}]) for n in range(10)]
    low, high = clustered(rows, figures)["must_covered"]
    assert 0 < low < 0.5 < high < 1
    assert clustered([], figures) == {}


def test_a_draft_against_its_key(made: Draft, matcher: PlanMatcher) -> None:
    action = made.plan.problems[0].goals[0].actions[0].sentence.text
    key = case(
        plan_must=[action, "ซื้อดอกกุหลาบ"],
        plan_must_not=["จัดพิธีแต่งงานที่อำเภอ"],
        agencies=["ตำรวจ", "กรมเจ้าท่า"],
        red_flags=["RF02", "RF08"],
    )
    found = compare(key, made, LIBRARY, matcher, 12.0)
    assert [m["covered"] for m in found["must"]] == [True, False]
    assert [m["broken"] for m in found["must_not"]] == [False]
    assert [(a["covered"], a["known"]) for a in found["agencies"]] == [(True, True), (False, False)]
    assert [f["answered"] for f in found["red_flags"]] == [True, False]
    assert found["uncited"] == []
    assert found["open_at_once"] <= 12


def test_a_forbidden_act_is_found_and_its_safeguard_spares(
    made: Draft, matcher: PlanMatcher
) -> None:
    first = made.plan.problems[0].goals[0].actions[0].sentence.id

    def says(text: str) -> Draft:
        return rewritten(
            made, lambda s: s.model_copy(update={"text": text}) if s.id == first else s
        )

    ban = case(plan_must_not=["แจ้งพ่อโดยไม่ประเมินความเสี่ยง"])
    broken = compare(ban, says("แจ้งพ่อวันนี้"), LIBRARY, matcher, 1)["must_not"][0]
    spared = compare(ban, says("ประเมินความเสี่ยงก่อน แล้วแจ้งพ่อ"), LIBRARY, matcher, 1)
    denied = compare(ban, says("ไม่แจ้งพ่อ"), LIBRARY, matcher, 1)["must_not"][0]
    assert broken["broken"]
    assert not spared["must_not"][0]["broken"]
    assert not denied["broken"]
    mediated = compare(ban, says("นัดไกล่เกลี่ยให้คืนดีกัน"), LIBRARY, matcher, 1)
    assert mediated["forbidden"] == [made.plan.problems[0].goals[0].actions[0].id]


def test_an_empty_plan_scores_nothing(made: Draft, matcher: PlanMatcher) -> None:
    cases = [case(plan_must=[directives(made)[1]]), case()]
    found = controls(cases, [directives(made), ["ซื้อดอกกุหลาบ"]], matcher)
    assert found["must_covered_empty_plan"] == 0
    assert found["must_covered_other_story"] == 0
    assert matcher.score("", ["อะไรก็ได้"]) == 0
    assert matcher.score("พาไปโรงพยาบาล", []) == 0


def test_words_of_one_meaning_match(matcher: PlanMatcher) -> None:
    assert matcher.share("โทรหาตำรวจ", ["แจ้ง 191"]) > 0.3
    assert matcher.share("พาไปโรงพยาบาล", ["ซื้อดอกไม้"]) == 0
    assert not wanted("และ ของ")
    assert affirmed("ส่งโรงพยาบาล ไม่รอบัตร") == "ส่งโรงพยาบาล"
    assert guarded("แจ้งพ่อโดยไม่ประเมิน") == ("แจ้งพ่อ", "ประเมิน")
    assert guarded("แต่งงาน") == ("แต่งงาน", "")


def test_a_text_is_embedded_once() -> None:
    asked: list[str] = []

    def embed(texts: Any) -> Any:
        asked.extend(texts)
        return by_words(texts)

    ask = remembered(embed)
    assert ask(["ก", "ข", "ก"]).shape == (3, 256)
    ask(["ข"])
    assert asked == ["ก", "ข"]


def test_agencies_by_the_names_people_write() -> None:
    assert roles_of("บ้านพักเด็กและครอบครัว") == {"social_worker_shelter"}
    assert roles_of("ตำรวจและอัยการ") >= {"police", "prosecutor_youth_family"}
    assert is_covered("สายด่วน 1663", set(), "โทร 1663")
    assert is_covered("สายด่วน 1663", set(), "โทร 1300") is False
    assert is_covered("กรมเจ้าท่า", {"police"}, "") is None


def test_citations_hold_until_they_are_dealt_anew_or_broken(made: Draft) -> None:
    support = Support(LIBRARY, STORY, made)
    sound = support.counts(made.sentences())
    assert sound.supported == sound.claims > 50
    assert sound.sound == sound.citations
    dealt = support.counts(dealt_anew([*made.sentences()]))
    assert dealt.sound / dealt.citations < 0.3
    bad = with_sentence(made, "ต้องจ่าย 9,999 บาท", citations=("scheme:help-1300",), origin="chat:x")
    broken = Support(LIBRARY, STORY, bad).counts(bad.sentences())
    assert broken.unsupported == ("x1",)
    assert broken.unsound == ("x1 scheme:help-1300",)


def test_words_of_a_model_must_be_about_what_they_cite(made: Draft) -> None:
    support = Support(LIBRARY, STORY, made)
    said = LIBRARY.entries["practice:safety-plan"].text_th
    own = Sentence(id="y", text=said, ink="inferred", origin="chat:x")
    assert support.about(own, "practice:safety-plan")
    assert not support.about(own, "penal#96")
    assert support.likeness("อะไร", "ไม่มี#1") == 0


def test_the_whole_evaluation_runs(tmp_path: Path, matcher: PlanMatcher) -> None:
    file = tmp_path / "set.yaml"
    file.write_text(
        f"""
vignettes:
  - id: A
    narrative: "{STORY}"
    key:
      problem_codes:
        - {{code: VIO-01, role: primary, evidence: บีบคอภรรยา}}
        - {{code: VIO-02, role: secondary}}
      urgency: immediate_1h
      red_flags: [RF02, RF03]
      plan_must: [ทำแผนความปลอดภัยร่วมกับผู้เสียหาย]
      plan_must_not: [ไกล่เกลี่ยให้คืนดี]
      agencies: [ตำรวจ]
""",
        encoding="utf-8",
    )
    steps: list[str] = []

    class Fixed:
        def code(self, story: Narrative) -> CodedNarrative:
            return violence(story.text)

    report = evaluate_drafting(
        file, Fixed(), planner(), LIBRARY, matcher, lambda share, name: steps.append(name)
    )
    assert steps == ["A"]
    assert report["n"] == 1
    assert report["uncited_sentences"] == 0
    assert report["must_not_violations"] == 0
    assert report["by_key_codes"]["red_flags_answered"] == 1
    assert set(report["ci"]) == set(figures([]))


def test_broken_input_is_refused(tmp_path: Path, matcher: PlanMatcher) -> None:
    file = tmp_path / "set.yaml"
    file.write_text("vignettes: [{id: A}]", encoding="utf-8")
    with pytest.raises(KeyError):
        evaluate_drafting(file, planner(), planner(), LIBRARY, matcher)  # type: ignore[arg-type]


def test_actions_added_later_do_not_move_the_scale() -> None:
    first = LIBRARY.interventions["VIO-01"]
    later = first.actions[0].model_copy(update={"id": "VIO-01.a999", "text_th": "อย่างอื่นทั้งหมด"})
    grown = first.model_copy(update={"actions": (*first.actions, later)})
    more = replace(LIBRARY, interventions=LIBRARY.interventions | {"VIO-01": grown})
    assert [a.id for a in scale_actions(more)] == [a.id for a in scale_actions(LIBRARY)]
    assert len(scale_actions(LIBRARY)) == FROZEN
