"""When knowledge must be looked at again: an interval for each kind, as data, and what is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from pydantic import Field

from knowledge_base.entries import Frozen
from knowledge_base.marked_yaml import read_marked, unmarked

if TYPE_CHECKING:
    from knowledge_base.library import Library

HOTLINE = "hotline"


class ReviewRule(Frozen):
    """How many months a kind of knowledge stays fresh, and why. ``id`` is the kind."""

    id: str
    months: int = Field(ge=1, le=60)
    why_th: str

    def due(self, reviewed_on: date | None) -> date | None:
        """The day a review is due; None, which is at once, for what nobody has reviewed."""
        return reviewed_on + relativedelta(months=self.months) if reviewed_on else None


class Due(Frozen):
    """Something whose review is due. ``id`` is an entry's id or a hotline's number."""

    id: str
    kind: str
    title_th: str
    title_en: str | None = None
    reviewed_on: date | None
    due_on: date | None
    file: str


def due_for_review(library: Library, rules: Mapping[str, ReviewRule], day: date) -> list[Due]:
    """Entries and hotlines due for review on a day: never reviewed first, then longest overdue."""
    found = [
        Due(
            id=e.id,
            kind=e.kind.value,
            title_th=e.title_th,
            title_en=e.title_en,
            reviewed_on=e.reviewed_on,
            due_on=rules[e.kind.value].due(e.reviewed_on),
            file=e.file,
        )
        for e in library.entries.values()
    ]
    found += [
        Due(
            id=line.number,
            kind=HOTLINE,
            title_th=line.about_th,
            title_en=line.about_en,
            reviewed_on=line.last_confirmed,
            due_on=rules[HOTLINE].due(line.last_confirmed),
            file="hotlines.yaml",
        )
        for line in library.hotlines.values()
    ]
    late = [d for d in found if d.due_on is None or d.due_on <= day]
    return sorted(late, key=lambda d: (d.due_on or date.min, d.kind, d.id))


def load_review(data_dir: Path) -> dict[str, ReviewRule]:
    """The rules of ``review.yaml`` by kind."""
    rows = unmarked(read_marked(data_dir / "review.yaml"))["review"]
    return {row["id"]: ReviewRule.model_validate(row) for row in rows}
