"""Signing in and who somebody is, as the API takes and tells it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.schemas import Body, Language, Words


class Login(Body):
    """Name and password."""

    login: Words = Field(max_length=200)
    password: Words = Field(max_length=1000)


class PasswordChange(Body):
    """The present password and the one to use from now on."""

    old: Words = Field(max_length=1000)
    new: Words = Field(max_length=1000)


class Me(BaseModel):
    """The signed-in person."""

    id: str
    login: str
    name: str
    role: str
    agency_id: str
    agency_th: str
    agency_en: str
    language: Language
    idle_minutes: float = 0.0
    unread: int = 0
    password_due: bool = False


class Token(BaseModel):
    """A session token for the Authorization header."""

    token: str


class LanguageChoice(Body):
    """The language a person reads."""

    language: Language
