"""Every refusal as JSON with words in both languages; never a traceback."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.services import services_of
from cases.errors import CaseUnseen, RecordingUnseen
from runtime.errors import BadInput, CmisError, Forbidden
from runtime.messages import sentence

log = structlog.get_logger("api")
OF_A_CASE = ("case_id", "document_id")  # what of an address's query names something of a case
BY_STATUS = {404: "input.not_found", 405: "input.bad", 413: "input.too_large"}


class Refusal(BaseModel):
    """What a client gets instead of an answer."""

    code: str
    message_th: str
    message_en: str
    details: dict[str, Any] = {}


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Refusal} for status in (401, 403, 404, 409, 413, 422, 503)
}


class RequestUnreadable(BadInput):
    """The request's fields do not fit. Details: ``fields``."""

    code = "input.fields"


def install_errors(app: FastAPI) -> None:
    """Answer every error of the product and of the framework in one form."""
    app.add_exception_handler(CmisError, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(Exception, _fault)


def refusal(error: CmisError) -> JSONResponse:
    """One refusal as a response."""
    body = Refusal(
        code=error.code,
        message_th=error.say("th"),
        message_en=error.say("en"),
        details=jsonable_encoder(error.details),
    )
    return JSONResponse(body.model_dump(), status_code=error.status)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, Forbidden | CaseUnseen | RecordingUnseen):
        await run_in_threadpool(_note, request, error)
    return refusal(error if isinstance(error, CmisError) else CmisError())


def _note(request: Request, error: CmisError) -> None:
    """Leave a trace of refused access; a trace that fails must not change the answer."""
    person = getattr(request.state, "person", None)
    if person is None:
        return
    route = getattr(request.scope.get("route"), "path", "")
    asked = [str(value) for value in request.path_params.values()]
    asked += [request.query_params[name] for name in OF_A_CASE if name in request.query_params]
    try:
        services_of(request).refusals.note(person, asked, f"{request.method} {route}", error.code)
    except Exception as fault:
        log.error("refusal_unrecorded", kind=type(fault).__name__)  # noqa: TRY400


async def _unreadable(_: Request, error: Exception) -> JSONResponse:
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    fields = ", ".join(".".join(map(str, e["loc"])) for e in found)
    return refusal(RequestUnreadable(fields=fields))


async def _framework(_: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = BY_STATUS.get(status, BadInput.code if status < 500 else CmisError.code)
    body = Refusal(code=code, message_th=sentence(code, "th"), message_en=sentence(code, "en"))
    return JSONResponse(body.model_dump(), status_code=status)


async def _fault(request: Request, error: Exception) -> JSONResponse:
    log.error("fault", kind=type(error).__name__, path=request.url.path)
    return refusal(CmisError())
