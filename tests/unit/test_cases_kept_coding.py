"""A story that went on: the old text to the letter, and nothing found or decided before lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cases.kept_coding import merged, new_dangers, presses_since
from cases.story_parts import GAP, joined, parts, passages, unlined
from intake.people_reading import find_people
from intake.schemas import CodedNarrative, CodedProblem, RaisedFlag, Role, Span, Urgency
from runtime.clock import BANGKOK

AT = datetime(2026, 3, 5, 18, 40, tzinfo=BANGKOK)
FIRST = "แม่มาขอนมให้ลูก \n"
CALLED, SEEN = "ป้าข้างบ้านโทรมา", "ไปเยี่ยมแล้ว"


def problem(code: str, role: Role = Role.SECONDARY) -> CodedProblem:
    return CodedProblem(code=code, label_th=code, score=0.6, spans=(), role=role)


def flag(name: str, *starts: int, to_confirm: bool = False) -> RaisedFlag:
    spans = tuple(Span(start=s, end=s + 1, text="x") for s in starts)
    told: dict[str, Any] = {"sign_th": "", "action_th": "", "hotlines": ()}
    return RaisedFlag(id=name, spans=spans, to_confirm=to_confirm, **told)


def coded(
    *codes: CodedProblem,
    unsure: tuple[CodedProblem, ...] = (),
    flags: tuple[RaisedFlag, ...] = (),
    level: str = "72h",
) -> CodedNarrative:
    return CodedNarrative(
        narrative_sha256="x",
        codes=codes,
        unsure=unsure,
        red_flags=flags,
        urgency=Urgency(level=level, reason_th=level),
    )


def test_the_old_story_stands_to_the_letter_before_a_dated_line() -> None:
    whole = joined(FIRST, CALLED, AT)
    assert whole.startswith(FIRST)
    assert whole.endswith(f"\n{CALLED}")
    line = whole.removeprefix(FIRST + GAP).splitlines()[0]
    assert "5 มีนาคม 2569" in line
    assert "18" in line


def test_each_addition_is_found_again_in_the_whole() -> None:
    second = joined(FIRST, CALLED, AT)
    third = joined(second, SEEN, AT + timedelta(days=3))
    rows = [{"id": str(n), "length": len(t)} for n, t in enumerate((FIRST, second, third))]
    found = parts(third, rows)
    assert [third[a["start"] : a["end"]] for a in found] == [CALLED, SEEN]
    assert [a["after"] for a in found] == [len(FIRST), len(second)]
    assert passages(third, found) == [FIRST, CALLED, SEEN]
    read = unlined(third, found)
    assert (len(read), read.split()) == (len(third), f"{FIRST} {CALLED} {SEEN}".split())
    assert passages(FIRST, []) == [FIRST]


def test_the_line_between_says_nothing_of_anybody() -> None:
    line = joined("", "", AT).strip()
    assert find_people(line).persons == ()


@pytest.mark.parametrize("decision", ["accepted", "removed"])
def test_what_was_decided_stands_in_its_role(decision: str) -> None:
    before = coded(problem("VIO-01", Role.PRIMARY), problem("ECO-01", Role.PAST))
    anew = coded(problem("HLT-01", Role.PRIMARY), problem("ECO-01"))
    made = merged(before, anew, {"VIO-01": decision, "ECO-01": "accepted"})
    roles = {c.code: c.role for c in made.codes}
    assert roles["ECO-01"] is Role.PAST
    first = Role.PRIMARY if decision == "accepted" else Role.SECONDARY
    assert (roles["VIO-01"] is Role.PRIMARY, roles["HLT-01"]) == (
        decision == "accepted",
        Role.SECONDARY if first is Role.PRIMARY else Role.PRIMARY,
    )


def test_what_was_found_is_never_taken_away_and_stands_once() -> None:
    before = coded(problem("ECO-01"), unsure=(problem("EDU-01"), problem("HLT-01")))
    anew = coded(problem("HLT-01"), unsure=(problem("ECO-01"), problem("LEG-01")))
    made = merged(before, anew, {})
    assert sorted(c.code for c in made.codes) == ["ECO-01", "HLT-01"]
    assert sorted(c.code for c in made.unsure) == ["EDU-01", "LEG-01"]


def test_a_danger_stays_and_a_sure_one_stays_sure() -> None:
    before = coded(flags=(flag("RF01", 3), flag("RF02", 4)), level="immediate_1h")
    anew = coded(flags=(flag("RF01", 90, to_confirm=True), flag("RF03", 91)), level="72h")
    made = merged(before, anew, {})
    assert made.flag_ids() == {"RF01", "RF02", "RF03"}
    kept = next(f for f in made.red_flags if f.id == "RF01")
    assert ([s.start for s in kept.spans], kept.to_confirm) == ([3, 90], False)
    assert made.urgency.level == "immediate_1h"
    assert new_dangers(before, made, set(), 50) == ["RF03"]


@pytest.mark.parametrize(("start", "since"), [(60, True), (3, False)])
def test_only_words_told_later_alarm(start: int, since: bool) -> None:
    made = coded(flags=(flag("RF01", start),))
    pressing = made.urgency.model_copy(update={"because": ("RF01",)})
    assert presses_since(made.model_copy(update={"urgency": pressing}), 50) is since


@pytest.mark.parametrize(("said", "raised"), [(90, ["RF01"]), (4, [])])
def test_words_told_later_raise_a_misheard_danger_anew(said: int, raised: list[str]) -> None:
    before = coded(flags=(flag("RF01", 3, to_confirm=True),))
    made = merged(before, coded(flags=(flag("RF01", 3, said),)), {})
    assert new_dangers(before, made, {"RF01"}, 50) == raised
