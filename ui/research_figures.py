"""One finished run: figures with their intervals, what lies between engines, plots, the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from ui import frame_marks
from ui.desk import Desk

REPORT = "/api/v1/research/runs/{}/report"


def show(desk: Desk, run: Mapping[str, Any]) -> None:
    """Draw a run's document; a comparison has differences alone."""
    document = run["document"]
    if "differences" in document:
        st.caption(desk.say("research.cases", count=document["cases"]))
        _differences(desk, document["differences"], document["order"])
        return
    made = document["made_with"]["code"]
    st.caption(
        desk.say(
            "research.made_with",
            count=document["cases"],
            seconds=document["times"]["seconds"],
            version=made["version"],
            commit=(made["commit"] or "–")[:10],
        )
    )
    _figures(desk, document)
    for engine, found in document["against_first"].items():
        first = document["experiment"]["engines"][0]
        st.markdown(f"**{desk.say('research.against', engine=engine, first=first)}**")
        _differences(desk, found, document["order"])
    plots = desk.api.get(f"/research/runs/{run['id']}/plots")
    for name in sorted(plots, key=lambda n: not n.endswith("-figures")):
        st.image(plots[name], caption=name)
    st.html(frame_marks.way_to(REPORT.format(run["id"]), desk.say("research.report")))


def _figures(desk: Desk, document: Mapping[str, Any]) -> None:
    engines = document["engines"]

    def row(name: str) -> dict[str, str]:
        told = {e: cell(f["figures"].get(name), f["ci"].get(name)) for e, f in engines.items()}
        return {desk.say("research.figure"): name} | told

    _table([row(name) for name in document["order"]])
    st.caption(desk.say("research.how"))


def _differences(
    desk: Desk, found: Mapping[str, Mapping[str, float]], order: Sequence[str]
) -> None:
    _table(
        [
            {
                desk.say("research.figure"): name,
                "Δ": f"{d['value']:+.3f}",
                "95 %": f"[{d['low']:+.3f}, {d['high']:+.3f}]",
                "p (Holm)": f"{d['p_holm']:.3f}",
            }
            for name, d in ((n, found[n]) for n in order if n in found)
        ]
    )


def cell(value: float | None, ends: Sequence[float] | None) -> str:
    """A figure with its interval; a dash when it has no value."""
    if value is None:
        return "–"
    return f"{value:.3f}" + (f" [{ends[0]:.3f}, {ends[1]:.3f}]" if ends else "")


def _table(rows: Iterable[Mapping[str, str]]) -> None:
    rows = list(rows)
    if rows:
        heads = list(rows[0])
        lines = [heads, ["---"] * len(heads), *([r[h] for h in heads] for r in rows)]
        st.markdown("\n".join(f"| {' | '.join(_plain(c) for c in line)} |" for line in lines))


def _plain(words: str) -> str:
    return words.replace("|", "/").replace("[", "\\[").replace("_", "\\_").replace("$", "\\$")
