"""Versions side by side, papers for the client (also to print), and what a changed law asks for."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.dependencies import Signed
from api.errors import RESPONSES
from api.printing import printed
from api.revision_schemas import LawChanges, Sheets, VersionDifference
from api.schemas import Words
from api.services import Given

# its own style and the pages' font, and nothing else: no script
POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src 'self'"
STYLED = {"Content-Security-Policy": POLICY}
router = APIRouter(tags=["plans"], responses=RESPONSES)


@router.get("/cases/{case_id}/diff")
def difference(
    case_id: str,
    person: Signed,
    services: Given,
    old: Annotated[Words | None, Query(alias="from", max_length=64)] = None,
    new: Annotated[Words | None, Query(alias="to", max_length=64)] = None,
) -> VersionDifference:
    """Two versions of a case's plan, sentence by sentence; by default the last two."""
    return VersionDifference.model_validate(
        services.comparing.difference(person, case_id, old, new)
    )


@router.get("/plans/{version_id}/sheets")
def sheets(version_id: str, person: Signed, services: Given) -> Sheets:
    """A plain sheet for the client and the safety plan on one page."""
    return Sheets.model_validate(services.comparing.sheets(person, version_id))


@router.get("/plans/{version_id}/sheets/{paper}", response_class=HTMLResponse)
def sheet_to_print(
    version_id: str, paper: Literal["client", "safety"], person: Signed, services: Given
) -> HTMLResponse:
    """One of the papers as a page to print."""
    found = Sheets.model_validate(services.comparing.sheets(person, version_id))
    page = printed(found.client if paper == "client" else found.safety)
    return HTMLResponse(page, headers=STYLED)


@router.get("/plans/{version_id}/law-changes")
def law_changes(version_id: str, person: Signed, services: Given) -> LawChanges:
    """Cited entries that read differently now, and proposals for the sentences on them."""
    return LawChanges.model_validate(services.comparing.law_changes(person, version_id))
