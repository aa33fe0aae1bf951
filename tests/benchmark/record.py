"""How long a caseload page and a case search take among 50,000 cases, under row-level security.

``python -m tests.benchmark.record [--write]`` prints the figures; with ``--write`` they replace the
section of the same name in ``docs/benchmarks.md``. Half of the cases are the asking agency's own,
2,000 more are opened to it by referral; each has words of a generated story. The agency's own
have records that differ (`tests.varied_cases`), others three entries; one in 200 is in charge of
whoever asks.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from sqlalchemy import text

from cases.caseload import Caseload
from cases.earlier_cases import EarlierCases
from cases.overview import Overview
from cases.people import Person
from cases.person_identity import Identity
from cases.person_keys import FILE, PersonKeys
from cases.persons import Persons
from cases.step_counts import StepCounts
from evals.synthetic import story
from knowledge_base.words import words
from runtime.database import Database, migrate
from runtime.embedded import EmbeddedPostgres
from tests.benchmark.drafting import BENCHMARKS
from tests.benchmark.record_people import A_CASE, add_people, identity
from tests.varied_cases import kept_at_once, vary

HEADING = "## The record"
SIZES = (5_000, 50_000)
SEARCH = "search"
STORIES, ROUNDS, WANTED_MS = 400, 30, 150
PEOPLE = """
INSERT INTO agencies (id, name_th, name_en, kind)
    SELECT a, a, a, 'social_office' FROM unnest(ARRAY['own', 'b', 'c']) a;
INSERT INTO users (id, login, password_hash, name, role, agency_id)
    SELECT a || of, a || of, 'x', a, 'supervisor', a
    FROM unnest(ARRAY['own', 'b', 'c']) a, unnest(ARRAY['', '-others']) of;
"""
CASES = """
INSERT INTO cases (id, number, agency_id, title, status, urgency, owner_id, received_at)
SELECT 'c' || n, '2569-' || lpad(n::text, 6, '0'), a, 'case ' || n,
    (ARRAY['new', 'drafted', 'reviewing', 'approved', 'closed'])[1 + n % 5],
    (ARRAY['immediate_1h', '24h', '72h', 'routine'])[1 + n % 4],
    CASE WHEN n % 200 = 0 THEN a ELSE a || '-others' END,
    now() - n * interval '1 minute'
FROM (SELECT n, (ARRAY['own', 'b', 'own', 'c'])[1 + n % 4] AS a
      FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n) made
"""
ENTRIES = """
INSERT INTO entries (id, case_id, kind, content, content_hash, agency_id, recorded_by,
    recorded_name, recorded_at)
SELECT c.id || k, c.id, k, jsonb_build_object('in_scope', true, 'risk', 'high'), 'x', c.agency_id,
    c.owner_id, 'x', c.received_at + hours * interval '1 hour'
FROM cases c, (VALUES ('registration', 1), ('screening', 2), ('assessment', 3)) made (k, hours)
WHERE c.id NOT IN (SELECT case_id FROM entries)
"""
LETTERS = """
INSERT INTO referrals (id, case_id, kind, from_agency, to_agency, purpose, basis, basis_reason,
    requested, services, parts, shared, answer_by, sent_by)
SELECT 'r' || id, id, 'referral', agency_id, 'own', 'legal', 'court_order', 'x', 'x', '[]',
    ARRAY['story', 'persons'], '{}', now(), agency_id
FROM cases WHERE agency_id <> 'own' ORDER BY id LIMIT :most ON CONFLICT DO NOTHING
"""
ANSWERED = """
SELECT set_config('cmis.agency_id', 'own', true);
UPDATE referrals SET status = 'accepted' WHERE status = 'pending' AND to_agency = 'own';
"""


def fill(
    database: Database, keys: PersonKeys, first: int, last: int, tokens: list[list[str]]
) -> None:
    """Cases with numbers from ``first`` to ``last``, one in 25 opened by letter."""
    rows = [{"c": f"c{n}", "w": tokens[n % len(tokens)]} for n in range(first, last + 1)]
    with database.owner_engine.begin() as owner, kept_at_once(owner):
        owner.execute(text(CASES), {"first": first, "last": last})
        owner.execute(text("INSERT INTO case_words VALUES (:c, :w)"), rows)
        vary(owner, "own", "b")
        owner.execute(text(ENTRIES))
        owner.execute(text(LETTERS), {"most": last // 25})
        for statement in ANSWERED.strip().split("\n"):
            owner.execute(text(statement))
    add_people(database, keys, first, last)
    with database.owner_engine.connect() as owner:
        owner.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


def pages(
    database: Database, keys: PersonKeys, asked: list[str]
) -> dict[str, Callable[[int], object]]:
    """What is asked for the nth time, by its name; each gives whether something was found."""
    caseload, steps, overview = Caseload(database, keys), StepCounts(database), Overview(database)
    earlier = EarlierCases(database, Persons(database, keys))
    who = {"id": "own", "login": "own", "name": "own", "role": "supervisor", "agency_id": "own"}
    person = Person(**who, agency_th="", agency_en="", language="th")

    def page(offset: int = 0, **way: Any) -> Callable[[int], object]:
        return lambda n: caseload.listed(person, limit=20, offset=offset, **way)["total"]

    return {
        "first page": page(),
        "tenth page": page(180),
        "urgent drafts": page(urgency="24h", status="drafted"),
        "own cases by step": lambda n: steps.of(person, mine=True),
        "all the office's by step": lambda n: steps.of(person, mine=False),
        "the whole overview": lambda n: overview.of(person)["edits"],
        SEARCH: lambda n: page(words=asked[n % len(asked)])(n),
        "search by a given name": lambda n: page(words=somebody(n).given_name)(n),
        "search by a whole name": lambda n: page(words=_called(n))(n),
        "search by an id or a phone": lambda n: page(words=_number(n))(n),
        "earlier cases for a story": lambda n: earlier.like(person, _story(n))["cases"],
    }


def somebody(number: int) -> Identity:
    """A client of one of the asking agency's own cases."""
    return identity(A_CASE * 4 * (37 * number + 1))


