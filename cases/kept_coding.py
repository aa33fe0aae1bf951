"""A story coded anew after more was told, without losing what was found or decided before.

A machine may find more in a longer story; what it found before, or a person decided, it never
takes away. What is new stands as a proposal.
"""

from __future__ import annotations

from collections.abc import Mapping

from intake.schemas import CodedNarrative, CodedProblem, RaisedFlag, Role, Urgency
from knowledge_base.codebook import URGENCY_ORDER

LET_STAND = ("accepted", "added")


def merged(
    before: CodedNarrative, anew: CodedNarrative, decided: Mapping[str, str]
) -> CodedNarrative:
    """The new coding with what stood before; ``decided`` gives the decision on each code."""
    codes = _codes(before, anew, decided)
    known = {c.code for c in codes}
    unsure = {c.code: c for c in (*anew.unsure, *before.unsure) if c.code not in known}
    found, fields = anew.flag_ids(), {f.field for f in anew.facts}
    flags = [_flag(f, before) for f in anew.red_flags]
    flags += [f for f in before.red_flags if f.id not in found]
    facts = [*anew.facts, *(f for f in before.facts if f.field not in fields)]
    return anew.model_copy(
        update={
            "codes": tuple(codes),
            "unsure": tuple(unsure.values()),
            "red_flags": tuple(flags),
            "facts": tuple(facts),
            "urgency": pressing(before.urgency, anew.urgency),
        }
    )


def pressing(before: Urgency, anew: Urgency) -> Urgency:
    """The more pressing of the two, the new one where both press alike."""
    return before if rises(anew.level, before.level) else anew


def rises(before: str, anew: str) -> bool:
    """Whether the second level presses more than the first."""
    return URGENCY_ORDER.index(anew) < URGENCY_ORDER.index(before)


def new_dangers(
    before: CodedNarrative, anew: CodedNarrative, misheard: set[str], since: int
) -> list[str]:
    """Ids of red flags that were not raised before.

    A flag whose words were ``misheard`` is raised anew by words told from ``since`` on.
    """
    known = before.flag_ids()
    return sorted(
        f.id
        for f in anew.red_flags
        if f.id not in known or (f.id in misheard and any(s.start >= since for s in f.spans))
    )


def presses_since(coded: CodedNarrative, since: int) -> bool:
    """Whether what decides the urgency rests on words from ``since`` on.

    A longer story also moves codes that were near their threshold: that alone alarms nobody.
    """
    problems = [p.spans for p in (*coded.codes, *coded.unsure) if p.code in coded.urgency.because]
    flags = [f.spans for f in coded.red_flags if f.id in coded.urgency.because]
    return any(s.start >= since for spans in (*problems, *flags) for s in spans)


def _codes(
    before: CodedNarrative, anew: CodedNarrative, decided: Mapping[str, str]
) -> list[CodedProblem]:
    """What counted before counts still; a decided code keeps the role it was decided in."""
    found = {c.code: c for c in anew.codes}
    stood = {c.code: c for c in before.codes}
    roles = {c.code: c.role for c in (*before.unsure, *before.codes) if c.code in decided}
    codes = [
        c.model_copy(update={"role": roles[c.code]}) if c.code in roles else c
        for c in (*found.values(), *(c for c in stood.values() if c.code not in found))
    ]
    main = _main(codes, found, decided)
    return [_second(c) if c.role is Role.PRIMARY and c.code != main else c for c in codes]


def _main(
    codes: list[CodedProblem], found: Mapping[str, CodedProblem], decided: Mapping[str, str]
) -> str | None:
    """Of several first problems the one a person let stand, else the one found now."""
    first = [c.code for c in codes if c.role is Role.PRIMARY and decided.get(c.code) != "removed"]
    first.sort(key=lambda code: (decided.get(code) not in LET_STAND, code not in found))
    return first[0] if first else None


def _second(problem: CodedProblem) -> CodedProblem:
    return problem.model_copy(update={"role": Role.SECONDARY})


def _flag(flag: RaisedFlag, before: CodedNarrative) -> RaisedFlag:
    """What was sure stays sure, with its words of then and of now."""
    old = next((f for f in before.red_flags if f.id == flag.id), None)
    if old is None:
        return flag
    spans = sorted({s.start: s for s in (*old.spans, *flag.spans)}.items())
    sure = flag.to_confirm and old.to_confirm
    return flag.model_copy(update={"spans": tuple(s for _, s in spans), "to_confirm": sure})
