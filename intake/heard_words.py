"""From what a recogniser claims to words with confidence: Thai words, loops cut, silence dropped.

A recogniser hears Thai in letters and syllables. A word is as sure as the geometric mean of its
letters; where the recogniser fell into a loop, no word of its segment is sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import exp, log

from pythainlp.tokenize import word_tokenize

from intake.recogniser import Heard, Piece, Rules, bare
from intake.transcript import Segment, Word

LEAST = 1e-4
ALL_DOUBTED = 2.0
CUT_OFF = "\ufffd"  # half a letter at the end of a loop that was stopped


def segment(heard: Heard, at: float, rules: Rules) -> Segment | None:
    """The segment, ``at`` seconds being the stretch's start; None where nobody really spoke."""
    spoken = heard.text.replace(CUT_OFF, "").strip()
    if not spoken or _silent(heard, rules):
        return None
    credit = bare(spoken) in rules.credits
    if credit and heard.no_speech >= rules.credits_no_speech:
        return None
    kept = without_loops(spoken, rules.loop["times"], rules.loop["longest"])
    letters = _letters(spoken, heard)
    text = "".join(spoken[i] for i in kept)
    looped = len(kept) < len(spoken)
    sure = ALL_DOUBTED if looped or credit else rules.sure
    return Segment(
        start=round(at + heard.start, 2),
        end=round(at + heard.end, 2),
        text=text,
        confidence=round(exp(min(heard.logprob, 0.0)), 3),
        words=tuple(_words(text, [letters[i] for i in kept], at, sure)),
        repeated=looped,
    )


def without_loops(text: str, times: int, longest: int) -> list[int]:
    """The places of the letters to keep.

    A loop is the same 2 to ``longest`` letters ``times`` times in a row, or more, with or without
    spaces between; its first round is kept.
    """
    loop = re.compile(rf"(.{{2,{longest}}}?)(?:\s*\1){{{times - 1},}}", re.DOTALL)
    dropped = {i for m in loop.finditer(text) for i in range(m.end(1), m.end())}
    return [i for i in range(len(text)) if i not in dropped]


def _silent(heard: Heard, rules: Rules) -> bool:
    doubted = heard.no_speech > rules.silent["no_speech"]
    return doubted and heard.logprob < rules.silent["logprob"]


def _words(text: str, letters: Sequence[Piece], at: float, sure: float) -> Iterator[Word]:
    """The words of a text with places, times and confidence; ``letters`` one piece a letter."""
    tokens = word_tokenize(text, engine="newmm-safe", keep_whitespace=True)
    offset = 0
    for token in tokens if "".join(tokens) == text else [text]:
        pieces = letters[offset : offset + len(token)]
        confidence = _mean(pieces)
        if token.strip():
            yield Word(
                start=round(at + pieces[0].start, 2),
                end=round(at + pieces[-1].end, 2),
                text=token,
                confidence=round(confidence, 3),
                offset=offset,
                doubtful=confidence < sure,
            )
        offset += len(token)


def _letters(text: str, heard: Heard) -> list[Piece]:
    """The piece each letter of the text came from; a letter nobody claims takes its neighbour's."""
    unknown = Piece(heard.start, heard.end, "", exp(min(heard.logprob, 0.0)))
    found: list[Piece] = []
    rest = [(x, piece) for piece in heard.pieces for x in piece.text if x != CUT_OFF]
    for letter in text:
        while rest and rest[0][0].isspace() and not letter.isspace():
            rest.pop(0)
        if rest and rest[0][0] == letter:
            found.append(rest.pop(0)[1])
        else:
            found.append(found[-1] if found else rest[0][1] if rest else unknown)
    return found


def _mean(pieces: Sequence[Piece]) -> float:
    different = {id(p): p for p in pieces}.values()
    return exp(sum(log(max(p.confidence, LEAST)) for p in different) / len(different))
