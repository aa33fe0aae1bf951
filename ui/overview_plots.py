"""The plots of the caseload. Every value comes with words: no picture rests on colour alone."""

from __future__ import annotations

from typing import Any

import altair as alt

from ui.desk import Desk
from ui.overview_tables import URGENCIES, Rows, column, step_name, table

STATUSES = ("new", "open", "drafted", "reviewing", "approved", "closed")
COLOURS = ("#c8414b", "#d98b19", "#2f86b5", "#8a9896")
WHOLE = alt.Axis(tickMinStep=1)
HEAT = alt.Scale(scheme="teals")
MONTH_OVER_YEAR = "split(datum.label, ' ')"  # beside each other a phone cuts them off


def steps(desk: Desk, rows: Rows) -> Any:
    """Open cases by their step of the nine, in bars by urgency."""
    return _stacked(desk, "steps", "step", rows, [step_name(desk, r) for r in rows])


def caseload(desk: Desk, rows: Rows) -> Any:
    """Cases by status, in bars by urgency: for those whose agency has no cases of its own."""
    stages = [desk.say(f"status.{s}") for s in STATUSES]
    return _stacked(desk, "caseload", "status", rows, stages)


def _stacked(desk: Desk, name: str, place: str, rows: Rows, stages: list[str]) -> Any:
    order = [desk.say(f"urgency.{u}") for u in URGENCIES]
    return (
        _chart(desk, name, rows)
        .mark_bar()
        .encode(
            y=alt.Y(
                _field(desk, f"{place}:N"),
                scale=alt.Scale(domain=stages),
                title=None,
                axis=alt.Axis(labelLimit=200, labelOverlap=False),
            ),
            x=alt.X(
                _field(desk, "cases:Q"),
                axis=WHOLE,
                title=column(desk, "cases"),
            ),
            color=alt.Color(
                _field(desk, "urgency:N"),
                sort=order,
                scale=alt.Scale(domain=order, range=list(COLOURS)),
                legend=alt.Legend(orient="bottom", columns=1, title=None, labelLimit=240),
            ),
            order=alt.Order("_order:Q"),
            tooltip=[_field(desk, f"{k}:N") for k in (place, "urgency", "cases")],
        )
        .properties(height=alt.Step(24))
    )


def due(desk: Desk, rows: Rows) -> Any:
    """A calendar of open time limits: a row for each week, a column for each weekday."""
    base = _chart(desk, "due", rows).encode(
        x=alt.X(
            _field(desk, "weekday:O"),
            scale=alt.Scale(domain=[desk.say(f"weekday.{n}") for n in range(7)]),
            title=None,
            axis=alt.Axis(labelAngle=0),
        ),
        y=alt.Y("_week:O", title=None, axis=None, sort="ascending"),
        tooltip=[_field(desk, f"{k}:N") for k in ("day", "deadlines", "statutory")],
    )
    cells = base.mark_rect(cornerRadius=4, stroke="#7d8a88", strokeWidth=0.5).encode(
        color=alt.Color(_field(desk, "deadlines:Q"), scale=HEAT, legend=None)
    )
    words = base.mark_text(fontSize=11, lineBreak="\n").encode(
        text="_label:N",
        color=alt.condition("datum._dark", alt.value("#ffffff"), alt.value("#1f2b2a")),
    )
    return (cells + words).properties(height=alt.Step(44))


def codes(desk: Desk, rows: Rows) -> Any:
    """The most frequent codes by month."""
    base = _chart(desk, "codes", rows).encode(
        x=alt.X(
            _field(desk, "month:O"),
            sort=alt.SortField("_order"),
            title=None,
            axis=alt.Axis(labelAngle=0, labelExpr=MONTH_OVER_YEAR),
        ),
        y=alt.Y(
            _field(desk, "code:N"),
            sort=alt.SortField("_rank"),
            title=None,
            axis=alt.Axis(labelLimit=220),
        ),
        tooltip=[_field(desk, f"{k}:N") for k in ("code", "region", "month", "cases")],
    )
    cells = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color(_field(desk, "cases:Q"), scale=HEAT, legend=None)
    )
    words = base.mark_text(fontSize=11).encode(
        text=_field(desk, "cases:Q"),
        color=alt.condition("datum._dark", alt.value("#ffffff"), alt.value("#1f2b2a")),
    )
    return (cells + words).properties(height=alt.Step(26))


def agreement(desk: Desk, rows: Rows) -> Any:
    """What people decided on the codes the machine proposed, and what they added."""
    order = [desk.say(f"overview.decision.{d}") for d in ("accepted", "removed", "added")]
    return (
        _chart(desk, "agreement", rows)
        .mark_bar()
        .encode(
            y=alt.Y(_field(desk, "code:N"), sort="-x", title=None, axis=alt.Axis(labelLimit=200)),
            x=alt.X(
                _field(desk, "cases:Q"),
                axis=alt.Axis(tickMinStep=1),
                title=column(desk, "cases"),
            ),
            color=alt.Color(
                _field(desk, "decision:N"),
                scale=alt.Scale(domain=order, range=["#2f8f5b", "#c8414b", "#d98b19"]),
                legend=alt.Legend(orient="bottom", title=None, labelLimit=240),
            ),
            tooltip=[_field(desk, f"{k}:N") for k in ("code", "decision", "cases")],
        )
        .properties(height=alt.Step(22))
    )


def edits(desk: Desk, rows: Rows) -> Any:
    """The share of each approved draft that people changed, the newest at the right."""
    return (
        _chart(desk, "edits", rows)
        .mark_line(point=alt.OverlayMarkDef(size=70), color="#0b6e69")
        .encode(
            x=alt.X("_order:O", title=None, axis=None),
            y=alt.Y(
                _field(desk, "changed:Q"),
                axis=alt.Axis(format="%"),
                scale=alt.Scale(domain=[0, 1]),
                title=column(desk, "changed"),
            ),
            tooltip=[
                _field(desk, "day:N"),
                _field(desk, "case:N"),
                alt.Tooltip(_field(desk, "changed:Q"), format=".1%"),
            ],
        )
        .properties(height=260)
    )


def _field(desk: Desk, name: str) -> str:
    """A column in the person's words with its kind, ``cases:Q``."""
    column_name, _, kind = name.partition(":")
    return f"{column(desk, column_name)}:{kind}"


def _chart(desk: Desk, name: str, rows: Rows) -> Any:
    """A chart of Altair's over the rows of a plot."""
    data: Any = alt.Data
    return alt.Chart(data(values=table(desk, name, rows)))
