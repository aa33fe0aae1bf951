"""A case with something in every place, and one person for each role in each relation to it."""

from __future__ import annotations

import io
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import yaml
from sqlalchemy import text
from starlette.testclient import TestClient

from cases.accounts import fingerprint
from cases.repository import new_id
from tests.acceptance.application import App
from tests.acceptance.lifecycle import ASSESSMENT, REGISTRATION, SCREENING, Office, drafted, entry
from tests.acceptance.test_api_main_day import API, claims, opened

ROWS = yaml.safe_load(Path(__file__).with_name("access.yaml").read_text(encoding="utf-8"))
SETS = {name: frozenset(roles) for name, roles in ROWS["sets"].items()}
OPERATIONS: dict[str, dict[str, Any]] = ROWS["operations"]
ASKED: dict[str, dict[str, Any]] = OPERATIONS | ROWS["variants"]
ROLES = sorted(SETS["everyone"])
RELATIONS = ("none", "pending", "revoked", "referred", "mdt", "glass", "own")
REFUSED = {401, 403, 404}
PARTS = ["story", "persons", "codes", "plan", "steps", "services", "documents"]
MANY = 240  # deadlines and tasks, each of which can be ended or put off once
FEW = 50  # of them for the people of one relation


@dataclass
class Matrix:
    """The case, its people, and ids for the places of an address."""

    app: App
    places: dict[str, str] = field(default_factory=dict)
    people: dict[tuple[str, str], str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    pools: dict[str, Iterator[str]] = field(default_factory=dict)

    def owner(self, statement: str, **values: Any) -> list[Any]:
        """A statement past every rule."""
        with self.app.wiring.database.owner_engine.begin() as connection:
            done = connection.execute(text(statement), values)
            return list(done.all()) if done.returns_rows else []

    def ask(self, client: TestClient, operation: str, relation: str, role: str | None) -> int:
        """The status of an operation for one person."""
        row = ASKED[operation]
        method, path = row.get("of", operation).split(" ", 1)
        headers = {}
        if role is not None:
            headers["Authorization"] = f"Bearer {self.token(relation, role, method + path)}"
        sent: dict[str, Any] = {}
        if row.get("form"):
            sent["files"] = {"file": ("x.wav", b"no sound")}
        elif "body" in row:
            sent["content"] = self.filled(json.dumps(row["body"]), relation)
            headers["Content-Type"] = "application/json"
        for name, other in row.get("places", {}).items():
            path = path.replace(f"{{{name}}}", f"{{{other}}}")
        address = self.filled(path + row.get("query", ""), relation)
        answer: httpx.Response = client.request(method, API + address, headers=headers, **sent)
        return answer.status_code

    def token(self, relation: str, role: str, operation: str) -> str:
        """A session of that person; signing out gets one of its own."""
        person = self.people[relation, role]
        if person not in self.tokens or operation == "POST/logout":
            token = secrets.token_urlsafe(16)
            self.owner(
                "SELECT cmis_open_session(:t, :u, interval '1 hour')",
                t=fingerprint(token),
                u=person,
            )
            if operation == "POST/logout":
                return token
            self.tokens[person] = token
        return self.tokens[person]

    def filled(self, words: str, relation: str) -> str:
        """The words with every ``{place}`` filled, as this relation would meet it."""

        def place(found: re.Match[str]) -> str:
            name = found.group(1)
            for pool in (name, f"{name}:{relation}"):
                if pool in self.pools:
                    return next(self.pools[pool])
            return self.places.get(f"{name}:{relation}", self.places.get(name, ""))

        return re.sub(r"\{(\w+)\}", place, words)


def allowed(operation: str, relation: str, role: str) -> bool:
    """What the reviewed file says."""
    row = ASKED[operation]
    chosen = row.get("all", row.get(relation))
    return chosen is not None and role in SETS[chosen]


def made(app: App) -> Matrix:
    """The matrix over one case of the provincial office's."""
    office, matrix = Office(app), Matrix(app)
    worker = office["somying.pmj"]
    case = opened(worker)
    for kind, content in (
        ("registration", REGISTRATION | {"case_type": "other"}),
        ("screening", SCREENING),
        ("assessment", ASSESSMENT),
    ):
        entry(worker, case["id"], kind, content)
    version = drafted(office, worker, case["id"])
    sentence = claims(version["content"])[0]["id"]
    body = {"decisions": [{"sentence_id": sentence, "decision": "accepted"}]}
    worker.post(f"{API}/plans/{version['id']}/decisions", json=body)
    run = worker.get(f"{API}/cases/{case['id']}").json()["latest_run"]["id"]
    other = opened(worker)
    office["researcher"].post(
        f"{API}/research/trials", json=OPERATIONS["POST /research/trials"]["body"]
    )
    matrix.places |= {
        "case_id": case["id"],
        "version_id": version["id"],
        "sentence_id": sentence,
        "run_id": run,
        "other_number": other["number"],
        "entry_id": "scheme:help-1300",
        "user_id": "nobody",
        "trial_id": "matrix-trial",
        "profile": "hotline-1300",
        "paper": "client",
        "drawer": "intake",
    }
    paper, other_paper = (
        worker.post(
            f"{API}/documents",
            params={"case_id": case["id"], "type_id": "doc:13"},
            files={"file": (name, b"\x89PNG\r\n\x1a\n")},
        ).json()
        for name in ("x.png", "y.png")
    )
    matrix.places |= {"document_id": paper["id"], "paper_id": paper["versions"][0]["id"]}
    planned = worker.post(f"{API}/cases/{case['id']}/services", json={"text": "x"}).json()
    matrix.places |= {
        "other_paper": other_paper["versions"][0]["id"],
        "own_service": planned["id"],
    }
    _of_the_household(matrix, worker, case["id"])
    _people(matrix)
    _relations(matrix, case["id"], other["id"], version["id"])
    _things(matrix, case["id"], other["id"])
    _theirs(matrix, case["id"])
    _for_administrators(matrix)
    return matrix


LIMITS = """INSERT INTO deadlines (id, case_id, kind, duty_th, duty_en, statutory, source, due,
        added_by, agency_id)
    SELECT :n || '-' || :a || i, :c, :k, :n || :a || i, 'x', :s, 'x', now(), :u, :a
    FROM generate_series(1, :many) i RETURNING id"""
ENDED = "UPDATE deadlines SET status = 'done', done_at = now(), done_by = :u WHERE id = ANY(:ids)"
TASKS = """INSERT INTO conference_tasks (id, conference_id, case_id, text, agency_id, due, added_by)
    SELECT :n || '-' || :a || i, :f, :c, 'x', :a, now(), :u
    FROM generate_series(1, :many) i RETURNING id"""


def _theirs(matrix: Matrix, case_id: str) -> None:
    """Rows of the case that each relation's own agency added, or was given."""
    values = {"c": case_id, "u": matrix.places["owner_id"], "many": FEW}
    for relation in RELATIONS:
        agency = "pmj" if relation == "own" else f"m-{relation}"
        for name, kind, statutory in (
            ("deadline_of_theirs", "x", False),
            ("danger_of_theirs", "unsafe", False),
            ("statutory_of_theirs", "x", True),
            ("ended_of_theirs", "x", False),
            ("ended_danger_of_theirs", "unsafe", False),
        ):
            given = values | {"n": name, "a": agency, "k": kind, "s": statutory}
            made_ids = [row.id for row in matrix.owner(LIMITS, **given)]
            if name.startswith("ended"):
                matrix.owner(ENDED, u=values["u"], ids=made_ids)
            matrix.pools[f"{name}:{relation}"] = iter(made_ids)
        given = values | {"n": "task", "a": agency, "f": matrix.places["conference_id"]}
        made_ids = [row.id for row in matrix.owner(TASKS, **given)]
        matrix.pools[f"task_of_theirs:{relation}"] = iter(made_ids)
        matrix.places[f"consent_of_theirs:{relation}"] = f"consent-{relation}"
        matrix.owner(
            "INSERT INTO consents (id, case_id, subject, purpose, recipients, given_by, method,"
            " details, given_at, expires_at, recorded_by) VALUES (:i, :c, 'x', 'service',"
            " ARRAY[:a], 'self', 'written', '{}', now(), now() + interval '1 day', :u)",
            i=f"consent-{relation}",
            a=agency,
            c=case_id,
            u=matrix.places["owner_id"],
        )


def _for_administrators(matrix: Matrix) -> None:
    """An account nobody signs in with, a job, and a shared document that waits."""
    spare = new_id()
    matrix.owner(
        "INSERT INTO users (id, login, password_hash, name, role, agency_id)"
        " VALUES (:i, :i, 'x', 'x', 'supervisor', 'pmj')",
        i=spare,
    )
    job = matrix.owner("SELECT id FROM procrastinate_jobs ORDER BY id LIMIT 1")[0][0]
    matrix.owner(
        "INSERT INTO kb_sources (id, title, file_name, sha256, size_bytes, media_type, kind,"
        " passages, signature, added_by) VALUES ('src-matrix', 'x', 'x.txt', 'x', 1, 'text/plain',"
        " 'document', 0, decode(repeat('00', 512), 'hex'), 'x')"
    )
    matrix.places |= {"spare_id": spare, "job_id": str(job), "agency_id": "school"}
    matrix.places["source_id"] = "src-matrix"


def _of_the_household(matrix: Matrix, worker: TestClient, case_id: str) -> None:
    """Two persons of the case and a tie between them."""
    persons = f"{API}/cases/{case_id}/persons"
    body = {"role": "household_member", "identity": {"given_name": "มาลัย"}}
    pair = [worker.post(persons, json=body).json()["id"] for _ in range(2)]
    tie = {"person_id": pair[0], "relative_id": pair[1], "kinship": "relative"}
    worker.post(f"{API}/cases/{case_id}/relations", json=tie)
    ties = worker.get(persons).json()["relations"]
    made_id = next(t["id"] for t in ties if t["person_id"] == pair[0])
    matrix.places |= {"person_id": pair[0], "relation_id": made_id, "field": "household_size"}


def _people(matrix: Matrix) -> None:
    for relation in RELATIONS:
        agency = "pmj" if relation == "own" else f"m-{relation}"
        matrix.owner(
            "INSERT INTO agencies (id, name_th, name_en) VALUES (:a, :a, :a)"
            " ON CONFLICT DO NOTHING",
            a=agency,
        )
        for role in ROLES:
            person = new_id()
            matrix.people[relation, role] = person
            matrix.owner(
                "INSERT INTO users (id, login, password_hash, name, role, agency_id)"
                " VALUES (:i, :i, 'x', :r, :r, :a)",
                i=person,
                r=role,
                a=agency,
            )
    matrix.places["owner_id"] = matrix.people["own", "social_worker_province"]


def _relations(matrix: Matrix, case_id: str, other_id: str, version_id: str) -> None:
    """The letters that are answered and ended are those of another case."""
    who = matrix.places["owner_id"]
    for relation, status in (("pending", ""), ("referred", "accepted"), ("revoked", "revoked")):
        matrix.places[f"referral_id:{relation}"] = letter(matrix, other_id, relation, status)
        letter(matrix, case_id, relation, status)
    matrix.places["referral_id"] = letter(matrix, case_id, "elsewhere", "")
    conference = new_id()
    matrix.places["conference_id"] = conference
    matrix.owner(
        "INSERT INTO conferences (id, case_id, number, version_id, agenda, meets_at, called_by)"
        " VALUES (:i, :c, 1, :v, '[]', now(), :u)",
        i=conference,
        c=case_id,
        v=version_id,
        u=who,
    )
    for role in ROLES:
        matrix.owner(
            "INSERT INTO conference_members (conference_id, case_id, user_id, agency_id, name,"
            " profession, parts, invited_by) VALUES (:f, :c, :m, 'm-mdt', 'x', 'x', :p, :u)",
            f=conference,
            c=case_id,
            m=matrix.people["mdt", role],
            p=["codes", "plan", "steps", "services", "conference"],
            u=who,
        )
        matrix.owner(
            "INSERT INTO glass_breaks (id, case_id, user_id, agency_id, name, reason, expires_at)"
            " VALUES (:i, :c, :m, 'm-glass', 'x', repeat('x', 30), now() + interval '9 hours')",
            i=new_id(),
            c=case_id,
            m=matrix.people["glass", role],
        )


def letter(matrix: Matrix, case_id: str, relation: str, status: str) -> str:
    """A letter to the relation's agency, with a service offered in it."""
    who, agency, made_id = matrix.places["owner_id"], f"m-{relation}", new_id()
    matrix.owner(
        "INSERT INTO agencies (id, name_th, name_en) VALUES (:a, :a, :a) ON CONFLICT DO NOTHING",
        a=agency,
    )
    matrix.owner(
        "INSERT INTO referrals (id, case_id, kind, from_agency, to_agency, purpose, basis,"
        " basis_reason, requested, services, parts, shared, answer_by, sent_by) VALUES (:i, :c,"
        " 'referral', 'pmj', :a, 'legal', 'court_order', 'x', 'x', '[]', :p, '{}', now(), :u)",
        i=made_id,
        c=case_id,
        a=agency,
        p=PARTS,
        u=who,
    )
    service = new_id()
    matrix.places[f"service_id:{relation}"] = service
    matrix.owner(
        "INSERT INTO plan_services (id, case_id, referral_id, text, agency_id, status, added_by,"
        " changed_by, changed_name) VALUES (:i, :c, :r, 'x', :a, 'offered', :u, :u, 'x')",
        i=service,
        c=case_id,
        r=made_id,
        a=agency,
        u=who,
    )
    matrix.places["service_id"] = service
    if status:
        matrix.owner(
            "WITH w AS MATERIALIZED (SELECT set_config('cmis.agency_id', :a, true))"
            " UPDATE referrals SET status = :s, reason_code = 'other' FROM w WHERE id = :i",
            a="pmj" if status == "revoked" else agency,
            s=status,
            i=made_id,
        )
    return made_id


def _things(matrix: Matrix, case_id: str, other_id: str) -> None:
    who = matrix.places["owner_id"]
    values = {"c": case_id, "u": who}
    consent, asked, broken, recording = new_id(), new_id(), new_id(), new_id()
    evaluation = new_id()
    matrix.owner(
        "INSERT INTO evaluation_runs (id, experiment, family, options, status, requested_by)"
        " VALUES (:i, 'x', 'x', '{}', 'failed', :u)",
        i=evaluation,
        u=who,
    )
    matrix.places |= {
        "evaluation_id": evaluation,
        "consent_id": consent,
        "sign_off_id": asked,
        "opening_id": broken,
        "recording_id": recording,
    }
    matrix.owner(
        "INSERT INTO consents (id, case_id, subject, purpose, recipients, given_by, method,"
        " details, given_at, expires_at, recorded_by) VALUES (:i, :c, 'x', 'service', '{}',"
        " 'self', 'written', '{}', now(), now() + interval '1 day', :u)",
        i=consent,
        **values,
    )
    matrix.owner(
        "INSERT INTO sign_offs (id, case_id, kind, subject_id, content_hash, two_people,"
        " requested_by, requested_name) VALUES (:i, :c, 'closure', 'x', 'x', true, :u, 'x')",
        i=asked,
        **values,
    )
    matrix.owner(
        "INSERT INTO glass_breaks (id, case_id, user_id, agency_id, name, reason, opened_at,"
        " expires_at) VALUES (:i, :c, :m, 'm-none', 'x', repeat('x', 30),"
        " now() - interval '9 hours', now() - interval '1 hour')",
        i=broken,
        c=case_id,
        m=matrix.people["none", "administrator"],
    )
    kept = {"agency_id": "pmj", "sha256": recording, "salt": b"s" * 32}
    matrix.app.wiring.sounds.put(kept, io.BytesIO(b"x"))
    matrix.owner(
        "INSERT INTO recordings (id, agency_id, case_id, sha256, salt, size_bytes, decoder,"
        " media_type, file_name, created_by) VALUES (:i, 'pmj', :c, :i, :s, 1, 'x', 'audio/wav',"
        " 'x', :u)",
        i=recording,
        s=kept["salt"],
        **values,
    )
    numbers = count()
    for name, statement in (
        (
            "deadline_id",
            "INSERT INTO deadlines (id, case_id, kind, duty_th, duty_en, statutory, source, due,"
            " added_by) VALUES (:i, :c, 'x', :i, 'x', false, 'x', now(), :u)",
        ),
        (
            "ended_id",
            "INSERT INTO deadlines (id, case_id, kind, duty_th, duty_en, statutory, source, due,"
            " added_by, status, done_at, done_by)"
            " VALUES (:i, :c, 'x', :i, 'x', false, 'x', now(), :u, 'done', now(), :u)",
        ),
        (
            "task_id",
            "INSERT INTO conference_tasks (id, conference_id, case_id, text, agency_id, due,"
            " added_by) SELECT :i, id, :c, 'x', 'pmj', now(), :u FROM conferences"
            " WHERE case_id = :c",
        ),
    ):
        ids = [f"{name}-{next(numbers)}" for _ in range(MANY)]
        for made_id in ids:
            matrix.owner(statement, i=made_id, **values)
        matrix.pools[name] = iter(ids)
