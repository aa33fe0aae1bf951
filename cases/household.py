"""Household facts: proposed from the words, confirmed or corrected by a worker, then relied on."""

from __future__ import annotations

from typing import Any, Literal

import orjson
from sqlalchemy.orm import Session

from cases import audit, repository
from cases.people import Person
from cases.person_errors import FactChanged, FactUnproposed
from cases.rows import Rows
from intake.schemas import CodedNarrative, FactValue
from knowledge_base.facts import FactUnknown
from knowledge_base.facts import checked as facts_checked
from knowledge_base.library import Library
from runtime.clock import today
from runtime.database import Database

SQL = Rows("persons")
Decision = Literal["confirmed", "corrected", "removed"]


class Household:
    """Reads and decides the facts of a case."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    def listed(self, actor: Person, case_id: str) -> list[dict[str, Any]]:
        """Every fact proposed or decided, with its words; raises `CaseUnseen`. Audited."""
        with self._database.session(actor.actor) as session:
            repository.seen_case(session, case_id)
            proposed = _proposed(session, case_id)
            decided = {r["field"]: r for r in SQL.rows(session, "decided_facts", case_id=case_id)}
            audit.record(session, case_id, actor.id, "facts_read", case_id)
        fields = sorted(proposed.keys() | decided.keys())
        return [self._shown(f, proposed.get(f), decided.get(f)) for f in fields]

    def decide(
        self,
        actor: Person,
        case_id: str,
        field: str,
        decision: Decision,
        value: Any = None,
        *,
        revision: int | None = None,
    ) -> None:
        """Confirm what was proposed, say what is so instead, or take it away.

        ``revision``: of the decision last seen, 0 for none. Raises `FactUnknown`, `FactIllTyped`,
        `FactUnproposed`, `CaseUnseen`, or `FactChanged` where another one stands by now.
        """
        if field not in self._library.facts:
            raise FactUnknown(field=field)
        with self._database.session(actor.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            if revision is not None:
                _unless_changed(session, case_id, field, revision, value)
            if decision == "confirmed":
                proposed = _proposed(session, case_id).get(field)
                if proposed is None:
                    raise FactUnproposed(field=field)
                value = proposed.value
            if decision != "removed":
                facts_checked(self._library.facts, {field: value}, today())
            SQL.run(
                session,
                "decide_fact",
                case_id=case_id,
                field=field,
                standing=decision,
                value=None if decision == "removed" else orjson.dumps(value).decode(),
                who=actor.id,
            )
            audit.record(session, case_id, actor.id, f"fact_{decision}", field)

    def _shown(
        self, field: str, proposed: FactValue | None, decided: dict[str, Any] | None
    ) -> dict[str, Any]:
        fact = self._library.facts.get(field)
        said = proposed.value if proposed else None
        value = decided["value"] if decided else said
        return {
            "field": field,
            "th": fact.th if fact else field,
            "en": fact.en if fact else field,
            "value": value,
            "value_th": fact.told(value, "th") if fact else None,
            "value_en": fact.told(value, "en") if fact else None,
            "proposed": said,
            "standing": decided["standing"] if decided else "proposed",
            "revision": decided["revision"] if decided else 0,
            "spans": [s.model_dump() for s in proposed.spans] if proposed else [],
            "by_name": decided["by_name"] if decided else None,
            "by_agency": decided["by_agency"] if decided else None,
            "at": decided["at"] if decided else None,
        }


def _unless_changed(session: Session, case_id: str, field: str, revision: int, value: Any) -> None:
    """Raises `FactChanged` with both words where somebody decided since."""
    decided = SQL.rows(session, "decided_facts", case_id=case_id)
    stands = next((row for row in decided if row["field"] == field), None)
    if stands and stands["revision"] != revision:
        theirs = {k: stands[k] for k in ("value", "standing", "by_name", "by_agency", "revision")}
        raise FactChanged(field=field, theirs=theirs, yours=value)


def _proposed(session: Session, case_id: str) -> dict[str, FactValue]:
    content = repository.seen(session, "newest_coding", case_id=case_id)["content"]
    coded = CodedNarrative.model_validate_json(orjson.dumps(content))
    return {f.field: f for f in coded.facts}


def with_decided_facts(session: Session, case_id: str, coded: CodedNarrative) -> CodedNarrative:
    """The coding with what workers decided in the place of what the words suggest."""
    decided = {r["field"]: r for r in SQL.rows(session, "decided_facts", case_id=case_id)}
    kept = [f for f in coded.facts if f.field not in decided]
    spans = {f.field: f.spans for f in coded.facts}
    kept += [
        FactValue(field=field, value=row["value"], spans=spans.get(field, ()), confirmed=True)
        for field, row in decided.items()
        if row["standing"] != "removed"
    ]
    return coded.model_copy(update={"facts": tuple(kept)})
