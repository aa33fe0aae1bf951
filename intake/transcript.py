"""What was heard: text with times, and how sure the recogniser is of each word.

Offsets are code points; ``transcript.text[start:end]`` is exact for every word and doubt.
"""

from __future__ import annotations

from intake.schemas import Frozen, Span

GAP = " "


class Word(Frozen):
    """A word of a segment: seconds from the start, confidence 0-1, place in the segment's text."""

    start: float
    end: float
    text: str
    confidence: float
    offset: int
    doubtful: bool = False


class Segment(Frozen):
    """A stretch of speech. ``repeated``: a loop of the recogniser was cut down to one round."""

    start: float
    end: float
    text: str
    confidence: float
    words: tuple[Word, ...] = ()
    repeated: bool = False


class Transcript(Frozen):
    """Everything heard in a recording of ``seconds``; no segment means no speech."""

    segments: tuple[Segment, ...]
    model: str
    seconds: float

    @property
    def text(self) -> str:
        """The segments' texts in one line."""
        return GAP.join(segment.text for segment in self.segments)

    @property
    def no_speech(self) -> bool:
        """Whether nobody was heard to speak."""
        return not self.segments

    def doubts(self) -> tuple[Span, ...]:
        """The words nobody should rely on before a person has listened, as spans of ``text``."""
        found, at = [], 0
        for segment in self.segments:
            found += [
                Span(start=at + w.offset, end=at + w.offset + len(w.text), text=w.text)
                for w in segment.words
                if w.doubtful
            ]
            at += len(segment.text) + len(GAP)
        return tuple(found)
