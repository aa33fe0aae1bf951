"""What waits for the person who asks."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from api.conferences import ConferenceRow
from api.dependencies import Signed
from api.errors import RESPONSES
from api.notices import NoticeOut
from api.referrals import ReferralOut
from api.services import Given

router = APIRouter(tags=["alerts"], responses=RESPONSES)


class Waiting(BaseModel):
    """Letters to answer, letters nobody answered, deadlines, meetings, approvals, openings,
    unread notices (dangers first) and how many those are in all."""

    to_answer: list[ReferralOut]
    unanswered: list[ReferralOut]
    deadlines: list[dict[str, Any]]
    conferences: list[ConferenceRow]
    to_sign: list[dict[str, Any]]
    openings: list[dict[str, Any]]
    notices: list[NoticeOut]
    unread: int


@router.get("/alerts")
def list_alerts(person: Signed, services: Given) -> Waiting:
    """What waits, the most pressing first."""
    return Waiting.model_validate(services.casework.alerts.of(person))
