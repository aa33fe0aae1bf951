"""Neighbouring systems: samples come in as cases, bad rows are told, and what goes out returns."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from cases.casework_errors import EntryUnfit
from cases.errors import CaseUnseen
from cases.exchange_errors import (
    ColumnsAbsent,
    DateUnreadable,
    ExchangeTooLarge,
    ExchangeUnreadable,
    ProfileUnknown,
)
from cases.exchange_files import file_of, moment_of, rows_of
from cases.exchange_profiles import profile_of, profiles
from cases.operators import operator
from cases.people import Person
from runtime.errors import Forbidden, Unauthenticated
from runtime.file_kinds import FileTooLarge
from tests.integration.record import Record

SAMPLES = sorted((Path(__file__).parents[2] / "samples" / "exchange").iterdir())
STORY = "แม่เล่าว่าพ่อเมาแล้วตบแม่ต่อหน้าลูกสองคน"


def taken(record: Record, person: Person, profile: str, content: bytes) -> dict[str, Any]:
    return record.services.exchange.take_in(person, profile, content)


def test_each_neighbour_has_a_sample() -> None:
    assert {path.stem for path in SAMPLES} == set(profiles())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_a_sample_comes_in_goes_out_and_comes_in_again_elsewhere(
    record: Record, owner: Person, path: Path
) -> None:
    profile, exchange = path.stem, record.services.exchange
    report = taken(record, owner, profile, path.read_bytes())
    assert report["refused"] == []
    assert report["imported"] != []
    again = taken(record, owner, profile, path.read_bytes())
    assert {r["code"] for r in again["refused"]} == {"exchange.twice"}
    other = record.person("malee.bpd")
    for row in report["imported"]:
        first = record.services.files.read(owner, row["case_id"])
        (source,) = exchange.sources(owner, row["case_id"])
        assert (source["profile"], source["external_id"]) == (profile, row["external_id"])
        form: Any = path.suffix[1:]
        given = exchange.give_out(owner, profile, first["number"], form)
        (there,) = taken(record, other, profile, given)["imported"]
        second = record.services.files.read(other, there["case_id"])
        assert there["external_id"] == row["external_id"]
        for part in ("title", "received_at", "urgency"):
            assert first[part] == second[part]
        assert first["narrative"]["text"] == second["narrative"]["text"]
        entries = record.services.casework.entries
        for who, case_id in ((owner, row["case_id"]), (other, there["case_id"])):
            (registered,) = entries.of_case(who, case_id)
            assert registered["kind"] == "registration"
            assert entries.standing(who, case_id)["current"] != "intake"
        trail = record.services.integrity.trail(owner, row["case_id"])
        assert "case_given" in [e["action"] for e in trail["events"]]
        assert trail["damage"] == []


def test_a_bad_row_is_one_sentence_and_the_rest_come_in(record: Record, owner: Person) -> None:
    rows = [
        {"case_no": "A1", "reported_at": "2026-11-20", "incident": STORY},
        {"case_no": "A2", "reported_at": "2026-11-20", "incident": ""},
        {"case_no": "A3", "reported_at": "วันก่อน", "incident": STORY},
        {"case_no": "A4", "reported_at": "2026-11-20", "incident": "only English here"},
        {"case_no": "A1", "reported_at": "2026-11-20", "incident": STORY},
        {"case_no": "A5", "reported_at": "3026-11-20", "incident": STORY},
        {"case_no": "A6", "reported_at": "20/11/2569 18:05", "incident": STORY},
    ]
    report = taken(record, owner, "child-protection", orjson.dumps(rows))
    assert [r["external_id"] for r in report["imported"]] == ["A1", "A6"]
    assert [(r["row"], r["code"]) for r in report["refused"]] == [
        (2, "exchange.value"),
        (3, "exchange.date"),
        (4, "narrative.not_thai"),
        (5, "exchange.twice"),
        (6, "case.received_at"),
    ]
    assert all(r["message_th"] and r["message_en"] for r in report["refused"])
    case = record.services.files.read(owner, report["imported"][1]["case_id"])
    untold = [{"เลขรับเรื่อง": "U1", "รายละเอียด": STORY}]
    (waits,) = taken(record, owner, "hotline-1300", orjson.dumps(untold))["imported"]
    standing = record.services.casework.entries.standing(owner, waits["case_id"])
    assert standing["current"] == "intake"  # whether there are children a person must say
    assert case["received_at"] == datetime(2026, 11, 20, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", ExchangeUnreadable),
        (b"[1, 2]", ExchangeUnreadable),
        (b"{broken", ExchangeUnreadable),
        (b'a,b\n"open', ExchangeUnreadable),
        (b"\x81\x8d\xff\xfe", ExchangeUnreadable),
        (b"a,b\n1,2\n", ColumnsAbsent),
        (b"a\n" + b"1\n" * 1001, ExchangeTooLarge),
        (b" " * 25_000_001, FileTooLarge),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    record: Record, owner: Person, content: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        taken(record, owner, "hotline-1300", content)


def test_who_may_not_work_on_cases_exchanges_none(record: Record, owner: Person) -> None:
    auditor, stranger = record.person("auditor"), record.person("malee.bpd")
    exchange = record.services.exchange
    with pytest.raises(Forbidden):
        exchange.take_in(auditor, "hotline-1300", b"a,b\n1,2\n")
    with pytest.raises(Forbidden):
        exchange.give_out(auditor, "hotline-1300", "x", "csv")
    with pytest.raises(ProfileUnknown):
        exchange.take_in(owner, "no-such", b"a,b\n1,2\n")
    with pytest.raises(CaseUnseen):
        exchange.give_out(stranger, "hotline-1300", record.opened(owner), "csv")
    with pytest.raises(Unauthenticated):
        operator(record.database, "no-such")
    known = operator(record.database, owner.login)
    assert (known.id, known.name, known.agency_th) == (owner.id, owner.name, owner.agency_th)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-24T08:40:00+07:00", "2026-11-24T08:40:00+07:00"),
        ("2569-11-24", "2026-11-24T00:00:00+07:00"),
        ("24/11/2569 08:40", "2026-11-24T08:40:00+07:00"),
        ("๒๔/๑๑/๒๕๖๙ เวลา ๐๘.๔๐ น.", "2026-11-24T08:40:00+07:00"),
        ("24 พฤศจิกายน 2569", "2026-11-24T00:00:00+07:00"),
        ("24 พ.ย. 2569 เวลา 08.40 น.", "2026-11-24T08:40:00+07:00"),
    ],
)
def test_dates_as_people_write_them(written: str, expected: str) -> None:
    assert moment_of(written, "x").isoformat() == expected


@pytest.mark.parametrize("written", ["", "เมื่อวาน", "32/01/2569", "24 มกรา 2569", "1/13/2569"])
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(DateUnreadable):
        moment_of(written, "x")


def test_files_are_read_in_the_encodings_offices_use() -> None:
    rows = [{"ชื่อ": "หนึ่ง", "ค่า": "=ไม่ใช่สูตร"}]
    assert rows_of(file_of(rows, "csv"), 1) == rows
    assert ",'=ไม่ใช่สูตร" in file_of(rows, "csv").decode("utf-8-sig")
    assert rows_of(file_of(rows, "json"), 1) == rows
    assert rows_of("ชื่อ;ค่า\nหนึ่ง;สอง\n".encode("cp874"), 1) == [{"ชื่อ": "หนึ่ง", "ค่า": "สอง"}]
    with pytest.raises(FileTooLarge):
        rows_of(b"a,b\n1,2\n" + b"x" * 1_000_000, 1)


def test_a_row_that_cannot_be_registered_leaves_no_case(record: Record, owner: Person) -> None:
    """Case, source and registration are one transaction."""
    profile = profile_of("school-care")
    unfit = dict(profile.incoming.registration) | {"channel": "telepathy"}
    incoming = profile.incoming.model_copy(update={"registration": unfit})
    broken = profile.model_copy(update={"incoming": incoming})
    row = {"รหัสการส่งต่อ": "one-transaction-1", "พฤติการณ์ที่พบ": "เด็กขาดเรียนสองสัปดาห์ บ้านเงียบ"}
    exchange, counted = record.services.exchange, "SELECT count(*) FROM cases"
    before = record.owner(counted)
    with pytest.raises(EntryUnfit):
        exchange._opened(owner, broken, row, 1, "0" * 64)
    assert record.owner(counted) == before
    case_id = exchange._opened(owner, profile, row, 1, "0" * 64)
    events = record.services.integrity.trail(owner, case_id)
    told = [e["action"] for e in events["events"]]
    assert told.index("case_opened") < told.index("case_imported")
    assert told.index("case_imported") < told.index("registration_recorded")
    assert events["damage"] == []
