"""What may be the matter without being sure: to be found out first, never planned as a fact.

Two sources: codes the coder offers below its threshold, and danger signs whose problem nobody
coded (an unexplained injury of a small child points at maltreatment, whatever else was found).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.schemas import CodedNarrative, CodedProblem, RaisedFlag, Role
from knowledge_base.library import Library
from planner.wording import read_words

UNSURE_ALL = 3


def possible(library: Library, coded: CodedNarrative, text: str = "") -> list[CodedProblem]:
    """Suspected problems beside the coded ones: the coder's doubts, then what flags point at.

    A doubt about a child, an old person or a pregnancy needs words of the ``text`` that tell so.
    """
    nobody = _of_nobody(text) if text else frozenset()
    likely = [c for c in coded.unsure if c.code not in nobody]
    unsure = sorted(likely, key=lambda c: -c.score)[:UNSURE_ALL]
    doubts = {c.code: c.model_copy(update={"role": Role.SUSPECTED}) for c in unsure}
    for flag in coded.red_flags:
        for problem in _pointed_at(library, coded, flag):
            doubts.setdefault(problem.code, problem)
    return [c for c in doubts.values() if c.code not in coded.denied]


def _of_nobody(text: str) -> frozenset[str]:
    """Codes that speak of somebody the text does not tell of."""
    rows = read_words("persons")["told"]
    return frozenset(c for r in rows if not re.search(r["pattern"], text) for c in r["codes"])


def _pointed_at(
    library: Library, coded: CodedNarrative, flag: RaisedFlag
) -> Iterator[CodedProblem]:
    """The first code a danger sign points at, unless one of its codes was found or denied."""
    codes = read_words("doubts")["flags"].get(flag.id, ())
    if codes and not (coded.code_ids() | set(coded.denied)) & set(codes):
        label = library.codebook.label(codes[0])
        yield CodedProblem(
            code=codes[0], label_th=label, score=0.0, spans=flag.spans, role=Role.SUSPECTED
        )
