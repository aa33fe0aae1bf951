"""What is referred to exists: entries, codes, roles, facts, documents, sources, hotlines."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass

from knowledge_base.check_schemes import test_findings
from knowledge_base.conditions import NEGATION
from knowledge_base.findings import DataFiles, Finding, Row
from knowledge_base.library import Library

Known = Callable[[str], bool]
OFFICIAL = ("#", "reg-", "http")


@dataclass(frozen=True)
class Vocabulary:
    """What may be referred to, by what the reference is."""

    library: Library
    sources: Mapping[str, Container[str]]

    def entry(self, name: str) -> bool:
        """An entry, or a section inside a group."""
        return self.library.resolve(name) is not None

    def condition(self, name: str) -> bool:
        """A condition, or one negated."""
        known = self.library.conditions
        return name in known or name.removeprefix(NEGATION) in known

    def source(self, register: str) -> Known:
        """A source of a register; a row of an official text or an address needs none."""
        return lambda ref: ref in self.sources[register] or any(m in ref for m in OFFICIAL)


def links(files: DataFiles, library: Library) -> Iterator[Finding]:
    """References that lead nowhere, each at its line."""
    known = Vocabulary(library, {r: _register(files, r) for r in ("law", "practice", "welfare")})
    yield from _interventions(files, known)
    yield from _entries(files, known)
    yield from _schemes(files, known)
    yield from _conditions(files, known)
    yield from _lists(files, known)


def _register(files: DataFiles, name: str) -> frozenset[str]:
    rows = files.rows(f"sources-{name}.yaml", "sources")
    return frozenset(str(row.data["ref"]) for row in rows)


def _all(row: Row, wanted: Mapping[str, Known], code: str = "dead_link") -> Iterator[Finding]:
    for key, known in wanted.items():
        for value, steps in row.values(key):
            if not known(str(value)):
                yield row.finding(code, value, *steps)


def _interventions(files: DataFiles, known: Vocabulary) -> Iterator[Finding]:
    library = known.library
    inside: dict[str, Known] = {
        "cites": known.entry,
        "if": known.condition,
        "who": library.roles.__contains__,
        "start": library.starts.__contains__,
    }
    whole: dict[str, Known] = {
        "code": library.codebook.codes.__contains__,
        "schemes": library.schemes.__contains__,
        "documents": library.documents.__contains__,
    }
    for file in files.folder("interventions"):
        for row in file.rows("interventions"):
            yield from _all(row, whole)
            for key in ("actions", "deadlines", "mdt"):
                for item in row.rows(key):
                    yield from _all(item, inside)
            for code in row.data.get("combines_with") or ():
                if code not in library.codebook.codes:
                    yield row.finding("dead_link", code, "combines_with", code)
            yield from _goals(row)


def _goals(row: Row) -> Iterator[Finding]:
    goals = {goal.data["id"]: goal for goal in row.rows("goals")}
    served = set()
    for action in row.rows("actions"):
        served.add(action.data["goal"])
        if action.data["goal"] not in goals:
            yield action.finding("dead_link", action.data["goal"], "goal")
    for name in sorted(set(goals) - served):
        yield goals[name].finding("goal_without_action", name)


def _entries(files: DataFiles, known: Vocabulary) -> Iterator[Finding]:
    library = known.library
    law: dict[str, Known] = {
        "see": known.entry,
        "who_must_act": library.roles.__contains__,
        "sources": known.source("law"),
    }
    practice: dict[str, Known] = {
        "see": known.entry,
        "codes": library.codebook.codes.__contains__,
        "roles": library.roles.__contains__,
        "sources": known.source("practice"),
    }
    for folder, wanted in (("law", law), ("practice", practice), ("principles", practice)):
        for file in files.folder(folder):
            for row in file.rows("entries"):
                yield from _all(row, wanted)


def _schemes(files: DataFiles, known: Vocabulary) -> Iterator[Finding]:
    source = known.source("welfare")
    for file in files.folder("welfare"):
        whole = Row(file, file.content, ())
        yield from _all(whole, {"sources": source, "appeal": known.library.appeals.__contains__})
        yield from _all(whole, {"hotlines": known.library.hotlines.__contains__}, "hotline")
        for rate in whole.rows("rates"):
            yield from _all(rate, {"sources": source})


def _conditions(files: DataFiles, known: Vocabulary) -> Iterator[Finding]:
    library = known.library
    codes, flags = library.codebook.codes, library.codebook.red_flags
    wanted: dict[str, Known] = {
        "codes": codes.__contains__,
        "codes_false": codes.__contains__,
        "red_flags": flags.__contains__,
        "red_flags_false": flags.__contains__,
        "intake": library.facts.__contains__,
    }
    for row in files.rows("conditions.yaml", "conditions"):
        yield from _all(row, {"any_of": known.condition})
        inner = Row(row.file, row.data["known_by"], (*row.steps, "known_by"))
        yield from _all(inner, wanted)
        for key in ("true_if", "false_if"):
            if inner.data.get(key):
                yield from test_findings(inner, key, str(inner.data[key]), library.facts)


def _lists(files: DataFiles, known: Vocabulary) -> Iterator[Finding]:
    library = known.library
    numbers = library.hotlines.__contains__
    welfare = known.source("welfare")
    rows: tuple[tuple[str, str, str, dict[str, Known]], ...] = (
        ("codebook.yaml", "red_flags", "hotline", {"hotlines": numbers}),
        ("codebook.yaml", "codes", "dead_link", {"domain": library.codebook.domains.__contains__}),
        ("codebook.yaml", "codes", "dead_link", {"urgency_default": _urgency(library)}),
        (
            "codebook.yaml",
            "red_flags",
            "dead_link",
            {"codes": library.codebook.codes.__contains__},
        ),
        ("duties.yaml", "duties", "dead_link", {"basis": known.entry}),
        ("duties.yaml", "duties", "dead_link", {"who": library.roles.__contains__}),
        ("hotlines.yaml", "hotlines", "dead_link", {"sources": welfare}),
        ("interactions.yaml", "interactions", "dead_link", {"sources": welfare}),
        (
            "interactions.yaml",
            "interactions",
            "dead_link",
            {"schemes": library.schemes.__contains__},
        ),
        ("law-situations.yaml", "situations", "dead_link", {"entries": known.entry}),
        ("law-traps.yaml", "traps", "dead_link", {"entries": known.entry}),
        ("law-unknowns.yaml", "unknowns", "dead_link", {"entries": known.entry}),
        ("practice-topics.yaml", "topics", "dead_link", {"id": _topic(known)}),
    )
    for name, key, code, wanted in rows:
        for row in files.rows(name, key):
            yield from _all(row, wanted, code)
    yield from _rules(files, library)
    yield from _choices(files, library)


def _urgency(library: Library) -> Known:
    return library.codebook.urgency_levels.__contains__


def _topic(known: Vocabulary) -> Known:
    return lambda topic: known.entry(f"practice:{topic}")


def _rules(files: DataFiles, library: Library) -> Iterator[Finding]:
    """Sign rules are named after what they raise."""
    named: dict[str, Container[str]] = {
        "cue-rules.yaml": library.codebook.codes,
        "red-flag-rules.yaml": library.codebook.red_flags,
        "fact-rules.yaml": library.facts,
    }
    for name, names in named.items():
        file = files.file(name)
        for key in file.content.get("rules") or ():
            if key not in names:
                yield file.finding("dead_link", key, "rules", key)


def _choices(files: DataFiles, library: Library) -> Iterator[Finding]:
    """Every value of a fact has words, and words stand for nothing else."""
    file = files.file("fact-values.yaml")
    for field in file.content["values"]:
        if field not in library.facts:
            yield file.finding("dead_link", field, "values", field)
    for fact in library.facts.values():
        said = {choice.value for choice in fact.choices}
        for value in sorted({*fact.values} - said):
            yield file.finding("no_words", f"{fact.field}: {value}", "values")
        for value in sorted(said - {*fact.values}) if fact.values else ():
            yield file.finding("dead_link", value, "values", fact.field, value)
