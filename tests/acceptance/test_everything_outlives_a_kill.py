"""Must show: kill -9 of API, worker and database at random points of a write-heavy run.

Fifteen kills here; ``make drills`` does three hundred (`tests.benchmark.kills`).
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.killing import VICTIMS, WRITTEN, damage, killed, office
from tests.processes import Nursery

KILLS, LONGEST_S = 15, 1.0


def test_every_acknowledged_write_outlives_the_processes(nursery: Nursery) -> None:
    folder = Path(tempfile.mkdtemp(prefix="cmis-k-", dir="/tmp"))
    try:
        with office(folder, nursery) as running:
            ledger, died = killed(running, KILLS, longest_s=LONGEST_S)
            assert damage(running, ledger) == []
        assert set(died) == set(VICTIMS)
        assert set(ledger.counted()) >= set(WRITTEN)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
