"""A story told aloud, over HTTP: kept sealed, written down once, corrected, opened as a case."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from intake.recogniser import Heard, Piece
from intake.sound import Limits
from intake.speech import Listener
from intake.voice_activity import Stretch
from runtime.settings import Settings
from tests.acceptance.application import App
from tests.shared_data import shared
from tests.sounds import KINDS, music, silence, tone, voice, write

CLIPS = (shared() or Path("/nowhere")) / "data" / "speech"
AUDIO = "/api/v1/audio"


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return app.client("somying.pmj")


def sent(client: TestClient, path: Path, status: int = 202) -> dict[str, Any]:
    with path.open("rb") as file:
        answer = client.post(AUDIO, files={"file": (path.name, file)})
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


def got(client: TestClient, path: str, status: int = 200) -> dict[str, Any]:
    answer = client.get(f"{AUDIO}/{path}")
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize("kind", KINDS)
def test_sound_without_speech_is_kept_and_says_so(
    app: App, client: TestClient, tmp_path: Path, kind: str
) -> None:
    path = write(tmp_path / f"เสียง.{kind}", np.concatenate([silence(1), tone(2), music(2)]))
    recording = sent(client, path)
    assert recording["file_name"] == f"เสียง.{kind}"
    assert recording["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert recording["transcription"]["status"] == "queued"
    assert got(client, f"{recording['id']}/transcript", 409)["code"] == "transcript.pending"
    app.work()
    done = got(client, recording["id"])
    assert (done["transcription"]["status"], done["transcription"]["percent"]) == ("done", 100)
    heard = got(client, f"{recording['id']}/transcript")
    assert (heard["no_speech"], heard["text"], heard["segments"]) == (True, "", [])
    assert heard["seconds"] == pytest.approx(5, abs=0.2)


def test_the_same_sound_is_one_recording_and_written_down_once(
    app: App, client: TestClient, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.wav", tone(2.5))
    first = sent(client, path)
    assert sent(client, path)["id"] == first["id"]
    assert sent(app.client("wichai.pmj"), path)["id"] == first["id"]
    app.work()
    again = sent(client, path)
    assert (again["id"], again["transcription"]["status"]) == (first["id"], "done")
    asked = client.post(f"{AUDIO}/{first['id']}/transcription").json()
    assert asked["transcription"]["status"] == "done"


@pytest.mark.parametrize(
    ("content", "code", "status"),
    [
        (b"", "sound.empty", 422),
        (b"no sound at all" * 100, "sound.unknown", 422),
        (b"RIFF\0\0\0\0AVI " + bytes(500), "sound.video", 422),
    ],
)
def test_what_cannot_be_heard_is_refused_in_both_languages(
    client: TestClient, tmp_path: Path, content: bytes, code: str, status: int
) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    refused = sent(client, path, status)
    assert refused["code"] == code
    assert refused["message_th"] != refused["message_en"] != code


def test_a_truncated_file_a_video_and_a_large_one_are_refused(
    client: TestClient, tmp_path: Path, settings: Settings
) -> None:
    whole = write(tmp_path / "a.m4a", tone(3)).read_bytes()
    cut = tmp_path / "cut.m4a"
    cut.write_bytes(whole[: len(whole) // 2])
    assert sent(client, cut, 422)["code"] == "sound.truncated"
    film = write(tmp_path / "film.wav", tone(1), kind="mp4", video=True)
    assert sent(client, film, 422)["code"] == "sound.video"
    length = {"Content-Length": str(int(settings.audio_max_mb * 1_000_000) + 200_000)}
    large = client.post(AUDIO, content=b"", headers=length)
    assert (large.status_code, large.json()["code"]) == (413, "input.too_large")


def test_a_form_without_a_file_is_refused(client: TestClient) -> None:
    assert client.post(AUDIO, data={"file": "words"}).status_code == 422
    assert client.post(AUDIO, files={"other": b"words"}).status_code == 422


def test_only_case_roles_of_the_agency_hear_it(
    app: App, client: TestClient, tmp_path: Path
) -> None:
    recording = sent(client, write(tmp_path / "a.wav", tone(1.7)))
    path = write(tmp_path / "b.wav", tone(1.8))
    for login, seen, kept in (
        (None, 401, 401),
        ("malee.bpd", 404, 202),
        ("doctor.mdt", 404, 403),
        ("researcher", 404, 403),
        ("auditor", 404, 403),
    ):
        other = app.client(login)
        for part in ("", "/sound", "/transcript"):
            assert other.get(f"{AUDIO}/{recording['id']}{part}").status_code == seen
        text = {"text": "แทน", "revision": 0}
        written = seen if kept == 202 else kept
        assert other.put(f"{AUDIO}/{recording['id']}/transcript", json=text).status_code == written
        with path.open("rb") as file:
            assert other.post(AUDIO, files={"file": file}).status_code == kept


def test_the_sound_comes_back_whole_and_in_parts(client: TestClient, tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(9))
    content = path.read_bytes()
    sound = f"{AUDIO}/{sent(client, path)['id']}/sound"
    whole = client.get(sound)
    assert whole.content == content
    assert whole.headers["content-type"] == "audio/wav"
    assert whole.headers["accept-ranges"] == "bytes"
    size = len(content)
    for asked, first, last in (
        ("bytes=0-", 0, size - 1),
        ("bytes=70000-70009", 70000, 70009),
        ("bytes=-5", size - 5, size - 1),
        (f"bytes=10-{size + 99}", 10, size - 1),
    ):
        part = client.get(sound, headers={"Range": asked})
        assert part.status_code == 206
        assert part.content == content[first : last + 1]
        assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
    beyond = client.get(sound, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    for odd in ("bytes=-", "pages=1-2", "bytes=0-1,5-6"):
        assert client.get(sound, headers={"Range": odd}).content == content


def test_it_lies_sealed_in_the_data_folder(
    client: TestClient, tmp_path: Path, settings: Settings
) -> None:
    path = write(tmp_path / "a.wav", tone(2.2))
    sent(client, path)
    kept = [p for p in (settings.data_dir / "audio").rglob("*") if p.is_file()]
    assert kept
    body = path.read_bytes()[44:200]
    assert not any(body in p.read_bytes() or b"RIFF" in p.read_bytes()[:64] for p in kept)


class Told:
    """Hears one sentence in every stretch, some of its words unsure."""

    model = "told"

    def __init__(self, text: str, unsure: str) -> None:
        self._text, self._unsure = text, unsure

    def prepare(self) -> None:
        """Nothing to open."""

    def hear(self, stretch: Stretch) -> list[Heard]:
        doubted = range(at := self._text.index(self._unsure), at + len(self._unsure))
        pieces = tuple(
            Piece(i / 10, (i + 1) / 10, letter, 0.1 if i in doubted else 0.95)
            for i, letter in enumerate(self._text)
        )
        return [Heard(0.0, len(self._text) / 10, self._text, -0.1, 0.0, pieces)]


SEEDS = count(100)
TOLD = "เมื่อคืนแฟนเอามือบีบคอหนูจนหน้ามืด หนูกลัวมาก"


@pytest.fixture
def told(app: App, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A recording in which ``TOLD`` was heard, the choking unsure."""
    wiring = app.wiring
    listener = Listener(Told(TOLD, "บีบคอ"), Limits(10, 10))
    before = wiring.listener
    vars(wiring)["listener"] = listener
    del vars(wiring)["services"]
    app.api.state.services = wiring.services
    client = app.client("somying.pmj")
    path = write(tmp_path / "told.wav", voice(3, seed=next(SEEDS)))
    recording = sent(client, path)
    app.work()
    yield got(client, f"{recording['id']}/transcript")
    vars(wiring)["listener"] = before
    del vars(wiring)["services"]
    app.api.state.services = wiring.services


