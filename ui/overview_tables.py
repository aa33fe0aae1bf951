"""The figures behind the plots in the person's words, also shown as tables.

Columns that begin with ``_`` place and colour the marks; tables leave them out.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from ui.calendar import day, month
from ui.desk import Desk

Rows = list[dict[str, Any]]
URGENCIES = ("immediate_1h", "24h", "72h", "routine")
MOST_CODES = 14


def column(desk: Desk, name: str) -> str:
    """The name of a column."""
    return desk.say(f"column.{name}")


def step_name(desk: Desk, row: dict[str, Any]) -> str:
    """A step with its number, as the office counts them."""
    return f"{row['number']}. {row[f'name_{desk.lang}']}"


def read(desk: Desk, name: str, rows: Rows) -> Rows:
    """The rows of a plot as a person reads them."""
    told = table(desk, name, rows)
    return [{k: v for k, v in row.items() if not k.startswith("_")} for row in told]


def table(desk: Desk, name: str, rows: Rows) -> Rows:
    """The rows of a plot in the person's words; they are also what the table shows."""
    return TABLES[name](desk, rows)


def _steps(desk: Desk, rows: Rows) -> Rows:
    return [
        {
            column(desk, "step"): step_name(desk, row),
            column(desk, "urgency"): desk.say(f"urgency.{urgency}"),
            column(desk, "cases"): row["urgencies"][urgency],
            "_order": order,
        }
        for row in rows
        for order, urgency in enumerate(URGENCIES)
        if urgency in row["urgencies"]
    ]


def _caseload(desk: Desk, rows: Rows) -> Rows:
    return [
        {
            column(desk, "status"): desk.say(f"status.{r['status']}"),
            column(desk, "urgency"): desk.say(f"urgency.{r['urgency']}"),
            column(desk, "cases"): r["cases"],
            "_order": URGENCIES.index(r["urgency"]),
        }
        for r in rows
    ]


def _due(desk: Desk, rows: Rows) -> Rows:
    most = max(r["deadlines"] for r in rows)
    told = []
    for row in rows:
        when = date.fromisoformat(row["day"])
        told.append(
            {
                column(desk, "day"): day(row["day"], desk.lang),
                column(desk, "weekday"): desk.say(f"weekday.{when.weekday()}"),
                column(desk, "deadlines"): row["deadlines"],
                column(desk, "statutory"): row["statutory"],
                "_week": f"{when.isocalendar().year}-{when.isocalendar().week:02d}",
                "_label": f"{when.day} {desk.say(f'month.{when.month}')}\n({row['deadlines']})",
                "_dark": row["deadlines"] > most / 2,
            }
        )
    return told


def _codes(desk: Desk, rows: Rows) -> Rows:
    labels = desk.code_names
    counted: Counter[str] = Counter()
    for row in rows:
        counted[row["code"]] += row["cases"]
    shown = [code for code, _ in counted.most_common(MOST_CODES)]
    most = max(r["cases"] for r in rows)
    return [
        {
            column(desk, "code"): f"{r['code']} {labels.get(r['code'], '')}".strip(),
            column(desk, "region"): desk.say(f"region.{r['region']}"),
            column(desk, "month"): month(r["month"], desk.lang),
            column(desk, "cases"): r["cases"],
            "_order": r["month"],
            "_rank": shown.index(r["code"]),
            "_dark": r["cases"] > most / 2,
        }
        for r in rows
        if r["code"] in shown
    ]


def _agreement(desk: Desk, rows: Rows) -> Rows:
    labels = desk.code_names
    most = sorted(rows, key=lambda r: -(r["accepted"] + r["removed"] + r["added"]))[:MOST_CODES]
    return [
        {
            column(desk, "code"): f"{r['code']} {labels.get(r['code'], '')}".strip(),
            column(desk, "decision"): desk.say(f"overview.decision.{decision}"),
            column(desk, "cases"): r[decision],
        }
        for r in most
        for decision in ("accepted", "removed", "added")
        if r[decision]
    ]


def _edits(desk: Desk, rows: Rows) -> Rows:
    return [
        {
            column(desk, "day"): day(r["at"], desk.lang),
            column(desk, "case"): r["case"],
            column(desk, "changed"): r["changed"],
            "_order": n,
        }
        for n, r in enumerate(rows)
    ]


TABLES = {
    "steps": _steps,
    "caseload": _caseload,
    "due": _due,
    "codes": _codes,
    "agreement": _agreement,
    "edits": _edits,
}
