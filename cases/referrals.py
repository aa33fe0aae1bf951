"""Referral and transfer: a letter, its receipt, its answer, and what the answer opens.

While a letter waits its receiver sees the letter alone; an accepted one opens the parts of the
case that its purpose needs, as long as the consent it rests on holds. The database decides both.
"""

from __future__ import annotations

from typing import Any, Literal

import orjson
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import audit, plan_services, repository, sign_offs
from cases.casebook import listed
from cases.casework_errors import (
    NoConsentHolds,
    NotTheParty,
    ReferralStep,
    ReferralUnfit,
    ReferralUnseen,
    ReferralUnsigned,
    found,
    rule_of,
)
from cases.decided_codes import decided_coding
from cases.letters import SQL, WRITTEN, answer_by, fitting, letter_hash, to_sign
from cases.people import CASE_ROLES, RECEIVING_ROLES, Person
from cases.referral_schemas import Letter
from cases.rows import Row
from knowledge_base.library import Library
from runtime.database import Database
from runtime.errors import Forbidden

Box = Literal["in", "out"]


class Referrals:
    """Letters between agencies."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    def send(self, person: Person, case_id: str, letter: Letter) -> dict[str, Any]:
        """A pending referral. Raises `ReferralUnfit`, `NoConsentHolds`, `CaseUnseen`."""
        if person.role not in CASE_ROLES:
            raise Forbidden
        with self._database.session(person.actor) as session:
            case = repository.seen_case(session, case_id, lock=True)
            referral_id = self._kept(session, person, case, letter)
            plan_services.offer(session, person, case_id, referral_id, letter)
            digest = letter_hash(_read(session, referral_id))
            for kind in to_sign(letter.kind, letter.basis):
                sign_offs.ask(session, person, case_id, kind, referral_id, digest)
            told = {"to": letter.to_agency, "purpose": letter.purpose, "basis": letter.basis}
            audit.record(session, case_id, person.id, "referral_sent", referral_id, told)
            return _read(session, referral_id)

    def read(self, person: Person, referral_id: str) -> dict[str, Any]:
        """One letter; raises `ReferralUnseen`. The reading is audited."""
        with self._database.session(person.actor) as session:
            letter = _read(session, referral_id)
            case_id, received = letter["case_id"], letter["to_agency"] == person.agency_id
            if received or repository.first(session, "get_case", id=case_id):
                audit.record_once(session, case_id, person.id, "referral_read", referral_id)
            return letter

    def of_case(self, person: Person, case_id: str) -> list[dict[str, Any]]:
        """The letters of a case that this person's agency wrote or got; raises `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            return SQL.rows(session, "of_case", case_id=case_id)

    def box(
        self, person: Person, box: Box, status: str | None, limit: int, offset: int
    ) -> list[dict[str, Any]]:
        """Letters to (``in``) or from (``out``) the person's agency, those to answer first."""
        with self._database.session(person.actor) as session:
            wanted = {"box": box, "status": status, "agency": person.agency_id}
            return SQL.rows(session, "between", limit=limit, offset=offset, **wanted)

    def agencies(self, person: Person) -> list[dict[str, Any]]:
        """Agencies a letter can be sent to."""
        with self._database.session(person.actor) as session:
            return SQL.rows(session, "agencies")

    def acknowledge(self, person: Person, referral_id: str) -> dict[str, Any]:
        """Say that the letter has arrived; a second time changes nothing."""
        with self._database.session(person.actor) as session:
            letter = _party(session, person, referral_id, "to_agency")
            if SQL.run(
                session, "acknowledge", id=referral_id, who=person.id, agency=person.agency_id
            ):
                audit.record(
                    session, letter["case_id"], person.id, "referral_received", referral_id
                )
            return _read(session, referral_id)

    def accept(self, person: Person, referral_id: str, comment: str | None) -> dict[str, Any]:
        """Take the case on; its services are accepted with it. A transfer moves the case.

        Raises `ReferralUnsigned` while an approval it must wait for is not given.
        """
        self.acknowledge(person, referral_id)
        with self._database.session(person.actor) as session:
            letter = _party(session, person, referral_id, "to_agency")
            if letter["kind"] == "transfer" and person.role not in CASE_ROLES:
                raise Forbidden
            _change(session, person, letter, "accepted", comment=comment)
            plan_services.answered(session, person, referral_id, "accepted")
            if letter["kind"] == "transfer":
                with _ruled(session):
                    SQL.scalar(session, "take_over", id=referral_id, who=person.id)
            _trace(session, person, letter, "accepted")
            return _read(session, referral_id)

    def reject(
        self, person: Person, referral_id: str, reason_code: str, comment: str | None
    ) -> dict[str, Any]:
        """Decline with a reason; the sender stays responsible."""
        self.acknowledge(person, referral_id)
        with self._database.session(person.actor) as session:
            letter = _party(session, person, referral_id, "to_agency")
            plan_services.answered(session, person, referral_id, "declined")
            _change(session, person, letter, "rejected", reason_code, comment)
            _trace(session, person, letter, "rejected", reason_code)
            return _read(session, referral_id)

    def finish(self, person: Person, referral_id: str, comment: str | None) -> dict[str, Any]:
        """What was asked for is done; the case closes to the receiver."""
        with self._database.session(person.actor) as session:
            letter = _party(session, person, referral_id, "to_agency")
            _change(session, person, letter, "done", comment=comment)
            _trace(session, person, letter, "done")
            return _read(session, referral_id)

    def revoke(
        self, person: Person, referral_id: str, reason_code: str, comment: str | None
    ) -> dict[str, Any]:
        """Take the letter back; the case closes to the receiver at once."""
        with self._database.session(person.actor) as session:
            letter = _party(session, person, referral_id, "from_agency")
            _change(session, person, letter, "revoked", reason_code, comment)
            plan_services.answered(session, person, referral_id, "withdrawn")
            _trace(session, person, letter, "revoked", reason_code)
            return _read(session, referral_id)

    def _kept(self, session: Session, person: Person, case: Row, letter: Letter) -> str:
        """The letter's row; raises what `send` raises."""
        purpose = fitting(session, person, letter)
        referral_id, asked = repository.new_id(), to_sign(letter.kind, letter.basis)
        with _ruled(session):
            SQL.run(
                session,
                "add_referral",
                id=referral_id,
                case_id=case["id"],
                from_agency=person.agency_id,
                services=orjson.dumps([w.model_dump() for w in letter.services]).decode(),
                parts=letter.parts if letter.parts is not None else purpose["parts"],
                shared=orjson.dumps(self._shared(session, case, purpose)).decode(),
                answer_by=letter.answer_by or answer_by(case),
                signed_first=[kind for kind, before in asked.items() if before],
                who=person.id,
                **letter.model_dump(include=WRITTEN),
            )
        return referral_id

    def _shared(self, session: Session, case: Row, purpose: dict[str, Any]) -> dict[str, Any]:
        """What the letter tells of the case: the fields its purpose allows, and no word more."""
        coded = decided_coding(session, case["id"], self._library)
        told = {
            "number": case["number"],
            "urgency": case["urgency"],
            "received_at": case["received_at"],
            "codes": [{"code": c.code, "label_th": c.label_th} for c in coded.codes],
            "red_flags": [{"id": f.id, "sign_th": f.sign_th} for f in coded.red_flags],
        }
        return {field: told[field] for field in purpose["letter"]}


