"""The list of cases as CSV or Excel, in cells that no program takes for a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from cases import audit
from cases.caseload import Caseload
from cases.people import CASE_ROLES, Person
from runtime.database import Database
from runtime.errors import Forbidden
from runtime.messages import sentence
from runtime.table_cells import csv_of, inert
from runtime.thai_dates import show_datetime

COLUMNS = ("number", "title", "urgency", "status", "received_at", "updated_at")
MOST = 1000
AT_ONCE = 50  # cases a transaction holds the chains of, always in the order of their ids


class CaseTables:
    """Tables of the cases a person may see."""

    def __init__(self, database: Database, most: int = MOST) -> None:
        self._database = database
        self._most = most
        self._caseload = Caseload(database)

    def table(self, person: Person, form: Literal["csv", "xlsx"]) -> bytes:
        """The most urgent cases; each one's giving out is audited. Raises `Forbidden`.

        Where there are more than fit, the last row says how many are left out.
        """
        if person.role not in CASE_ROLES:
            raise Forbidden
        listed = self._caseload.listed(person, self._most, 0)
        found, left = listed["items"], listed["total"] - len(listed["items"])
        ids = sorted(case["id"] for case in found)
        for start in range(0, len(ids), AT_ONCE):
            with self._database.session(person.actor) as session:
                for case_id in ids[start : start + AT_ONCE]:
                    told = {"form": form}
                    audit.record(session, case_id, person.id, "case_exported", case_id, told)
        rows = [[_shown(case[column]) for column in COLUMNS] for case in found]
        if left:
            rows.append([sentence("exchange.left_out", person.language, count=left)])
        return (csv_of if form == "csv" else xlsx_of)(COLUMNS, rows)


def xlsx_of(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet; every cell is text and says so."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("cases")
    for row in (columns, *rows):
        sheet.append([_text_cell(sheet, cell) for cell in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _text_cell(sheet: Any, cell: Any) -> Any:
    words = "".join(c for c in inert(cell) if c.isprintable() or c in "\n\t")
    made = WriteOnlyCell(sheet, value=words)
    made.data_type = "s"
    return made


def _shown(value: Any) -> Any:
    return show_datetime(value) if hasattr(value, "tzinfo") else value
