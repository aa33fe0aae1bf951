"""A Whisper model in CTranslate2 form, on this machine: no sound leaves the process."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from intake.recogniser import Heard, Piece, load_rules
from intake.sound_errors import SpeechModelUnusable
from intake.speech_weights import SHA256, unpack
from intake.voice_activity import Stretch
from runtime.kept_folders import file_sha256

LANGUAGE = "th"
BEAM = 5
TEMPERATURES = (0.0, 0.4)
SEED = 20260101
EMBEDDED = f"whisper-base-{SHA256[:12]}"


class Whisper:
    """Opens its model on first use. ``threads`` 0 lets the library decide."""

    def __init__(self, folder: Path | None, cache_dir: Path, threads: int = 0) -> None:
        """``folder`` None means the embedded model, unpacked into ``cache_dir``."""
        self._folder = folder
        self._cache_dir = cache_dir
        self._threads = threads

    @cached_property
    def model(self) -> str:
        """The folder's name with its model file's hash; raises `SpeechModelUnusable`."""
        if self._folder is None:
            return EMBEDDED
        try:
            return f"{self._folder.name}-{file_sha256(self._folder / 'model.bin')[:12]}"
        except OSError as error:
            raise SpeechModelUnusable(folder=self._folder) from error

    def prepare(self) -> None:
        """Open the model; raises `SpeechModelUnusable` or what `unpack` raises."""
        _ = self._model

    def hear(self, stretch: Stretch) -> list[Heard]:
        """What is said; the same for the same sound, whatever was heard before."""
        import ctranslate2  # noqa: PLC0415 slow to import

        ctranslate2.set_random_seed(SEED)
        found, _ = self._model.transcribe(
            stretch.samples,
            language=LANGUAGE,
            beam_size=BEAM,
            temperature=list(TEMPERATURES),
            compression_ratio_threshold=load_rules().compression,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=False,
        )
        return [_heard(segment) for segment in found]

    @cached_property
    def _model(self) -> Any:
        from faster_whisper import WhisperModel  # noqa: PLC0415 slow to import

        folder = self._folder or unpack(self._cache_dir)
        try:
            return WhisperModel(
                str(folder),
                device="auto",
                compute_type="int8",
                cpu_threads=self._threads,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise SpeechModelUnusable(folder=folder) from error


def _heard(segment: Any) -> Heard:
    pieces = [
        Piece(float(w.start), float(w.end), w.word, float(w.probability))
        for w in segment.words or ()
    ]
    return Heard(
        float(segment.start),
        float(segment.end),
        segment.text,
        float(segment.avg_logprob),
        float(segment.no_speech_prob),
        tuple(pieces),
    )