class _ruled:  # noqa: N801
    """Turns a refusal of the database into the sentence it stands for."""

    def __init__(self, session: Session) -> None:
        self._nested = session.begin_nested()

    def __enter__(self) -> None:
        self._nested.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._nested.__exit__(kind, error, trace)
        if isinstance(error, IntegrityError):
            refused = {
                "referral_consent": NoConsentHolds,
                "referral_step": ReferralStep,
                "referral_party": NotTheParty,
                "referral_unsigned": ReferralUnsigned,
            }.get(rule_of(error), ReferralUnfit)
            raise refused(what=rule_of(error)) from error


def _read(session: Session, referral_id: str) -> Row:
    return found(SQL.first(session, "get_referral", id=referral_id), ReferralUnseen)


def _party(session: Session, person: Person, referral_id: str, side: str) -> Row:
    letter = _read(session, referral_id)
    if letter[side] != person.agency_id or person.role not in RECEIVING_ROLES:
        raise NotTheParty
    return letter


def _change(
    session: Session,
    person: Person,
    letter: Row,
    status: str,
    reason_code: str | None = None,
    comment: str | None = None,
) -> None:
    if status in ("rejected", "revoked") and reason_code not in listed("referrals", "reasons"):
        raise ReferralUnfit(what="reason_code")
    with _ruled(session):
        changed = SQL.run(
            session,
            "set_status",
            id=letter["id"],
            status=status,
            reason_code=reason_code,
            comment=comment,
            who=person.id,
        )
    if not changed:
        raise ReferralStep


def _trace(
    session: Session, person: Person, letter: Row, status: str, reason_code: str | None = None
) -> None:
    told = {"status": status, "reason_code": reason_code}
    audit.record(session, letter["case_id"], person.id, f"referral_{status}", letter["id"], told)
