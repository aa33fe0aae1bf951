"""Must show: whatever one column is changed, `cmis audit verify` and `cmis proof` find it."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from cases import audit, checkpoints, proof_check, seals
from cases.integrity import verify_case
from cases.people import Person
from cases.review import Decision
from runtime.database import Database
from tests.integration.record import Record, claims

# What the record can compute anew from what is sealed.
DERIVED = {("narratives", "embedding")}
CHANGES = {
    "text": "coalesce({c}, '') || 'x'",
    "integer": "coalesce({c}, 0) + 1000",
    "bigint": "{c} + 1000",
    "boolean": "NOT {c}",
    "timestamp with time zone": "coalesce({c}, now()) + interval '1 microsecond'",
    "jsonb": "jsonb_build_object('was', {c})",
    "bytea": "set_byte({c}, 0, (get_byte({c}, 0) + 1) % 256)",
    "ARRAY": "array_append({c}, 'x')",
}
OF_A_CASE = text(
    "SELECT DISTINCT table_name FROM information_schema.columns JOIN information_schema.tables"
    " USING (table_schema, table_name) WHERE table_schema = 'public' AND column_name = 'case_id'"
    " AND table_type = 'BASE TABLE'"
)
STATE = "changes with the work; each step of it is an event of the chain"
# Tables of a case that no seal covers, and why each column needs none.
UNSEALED = {
    "case_conditions": "computed from the record, for counting alone",
    "case_names": "sealed with the vault's key: changed bytes do not open",
    "case_persons": STATE,
    "case_words": "computed from the story",
    "checkpoint_leaves": "hashed into their checkpoint: see the test of checkpoints",
    "conference_members": STATE,
    "conference_tasks": STATE,
    "conference_votes": "each vote is an event; dissent stands in the event of the decision",
    "conferences": STATE,
    "consents": STATE,
    "deadlines": STATE,
    "document_keys": "a changed salt opens no bytes: found as a damaged document",
    "draft_runs": "progress of work; what came of it is a sealed version",
    "glass_breaks": STATE,
    "household_facts": STATE,
    "legal_holds": STATE,
    "limits_taken_back": STATE,
    "notices": "what a person was told; the act it tells of is an event",
    "opening_keys": "says which request opened the case, for hours; nothing rests on it later",
    "person_relations": STATE,
    "plan_edits": "computed from a sealed version and its sealed decisions",
    "plan_services": STATE,
    "recordings": "a changed row opens no sound, which is hashed into the event of opening",
    "referrals": STATE,
    "run_parts": "kept until the run ends",
    "sign_offs": STATE,
    "trial_assignments": "of the trial; research has a chain of its own",
    "webhook_deliveries": "says what was told to another system already",
}
CHECKS = text(
    "SELECT conname FROM pg_constraint WHERE conrelid = CAST(:t AS regclass) AND contype = 'c'"
)
IDENTITY = text(
    "SELECT is_identity FROM information_schema.columns WHERE table_name = :t AND column_name = :c"
)
PROTECTED = ("audit_events", "chain_heads", "row_seals")
# A row in each sealed table that the way of this case does not pass.
RARE = (
    "INSERT INTO flag_decisions (case_id, flag, decision, decided_by)"
    " VALUES (:c, 'RF-01', 'confirmed', :u)",
    "INSERT INTO conferences (id, case_id, number, version_id, agenda, meets_at, called_by)"
    " VALUES ('f', :c, 1, :v, '[]', now(), :u)",
    "INSERT INTO conference_posts (id, conference_id, case_id, topic, kind, text, written_by,"
    " written_name) VALUES ('p', 'f', :c, 't', 'comment', 'ความเห็น', :u, 'x')",
    "INSERT INTO case_imports (id, case_id, agency_id, profile, external_id, row_number,"
    " row_sha256, file_sha256, imported_by) VALUES ('i', :c, 'pmj', '1300', 'x', 1, 'x', 'x', :u)",
)


@dataclass(frozen=True)
class Proven:
    """A case through drafting, review and approval, in a database of its own."""

    record: Record
    person: Person
    case_id: str
    version_id: str

    @property
    def database(self) -> Database:
        return self.record.database

    def proof(self) -> dict[str, Any]:
        content, damage = self.record.wiring.proofs.prove(self.case_id)
        assert damage == []
        return json.loads(json.dumps(content, default=str))


@pytest.fixture(scope="module")
def proven(record: Record) -> Proven:
    person = record.person("somying.pmj")
    version = record.drafted(person)
    record.services.files.decide_code(person, version["case_id"], "VIO-01", "accepted")
    decisions = [
        Decision(sentence_id=i, decision="struck", reason="ทดสอบ") for i in claims(version)
    ]
    record.services.review.decide(person, version["id"], decisions[:3])
    record.services.review.undo(person, version["id"], decisions[0].sentence_id)
    again = [decisions[0].model_copy(update={"revision": 2}), *decisions[3:]]
    record.services.review.decide(person, version["id"], again)
    record.services.approval.approve(person, version["id"], version["content_hash"], "ตรวจแล้ว")
    papers = record.services.documents
    sent = papers.draft(person, version["case_id"], "doc:1", "docx")["versions"][0]["id"]
    record.services.custody.act(person, sent, "sent", party="prosecutor", note="ด่วน")
    record.owner(
        "INSERT INTO row_tombstones (id, case_id, relation, row_key, reason, buried_by)"
        " VALUES ('t', :c, 'recordings', 'gone', 'คำขอ', 'x')",
        c=version["case_id"],
    )
    for statement in RARE:
        record.owner(statement, c=version["case_id"], v=version["id"], u=person.id)
    registration = {
        "case_type": "other",
        "channel": "walk_in",
        "reporter_hidden": True,
        "has_children": True,
    }
    entries = record.services.casework.entries
    entries.record(person, version["case_id"], "registration", registration)
    return Proven(record, person, version["case_id"], version["id"])


def columns(database: Database) -> list[tuple[str, str, str]]:
    """``(table, column, type)`` of every table the chain speaks for."""
    with database.owner_engine.begin() as owner:
        relations = [*owner.scalars(text("SELECT relation FROM sealed_relations")), *PROTECTED]
        found = owner.execute(
            text(
                "SELECT table_name, column_name, data_type FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name = ANY (:t) ORDER BY 1, 2"
            ),
            {"t": relations},
        )
        return [(r[0], r[1], r[2]) for r in found if (r[0], r[1]) not in DERIVED]


def one_changed(session: Session, case_id: str, table: str, column: str, kind: str) -> bool:
    """Change one column of one row of the case; False where the case has no such row."""
    session.execute(text("SET LOCAL session_replication_role = replica"))
    for check in session.scalars(CHECKS, {"t": table}).all():
        session.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{check}"'))
    if session.scalar(IDENTITY, {"t": table, "c": column}) == "YES":
        session.execute(text(f'ALTER TABLE {table} ALTER "{column}" DROP IDENTITY'))
    change = CHANGES[kind].format(c=f'"{column}"')
    chosen = f"(SELECT ctid FROM {table} WHERE case_id = :c ORDER BY ctid LIMIT 1)"  # noqa: S608
    done = session.execute(
        text(f'UPDATE {table} SET "{column}" = {change} WHERE ctid = {chosen}'),  # noqa: S608
        {"c": case_id},
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def test_a_change_of_any_column_of_any_row_is_found(proven: Proven) -> None:
    missed, untried = [], []
    every = columns(proven.database)
    for table, column, kind in every:
        with Session(proven.database.owner_engine) as owner:
            if not one_changed(owner, proven.case_id, table, column, kind):
                untried.append(f"{table}.{column}")
            elif not verify_case(owner, proven.case_id):
                missed.append(f"{table}.{column}")
            owner.rollback()
    assert (missed, untried) == ([], [])
    assert {table for table, _, _ in every} >= {*PROTECTED, "narratives", "approvals", "documents"}


def test_a_table_of_a_case_is_sealed_or_says_why_not(proven: Proven) -> None:
    with proven.database.owner_engine.begin() as owner:
        found = set(owner.scalars(OF_A_CASE))
    sealed = {table for table, _, _ in columns(proven.database)}
    assert found - sealed == UNSEALED.keys()


@pytest.mark.parametrize("table", ["narratives", "item_decisions", "approvals", "row_seals"])
def test_a_row_taken_away_or_slipped_in_is_found(proven: Proven, table: str) -> None:
    with Session(proven.database.owner_engine) as owner:
        owner.execute(text("SET LOCAL session_replication_role = replica"))
        owner.execute(
            text(f"DELETE FROM {table} WHERE case_id = :c"),  # noqa: S608
            {"c": proven.case_id},
        )
        assert verify_case(owner, proven.case_id)
        owner.rollback()


def test_a_decision_slipped_in_past_the_program_is_found(proven: Proven) -> None:
    with Session(proven.database.owner_engine) as owner:
        owner.execute(text("ALTER TABLE item_decisions DISABLE TRIGGER check_decision"))
        owner.execute(
            text(
                "INSERT INTO item_decisions (case_id, version_id, sentence_id, revision, decision,"
                " decided_by) VALUES (:c, :v, 'slipped', 1, 'accepted', :u)"
            ),
            {"c": proven.case_id, "v": proven.version_id, "u": proven.person.id},
        )
        assert [d.kind for d in verify_case(owner, proven.case_id)] == ["row"]
        owner.rollback()


def test_the_last_event_taken_away_is_found(proven: Proven) -> None:
    with Session(proven.database.owner_engine) as owner:
        owner.execute(
            text(
                "DELETE FROM audit_events WHERE case_id = :c AND seq ="
                " (SELECT max(seq) FROM audit_events WHERE case_id = :c)"
            ),
            {"c": proven.case_id},
        )
        assert "head" in {d.kind for d in verify_case(owner, proven.case_id)}
        owner.rollback()


def test_events_must_continue_the_chain(proven: Proven) -> None:
    event = {"case_id": proven.case_id, "seq": 900, "prev": "0" * 64}
    with (
        pytest.raises(Exception, match="does not continue"),
        proven.database.session(proven.person.actor) as session,
    ):
        session.execute(
            text(
                "INSERT INTO audit_events (case_id, seq, at, actor_id, action, subject, detail,"
                " prev_hash, hash) VALUES (:case_id, :seq, now(), cmis_user_id(), 'x', 'x', '{}',"
                " :prev, :prev)"
            ),
            event,
        )


def test_everything_holds_and_the_report_counts(proven: Proven) -> None:
    report = proven.record.wiring.proofs.verify()
    assert (report["ok"], report["damage"]) == (True, [])
    assert report["cases"] >= 1
    assert report["events"] >= 6


def test_a_case_taken_away_whole_is_found_by_its_checkpoint(proven: Proven) -> None:
    gone = proven.record.opened(proven.person)
    assert checkpoints.take(proven.database)
    assert checkpoints.take(proven.database) is None
    proven.record.owner("DELETE FROM cases WHERE id = :c", c=gone)
    report = proven.record.wiring.proofs.verify()
    assert [(d["kind"], d["case_id"]) for d in report["damage"]] == [("head", gone)]
    proven.record.owner("DELETE FROM checkpoint_leaves")
    proven.record.owner("DELETE FROM audit_checkpoints")


def test_a_changed_checkpoint_is_found(proven: Proven) -> None:
    checkpoints.take(proven.database)
    proven.record.opened(proven.person)
    checkpoints.take(proven.database)
    assert checkpoints.broken(proven.database) == []
    for table, change in (
        ("audit_checkpoints", "at = at + interval '1 second'"),
        ("audit_checkpoints", "root = repeat('1', 64)"),
        ("audit_checkpoints", "cases = cases + 1"),
        ("checkpoint_leaves", "hash = repeat('1', 64)"),
        ("checkpoint_leaves", "case_id = case_id || 'x'"),
    ):
        one = f"UPDATE {table} SET {change} WHERE number = 1"  # noqa: S608
        back = f"{table}_kept"
        proven.record.owner(f"CREATE TABLE {back} AS TABLE {table}")
        proven.record.owner(one)
        assert 1 in checkpoints.broken(proven.database)
        with proven.database.owner_engine.begin() as owner:
            owner.execute(text("SET LOCAL session_replication_role = replica"))
            owner.execute(text(f"DELETE FROM {table}"))  # noqa: S608
            owner.execute(text(f"INSERT INTO {table} SELECT * FROM {back}"))  # noqa: S608
            owner.execute(text(f"DROP TABLE {back}"))
    assert checkpoints.broken(proven.database) == []


def test_a_row_erased_by_law_leaves_a_tombstone_and_the_chain_holds(proven: Proven) -> None:
    case_id = proven.record.opened(proven.person)
    with Session(proven.database.owner_engine) as owner:
        (story,) = owner.scalars(
            text("SELECT id FROM narratives WHERE case_id = :c"), {"c": case_id}
        )
        seals.bury(owner, case_id, "narratives", story, "officer", "คำขอตามกฎหมาย")
        owner.execute(text("DELETE FROM codings WHERE case_id = :c"), {"c": case_id})
        owner.execute(text("DELETE FROM narratives WHERE id = :n"), {"n": story})
        audit.record(owner, case_id, "officer", "erased", story)
        codings = [d for d in verify_case(owner, case_id) if d.subject.startswith("codings:")]
        assert [d for d in verify_case(owner, case_id) if d not in codings] == []
        assert len(codings) == 1
        owner.rollback()


def test_refused_access_is_written_where_it_was_tried(proven: Proven) -> None:
    stranger = proven.record.person("malee.bpd")
    refusals = proven.record.services.refusals
    for _ in range(3):
        refusals.note(stranger, [proven.version_id], "GET /plans/{version_id}", "case.unseen")
    refusals.note(stranger, ["no-such-id"], "GET /cases/{case_id}", "case.unseen")
    refusals.note(proven.person, [proven.case_id], "GET /cases/{case_id}", "case.unseen")
    trail = proven.record.services.integrity.trail(proven.person, proven.case_id)
    tried = [e for e in trail["events"] if e["action"] == "access_refused"]
    assert [(e["actor_id"], e["detail"]["agency_id"]) for e in tried] == [(stranger.id, "bpd")]
    assert trail["damage"] == []


def test_a_proof_holds_offline_and_names_what_was_changed(proven: Proven, tmp_path: Path) -> None:
    proof = proven.proof()
    assert proof_check.findings(proof) == []
    file = tmp_path / "case.json"
    file.write_text(json.dumps(proof, ensure_ascii=False), encoding="utf-8")
    known = proof["checkpoint"]["chain"][-1]["hash"]
    checker = [sys.executable, "-I", proof_check.__file__, str(file)]
    done = subprocess.run([*checker, known], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    done = subprocess.run([*checker, "1" * 64], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "checkpoint" in done.stdout


def leaves_of(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every plain value of a proof stands."""
    if isinstance(content, dict | list):
        pairs = content.items() if isinstance(content, dict) else enumerate(content)
        for key, value in pairs:
            yield from leaves_of(value, (*path, key))
    else:
        yield path


def test_any_changed_value_of_a_proof_is_found(proven: Proven) -> None:
    proof = proven.proof()
    said_only = {("made_at",), ("case", "number")}
    every = [path for path in leaves_of(proof) if path not in said_only]
    first_of_kind = {tuple(k for k in path if isinstance(k, str)): path for path in every[::-1]}
    chosen = [*first_of_kind.values(), *random.Random(2569).sample(every, 60)]
    missed = []
    for path in chosen:
        *way, last = path
        forged = copy.copy(proof)
        at: Any = forged
        for key in way:
            at[key] = copy.copy(at[key])
            at = at[key]
        at[last] = at[last] + 1 if isinstance(at[last], int) else f"{at[last]}x"
        if not proof_check.findings(forged):
            missed.append(path)
    assert missed == []


def test_a_proof_without_its_parts_does_not_hold(proven: Proven) -> None:
    proof = proven.proof()
    for part in ("events", "rows", "contents"):
        assert proof_check.findings(proof | {part: proof[part][1:]})
        assert proof_check.findings(proof | {part: []})
    assert proof_check.findings({}) != []
