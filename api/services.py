"""What the routers call. The composition root makes it; nothing here opens anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from cases.accounts import Accounts
from cases.administration import Administration
from cases.approval import Approval
from cases.case_tables import CaseTables
from cases.caseload import Caseload
from cases.casework import Casework
from cases.checklist import Checklist
from cases.comparing import Comparing
from cases.document_custody import Custody
from cases.document_erasure import DocumentErasure
from cases.documents import Documents
from cases.drafting import Drafting
from cases.drawers import Drawers
from cases.exchange import Exchange
from cases.fhir import FhirBundles
from cases.flags import Flags
from cases.intake import CaseFiles
from cases.integrity import Integrity
from cases.lately import Lately
from cases.more_told import MoreTold
from cases.overview import Overview
from cases.people_desk import PeopleDesk
from cases.recordings import Recordings
from cases.refusals import Refusals
from cases.research import Research
from cases.review import Review
from cases.source_arrivals import SourceArrivals
from cases.source_reviews import SourceReviews
from cases.step_counts import StepCounts
from cases.transcripts import Transcripts
from cases.verifications import Verifications
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
    more_told: MoreTold
    caseload: Caseload
    flags: Flags
    drafting: Drafting
    review: Review
    comparing: Comparing
    approval: Approval
    integrity: Integrity
    casework: Casework
    recordings: Recordings
    research: Research
    transcripts: Transcripts
    refusals: Refusals
    documents: Documents
    custody: Custody
    document_erasure: DocumentErasure
    checklist: Checklist
    fhir: FhirBundles
    tables: CaseTables
    exchange: Exchange
    people: PeopleDesk
    drawers: Drawers
    overview: Overview
    step_counts: StepCounts
    lately: Lately
    administration: Administration
    verifications: Verifications
    source_arrivals: SourceArrivals
    source_reviews: SourceReviews
    pings: Mapping[str, Callable[[], object]] = field(default_factory=dict)


def services_of(request: Request) -> Services:
    """The services of the application that serves this request."""
    found: Services = request.app.state.services
    return found


Given = Annotated[Services, Depends(services_of)]
