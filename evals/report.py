"""One report of many runs: Markdown for the repository, the same as HTML with the plots inside."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from evals.export import export
from evals.plots import plots
from evals.runs import Run
from runtime.messages import sentence

PAGE = (
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title><style>'
    "body{{font-family:Sarabun,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}"
    "table{{border-collapse:collapse}}td,th{{border:1px solid #ccc;padding:.2rem .6rem}}"
    "img{{max-width:100%;vertical-align:top}}</style></head><body>{body}</body></html>"
)
_IMAGE = re.compile(r'src="([\w.-]+\.svg)"')


def write_report(runs: Sequence[Run], folder: Path, lang: str = "en") -> Path:
    """Write ``report.md``, ``report.html``, the plots and the tables; the HTML file's path."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {f"{_id(r)}-{n}.svg": svg for r in runs for n, svg in plots(r.document).items()}
    for name, svg in drawn.items():
        (folder / name).write_text(svg, encoding="utf-8")
    text = markdown([r.document for r in runs], list(drawn), lang)
    (folder / "report.md").write_text(text, encoding="utf-8")
    body = MarkdownIt().enable("table").render(text)
    body = _IMAGE.sub(lambda m: f'src="{_inlined(drawn[m[1]])}"', body)
    page = folder / "report.html"
    title = html.escape(sentence("evals.report.title", lang))
    page.write_text(PAGE.format(lang=lang, title=title, body=body), encoding="utf-8")
    export(runs, folder)
    return page


def markdown(documents: Sequence[Mapping[str, Any]], drawn: Sequence[str], lang: str) -> str:
    """The report's text, a section a run."""
    parts = [f"# {sentence('evals.report.title', lang)}", *_made_with(documents, lang)]
    for document in documents:
        parts += _section(document, drawn, lang)
    return "\n\n".join([*parts, sentence("evals.report.how", lang)]) + "\n"


def _made_with(documents: Sequence[Mapping[str, Any]], lang: str) -> Iterable[str]:
    if documents:
        made, times = documents[0]["made_with"], documents[0]["times"]
        code, machine = made["code"], made["machine"]
        yield sentence(
            "evals.report.made_with",
            lang,
            when=times["began"][:10],
            version=code["version"],
            commit=(code["commit"] or "–")[:10] + ("+" if code["changed"] else ""),
            knowledge=made["knowledge"][:12],
            model=made["embedding_model"],
            chat=made["chat_model"] or "–",
            machine=f"{machine['system']} {machine['processor']}, {machine['cores']} cores",
        )


def _section(document: Mapping[str, Any], drawn: Sequence[str], lang: str) -> list[str]:
    experiment = document["experiment"]
    seconds = document["times"]["seconds"]
    count = sentence("evals.report.cases", lang, cases=document["cases"], seconds=seconds)
    parts = [f"## {experiment['title']}", experiment["asks"], count, _figures(document, lang)]
    own = [f"![{name}]({name})" for name in drawn if _belongs(name, experiment["id"])]
    parts.append(" ".join(own))
    for engine, found in document["against_first"].items():
        said = sentence("evals.report.against", lang, engine=engine, first=experiment["engines"][0])
        parts += [said, _differences(found)]
    parts += _fates(document, lang)
    parts += _schemes(document, lang)
    parts += _sets(document, lang)
    parts += _fairness(document, lang)
    return [p for p in parts if p]


def _figures(document: Mapping[str, Any], lang: str) -> str:
    wanted = document["experiment"]["metrics"]
    return beside(document["engines"], document.get("lower", ()), lang, wanted)


def beside(
    found: Mapping[str, Any], lower: Sequence[str], lang: str, wanted: Sequence[str] = ()
) -> str:
    """A table of figures, a column an engine or a set of stories."""
    names = [n for n in next(iter(found.values()))["figures"] if not wanted or n in wanted]
    rows = [
        [
            f"{name} ↓" if name in lower else name,
            *(_cell(f["figures"].get(name), f["ci"].get(name)) for f in found.values()),
        ]
        for name in names
    ]
    return table([sentence("evals.report.figure", lang), *found], rows)


def _differences(found: Mapping[str, Mapping[str, float]]) -> str:
    rows = [
        [name, f"{d['value']:+.3f}", f"[{d['low']:+.3f}, {d['high']:+.3f}]", f"{d['p_holm']:.3f}"]
        for name, d in found.items()
    ]
    return table(["", "Δ", "95 %", "p (Holm)"], rows)


def _fates(document: Mapping[str, Any], lang: str) -> list[str]:
    first = document["experiment"]["engines"][0]
    found = document["engines"][first]["detail"].get("by_code", {})
    counted = ("accepted", "removed", "added", "n")
    rows = [
        [code, *(str(f[n]) for n in counted), _cell(f["value"], f["ci"])]
        for code, f in found.items()
    ]
    heads = ["", *counted, "removed / decided"]
    return [sentence("evals.report.fates", lang), table(heads, rows)] if rows else []


def _fairness(document: Mapping[str, Any], lang: str) -> list[str]:
    first = document["experiment"]["engines"][0]
    found = document["engines"][first]["detail"].get("fairness", {})
    rows = [
        [way, name, str(cell["n"]), _cell(cell["value"], cell["ci"])]
        for way, groups in found.items()
        for name, cell in groups["groups"].items()
    ]
    if not rows:
        return []
    heads = ["", sentence("evals.report.group", lang), "n", ""]
    gaps = [
        [way, f"{gap['low']} – {gap['high']}", f"{gap['gap']:.3f}", _ends(gap["ci"])]
        for way, groups in found.items()
        if (gap := groups["gap"])
    ]
    said = [sentence("evals.report.fairness", lang), table(heads, rows)]
    if gaps:
        heads = ["", sentence("evals.report.group", lang), "Δ", "95 %"]
        said += [sentence("evals.report.gaps", lang), table(heads, gaps)]
    return said


def _schemes(document: Mapping[str, Any], lang: str) -> list[str]:
    first = document["experiment"]["engines"][0]
    found = document["engines"][first]["detail"].get("by_scheme", {})
    rows = [[name, str(f["n"]), str(f["agree"])] for name, f in found.items()]
    heads = [sentence("evals.report.scheme", lang), "n", sentence("evals.report.agree", lang)]
    return [table(heads, rows)] if rows else []


def _sets(document: Mapping[str, Any], lang: str) -> list[str]:
    found = by_sets(document)
    if not found:
        return []
    return [sentence("evals.report.sets", lang), beside(found, document.get("lower", ()), lang)]


def by_sets(document: Mapping[str, Any]) -> dict[str, Any]:
    """The first engine's figures of read and of held-out stories, by name and number of cases."""
    first = document["experiment"]["engines"][0]
    found = document["engines"][first]["detail"].get("by_set", {})
    return {f"{name} (n {f['n']})": f for name, f in found.items()}


def _ends(ends: Sequence[float] | None) -> str:
    return f"[{ends[0]:+.3f}, {ends[1]:+.3f}]" if ends else "–"


def _cell(value: float | None, ends: Sequence[float] | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" + (f" [{ends[0]:.3f}, {ends[1]:.3f}]" if ends else "")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(c.replace('|', '/') for c in line)} |" for line in lines)


def _id(run: Run) -> str:
    return str(run.document["experiment"]["id"])


def _belongs(name: str, experiment: str) -> bool:
    return name.rpartition("-")[0] == experiment


def _inlined(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
