"""Every data file has its form: valid YAML, known keys, typed values, no id twice, no blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from knowledge_base.appeals import Appeal
from knowledge_base.cases import SchemeCase
from knowledge_base.codebook import Named, ProblemCode, RedFlag
from knowledge_base.conditions import Condition
from knowledge_base.documents import Document
from knowledge_base.duties import duty_data
from knowledge_base.english import FOLDER as ENGLISH
from knowledge_base.english import English
from knowledge_base.entries import Frozen
from knowledge_base.facts import Fact
from knowledge_base.findings import DataFile, DataFiles, Finding, Row, finding, unreadable
from knowledge_base.hotlines import Hotline
from knowledge_base.interactions import Interaction
from knowledge_base.interventions import Intervention
from knowledge_base.laws import Law, LawEntry, entry_data, head_data
from knowledge_base.marked_yaml import LINE, DataFileBroken, unmarked
from knowledge_base.practice import PracticeEntry, practice_data
from knowledge_base.review import ReviewRule
from knowledge_base.schemes import Scheme

INVISIBLE = re.compile("[\t\r\u00a0\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
MAY_BE_BLANK = frozenset({"exclude", "include", "urgency_rule", "to"})


class Registered(Frozen):
    """A source in a register."""

    ref: str = Field(min_length=1)
    title_th: str = Field(min_length=1)
    url: str | None = None
    where_th: str | None = None


class OutsideLaw(Frozen):
    """A law cited though its text is not at hand, with the sections that may be cited."""

    id: str
    th: str
    law_md: str
    sections: tuple[Mapping[str, Any] | str | int, ...] = ()
    confidence: str | None = None


class Topic(Frozen):
    """A practice topic that a plan may cite."""

    id: str
    th: str
    section: str


Listed = tuple[str, str, str, type[BaseModel]]
LISTED: tuple[Listed, ...] = (
    ("appeals.yaml", "appeals", "id", Appeal),
    ("codebook.yaml", "codes", "code", ProblemCode),
    ("codebook.yaml", "red_flags", "id", RedFlag),
    ("codebook.yaml", "domains", "id", Named),
    ("codebook.yaml", "urgency_levels", "id", Named),
    ("conditions.yaml", "conditions", "id", Condition),
    ("documents.yaml", "documents", "id", Document),
    ("facts.yaml", "facts", "field", Fact),
    ("hotlines.yaml", "hotlines", "number", Hotline),
    ("interactions.yaml", "interactions", "id", Interaction),
    ("laws-outside-corpus.yaml", "laws", "id", OutsideLaw),
    ("practice-topics.yaml", "topics", "id", Topic),
    ("review.yaml", "review", "id", ReviewRule),
    ("roles.yaml", "roles", "id", Named),
    ("sources-law.yaml", "sources", "ref", Registered),
    ("sources-practice.yaml", "sources", "ref", Registered),
    ("sources-welfare.yaml", "sources", "ref", Registered),
    ("start-events.yaml", "starts", "id", Named),
)
NOTES = {
    "duties.yaml": "duties",
    "law-situations.yaml": "situations",
    "law-traps.yaml": "traps",
    "law-unknowns.yaml": "unknowns",
}
ALSO = frozenset({"version", "status", "oscc_groups"})


def forms(files: DataFiles) -> Iterator[Finding]:
    """What is wrong with the files one by one."""
    readable = []
    for file in files.folder():
        found = list(_readable(file))
        yield from found
        if not found:
            readable.append(file)
    seen: dict[str, str] = {}
    for file in readable:
        yield from _blank(file)
        yield from _form_of(file, seen)


def _readable(file: DataFile) -> Iterator[Finding]:
    try:
        for number, line in enumerate(file.lines, 1):
            hidden = INVISIBLE.search(line)
            if hidden:
                yield finding(file.name, number, "invisible", f"U+{ord(hidden[0]):04X}")
        if not isinstance(file.content, Mapping):
            yield finding(file.name, 1, "form", "a mapping is needed")
    except DataFileBroken as broken:
        yield unreadable(broken, file.name)


def _form_of(file: DataFile, seen: dict[str, str]) -> Iterator[Finding]:
    folder, _, name = file.name.rpartition("/")
    listed = [row for row in LISTED if row[0] == file.name]
    for _, key, label, model in listed:
        yield from _list(file, key, label, model)
    if listed:
        yield from _keys(file, {row[1] for row in listed} | ALSO)
    elif name in NOTES:
        yield from _notes(file, NOTES[name])
    elif folder == "interventions":
        yield from _list(file, "interventions", "code", Intervention)
        yield from _keys(file, {"interventions", "domain", *ALSO})
    elif folder == "welfare":
        yield from _scheme(file, seen)
    elif folder == "welfare/cases":
        yield from _list(file, "cases", "name_th", SchemeCase)
        yield from _keys(file, {"scheme", "cases"})
    elif folder in ("practice", "principles"):
        yield from _practice(file, seen)
    elif folder == "law":
        yield from _law(file, seen)
    elif folder == ENGLISH:
        yield from fits(Row(file, file.content, ()), English, file.content)


def _list(file: DataFile, key: str, label: str, model: type[BaseModel]) -> Iterator[Finding]:
    if not isinstance(file.content.get(key), list):
        yield finding(file.name, 1, "form", f"{key}: a list is needed")
    seen: set[str] = set()
    for row in file.rows(key):
        yield from fits(row, model, unmarked(dict(row.data)))
        name = str(row.data.get(label))
        if name in seen:
            yield row.finding("duplicate", name)
        seen.add(name)


def _keys(file: DataFile, allowed: set[str] | frozenset[str]) -> Iterator[Finding]:
    for key in file.content:
        if key not in allowed:
            yield file.finding("form", f"{key}: unknown field", key)


def fits(row: Row, model: type[BaseModel], given: Mapping[str, Any]) -> Iterator[Finding]:
    """What of ``given`` is not of the form of ``model``, each at its own line."""
    try:
        model.model_validate(given)
    except ValidationError as error:
        for problem in error.errors():
            place = ".".join(map(str, problem["loc"]))
            steps = [step for step in problem["loc"] if isinstance(step, str | int)]
            yield row.finding("form", f"{place}: {problem['msg']}", *steps)


def _notes(file: DataFile, key: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for row in file.rows(key):
        model, given = duty_data(row.data, file.name, key)
        yield from fits(row, model, given)
        yield from _unique(row, str(row.data.get("id")), seen)
    yield from _keys(file, {key, *ALSO})


def _unique(row: Row, name: str, seen: set[str] | dict[str, str]) -> Iterator[Finding]:
    if name in seen:
        yield row.finding("duplicate", name)
    elif isinstance(seen, dict):
        seen[name] = row.file.name
    else:
        seen.add(name)


def _scheme(file: DataFile, seen: dict[str, str]) -> Iterator[Finding]:
    whole = Row(file, file.content, ())
    yield from fits(whole, Scheme, unmarked(dict(file.content)))
    yield from _unique(whole, f"scheme:{file.content.get('id')}", seen)
    if f"welfare/{file.content.get('id')}.yaml" != file.name:
        yield whole.finding("name", file.content.get("id"), "id")
    labels: set[str] = set()
    for criterion in whole.rows("criteria"):
        yield from _unique(criterion, str(criterion.data.get("id")), labels)


def _practice(file: DataFile, seen: dict[str, str]) -> Iterator[Finding]:
    for row in file.rows("entries"):
        yield from fits(row, PracticeEntry, practice_data(row.data, file.name))
        yield from _entry(row, seen)
    yield from _keys(file, {"entries"})


def _law(file: DataFile, seen: dict[str, str]) -> Iterator[Finding]:
    head = file.content.get("law")
    if not isinstance(head, Mapping):
        yield finding(file.name, 1, "form", "law: a mapping is needed")
        return
    found = list(fits(Row(file, head, ("law",)), Law, head_data(head, file.name, {})))
    yield from found
    if f"law/{head.get('id')}.yaml" != file.name:
        yield file.finding("name", head.get("id"), "law", "id")
    if found:
        return
    law = Law.model_validate(head_data(head, file.name, {}))
    sections: set[str] = set()
    for row in file.rows("entries"):
        if not str(row.data.get("id")).startswith(f"{law.id}#"):
            yield row.finding("name", row.data.get("id"))
        yield from fits(row, LawEntry, entry_data(row.data, law, {}))
        yield from _entry(row, seen)
        for section, steps in row.values("sections"):
            if section in sections:
                yield row.finding("section_twice", section, *steps)
            sections.add(section)
    yield from _keys(file, {"law", "entries"})


def _entry(row: Row, seen: dict[str, str]) -> Iterator[Finding]:
    yield from _unique(row, str(row.data.get("id")), seen)
    yield from dates(row)
    if row.data.get("confidence") in ("statute", "verified") and not row.data.get("sources"):
        yield row.finding("source", row.data.get("id"))


def dates(row: Row) -> Iterator[Finding]:
    """A row that begins after it ends."""
    begin, end = row.data.get("effective_from"), row.data.get("effective_to")
    if begin and end and day(begin) > day(end):
        yield row.finding("dates", f"{begin} > {end}", "effective_from")


def day(value: object) -> str:
    """A day as ISO text, which sorts; YAML gives text or a date."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _blank(file: DataFile) -> Iterator[Finding]:
    waiting: list[tuple[Any, tuple[str | int, ...]]] = [(file.content, ())]
    while waiting:
        value, steps = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(v, (*steps, k)) for k, v in value.items() if k != LINE]
        elif isinstance(value, list):
            waiting += [(v, (*steps, n)) for n, v in enumerate(value)]
        elif isinstance(value, str) and not value.strip() and steps[-1] not in MAY_BE_BLANK:
            yield file.finding("blank", ".".join(map(str, steps)), *steps)
