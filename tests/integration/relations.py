"""A case and somebody in every relation to it, made by the database's owner past every rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cases.repository import new_id
from tests.integration.record import Record

PARTS = ["story", "codes", "plan", "conference"]
RELATIONS = (
    "own",
    "none",
    "pending",
    "referred",
    "rejected",
    "revoked",
    "withdrawn",
    "expired",
    "mdt",
    "mdt_closed",
    "glass",
    "glass_over",
)


def relate(record: Record, relation: str, version: dict[str, Any], who: Any) -> None:
    """Put ``who`` into a relation to the case of a version of the provincial office's."""
    made: dict[str, Callable[[], None]] = {
        "pending": lambda: refer(record, version, who, "pending"),
        "referred": lambda: refer(record, version, who, "accepted"),
        "rejected": lambda: refer(record, version, who, "rejected"),
        "revoked": lambda: refer(record, version, who, "revoked"),
        "withdrawn": lambda: refer(record, version, who, "accepted", withdrawn=True),
        "expired": lambda: refer(record, version, who, "accepted", over=True),
        "mdt": lambda: invite(record, version, who, "open"),
        "mdt_closed": lambda: invite(record, version, who, "closed"),
        "glass": lambda: break_glass(record, version, who, "1 hour"),
        "glass_over": lambda: break_glass(record, version, who, "-1 hour"),
    }
    if relation in made:
        made[relation]()


def refer(
    record: Record,
    version: dict[str, Any],
    who: Any,
    status: str,
    *,
    withdrawn: bool = False,
    over: bool = False,
) -> None:
    """A referral to the person's agency under a consent."""
    (holder,) = record.owner("SELECT owner_id FROM cases WHERE id = :c", c=version["case_id"])
    consent, referral = new_id(), new_id()
    record.owner(
        "INSERT INTO consents (id, case_id, subject, purpose, recipients, given_by, method,"
        " details, given_at, expires_at, recorded_by) VALUES (:i, :c, 'client', 'service',"
        " ARRAY[:a], 'self', 'written', '{}', now() - interval '2 days',"
        " now() + interval '9 days', :u)",
        i=consent,
        c=version["case_id"],
        a=who.agency_id,
        u=holder.owner_id,
    )
    record.owner(
        "INSERT INTO referrals (id, case_id, kind, from_agency, to_agency, purpose, basis,"
        " consent_id, requested, services, parts, shared, answer_by, sent_by) VALUES (:i, :c,"
        " 'referral', 'pmj', :a, 'service', 'consent', :k, 'x', '[]', :p, '{}', now(), :u)",
        i=referral,
        c=version["case_id"],
        a=who.agency_id,
        k=consent,
        p=PARTS,
        u=holder.owner_id,
    )
    if status != "pending":
        party = "pmj" if status == "revoked" else who.agency_id
        record.owner(
            "WITH who AS MATERIALIZED (SELECT set_config('cmis.agency_id', :a, true))"
            " UPDATE referrals SET status = :s, reason_code = 'other' FROM who WHERE id = :i",
            a=party,
            s=status,
            i=referral,
        )
    if withdrawn:
        record.owner(
            "UPDATE consents SET withdrawn_at = now(), withdrawn_by = :u WHERE id = :i",
            i=consent,
            u=holder.owner_id,
        )
    if over:
        record.owner(
            "UPDATE consents SET expires_at = now() - interval '1 day' WHERE id = :i", i=consent
        )


def invite(record: Record, version: dict[str, Any], who: Any, status: str) -> str:
    """A conference on the version with the person invited."""
    (holder,) = record.owner("SELECT owner_id FROM cases WHERE id = :c", c=version["case_id"])
    conference = new_id()
    record.owner(
        "INSERT INTO conferences (id, case_id, number, version_id, agenda, meets_at, called_by,"
        " status, decision, decided_hash, decided_by, minutes, minutes_by) SELECT :i, :c,"
        " coalesce(max(number), 0) + 1, :v, '[]', now(), :u, :s, 'keep', 'x', :u, 'x', :u"
        " FROM conferences WHERE case_id = :c",
        i=conference,
        c=version["case_id"],
        v=version["id"],
        u=holder.owner_id,
        s=status,
    )
    record.owner(
        "INSERT INTO conference_members (conference_id, case_id, user_id, agency_id, name,"
        " profession, parts, invited_by) VALUES (:i, :c, :w, :a, 'x', 'doctor', :p, :u)",
        i=conference,
        c=version["case_id"],
        w=who.user_id,
        a=who.agency_id,
        p=["codes", "plan", "conference"],
        u=holder.owner_id,
    )
    return conference


def break_glass(record: Record, version: dict[str, Any], who: Any, lasting: str) -> None:
    """Glass broken by the person, for a while from an hour ago."""
    record.owner(
        "INSERT INTO glass_breaks (id, case_id, user_id, agency_id, name, reason, opened_at,"
        " expires_at) VALUES (:i, :c, :w, :a, 'x', 'somebody is in danger this night',"
        " now() - interval '2 hours', now() + CAST(:l AS interval))",
        i=new_id(),
        c=version["case_id"],
        w=who.user_id,
        a=who.agency_id,
        l=lasting,
    )
