"""What knowledge is called in the reader's language.

An English reader gets the English title with the Thai one beside it: letters and forms quote the
Thai.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

Titled = Mapping[str, Any]  # title_th (or title) and perhaps title_en; a scheme's name_th, name_en


def title(of: Titled, lang: str) -> str:
    """The title in ``lang``; the Thai one where there is no other."""
    english = of.get("title_en") or of.get("name_en")
    return str(english) if lang == "en" and english else _thai(of)


def quotable(of: Titled, lang: str) -> str:
    """The title in ``lang``, an English one with the Thai after it in brackets."""
    told, thai = title(of, lang), _thai(of)
    return told if told == thai else f"{told} ({thai})"


def heading(of: Titled, lang: str) -> str:
    """The same as HTML: the title in bold, and the Thai one small beside an English one."""
    return f"<b>{escape(title(of, lang))}</b>{original(of, lang)}"


def original(of: Titled, lang: str) -> str:
    """The Thai title small, as HTML that stands after an English one; empty after itself."""
    thai = _thai(of)
    if title(of, lang) == thai:
        return ""
    return f' <small class="cmis-quiet" lang="th">{escape(thai)}</small>'


def _thai(of: Titled) -> str:
    return str(of.get("title_th") or of.get("name_th") or of["title"])
