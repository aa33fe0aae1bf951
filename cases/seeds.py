"""The demo office: four agencies and one person for each role, all invented."""

from __future__ import annotations

import secrets
from importlib import resources
from typing import Any

import yaml
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from cases import repository
from runtime.database import Database

FIRST_LOGIN = "somying.pmj"


def seed_demo(database: Database, password: str | None = None) -> str:
    """Make or renew the demo office; all its accounts get this password, which is returned."""
    password = password or secrets.token_urlsafe(9)
    hashed = PasswordHasher().hash(password)
    office = demo_office()
    with Session(database.owner_engine) as session, session.begin():
        for agency in office["agencies"]:
            repository.run(session, "put_agency", **agency)
        for user in office["users"]:
            repository.run(
                session, "put_user", id=repository.new_id(), password_hash=hashed, **user
            )
    return password


def demo_office() -> dict[str, list[dict[str, Any]]]:
    """The data of ``data/demo.yaml``."""
    file = resources.files("cases").joinpath("data", "demo.yaml")
    office: dict[str, list[dict[str, Any]]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return office
