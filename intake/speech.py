"""From a recording to a transcript: speech is found first, then heard, then judged.

Work goes stretch by stretch. What was heard so far can be kept and gone on from, so an hour's
recording survives a machine that is switched off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from intake.heard_words import segment
from intake.recogniser import Recogniser, load_rules
from intake.sound import RATE, Limits, Samples, Sound, blocks, inspect, opened
from intake.speech_server import SpeechServer
from intake.transcript import Segment, Transcript
from intake.voice_activity import Stretch, stretches
from intake.whisper import Whisper
from runtime.settings import Settings

Kept = Callable[[Sequence[Segment], float, float], None]
EMBEDDED = "embedded"


def open_recogniser(settings: Settings) -> Recogniser:
    """The recogniser the settings name; opens no model yet."""
    if settings.speech_base_url:
        key = settings.speech_api_key
        return SpeechServer(
            settings.speech_base_url,
            settings.speech_model,
            key.get_secret_value() if key else None,
            settings.speech_timeout_s,
        )
    given = settings.speech_model
    folder = None if given == EMBEDDED else Path(given).expanduser()
    return Whisper(folder, settings.cache_dir, settings.speech_threads)


class Listener:
    """Transcribes recordings with one recogniser."""

    def __init__(self, recogniser: Recogniser, limits: Limits) -> None:
        self._recogniser = recogniser
        self.limits = limits

    @property
    def model(self) -> str:
        """The recogniser's model."""
        return self._recogniser.model

    def prepare(self) -> None:
        """Open the recogniser's model."""
        self._recogniser.prepare()

    def inspect(self, file: BinaryIO) -> Sound:
        """What a file is, without decoding it; raises a kind of `SoundRefused`."""
        return inspect(file, self.limits)

    def transcribe_file(
        self, path: Path, progress: Callable[[float, str], None] | None = None
    ) -> Transcript:
        """The transcript of a file; raises a kind of `SoundRefused`."""
        with opened(path) as file:
            sound = self.inspect(file)

            def kept(_: Sequence[Segment], __: float, share: float) -> None:
                if progress:
                    progress(share, "")

            return self.transcribe(file, sound, keep=kept)

    def transcribe(
        self,
        file: BinaryIO,
        sound: Sound,
        *,
        keep: Kept | None = None,
        before: Sequence[Segment] = (),
        until: float = 0.0,
    ) -> Transcript:
        """The transcript of an open file; raises a kind of `SoundRefused`.

        ``keep`` is told after every stretch: all segments so far, the second up to which all is
        heard, the share done (0-1). ``before`` and ``until`` are what it was told last time.
        """
        found = list(before)
        length = _Length()
        for stretch in stretches(length.counted(blocks(file, sound, self.limits))):
            if stretch.end <= until:
                continue
            found += self._heard(stretch)
            if keep:
                total = max(sound.seconds or length.seconds, stretch.end)
                keep(found, stretch.end, stretch.end / total)
        return Transcript(segments=tuple(found), model=self.model, seconds=round(length.seconds, 2))

    def _heard(self, stretch: Stretch) -> list[Segment]:
        rules = load_rules()
        heard = (segment(h, stretch.start, rules) for h in self._recogniser.hear(stretch))
        return [s for s in heard if s is not None]


class _Length:
    """Counts what flows through."""

    seconds = 0.0

    def counted(self, parts: Iterator[Samples]) -> Iterator[Samples]:
        for part in parts:
            self.seconds += len(part) / RATE
            yield part
