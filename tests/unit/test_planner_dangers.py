"""Every danger sign that was raised is answered: what to do, who does it, and by when."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.schemas import CodedNarrative, CodedProblem, RaisedFlag, Role
from planner.grounding import uncited
from planner.rendering import draft_text
from planner.schemas import Draft, Ink
from tests.drafts import LIBRARY, RECEIVED, coded, draft, flag, problem

WORDS = ("บีบคอภรรยา", "เมา", "บัตรเอทีเอ็มอยู่กับสามี", "")
FLAGS = sorted(LIBRARY.codebook.red_flags)
CODES = sorted(LIBRARY.interventions)
ROLES = (Role.PRIMARY, Role.SECONDARY, Role.SUSPECTED, Role.PAST)
problems = st.builds(
    problem, st.sampled_from(CODES), st.sampled_from(WORDS), st.sampled_from(ROLES)
)


@st.composite
def raised(draw: st.DrawFn) -> RaisedFlag:
    """A danger sign with or without words."""
    found = flag(draw(st.sampled_from(FLAGS)), draw(st.sampled_from(WORDS)))
    spans = found.spans if found.spans[0].text else ()
    return found.model_copy(update={"spans": spans, "to_confirm": draw(st.booleans())})


@st.composite
def codings(draw: st.DrawFn) -> CodedNarrative:
    """A coding with at least one danger sign, and whatever codes, doubts and denials."""
    flags = draw(st.lists(raised(), min_size=1, max_size=4, unique_by=lambda f: f.id))
    found = draw(st.lists(problems, max_size=4, unique_by=lambda p: p.code))
    unsure = draw(st.lists(problems, max_size=2, unique_by=lambda p: p.code))
    denied = draw(st.lists(st.sampled_from(CODES), max_size=len(CODES), unique=True))
    held = {p.code for p in found}
    return coded(found, flags).model_copy(
        update={"unsure": tuple(unsure), "denied": tuple(c for c in denied if c not in held)}
    )


def answered(made: Draft, flags: tuple[RaisedFlag, ...]) -> None:
    """Each sign has its answer within the hour; nothing of it may be unfounded."""
    risks = {r.id: r for r in made.assessment.risks}
    assert set(risks) >= {f.id for f in flags}
    for sign in flags:
        risk = risks[sign.id]
        assert sign.action_th in risk.response.text
        assert risk.response.ink is not Ink.FRAME
        assert risk.responsible
        assert risk.hotlines == sign.hotlines
        assert risk.due is not None
        assert risk.due - RECEIVED <= timedelta(hours=1)
        assert not risk.sentence.flags
        assert not risk.response.flags
        assert risk.response.text in draft_text(made)


@settings(max_examples=40, deadline=None)
@given(codings())
def test_every_raised_sign_is_answered_with_a_time(coding: CodedNarrative) -> None:
    made = draft(coding=coding)
    answered(made, coding.red_flags)
    assert uncited(made, LIBRARY) == []


def test_every_sign_of_the_book_alone_makes_a_draft() -> None:
    for sign in FLAGS:
        wordless = flag(sign, "เมา").model_copy(update={"spans": ()})
        alone = coded(flags=[wordless])
        made = draft(coding=alone)
        answered(made, alone.red_flags)
        assert [p for p in made.plan.problems if p.find_out_first], sign


def test_signs_outlive_every_problem_a_person_took_out() -> None:
    coding = coded(flags=[flag("RF02", "บีบคอภรรยา")]).model_copy(update={"denied": tuple(CODES)})
    made = draft(coding=coding)
    answered(made, coding.red_flags)
    assert made.plan.problems == ()
    assert made.plan.consent
    assert made.plan.review


def test_problems_never_push_a_sign_out() -> None:
    many: list[CodedProblem] = [problem(c, "เมา") for c in CODES[:25]]
    coding = coded(many, [flag(f, "บีบคอ") for f in FLAGS])
    answered(draft(coding=coding), coding.red_flags)
