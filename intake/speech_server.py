"""A transcription server that speaks OpenAI's protocol, behind the same port as the local model.

Each stretch of speech is sent on its own, so silence is never sent and a lost connection costs one
stretch. Such servers seldom say how sure they are of a word; where one does not, its segment's
probability stands for its words, and where that is absent too, no word counts as sure.
"""

from __future__ import annotations

import io
import wave
from math import log
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np

from intake.recogniser import Heard, Piece
from intake.sound import RATE, Samples
from intake.sound_errors import SpeechServerRefused, SpeechServerSilent
from intake.voice_activity import Stretch

LANGUAGE = "th"
UNKNOWN = 0.01


class SpeechServer:
    """``base_url`` as in other clients of this protocol, up to and with ``/v1``."""

    def __init__(self, base_url: str, model: str, key: str | None, timeout_s: float) -> None:
        self._address = f"{base_url.rstrip('/')}/audio/transcriptions"
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._timeout_s = timeout_s

    @property
    def model(self) -> str:
        """The model's name at its server's host."""
        return f"{self._model}@{urlsplit(self._address).netloc}"

    def prepare(self) -> None:
        """Nothing to open here; the server is asked when there is something to hear."""

    def hear(self, stretch: Stretch) -> list[Heard]:
        """What the server heard; raises `SpeechServerSilent` or `SpeechServerRefused`."""
        form = {
            "model": self._model,
            "language": LANGUAGE,
            "response_format": "verbose_json",
            "timestamp_granularities[]": ["word", "segment"],
        }
        try:
            answer = httpx.post(
                self._address,
                data=form,
                files={"file": ("stretch.wav", as_wav(stretch.samples), "audio/wav")},
                headers=self._headers,
                timeout=self._timeout_s,
            )
        except httpx.HTTPError as error:
            raise SpeechServerSilent from error
        try:
            answer.raise_for_status()
            return heard(answer.json(), stretch.end - stretch.start)
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SpeechServerRefused(status=answer.status_code) from error


def heard(told: dict[str, Any], seconds: float) -> list[Heard]:
    """A server's answer in our terms; a plain ``{text}`` is one utterance of the whole stretch."""
    words = told.get("words") or []
    rows = told.get("segments") or [{"start": 0.0, "end": seconds, "text": told["text"]}]
    return [_utterance(row, _within(words, row)) for row in rows if row["text"].strip()]


def as_wav(samples: Samples) -> bytes:
    """The samples as a 16-bit mono WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()


def _within(words: list[dict[str, Any]], row: dict[str, Any]) -> list[dict[str, Any]]:
    own = row.get("words")
    return own or [w for w in words if row["start"] <= (w["start"] + w["end"]) / 2 < row["end"]]


def _utterance(row: dict[str, Any], words: list[dict[str, Any]]) -> Heard:
    logprob = float(row.get("avg_logprob", log(UNKNOWN)))
    sure = min(1.0, np.exp(logprob))
    pieces = [
        Piece(float(w["start"]), float(w["end"]), w["word"], float(w.get("probability", sure)))
        for w in words
    ]
    return Heard(
        float(row["start"]),
        float(row["end"]),
        row["text"],
        logprob,
        float(row.get("no_speech_prob", 0.0)),
        tuple(pieces),
    )
