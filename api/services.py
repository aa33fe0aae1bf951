"""What the routers call. The composition root makes it; nothing here opens anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from cases.accounts import Accounts
from cases.approval import Approval
from cases.drafting import Drafting
from cases.intake import CaseFiles
from cases.integrity import Integrity
from cases.recordings import Recordings
from cases.review import Review
from cases.transcripts import Transcripts
from knowledge_base.library import Library
from knowledge_base.office_search import OfficeSearch
from runtime.settings import Settings


@dataclass(frozen=True)
class Services:
    """The product's verbs, and a ping for each part it stands on."""

    settings: Settings
    library: Library
    search: OfficeSearch
    accounts: Accounts
    files: CaseFiles
    drafting: Drafting
    review: Review
    approval: Approval
    integrity: Integrity
    recordings: Recordings
    transcripts: Transcripts
    pings: Mapping[str, Callable[[], object]] = field(default_factory=dict)


def services_of(request: Request) -> Services:
    """The services of the application that serves this request."""
    found: Services = request.app.state.services
    return found


Given = Annotated[Services, Depends(services_of)]
