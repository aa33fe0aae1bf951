"""The current state in short, for a document: every family's figures, and who is served worse.

Where stories fall into those that were read and those held out, both are told beside each other. Of
all groupings only gaps whose interval leaves out zero are listed, with how many were looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evals.report import beside, by_sets, table
from evals.written import dated

Document = Mapping[str, Any]


def state(documents: Sequence[Document]) -> str:
    """The runs as Markdown: a table each, then the gaps."""
    machine = documents[0]["made_with"]["machine"]
    seconds = sum(d["times"]["seconds"] for d in documents)
    made = f"{dated(documents[0])}, {machine['cores']} cores, {seconds:.0f} s for all families."
    return "\n\n".join([made, *(part for d in documents for part in _family(d)), *_gaps(documents)])


def _family(document: Document) -> Iterator[str]:
    experiment, engines = document["experiment"], document["engines"]
    yield f"**{experiment['title']}** ({document['cases']} cases)"
    sets = by_sets(document)
    if sets:
        engines = {**sets, "all": engines[experiment["engines"][0]]}
        engines |= {n: e for n, e in document["engines"].items() if n != experiment["engines"][0]}
    yield beside(engines, document.get("lower", ()), "en")


def _gaps(documents: Sequence[Document]) -> Iterator[str]:
    looked, rows = 0, []
    for document in documents:
        first = document["experiment"]["engines"][0]
        found = document["engines"][first]["detail"].get("fairness", {})
        for way, groups in found.items():
            gap = groups["gap"]
            looked += gap is not None
            if gap and gap["ci"] and gap["ci"][0] > 0:
                rows.append(_gap(document, way, groups["groups"], gap))
    yield f"Gaps between groups whose interval leaves out zero, of {looked} that were looked at:"
    heads = ["experiment", "by", "lower", "higher", "gap", "95 %"]
    yield table(heads, rows) if rows else "none"


def _gap(document: Document, way: str, groups: Document, gap: Document) -> list[str]:
    ends = f"[{gap['ci'][0]:.3f}, {gap['ci'][1]:.3f}]"
    sized = [
        f"{name}: {groups[name]['value']:.3f} (n {groups[name]['n']})"
        for name in (gap["low"], gap["high"])
    ]
    return [document["experiment"]["id"], way, *sized, f"{gap['gap']:.3f}", ends]
