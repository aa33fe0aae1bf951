"""Acts and what their sections say, in our own words, dated and with their sources.

One file per act under ``data/law``. An entry covers one section or a small group of sections; a
regulation under an act is an entry with no section. The official texts are not shipped: an
office may add them, and they attach to an entry by law and section.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from knowledge_base.entries import Entry, Frozen, Kind, Source
from knowledge_base.marked_yaml import LINE, DataFileBroken, read_marked, unmarked
from runtime.messages import sentence
from runtime.thai_dates import show_date

NAMED_AFTER = re.compile(r"-(2[45]\d\d)$")
BUDDHIST = 543  # years between the eras
Fitted = TypeVar("Fitted", bound=Frozen)
Within = Annotated[str, Field(pattern=r"^\d+(h|d|mo|y)$")]


class TimeLimit(Frozen):
    """A time the law sets. ``within`` is Nh, Nd, Nmo or Ny; None where the law gives no number."""

    within: Within | None = None
    start_th: str
    th: str
    bound: Literal["max", "min"] = "max"


class LawEntry(Entry):
    """What one section, or a group of them, says and when a case worker uses it."""

    kind: Kind = Kind.LAW
    law_id: str
    sections: tuple[str, ...] = ()
    says_th: str
    when_th: str
    who_must_act: tuple[str, ...] = Field(default=(), description="role ids")
    time_limits: tuple[TimeLimit, ...] = ()
    penalty_th: str | None = None
    immunity_th: str | None = None
    amended_by: tuple[str, ...] = Field(default=(), description="law#section, or a name in Thai")
    confidence_note_th: str | None = None
    in_force: bool = True


class Law(Frozen):
    """One act with its status. ``suspended_by`` is the id of the law that holds it back."""

    id: str
    title_th: str
    title_en: str
    short_th: str
    status_th: str
    in_force: bool
    effective_from: date | None = None
    effective_to: date | None = None
    suspended_by: str | None = None
    movement_th: str | None = None
    text_in_corpus: bool
    sources: tuple[Source, ...] = ()
    entries: tuple[LawEntry, ...] = ()
    file: str = ""

    @property
    def earliest(self) -> date | None:
        """Its first day, or the first of the Buddhist year it is named after; None for codes."""
        named = NAMED_AFTER.search(self.id)
        return self.effective_from or (date(int(named[1]) - BUDDHIST, 1, 1) if named else None)

    def holds(self, day: date) -> bool:
        """Whether the act holds on a day, as far as its dates are known."""
        begun = self.earliest is None or self.earliest <= day
        return begun and (self.effective_to is None or day <= self.effective_to)


def load_laws(data_dir: Path) -> dict[str, Law]:
    """Every act under ``data_dir/law``, by id, each with its entries.

    Raises DataFileBroken with file, line and reason when a file does not fit the form.
    """
    register = load_sources(data_dir)
    files = sorted((data_dir / "law").glob("*.yaml"))
    return {law.id: law for law in (_law(path, register) for path in files)}


def law_entries(laws: Mapping[str, Law]) -> dict[str, LawEntry]:
    """All entries of all acts, by entry id."""
    return {entry.id: entry for law in laws.values() for entry in law.entries}


def load_sources(data_dir: Path) -> dict[str, Source]:
    """The register of legal sources, by reference (``CPA-C``, ``MSO``)."""
    content = read_marked(data_dir / "sources-law.yaml")
    return {
        row["ref"]: Source(ref=row["ref"], url=row["url"], title_th=row["title_th"])
        for row in content["sources"]
    }


def head_data(head: Mapping[str, Any], file: str, register: Mapping[str, Source]) -> dict[str, Any]:
    """The head of a law's file as the fields of `Law`."""
    given: dict[str, Any] = unmarked(dict(head))
    return given | {"sources": _sources(head.get("sources") or (), register), "file": file}


def entry_data(row: Mapping[str, Any], law: Law, register: Mapping[str, Source]) -> dict[str, Any]:
    """A row of a law's file as the fields of `LawEntry`."""
    fields = LawEntry.model_fields
    given = {k: v for k, v in unmarked(dict(row)).items() if v is not None or k not in fields}
    given["sources"] = _sources(given.get("sources", ()), register)
    given.setdefault("effective_from", law.effective_from if _as_enacted(given) else None)
    given.setdefault("effective_to", law.effective_to)
    given.setdefault("earliest", law.earliest)
    given |= {"law_id": law.id, "in_force": law.in_force, "file": f"{law.file}:{row[LINE]}"}
    return given | {"text_th": _text(given), "context_th": _context(given, law)}


def _law(path: Path, register: Mapping[str, Source]) -> Law:
    file = f"law/{path.name}"
    content = read_marked(path)
    law = _fitting(Law, head_data(content["law"], file, register), file, 1)
    if law.id != path.stem:
        raise DataFileBroken(file=file, line=1, reason=f"holds {law.id}")
    rows: list[dict[str, Any]] = content["entries"]
    return law.model_copy(update={"entries": tuple(_entry(row, law, register) for row in rows)})


def _entry(row: dict[str, Any], law: Law, register: Mapping[str, Source]) -> LawEntry:
    if not str(row.get("id", "")).startswith(f"{law.id}#"):
        raise DataFileBroken(file=law.file, line=row[LINE], reason="id of another law")
    return _fitting(LawEntry, entry_data(row, law, register), law.file, row[LINE])


def _as_enacted(given: Mapping[str, Any]) -> bool:
    """A section never amended holds from the act's first day; the rest only from a day given."""
    return bool(given.get("sections")) and not given.get("amended_by")


def _fitting(model: type[Fitted], given: dict[str, Any], file: str, line: int) -> Fitted:
    try:
        return model.model_validate(given)
    except ValidationError as broken:
        first = broken.errors()[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise DataFileBroken(file=file, line=line, reason=reason) from None


def _text(given: Mapping[str, Any]) -> str:
    """What is said and when it is used; a penalty or immunity only where not said already."""
    parts = [given.get("says_th", ""), given.get("when_th", "")]
    parts += [given.get(key, "") for key in ("penalty_th", "immunity_th")]
    kept: list[str] = []
    for part in parts:
        if part and not _said(part, kept):
            kept.append(part)
    return "\n".join(kept)


def _said(part: str, kept: Iterable[str]) -> bool:
    """True when every clause of ``part`` stands in what is kept."""
    return all(any(clause in text for text in kept) for clause in part.split("; "))


def _context(given: Mapping[str, Any], law: Law) -> str:
    """Act › sections (or the title of a regulation) › in force or not, and since when."""
    sections = ", ".join(given.get("sections", ()))
    part = sentence("law.sections", sections=sections) if sections else given.get("title_th", "")
    return " › ".join([law.title_th, part, *_dates(given, law)])


def _dates(given: Mapping[str, Any], law: Law) -> list[str]:
    if not law.in_force:
        return [sentence("law.not_in_force")]
    spoken = (("law.in_force_from", "effective_from"), ("law.in_force_to", "effective_to"))
    days = ((code, given[key]) for code, key in spoken)
    return [sentence(code, date=show_date(day)) for code, day in days if isinstance(day, date)]


def _sources(refs: Iterable[str], register: Mapping[str, Source]) -> tuple[Source, ...]:
    return tuple(register.get(ref, Source(ref=ref)) for ref in refs)
