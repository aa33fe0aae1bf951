"""How to ask for another look when a scheme is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from knowledge_base.entries import Confidence, Frozen
from knowledge_base.marked_yaml import read_marked, unmarked


class Appeal(Frozen):
    """One way, with the words for the household and what it stands on."""

    id: str
    th: str
    en: str | None = None
    basis_th: str
    confidence: Confidence
    reviewed_on: date


def load_appeals(data_dir: Path) -> dict[str, Appeal]:
    """The ways of ``appeals.yaml`` by id."""
    rows = unmarked(read_marked(data_dir / "appeals.yaml"))["appeals"]
    return {row["id"]: Appeal.model_validate(row) for row in rows}
