"""Thai text from office files made readable again, in the form it was written in.

Thai digits, capitals and line breaks stay: this is what is stored and shown. What search reads is
`words.repaired` of it. Characters nobody sees are dropped, so that a page cannot hold words for
machines alone.
"""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")
_SPLIT_AM = re.compile("\u0e4d ?([\u0e48-\u0e4b]?) ?\u0e32")
_LATE_MARK = re.compile(
    "(?<=[\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]) +(?=[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e])"
)
_TONE_FIRST = re.compile("([\u0e48-\u0e4b])([\u0e31\u0e34-\u0e3a])")
_TWO_E = re.compile("\u0e40\u0e40")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# Old Thai fonts keep raised and lowered forms of marks in a private area of Unicode.
_PRIVATE = str.maketrans(
    dict(
        zip(
            range(0xF700, 0xF71B),
            "\u0e10\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e0d"
            "\u0e31\u0e4d\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
            strict=True,
        )
    )
)


def mended(text: str) -> str:
    """NFC, joined sara am, marks where they belong, line ends as ``\\n``, nothing unseen."""
    text = _LINE_ENDS.sub("\n", text).translate(_PRIVATE)
    text = _CONTROL.sub(" ", _UNSEEN.sub("", text))
    text = _SPACES.sub(" ", _TWO_E.sub("\u0e41", text))
    text = _SPLIT_AM.sub("\\1\u0e33", text)
    text = _TONE_FIRST.sub(r"\2\1", _LATE_MARK.sub("", text))
    text = unicodedata.normalize("NFC", text)
    return "\n".join(line.strip() for line in text.split("\n")).strip()
