"""What a letter between agencies says: its rules, and the form its approvals are bound to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cases.canonical import content_hash
from cases.casebook import casebook, listed
from cases.casework_errors import ReferralUnfit
from cases.people import Person
from cases.referral_schemas import Letter
from cases.rows import Row, Rows
from runtime.clock import now

SQL = Rows("referrals")
SAID = (
    "case_id", "kind", "from_agency", "to_agency", "purpose", "basis", "basis_reason", "consent_id",
    "requested", "services", "parts", "shared", "replaces",
)  # fmt: skip
# What of a letter goes into its row as it stands.
WRITTEN = {
    "kind", "to_agency", "purpose", "basis", "basis_reason", "consent_id", "requested", "replaces",
}  # fmt: skip


def letter_hash(letter: Mapping[str, Any]) -> str:
    """The hash over everything a stored letter says."""
    said = {field: letter[field] for field in SAID}
    return content_hash(said | {"answer_by": letter["answer_by"].astimezone(UTC).isoformat()})


def to_sign(kind: str, basis: str) -> dict[str, bool]:
    """By kind of approval a letter needs, whether it must be given before the letter is accepted.

    Giving a case away always waits. Telling without consent waits unless the law or a danger bids
    to tell at once (``data/referrals.yaml``); then it is looked at afterwards.
    """
    asked = {"transfer": True} if kind == "transfer" else {}
    looked_at = listed("referrals", "bases")[basis].get("looked_at")
    return asked | ({"disclosure": looked_at == "before"} if looked_at else {})


def fitting(session: Session, person: Person, letter: Letter) -> dict[str, Any]:
    """The purpose; raises `ReferralUnfit` where a rule of ``data/referrals.yaml`` is not kept."""
    purpose = listed("referrals", "purposes").get(letter.purpose)
    basis = listed("referrals", "bases").get(letter.basis)
    known = {row["id"] for row in SQL.rows(session, "agencies")}
    if purpose is None or basis is None:
        raise ReferralUnfit(what="basis" if purpose else "purpose")
    consenting = letter.basis == "consent"
    faults = {
        "to_agency": letter.to_agency not in known or letter.to_agency == person.agency_id,
        "basis": basis["purposes"] != "all" and letter.purpose not in basis["purposes"],
        "basis_reason": not consenting and not (letter.basis_reason or "").strip(),
        "consent_id": consenting != (letter.consent_id is not None),
        "parts": not set(letter.parts or ()) <= set(purpose["parts"]),
        "answer_by": letter.answer_by is not None and letter.answer_by.tzinfo is None,
    }
    for what, fault in faults.items():
        if fault:
            raise ReferralUnfit(what=what)
    return purpose


def answer_by(case: Row) -> datetime:
    """When a letter about the case should be answered, by its urgency."""
    return now() + timedelta(hours=casebook("referrals")["answer_hours"][case["urgency"]])
