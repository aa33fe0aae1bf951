"""What a transcription server may answer, and how sure its words are then."""

from __future__ import annotations

import io
import wave
from math import log

import numpy as np
import pytest

from intake.speech_server import SpeechServer, as_wav, heard
from tests.sounds import tone


def test_a_plain_text_is_one_utterance_of_which_no_word_is_sure() -> None:
    (only,) = heard({"text": "พ่อตีแม่"}, 3.0)
    assert (only.start, only.end, only.text, only.pieces) == (0.0, 3.0, "พ่อตีแม่", ())
    assert only.logprob == pytest.approx(log(0.01))
    assert heard({"text": " "}, 3.0) == []


def test_words_belong_to_the_segment_they_lie_in() -> None:
    told = {
        "text": "พ่อตี แม่",
        "segments": [
            {"start": 0, "end": 1, "text": "พ่อตี", "avg_logprob": -0.5, "no_speech_prob": 0.1},
            {"start": 1, "end": 2, "text": "แม่", "avg_logprob": 0.1},
        ],
        "words": [
            {"word": "พ่อ", "start": 0, "end": 0.5},
            {"word": "ตี", "start": 0.5, "end": 1.1, "probability": 0.3},
            {"word": "แม่", "start": 1.1, "end": 2},
        ],
    }
    first, second = heard(told, 2.0)
    assert [(p.text, round(p.confidence, 2)) for p in first.pieces] == [("พ่อ", 0.61), ("ตี", 0.3)]
    assert [(p.text, p.confidence) for p in second.pieces] == [("แม่", 1.0)]
    assert (first.no_speech, second.no_speech) == (0.1, 0.0)


def test_words_inside_segments_are_taken_too() -> None:
    row = {"start": 0, "end": 1, "text": "แม่", "words": [{"word": "แม่", "start": 0, "end": 1}]}
    (only,) = heard({"segments": [row]}, 1.0)
    assert [p.text for p in only.pieces] == ["แม่"]


def test_samples_become_a_wav_file() -> None:
    with wave.open(io.BytesIO(as_wav(tone(0.5)))) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (1, 16_000, 2)
        back = np.frombuffer(file.readframes(8000), "<i2") / 32767
    assert np.abs(back - tone(0.5)).max() < 1e-3


def test_the_model_is_named_with_its_server() -> None:
    server = SpeechServer("http://speech:8000/v1/", "large", None, 1)
    assert server.model == "large@speech:8000"
    server.prepare()
