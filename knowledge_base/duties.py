"""Duties with a time limit in law: who must do what, from when, and on which section it stands.

The situation map, the common traps and the open questions of the same review stand here too:
short statements that lead to law entries and are never cited themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from knowledge_base.entries import Confidence, Frozen
from knowledge_base.laws import Within
from knowledge_base.marked_yaml import LINE, DataFileBroken, read_marked, unmarked


class Duty(Frozen):
    """One duty or right that ends with time. ``within`` is None where the law gives no number."""

    id: str
    within: Within | None = None
    within_th: str
    bound: Literal["max", "min"] = "max"
    who: tuple[str, ...] = ()
    who_th: str
    th: str
    basis: tuple[str, ...] = ()
    basis_th: str
    confidence: Confidence
    file: str = ""


class LawNote(Frozen):
    """A situation, a trap or an open question, with the entries to read."""

    id: str
    th: str
    situation_th: str | None = None
    entries: tuple[str, ...] = ()
    file: str = ""


def load_duties(data_dir: Path) -> dict[str, Duty]:
    """Every duty of ``data_dir/duties.yaml``, by id. Raises DataFileBroken."""
    return {duty.id: duty for duty in _rows(data_dir, "duties.yaml", "duties")}


def load_situations(data_dir: Path) -> dict[str, LawNote]:
    """Where to start reading, by situation; ``th`` names the sections."""
    return _notes(data_dir, "situations")


def load_traps(data_dir: Path) -> dict[str, LawNote]:
    """Mistakes often made with the law."""
    return _notes(data_dir, "traps")


def load_unknowns(data_dir: Path) -> dict[str, LawNote]:
    """What sources disagree on, or nobody has found."""
    return _notes(data_dir, "unknowns")


def _notes(data_dir: Path, name: str) -> dict[str, LawNote]:
    return {note.id: note for note in _rows(data_dir, f"law-{name}.yaml", name)}


def _rows(data_dir: Path, file: str, key: str) -> list[Any]:
    return [_row(row, file, key) for row in read_marked(data_dir / file)[key]]


def duty_data(
    row: Mapping[str, Any], file: str, key: str
) -> tuple[type[Duty | LawNote], dict[str, Any]]:
    """A row of ``duties.yaml`` or ``law-*.yaml`` as the fields of its model."""
    given = unmarked(dict(row)) | {"file": f"{file}:{row[LINE]}"}
    if "starts_th" in given:
        given["th"] = given.pop("starts_th")
    return Duty if key == "duties" else LawNote, given


def _row(row: dict[str, Any], file: str, key: str) -> Any:
    model, given = duty_data(row, file, key)
    try:
        return model.model_validate(given)
    except ValidationError as broken:
        first = broken.errors()[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise DataFileBroken(file=file, line=row[LINE], reason=reason) from None
