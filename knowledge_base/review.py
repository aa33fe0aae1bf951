"""When knowledge must be looked at again: an interval for each kind, as data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dateutil.relativedelta import relativedelta
from pydantic import Field

from knowledge_base.entries import Frozen
from knowledge_base.marked_yaml import read_marked, unmarked


class ReviewRule(Frozen):
    """How many months a kind of knowledge stays fresh, and why. ``id`` is the kind."""

    id: str
    months: int = Field(ge=1, le=60)
    why_th: str

    def due(self, reviewed_on: date | None) -> date:
        """The day a review is due; what nobody has reviewed is due from the beginning."""
        return (reviewed_on or date.min) + relativedelta(months=self.months if reviewed_on else 0)


def load_review(data_dir: Path) -> dict[str, ReviewRule]:
    """The rules of ``review.yaml`` by kind."""
    rows = unmarked(read_marked(data_dir / "review.yaml"))["review"]
    return {row["id"]: ReviewRule.model_validate(row) for row in rows}
