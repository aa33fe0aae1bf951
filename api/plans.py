"""Plan versions: read, decide item by item, take back, approve."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import ApprovalRequest, Decisions, Undo, Version
from api.services import Given

router = APIRouter(prefix="/plans", tags=["plans"], responses=RESPONSES)


@router.get("/{version_id}")
def read_version(version_id: str, person: Signed, services: Given) -> Version:
    """A version with the decisions on it and its approval."""
    return Version.model_validate(services.review.read(person, version_id))


@router.post("/{version_id}/decisions", status_code=204)
def decide(version_id: str, body: Decisions, person: Signed, services: Given) -> Response:
    """Accept, edit or strike sentences, all or none."""
    services.review.decide(person, version_id, list(body.decisions))
    return Response(status_code=204)


@router.post("/{version_id}/decisions/{sentence_id}/undo", status_code=204)
def undo(
    version_id: str,
    sentence_id: str,
    person: Signed,
    services: Given,
    body: Undo | None = None,
) -> Response:
    """Take the last decision on a sentence back."""
    services.review.undo(person, version_id, sentence_id, body.revision if body else None)
    return Response(status_code=204)


@router.post("/{version_id}/approve")
def approve(version_id: str, body: ApprovalRequest, person: Signed, services: Given) -> Version:
    """Approve exactly this content."""
    services.approval.approve(person, version_id, body.content_hash, body.comment)
    return Version.model_validate(services.review.read(person, version_id))
