"""Documents: what each step asks for, upload, draft, read, and hand on."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.audio import FIELD, FORM
from api.dependencies import Signed
from api.document_schemas import (
    ActRequest,
    ChecklistOut,
    DocumentKinds,
    DocumentList,
    DocumentOut,
    DraftRequest,
    ErasedDocument,
    ErasureRequest,
)
from api.errors import RESPONSES, RequestUnreadable
from api.ranges import ranged
from api.services import Given

router = APIRouter(tags=["documents"], responses=RESPONSES)
CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The document's bytes."}
}
Id = Annotated[str, Query(max_length=64)]


@router.get("/document-types")
def list_kinds(person: Signed, services: Given) -> DocumentKinds:
    """The nineteen kinds, as far as this person may see them."""
    return DocumentKinds.model_validate({"items": services.checklist.kinds(person)})


@router.get("/cases/{case_id}/documents")
def list_documents(case_id: str, person: Signed, services: Given) -> DocumentList:
    """The documents of a case with versions and custody."""
    return DocumentList.model_validate({"items": services.documents.listed(person, case_id)})


@router.get("/cases/{case_id}/checklist")
def read_checklist(case_id: str, person: Signed, services: Given) -> ChecklistOut:
    """Per step the documents it asks for, and which of them the case has."""
    return ChecklistOut.model_validate({"steps": services.checklist.read(person, case_id)})


@router.post("/documents", status_code=201, openapi_extra=FORM)
async def upload_document(
    request: Request,
    person: Signed,
    services: Given,
    case_id: Id,
    type_id: Id,
    document_id: Annotated[str | None, Query(max_length=64)] = None,
) -> DocumentOut:
    """Keep a file (PDF, docx, xlsx, PNG, JPEG) as a document, or as another's next version."""
    async with request.form(max_files=1, max_fields=1) as form:
        sent = form.get(FIELD)
        if not isinstance(sent, UploadFile):
            raise RequestUnreadable(fields=FIELD)
        kept = await run_in_threadpool(
            services.documents.upload,
            person,
            case_id,
            type_id,
            sent.file,
            sent.filename or "",
            document_id=document_id,
        )
    return DocumentOut.model_validate(kept)


@router.post("/cases/{case_id}/documents", status_code=201)
def draft_document(
    case_id: str, body: DraftRequest, person: Signed, services: Given
) -> DocumentOut:
    """Draft a form or a letter from the case; what is not known stays blank."""
    made = services.documents.draft(
        person,
        case_id,
        body.type_id,
        body.form,
        letter=body.letter,
        card=body.card,
        words=dict(body.words),
        document_id=body.document_id,
    )
    return DocumentOut.model_validate(made)


@router.get("/documents/{document_id}")
def read_document(document_id: str, person: Signed, services: Given) -> DocumentOut:
    """A document with its versions and custody."""
    return DocumentOut.model_validate(services.documents.read(person, document_id))


@router.get("/document-versions/{version_id}/content", responses=CONTENT, response_class=Response)
def read_content(version_id: str, person: Signed, services: Given) -> Response:
    """The file itself; the reading becomes part of its custody."""
    version, file = services.custody.content(person, version_id)
    answer = ranged(file, version["size_bytes"], version["media_type"], None)
    name = quote(version["file_name"])
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@router.post("/document-versions/{version_id}/acts", status_code=201)
def act_on_document(
    version_id: str, body: ActRequest, person: Signed, services: Given
) -> DocumentOut:
    """Send, receive, refuse, sign or withdraw a version."""
    done = services.custody.act(
        person, version_id, body.act, party=body.party, note=body.note, card=body.card
    )
    return DocumentOut.model_validate(done)


@router.post("/documents/{document_id}/erasure")
def erase_document(
    document_id: str, body: ErasureRequest, person: Signed, services: Given
) -> ErasedDocument:
    """Erase a document by law, bytes and all; a tombstone stays. A supervisor's word."""
    done = services.document_erasure.erase(person, document_id, body.reason)
    return ErasedDocument.model_validate(done)
