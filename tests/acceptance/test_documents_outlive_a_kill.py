"""A process killed while it keeps documents: what it acknowledged is there, nothing else is."""

from __future__ import annotations

import random
import time
from pathlib import Path

from sqlalchemy import text

from runtime.settings import Settings
from tests.acceptance.application import PASSWORD, App
from tests.processes import Nursery

KILLS = 2


def killed(nursery: Nursery, settings: Settings, case_id: str, out: Path, after: int) -> list[str]:
    """Ids a process acknowledged before it was killed in the midst of the next."""
    out.touch()
    with nursery.running(settings, "keeper", PASSWORD, case_id, str(out)) as keeping:
        keeping.eventually(lambda: len(out.read_text().split()) >= after)
        time.sleep(random.Random(after).uniform(0, 0.05))
        keeping.kill()
    return [line for line in out.read_text().split("\n") if len(line) == 32]


def test_acknowledged_documents_are_there_and_no_file_is_left(
    app: App, nursery: Nursery, tmp_path: Path
) -> None:
    client = app.client("somying.pmj")
    story = {"narrative": "แม่ถูกพ่อตบตีทุกครั้งที่เมา ลูกเห็นทุกครั้ง"}
    case_id = client.post("/api/v1/cases", json=story).json()["id"]
    files, folder = app.wiring.document_files, app.wiring.settings.data_dir / "documents"
    before = {path for path in folder.rglob("*") if path.is_file()}
    chance = random.Random(2569)
    acknowledged = [
        version
        for n in range(KILLS)
        for version in killed(
            nursery, app.wiring.settings, case_id, tmp_path / f"{n}.txt", chance.randint(1, 12)
        )
    ]
    assert len(acknowledged) >= KILLS
    files.sweep(minutes=0)
    with app.wiring.database.owner_engine.begin() as owner:
        kept = set(owner.scalars(text("SELECT id FROM document_versions")))
    assert set(acknowledged) <= kept
    left = {path for path in folder.rglob("*") if path.is_file()} - before
    assert left == {files.path(version) for version in kept} - before
    for version in acknowledged:
        answer = client.get(f"/api/v1/document-versions/{version}/content")
        assert answer.content.startswith(b"\x89PNG")
    trail = client.get(f"/api/v1/cases/{case_id}/trail").json()
    assert trail["damage"] == []
