"""A story coded by hand and its draft by the composer, for tests of drafts and what checks them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache

from intake.narrative import Narrative, accept
from intake.schemas import CodedNarrative, CodedProblem, FactValue, RaisedFlag, Role, Span, Urgency
from knowledge_base.library import load_library
from planner.graph import Planner
from planner.schemas import Draft, Sentence

LIBRARY = load_library()
DAY = date(2026, 6, 1)
RECEIVED = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
STORY = (
    "คืนนี้สามีเมาแล้วบีบคอภรรยาจนหายใจไม่ออก ลูกชายอายุ 7 ขวบวิ่งเข้ามากอดแม่ "
    "ตอนนี้หนีมาอยู่บ้านยาย เธอยังไม่อยากแจ้งความ บัตรเอทีเอ็มอยู่กับสามี "
    "เขาบอกว่าจะมารับลูกพรุ่งนี้เช้า ขออย่าบอกชื่อคนแจ้งนะคะ"
)


def span(words: str, story: str = STORY) -> Span:
    """The words where they stand."""
    start = story.index(words)
    return Span(start=start, end=start + len(words), text=words)


def problem(code: str, words: str, role: Role = Role.SECONDARY, story: str = STORY) -> CodedProblem:
    """A coded problem with its words."""
    spans = (span(words, story),) if words else ()
    label = LIBRARY.codebook.label(code)
    return CodedProblem(code=code, label_th=label, score=0.9, spans=spans, role=role)


def flag(flag_id: str, words: str, story: str = STORY) -> RaisedFlag:
    """A raised flag with its words."""
    sign = LIBRARY.codebook.red_flags[flag_id]
    return RaisedFlag(
        id=flag_id,
        sign_th=sign.sign,
        action_th=sign.action,
        hotlines=tuple(sign.hotlines),
        spans=(span(words, story),),
    )


def coded(
    problems: Iterable[CodedProblem] = (),
    flags: Iterable[RaisedFlag] = (),
    story: str = STORY,
    level: str = "immediate_1h",
    facts: Iterable[FactValue] = (),
) -> CodedNarrative:
    """A coding of a story."""
    return CodedNarrative(
        narrative_sha256=accept(story).sha256,
        codes=tuple(problems),
        red_flags=tuple(flags),
        urgency=Urgency(level=level, reason_th=""),
        facts=tuple(facts),
    )


def violence(story: str = STORY) -> CodedNarrative:
    """The story's own coding, whatever is written around it."""
    return coded(
        [
            problem("VIO-01", "บีบคอภรรยา", Role.PRIMARY, story),
            problem("VIO-07", "ลูกชายอายุ 7 ขวบวิ่งเข้ามากอดแม่", story=story),
            problem("VIO-02", "บัตรเอทีเอ็มอยู่กับสามี", story=story),
            problem("SUB-02", "เมา", Role.SUSPECTED, story),
        ],
        [flag("RF02", "บีบคอ", story)],
        story,
    )


def draft(story: str = STORY, coding: CodedNarrative | None = None) -> Draft:
    """The composer's draft of a story."""
    return planner().draft(
        narrative(story), coding or violence(story), as_of=DAY, received_at=RECEIVED
    )


def narrative(story: str = STORY) -> Narrative:
    """The story as intake hands it on."""
    return accept(story)


@cache
def planner() -> Planner:
    """The composer alone."""
    return Planner(LIBRARY)


def with_sentence(made: Draft, text: str, **fields: object) -> Draft:
    """The draft with one more sentence in its understanding of the case."""
    extra = Sentence(id="x1", text=text, **{"ink": "inferred", **fields})  # type: ignore[arg-type]
    formulation = (*made.assessment.formulation, extra)
    return made.model_copy(
        update={"assessment": made.assessment.model_copy(update={"formulation": formulation})}
    )
