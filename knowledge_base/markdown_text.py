"""Markdown, read as the page it becomes, so that what a page hides is hidden here too."""

from __future__ import annotations

from markdown_it import MarkdownIt

from knowledge_base.html_text import page
from knowledge_base.plain_text import decoded
from knowledge_base.reading import Reading


def read(name: str, content: bytes) -> Reading:
    """A Markdown file in blocks; its first heading is the title."""
    source = MarkdownIt("commonmark").enable("table").render(decoded(name, content))
    reading = page(source or "<p></p>", "text/markdown")
    title = next((b.text for b in reading.blocks if b.level), "")
    return reading.model_copy(update={"title": title})
