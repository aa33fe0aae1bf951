"""The record over a real database, with the real coder and planner and no loaded knowledge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from api.services import Services
from cases.people import Person
from cases.review import Decision
from cases.seeds import seed_demo
from commands.wiring import Wiring
from planner.graph import Planner
from planner.schemas import Draft, Ink
from runtime.database import Database
from runtime.settings import Settings
from tests.working import let_go, settings_of, share, work

PASSWORD = "a-test-password-2569"
STORY = (Path(__file__).parents[2] / "samples" / "violence-at-home.txt").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Record:
    """The services of one demo office and the worker behind them."""

    wiring: Wiring
    above: Database | None = None
    """Signs in as a superuser where the tables' owner is none."""

    @property
    def services(self) -> Services:
        """What the routers call."""
        return self.wiring.services

    @property
    def database(self) -> Database:
        """The services' database."""
        return self.wiring.database

    def person(self, login: str) -> Person:
        """Somebody of the demo office, signed in."""
        accounts = self.services.accounts
        return accounts.person(accounts.sign_in(login, PASSWORD))

    def work(self) -> None:
        """Run every waiting job."""
        work(self.wiring)

    def opened(self, person: Person, story: str = STORY) -> str:
        """A new case's id."""
        return self.services.files.open(person, story, title="ครอบครัวตัวอย่าง")

    def drafted(self, person: Person) -> dict[str, Any]:
        """The first version of a new case, drafted by a real worker."""
        case_id = self.opened(person)
        run = self.services.drafting.request(person, case_id)
        self.work()
        done = self.services.drafting.read(person, run["id"])
        assert done["status"] == "done", done
        return self.services.review.read(person, done["version_id"])

    def owner(self, statement: str, **values: Any) -> list[Any]:
        """A statement past every rule of the rows."""
        with (self.above or self.database).owner_engine.begin() as connection:
            done = connection.execute(text(statement), values)
            return list(done.all()) if done.returns_rows else []


@contextmanager
def office_apart(settings: Settings, own: Database, like: Record | None = None) -> Iterator[Record]:
    """A demo office in a database of its own, with ``like``'s models."""
    office = made(settings_of(settings, own.addresses), like)
    yield office
    let_go(office.wiring)
    own.close()


def made(settings: Settings, like: Record | None = None) -> Record:
    """The record over these settings' database, its office made unless the database has it."""
    wiring = Wiring(settings)
    if like:
        share(like.wiring, wiring)
    vars(wiring)["planner"] = Planner(wiring.library)
    seed_demo(wiring.database, PASSWORD)
    return Record(wiring)


def claims(version: dict[str, Any]) -> list[str]:
    """Ids of the sentences a person must decide on."""
    draft = Draft.model_validate(version["content"])
    return [s.id for s in draft.sentences() if s.ink is not Ink.FRAME]


def approved_case(record: Record, person: Person) -> str:
    """A case whose plan was approved: one sentence edited, every second of the others struck."""
    version = record.drafted(person)
    ids = claims(version)
    goal = Draft.model_validate(version["content"]).plan.problems[0].goals[0].sentence.id
    wanted = [
        Decision(
            sentence_id=i,
            decision="edited" if i == goal else "struck",
            text="ข้อความที่แก้แล้ว" if i == goal else None,
            reason="ทดสอบ",
        )
        for i in ids
    ]
    record.services.review.decide(person, version["id"], wanted)
    record.services.approval.approve(person, version["id"], version["content_hash"], None)
    return str(version["case_id"])
