"""Who may be the same person as somebody, and why; people decide, the decision is kept.

Within the agency both persons are opened and compared. Of other agencies the database only says
that they may know somebody.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy.orm import Session

from cases import audit
from cases.people import Person
from cases.person_errors import DuplicateOfOne, PersonUnseen
from cases.person_identity import Identity, checked
from cases.person_rows import SQL
from cases.persons import Persons
from cases.rows import Row
from intake.name_matching import Described, Likeness, compare, index_words
from runtime.database import Database
from runtime.messages import sentence

Verdict = Literal["same", "different"]
LEAST = 0.45
Found = tuple[Identity, Row, Likeness]


class Duplicates:
    """Finds and settles duplicates among the persons one may see."""

    def __init__(self, database: Database, persons: Persons) -> None:
        self._database = database
        self._persons = persons

    def of(self, actor: Person, person_id: str) -> dict[str, Any]:
        """``{candidates, elsewhere}``: the likeliest first, each with its reasons in words.

        Raises `PersonUnseen`, `PersonErased` or `PersonForeign`.
        """
        with self._database.session(actor.actor) as session:
            row = self._persons.own_person(session, actor, person_id)
            found = self._like(session, self._persons.opened(row).described(), person_id)
            decided = _decided(session, person_id)
            known = [shown_like(*like) | {"decision": decided.get(like[1]["id"])} for like in found]
            elsewhere = SQL.rows(session, "possible_agencies", person_id=person_id)
            self._trace(session, actor, [person_id], "duplicates_sought")
        return {"candidates": known, "elsewhere": [blind_word(agency) for agency in elsewhere]}

    def search(self, actor: Person, identity: Identity) -> list[dict[str, Any]]:
        """Persons like a description, the likeliest first; the reading is audited per case.

        Who reported to another agency is not found: that stays with the case's own.
        """
        described = checked(identity).described()
        with self._database.session(actor.actor) as session:
            found = self._like(session, described, "")
            self._trace(session, actor, [row["id"] for _, row, _ in found], "person_found")
            return [shown_like(*like) for like in found]

    def decide(
        self,
        actor: Person,
        person_id: str,
        other_id: str,
        verdict: Verdict,
        reason: str | None = None,
    ) -> None:
        """Say that two persons are one, or are not. Raises `DuplicateOfOne` or `PersonUnseen`."""
        first, second = sorted((person_id, other_id))
        with self._database.session(actor.actor) as session:
            for one in (first, second):
                self._persons.own_person(session, actor, one, lock=True)
            if first == second:
                raise DuplicateOfOne
            SQL.run(
                session,
                "decide_pair",
                person_id=first,
                other_id=second,
                decision=verdict,
                reason=reason,
                who=actor.id,
            )
            cases = {
                row["case_id"]
                for one in (first, second)
                for row in SQL.rows(session, "cases_of_person", person_id=one)
            }
            for case_id in sorted(cases):
                detail = {"other": second, "decision": verdict}
                audit.record(session, case_id, actor.id, "duplicate_decided", first, detail)

    def _like(self, session: Session, described: Described, but: str) -> list[Found]:
        tokens: list[bytes] = []
        kinds: set[str] = set()
        for kind, words in index_words(described):
            kinds.add(kind)
            tokens += self._persons.keys.tokens(kind, words)
        if not tokens:
            return []
        found = []
        for row in SQL.rows(session, "with_tokens", kinds=sorted(kinds), tokens=tokens, but=but):
            identity = self._persons.opened(row)
            like = compare(described, identity.described())
            if like.score >= LEAST:
                found.append((identity, row, like))
        return sorted(found, key=lambda one: -one[2].score)

    def _trace(self, session: Session, actor: Person, ids: list[str], action: str) -> None:
        """One event in each case the persons are of, naming them."""
        named: dict[str, list[str]] = {}
        for row in SQL.rows(session, "cases_of_persons", ids=ids):
            named.setdefault(row["case_id"], []).append(row["person_id"])
        if ids and not named:
            raise PersonUnseen
        for case_id, persons in named.items():
            subject, others = persons[0], persons[1:]
            detail = {"others": others} if others else {}
            audit.record(session, case_id, actor.id, action, subject, detail)


def _decided(session: Session, person_id: str) -> dict[str, str]:
    """By the other's id, what was decided last."""
    pairs = SQL.rows(session, "pairs_of", person_id=person_id)
    return {
        p["other_id"] if p["person_id"] == person_id else p["person_id"]: p["decision"]
        for p in pairs
    }


def shown_like(identity: Identity, row: Row, like: Likeness) -> dict[str, Any]:
    """Somebody who may be meant, how sure it is, and why in words."""
    return {
        "person_id": row["id"],
        "name": " ".join(p for p in (identity.given_name, identity.family_name) if p)
        or identity.called,
        "birth_year": identity.birth[:4],
        "score": like.score,
        "band": like.band,
        "reasons": [_worded(r.code, one=r.one, other=r.other) for r in like.reasons],
    }


def _worded(code: str, **words: str) -> dict[str, str]:
    key = f"duplicate.{code}"
    return {
        "code": code,
        "th": sentence(key, "th", **words),
        "en": sentence(key, "en", **words),
    }


def blind_word(agency: Row) -> dict[str, str]:
    """What may be said of another agency, and nothing else."""
    return {
        "agency_id": agency["agency_id"],
        "th": sentence("duplicate.elsewhere", "th", agency=agency["name_th"]),
        "en": sentence("duplicate.elsewhere", "en", agency=agency["name_en"]),
    }
