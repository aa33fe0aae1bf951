"""A trial from its registration to unblinding, over real cases of two offices."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cases.allocation import arm_at, letters
from cases.errors import CaseUnseen
from cases.extracts import Study
from cases.people import Person
from cases.research_errors import (
    ResearchersOnly,
    TrialFrozen,
    TrialOver,
    TrialRunning,
    TrialUnknown,
)
from cases.trial_registration import Registration
from runtime.clock import today
from tests.integration.record import Record
from tests.unit.test_cases_trials import REGISTERED

SAMPLE = 6
TRIAL = Registration.model_validate(
    REGISTERED
    | {"sample_size": SAMPLE, "block_size": 3, "agencies": ["bpd"]}
    | {"starts": today(), "ends": today() + timedelta(days=7)}
)


@pytest.fixture(scope="module")
def owner(record: Record) -> Person:
    return record.person("somying.pmj")


@pytest.fixture(scope="module")
def researcher(record: Record) -> Person:
    return record.person("researcher")


@pytest.fixture(scope="module")
def worker(record: Record) -> Person:
    return record.person("malee.bpd")


@pytest.fixture(scope="module")
def cases(record: Record, researcher: Person, worker: Person) -> list[str]:
    """Eight cases of one office whose first draft was asked for, while six places are free."""
    record.services.research.trials.start(researcher, TRIAL)
    opened = [record.opened(worker) for _ in range(SAMPLE + 2)]
    with ThreadPoolExecutor(4) as hands:
        list(hands.map(lambda c: record.services.drafting.request(worker, c), opened))
    return opened


def views(record: Record, worker: Person, cases: list[str]) -> list[dict[str, str] | None]:
    return [record.services.research.trials.view(worker, c) for c in cases]


def test_each_case_is_placed_once_and_no_more_than_were_registered(
    record: Record, worker: Person, cases: list[str]
) -> None:
    placed = [v for v in views(record, worker, cases) if v]
    assert len(placed) == SAMPLE
    assert Counter(v["view"] for v in placed) == dict.fromkeys(TRIAL.arms, 2)
    secret = record.wiring.secret.encode()
    stored = record.owner("SELECT place, arm, letter FROM trial_assignments ORDER BY place")
    for place, arm, letter in stored:
        assert arm == arm_at(TRIAL, secret, "bpd", place)
        assert letter == letters(TRIAL, secret)[arm]


def test_another_draft_of_a_case_changes_nothing(
    record: Record, worker: Person, cases: list[str]
) -> None:
    before = views(record, worker, cases)
    run = record.services.files.read(worker, cases[0])["latest_run"]
    record.services.drafting.cancel(worker, run["id"])
    record.services.drafting.request(worker, cases[0])
    assert views(record, worker, cases) == before


def test_other_offices_are_not_in_the_trial_and_see_nothing_of_it(
    record: Record, owner: Person, cases: list[str]
) -> None:
    opened = [record.opened(owner) for _ in range(5)]
    record.services.drafting.request(owner, opened[0])
    assert record.services.research.trials.view(owner, opened[0]) is None
    with pytest.raises(CaseUnseen):
        record.services.research.trials.view(owner, cases[0])


def test_the_assignment_stands_in_the_cases_trail(
    record: Record, worker: Person, cases: list[str]
) -> None:
    trail = record.services.integrity.trail(worker, cases[0])
    assert trail["damage"] == []
    assert "trial_assigned" in [e["action"] for e in trail["events"]]


def test_a_registration_is_frozen_once_started(
    record: Record, researcher: Person, cases: list[str]
) -> None:
    trials = record.services.research.trials
    assert trials.start(researcher, TRIAL)["taken"] == SAMPLE
    with pytest.raises(TrialFrozen):
        trials.start(researcher, TRIAL.model_copy(update={"sample_size": 200}))
    change = text("UPDATE trials SET registration = registration, sha256 = 'x'")
    with pytest.raises(DBAPIError), record.database.session(researcher.actor) as session:
        session.execute(change)


def test_a_place_is_never_changed(record: Record, worker: Person, cases: list[str]) -> None:
    change = text("UPDATE trial_assignments SET arm = 'no_ai'")
    with pytest.raises(DBAPIError), record.database.session(worker.actor) as session:
        session.execute(change)


def test_only_researchers_run_trials(record: Record, worker: Person, researcher: Person) -> None:
    trials = record.services.research.trials
    for act in (
        lambda: trials.start(worker, TRIAL),
        lambda: trials.listed(worker),
        lambda: trials.end(worker, TRIAL.id, "why"),
        lambda: trials.unblind(worker, TRIAL.id),
    ):
        with pytest.raises(ResearchersOnly):
            act()
    with pytest.raises(TrialUnknown):
        trials.end(researcher, "no-such-trial", "why")


def arms_seen(record: Record, researcher: Person) -> Counter[Any]:
    study = Study(id="trial-study", title="t", approval="EC 1", since=today(), until=today())
    rows = record.services.research.extracts.extract(researcher, study)["rows"]
    return Counter(r["arm"] for r in rows if r["trial"] == TRIAL.id)


def test_the_researcher_sees_letters_until_the_trial_is_unblinded(
    record: Record, researcher: Person, worker: Person, cases: list[str]
) -> None:
    trials = record.services.research.trials
    with record.database.session(researcher.actor) as session:
        assert session.scalar(text("SELECT count(*) FROM trial_assignments")) == 0
    assert arms_seen(record, researcher) == {"A": 2, "B": 2, "C": 2}
    with pytest.raises(TrialRunning):
        trials.unblind(researcher, TRIAL.id)
    assert trials.end(researcher, TRIAL.id, "all are in")["end_reason"] == "all are in"
    with pytest.raises(TrialOver):
        trials.end(researcher, TRIAL.id, "again")
    assert arms_seen(record, researcher) == {"A": 2, "B": 2, "C": 2}
    meant = trials.unblind(researcher, TRIAL.id)
    assert sorted(meant) == ["A", "B", "C"]
    assert set(meant.values()) == set(TRIAL.arms)
    assert trials.unblind(researcher, TRIAL.id) == meant
    assert arms_seen(record, researcher) == dict.fromkeys(TRIAL.arms, 2)
    log = record.services.research.log.read(researcher)
    actions = Counter(e["action"] for e in log["events"] if e["subject"] == TRIAL.id)
    assert actions == {"trial_started": 1, "trial_ended": 1, "trial_unblinded": 1}
    assert log["broken"] is None
    assert [t["id"] for t in trials.listed(researcher)] == [TRIAL.id]


def test_a_listing_waits_for_no_case_being_placed(
    record: Record, researcher: Person, worker: Person, cases: list[str]
) -> None:
    """A listing that took the trials' locks could wait for a draft that waits for it."""
    trials = record.services.research.trials
    placing = text("SELECT * FROM cmis_trial_places(:trial, 'bpd')")
    with ThreadPoolExecutor(1) as hand, record.database.session(worker.actor) as session:
        session.execute(placing, {"trial": TRIAL.id})
        listed = hand.submit(trials.listed, researcher)
        done = not wait([listed], timeout=5).not_done
    assert done
    (told,) = [t for t in listed.result() if t["id"] == TRIAL.id]
    assert told["taken"] == SAMPLE


def test_an_ended_trial_takes_nobody_in(
    record: Record, researcher: Person, worker: Person, cases: list[str]
) -> None:
    """Places are free in it: nothing but its end keeps a case out."""
    trials = record.services.research.trials
    for other in trials.listed(researcher):
        if not other["ended_at"]:
            trials.end(researcher, other["id"], "makes room")
    short = TRIAL.model_copy(update={"id": "short-trial"})
    trials.start(researcher, short)
    early, late = record.opened(worker), record.opened(worker)
    record.services.drafting.request(worker, early)
    assert trials.view(worker, early) is not None
    trials.end(researcher, short.id, "too slow")
    record.services.drafting.request(worker, late)
    assert trials.view(worker, late) is None
    taken = {t["id"]: t["taken"] for t in trials.listed(researcher)}
    assert taken[short.id] == 1 < SAMPLE
