"""The only way case data reaches research: rows without names, texts or ids, k of a kind at least.

A row names its case by a keyed hash that differs from study to study, so two studies' rows cannot
be joined. What is given out, and to whom, is written into the research log.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy.orm import Session

from cases.anonymity import UNKNOWN, Rules, anonymous, rules
from cases.edit_distance import plan_edit
from cases.people import Person
from cases.research_errors import ExtractEmpty, StudyBroken, StudyFrozen, only_researchers
from cases.research_log import log
from cases.rows import Row, Rows
from planner.schemas import Draft
from runtime.clock import BANGKOK, now
from runtime.database import Database

RENAMED = ("pseudonym", "month", "age_band", "sex", "known_age_band", "known_sex")
ROWS = Rows("extracts")


class Study(BaseModel):
    """What a study asks for. ``approval`` is the reference of the ethics committee's decision."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]{3,60}$")
    title: str = Field(min_length=1, max_length=300)
    approval: str = Field(min_length=3, max_length=200)
    since: date
    until: date  # the last day

    @model_validator(mode="after")
    def _in_order(self) -> Study:
        if self.until < self.since:
            raise ValueError("until lies before since")
        return self


def read_study(file: Path) -> Study:
    """The study of a YAML file. Raises `StudyBroken`."""
    try:
        return Study.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise StudyBroken(file=file.name, reason=reason) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise StudyBroken(file=file.name, reason=type(error).__name__) from error


class Extracts:
    """Writes extracts of one database; ``secret`` is the installation's."""

    def __init__(self, database: Database, secret: str, kept_to: Rules | None = None) -> None:
        self._database = database
        self._secret = secret.encode()
        self._rules = kept_to or rules()

    def extract(self, person: Person, study: Study) -> dict[str, Any]:
        """``{report, rows}``.

        A study is what it was when it was first given: the same span, and no case that came in
        since, for two extracts that differ by one case would show that case. Raises
        `ResearchersOnly`, `StudyFrozen`, `ExtractEmpty` or `ExtractTooFine`.
        """
        only_researchers(person)
        with self._database.session(person.actor) as session:
            before = _fixed(session, study)
            found = [self._row(row) for row in self._read(session, study, before)]
            if not found:
                raise ExtractEmpty
            given = anonymous(found, self._rules)
            lines = jsonl(given.rows)
            report = {
                "study": study.model_dump(mode="json"),
                "cases": len(given.rows),
                "k": given.k,
                "smallest_class": given.smallest,
                "generalised": [s.model_dump() for s in given.generalised],
                "suppressed": given.suppressed,
                "quasi_identifiers": self._rules.quasi_identifiers,
                "received_before": before.isoformat(),
                "sha256": hashlib.sha256(lines).hexdigest(),
            }
            log(session, person, "extract_given", study.id, report)
        return {"report": report, "rows": list(given.rows)}

    def _read(self, session: Session, study: Study, before: datetime) -> list[Row]:
        begins = datetime.combine(study.since, time(), BANGKOK)
        ends = datetime.combine(study.until + timedelta(days=1), time(), BANGKOK)
        return ROWS.rows(
            session,
            "research_cases",
            key=hmac.digest(self._secret, f"study {study.id}".encode(), "sha256"),
            since=begins,
            until=min(ends, before),
            age_bounds=list(self._rules.age_bounds),
        )

    def _row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        kept = {k: v for k, v in row.items() if k not in RENAMED}
        distance, characters = kept.pop("edit_distance"), kept.pop("edit_characters")
        return {
            "id": row["pseudonym"],
            "period": row["month"].strftime("%Y-%m"),
            "age_band": band(row["known_age_band"], self._rules.age_bounds),
            **kept,
            "sex": row["known_sex"] or UNKNOWN,
            "disability": row["disability"] or UNKNOWN,
            "nationality": row["nationality"] or UNKNOWN,
            "edit_share": round(distance / characters, 4) if characters else None,
        }


def _fixed(session: Session, study: Study) -> datetime:
    """Until when a case must have come in; raises `StudyFrozen` for another study of this id."""
    ROWS.run(session, "hold_research")
    first = ROWS.first(session, "first_given", id=study.id)
    if first is None:
        return now()
    if first["study"] != study.model_dump(mode="json"):
        raise StudyFrozen(study=study.id)
    return datetime.fromisoformat(first["received_before"]) if first["received_before"] else now()


def band(number: int | None, bounds: tuple[int, ...]) -> str:
    """The name of an age band, ``13-17``; ``unknown`` when no age is known."""
    if number is None:
        return UNKNOWN
    starts, ends = (0, *bounds), (*(b - 1 for b in bounds), None)
    return f"{starts[number]}-{ends[number]}" if ends[number] else f"{starts[number]}+"


def jsonl(rows: tuple[dict[str, Any], ...] | list[dict[str, Any]]) -> bytes:
    """One JSON document a line."""
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def keep_plan_edit(
    session: Session, version: Row, draft: Draft, decided: Mapping[str, Mapping[str, Any]]
) -> None:
    """Measure, with the approval, how much of the draft was changed."""
    distance, characters = plan_edit(draft.sentences(), decided)
    ROWS.run(
        session,
        "add_plan_edit",
        version_id=version["id"],
        case_id=version["case_id"],
        distance=distance,
        characters=characters,
    )
