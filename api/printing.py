"""A plain sheet as one page of HTML that prints on A4: no script, all escaped, the pages' font."""

from __future__ import annotations

from html import escape

from api.revision_schemas import PlainSheet, SheetPart

FONT = "/app/static/ibm-plex-sans-thai-looped"
WEIGHTS = (400, 600)
FACE = """@font-face {{ font-family: "Looped"; font-weight: {weight};
  src: url("{font}-{script}-{weight}-normal.woff2"); unicode-range: {letters} }}
"""
LETTERS = {
    "thai": "U+0E01-0E5B, U+200C-200D, U+25CC",
    "latin": "U+0000-00FF, U+2000-206F, U+20AC, U+2122, U+2190-2193, U+2212",
}
PAGE = """<!doctype html>
<html lang="th"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
{faces}@page {{ size: A4; margin: 16mm }}
body {{ font: 17px/1.65 "Looped", "Sarabun", "Noto Sans Thai", sans-serif; color: #111;
  max-width: 46rem; margin: 1.5rem auto; padding: 0 1rem }}
h1, h2 {{ font-weight: 600 }}
h1 {{ font-size: 1.7rem; margin: 0 0 .6rem }}
h2 {{ font-size: 1.15rem; margin: 1.1rem 0 .2rem; break-after: avoid }}
ul {{ margin: 0; padding-left: 1.3rem }} li {{ margin: .15rem 0; break-inside: avoid }}
</style></head><body><h1>{title}</h1>{parts}</body></html>
"""


def printed(sheet: PlainSheet) -> str:
    """The page."""
    parts = "".join(map(_part, sheet.parts))
    faces = "".join(
        FACE.format(font=FONT, script=script, weight=weight, letters=letters)
        for script, letters in LETTERS.items()
        for weight in WEIGHTS
    )
    return PAGE.format(faces=faces, title=escape(sheet.title), parts=parts)


def _part(part: SheetPart) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in part.lines)
    return f"<h2>{escape(part.heading)}</h2><ul>{lines}</ul>"
