"""Around the plan on the table: changed law, the client's papers, and what changed since before."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import version_marks
from ui.desk import Desk
from ui.titles import quotable

PAPERS = ("client", "safety")


def show(desk: Desk, case: dict[str, Any], version_id: str) -> None:
    """Draw all three for one version; the papers and the comparison when they are opened."""
    _law(desk, version_id)
    _papers(desk, version_id)
    _differences(desk, case, version_id)


def _law(desk: Desk, version_id: str) -> None:
    found = desk.api.get(f"/plans/{version_id}/law-changes")
    if not found["changed"]:
        return
    names = ", ".join(quotable(c, desk.lang) for c in found["changed"])
    st.warning(desk.say("law.changed", names=names), icon=":material/gavel:")
    with st.expander(desk.say("law.affected", count=len(found["affected"]))):
        st.html(version_marks.proposals(found["affected"], desk.lang))


def _papers(desk: Desk, version_id: str) -> None:
    drawer = st.expander(f"**{desk.say('papers')}**", key="papers", on_change="rerun")
    if not drawer.open:
        return
    found = desk.api.get(f"/plans/{version_id}/sheets")
    with drawer:
        st.caption(desk.say("papers.hint"))
        for column, paper in zip(st.columns(2, gap="medium"), PAPERS, strict=True):
            where = f"/api/v1/plans/{version_id}/sheets/{paper}"
            column.html(version_marks.sheet(found[paper]))
            column.html(version_marks.to_print(where, desk.say("papers.print")))


def _differences(desk: Desk, case: dict[str, Any], version_id: str) -> None:
    older = {v["number"]: v["id"] for v in case["versions"] if v["id"] != version_id}
    if not older:
        return
    drawer = st.expander(f"**{desk.say('diff')}**", key="diff", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        number = st.selectbox(
            desk.say("diff.with"),
            sorted(older, reverse=True),
            format_func=lambda n: desk.say("plan.version", number=n),
        )
        query = {"from": older[number], "to": version_id}
        found = desk.api.get(f"/cases/{case['id']}/diff", **query)
        counts = {k: found["counts"].get(k, 0) for k in ("added", "changed", "removed", "same")}
        st.caption(desk.say("diff.counts", **counts))
        st.html(version_marks.differences(found["rows"], desk.lang))
