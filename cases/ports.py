"""What the record needs of other rooms, as it needs it."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO, Protocol

from intake.narrative import Narrative
from intake.placeholders import CaseNames
from intake.schemas import CodedNarrative
from intake.sound import Sound
from intake.speech import Kept
from intake.transcript import Segment, Transcript
from planner.schemas import Draft


class Coder(Protocol):
    """Codes a narrative."""

    def code(self, narrative: Narrative) -> CodedNarrative:
        """Codes, red flags, urgency and facts."""
        ...


class Embedder(Protocol):
    """Embeds a narrative."""

    def query(self, text: str) -> Any:
        """A vector."""
        ...


class Planner(Protocol):
    """Drafts from a coded narrative."""

    def draft(  # noqa: PLR0913 each is asked for by name
        self,
        narrative: Narrative,
        coded: CodedNarrative,
        *,
        as_of: date,
        received_at: datetime | None = None,
        progress: Callable[[float, str], None] | None = None,
        cancel: Callable[[], bool] | None = None,
        partial: Callable[[str, str], None] | None = None,
        kept: MutableMapping[str, str] | None = None,
        names: CaseNames | None = None,
    ) -> Draft:
        """The verified draft."""
        ...


class Listener(Protocol):
    """Hears recordings."""

    @property
    def model(self) -> str:
        """The name of its model; another model hears anew."""
        ...

    def inspect(self, file: BinaryIO) -> Sound:
        """What a file is; raises a kind of `SoundRefused`."""
        ...

    def transcribe(
        self,
        file: BinaryIO,
        sound: Sound,
        *,
        keep: Kept | None = None,
        before: Sequence[Segment] = (),
        until: float = 0.0,
    ) -> Transcript:
        """The transcript; ``keep`` is told after every stretch of speech."""
        ...
