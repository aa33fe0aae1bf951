"""Validates every knowledge file and says what is wrong, in which file, at which line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge_base.codebook import ProblemCode, RedFlag
from knowledge_base.conditions import NEGATION, Condition
from knowledge_base.criteria import CriterionUnreadable, fields, judge
from knowledge_base.documents import Document
from knowledge_base.entries import Frozen
from knowledge_base.facts import Fact
from knowledge_base.interventions import Intervention
from knowledge_base.library import Library, load_library
from knowledge_base.marked_yaml import LINE, DataFileBroken, read_marked, unmarked
from knowledge_base.schemes import Scheme
from runtime.errors import CmisError
from runtime.messages import sentence

SHORTEST_TEXT = 12


class Finding(Frozen):
    """One thing wrong."""

    file: str
    line: int
    code: str
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """The finding with its words in both languages."""
        places = {"detail": self.detail}
        return self.model_dump() | {
            "message_th": sentence(self.code, "th", **places),
            "message_en": sentence(self.code, "en", **places),
        }


class Row(Frozen):
    """A reviewed mapping and where it stands."""

    file: str
    line: int
    data: dict[str, Any]

    def finding(self, code: str, detail: object = "") -> Finding:
        """A finding at this place."""
        return Finding(file=self.file, line=self.line, code=f"check.{code}", detail=str(detail))


def check(data_dir: Path) -> list[Finding]:
    """Everything wrong in a data folder, by file and line; empty when all is in order.

    Schemas first: links are followed only when every file has its form.
    """
    found = [*_forms(data_dir)]
    if not found:
        found = [*_library(data_dir)]
    return sorted(set(found), key=lambda f: (f.file, f.line, f.code, f.detail))


LISTED: dict[str, tuple[str, str, type[BaseModel]]] = {
    "codes": ("codebook.yaml", "code", ProblemCode),
    "red_flags": ("codebook.yaml", "id", RedFlag),
    "conditions": ("conditions.yaml", "id", Condition),
    "documents": ("documents.yaml", "id", Document),
    "facts": ("facts.yaml", "field", Fact),
}


def _forms(data_dir: Path) -> Iterator[Finding]:
    for key, (file, name, model) in LISTED.items():
        yield from _listed(data_dir, file, key, name, model)
    for path in sorted((data_dir / "interventions").glob("*.yaml")):
        yield from _listed(
            data_dir, f"interventions/{path.name}", "interventions", "code", Intervention
        )
    seen: dict[str, str] = {}
    for path in sorted((data_dir / "welfare").glob("*.yaml")):
        yield from _scheme(data_dir, path, seen)
    for folder in ("practice", "principles", "law"):
        for path in sorted((data_dir / folder).glob("*.yaml")):
            yield from _entries(data_dir, f"{folder}/{path.name}", seen)


def _rows(data_dir: Path, file: str, key: str) -> list[Row]:
    content = read_marked(data_dir / file)
    return [Row(file=file, line=row[LINE], data=row) for row in content[key]]


def _broken(error: DataFileBroken, file: str) -> Finding:
    line = error.details.get("line")
    return Finding(
        file=file,
        line=line if isinstance(line, int) else 0,
        code="check.unreadable",
        detail=str(error.details.get("reason", "")),
    )


def _listed(
    data_dir: Path, file: str, key: str, name: str, model: type[BaseModel]
) -> Iterator[Finding]:
    try:
        rows = _rows(data_dir, file, key)
    except DataFileBroken as error:
        yield _broken(error, file)
        return
    seen: set[str] = set()
    for row in rows:
        yield from _fits(row, model)
        if row.data.get(name) in seen:
            yield row.finding("duplicate", row.data[name])
        seen.add(str(row.data.get(name)))


def _fits(row: Row, model: type[BaseModel]) -> Iterator[Finding]:
    try:
        model.model_validate(unmarked(row.data))
    except ValidationError as error:
        for problem in error.errors():
            place = ".".join(str(p) for p in problem["loc"])
            yield row.finding("form", f"{place}: {problem['msg']}")


def _scheme(data_dir: Path, path: Path, seen: dict[str, str]) -> Iterator[Finding]:
    file = f"welfare/{path.name}"
    try:
        content = read_marked(data_dir / file)
    except DataFileBroken as error:
        yield _broken(error, file)
        return
    row = Row(file=file, line=1, data=content)
    yield from _fits(row, Scheme)
    yield from _unique(row, f"scheme:{content.get('id')}", seen)
    if content.get("id") != path.stem:
        yield row.finding("name", content.get("id"))
    for rate in content.get("rates", ()):
        yield from _rate(Row(file=file, line=rate[LINE], data=rate))
    yield from _overlaps(file, content.get("rates", ()))
    for criterion in content.get("criteria", ()):
        at = Row(file=file, line=criterion[LINE], data=criterion)
        yield from _criterion(at)


def _rate(row: Row) -> Iterator[Finding]:
    if not row.data.get("sources"):
        yield row.finding("rate_source", row.data.get("key"))
    yield from _dates(row)


def _dates(row: Row) -> Iterator[Finding]:
    begin, end = row.data.get("effective_from"), row.data.get("effective_to")
    if begin and end and str(begin) > str(end):
        yield row.finding("dates", f"{begin} > {end}")


def _overlaps(file: str, rates: Any) -> Iterator[Finding]:
    by_key: dict[str, list[dict[str, Any]]] = {}
    for rate in rates:
        by_key.setdefault(str(rate.get("key")), []).append(rate)
    for key, same in by_key.items():
        ordered = sorted(same, key=lambda r: str(r.get("effective_from") or ""))
        for one, other in pairwise(ordered):
            end, begin = one.get("effective_to"), other.get("effective_from")
            if end is None or begin is None or str(begin) <= str(end):
                yield Row(file=file, line=other[LINE], data=other).finding("overlap", key)


def _criterion(row: Row) -> Iterator[Finding]:
    test = row.data.get("test")
    if test is None:
        return
    try:
        judge(str(test), {})
    except CriterionUnreadable:
        yield row.finding("criterion", test)


def _entries(data_dir: Path, file: str, seen: dict[str, str]) -> Iterator[Finding]:
    try:
        rows = _rows(data_dir, file, "entries")
    except DataFileBroken as error:
        yield _broken(error, file)
        return
    for row in rows:
        yield from _unique(row, str(row.data.get("id")), seen)
        yield from _dates(row)
        yield from _sourced(row)


def _unique(row: Row, name: str, seen: dict[str, str]) -> Iterator[Finding]:
    if name in seen:
        yield row.finding("duplicate", name)
    seen[name] = row.file


def _sourced(row: Row) -> Iterator[Finding]:
    if row.data.get("confidence") in ("statute", "verified") and not row.data.get("sources"):
        yield row.finding("source", row.data.get("id"))


def _library(data_dir: Path) -> Iterator[Finding]:
    load_library.cache_clear()
    try:
        library = load_library(data_dir)
    except DataFileBroken as error:
        yield _broken(error, str(error.details.get("file", "")))
        return
    except (ValidationError, CmisError, KeyError) as error:
        yield Finding(file="", line=0, code="check.form", detail=type(error).__name__)
        return
    finally:
        load_library.cache_clear()
    yield from _links(data_dir, library)
    yield from _reached(library)
    yield from _covered(data_dir, library)


def _links(data_dir: Path, library: Library) -> Iterator[Finding]:
    for path in sorted((data_dir / "interventions").glob("*.yaml")):
        for row in _rows(data_dir, f"interventions/{path.name}", "interventions"):
            yield from _intervention_links(row, library)
    for entry in library.entries.values():
        for other in entry.see:
            if library.resolve(other) is None:
                yield _at_entry(entry.file, "dead_link", other)
    for scheme in library.schemes.values():
        for criterion in scheme.criteria:
            for field in fields(criterion.test or "true"):
                if field not in library.facts:
                    yield _at_entry(f"welfare/{scheme.id}.yaml:1", "fact", field)


def _at_entry(place: str, code: str, detail: str) -> Finding:
    file, _, line = place.rpartition(":")
    return Finding(file=file, line=int(line or 0), code=f"check.{code}", detail=detail)


def _intervention_links(row: Row, library: Library) -> Iterator[Finding]:
    checks: dict[str, Callable[[str], bool]] = {
        "cites": lambda c: library.resolve(c) is not None,
        "if": lambda c: c in library.conditions or c.removeprefix(NEGATION) in library.conditions,
        "who": lambda w: w in library.roles,
    }
    for key in ("actions", "deadlines", "mdt"):
        for item in row.data.get(key, ()):
            at = Row(file=row.file, line=item[LINE], data=item)
            for name, known in checks.items():
                values = item.get(name, ())
                for value in [values] if isinstance(values, str) else values:
                    if not known(value):
                        yield at.finding("dead_link", value)
    known_starts = {d["start"] for d in row.data.get("deadlines", ())} - set(library.starts)
    links = [
        *(s for s in row.data.get("schemes", ()) if s not in library.schemes),
        *(d for d in row.data.get("documents", ()) if d not in library.documents),
        *(c for c in row.data.get("combines_with", ()) if c not in library.codebook.codes),
        *sorted(known_starts),
    ]
    for link in links:
        yield row.finding("dead_link", link)
    yield from _goals(row)


def _goals(row: Row) -> Iterator[Finding]:
    wanted = {goal["id"] for goal in row.data.get("goals", ())}
    served = {action["goal"] for action in row.data.get("actions", ())}
    for goal in sorted(wanted - served):
        yield row.finding("goal_without_action", goal)
    for goal in sorted(served - wanted):
        yield row.finding("dead_link", goal)


def _reached(library: Library) -> Iterator[Finding]:
    """An entry is reached when something cites or links it, or search can read it."""
    for entry in library.entries.values():
        if len(entry.text_th) < SHORTEST_TEXT:
            yield _at_entry(entry.file or ":0", "unreachable", entry.id)


def _covered(data_dir: Path, library: Library) -> Iterator[Finding]:
    rows = {r.data["code"]: r for r in _rows(data_dir, "codebook.yaml", "codes")}
    for code in library.codebook.codes:
        intervention = library.interventions.get(code)
        if intervention is None:
            yield rows[code].finding("uncovered", code)
            continue
        cited = [library.resolve(c) for a in intervention.actions for c in a.cites]
        kinds = {e.kind.value for e in cited if e}
        if not kinds & {"law", "welfare"} or "practice" not in kinds:
            yield rows[code].finding("uncovered", f"{code}: {', '.join(sorted(kinds))}")
