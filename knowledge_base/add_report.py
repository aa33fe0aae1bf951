"""What became of the files of a batch that an office added."""

from __future__ import annotations

from typing import Any

from knowledge_base.entries import Frozen


class Added(Frozen):
    """A document that is in now, or was before (``skipped``)."""

    path: str
    source: str
    title: str = ""
    kind: str = ""
    passages: int = 0
    chunks: int = 0
    near_duplicate_of: str | None = None
    similarity: float | None = None


class Failed(Frozen):
    """A file that is not in, and why."""

    path: str
    code: str
    message_th: str
    message_en: str


class AddReport(Frozen):
    """What became of every file of a batch."""

    agency: str | None
    added: tuple[Added, ...] = ()
    skipped: tuple[Added, ...] = ()
    failed: tuple[Failed, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The document of ``cmis kb add --json``."""
        return self.model_dump() | {
            "passages": sum(a.passages for a in self.added),
            "chunks": sum(a.chunks for a in self.added),
        }
