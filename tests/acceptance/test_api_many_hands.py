"""Many hands in one case: nobody meets a fault, and the record holds."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.acceptance.application import App
from tests.acceptance.lifecycle import (
    ASSESSMENT,
    REGISTRATION,
    SCREENING,
    Office,
    drafted,
    entry,
    get,
)
from tests.acceptance.many_hands import OWNERS, at_once
from tests.acceptance.test_api_main_day import opened

DEEDS = 1_000 if os.environ.get("DRILLS") else 40  # of each of six people
STORY = "สามีเมาแล้วตบตีภรรยาต่อหน้าลูกสองคน ภรรยาขอที่พักคืนนี้"


@pytest.fixture(scope="module")
def office(app: App) -> Office:
    return Office(app)


def test_nobody_meets_a_fault_where_many_work_on_one_case(office: Office) -> None:
    owner = office[OWNERS[0]]
    case_id = opened(owner, STORY)["id"]
    entry(owner, case_id, "registration", REGISTRATION | {"case_type": "other"})
    entry(owner, case_id, "screening", SCREENING)
    entry(owner, case_id, "assessment", ASSESSMENT)
    hands = at_once(office, drafted(office, owner, case_id), DEEDS)
    assert [fault for hand in hands for fault in hand.faults] == []
    done: Counter[tuple[str, int]] = sum((hand.done for hand in hands), Counter())
    assert len({act for (act, status) in done if status < 300}) > 20, done
    assert get(owner, f"/cases/{case_id}/trail")["damage"] == []
