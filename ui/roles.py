"""Which roles a page draws a form for; whether an act is allowed, the API alone decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WORKERS = frozenset(
    {
        "social_worker_province",
        "social_worker_shelter",
        "prosecutor_youth_family",
        "coordination_centre_subdistrict",
        "supervisor",
    }
)
RECEIVERS = WORKERS | {"partner_officer"}
INVITED = RECEIVERS | {"mdt_member"}
SIGNERS = frozenset({"supervisor", "prosecutor_youth_family"})
READS = "glass"
LEADS = "supervisor"


def writes(relation: str, role: str) -> bool:
    """Whether a case may be added to: an emergency opening and an auditor only read."""
    return relation != READS and role != "auditor"


def leads(held: Mapping[str, Any], role: str) -> bool:
    """Whether somebody leads a conference: a worker of the agency whose case it is."""
    return role in WORKERS and held["relation"] == "own"


def takes_part(held: Mapping[str, Any], role: str) -> bool:
    """Whether somebody speaks and votes in a conference."""
    return role in INVITED and writes(held["relation"], role)
