"""Every refusal the product makes, as small classes.

Tree::

    CmisError                 code, HTTP status, words in messages/*.yaml
    ├── BadInput              4xx: the caller can mend it
    │   ├── NotFound          404
    │   ├── Forbidden         403
    │   ├── Unauthenticated   401
    │   └── Conflict          409
    └── PartMissing           503: a part of the environment is missing

The sentence a person reads lives in ``runtime/messages/<lang>.yaml`` under the
error's ``code``; the class holds none. On the command line every ``CmisError``
ends with exit status 2 and one sentence; over HTTP with its ``status``.
"""

from __future__ import annotations

from typing import ClassVar

from runtime.messages import sentence


class CmisError(Exception):
    """Something the product refuses, with a stable code and words for a person.

    ``details`` fill the named places of the sentence and must never hold text of a narrative.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.code)

    def say(self, lang: str = "th") -> str:
        """One clear sentence in ``lang`` (``th`` or ``en``)."""
        return sentence(self.code, lang, **self.details)

    def __str__(self) -> str:
        return f"{self.code}: {self.say('en')}"


class BadInput(CmisError):
    """The request cannot be taken as it is; the caller can mend it."""

    code = "input.bad"
    status = 422


class NotFound(BadInput):
    """What was asked for is not there, or not visible to the caller."""

    code = "input.not_found"
    status = 404


class Forbidden(BadInput):
    """The signed-in person may not do this."""

    code = "access.forbidden"
    status = 403


class Unauthenticated(BadInput):
    """Nobody is signed in, or the session has ended."""

    code = "access.unauthenticated"
    status = 401


class Conflict(BadInput):
    """Somebody else changed the same thing first."""

    code = "record.conflict"
    status = 409


class PartMissing(CmisError):
    """A part of the environment the work needs is absent or altered."""

    code = "environment.missing"
    status = 503
