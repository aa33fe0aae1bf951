"""Whether a story that is being told is of a case, or of people, that are known already.

Looked for before the case is made, so that nobody's second case is opened unseen. Cases are shown
as far as whoever asks may see their people; of other agencies only that they may know somebody,
and whom to call. Each asking leaves a row that names nobody, and goes with the case once it is
opened: a person decides, the decision is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from cases import audit, repository
from cases.caseload import letter_reader, readable
from cases.described_in_story import described
from cases.duplicates import LEAST, Found, blind_word, shown_like
from cases.people import CASE_ROLES, Person
from cases.person_errors import CheckUnseen
from cases.person_identity import Identity, checked
from cases.persons import Persons
from cases.rows import Row, Rows
from intake.name_matching import Described, compare, index_words
from runtime.database import Database
from runtime.errors import Forbidden

SQL = Rows("earlier_cases")
LOOKED_AT, SHOWN = 80, 10


class EarlierCases:
    """Finds cases and persons like those of a story."""

    def __init__(self, database: Database, persons: Persons) -> None:
        self._database = database
        self._persons = persons

    def like(self, actor: Person, story: str, typed: Identity | None = None) -> dict[str, Any]:
        """``{check_id, cases, elsewhere}``: the likeliest case first, with who is alike and why.

        Raises `Forbidden`, `CitizenIdWrong` or `BirthWrong`.
        """
        if actor.role not in CASE_ROLES:
            raise Forbidden
        who = described(story, checked(typed) if typed else None)
        if not who:
            return {"check_id": None, "cases": [], "elsewhere": []}
        with self._database.session(actor.actor) as session:
            found = self._found(session, who)
            check_id = repository.new_id()
            SQL.run(
                session,
                "add_check",
                id=check_id,
                who=actor.id,
                agency_id=actor.agency_id,
                shown=[case["id"] for case in found],
            )
            elsewhere = self._elsewhere(session, check_id, who)
            _trace(session, actor, found)
        return {"check_id": check_id, "cases": found, "elsewhere": elsewhere}

    def kept(
        self, actor: Person, check_id: str, not_same: Sequence[str]
    ) -> Callable[[Session, str], None]:
        """What keeps with a new case the cases shown before it and which are not the same.

        It raises `CheckUnseen`.
        """

        def keep(session: Session, case_id: str) -> None:
            check = SQL.first(session, "check", id=check_id)
            if check is None:
                raise CheckUnseen
            dismissed = sorted(set(not_same) & set(check["shown"]))
            detail = {"shown": check["shown"], "not_same": dismissed, "agencies": check["told"]}
            action = "duplicate_dismissed" if dismissed else "duplicate_sought"
            audit.record(session, case_id, actor.id, action, check_id, detail)

        return keep

    def _found(self, session: Session, who: list[Described]) -> list[dict[str, Any]]:
        words = list(dict.fromkeys(w for one in who for w in index_words(one)))
        kinds, blind = self._persons.keys.blind(words)
        pairs = SQL.rows(
            session,
            "found",
            kinds=kinds,
            blind=blind,
            readable=readable(letter_reader(session), kinds),
            given_alone=any(not one.family_name and one.given_name for one in who),
            most=LOOKED_AT,
        )
        ids = list({pair["person_id"] for pair in pairs})
        alike: dict[str, Found] = {}
        for row in SQL.rows(session, "persons", ids=ids):
            if (like := self._likest(row, who)) is not None:
                alike[row["id"]] = like
        return _by_case(session, pairs, alike)

    def _likest(self, row: Row, who: list[Described]) -> Found | None:
        """Somebody known, and whom of the story they are most like; None for nobody."""
        identity = self._persons.opened(row)
        known = identity.described()
        best = max((compare(one, known) for one in who), key=lambda like: like.score)
        return (identity, row, best) if best.score >= LEAST else None

    def _elsewhere(
        self, session: Session, check_id: str, who: list[Described]
    ) -> list[dict[str, Any]]:
        """Which other agencies may know somebody, and whom to call there."""
        persons, kinds, blind = [], [], []
        for number, one in enumerate(who):
            of_one, tokens = self._persons.keys.blind(index_words(one))
            persons += [number] * len(tokens)
            kinds += of_one
            blind += tokens
        asked = {"persons": persons, "kinds": kinds, "blind": blind}
        told = SQL.scalar(session, "ask_agencies", id=check_id, **asked)
        rows = SQL.rows(session, "agencies", ids=told) if told else []
        return [blind_word(row) | {"contacts": row["contacts"]} for row in rows]


def _by_case(session: Session, pairs: list[Row], alike: dict[str, Found]) -> list[dict[str, Any]]:
    """The cases of the persons who are alike, each with them, their parts and how sure it is."""
    cases = list({pair["case_id"] for pair in pairs if pair["person_id"] in alike})
    parts: dict[tuple[str, str], list[str]] = {}
    for row in SQL.rows(session, "parts", cases=cases, ids=list(alike)):
        parts.setdefault((row["case_id"], row["person_id"]), []).append(row["role"])
    found = []
    for case in SQL.rows(session, "cases", ids=cases):
        here = [p["person_id"] for p in pairs if p["case_id"] == case["id"]]
        persons = [
            shown_like(*alike[one]) | {"parts": parts.get((case["id"], one), [])}
            for one in here
            if one in alike
        ]
        persons.sort(key=lambda person: -person["score"])
        surest = {key: persons[0][key] for key in ("score", "band")}
        found.append(case | surest | {"persons": persons})
    return sorted(found, key=lambda c: (-c["score"], -c["received_at"].timestamp()))[:SHOWN]


def _trace(session: Session, actor: Person, found: list[dict[str, Any]]) -> None:
    """Who was shown is noted in each case, in the order of their ids."""
    for case in sorted(found, key=lambda c: str(c["id"])):
        for person in case["persons"]:
            audit.record_once(session, case["id"], actor.id, "person_found", person["person_id"])
