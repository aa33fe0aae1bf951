"""The head of a case: whom it is about and how high the risk was judged, read with the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from cases.entries import JUDGEMENTS
from cases.identities import Identities
from cases.people import Person
from cases.person_errors import PersonKeysBroken
from cases.person_identity import Identity
from cases.rows import Rows
from runtime.clock import today

ROWS = Rows("heads")
OWN_VIEW = "own_view"
FULL_DAY = 10  # letters of a whole day of birth


def head(
    session: Session, actor: Person, case: Mapping[str, Any], identities: Identities | None
) -> dict[str, Any]:
    """``{client, risk, own_view}`` as far as the actor's relation reaches.

    None for a client or risk that is not there; ``own_view``: whether the actor has judged the risk
    here, in an assessment or before they saw what the machine made of it.
    """
    at, kinds = case["id"], [*JUDGEMENTS, OWN_VIEW]
    return {
        "client": _client(session, actor, case, identities),
        "risk": ROWS.first(session, "risk", case_id=at, kinds=list(JUDGEMENTS)),
        "own_view": ROWS.scalar(session, "own_view", case_id=at, kinds=kinds, who=actor.id),
    }


def _client(
    session: Session, actor: Person, case: Mapping[str, Any], identities: Identities | None
) -> dict[str, Any] | None:
    """The client whose part a person confirmed first; how many ``others`` the case has.

    Who reported is named to the case's own agency alone, also where it is the client.
    """
    rows = ROWS.rows(session, "clients", case_id=case["id"])
    own = case["agency_id"] == actor.agency_id
    shown = [row for row in rows if own or not row["reported"]]
    if not shown or identities is None:
        return None
    try:
        identity = identities.opened(shown[0])
    except PersonKeysBroken:
        return None
    about = {"id": shown[0]["id"], "standing": shown[0]["standing"], "others": len(shown) - 1}
    return about | {"identity": _named(identity)}


def _named(identity: Identity) -> dict[str, Any]:
    """What somebody is called and how old they are; nothing by which they can be found."""
    return {
        "title": identity.title,
        "given_name": identity.given_name,
        "family_name": identity.family_name,
        "nicknames": identity.nicknames,
        "called": identity.called,
        "age_years": _age(identity, today()),
    }


def _age(identity: Identity, on: date) -> int | None:
    """Whole years: as told, else from a full day of birth; None where neither says."""
    if identity.age_years is not None or len(identity.birth) != FULL_DAY:
        return identity.age_years
    return relativedelta(on, date.fromisoformat(identity.birth)).years