def opened(client: TestClient, recording_id: str, story: str) -> dict[str, Any]:
    body = {"narrative": story, "recording_ids": [recording_id]}
    answer = client.post("/api/v1/cases", json=body)
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    return case


def flag(case: dict[str, Any]) -> dict[str, Any]:
    (found,) = [f for f in case["coding"]["red_flags"] if f["id"] == "RF02"]
    return dict(found)


def test_an_unconfirmed_word_raises_its_flag_to_be_confirmed(
    client: TestClient, told: dict[str, Any]
) -> None:
    assert told["text"] == TOLD
    assert [TOLD[a:b] for a, b in told["unconfirmed"]] == ["บีบ", "คอ"]
    case = opened(client, told["recording_id"], f"ผู้แจ้งเป็นครู {TOLD}")
    assert flag(case)["to_confirm"]
    assert case["urgency"] == "immediate_1h"
    assert [r["id"] for r in case["recordings"]] == [told["recording_id"]]
    again = client.post(
        "/api/v1/cases", json={"narrative": TOLD, "recording_ids": [told["recording_id"]]}
    )
    assert (again.status_code, again.json()["code"]) == (409, "recording.taken")


def test_a_confirmed_word_supports_its_flag(client: TestClient, told: dict[str, Any]) -> None:
    address = f"{AUDIO}/{told['recording_id']}/transcript"
    text = TOLD + " จบ"
    first = client.put(
        address, json={"text": text, "revision": 0, "confirmed": told["unconfirmed"][:1]}
    ).json()
    assert (first["revision"], first["by_name"] is not None) == (1, True)
    assert [text[a:b] for a, b in first["unconfirmed"]] == ["คอ"]
    stale = client.put(address, json={"text": text, "revision": 0})
    assert (stale.status_code, stale.json()["code"]) == (409, "transcript.changed")
    second = client.put(address, json={"text": text, "revision": 1, "all_confirmed": True}).json()
    assert (second["revision"], second["unconfirmed"], second["heard"]) == (2, [], TOLD)
    case = opened(client, told["recording_id"], text)
    assert not flag(case)["to_confirm"]


