"""The file a real office begins with: its agencies and its first administrator.

Everything wrong with it is found at once, each with its line, before anything is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cases.agencies import NewAgency, check_contact, check_id, check_kind, check_region
from knowledge_base.findings import DataFile
from knowledge_base.marked_yaml import unmarked
from runtime.errors import BadInput, CmisError
from runtime.messages import sentence

LOGIN = re.compile(r"[a-z0-9._-]{1,100}")
MOST_WORDS = 300
Place = tuple[str | int, ...]


class OfficeFileMissing(BadInput):
    """There is no such file, or it may not be read. Details: ``file``."""

    code: ClassVar[str] = "office.file_missing"


class Words(BaseModel):
    """No unknown field, and no text that is empty or beyond all measure."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_min_length=1,
        str_max_length=MOST_WORDS,
        str_strip_whitespace=True,
    )


class OfficeAgency(NewAgency, Words):
    """An agency of the file."""


class Administrator(Words):
    """Who keeps the accounts from then on."""

    login: str
    name: str
    agency_id: str
    language: Literal["th", "en"] = "th"


class OfficeFile(Words):
    """What the file holds."""

    agencies: list[OfficeAgency] = Field(min_length=1)
    administrator: Administrator


class Finding(BaseModel):
    """Something wrong with the file, with words in both languages."""

    model_config = ConfigDict(frozen=True)

    line: int
    code: str
    details: dict[str, str] = Field(default_factory=dict)

    def say(self, lang: str) -> str:
        """The sentence for a person."""
        return sentence(self.code, lang, **self.details)


def read_office(path: Path) -> tuple[OfficeFile | None, list[Finding]]:
    """The file, or what is wrong with it. Raises `OfficeFileMissing` or `DataFileBroken`."""
    file = DataFile(path.parent, path.name)
    try:
        content = unmarked(file.content)
    except OSError:
        raise OfficeFileMissing(file=str(path)) from None
    try:
        office = OfficeFile.model_validate(content)
    except ValidationError as error:
        return None, [_shape(e, file) for e in error.errors()]
    found = [
        Finding(line=file.line_of(*place), code=code, details=details)
        for place, code, details in _unfit(office)
    ]
    return (None if found else office), sorted(found, key=lambda f: f.line)


def _shape(error: Any, file: DataFile) -> Finding:
    field = str(error["loc"][-1]) if error["loc"] else "agencies, administrator"
    kinds = {"missing": "office.missing", "extra_forbidden": "office.unknown"}
    code = kinds.get(error["type"], "office.value")
    return Finding(line=file.line_of(*error["loc"]), code=code, details={"field": field})


def _unfit(office: OfficeFile) -> Iterator[tuple[Place, str, dict[str, str]]]:
    seen: set[str] = set()
    for number, agency in enumerate(office.agencies):
        for field, check in CHECKS.items():
            try:
                check(getattr(agency, field))
            except CmisError as error:
                details = {name: str(value) for name, value in error.details.items()}
                yield ("agencies", number, field), error.code, details
        if agency.id in seen:
            yield ("agencies", number, "id"), "office.twice", {"id": agency.id}
        seen.add(agency.id)
    keeper = office.administrator
    if keeper.agency_id not in seen:
        yield ("administrator", "agency_id"), "office.elsewhere", {"id": keeper.agency_id}
    if not LOGIN.fullmatch(keeper.login):
        yield ("administrator", "login"), "office.login", {}


CHECKS = {
    "id": check_id,
    "kind": check_kind,
    "region": check_region,
    "contact": check_contact,
}
