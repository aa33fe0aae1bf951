"""Plan versions: read, decide item by item, take back, approve."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.dependencies import Signed
from api.errors import RESPONSES
from api.plan_schemas import ApprovalRequest, Decisions, Undo, Version
from api.services import Given, Services
from api.views import CaseRoute
from cases.people import Person

router = APIRouter(prefix="/plans", tags=["plans"], responses=RESPONSES, route_class=CaseRoute)


@router.get("/{version_id}")
def read_version(version_id: str, person: Signed, services: Given) -> Version:
    """A version with the decisions on it and its approval."""
    return _version(services, person, version_id)


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
    return _version(services, person, version_id)


def _version(services: Services, person: Person, version_id: str) -> Version:
    """A version as it was written; beside it what it cites in English, as far as known today."""
    version = Version.model_validate(services.review.read(person, version_id))
    cited = ((c.id, services.library.title_en(c.id)) for c in version.content.citations)
    titles = {name: title for name, title in cited if title}
    return version.model_copy(update={"titles_en": titles})
