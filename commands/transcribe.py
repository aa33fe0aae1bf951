"""``cmis transcribe``: a recording to text with times and confidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from commands.output import AsJson, emit, progress
from commands.wiring import Wiring
from intake.transcript import Transcript
from runtime.messages import sentence


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("transcribe")(transcribe)


def transcribe(audio: Path, as_json: AsJson = False) -> None:
    """Write down what is said in AUDIO (wav, mp3, m4a, ogg, flac, webm)."""
    listener = Wiring.from_environment().listener
    with progress(sentence("cli.transcribe.working")) as step:
        heard = listener.transcribe_file(audio, step)
    emit(transcript_json(heard), as_json, lambda _: transcript_text(heard))


def transcript_json(heard: Transcript) -> dict[str, Any]:
    """``{text, segments, model, seconds, no_speech, doubts}``; ``note`` where nobody spoke."""
    data: dict[str, Any] = {
        "text": heard.text,
        "segments": [s.model_dump() for s in heard.segments],
        "model": heard.model,
        "seconds": heard.seconds,
        "no_speech": heard.no_speech,
        "doubts": [d.model_dump() for d in heard.doubts()],
    }
    return data | ({"note": sentence("speech.none", "en")} if heard.no_speech else {})


def transcript_text(heard: Transcript) -> str:
    """One line a segment with its times, words to check in brackets; or that nobody spoke."""
    if heard.no_speech:
        return f"{sentence('speech.none')}\n{sentence('speech.none', 'en')}"
    lines = []
    for s in heard.segments:
        text = s.text
        for word in reversed([w for w in s.words if w.doubtful]):
            end = word.offset + len(word.text)
            text = f"{text[: word.offset]}[{word.text}]{text[end:]}"
        lines.append(f"{_clock(s.start)}-{_clock(s.end)}  {text}")
    return "\n".join(lines)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes):02d}:{rest:04.1f}"
