"""What is only suspected: found out first, asked about, never acted on as if it were known."""

from __future__ import annotations

import pytest

from cases.decided_codes import with_decisions
from intake.schemas import CodedNarrative, FactValue, RaisedFlag, Role
from planner.brief import Brief
from planner.doubts import possible
from planner.graph import NothingToPlan
from planner.rendering import draft_text
from planner.schemas import Draft, Ink
from planner.steps import PREFIX, steps
from planner.wording import pattern, read_words
from tests import drafts
from tests.drafts import (
    DAY,
    LIBRARY,
    RECEIVED,
    STORY,
    coded,
    draft,
    narrative,
    planner,
    problem,
    violence,
)


def unsure(*codes: str, denied: tuple[str, ...] = ()) -> CodedNarrative:
    """A story in which nothing is sure."""
    doubts = tuple(problem(c, "", Role.SECONDARY) for c in codes)
    return coded(level="72h").model_copy(update={"unsure": doubts, "denied": denied})


def flag(flag_id: str) -> RaisedFlag:
    """A raised danger sign without words."""
    sign = LIBRARY.codebook.red_flags[flag_id]
    return RaisedFlag(
        id=flag_id,
        sign_th=sign.sign,
        action_th=sign.action,
        hotlines=tuple(sign.hotlines),
        spans=(),
    )


@pytest.fixture(scope="module")
def doubtful() -> Draft:
    """The draft of a story with two doubts and no sure problem."""
    return draft(STORY, unsure("VIO-04", "ECO-01"))


def test_a_story_with_doubts_only_still_gets_a_useful_draft(doubtful: Draft) -> None:
    assert [p.code for p in doubtful.plan.problems] == ["VIO-04", "ECO-01"]
    assert not doubtful.flagged()
    assert doubtful.codes == ()
    for part in doubtful.plan.problems:
        mark, *questions = part.find_out_first
        assert part.label_th in mark.text
        assert questions
        assert all(s.ink is Ink.FRAME for s in part.find_out_first)


def test_what_is_suspected_is_asked_about_and_nothing_weighty_is_done(doubtful: Draft) -> None:
    actions = [a for p in doubtful.plan.problems for g in p.goals for a in g.actions]
    own = [a for a in actions if not a.id.startswith(PREFIX)]
    assert own
    assert {a.state for a in own} <= {"ask", "scheduled"}
    assert all(a.question for a in own)
    assert not [a.id for a in own if pattern("pattern.weighty").search(a.sentence.text)]
    assert any(a.state == "open" for a in actions if a.id.startswith(PREFIX))


def test_the_paper_says_what_must_be_found_out(doubtful: Draft) -> None:
    told = draft_text(doubtful)
    assert doubtful.plan.problems[0].find_out_first[0].text in told
    assert doubtful.plan.problems[0].find_out_first[1].text in told
    assert not [s for p in draft().plan.problems[:1] for s in p.find_out_first]


def test_what_a_person_took_out_is_not_even_suspected() -> None:
    assert [c.code for c in possible(LIBRARY, unsure("VIO-04", denied=("VIO-04",)))] == []
    with pytest.raises(NothingToPlan):
        planner().draft(narrative(), unsure("VIO-04", denied=("VIO-04",)), as_of=DAY)


def test_a_danger_sign_points_at_a_problem_nobody_coded() -> None:
    raised = coded(level="immediate_1h").model_copy(update={"red_flags": (flag("RF05"),)})
    (found,) = possible(LIBRARY, raised)
    assert (found.code, found.role) == ("VIO-04", Role.SUSPECTED)
    answered = violence().model_copy(update={"red_flags": (flag("RF02"),), "unsure": ()})
    assert not [c for c in possible(LIBRARY, answered) if c.code == "VIO-01"]


def test_a_doubt_needs_words_that_tell_of_the_person() -> None:
    def suspected(story: str, code: str, age: int | None = None) -> bool:
        facts = [FactValue(field="age_years", value=age, spans=())] if age else []
        coding = unsure(code).model_copy(update={"facts": tuple(facts)})
        brief = Brief(LIBRARY, narrative(story), coding, DAY, RECEIVED)
        return code in {p.code for p in brief.suspected}

    assert suspected("หลานอายุ 3 ขวบยังไม่พูด", "DIS-03")
    assert not suspected("เพื่อนบ้านไม่มีลูก ดื่มสุราทุกวัน", "DIS-03")
    assert suspected("ยายอยู่คนเดียวในบ้าน", "AGE-02")
    assert not suspected("ผมถูกนายจ้างโกงค่าแรง", "AGE-02")
    assert suspected("หนูท้องแล้วไม่กล้าบอกใคร เด็กอายุเท่านี้", "REP-01")
    assert not suspected("คลอดลูกแล้วเลี้ยงไม่ไหว", "REP-01", age=26)


