"""People of a case as they are kept: sealed rows, their parts, and who must not see whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import orjson
from sqlalchemy.orm import Session

from cases import repository
from cases.person_keys import Sealed
from cases.rows import Row, Rows
from intake.people import PersonRole, ProposedPerson

SQL = Rows("persons")
Standing = Literal["proposed", "confirmed", "removed"]
HIDDEN_FROM = frozenset({PersonRole.ALLEGED_PERPETRATOR.value})


def is_blamed(roles: Iterable[Mapping[str, Any]]) -> bool:
    """Whether somebody is blamed in a case, confirmed or only proposed."""
    return any(r["role"] in HIDDEN_FROM and r["standing"] != "removed" for r in roles)


def worth_keeping(person: ProposedPerson, tied: set[str]) -> bool:
    """Whoever plays a part, or is named and tied to somebody; passers-by are not kept."""
    plays = any(r.role is not PersonRole.OTHER for r in person.roles)
    return plays or (bool(person.names) and person.id in tied)


def walled(tie: Row, blamed_id: str) -> dict[str, Any]:
    """A tie without the other's id and home, for whoever is blamed."""
    mine = {"kinship": tie["kinship"], "standing": tie["standing"], "id": tie["id"]}
    return mine | {"as": "person" if tie["person_id"] == blamed_id else "relative"}


def sealed_of(row: Mapping[str, Any]) -> Sealed:
    """A person at rest, from their row."""
    return Sealed(bytes(row["sealed"]), bytes(row["wrapped_key"]), row["key_number"])


def sealed_values(sealed: Sealed) -> dict[str, Any]:
    """A person at rest, for their row."""
    return {
        "sealed": sealed.content,
        "wrapped_key": sealed.wrapped_key,
        "key_number": sealed.key_number,
    }


def put_part(
    session: Session,
    case_id: str,
    person_id: str,
    role: str,
    standing: Standing,
    *,
    who: str | None = None,
    score: float | None = None,
    spans: Sequence[tuple[int, int]] = (),
) -> None:
    """Give somebody a part in a case."""
    SQL.run(
        session,
        "add_part",
        id=repository.new_id(),
        case_id=case_id,
        person_id=person_id,
        role=role,
        standing=standing,
        who=who,
        score=score,
        spans=orjson.dumps([list(s) for s in spans]).decode(),
    )


def put_relation(
    session: Session,
    case_id: str,
    pair: tuple[str, str],
    kinship: str,
    lives_with: str,
    standing: Standing,
    *,
    who: str | None = None,
    spans: Sequence[tuple[int, int]] = (),
) -> None:
    """Tie two people of a case to each other."""
    SQL.run(
        session,
        "add_relation",
        id=repository.new_id(),
        case_id=case_id,
        person_id=pair[0],
        relative_id=pair[1],
        kinship=kinship,
        lives_with=lives_with,
        standing=standing,
        who=who,
        spans=orjson.dumps([list(s) for s in spans]).decode(),
    )


def corrected_tie(
    session: Session, case_id: str, relation_id: str, kinship: str | None, who: str
) -> str:
    """The tie a correction is kept in: where the two were tied so before that one, not two."""
    tie = {"id": relation_id, "case_id": case_id}
    before = SQL.first(session, "same_tie", kinship=kinship, **tie) if kinship else None
    if before is None:
        return relation_id
    SQL.run(session, "drop_relation", who=who, **tie)
    return str(before["id"])
