"""The code book: problem codes with their cues and urgency, and the red flags."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field

from knowledge_base.entries import Frozen
from knowledge_base.marked_yaml import read_marked, unmarked

URGENCY_ORDER = ("immediate_1h", "24h", "72h", "routine")


class Icd(Frozen):
    """One ICD-10 (WHO) code with its title."""

    code: str
    title: str


class ProblemCode(Frozen):
    """One problem code: what it means, what it does not, how people say it, how soon to act."""

    code: str
    domain: str
    label_th: str
    label_en: str
    definition: str
    include: str = ""
    exclude: str = ""
    cues: tuple[str, ...] = ()
    urgency_default: str
    urgency_rule: str = ""
    icd10_who: tuple[Icd, ...] = ()
    gravity_domain: str | None = None
    oscc_group: int | None = None
    cpa_sections: tuple[str, ...] = ()
    msdhs_group: str = ""


class RedFlag(Frozen):
    """A sign that someone must act within the hour. ``codes``: the problems it stands beside."""

    id: str
    sign: str
    example_cues: tuple[str, ...] = ()
    action: str
    codes: tuple[str, ...] = Field(min_length=1)
    hotlines: tuple[str, ...] = ()
    sign_en: str | None = None
    action_en: str | None = None


class Named(Frozen):
    """An id with its Thai (and perhaps English) name."""

    id: str
    th: str
    en: str | None = None


class Codebook(Frozen):
    """All codes and flags, by id, in the order of the file."""

    codes: dict[str, ProblemCode]
    red_flags: dict[str, RedFlag]
    domains: dict[str, Named]
    urgency_levels: dict[str, Named]
    oscc_groups: dict[int, str]

    def label(self, code: str) -> str:
        """The Thai label of a code or the sign of a red flag; the id itself if unknown."""
        if code in self.codes:
            return self.codes[code].label_th
        return self.red_flags[code].sign if code in self.red_flags else code


def load_codebook(data_dir: Path) -> Codebook:
    """The code book of ``codebook.yaml``."""
    data = unmarked(read_marked(data_dir / "codebook.yaml"))
    return Codebook(
        codes={c["code"]: ProblemCode.model_validate(c) for c in data["codes"]},
        red_flags={f["id"]: RedFlag.model_validate(f) for f in data["red_flags"]},
        domains=_named(data["domains"]),
        urgency_levels=_named(data["urgency_levels"]),
        oscc_groups=dict(data["oscc_groups"]),
    )


def most_urgent(levels: Any) -> str:
    """The most urgent of some levels; ``routine`` for none."""
    return min(levels, key=URGENCY_ORDER.index, default="routine")


def _named(rows: list[dict[str, Any]]) -> dict[str, Named]:
    return {row["id"]: Named.model_validate(row) for row in rows}
