"""The codes of a case as people decided on them: some removed, some added, some still unsure."""

from __future__ import annotations

import orjson
from sqlalchemy.orm import Session

from cases import repository
from cases.household import with_decided_facts
from intake.schemas import CodedNarrative, CodedProblem, Role
from intake.standards import standards_of
from knowledge_base.library import Library

CERTAIN = 1.0  # what a person decided is no chance any more


def decided_coding(session: Session, case_id: str, library: Library) -> CodedNarrative:
    """The newest coding with the workers' decisions applied to it."""
    content = repository.seen(session, "newest_coding", case_id=case_id)["content"]
    coded = CodedNarrative.model_validate_json(orjson.dumps(content))
    decided = {
        row["code"]: row["decision"]
        for row in repository.rows(session, "code_decisions", case_id=case_id)
    }
    return with_decided_facts(session, case_id, with_decisions(coded, decided, library))


def with_decisions(
    coded: CodedNarrative, decided: dict[str, str], library: Library
) -> CodedNarrative:
    """Removed codes gone, unsure ones a person accepted taken in, added ones added.

    Unsure codes nobody decided on stay unsure; what a person accepted or added is certain.
    """
    kept = [c for c in coded.codes if decided.get(c.code) != "removed"]
    kept += [c for c in coded.unsure if decided.get(c.code) in ("accepted", "added")]
    kept = [c.model_copy(update={"score": CERTAIN}) if c.code in decided else c for c in kept]
    present = {c.code for c in kept}
    kept += [
        CodedProblem(
            code=code,
            label_th=library.codebook.label(code),
            score=CERTAIN,
            spans=(),
            role=Role.SECONDARY,
            standards=standards_of(code, library.codebook),
        )
        for code, decision in decided.items()
        if decision in ("added", "accepted") and code not in present
    ]
    unsure = tuple(c for c in coded.unsure if c.code not in decided)
    denied = tuple(code for code, decision in decided.items() if decision == "removed")
    return coded.model_copy(update={"codes": tuple(kept), "unsure": unsure, "denied": denied})
