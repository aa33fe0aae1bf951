"""SQL over a case's tables stands in ``.sql`` files, where the policies' author can read it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = (
    "runtime",
    "knowledge_base",
    "intake",
    "planner",
    "cases",
    "api",
    "ui",
    "evals",
    "commands",
)
MIGRATIONS = ROOT / "runtime" / "migrations"
MADE = re.compile(r"CREATE TABLE (\w+) \((.*?)^\)", re.DOTALL | re.MULTILINE)


def case_tables() -> set[str]:
    """``cases`` and every table that a migration makes with a case's id in it."""
    words = "".join(f.read_text(encoding="utf-8") for f in MIGRATIONS.rglob("*.py"))
    return {"cases"} | {name for name, body in MADE.findall(words) if "case_id" in body}


def statements(source: str, tables: set[str]) -> Iterator[int]:
    """Lines of the strings that speak SQL over one of the tables."""
    spoken = re.compile(
        rf"\b(FROM|INTO|UPDATE|JOIN|TRUNCATE|TABLE)\s+(ONLY\s+)?({'|'.join(sorted(tables))})\b"
    )
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and spoken.search(node.value)
        ):
            yield node.lineno


def test_no_statement_over_a_case_table_outside_sql_files() -> None:
    tables = case_tables()
    assert {"narratives", "referrals", "entries", "audit_events"} <= tables
    found = [
        f"{file.relative_to(ROOT)}:{line}"
        for room in ROOMS
        for file in sorted((ROOT / room).rglob("*.py"))
        if MIGRATIONS not in file.parents
        for line in statements(file.read_text(encoding="utf-8"), tables)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('x = text("SELECT id FROM cases")', [1]),
        ('y = f"UPDATE entries SET {z}"', [1]),
        ('"""Reads from cases."""\nq = "SELECT * FROM kb_entries"', []),
        ('(\n"SELECT 1 "\n"FROM referrals"\n)', [2]),
    ],
)
def test_what_the_lint_finds(source: str, lines: list[int]) -> None:
    assert list(statements(source, {"cases", "entries", "referrals"})) == lines


def builds(source: str) -> bool:
    """Whether a module builds statements itself: ``text`` of SQLAlchemy, under whatever name."""
    tree = ast.parse(source)
    wholes = {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name.partition(".")[0] == "sqlalchemy"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            wholes |= {a.asname or a.name for a in node.names if a.name == "sql"}
            if any(alias.name in ("text", "TextClause") for alias in node.names):
                return True
        if isinstance(node, ast.Attribute) and node.attr == "text":
            root = node.value
            while isinstance(root, ast.Attribute):
                root = root.value
            if isinstance(root, ast.Name) and root.id in wholes:
                return True
    return False


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from sqlalchemy import text", True),
        ("from sqlalchemy import (\n    Engine,\n    text as words,\n)", True),
        ("from sqlalchemy.sql import text", True),
        ("import sqlalchemy as sa\nq = sa.text('SELECT 1')", True),
        ("from sqlalchemy import sql\nq = sql.text('SELECT 1')", True),
        ("import sqlalchemy\nq = sqlalchemy.sql.text('SELECT 1')", True),
        ("from sqlalchemy.orm import Session\nx = answer.text", False),
        ('"""from sqlalchemy import text"""', False),
    ],
)
def test_what_counts_as_building(source: str, found: bool) -> None:
    assert builds(source) is found


def test_sql_is_run_by_few() -> None:
    """In the record's rooms only the runners of ``.sql`` files build statements.

    Erasure goes over every table the catalogue lists, which no named block can name.
    """
    found = {
        str(file.relative_to(ROOT))
        for room in ("cases", "api")
        for file in (ROOT / room).rglob("*.py")
        if builds(file.read_text(encoding="utf-8"))
    }
    assert found == {"cases/erasure_rows.py"}
