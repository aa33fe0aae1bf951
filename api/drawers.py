"""What a signed-in person keeps at their desk, for themselves alone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from api.dependencies import Signed
from api.errors import RESPONSES
from api.schemas import Body
from api.services import Given
from intake.narrative import LIMIT

router = APIRouter(prefix="/me/drawer", tags=["accounts"], responses=RESPONSES)
FIELD = "written-[A-Za-z0-9_.-]{1,200}"
Name = Annotated[str, Path(pattern=f"^(intake|numerals|own_view|tour|{FIELD})$")]
Begins = Annotated[str, Path(pattern=f"^{FIELD}$")]


class DrawerOut(BaseModel):
    """One thing kept, and since when."""

    name: str
    content: str
    kept_at: datetime


class DrawerWords(Body):
    """What to keep; nothing empties the drawer. ``writer`` is who wrote it, if the page knows."""

    content: str = Field(max_length=LIMIT)
    writer: str | None = Field(default=None, max_length=64)


@router.get("")
def read_drawer(person: Signed, services: Given) -> list[DrawerOut]:
    """Everything the person keeps."""
    return [DrawerOut.model_validate(row) for row in services.drawers.of(person)]


@router.put("/{name}", status_code=204)
def keep(name: Name, body: DrawerWords, person: Signed, services: Given) -> Response:
    """Keep words in place of what lay there; refused when somebody else wrote them."""
    services.drawers.keep(person, name, body.content, body.writer)
    return Response(status_code=204)


@router.delete("/{name}", status_code=204)
def empty(name: Begins, person: Signed, services: Given) -> Response:
    """Take out all fields of a form that were being written: names that begin so."""
    services.drawers.empty(person, name)
    return Response(status_code=204)