def _called(number: int) -> str:
    return f"{somebody(number).given_name} {somebody(number).family_name}"


def _number(number: int) -> str:
    return somebody(number).citizen_id if number % 2 else somebody(number).phones[0]


def _story(number: int) -> str:
    """A generated story in which two persons who are known are named, one with a phone."""
    told = str(story(number, 1)["narrative"])
    mother, phone = _called(number), somebody(number).phones[0]
    return f"{told} แม่ชื่อนาง{mother} โทร {phone} อยู่กับนาย{_called(number + 1)}"


def measure(database: Database, keys: PersonKeys, asked: list[str]) -> dict[str, list[float]]:
    """Milliseconds of each kind of page, warm."""
    taken: dict[str, list[float]] = {}
    for name, ask in pages(database, keys, asked).items():
        for n in range(ROUNDS):
            begun = time.perf_counter()
            found = ask(n)
            spent = (time.perf_counter() - begun) * 1000
            assert found or name == SEARCH, name
            if n >= 5:
                taken.setdefault(name, []).append(spent)
    return taken


def run() -> dict[int, dict[str, list[float]]]:
    """The times for each size of the record."""
    rng = random.Random(7)
    tokens = [sorted(set(words(str(story(n, 1)["narrative"])))) for n in range(STORIES)]
    asked = ["".join(rng.sample(rng.choice(tokens), 2)) for _ in range(20)]
    asked += [f"2569-{rng.randrange(5_000):06d}" for _ in range(10)]
    with tempfile.TemporaryDirectory(prefix="cmis-b-", dir="/tmp") as folder:
        server = EmbeddedPostgres(Path(folder))
        server.start()
        try:
            database = Database(server.addresses("postgres"))
            migrate(database)
            with database.owner_engine.begin() as owner:
                owner.execute(text(PEOPLE))
            keys = PersonKeys(Path(folder) / FILE)
            found, before = {}, 0
            for size in SIZES:
                fill(database, keys, before + 1, size, tokens)
                found[size], before = measure(database, keys, asked), size
            database.close()
        finally:
            server.stop()
    return found


def section(found: dict[int, dict[str, list[float]]]) -> str:
    """The figures as a section of the benchmarks."""
    lines = [
        f"| {name} | "
        + " | ".join(
            f"{median(found[s][name]):.0f} / {np.quantile(found[s][name], 0.95):.0f} ms"
            for s in SIZES
        )
        + " |"
        for name in found[SIZES[0]]
    ]
    heads = " | ".join(f"{s:,} cases, p50 / p95" for s in SIZES)
    return f"""{HEADING}

A caseload page and a search as the service gives them (rows and total, as `cmis_app` under
row-level security): half of the cases are the agency's own, 4 % more opened by referral, one in
200 is the asking person's to carry; own cases have records as different as offices keep them (on
average 6 entries, 1.5 plans, 1.2 services), others three entries; each case has two people, sealed
and indexed (100,000 at 50,000 cases; a given name is shared by about 400 of them);
{ROUNDS - 5} times each, warm; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores while
measured; wanted: p95 under {WANTED_MS} ms at {SIZES[-1]:,} (`make bench-record`).

| page | {heads} |
| --- |{" --- |" * len(SIZES)}
{chr(10).join(lines)}
"""


def write(words_: str) -> None:
    """Put the section into the benchmarks in place of the last one."""
    old = BENCHMARKS.read_text("utf-8")
    before, _, rest = old.partition(HEADING + "\n")
    _, mark, behind = rest.partition("\n## ")
    BENCHMARKS.write_text(before.rstrip() + "\n\n" + words_ + mark + behind, "utf-8")


def main(arguments: list[str]) -> None:
    """Measure and print, or write."""
    made = section(run())
    sys.stdout.write(made)
    if "--write" in arguments:
        write(made)


if __name__ == "__main__":
    main(sys.argv[1:])
