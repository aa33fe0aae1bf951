"""A web page as its reader sees it: no script, no style, no comment, nothing hidden.

Hidden is what the element itself or a rule of the page's own style sheets hides, and everything
within it. External style sheets and scripts are not fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Any

import yaml
from cssselect import SelectorError
from lxml import etree, html
from lxml.cssselect import CSSSelector

from knowledge_base.plain_text import decoded
from knowledge_base.reading import Block, Reading
from knowledge_base.thai_repair import mended

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Declarations that take words out of sight.
_HIDING = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|content-visibility\s*:\s*hidden|opacity\s*:\s*(?:0|0?\.0\d*)\s*(?:[;!]|$)"
    r"|font-size\s*:\s*(?:0?(?:\.\d+)?|[1-3](?:\.\d+)?)(?:px|pt)?\s*(?:[;!]|$)"
    r"|font-size\s*:\s*(?:0?\.[0-2]\d*r?em|1?\d(?:\.\d+)?%)|filter\s*:\s*opacity\(\s*0?(?:\.0\d*)?\)"
    r"|(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:[;!]|$)"
    r"|(?:left|top|right|bottom|text-indent|margin-left|margin-top)\s*:\s*-\d{3,}"
    r"|clip\s*:\s*rect\(\s*[01]|clip-path\s*:\s*(?:inset\(\s*(?:50|100)%|circle\(\s*0)"
    r"|transform\s*:\s*scale\(\s*0\s*\))",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*([^;!]+)", re.IGNORECASE)
_NUMBER = re.compile(r"\d*\.?\d+")
PALE, FAINT, SHORT = 240, 0.1, 5  # of 255 in every channel; opacity; letters of a short #rgba
_BLANK = re.compile(r"\s+")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}@]+)\{([^{}]*)\}")
MOST_RULES = 5000


def read(name: str, content: bytes) -> Reading:
    """A page in blocks, headings marked."""
    return page(decoded(name, content), "text/html")


def page(source: str, media_type: str) -> Reading:
    """The same of HTML source."""
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    root = html.document_fromstring(source.encode("utf-8", "ignore"), parser=parser)
    title = mended(root.findtext(".//title") or "")
    hidden = _hidden_by_rules(root)
    blocks = tuple(_gathered(_pieces(root, hidden)))
    return Reading(media_type=media_type, title=" ".join(title.split()), blocks=blocks)


def _hidden_by_rules(root: Any) -> set[Any]:
    """Elements that a hiding rule of the page's style sheets selects."""
    sheets = " ".join(style.text_content() for style in root.iter("style"))
    found: set[Any] = set()
    for selectors, declared in _RULE.findall(_CSS_COMMENT.sub("", sheets))[:MOST_RULES]:
        if _hides(declared):
            for selector in selectors.split(","):
                found.update(_selected(root, selector.strip()))
    return found


def _selected(root: Any, selector: str) -> Iterable[Any]:
    try:
        return list(CSSSelector(selector, translator="html")(root)) if selector else []
    except (SelectorError, etree.XPathError):
        return []


def _hides(declared: str) -> bool:
    """Whether declarations hide words; white words need a background to be seen."""
    colour = _COLOUR.search(declared)
    white = colour and _pale(colour[1]) and "background" not in declared.lower()
    return bool(white or _HIDING.search(declared))


def _pale(colour: str) -> bool:
    """Whether a colour is white or nearly, or can be seen through; names: white, transparent."""
    value = colour.strip().lower()
    if value.startswith("#"):
        return _pale_hex(value[1:])
    numbers = [float(n) for n in _NUMBER.findall(value)] if value.startswith("rgb") else []
    if len(numbers) >= 3:
        return min(numbers[:3]) >= PALE or (len(numbers) > 3 and numbers[3] <= FAINT)
    return value in ("white", "transparent")


def _pale_hex(digits: str) -> bool:
    spelt = "".join(d * 2 for d in digits) if len(digits) < SHORT else digits
    try:
        channels = [int(spelt[i : i + 2], 16) for i in range(0, len(spelt), 2)]
    except ValueError:
        return False
    faint = len(channels) > 3 and channels[3] <= FAINT * 255
    return len(channels) >= 3 and (min(channels[:3]) >= PALE or faint)


def _pieces(root: Any, hidden: set[Any]) -> Iterator[tuple[str | None, int]]:
    """Words with the level of their heading; None between blocks.

    Walks without recursion: a page may nest deeper than Python does.
    """
    tags = _tags()
    steps: list[tuple[Any, int, bool]] = [(root, 0, False)]
    while steps:
        node, level, leaving = steps.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        if leaving or not tag or tag in tags["never_shown"] or _is_hidden(node, hidden):
            if tag in tags["blocks"]:
                yield None, level
            yield _BLANK.sub(" ", node.tail or ""), level
            continue
        inner = int(tag[1]) if tag in HEADINGS else level
        if tag in tags["blocks"]:
            yield None, inner
        if tag == "br":
            yield "\n", level
        yield (node.text or "") if tag == "pre" else _BLANK.sub(" ", node.text or ""), inner
        steps.append((node, level, True))
        steps.extend((child, inner, False) for child in reversed(node))


def _is_hidden(node: Any, hidden: set[Any]) -> bool:
    font = f"color:{node.get('color')}" if node.tag == "font" and node.get("color") else ""
    declared = f"{node.get('style', '')};{font}" if font else node.get("style", "")
    return node in hidden or node.get("hidden") is not None or _hides(declared)


def _gathered(pieces: Iterable[tuple[str | None, int]]) -> Iterator[Block]:
    held, level = "", 0
    for text, depth in pieces:
        if text is None:
            yield from _block(held, level)
            held = ""
            continue
        level = level if held.strip() else depth
        held += text
    yield from _block(held, level)


def _block(text: str, level: int) -> Iterator[Block]:
    text = mended(text)
    if text:
        yield Block(text=text, level=level)


@cache
def _tags() -> dict[str, frozenset[str]]:
    file = resources.files("knowledge_base").joinpath("data/html-forms.yaml")
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {name: frozenset(tags) for name, tags in rows.items()}
