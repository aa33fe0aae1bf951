"""Pieces of HTML for documents; everything from outside is escaped here."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from ui.calendar import moment
from ui.marks import chip, headline
from ui.words import say

STATES = {"absent": ("○", "quiet"), "open": ("●", "inferred"), "signed": ("✓", "rule")}
WITHDRAWN = ("✗", "danger")
ACTS = {"sent": "↗", "received": "↘", "refused": "✗", "signed": "✓", "withdrawn": "✗", "read": "◦"}
ACTS |= {"approval_asked": "○", "approval_approved": "✓", "approval_refused": "✗"}


def name(kind: Mapping[str, Any], lang: str) -> str:
    """What a kind of document is called."""
    return str((lang == "en" and kind.get("name_en")) or kind["name_th"])


def state(what: str, lang: str) -> str:
    """How far a document is, by sign and word."""
    sign, colour = STATES.get(what, WITHDRAWN)
    return chip(f"{sign} {say(f'document.state.{what}', lang)}", colour)


def title(document: Mapping[str, Any], kind: Mapping[str, Any], lang: str) -> str:
    """What a document is called: as its kind, unless somebody named it otherwise."""
    own = str(document["title"])
    return name(kind, lang) if own == kind.get("name_th") else own


def line(
    document: Mapping[str, Any], kind: Mapping[str, Any], lang: str, approval: str = ""
) -> str:
    """A document in the list: title, kind, states, how many versions and since when.

    ``approval`` is a chip already rendered.
    """
    last = document["versions"][-1]
    below = say("documents.version", lang, number=last["number"])
    below += f" · {moment(last['created_at'], lang)}"
    below += f" · {last['by_name']}" if last["by_name"] else ""
    chips = state(document["state"], lang) + approval
    chips += chip(say(f"document.origin.{last['origin']}", lang))
    return headline(title(document, kind, lang), "", chips, below)


def checklist(
    items: Iterable[Mapping[str, Any]], kinds: Mapping[str, Mapping[str, Any]], lang: str
) -> str:
    """Kinds a step asks for, with their states."""
    rows = "".join(
        f"<li><span>{escape(name(kinds.get(i['type_id'], i), lang))}</span>"
        f"{state(i['state'], lang)}</li>"
        for i in items
    )
    none = f'<li class="cmis-quiet">{escape(say("documents.no_kind", lang))}</li>'
    return f'<div class="cmis-checklist"><ul>{rows or none}</ul></div>'


def custody(acts: Iterable[Mapping[str, Any]], numbers: Mapping[str, int], lang: str) -> str:
    """In whose hands a document was: what, who, when, to whom and why; the newest last."""
    rows = "".join(f"<li>{_act(act, numbers, lang)}</li>" for act in acts)
    return f'<ol class="cmis-custody">{rows}</ol>'


def _act(act: Mapping[str, Any], numbers: Mapping[str, int], lang: str) -> str:
    sign = ACTS.get(act["act"], "+")
    what = say(f"custody.{act['act']}", lang)
    whom = f" → {escape(act['party'])}" if act["party"] else ""
    number = numbers.get(act["version_id"])
    below = [moment(act["at"], lang), act["by_name"] or ""]
    below += [say("documents.version", lang, number=number)] if number else []
    note = f'<div class="cmis-quiet">“{escape(act["note"])}”</div>' if act["note"] else ""
    when = escape(" · ".join(b for b in below if b))
    return f'<b>{sign} {escape(what)}</b>{whom}<div class="cmis-quiet">{when}</div>{note}'


def pages(images: Iterable[bytes], media_type: str, words: str) -> str:
    """Pages of a file as pictures that stand in the page itself: no address serves them."""
    drawn = "".join(
        f'<img alt="{escape(words)} {n}" src="data:{media_type};base64,{b64encode(i).decode()}">'
        for n, i in enumerate(images, 1)
    )
    return f'<div class="cmis-pages">{drawn}</div>'


def plain(lines: Iterable[str]) -> str:
    """The words of a file that has no pages yet."""
    told = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div class="cmis-sheet" lang="th">{told}</div>'


def download(version_id: str, words: str) -> str:
    """A link to the file itself."""
    return _way(f"/document-versions/{version_id}/content", words)


def ways(named: Mapping[str, str]) -> str:
    """Links to files by their address under the API."""
    links = "".join(_way(path, words) for path, words in named.items())
    return f'<div class="cmis-row">{links}</div>'


def _way(path: str, words: str) -> str:
    href = f"/api/v1{escape(path, quote=True)}"
    return f'<a class="cmis-way" href="{href}" target="_blank">{escape(words)}</a>'
