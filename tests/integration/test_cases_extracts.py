"""What leaves the record for research: from real cases of two offices, through the real rules."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cases.anonymity import smallest_class
from cases.extracts import Extracts, Study
from cases.people import Person
from cases.research_errors import ExtractEmpty, ExtractTooFine, ResearchersOnly, StudyFrozen
from cases.review import Decision
from runtime.clock import now, today
from tests.integration.record import STORY, Record, claims

STUDY = Study(
    id="own-view",
    title="Codes kept",
    approval="EC 12/2569",
    since=today() - timedelta(days=2),
    until=today() + timedelta(days=1),
)


@pytest.fixture(scope="module")
def owner(record: Record) -> Person:
    return record.person("somying.pmj")


@pytest.fixture(scope="module")
def researcher(record: Record) -> Person:
    return record.person("researcher")


@pytest.fixture(scope="module")
def approved(record: Record, owner: Person) -> dict[str, Any]:
    """Six cases of one office; the first one drafted, changed and approved."""
    version = record.drafted(owner)
    case_id = version["case_id"]
    record.services.files.decide_code(owner, case_id, "DST-01", "added")
    coded = record.services.files.read(owner, case_id)["coding"]["codes"]
    record.services.files.decide_code(owner, case_id, coded[0]["code"], "removed")
    ids = claims(version)
    struck = [Decision(sentence_id=i, decision="struck", reason="r") for i in ids[1:]]
    edited = Decision(sentence_id=ids[0], decision="edited", text="คำใหม่", reason="r")
    record.services.review.decide(owner, version["id"], [edited, *struck])
    record.services.approval.approve(owner, version["id"], version["content_hash"], None)
    own = {"risk": "high", "urgency": "24h", "risk_why": STORY[:40]}
    record.services.casework.entries.record(owner, case_id, "own_view", own)
    for _ in range(5):
        record.opened(owner)
    return version | {"removed": coded[0]["code"], "claims": len(ids)}


@pytest.fixture(scope="module")
def given(record: Record, researcher: Person, approved: dict[str, Any]) -> dict[str, Any]:
    return record.services.research.extracts.extract(researcher, STUDY)


def test_no_name_no_text_and_no_id_goes_out(
    record: Record, owner: Person, given: dict[str, Any], approved: dict[str, Any]
) -> None:
    out = orjson.dumps(given["rows"]).decode()
    assert approved["case_id"] not in out
    assert owner.name not in out
    assert owner.id not in out
    assert "คำใหม่" not in out
    told = {STORY[n : n + 12] for n in range(0, len(STORY) - 12, 3)}
    assert not any(words in out for words in told)
    assert record.services.files.read(owner, approved["case_id"])["number"] not in out


def test_every_row_is_one_of_k(given: dict[str, Any]) -> None:
    report = given["report"]
    assert report["smallest_class"] >= report["k"] == 5
    assert smallest_class(given["rows"], report["quasi_identifiers"]) == report["smallest_class"]


def test_the_row_of_an_approved_case(given: dict[str, Any], approved: dict[str, Any]) -> None:
    (row,) = [r for r in given["rows"] if r["code_decisions"].get("DST-01") == "added"]
    assert row["code_decisions"][approved["removed"]] == "removed"
    assert (row["accepted"], row["edited"], row["struck"]) == (0, 1, approved["claims"] - 1)
    assert 0.9 < row["edit_share"] <= 1
    assert row["minutes_to_approval"] >= row["review_minutes"] >= 0
    assert row["urgency_proposed"] == row["urgency_decided"]
    assert (row["own_risk"], row["own_urgency"]) == ("high", "24h")
    assert row["red_flags"]
    assert all(0 <= c["score"] <= 1 for c in row["codes"])
    assert row["arm"] is None
    assert (row["agency_kind"], row["region"]) == ("social_office", "north")


def test_a_case_that_waits_has_no_decisions_yet(given: dict[str, Any]) -> None:
    waiting = [r for r in given["rows"] if r["minutes_to_approval"] is None]
    assert len(waiting) >= 5
    assert {r["edit_share"] for r in waiting} == {None}
    assert {r["own_risk"] for r in waiting} == {None}


def test_pseudonyms_hold_within_a_study_and_differ_between_studies(
    record: Record, researcher: Person, given: dict[str, Any]
) -> None:
    extracts = record.services.research.extracts
    again = {r["id"] for r in extracts.extract(researcher, STUDY)["rows"]}
    other = STUDY.model_copy(update={"id": "another-study"})
    apart = {r["id"] for r in extracts.extract(researcher, other)["rows"]}
    first = {r["id"] for r in given["rows"]}
    assert first <= again
    assert not first & apart


def test_a_study_is_given_what_it_was_first_given(
    record: Record, owner: Person, researcher: Person, given: dict[str, Any]
) -> None:
    """Neither another span nor a case that came in since shows one case by the difference."""
    extracts = record.services.research.extracts
    record.opened(owner)
    assert extracts.extract(researcher, STUDY)["report"]["cases"] == given["report"]["cases"]
    for wider in ({"since": STUDY.since - timedelta(days=1)}, {"approval": "EC 13/2569"}):
        with pytest.raises(StudyFrozen):
            extracts.extract(researcher, STUDY.model_copy(update=wider))


def test_only_researchers_get_one(record: Record, owner: Person) -> None:
    with pytest.raises(ResearchersOnly):
        record.services.research.extracts.extract(owner, STUDY)


@pytest.mark.parametrize("login", ["somying.pmj", "auditor", "admin"])
def test_the_database_itself_gives_others_nothing(
    record: Record, login: str, approved: dict[str, Any]
) -> None:
    pretender = record.person(login)
    extracts = Extracts(record.database, "s" * 32)
    with record.database.session(pretender.actor) as session:
        assert extracts._read(session, STUDY, now()) == []


def test_a_researcher_still_sees_no_case(
    record: Record, researcher: Person, approved: dict[str, Any]
) -> None:
    assert record.owner("SELECT count(*) FROM plan_edits")[0][0] >= 1
    with record.database.session(researcher.actor) as session:
        session.execute(text("SELECT set_config('cmis.research', 'on', true)"))
        assert session.execute(text("SELECT count(*) FROM cases")).scalar() == 0
        assert session.execute(text("SELECT count(*) FROM plan_edits")).scalar() == 0


def test_too_few_cases_and_none(
    record: Record, researcher: Person, approved: dict[str, Any]
) -> None:
    strict = Extracts(record.database, "s" * 32)
    strict._rules = strict._rules.model_copy(update={"k": 10_000})
    with pytest.raises(ExtractTooFine):
        strict.extract(researcher, STUDY)
    long_ago = STUDY.model_copy(
        update={"id": "long-ago", "since": date(1990, 1, 1), "until": date(1990, 1, 2)}
    )
    with pytest.raises(ExtractEmpty):
        strict.extract(researcher, long_ago)


def test_whom_a_case_is_about_is_what_its_facts_know(
    record: Record, owner: Person, researcher: Person
) -> None:
    """Five alike, so that none stands out; what a worker takes away is unknown again."""
    study = STUDY.model_copy(update={"id": "by-groups"})
    household = record.services.people.household
    known = {
        "age_years": 61,
        "sex": "F",
        "nationality": "STATELESS",
        "disability_types": ["visual"],
    }
    cases = [record.opened(owner) for _ in range(5)]
    for case_id in cases:
        for field, value in known.items():
            household.decide(owner, case_id, field, "corrected", value)

    def groups() -> list[tuple[str, ...]]:
        rows = record.services.research.extracts.extract(researcher, study)["rows"]
        return [(r["age_band"], r["sex"], r["nationality"], r["disability"]) for r in rows]

    told = groups()
    assert told.count(("60+", "F", "STATELESS", "with")) == 5
    assert ("unknown", "unknown", "unknown", "unknown") in told
    for case_id in cases:
        household.decide(owner, case_id, "age_years", "corrected", 34)
        household.decide(owner, case_id, "sex", "removed")
        household.decide(owner, case_id, "disability_types", "corrected", [])
    assert groups().count(("25-39", "unknown", "STATELESS", "without")) == 5


def test_what_was_given_out_is_in_the_log_and_stays(
    record: Record, researcher: Person, given: dict[str, Any]
) -> None:
    log = record.services.research.log.read(researcher)
    assert log["broken"] is None
    told = given["report"]["sha256"]
    event = next(e for e in log["events"] if e["detail"].get("sha256") == told)
    assert (event["action"], event["subject"]) == ("extract_given", "own-view")
    with pytest.raises(DBAPIError), record.database.session(researcher.actor) as session:
        session.execute(text("UPDATE research_events SET action = 'nothing'"))
    change = "UPDATE research_events SET subject = :subject WHERE seq = :seq"
    record.owner(change, subject="x", seq=event["seq"])
    assert record.services.research.log.read(researcher)["broken"] == event["seq"]
    record.owner(change, subject="own-view", seq=event["seq"])
    assert record.services.research.log.read(researcher)["broken"] is None
    assert record.services.research.log.read(record.person("somying.pmj"))["events"] == []
