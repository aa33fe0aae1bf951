"""Every operation of the API, for every role in every relation to a case.

The operations come from the OpenAPI document and what they should do from ``access.yaml``, so an
operation somebody adds without saying who may use it fails here. `make drills` asks every cell;
other runs ask a seeded sample of the cells of each operation.
"""

from __future__ import annotations

import os
import random

import pytest
from starlette.testclient import TestClient

from tests.acceptance.application import App
from tests.acceptance.matrix import (
    ASKED,
    OPERATIONS,
    REFUSED,
    RELATIONS,
    ROLES,
    Matrix,
    allowed,
    made,
)
from tests.acceptance.test_api_main_day import API

# one office for all: making it anew in every process takes longer than asking

METHODS = {"get", "post", "put", "patch", "delete"}
SAMPLE = 14
FAULT = 500  # a fault is no answer, to nobody
CELLS = [(relation, role) for relation in RELATIONS for role in ROLES]


@pytest.fixture(scope="module")
def matrix(app: App) -> Matrix:
    return made(app)


def operations(app: App) -> set[str]:
    paths = app.api.openapi()["paths"]
    return {
        f"{method.upper()} {path.removeprefix(API)}"
        for path, methods in paths.items()
        for method in methods
        if method in METHODS
    }


def cells(operation: str) -> list[tuple[str, str]]:
    """Which people ask; operations that no case matters to are asked from one relation."""
    known = [("none", role) for role in ROLES] if "all" in ASKED[operation] else CELLS
    if os.environ.get("DRILLS"):
        return known
    chosen = random.Random(operation).sample(known, min(SAMPLE, len(known)))
    return sorted(chosen, key=known.index)


def test_every_operation_has_a_row(app: App) -> None:
    assert operations(app) == set(OPERATIONS)


@pytest.mark.parametrize("operation", [o for o, row in ASKED.items() if "public" not in row])
def test_who_is_let_in(matrix: Matrix, operation: str) -> None:
    client = TestClient(matrix.app.api, raise_server_exceptions=False)
    assert matrix.ask(client, operation, "none", None) == 401
    wrong = []
    for relation, role in cells(operation):
        status = matrix.ask(client, operation, relation, role)
        let_in = status not in REFUSED
        if status >= FAULT or let_in != allowed(operation, relation, role):
            wrong.append((relation, role, status))
    assert wrong == []
