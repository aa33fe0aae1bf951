"""People for the benchmark of the record: two a case, sealed and indexed as the record keeps them.

A given name is shared by one in 240, a family name by one in 2,744; each has an id and a phone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from psycopg import Connection, sql
from sqlalchemy import text

from cases.identities import Identities
from cases.person_identity import Identity
from cases.person_keys import PersonKeys
from intake.name_matching import index_words
from runtime.database import Database

FIRST = ["กม", "จน", "พร", "วิ", "สม", "ศิ", "อร", "ณัฐ", "ปิย", "ธน", "สุ", "นัน", "ชล", "รัต", "มา"]
SECOND = ["ลา", "พร", "ชัย", "วรรณ", "ดา", "นี", "ศักดิ์", "ภา", "พงษ์", "ริน", "มล", "ยา"]
SECOND += ["เดช", "ทิพย์", "วัฒน์", "สรณ์"]
LAST = ["ทอง", "แก้ว", "ใจ", "ศรี", "บุญ", "วงศ์", "สุข", "คำ", "แสง", "พันธ์", "จันทร์", "ไชย", "ดี", "มี"]
A_CASE = 2
TABLES = {
    "persons": "id agency_id sealed wrapped_key key_number created_by",
    "case_persons": "id case_id person_id role standing decided_by",
    "person_index": "person_id agency_id kind token",
}


def identity(number: int) -> Identity:
    """Who somebody is, always the same for a number."""
    dice = random.Random(number)
    twelve = f"{dice.randrange(10**11, 10**12)}"
    total = sum((13 - place) * int(digit) for place, digit in enumerate(twelve))
    family = "".join(dice.choice(part) for part in (LAST, LAST, LAST))
    return Identity(
        given_name=dice.choice(FIRST) + dice.choice(SECOND),
        family_name=family,
        citizen_id=f"{twelve}{(11 - total % 11) % 10}",
        phones=(f"08{dice.randrange(10**8):08d}",),
    )


def add_people(database: Database, keys: PersonKeys, first: int, last: int) -> None:
    """Two persons for each case from ``first`` to ``last``."""
    with database.owner_engine.begin() as owner:
        rows = owner.execute(text("SELECT id, agency_id FROM cases"))
        agencies = {case: agency for case, agency in rows if first <= int(case[1:]) <= last}
        made = list(_rows(keys, agencies))
        driver: Any = owner.connection.driver_connection
        for table in TABLES:
            _copy(driver, table, [row for of, row in made if of == table])


def _copy(driver: Connection[Any], table: str, rows: list[tuple[Any, ...]]) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, TABLES[table].split()))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)


def _rows(keys: PersonKeys, agencies: dict[str, str]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    who = Identities(keys)
    for case_id, agency in agencies.items():
        for place in range(A_CASE):
            number = int(case_id[1:]) * A_CASE + place
            person_id, somebody = f"p{number}", identity(number)
            sealed = who.keys.seal(person_id, somebody.model_dump())
            at_rest = (sealed.content, sealed.wrapped_key, sealed.key_number)
            yield "persons", (person_id, agency, *at_rest, agency)
            role = "client" if place == 0 else "reporter"
            part = (f"part{number}", case_id, person_id, role, "confirmed", agency)
            yield "case_persons", part
            kinds, tokens = keys.blind(index_words(somebody.described()))
            for kind, token in zip(kinds, tokens, strict=True):
                yield "person_index", (person_id, agency, kind, token)
