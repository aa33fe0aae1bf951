"""The small language of eligibility tests: Python's own parser, judged in three values.

``child_age_months < 72``, ``sso_section in ["33", "39"] OR pregnant == true``,
``hardship_types intersects ["food"]``, ``relief_count_fy["x"] < 3``. A fact nobody stated makes
its comparison unknown; AND, OR and NOT follow Kleene. Nothing is ever executed.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from dateutil.relativedelta import relativedelta

from knowledge_base.truth import Truth
from runtime.errors import BadInput

UNKNOWN_WORDS = frozenset({"UNKNOWN", "unknown", "not_screened", "not_assessed", ""})
NOT_FACTS = frozenset({"today", "add_months"})
_WORDS = {
    "AND": "and",
    "OR": "or",
    "NOT": "not",
    "true": "True",
    "false": "False",
    "null": "None",
}
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class CriterionUnreadable(BadInput):
    """An eligibility test is not in the language. Details: ``test``."""

    code = "knowledge.criterion_unreadable"


def known(facts: Mapping[str, Any], field: str) -> Any:
    """The stated value of a fact, or None when it is blank or says unknown."""
    value = facts.get(field)
    return None if isinstance(value, str) and value in UNKNOWN_WORDS else value


def judge(test: str, facts: Mapping[str, Any]) -> Truth:
    """Whether ``test`` holds for ``facts``; raises `CriterionUnreadable`."""
    return _judge(_parsed(test), facts)


def fields(test: str) -> tuple[str, ...]:
    """The facts a test reads, in order of first mention."""
    return tuple(dict.fromkeys(_names(_parsed(test))))


def compared(test: str) -> tuple[tuple[str, Any], ...]:
    """Each fact of a test with each constant it is compared with; raises `CriterionUnreadable`."""
    found: list[tuple[str, Any]] = []
    for node in ast.walk(_parsed(test)):
        sides: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
        elif isinstance(node, ast.BinOp):
            sides = [node.left, node.right]
        names = [side.id for side in sides if isinstance(side, ast.Name)]
        found += [(name, value) for name in names for side in sides for value in _constants(side)]
    return tuple(found)


def _constants(node: ast.expr) -> list[Any]:
    if isinstance(node, ast.List):
        return [value for item in node.elts for value in _constants(item)]
    return [node.value] if isinstance(node, ast.Constant) else []


@lru_cache(maxsize=4096)
def _parsed(test: str) -> ast.expr:
    try:
        return ast.parse(_python(test), mode="eval").body
    except SyntaxError as error:
        raise CriterionUnreadable(test=test) from error


def _python(test: str) -> str:
    strings = _STRING.findall(test)
    bare = _STRING.sub("\0", test)
    for word, python in _WORDS.items():
        bare = re.sub(rf"\b{word}\b", python, bare)
    bare = re.sub(r"\bintersects\b", "@", bare)
    bare = re.sub(r"(\S+)\s+contains\s+(\0)", r"\2 in \1", bare)
    return re.sub("\0", lambda _: strings.pop(0), bare)


def _names(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id not in NOT_FACTS:
            yield part.id


def _judge(node: ast.expr, facts: Mapping[str, Any]) -> Truth:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return _fold(values, facts, Truth.TRUE, operator.and_)
        case ast.BoolOp(op=ast.Or(), values=values):
            return _fold(values, facts, Truth.FALSE, operator.or_)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ~_judge(operand, facts)
        case ast.Compare(left=left, ops=[ast.NotEq()], comparators=[ast.Constant(value=None)]):
            return Truth.UNKNOWN if _value(left, facts) is None else Truth.TRUE
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compare(_value(left, facts), op, _value(right, facts))
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            return _meet(_value(left, facts), _value(right, facts))
        case ast.Name():
            return _truth(_value(node, facts))
    raise CriterionUnreadable(test=ast.unparse(node))


def _fold(
    values: list[ast.expr],
    facts: Mapping[str, Any],
    start: Truth,
    join: Callable[[Truth, Truth], Truth],
) -> Truth:
    for value in values:
        start = join(start, _judge(value, facts))
    return start


def _value(node: ast.expr, facts: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.List(elts=items):
            return [_value(item, facts) for item in items]
        case ast.Name(id=field):
            return known(facts, field)
        case ast.Subscript(value=ast.Name(id=field), slice=ast.Constant(value=key)):
            table = known(facts, field)
            return table.get(key) if isinstance(table, Mapping) else None
        case ast.Call(func=ast.Name(id="add_months"), args=[day, ast.Constant(value=int(months))]):
            return _later(_value(day, facts), months)
    raise CriterionUnreadable(test=ast.unparse(node))


def _later(day: Any, months: int) -> date | None:
    """Calendar months after a day; a day nobody stated stays unknown."""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    return day + relativedelta(months=months) if isinstance(day, date) else None


def _compare(left: Any, op: ast.cmpop, right: Any) -> Truth:
    if left is None or right is None:
        return Truth.UNKNOWN
    match op:
        case ast.Eq():
            return _truth(left == right)
        case ast.NotEq():
            return _truth(left != right)
        case ast.In():
            return _truth(left in _many(right))
        case ast.NotIn():
            return _truth(left not in _many(right))
    return _ordered(left, op, right)


def _ordered(left: Any, op: ast.cmpop, right: Any) -> Truth:
    """Order holds for a range of values only when both its ends agree."""
    low, high = left if isinstance(left, tuple) else (left, left)
    try:
        ends = {_ORDER[type(op)](low, right), _ORDER[type(op)](high, right)}
    except (TypeError, KeyError):
        return Truth.UNKNOWN
    return _truth(ends.pop()) if len(ends) == 1 else Truth.UNKNOWN


def _meet(left: Any, right: Any) -> Truth:
    if left is None or right is None:
        return Truth.UNKNOWN
    return _truth(bool(set(_many(left)) & set(_many(right))))


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple | set | frozenset) else [value]


def _truth(value: Any) -> Truth:
    if value is None:
        return Truth.UNKNOWN
    return Truth.TRUE if value else Truth.FALSE
