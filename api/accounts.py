"""Signing in: a plain form the browser itself posts, and a token for programs."""

from __future__ import annotations

import re
from html import escape
from importlib import resources
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.account_schemas import LanguageChoice, Login, Me, PasswordChange, Token
from api.dependencies import COOKIE, Signed, check_origin, token_of
from api.errors import RESPONSES
from api.own_address import own
from api.services import Given, Services
from cases.errors import LoginLocked, LoginRefused
from runtime.messages import sentence

router = APIRouter(tags=["accounts"], responses=RESPONSES)
pages = APIRouter(include_in_schema=False)
FORM_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@router.post("/login")
def sign_in(body: Login, services: Given) -> Token:
    """A session token for a name and a password."""
    return Token(token=services.accounts.sign_in(body.login, body.password))


@router.post("/logout", status_code=204)
def sign_out(request: Request, services: Given, _: Signed) -> Response:
    """End this session."""
    services.accounts.sign_out(token_of(request))
    return Response(status_code=204)


@router.get("/me")
def me(person: Signed, services: Given) -> Me:
    """The signed-in person, after how many quiet minutes their pages sign out, unread notices."""
    idle, unread = services.settings.idle_minutes, services.casework.notices.unread(person)
    return Me.model_validate(person.model_dump() | {"idle_minutes": idle, "unread": unread})


@router.put("/me/language", status_code=204)
def language(body: LanguageChoice, person: Signed, services: Given) -> Response:
    """Remember the language a person reads."""
    services.accounts.set_language(person, body.language)
    return Response(status_code=204)


@router.put("/me/password", status_code=204)
def password(body: PasswordChange, person: Signed, request: Request, services: Given) -> Response:
    """Change one's password; every other session of this person ends."""
    services.accounts.change_password(person, token_of(request), body.old, body.new)
    return Response(status_code=204)


@pages.get("/login")
def form(services: Given, why: str = "", to: str = "") -> HTMLResponse:
    """The sign-in page; ``why=idle``: the pages were left alone, ``to``: the page asked for.

    Before anybody has an account it says how an office begins.
    """
    if services.accounts.nobody_yet():
        return _page(_both("office.empty"))
    return _page(_both("signin.idle") if why == "idle" else "", to=to)


@pages.get("/away")
def away() -> HTMLResponse:
    """A blank page without a word: where the quick way out leads."""
    headers = {"Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store"}
    return HTMLResponse("<!doctype html><title>&#8203;</title>", headers=headers)


@pages.post("/login")
def submit(
    request: Request,
    services: Given,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "",
) -> Response:
    """Sign in from the form: 303 to the page asked for, or the form again with the reason."""
    check_origin(request)
    try:
        token = services.accounts.sign_in(login.replace("\0", "")[:200], password[:1000])
    except (LoginRefused, LoginLocked) as refused:
        return _page(f"{refused.say('th')}<br><small>{refused.say('en')}</small>", login, 401, to)
    answer = RedirectResponse(own(to), status_code=303)
    _remember(answer, token, request, services)
    return answer


@pages.post("/logout")
def leave(request: Request, services: Given) -> Response:
    """Sign out from the pages."""
    check_origin(request)
    services.accounts.sign_out(token_of(request))
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


def _remember(answer: Response, token: str, request: Request, services: Services) -> None:
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(services.settings.session_hours * 3600),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def _both(code: str) -> str:
    return f"{sentence(code, 'th')}<br><small>{sentence(code, 'en')}</small>"


def _page(reason: str, login: str = "", status: int = 200, to: str = "") -> HTMLResponse:
    file = resources.files("api").joinpath("templates", "login.html")
    alert = f'<p class="alert" role="alert">{reason}</p>' if reason else ""
    page = file.read_text(encoding="utf-8")
    filled = {"__login__": login, "__to__": own(to)}
    page = re.sub("__(?:login|to)__", lambda at: escape(filled[at.group()], quote=True), page)
    page = page.replace("<!--alert-->", alert)
    return HTMLResponse(page, status, headers={"Content-Security-Policy": FORM_POLICY})
