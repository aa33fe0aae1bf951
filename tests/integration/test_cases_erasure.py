"""Erasing a person reaches every place that holds them, and leaves a record that still verifies."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from cases import proof_check, repository
from cases.blackout import BLOCK, Blackout
from cases.canonical import content_hash
from cases.erasure_rows import SQL
from cases.letters import letter_hash
from cases.people import Person
from cases.person_errors import (
    ErasureIncomplete,
    PersonErased,
    PersonForeign,
    PersonHeld,
    PersonUnseen,
)
from cases.person_identity import Identity
from cases.review import Decision
from cases.run_parts import KeptAnswers, keep_part
from planner.schemas import Draft
from runtime.errors import Forbidden
from tests.integration.record import Record, claims
from tests.integration.test_cases_persons import people

STORY = (
    "เรื่องของ น.ส.วรางค์รัตน์ โสภาสมมุติ ชื่อเล่นน้องดาว อายุ 25 ปี เลขบัตร 3-0000-00000-01-3 โทร 081 000 2222 "
    "ถูกสามีชื่อนายเดชา แข็งกล้า ตบหน้าและบีบคอ ตอนนี้ น.ส.วรางค์รัตน์ หนีมาอยู่บ้านแม่ ดวงดาวเต็มฟ้า"
)
GONE = ("วรางค์รัตน์", "โสภาสมมุติ", "3-0000-00000-01-3", "081 000 2222")


# One row with the person's name in every table that people write into, as it stands when decided.
WRITTEN = (
    "INSERT INTO entries (id, case_id, kind, content, content_hash, agency_id, recorded_by,"
    " recorded_name) VALUES ('e', :c, 'visit',"
    " jsonb_build_object('own_words', CAST(:name AS text)), :h, 'pmj', :u, 'x')",
    "INSERT INTO consents (id, case_id, subject, purpose, recipients, given_by, method, given_at,"
    " expires_at, details, recorded_by) VALUES ('k', :c, :name, 'shelter', '{bpd}', :name, 'oral',"
    " now(), now() + interval '1 day', '{}', :u)",
    "INSERT INTO referrals (id, case_id, kind, from_agency, to_agency, purpose, basis, consent_id,"
    " requested, services, parts, shared, answer_by, sent_by, status) VALUES ('r', :c, 'referral',"
    " 'pmj', 'bpd', 'shelter', 'consent', 'k', :name, '[]', '{}', '{}', now(), :u, 'accepted')",
    "UPDATE consents SET withdrawn_at = now(), withdrawn_by = :u, withdrawn_reason = :name"
    " WHERE id = 'k'",
    "INSERT INTO plan_services (id, case_id, text, agency_id, status, added_by, changed_by,"
    " changed_name) VALUES ('s', :c, :name, 'pmj', 'planned', :u, :u, 'x')",
    "INSERT INTO deadlines (id, case_id, kind, duty_th, duty_en, statutory, source, due, added_by)"
    " VALUES ('d', :c, 'visit', :name, 'x', false, 'e', now(), :u)",
    "INSERT INTO conferences (id, case_id, number, version_id, agenda, meets_at, called_by,"
    " minutes, minutes_hash) VALUES ('f', :c, 1, :v, jsonb_build_array(CAST(:name AS text)),"
    " now(), :u, :name, :m)",
    "INSERT INTO conference_posts (id, conference_id, case_id, topic, kind, text, written_by,"
    " written_name) VALUES ('p', 'f', :c, 't', 'comment', :name, :u, 'x')",
    "INSERT INTO conference_votes (conference_id, case_id, topic, revision, vote, dissent,"
    " voter_id, voter_name) VALUES ('f', :c, 't', 1, 'disagree', :name, :u, 'x')",
    "INSERT INTO conference_tasks (id, conference_id, case_id, text, agency_id, due, added_by)"
    " VALUES ('t', 'f', :c, :name, 'pmj', now(), :u)",
    "INSERT INTO sign_offs (id, case_id, kind, subject_id, content_hash, two_people, requested_by,"
    " requested_name) VALUES ('o', :c, 'transfer', 'r', :l, false, :u, 'x')",
    "UPDATE sign_offs SET verdict = 'refused', comment = :name, decided_name = 'x',"
    " decided_at = now(), decided_by = (SELECT id FROM users WHERE login = 'wichai.pmj')"
    " WHERE id = 'o'",
    "INSERT INTO case_imports (id, case_id, agency_id, profile, external_id, row_number,"
    " row_sha256, file_sha256, imported_by)"
    " VALUES ('i', :c, 'pmj', :name, '1', 1, :loose, :loose, :u)",
    "INSERT INTO legal_holds (id, case_id, reason, set_by, lifted_by, lifted_at)"
    " VALUES ('h', :c, :name, :u, :u, now())",
    "INSERT INTO glass_breaks (id, case_id, user_id, agency_id, name, reason, expires_at)"
    " VALUES ('g', :c, :u, 'pmj', 'x', :name, now())",
    "INSERT INTO transcriptions (id, recording_id, model, requested_by)"
    " VALUES ('w', 'r-erase', 'm', :u)",
    "INSERT INTO heard_segments VALUES ('w', 1, jsonb_build_object('text', CAST(:name AS text)))",
    "INSERT INTO transcript_texts VALUES ('w', 1, :name, '[]', :u)",
)


@pytest.fixture(scope="module")
def record(weakly_owned: Record) -> Record:
    """A given server's usual case: policies bind the tables' owner, too."""
    return weakly_owned


@pytest.fixture(scope="module")
def owner(record: Record) -> Person:
    """A case manager."""
    return record.person("somying.pmj")


@pytest.fixture(scope="module")
def colleague(record: Record) -> Person:
    """A supervisor of the same office."""
    return record.person("wichai.pmj")


@pytest.fixture(scope="module")
def erased(record: Record, owner: Person, colleague: Person) -> dict[str, Any]:
    """A case with a drafted plan, a recording and sealed names, after its client was erased."""
    case_id = record.services.files.open(owner, STORY, title="น.ส.วรางค์รัตน์", key="once")
    run = record.services.drafting.request(owner, case_id)
    record.work()
    version = record.services.review.read(
        owner, record.services.drafting.read(owner, run["id"])["version_id"]
    )
    sound = keep_sound(record, owner, case_id)
    said = f"แจ้งว่า {GONE[0]} มาแล้ว"
    hashes = {"h": content_hash({"own_words": said}), "m": content_hash(said), "loose": "5" * 64}
    hashes["a"] = approved(record, owner, version, said)
    told = {"c": case_id, "v": version["id"], "u": owner.id, "name": said} | hashes
    asked = record.owner("SELECT asked_sha256 FROM opening_keys WHERE case_id = :c", c=case_id)
    for statement in WRITTEN:
        record.owner(statement, **(told | {"l": letter(record, case_id)}))
    hashes["l"] = letter(record, case_id)
    papers, photo = record.services.documents, io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 99)
    kept = papers.upload(owner, case_id, "doc:13", photo, f"{GONE[0]}.png")["versions"][0]["id"]
    record.services.custody.act(owner, kept, "sent", party="prosecutor", note=said)
    record.services.files.read(owner, case_id)
    record.services.drawers.keep(owner, "intake", f"พบ{GONE[0]} อีกครั้ง")
    desk = record.services.people
    client = people(record, owner, case_id)["client"]
    other = people(record, owner, case_id)["alleged_perpetrator"]["id"]
    desk.duplicates.decide(owner, client["id"], other, "different", f"{GONE[0]} เป็นคนละคน")
    numbers = {"citizen_id": "3000000000013", "phones": ["0810002222"]}
    desk.persons.change(owner, case_id, client["id"], numbers, client["revision"])
    report = desk.erase(colleague, client["id"])
    return {
        "case": case_id,
        "client": client["id"],
        "report": report,
        "hashes": [
            *hashes.values(),
            version["content_hash"],
            hashlib.sha256(STORY.encode()).hexdigest(),
            asked[0][0],
        ],
        "version": version,
        "sound": sound,
    }


def letter(record: Record, case_id: str) -> str:
    """The hash of the case's letter, once there is one."""
    with Session((record.above or record.database).owner_engine) as session:
        found = SQL.rows(session, "letters", case_id=case_id)
        return letter_hash(found[0]) if found else ""


