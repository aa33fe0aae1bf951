"""Schemes: sourced rates whose days do not overlap, tests that can be read, cases that pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from knowledge_base.cases import SchemeCase, differences
from knowledge_base.check_forms import dates, day
from knowledge_base.criteria import CriterionUnreadable, compared, fields, judge
from knowledge_base.facts import Fact, FactIllTyped, FactUnknown
from knowledge_base.findings import DataFiles, Finding, Row
from knowledge_base.library import Library
from knowledge_base.marked_yaml import unmarked

EVIDENCE = frozenset({"V", "V/G", "G", "P", "?"})
LEAST_CASES = 2


def rates_and_tests(files: DataFiles, library: Library) -> Iterator[Finding]:
    """What is wrong with amounts and criteria."""
    for file in files.folder("welfare"):
        whole = Row(file, file.content, ())
        rates = list(whole.rows("rates"))
        for rate in rates:
            yield from _rate(rate)
        yield from _overlaps(rates)
        for criterion in whole.rows("criteria"):
            yield from _evidence(criterion)
            test = criterion.data.get("test")
            if test is not None:
                yield from test_findings(criterion, "test", str(test), library.facts)


def _rate(row: Row) -> Iterator[Finding]:
    if not row.data.get("sources"):
        yield row.finding("rate_source", row.data.get("key"))
    if not row.data.get("verified_on"):
        yield row.finding("rate_checked", row.data.get("key"))
    yield from _evidence(row)
    yield from dates(row)


def _evidence(row: Row) -> Iterator[Finding]:
    if row.data.get("evidence") not in EVIDENCE:
        yield row.finding("evidence", row.data.get("evidence"), "evidence")


def _overlaps(rates: list[Row]) -> Iterator[Finding]:
    by_key: dict[str, list[Row]] = {}
    for rate in rates:
        by_key.setdefault(str(rate.data.get("key")), []).append(rate)
    for key, same in by_key.items():
        ordered = sorted(same, key=lambda r: day(r.data.get("effective_from") or ""))
        for one, other in pairwise(ordered):
            end, begin = one.data.get("effective_to"), other.data.get("effective_from")
            if end is None or begin is None or day(begin) <= day(end):
                yield other.finding("overlap", key)


def test_findings(row: Row, key: str, test: str, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    """What is wrong with one test: it cannot be read, or names no fact, or no value of the fact."""
    try:
        judge(test, {})
        named, values = fields(test), compared(test)
    except CriterionUnreadable:
        yield row.finding("criterion", test, key)
        return
    for field in named:
        if field not in facts:
            yield row.finding("fact", field, key)
    for field, value in values:
        fact = facts.get(field)
        if fact and fact.values and isinstance(value, str) and value not in fact.values:
            yield row.finding("fact_value", f"{field}: {value}", key)


def cases(files: DataFiles, library: Library) -> Iterator[Finding]:
    """Schemes with too few cases, cases of no scheme, and cases that come out otherwise."""
    told: set[str] = set()
    for file in files.folder("welfare/cases"):
        scheme = library.schemes.get(str(file.content.get("scheme")))
        if scheme is None or file.name != f"welfare/cases/{scheme.id}.yaml":
            yield file.finding("dead_link", file.content.get("scheme"), "scheme")
            continue
        rows = file.rows("cases")
        if len(rows) >= LEAST_CASES:
            told.add(scheme.id)
        for row in rows:
            case = SchemeCase.model_validate(unmarked(dict(row.data)))
            try:
                wrong = differences(library, scheme, case)
            except (FactUnknown, FactIllTyped) as error:
                yield row.finding("case", error.details.get("field"), "facts")
                continue
            if wrong:
                yield row.finding("case", "; ".join(wrong))
    for file in files.folder("welfare"):
        if file.content["id"] not in told:
            yield file.finding("too_few_cases", file.content["id"], "id")
