"""Recordings are heard by the real model: what nobody said is never written down."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI, File, Form, Header, HTTPException
from starlette.responses import HTMLResponse

from evals.speech import evaluate_speech, read_manifest
from intake.recogniser import Heard, Recogniser
from intake.sound import RATE, Limits, Samples, blocks, inspect, opened
from intake.sound_errors import SpeechModelUnusable, SpeechServerRefused, SpeechServerSilent
from intake.speech import Listener, open_recogniser
from intake.speech_server import SpeechServer
from intake.transcript import Segment
from intake.voice_activity import Stretch, stretches
from intake.whisper import EMBEDDED, Whisper
from runtime.settings import Settings
from tests.acceptance.conftest import free_port
from tests.shared_data import shared
from tests.sounds import music, silence, tone, voice, write

LIMITS = Limits(megabytes=100, minutes=30)
MANIFEST = (shared() or Path("/nowhere")) / "data" / "speech" / "manifest.jsonl"
needs_shared = pytest.mark.skipif(not MANIFEST.is_file(), reason="needs ../shared")


@pytest.fixture(scope="session")
def recogniser(settings: Settings) -> Recogniser:
    return open_recogniser(settings)


@pytest.fixture(scope="session")
def listener(recogniser: Recogniser) -> Listener:
    return Listener(recogniser, LIMITS)


@pytest.mark.parametrize("sound", [silence, tone, music])
def test_a_minute_without_speech_gives_no_word(
    listener: Listener, tmp_path: Path, sound: Any
) -> None:
    heard = listener.transcribe_file(write(tmp_path / "a.wav", sound(60)))
    assert heard.no_speech
    assert (heard.text, heard.seconds) == ("", 60.0)


def test_nothing_is_written_where_nobody_speaks(listener: Listener, tmp_path: Path) -> None:
    samples = np.concatenate([silence(8), voice(4), silence(20), 0.2 * tone(10)])
    heard = listener.transcribe_file(write(tmp_path / "a.flac", samples))
    assert all(7 <= s.start <= s.end <= 13.5 for s in heard.segments)
    assert heard.model == EMBEDDED
    for segment in heard.segments:
        for w in segment.words:
            assert segment.text[w.offset : w.offset + len(w.text)] == w.text
            assert 0 <= w.confidence <= 1


class Counting:
    """The stretches it was given, each as one sure word."""

    model = "counting"

    def __init__(self) -> None:
        self.starts: list[float] = []

    def prepare(self) -> None:
        """Nothing to open."""

    def hear(self, stretch: Stretch) -> list[Heard]:
        self.starts.append(stretch.start)
        return [Heard(0, stretch.end - stretch.start, "พูด", -0.1, 0.0, ())]


def test_hearing_goes_on_where_it_was_broken_off(tmp_path: Path) -> None:
    parts = [part for seed in range(3) for part in (voice(3, seed), silence(4))]
    path = write(tmp_path / "a.wav", np.concatenate(parts))
    kept: list[tuple[list[Segment], float, float]] = []
    first, second = Counting(), Counting()
    with opened(path) as file:
        sound = inspect(file, LIMITS)
        whole = Listener(first, LIMITS).transcribe(
            file, sound, keep=lambda found, at, share: kept.append((list(found), at, share))
        )
        before, until, share = kept[0]
        rest = Listener(second, LIMITS).transcribe(file, sound, before=before, until=until)
    assert 0 < share < 1
    assert len(first.starts) == 3
    assert second.starts == first.starts[1:]
    assert rest == whole


def test_long_sound_is_cut_at_pauses_into_what_one_look_can_hold() -> None:
    parts = [part for seed in range(6) for part in (voice(9, seed), silence(1 + seed % 3))]
    samples = np.concatenate(parts)
    once = list(stretches([samples]))
    piecemeal = list(stretches(np.array_split(samples, 50), block_s=20))
    for found in (once, piecemeal):
        assert all(len(s.samples) <= 30 * RATE for s in found)
        assert all(a.end <= b.start for a, b in pairwise(found))
        assert all(_is_part(samples, s) for s in found)
    spoken = [sum(s.end - s.start for s in found) for found in (once, piecemeal)]
    assert spoken[0] == pytest.approx(spoken[1], abs=1.5)
    assert spoken[0] > 50


def _is_part(samples: Samples, stretch: Stretch) -> bool:
    at = round(stretch.start * RATE)
    return bool(np.array_equal(samples[at : at + len(stretch.samples)], stretch.samples))


@pytest.mark.shared
@needs_shared
def test_real_clips_give_thai_text(listener: Listener) -> None:
    report = evaluate_speech(read_manifest(MANIFEST), listener)
    assert all(sum("\u0e00" < c < "\u0e7f" for c in row["heard"]) > 15 for row in report["clips"])
    assert report["cer"] < 0.45
    assert report["n_with_text"] == 2


def test_a_folder_without_a_model_is_said(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(SpeechModelUnusable):
        _ = Whisper(tmp_path, settings.cache_dir).model
    with pytest.raises(SpeechModelUnusable):
        Whisper(tmp_path, settings.cache_dir).prepare()
    (tmp_path / "model.bin").write_bytes(b"no model")
    assert Whisper(tmp_path, settings.cache_dir).model.startswith(tmp_path.name)
    with pytest.raises(SpeechModelUnusable):
        Whisper(tmp_path, settings.cache_dir).prepare()


@contextmanager
def served(api: FastAPI) -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(api, port=port, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def transcription_api(recogniser: Recogniser) -> FastAPI:
    """OpenAI's protocol over the real model, its key checked, words without probability."""
    api = FastAPI()

    @api.post("/v1/audio/transcriptions")
    def transcriptions(
        file: Annotated[bytes, File()],
        model: Annotated[str, Form()],
        language: Annotated[str, Form()],
        authorization: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        if (model, language, authorization) != ("base", "th", "Bearer k"):
            raise HTTPException(401)
        content = BytesIO(file)
        samples = np.concatenate(list(blocks(content, inspect(content, LIMITS), LIMITS)))
        heard = recogniser.hear(Stretch(0, samples))
        return {
            "text": "".join(h.text for h in heard),
            "segments": [
                {
                    "start": h.start,
                    "end": h.end,
                    "text": h.text,
                    "avg_logprob": h.logprob,
                    "no_speech_prob": h.no_speech,
                }
                for h in heard
            ],
            "words": [
                {"start": p.start, "end": p.end, "word": p.text} for h in heard for p in h.pieces
            ],
        }

    @api.get("/page")
    def page() -> HTMLResponse:
        return HTMLResponse("<p>no transcript</p>")

    @api.post("/page/audio/transcriptions")
    def paged() -> HTMLResponse:
        return HTMLResponse("<p>no transcript</p>")

    return api


def test_a_server_of_the_common_protocol_hears_the_same(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.wav", np.concatenate([silence(1), voice(3), silence(1)]))
    here = Listener(recogniser, LIMITS).transcribe_file(path)
    with served(transcription_api(recogniser)) as base:
        server = SpeechServer(f"{base}/v1/", "base", "k", 300)
        there = Listener(server, LIMITS).transcribe_file(path)
        assert there.model.startswith("base@127.0.0.1")
        assert there.text == here.text
        stretch = Stretch(0, voice(1))
        with pytest.raises(SpeechServerRefused) as refused:
            SpeechServer(f"{base}/v1", "base", None, 30).hear(stretch)
        assert refused.value.details == {"status": 401}
        with pytest.raises(SpeechServerRefused):
            SpeechServer(f"{base}/page", "base", "k", 30).hear(stretch)
    with pytest.raises(SpeechServerSilent):
        SpeechServer(f"{base}/v1", "base", "k", 30).hear(stretch)


def test_commands_without_sound_do_not_wait_for_its_libraries() -> None:
    script = (
        "import sys, json, commands.main;"
        "print(json.dumps([m for m in ('av', 'faster_whisper', 'ctranslate2', 'onnxruntime')"
        " if m in sys.modules]))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert json.loads(ran.stdout) == []