def approved(record: Record, person: Person, version: dict[str, Any], words: str) -> str:
    """Approve the version with one sentence edited to these words; the approval's hash."""
    draft = Draft.model_validate(version["content"])
    goal = draft.plan.problems[0].goals[0].sentence.id
    struck = [
        Decision(sentence_id=i, decision="struck", reason="ทดสอบ")
        for i in claims(version)
        if i != goal
    ]
    edited = Decision(sentence_id=goal, decision="edited", text=words, reason="ทดสอบ")
    record.services.review.decide(person, version["id"], [*struck, edited])
    record.services.approval.approve(person, version["id"], version["content_hash"], words)
    ((digest,),) = record.owner(
        "SELECT approved_hash FROM approvals WHERE version_id = :v", v=version["id"]
    )
    return str(digest)


def keep_sound(record: Record, owner: Person, case_id: str) -> Any:
    """A sealed recording of the case; its path."""
    row = {"id": "r-erase", "agency_id": owner.agency_id, "sha256": "ab" * 32, "salt": b"s" * 32}
    record.wiring.sounds.put(row, io.BytesIO(b"sound of a voice"))
    record.owner(
        "INSERT INTO recordings (id, agency_id, case_id, sha256, salt, size_bytes, decoder,"
        " media_type, file_name, created_by) VALUES (:id, :agency_id, :case_id, :sha256, :salt,"
        " 16, 'test', 'audio/wav', 'voice.wav', :who)",
        **row,
        case_id=case_id,
        who=owner.id,
    )
    return record.wiring.sounds.path(row)


