"""A letter as it is asked for: what is wanted of whom, and why it may be told."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Wanted(BaseModel):
    """One service asked for; ``action_id`` names the plan's action it carries out."""

    model_config = ConfigDict(frozen=True)

    text: str
    action_id: str | None = None


class Letter(BaseModel):
    """What is asked of whom, and why it may be told."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["referral", "transfer"] = "referral"
    to_agency: str
    purpose: str
    basis: str
    basis_reason: str | None = None
    consent_id: str | None = None
    requested: str
    services: list[Wanted] = []
    parts: list[str] | None = None
    answer_by: datetime | None = None
    replaces: str | None = None
