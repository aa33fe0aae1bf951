"""What an agency is: its kind, where it works and how it is reached, held to reviewed lists.

The command that begins an office and the administrator's page ask the same rules.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict

from cases.administration_errors import AgencyContact, AgencyKind, AgencyNamed, RegionUnknown
from cases.casebook import casebook

ID = re.compile(r"[a-z][a-z0-9-]{1,39}")
NO_REGION = "unknown"
# Three digits in a row (191, 02-123 4567) or an address of electronic mail.
REACHED = re.compile(r"\d(?:[ -]?\d){2,}|[^\s@]+@[^\s@]+\.[^\s@]+")


class Agency(BaseModel):
    """What an agency is called, where it works, whether letters go to it and two people approve.

    ``contact`` None leaves it as it is.
    """

    model_config = ConfigDict(frozen=True)

    name_th: str
    name_en: str
    two_person_approval: bool
    receives: bool
    region: str
    contact: str | None = None


class NewAgency(Agency):
    """An agency to add; its id stands in every case and cannot be changed later."""

    id: str
    kind: str
    contact: str
    two_person_approval: bool = False
    receives: bool = True


def kinds() -> list[dict[str, Any]]:
    """``{id, th, en}`` of every kind an agency may have."""
    found: list[dict[str, Any]] = casebook("agencies")["kinds"]
    return found


def regions() -> list[str]:
    """Where an agency may work; ``unknown`` among them."""
    return [*casebook("regions")["regions"], NO_REGION]


def check_region(region: str) -> None:
    """Raises `RegionUnknown`."""
    if region not in regions():
        raise RegionUnknown(known=", ".join(regions()))


def check_contact(contact: str) -> None:
    """Raises `AgencyContact` where nobody could be called or written to."""
    if not REACHED.search(contact):
        raise AgencyContact


def check_kind(kind: str) -> None:
    """Raises `AgencyKind`."""
    known = [row["id"] for row in kinds()]
    if kind not in known:
        raise AgencyKind(known=", ".join(known))


def check_id(agency_id: str) -> None:
    """Raises `AgencyNamed` for an id that would not stand in addresses and file names."""
    if not ID.fullmatch(agency_id):
        raise AgencyNamed


def check_new(agency: NewAgency) -> None:
    """Raises the first thing that is wrong with an agency to add."""
    check_id(agency.id)
    check_kind(agency.kind)
    check_region(agency.region)
    check_contact(agency.contact)