def test_no_table_holds_their_words(record: Record, erased: dict[str, Any]) -> None:
    tables = record.owner(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind = 'r'"
    )
    for (table,) in tables:
        column = "case_id" if table != "cases" else "id"
        known = record.owner(
            "SELECT 1 FROM information_schema.columns WHERE table_name = :t AND column_name = :c",
            t=table,
            c=column,
        )
        if known:
            rows = record.owner(
                f'SELECT t::text FROM "{table}" t WHERE {column} = :c',  # noqa: S608
                c=erased["case"],
            )
            for words in (*GONE, *erased["hashes"]):
                assert words not in str(rows), (table, words)


def test_what_has_no_case_holds_their_words_neither(record: Record, erased: dict[str, Any]) -> None:
    for table in ("heard_segments", "transcript_texts", "person_pairs", "desk_drawers"):
        rows = record.owner(f"SELECT t::text FROM {table} t")  # noqa: S608
        assert rows, table
        assert GONE[0] not in str(rows), table


def test_every_table_whose_rules_bind_its_owner_is_reached(record: Record) -> None:
    with Session(record.database.owner_engine) as session:
        assert SQL.rows(session, "out_of_reach") == []
        session.execute(text("DROP POLICY within_erasure ON entries"))
        assert SQL.rows(session, "out_of_reach") == [{"name": "entries"}]
        session.rollback()


def test_an_owner_who_does_not_reach_a_row_erases_nothing(
    record: Record, owner: Person, colleague: Person
) -> None:
    case_id = record.opened(owner, STORY)
    client = people(record, owner, case_id)["client"]["id"]
    rule = "CREATE POLICY hidden ON narratives AS RESTRICTIVE FOR UPDATE USING (false)"
    record.owner(rule)
    try:
        with pytest.raises(ErasureIncomplete):
            record.services.people.erase(colleague, client)
    finally:
        record.owner("DROP POLICY hidden ON narratives")
    persons = record.services.people.persons.listed(owner, case_id)["persons"]
    assert not any(p["erased"] for p in persons)


def test_key_vector_sound_and_search_are_gone(
    record: Record, owner: Person, erased: dict[str, Any]
) -> None:
    ((key, sealed),) = record.owner(
        "SELECT wrapped_key, sealed FROM persons WHERE id = :p", p=erased["client"]
    )
    assert key is None
    assert sealed is None
    ((vector,),) = record.owner(
        "SELECT embedding FROM narratives WHERE case_id = :c", c=erased["case"]
    )
    assert vector is None
    assert not erased["sound"].exists()
    desk = record.services.people
    found = desk.duplicates.search(owner, Identity(citizen_id="3000000000013"))
    assert erased["client"] not in {f["person_id"] for f in found}
    with pytest.raises(PersonErased):
        desk.export.of(owner, erased["client"])
    listed = desk.persons.listed(owner, erased["case"])["persons"]
    (tombstone,) = [p for p in listed if p["id"] == erased["client"]]
    assert tombstone["erased"]
    assert tombstone["identity"] is None


