"""``cmis erase``, ``cmis retention``, ``cmis keys rotate``: the law's word on people's data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from cases.erasure_rows import SQL
from cases.key_rotation import rotate
from cases.office import OPERATOR
from cases.person_errors import PersonUnseen
from cases.person_rows import SQL as PEOPLE
from cases.retention import load_retention
from commands.output import AsJson, emit
from commands.wiring import Wiring
from runtime.actor import Actor
from runtime.messages import sentence

keys = typer.Typer(no_args_is_help=True, help="The keys that seal persons' data.")


@dataclass(frozen=True)
class Operator:
    """Whoever runs the installation, acting for the agency that keeps a person."""

    id: str
    actor: Actor


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("erase")(erase)
    app.command("retention")(retention)
    app.add_typer(keys, name="keys")


def erase(
    person: Annotated[str, typer.Argument(help="The person's id.")], as_json: AsJson = False
) -> None:
    """Erase PERSON for good: key, words, vectors, sound, drafts. A legal hold wins."""
    wiring = Wiring.from_environment()
    report = wiring.people.erasure.erase(_operator(wiring, person), person)
    emit(report, as_json, _report_text)


def retention(as_json: AsJson = False) -> None:
    """How long each kind of record is kept, and on what ground."""
    kinds = {name: kind.model_dump(by_alias=True) for name, kind in load_retention().items()}
    emit(kinds, as_json, _kinds_text)


@keys.command("rotate")
def rotate_keys(as_json: AsJson = False) -> None:
    """Make a new key and wrap every person's data key with it."""
    wiring = Wiring.from_environment()
    count, number = rotate(wiring.database, wiring.people.persons)
    emit(
        {"persons": count, "key_number": number},
        as_json,
        lambda _: sentence("keys.rotated", count=count, number=number),
    )


def _operator(wiring: Wiring, person_id: str) -> Operator:
    """The operator on behalf of the person's agency; raises `PersonUnseen`."""
    with Session(wiring.database.owner_engine) as session, session.begin():
        SQL.rows(session, "within", user_id=OPERATOR, agency_id="", role="")
        row = PEOPLE.first(session, "get_person", id=person_id)
    if row is None:
        raise PersonUnseen
    return Operator(OPERATOR, Actor(OPERATOR, row["agency_id"], "supervisor"))


def _report_text(report: dict[str, Any]) -> str:
    counts = ", ".join(f"{name} {count}" for name, count in report["erased"].items())
    return sentence("erase.done", person=report["person"], counts=counts)


def _kinds_text(kinds: dict[str, Any]) -> str:
    return "\n".join(f"{k['th']:<32} {k['years'] or '-'}  {k['basis']}" for k in kinds.values())
