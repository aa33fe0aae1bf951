"""A worker killed while it listens: the next one goes on, and everything is heard exactly once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text

from intake.sound import Limits, Samples, blocks, inspect, opened
from tests.acceptance.application import App
from tests.processes import Nursery
from tests.shared_data import shared
from tests.sounds import silence, voice, write

CLIPS = (shared() or Path("/nowhere")) / "data" / "speech"


def told() -> Samples:
    """Six utterances with pauses: real ones where they are at hand, babble elsewhere."""
    clips = [_read(path) for path in sorted(CLIPS.glob("*.wav"))] or [voice(2, s) for s in range(4)]
    return np.concatenate([part for clip in (clips * 2)[:6] for part in (clip, silence(4))])


def _read(path: Path) -> Samples:
    limits = Limits(10, 10)
    with opened(path) as file:
        return np.concatenate(list(blocks(file, inspect(file, limits), limits)))


def test_a_killed_worker_s_recording_is_finished_once(
    app: App, nursery: Nursery, tmp_path: Path
) -> None:
    client = app.client("somying.pmj")
    path = write(tmp_path / "told.flac", told())
    with path.open("rb") as file:
        recording = client.post("/api/v1/audio", files={"file": file}).json()

    def row() -> Any:
        with app.wiring.database.owner_engine.begin() as owner:
            found = owner.execute(
                text(
                    "SELECT t.*, (SELECT count(*) FROM heard_segments h"
                    " WHERE h.transcription_id = t.id) AS segments, j.status::text AS job,"
                    " j.attempts FROM transcriptions t JOIN procrastinate_jobs j ON j.id = job_id"
                    " WHERE recording_id = :r"
                ),
                {"r": recording["id"]},
            )
            return found.one()

    with nursery.running(app.wiring.settings, "worker") as first:
        first.eventually(lambda: row().heard_until > 0)
        first.kill()
    broken = row()
    assert (broken.status, broken.job) == ("running", "doing")
    kept = segments(app, broken.id)

    with nursery.running(app.wiring.settings, "worker") as second:
        second.eventually(lambda: row().status == "done")
        second.eventually(lambda: row().job == "succeeded")
    done = row()
    assert done.attempts == 2
    assert done.heard_until > broken.heard_until
    heard = segments(app, done.id)
    assert heard[: len(kept)] == kept
    assert len({s["start"] for s in heard}) == len(heard)
    assert [s["start"] for s in heard] == sorted(s["start"] for s in heard)
    sound = client.get(f"/api/v1/audio/{recording['id']}/sound")
    assert sound.content == path.read_bytes()


def segments(app: App, run_id: str) -> list[dict[str, Any]]:
    with app.wiring.database.owner_engine.begin() as owner:
        found = owner.execute(
            text("SELECT content FROM heard_segments WHERE transcription_id = :t ORDER BY ordinal"),
            {"t": run_id},
        )
        return list(found.scalars())
