"""Signing in and out: argon2 passwords, a pause after too many failures, sessions by token."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cases import repository
from cases.errors import LoginLocked, LoginRefused, PasswordWeak, PasswordWrong
from cases.people import Person
from cases.rows import Rows
from runtime.actor import Actor
from runtime.clock import now
from runtime.database import Database
from runtime.errors import Unauthenticated

MOST_FAILURES = 10
PAUSE_MINUTES = 15
HOUR_S = 3600.0
SQL = Rows("administration")
SHORTEST_PASSWORD = 12
# Verified when the login is unknown, so that both failures take the same time.
_NOBODY = PasswordHasher().hash(secrets.token_urlsafe(16))


class Accounts:
    """People's sessions in one database."""

    def __init__(self, database: Database, session_hours: float) -> None:
        self._database = database
        self._lifetime_s = session_hours * HOUR_S
        self._hasher = PasswordHasher()
        self._entered = False

    def nobody_yet(self) -> bool:
        """Whether there is no account at all; once there is one, it is not asked again."""
        if not self._entered:
            with self._database.session() as session:
                self._entered = not SQL.scalar(session, "nobody_yet")
        return not self._entered

    def sign_in(self, login: str, password: str) -> str:
        """A new session's token; raises `LoginRefused` or `LoginLocked`."""
        with self._database.session() as session:
            found = repository.first(session, "login_lookup", login=login.strip().lower())
        if found and found["locked_until"] and found["locked_until"] > now():
            raise LoginLocked(minutes=PAUSE_MINUTES)
        right = self._matches(found["password_hash"] if found else _NOBODY, password)
        if found is None or not right or not found["active"]:
            self._failed(found["id"] if found else None)
            raise LoginRefused
        token = secrets.token_urlsafe(32)
        with self._database.session() as session:
            repository.run(
                session,
                "open_session",
                token=fingerprint(token),
                user_id=found["id"],
                lifetime_s=self._lifetime_s,
            )
        return token

    def person(self, token: str | None) -> Person:
        """Whose session it is; raises `Unauthenticated`."""
        if not token:
            raise Unauthenticated
        with self._database.session() as session:
            row = repository.first(session, "session_person", token=fingerprint(token))
        if row is None:
            raise Unauthenticated
        return Person.model_validate(row)

    def sign_out(self, token: str | None) -> None:
        """End a session; none is no error."""
        if token:
            with self._database.session() as session:
                repository.run(session, "end_session", token=fingerprint(token))

    def set_language(self, person: Person, language: str) -> None:
        """Remember the language a person reads."""
        with self._database.session(person.actor) as session:
            repository.run(session, "set_language", user_id=person.id, language=language)

    def change_password(self, person: Person, token: str | None, old: str, new: str) -> None:
        """Set a new password and end the person's other sessions.

        Raises `PasswordWeak`, `PasswordWrong` (which counts as a failed sign-in) or `LoginLocked`.
        """
        if len(new) < SHORTEST_PASSWORD or new in (old, person.login):
            raise PasswordWeak(least=SHORTEST_PASSWORD)
        with self._database.session() as session:
            found = repository.seen(session, "login_lookup", login=person.login)
        if found["locked_until"] and found["locked_until"] > now():
            raise LoginLocked(minutes=PAUSE_MINUTES)
        if not self._matches(found["password_hash"], old):
            self._failed(person.id)
            raise PasswordWrong
        hashed, kept = self._hasher.hash(new), fingerprint(token or "")
        with self._database.session(person.actor) as session:
            repository.run(session, "change_password", password_hash=hashed, kept=kept)

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    def _failed(self, user_id: str | None) -> None:
        if user_id:
            with self._database.session() as session:
                repository.run(
                    session,
                    "login_failed",
                    user_id=user_id,
                    most=MOST_FAILURES,
                    pause_s=PAUSE_MINUTES * 60.0,
                )


def fingerprint(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor_of(database: Database, user_id: str) -> Actor:
    """The actor for work done on somebody's behalf; raises `Unauthenticated` when gone."""
    with database.session() as session:
        row = repository.first(session, "person", user_id=user_id)
    if row is None:
        raise Unauthenticated
    return Actor(row["id"], row["agency_id"], row["role"])
