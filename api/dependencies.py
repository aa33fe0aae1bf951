"""Who is asking, and from where: session from cookie or bearer token, Origin on writes."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.services import Given
from cases.errors import PasswordDue
from cases.people import Person
from runtime.errors import Forbidden

COOKIE = "cmis_session"
BEFORE_A_PASSWORD = frozenset({"me", "password", "sign_out", "language"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class OriginForeign(Forbidden):
    """A page of another site tried to write in somebody's name."""

    code = "access.foreign_origin"


def bearer(request: Request) -> str | None:
    """The token of an Authorization header."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    return value if kind.lower() == "bearer" and value else None


def token_of(request: Request) -> str | None:
    """The session token of a request; a bearer header goes before the cookie."""
    return bearer(request) or request.cookies.get(COOKIE)


def check_origin(request: Request) -> None:
    """Refuse a write that a cookie would authorise for a foreign page."""
    if request.method in SAFE or bearer(request):
        return
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise OriginForeign


def signed_in(request: Request, services: Given) -> Person:
    """The signed-in person; raises `Unauthenticated`, `OriginForeign` or `PasswordDue`."""
    check_origin(request)
    person = services.accounts.person(token_of(request))
    request.state.person = person
    if person.password_due and request.scope["route"].name not in BEFORE_A_PASSWORD:
        raise PasswordDue
    return person


Signed = Annotated[Person, Depends(signed_in)]
