"""Every kind of act that the code can write into a trail has words of its own in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from api.case_schemas import CodeDecision, FlagDecision
from api.conferences import TaskEnd
from api.steps import DeadlineEnd
from cases import household, refusals, seals
from cases.casebook import casebook
from cases.document_custody import Act
from cases.person_rows import Standing
from ui import case_trail
from ui.words import catalogue

ROOT = Path(__file__).parents[2]
WRITERS = ("cases", "api", "commands", "intake", "planner", "runtime", "evals", "knowledge_base")
ACTION_AT = 3


def calls(source: str, *names: str) -> Iterator[ast.Call]:
    """Calls of functions, as they are called or as a method of that name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in names or called.rpartition(".")[2] in names:
                yield node


def passed(noun: str, function: str) -> set[str]:
    """Strings that are given to a function anywhere in ``cases/<noun>.py``."""
    source = (ROOT / "cases" / f"{noun}.py").read_text(encoding="utf-8")
    given = (a for call in calls(source, function) for a in call.args)
    return {a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)}


def allowed(model: Any, name: str) -> tuple[str, ...]:
    """The values a field of a request may have."""
    return get_args(model.model_fields[name].annotation)


# What an action that is put together stands for; one that is not here fails the test.
NOTED = {*get_args(Act), *passed("document_custody", "note"), *passed("documents", "note")}
PARTS = {
    "code_*": allowed(CodeDecision, "decision"),
    "flag_*": allowed(FlagDecision, "decision"),
    "fact_*": get_args(household.Decision),
    "part_*": get_args(Standing),
    "relation_*": get_args(Standing),
    "deadline_*": allowed(DeadlineEnd, "status"),
    "task_*": allowed(TaskEnd, "status"),
    "referral_*": passed("referrals", "_trace"),
    "document_*": NOTED,
    "*_recorded": ("entry",),
}
NAMED = {
    "seals.ERASED": {seals.ERASED},
    "ACTION": {refusals.ACTION},
    "action": passed("duplicates", "_trace"),
}


def written(source: str) -> set[str]:
    """Actions that a module writes into trails."""
    found: set[str] = set()
    for call in calls(source, "audit.record", "audit.record_once"):
        named = [k.value for k in call.keywords if k.arg == "action"]
        action = (named or call.args[ACTION_AT : ACTION_AT + 1] or [None])[0]
        if isinstance(action, ast.Constant):
            found.add(str(action.value))
        elif isinstance(action, ast.JoinedStr):
            pieces = (v.value if isinstance(v, ast.Constant) else "*" for v in action.values)
            pattern = "".join(str(piece) for piece in pieces)
            found |= {pattern.replace("*", value) for value in PARTS[pattern]}
        elif action is not None:
            found |= NAMED[ast.unparse(action)]
    return found


def test_every_act_that_is_written_has_words() -> None:
    acts: set[str] = set()
    for room in WRITERS:
        for file in (ROOT / room).rglob("*.py"):
            source = file.read_text(encoding="utf-8")
            assert not re.search(r"from cases\.audit import .*\brecord", source), file
            acts |= written(source)
    assert {"access_refused", "document_received", "duplicates_sought", "case_read"} <= acts
    for lang in ("th", "en"):
        worded = {k.removeprefix(case_trail.ACT) for k in catalogue(lang) if case_trail.ACT in k}
        assert acts - worded == set()
        assert worded - acts == {"unknown"}
    assert all(form["th"] and form["en"] for form in casebook("entries")["forms"].values())


def test_an_act_put_together_in_a_new_way_is_found() -> None:
    assert written("audit.record(s, c, p, 'made_up', x)") == {"made_up"}
    with pytest.raises(KeyError):
        written("audit.record(s, c, p, f'new_{what}', x)")
    with pytest.raises(KeyError):
        written("audit.record_once(s, c, p, somehow, x)")
