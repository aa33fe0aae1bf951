"""The caseload in pictures: where cases stand, which days will be full, codes, and agreement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui import overview_plots, overview_tables
from ui.desk import Desk, kindly
from ui.quiet_ink import quiet

Plot = Callable[[Desk, list[dict[str, Any]]], Any]
PLOTS: dict[str, Plot] = {
    "steps": overview_plots.steps,
    "due": overview_plots.due,
    "codes": overview_plots.codes,
    "agreement": overview_plots.agreement,
    "edits": overview_plots.edits,
}


def page() -> None:
    """Every picture with what it says in words, and its figures as a table for those who ask."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("overview.title"))
    st.caption(desk.say("overview.hint"))
    with kindly(desk):
        found = desk.api.get("/overview")
        if not found["caseload"]:
            st.info(desk.say("overview.empty"), icon=":material/insights:")
            return
        left, right = st.columns(2, gap="large")
        places = [left, right, st.container(), *st.columns(2, gap="large")]
        for place, (name, plot) in zip(places, _plots(found).items(), strict=True):
            with place:
                _picture(desk, name, plot, found[name])


def _plots(found: dict[str, Any]) -> dict[str, Plot]:
    """The plots of this person: whose agency has no case of its own is told statuses, not steps."""
    if found["steps"]:
        return PLOTS
    rest = {name: plot for name, plot in PLOTS.items() if name != "steps"}
    return {"caseload": overview_plots.caseload} | rest


def _picture(desk: Desk, name: str, plot: Plot, rows: list[dict[str, Any]]) -> None:
    st.subheader(desk.say(f"overview.{name}"))
    if not rows:
        st.caption(desk.say(f"overview.no_{name}"))
        return
    st.caption(desk.say(f"overview.{name}_hint"))
    st.altair_chart(_legible(plot(desk, rows)), width="stretch")
    drawer = st.expander(desk.say("overview.table"), key=f"table-{name}", on_change="rerun")
    if drawer.open:
        with drawer:
            st.dataframe(overview_tables.read(desk, name, rows), hide_index=True, width="stretch")


def _legible(chart: Any) -> Any:
    """The words beside a plot in the ink of quiet words, not in the paler one plots have."""
    ink = quiet()
    words = {"labelColor": ink, "titleColor": ink, "labelFontSize": 12}
    return chart.configure_axis(**words).configure_legend(**words)
