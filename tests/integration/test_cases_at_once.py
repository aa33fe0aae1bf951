"""Two people in one case: whoever reads or answers never waits in a circle with whoever writes.

Work on a case takes its locks in one order: the case, its rows, and last the chain of its trail.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from cases import audit, repository
from cases.people import Person
from cases.plan_services import SQL as SERVICES
from cases.plan_services import Report
from cases.referral_schemas import Letter, Wanted
from tests.integration.record import Record

SOON_S = 20
WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND wait_event_type = 'Lock' AND wait_event = 'transactionid'
"""


def test_a_reading_is_noted_while_somebody_writes(record: Record, owner: Person) -> None:
    case_id, reader = record.opened(owner), record.person("wichai.pmj")
    read = record.services.casework.consents.of_case
    with ThreadPoolExecutor(1) as apart, record.database.session(owner.actor) as session:
        repository.seen_case(session, case_id, lock=True)
        assert apart.submit(read, reader, case_id).result(SOON_S) == []
        audit.record(session, case_id, owner.id, "tested", case_id)
    events = record.services.integrity.trail(reader, case_id)
    assert [e["action"] for e in events["events"][-3:]] == [
        "consents_read",
        "tested",
        "trail_read",
    ]
    assert events["damage"] == []


def test_an_answer_waits_for_a_report_before_it_holds_the_trail(
    record: Record, owner: Person
) -> None:
    case_id, receiver = record.opened(owner), record.person("malee.bpd")
    casework = record.services.casework
    wanted = Letter(
        to_agency="bpd",
        purpose="complaint",
        basis="life_at_risk",
        basis_reason="ทดสอบ",
        requested="รับเด็กไปดูแล",
        services=[Wanted(text="ที่พักคืนนี้")],
    )
    letter = casework.referrals.send(owner, case_id, wanted)["id"]
    casework.referrals.acknowledge(receiver, letter)
    service = casework.services.of_case(owner, case_id)[0]
    report = Report(status="under_way", result="ได้ที่พักแล้ว", revision=service["revision"])
    with ThreadPoolExecutor(1) as apart:
        with record.database.session(owner.actor) as session:
            told = report.model_dump() | {"who": owner.id, "name": owner.name}
            assert SERVICES.run(session, "change", id=service["id"], **told)
            answered = apart.submit(casework.referrals.accept, receiver, letter, None)
            while not record.owner(WAITING)[0][0]:
                assert not answered.done()
            audit.record(session, case_id, owner.id, "service_reported", service["id"])
        assert answered.result(SOON_S)["status"] == "accepted"
    trail = record.services.integrity.trail(record.person("wichai.pmj"), case_id)
    assert [e["action"] for e in trail["events"][-3:-1]] == [
        "service_reported",
        "referral_accepted",
    ]
