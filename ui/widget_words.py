"""What Streamlit's own parts say in English alone, for readers of another language.

The English file of ``words/widgets`` holds their words as they stand in the installed release, the
other languages say the same. A word Streamlit changes stays English until it is written there.
"""

from __future__ import annotations

import json
from pathlib import Path

from ui.words import LANGUAGES, catalogue

TEMPLATE = Path(__file__).with_name("widget_words.js").read_text(encoding="utf-8")
BEGINS = "widgets."


def script(lang: str) -> str:
    """The script that says them in ``lang``, also where another language was read before."""
    own = catalogue(lang)
    others = [catalogue(other) for other in LANGUAGES if other != lang]
    pairs = [
        [words[name], own[name]] for words in others for name in own if name.startswith(BEGINS)
    ]
    return TEMPLATE.replace("__PAIRS__", json.dumps(pairs, ensure_ascii=False))
