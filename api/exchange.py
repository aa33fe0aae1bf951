"""A case for other systems: as a FHIR bundle, in a table, in a neighbour's form and out of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.audio import FIELD, FORM
from api.dependencies import Signed, signed_in
from api.errors import RESPONSES, RequestUnreadable
from api.exchange_schemas import ImportReport, ProfileList, ProfileOut, SourceList
from api.services import Given
from cases.exchange_profiles import profiles

router = APIRouter(tags=["exchange"], responses=RESPONSES)
TABLE = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in TABLE.values()}, "description": "The table."}
}


@router.get("/cases/{case_id}/fhir")
def read_bundle(case_id: str, person: Signed, services: Given) -> dict[str, Any]:
    """The case as a FHIR R4 bundle: conditions, approved plan, referrals, consents; no names."""
    return services.fhir.of(person, case_id)


@router.get("/tables/cases", responses=FILES, response_class=Response)
def read_table(
    person: Signed, services: Given, form: Annotated[Literal["csv", "xlsx"], Query()] = "csv"
) -> Response:
    """The cases this person may see, as a table; each case's giving out is audited."""
    content = services.tables.table(person, form)
    headers = {"Content-Disposition": f'attachment; filename="cases.{form}"'}
    return Response(content, media_type=TABLE[form], headers=headers)


@router.get("/exchange/profiles", dependencies=[Depends(signed_in)])
def list_profiles() -> ProfileList:
    """The neighbouring systems and the columns of their files."""
    return ProfileList(
        items=[
            ProfileOut(
                id=p.id,
                name_th=p.name_th,
                name_en=p.name_en,
                confidence=p.confidence,
                required=list(p.incoming.required),
                exported=list(p.outgoing),
            )
            for p in profiles().values()
        ]
    )


@router.post("/exchange/{profile}/imports", status_code=201, openapi_extra=FORM)
async def import_cases(
    profile: str, request: Request, person: Signed, services: Given
) -> ImportReport:
    """Make a case of every row of a CSV or JSON file; a bad row is refused, the rest come in."""
    async with request.form(max_files=1, max_fields=1) as form:
        sent = form.get(FIELD)
        if not isinstance(sent, UploadFile):
            raise RequestUnreadable(fields=FIELD)
        content = await sent.read()
        report = await run_in_threadpool(services.exchange.take_in, person, profile, content)
    return ImportReport.model_validate(report)


@router.get("/cases/{case_id}/exchange/{profile}", responses=FILES, response_class=Response)
def export_case(
    case_id: str,
    profile: str,
    person: Signed,
    services: Given,
    form: Annotated[Literal["csv", "json"], Query()] = "csv",
) -> Response:
    """The case in the columns of a neighbouring system."""
    content = services.exchange.give_out(person, profile, case_id, form)
    return Response(content, media_type=TABLE.get(form, "application/json"))


@router.get("/cases/{case_id}/sources")
def read_sources(case_id: str, person: Signed, services: Given) -> SourceList:
    """Where an imported case came from."""
    return SourceList.model_validate({"items": services.exchange.sources(person, case_id)})