def test_a_case_is_not_found_by_pieces_of_their_name(
    record: Record, owner: Person, erased: dict[str, Any]
) -> None:
    listed = record.services.caseload.listed
    for name in GONE[:2]:
        found = listed(owner, 200, 0, words=name)["items"]
        assert erased["case"] not in {c["id"] for c in found}
    assert erased["case"] in {c["id"] for c in listed(owner, 200, 0, words="บีบคอ")["items"]}


def test_the_report_says_what_was_done_and_what_is_left(erased: dict[str, Any]) -> None:
    report = erased["report"]
    assert report["key_destroyed"]
    for place in ("narratives", "vectors", "codings", "plan_versions", "recordings", "cases"):
        assert report["erased"][place] >= 1, place
    assert "narratives" in report["vacuumed"]
    assert "tombstone" in report["left"]


def test_what_remains_still_verifies(record: Record, owner: Person, erased: dict[str, Any]) -> None:
    trail = record.services.integrity.trail(owner, erased["case"])
    assert trail["damage"] == []
    proof, damage = record.wiring.proofs.prove(erased["case"])
    assert damage == []
    assert proof_check.findings(json.loads(json.dumps(proof, default=str))) == []
    assert "person_erased" in {e["action"] for e in trail["events"]}
    case = record.services.files.read(owner, erased["case"])
    assert len(case["narrative"]["text"]) == len(STORY)
    assert "เดชา" in case["narrative"]["text"]
    assert "ดวงดาวเต็มฟ้า" in case["narrative"]["text"]


def test_erasing_again_gives_the_same_report(
    record: Record, colleague: Person, erased: dict[str, Any]
) -> None:
    assert record.services.people.erase(colleague, erased["client"]) == erased["report"]


def test_work_under_way_keeps_nothing_after_it_was_stopped(
    record: Record, owner: Person, colleague: Person
) -> None:
    case_id = record.opened(owner, STORY)
    client = people(record, owner, case_id)["client"]["id"]
    run = record.services.drafting.request(owner, case_id)
    answers = KeptAnswers(record.database, owner.actor, run["id"])
    answers["before"] = GONE[0]
    hearing = {"s": f"r-{case_id}", "t": f"t-{case_id}", "c": case_id, "u": owner.id}
    record.owner(
        "INSERT INTO recordings (id, agency_id, case_id, sha256, salt, size_bytes, decoder,"
        " media_type, file_name, created_by) VALUES (:s, 'pmj', :c, :s, 's', 1, 'x', 'x', '', :u)",
        **hearing,
    )
    record.owner(
        "INSERT INTO transcriptions (id, recording_id, model, status, requested_by)"
        " VALUES (:t, :s, 'm', 'running', :u)",
        **hearing,
    )
    record.services.people.erase(colleague, client)
    answers["after"] = GONE[0]
    with record.database.session(owner.actor) as session:
        keep_part(session, run["id"], "assessment", GONE[0])
        segment = {"transcription_id": hearing["t"], "ordinal": 1, "content": "{}"}
        repository.run(session, "add_segment", **segment)
    for kept in ("run_parts", "heard_segments"):
        column = "case_id" if kept == "run_parts" else "transcription_id"
        of = case_id if kept == "run_parts" else hearing["t"]
        assert record.owner(f"SELECT 1 FROM {kept} WHERE {column} = :w", w=of) == []  # noqa: S608
    record.services.files.read(owner, case_id)


