"""Who is asking: the three facts every row policy reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person within one transaction: ids as text, ``role`` a role id."""

    user_id: str
    agency_id: str
    role: str
