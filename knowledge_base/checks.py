"""Validates every knowledge file and says what is wrong, in which file, at which line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from knowledge_base.cases import load_cases
from knowledge_base.check_code_bank import code_exemplars
from knowledge_base.check_english import english
from knowledge_base.check_exemplar_stories import exemplar_stories
from knowledge_base.check_exemplars import flag_exemplars
from knowledge_base.check_forms import forms
from knowledge_base.check_links import links
from knowledge_base.check_reach import covered, reached
from knowledge_base.check_schemes import cases, rates_and_tests
from knowledge_base.check_values import values
from knowledge_base.entries import Frozen
from knowledge_base.evidence import cited
from knowledge_base.findings import DataFiles, Finding, finding, unreadable
from knowledge_base.library import load_library
from knowledge_base.marked_yaml import DataFileBroken
from runtime.clock import today


class Counts(Frozen):
    """How much there is. ``codes_reached``: problem codes whose interventions cite entries."""

    law: int
    welfare: int
    practice: int
    principle: int
    document: int
    codes: int
    codes_reached: int
    cases: int
    hotlines: int
    facts: int


def check(data_dir: Path) -> list[Finding]:
    """Everything wrong in a data folder, by file and line; empty when all is in order.

    Forms and values first: links are followed only when every file has its form, and test cases
    are run only when every link leads somewhere.
    """
    files = DataFiles(data_dir)
    broken = [*forms(files)]
    found = [*broken, *values(files, today()), *(() if broken else _together(files))]
    return sorted(set(found), key=lambda f: (f.file, f.line, f.code, f.detail))


def counts(data_dir: Path) -> Counts:
    """How much a data folder that is in order holds."""
    library = load_library(data_dir)
    kinds = Counter(entry.kind.value for entry in library.entries.values())
    files = (data_dir / "welfare" / "cases").glob("*.yaml")
    return Counts(
        law=kinds["law"],
        welfare=kinds["welfare"],
        practice=kinds["practice"],
        principle=kinds["principle"],
        document=kinds["document"],
        codes=len(library.codebook.codes),
        codes_reached=sum(bool(cited(library, code)) for code in library.codebook.codes),
        cases=sum(len(load_cases(data_dir, file.stem)) for file in files),
        hotlines=len(library.hotlines),
        facts=len(library.facts),
    )


def _together(files: DataFiles) -> Iterator[Finding]:
    load_library.cache_clear()
    try:
        library = load_library(files.data_dir)
    except DataFileBroken as error:
        yield unreadable(error, str(error.details.get("file", "")))
        return
    except (ValidationError, OSError) as error:
        yield finding("", 0, "form", f"{type(error).__name__}: {error}".splitlines()[0])
        return
    finally:
        load_library.cache_clear()
    found = [*links(files, library), *rates_and_tests(files, library)]
    yield from found or cases(files, library)
    yield from flag_exemplars(files, library)
    yield from code_exemplars(files, library)
    yield from exemplar_stories(files, library)
    yield from english(files, library)
    yield from covered(files, library)
    yield from reached(library)