def test_a_legal_hold_wins(record: Record, owner: Person, colleague: Person) -> None:
    desk = record.services.people
    case_id = record.opened(owner, STORY)
    client = people(record, owner, case_id)["client"]["id"]
    desk.retention.hold(owner, case_id, "คดีอยู่ในศาล")
    with pytest.raises(PersonHeld):
        desk.erase(colleague, client)
    assert "วรางค์รัตน์" in record.services.files.read(owner, case_id)["narrative"]["text"]
    actions = [e["action"] for e in record.services.integrity.trail(owner, case_id)["events"]]
    assert {"hold_set", "erasure_refused"} <= set(actions)
    desk.retention.lift(owner, case_id)
    assert desk.retention.holds(owner, case_id)[0]["lifted_at"]
    assert desk.erase(colleague, client)["key_destroyed"]


def test_who_may_not_erase(record: Record, owner: Person, colleague: Person) -> None:
    desk = record.services.people
    with pytest.raises(Forbidden):
        desk.erase(owner, "anybody")
    with pytest.raises(PersonUnseen):
        desk.erase(colleague, "nobody")
    malee = record.person("malee.bpd")
    case_id = record.opened(malee, STORY)
    client = people(record, malee, case_id)["client"]["id"]
    with pytest.raises(PersonForeign):
        desk.erase(colleague, client)


def test_closed_cases_kept_long_enough_are_due_and_holds_are_shown(
    record: Record, owner: Person
) -> None:
    case_id = record.opened(owner, STORY)
    old = "UPDATE cases SET status = 'closed', updated_at = now() - interval '3 years'"
    record.owner(f"{old} WHERE id = :c", c=case_id)
    due = {row["case_id"]: row for row in record.services.people.retention.due(owner)}
    assert due[case_id]["kinds"] == ["recording", "draft"]
    assert not due[case_id]["held"]


def test_a_short_name_is_taken_out_only_where_it_is_a_name() -> None:
    blackout = Blackout(Identity(given_name="ดาว", phones=("0810002222",)))
    assert blackout.text("น้องดาว เห็นดวงดาว โทร ๐๘๑-๐๐๐-๒๒๒๒") == (
        f"{BLOCK * 7} เห็นดวงดาว โทร {BLOCK * 12}"
    )
    assert blackout.value({"a": ["ดาว", 1, None]}) == {"a": [BLOCK * 3, 1, None]}
    assert not Blackout(Identity()).holds("อะไรก็ได้")


@pytest.mark.parametrize(
    "written",
    [
        "+66810002222",
        "+66 81 000 2222",
        "+66 (0) 81-000-2222",
        "(+66) 81 000 2222",
        "๖๖-๘๑-๐๐๐-๒๒๒๒",
        "(081) 000-2222",
        "Warang.S@Mail.Example",
        "warang.s @ mail.example",
        "WARANG_25",
        "99/1หมู่ 2  ต. หลบภัยสมมุติ",
        "๙๙/๑ หมู่ ๒ ต.หลบภัยสมมุติ",
        "SOMJAI",
    ],
)
def test_every_way_of_writing_where_somebody_is_found_is_taken_out(written: str) -> None:
    blackout = Blackout(
        Identity(
            given_name="Somjai",
            phones=("0810002222",),
            email="warang.s@mail.example",
            line_id="warang_25",
            address="99/1 หมู่ 2 ต.หลบภัยสมมุติ",
        )
    )
    assert blackout.text(f"ติดต่อ {written} ได้") == f"ติดต่อ {BLOCK * len(written)} ได้"


def test_other_numbers_stay() -> None:
    blackout = Blackout(Identity(phones=("0810002222",), citizen_id="3000000000013"))
    for told in ("โทร 0810002223", "081 อยู่ 000 ปี 2222", "จ่าย 66,810 บาท"):
        assert blackout.text(told) == told


def test_a_row_written_anew_by_law_still_cannot_be_changed(
    record: Record, owner: Person, erased: dict[str, Any]
) -> None:
    change = "UPDATE codings SET coder_version = :v WHERE case_id = :c"
    ((kept,),) = record.owner(
        "SELECT coder_version FROM codings WHERE case_id = :c", c=erased["case"]
    )
    record.owner(change, v="other", c=erased["case"])
    damage = record.services.integrity.trail(owner, erased["case"])["damage"]
    assert [d.subject.partition(":")[0] for d in damage] == ["codings"]
    record.owner(change, v=kept, c=erased["case"])
