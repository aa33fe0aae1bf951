"""What every part of the API's wire is made of: text, bodies, levels."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

Language = Literal["th", "en"]
Status = Literal["new", "drafted", "reviewing", "approved", "closed"]
Level = Literal["immediate_1h", "24h", "72h", "routine"]


def storable(words: str) -> str:
    """The words; PostgreSQL keeps no NUL."""
    if "\0" in words:
        raise ValueError("NUL")
    return words


Words = Annotated[str, AfterValidator(storable)]


class Body(BaseModel):
    """A request's body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Health(BaseModel):
    """Whether every part answers."""

    ok: bool
    parts: dict[str, bool]
