"""A story and what was added to it: the old text to the letter, a dated line, then the new words.

Whatever points into the old text points into the new one, so nothing found before moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from cases import repository
from cases.casebook import casebook
from cases.rows import Row, Rows
from intake.narrative import Narrative
from runtime.thai_dates import show_datetime

SQL = Rows("more_told")
GAP = "\n\n"


def joined(before: str, words: str, told_at: datetime) -> str:
    """The whole story; ``before`` is its exact beginning."""
    line = casebook("story")["separator"].format(when=show_datetime(told_at))
    return f"{before}{GAP}{line}\n{words}"


def additions(session: Session, case_id: str, story: Row | None) -> list[dict[str, Any]]:
    """What was added to a story, the oldest first; none for a story that is hidden or whole."""
    rows = SQL.rows(session, "told", case_id=case_id) if story else []
    return parts(story["text"], rows) if story and len(rows) > 1 else []


def whole(session: Session, case_id: str) -> Narrative:
    """The newest story of a case, with when its parts were told; raises `CaseUnseen`."""
    row = repository.seen(session, "newest_narrative", case_id=case_id)
    later = ((a["start"], a["told_at"] or a["at"]) for a in additions(session, case_id, row))
    return Narrative(row["text"], row["sha256"], row["source"], later=tuple(later))


def parts(story: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Each addition with ``after``, the end of what stood before it, and its words' places.

    ``rows`` are the stories of a case in their order, each with its ``length``.
    """
    found = []
    for before, row in pairwise(rows):
        after = before["length"]
        start = story.index("\n", after + len(GAP)) + 1
        found.append(row | {"after": after, "start": start, "end": row["length"]})
    return found


def passages(story: str, added: Sequence[Row]) -> list[str]:
    """The first story and each addition, without the lines between."""
    first = added[0]["after"] if added else len(story)
    return [story[:first], *(story[a["start"] : a["end"]] for a in added)]


def unlined(story: str, added: Sequence[Row]) -> str:
    """The story with blanks for the lines between: they were told by nobody, and move nothing."""
    for one in added:
        blanks = "\n" * (one["start"] - one["after"])
        story = story[: one["after"]] + blanks + story[one["start"] :]
    return story