def test_a_person_says_what_was_heard_and_the_flag_stays(
    app: App, client: TestClient, told: dict[str, Any]
) -> None:
    case = opened(client, told["recording_id"], TOLD)
    address = f"/api/v1/cases/{case['id']}"
    for decision in ("misheard", "confirmed"):
        body = {"flag": "RF02", "decision": decision}
        assert app.client("malee.bpd").post(f"{address}/flags", json=body).status_code == 404
        assert client.post(f"{address}/flags", json=body).status_code == 204
        now = client.get(address).json()
        (said,) = now["flag_decisions"]
        assert (said["flag"], said["decision"]) == ("RF02", decision)
        assert flag(now) == flag(case)
    settled = client.post(f"{address}/flags", json={"flag": "RF99", "decision": "confirmed"})
    assert (settled.status_code, settled.json()["code"]) == (422, "case.flag_settled")
    actions = [e["action"] for e in client.get(f"{address}/trail").json()["events"]]
    assert [a for a in actions if a.startswith("flag_")] == ["flag_misheard", "flag_confirmed"]


def test_what_may_be_sent_is_told(client: TestClient, settings: Settings) -> None:
    limits = client.get(AUDIO).json()["limits"]
    assert limits["minutes"] == settings.audio_max_minutes
    assert set(limits["kinds"]) == set(KINDS)


def test_listening_to_a_case_is_audited_once_for_all_its_parts(
    client: TestClient, told: dict[str, Any]
) -> None:
    case = opened(client, told["recording_id"], TOLD)
    for asked in ("bytes=0-99", "bytes=100-199", "bytes=5-"):
        client.get(f"{AUDIO}/{told['recording_id']}/sound", headers={"Range": asked})
    trail = client.get(f"/api/v1/cases/{case['id']}/trail").json()
    actions = [event["action"] for event in trail["events"]]
    assert actions.count("recording_heard") == 1
    (first, *_) = trail["events"]
    assert [len(h) for h in first["detail"]["recordings_sha256"]] == [64]
    assert trail["damage"] == []


def test_waiting_recordings_are_listed_until_a_case_is_opened(
    client: TestClient, told: dict[str, Any]
) -> None:
    def waiting() -> list[str]:
        return [row["id"] for row in client.get(AUDIO).json()["items"]]

    assert told["recording_id"] in waiting()
    opened(client, told["recording_id"], TOLD)
    assert told["recording_id"] not in waiting()


@pytest.mark.shared
@pytest.mark.skipif(not CLIPS.is_dir(), reason="needs ../shared")
def test_real_clips_become_text(app: App, client: TestClient) -> None:
    recordings = [sent(client, path) for path in sorted(CLIPS.glob("*.wav"))]
    app.work()
    for recording in recordings:
        heard = got(client, f"{recording['id']}/transcript")
        assert not heard["no_speech"]
        assert sum("\u0e00" < c < "\u0e7f" for c in heard["text"]) > 15
        assert all(0 <= a < b <= len(heard["text"]) for a, b in heard["unconfirmed"])
