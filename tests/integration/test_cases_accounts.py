"""Signing in against a real database: pauses, ends, and what the application's role may not see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from cases.accounts import MOST_FAILURES, Accounts, actor_of, fingerprint
from cases.errors import LoginLocked, LoginRefused
from cases.people import Person
from cases.seeds import demo_office, seed_demo
from runtime.clock import now
from runtime.errors import Unauthenticated
from tests.integration.record import PASSWORD, Record

LOCKABLE, PASSING, LEAVING = "kanda.subdistrict", "anan.prosecutor", "malee.bpd"


@pytest.fixture
def accounts(record: Record) -> Accounts:
    return record.services.accounts


def fail(accounts: Accounts, login: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(LoginRefused):
            accounts.sign_in(login, "ผิดแน่นอน")


@pytest.mark.parametrize("user", demo_office()["users"], ids=lambda u: u["role"])
def test_each_role_of_the_demo_office_signs_in(accounts: Accounts, user: dict[str, str]) -> None:
    person = accounts.person(accounts.sign_in(user["login"], PASSWORD))
    assert (person.role, person.agency_id) == (user["role"], user["agency_id"])
    assert person.agency_th
    assert person.agency_en
    assert person.language == "th"


def test_the_login_is_forgiving_of_case_and_spaces(accounts: Accounts) -> None:
    assert accounts.person(accounts.sign_in("  Somying.PMJ ", PASSWORD)).login == "somying.pmj"


def test_only_the_fingerprint_of_a_token_is_kept(record: Record, accounts: Accounts) -> None:
    token = accounts.sign_in("auditor", PASSWORD)
    kept = [row[0] for row in record.owner("SELECT token_hash FROM sessions")]
    assert fingerprint(token) in kept
    assert token not in kept


def test_passwords_are_kept_as_argon2(record: Record) -> None:
    hashes = [row[0] for row in record.owner("SELECT password_hash FROM users")]
    assert hashes
    assert all(h.startswith("$argon2id$") for h in hashes)


def test_unknown_and_wrong_sound_the_same(accounts: Accounts) -> None:
    for login in ("somying.pmj", "nobody.at.all", ""):
        with pytest.raises(LoginRefused) as refused:
            accounts.sign_in(login, "ผิดแน่นอน")
        assert refused.value.details == {}


def test_ten_failures_rest_the_account_for_a_while(record: Record, accounts: Accounts) -> None:
    fail(accounts, LOCKABLE, MOST_FAILURES)
    with pytest.raises(LoginLocked):
        accounts.sign_in(LOCKABLE, PASSWORD)
    (until,) = record.owner("SELECT locked_until FROM users WHERE login = :l", l=LOCKABLE)[0]
    assert timedelta(minutes=14) < until - now() <= timedelta(minutes=15)
    record.owner(
        "UPDATE users SET locked_until = now() - interval '1 second' WHERE login = :l", l=LOCKABLE
    )
    assert accounts.person(accounts.sign_in(LOCKABLE, PASSWORD)).login == LOCKABLE


def test_a_success_forgets_the_failures_before_it(accounts: Accounts) -> None:
    for _ in range(2):
        fail(accounts, PASSING, MOST_FAILURES - 1)
        assert accounts.sign_in(PASSING, PASSWORD)


def test_a_session_ends_at_its_hour(record: Record, accounts: Accounts) -> None:
    token = accounts.sign_in("auditor", PASSWORD)
    (until,) = record.owner(
        "SELECT expires_at FROM sessions WHERE token_hash = :h", h=fingerprint(token)
    )[0]
    hours = timedelta(hours=record.wiring.settings.session_hours)
    assert hours - timedelta(minutes=1) < until - now() <= hours
    record.owner(
        "UPDATE sessions SET expires_at = now() WHERE token_hash = :h", h=fingerprint(token)
    )
    with pytest.raises(Unauthenticated):
        accounts.person(token)


@pytest.mark.parametrize("token", [None, "", "made-up", "x" * 5000])
def test_no_session_is_nobody(accounts: Accounts, token: str | None) -> None:
    with pytest.raises(Unauthenticated):
        accounts.person(token)
    accounts.sign_out(token)


def test_signing_out_ends_one_session_only(accounts: Accounts) -> None:
    here, there = (accounts.sign_in("auditor", PASSWORD) for _ in range(2))
    accounts.sign_out(here)
    with pytest.raises(Unauthenticated):
        accounts.person(here)
    assert accounts.person(there).login == "auditor"


def test_who_has_left_is_out_at_once(record: Record, accounts: Accounts) -> None:
    token = accounts.sign_in(LEAVING, PASSWORD)
    person = accounts.person(token)
    record.owner("UPDATE users SET active = false WHERE login = :l", l=LEAVING)
    try:
        with pytest.raises(Unauthenticated):
            accounts.person(token)
        with pytest.raises(LoginRefused):
            accounts.sign_in(LEAVING, PASSWORD)
        with pytest.raises(Unauthenticated):
            actor_of(record.database, person.id)
    finally:
        record.owner("UPDATE users SET active = true WHERE login = :l", l=LEAVING)


def test_the_language_is_remembered(accounts: Accounts) -> None:
    token = accounts.sign_in("auditor", PASSWORD)
    accounts.set_language(accounts.person(token), "en")
    assert accounts.person(token).language == "en"
    accounts.set_language(accounts.person(token), "th")


def test_seeding_again_changes_no_identity(record: Record) -> None:
    before = record.owner("SELECT id, login, role, agency_id FROM users ORDER BY login")
    assert seed_demo(record.database, PASSWORD) == PASSWORD
    assert record.owner("SELECT id, login, role, agency_id FROM users ORDER BY login") == before
    assert len({row.role for row in before}) == 10


def test_colleagues_are_seen_and_strangers_are_not(record: Record, owner: Person) -> None:
    with record.database.session(owner.actor) as session:
        seen = set(session.scalars(text("SELECT agency_id FROM users")))
    assert seen == {"pmj"}
    with record.database.session() as session:
        assert session.scalar(text("SELECT count(*) FROM users")) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT password_hash FROM users",
        "SELECT * FROM sessions",
        "INSERT INTO sessions (token_hash, user_id, expires_at) SELECT 'x', id, now() FROM users",
        "UPDATE users SET role = 'supervisor'",
        "UPDATE users SET password_hash = 'x'",
        "DELETE FROM users",
        "UPDATE agencies SET two_person_approval = false",
    ],
)
def test_the_applications_role_may_not(record: Record, owner: Person, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        record.database.session(owner.actor) as session,
    ):
        session.execute(text(statement))


def test_nobody_changes_a_colleagues_language(
    record: Record, owner: Person, colleague: Person
) -> None:
    with record.database.session(owner.actor) as session:
        changed = session.execute(
            text("UPDATE users SET language = 'en' WHERE id = :id RETURNING id"),
            {"id": colleague.id},
        )
        assert changed.all() == []


def test_functions_of_the_owner_are_closed(record: Record) -> None:
    """Their search path is fixed, temporary tables last, and only the application may call them."""
    functions = record.owner(
        "SELECT proname, proconfig, has_function_privilege('public', oid, 'execute') AS anybody"
        " FROM pg_proc WHERE prosecdef AND proname LIKE 'cmis%'"
    )
    assert len(functions) >= 6
    known = {"cmis.within=on", "cmis.research=on", "TimeZone=UTC", "enable_seqscan=off"}
    for name, config, anybody in functions:
        assert config[0] == "search_path=pg_catalog, public, pg_temp", name
        assert set(config[1:]) <= known, name
        assert not anybody, name