def test_a_step_is_filtered_by_age_domain_and_urgency() -> None:
    def ids(coding: CodedNarrative) -> set[str]:
        brief = Brief(LIBRARY, narrative(), coding, DAY, RECEIVED)
        return {s.action.id for s in steps(brief)}

    assert {"case.believe", "case.record", "case.trauma"} <= ids(violence())
    poor = ids(coded([problem("ECO-01", "", Role.PRIMARY)], level="routine"))
    assert "case.basics" in poor
    assert not {"case.tonight", "case.doctor", "case.team"} & poor
    hurt = coded([problem("ECO-01", "", Role.PRIMARY), problem("VIO-06", "", Role.SUSPECTED)])
    assert "case.suspected" in ids(hurt)
    assert "case.keeper" in ids(coded([problem("NEG-01", "", Role.PRIMARY)], level="24h"))
    fled = coded([problem("DST-01", "", Role.PRIMARY)])
    assert "case.bed" in ids(fled)
    unwashed = narrative("ยังไม่ได้อาบน้ำเลยค่ะ")
    for code, washed in (("HOU-01", True), ("VIO-08", False)):
        brief = Brief(LIBRARY, unwashed, coded([problem(code, "")]), DAY, RECEIVED)
        assert ("case.needs" in {s.action.id for s in steps(brief)}) is washed


def test_what_a_sign_points_at_agrees_with_the_code_book() -> None:
    """The first code is one the book sets beside the sign; the others are real codes, each once."""
    book = LIBRARY.codebook
    for flag, codes in read_words("doubts")["flags"].items():
        assert codes[0] in book.red_flags[flag].codes, flag
        assert set(codes) <= book.codes.keys(), flag
        assert len(set(codes)) == len(codes), flag
        assert codes[0] in LIBRARY.interventions, flag


def test_a_danger_sign_to_be_confirmed_is_asked_about_and_never_told_as_found() -> None:
    doubted = drafts.flag("RF02", "บีบคอ").model_copy(update={"to_confirm": True})
    flags = (doubted, drafts.flag("RF08", "ขออย่าบอกชื่อ"))
    made = draft(STORY, violence().model_copy(update={"red_flags": flags}))
    sure, risk = made.assessment.risks
    assert (sure.id, risk.id) == ("RF08", "RF02")
    assert "ต้องยืนยัน" not in sure.sentence.text
    assert "ต้องยืนยันก่อน" in risk.sentence.text
    assert "ถามให้แน่ใจก่อน" in risk.response.text
    assert LIBRARY.codebook.red_flags["RF02"].action in risk.response.text
    assert risk.within == "1h"
    assert any("ต้องยืนยันก่อน" in s.text for s in made.assessment.formulation)
    assert not made.flagged()


def test_a_code_that_is_likelier_wrong_is_asked_about_first() -> None:
    def states(score: float) -> set[str]:
        debt = problem("ECO-02", "บัตรเอทีเอ็มอยู่กับสามี").model_copy(update={"score": score})
        main = problem("HOU-03", "อยู่บ้านยาย", Role.PRIMARY).model_copy(update={"score": 0.3})
        made = draft(coding=coded([main, debt], level="routine"))
        actions = [a for p in made.plan.problems for g in p.goals for a in g.actions]
        assert {a.state for a in actions if a.codes == ("HOU-03",)} >= {"open"}
        own = [a for a in actions if a.codes == ("ECO-02",)]
        assert all(a.question for a in own if a.state == "ask")
        return {a.state for a in own}

    assert "open" in states(0.5)
    assert "open" not in states(0.49)
    assert "ask" in states(0.49)


def test_what_a_person_decided_is_certain() -> None:
    offered = problem("ECO-02", "").model_copy(update={"score": 0.2})
    found = problem("VIO-01", "").model_copy(update={"score": 0.4})
    coding = coded([found]).model_copy(update={"unsure": (offered,)})
    decided = with_decisions(coding, {"VIO-01": "accepted", "ECO-02": "accepted"}, LIBRARY)
    assert [c.score for c in decided.codes] == [1.0, 1.0]
    assert [c.score for c in with_decisions(coding, {}, LIBRARY).codes] == [0.4]
