"""What the integration tests of the record share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cases.people import Person
from knowledge_base.reranker import Reranker, open_reranker
from runtime.database import Database
from runtime.settings import Settings
from tests.integration.record import Record, made
from tests.integration.tiny_models import save_cross_encoder


@pytest.fixture(scope="session")
def record(settings: Settings, make_database: Callable[[], Database]) -> Iterator[Record]:
    """The record with its demo office, in a database of its own."""
    own = make_database()
    addresses = {
        "database_url": own.addresses.app_url,
        "database_owner_url": own.addresses.owner_url,
    }
    office = made(settings.model_copy(update=addresses))
    yield office
    office.database.close()
    own.close()


@pytest.fixture(scope="session")
def owner(record: Record) -> Person:
    """A case manager of the provincial office."""
    return record.person("somying.pmj")


@pytest.fixture(scope="session")
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
