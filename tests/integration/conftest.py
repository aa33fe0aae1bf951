"""What the integration tests of the record share."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from cases.people import Person
from knowledge_base.reranker import Reranker, open_reranker
from runtime.database import Database
from runtime.embedded import EmbeddedPostgres
from runtime.settings import Settings
from tests.conftest import name_of
from tests.integration.record import Record, made, office_apart
from tests.integration.tiny_models import save_cross_encoder


@pytest.fixture(scope="session")
def first_record(settings: Settings, make_database: Callable[..., Database]) -> Iterator[Record]:
    """The record of a demo office where nobody works; copies are made of it."""
    with office_apart(settings, make_database()) as office:
        yield office


@pytest.fixture(scope="module")
def record(
    first_record: Record,
    settings: Settings,
    make_database: Callable[..., Database],
    drop_database: Callable[[Database], None],
) -> Iterator[Record]:
    """The record of a demo office that only this file's tests work in."""
    first_record.database.close()
    own = make_database(name_of(first_record.database))
    with office_apart(settings, own, first_record) as office:
        yield office
    drop_database(own)


@pytest.fixture(scope="module")
def weakly_owned(
    first_record: Record, settings: Settings, server: EmbeddedPostgres, worker_id: str
) -> Iterator[Record]:
    """A record like the others whose tables belong to a role that is no superuser."""
    name = role = f"weak_{worker_id}_{secrets.token_hex(3)}"
    with closing(psycopg.connect(_plain(server, "postgres"), autocommit=True)) as above:
        above.execute(f"CREATE ROLE {role} LOGIN CREATEROLE")
        above.execute(f"GRANT SET ON PARAMETER cmis.within, cmis.research TO {role}")
        above.execute(f"CREATE DATABASE {name} OWNER {role}")
    with closing(psycopg.connect(_plain(server, name), autocommit=True)) as above:
        above.execute("CREATE EXTENSION vector")
    given = server.addresses(name)
    addresses = {
        "database_url": given.app_url,
        "database_owner_url": make_url(given.owner_url).set(username=role).render_as_string(),
    }
    office = made(settings.model_copy(update=addresses), first_record)
    above_all = Database(given)
    yield dataclasses.replace(office, above=above_all)
    office.database.close()
    above_all.close()


def _plain(server: EmbeddedPostgres, name: str) -> str:
    url = make_url(server.addresses(name).owner_url)
    return f"host={url.query['host']} user={url.username} dbname={name}"


@pytest.fixture(scope="module")
def owner(record: Record) -> Person:
    """A case manager of the provincial office."""
    return record.person("somying.pmj")


@pytest.fixture(scope="module")
def colleague(record: Record) -> Person:
    """A supervisor of the same office."""
    return record.person("wichai.pmj")


@pytest.fixture
def version(record: Record, owner: Person) -> dict[str, Any]:
    """A freshly drafted version of a new case of the owner's."""
    return record.drafted(owner)


@pytest.fixture(scope="session")
def reranker(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Reranker:
    """A tiny real cross-encoder."""
    folder = tmp_path_factory.mktemp("cross-encoder")
    save_cross_encoder(folder)
    opened = open_reranker(settings.model_copy(update={"reranker_model": str(folder)}))
    assert opened is not None
    return opened
