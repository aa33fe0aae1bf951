"""What a scheme gives and asks is told in English wherever a page shows it, with the same figures.

Shown are verified amounts, the benefit where no amount holds without end, criteria that may
refuse, and what is to be done first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge_base.eligibility import VERIFIED
from knowledge_base.english import FOLDER
from knowledge_base.findings import DataFile, DataFiles, Finding
from knowledge_base.library import Library
from knowledge_base.schemes import Criterion, CriterionKind, Scheme

FILE = f"{FOLDER}/schemes.yaml"
FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
BUDDHIST = 543
Told = tuple[tuple[str, ...], str, str | None]  # where it stands, in Thai, in English


def scheme_words(files: DataFiles, library: Library) -> Iterator[Finding]:
    """Schemes of which something shown has no English, or English with figures of its own."""
    file = files.file(FILE)
    for scheme in library.schemes.values():
        for steps, _, english in _shown(scheme):
            if not english:
                name = ": ".join((scheme.id, *steps))
                yield file.finding("untranslated", name, "schemes", scheme.id)
        for steps, thai, english in _all(scheme):
            strange = strange_figures(english or "", thai)
            if strange:
                where = ("schemes", scheme.id, *steps)
                yield file.finding("figure", f"{scheme.id}: {', '.join(strange)}", *where)
    yield from _of_nothing(file, library)


def strange_figures(english: str, thai: str) -> list[str]:
    """Figures of the English words that the Thai ones do not hold, Buddhist years taken as such."""
    known = set(_figures(thai))
    return [f for f in _figures(english) if not {f, _buddhist(f)} & known]


def _figures(words: str) -> list[str]:
    return [figure.replace(",", "") for figure in FIGURE.findall(words)]


def _buddhist(figure: str) -> str:
    return str(int(figure) + BUDDHIST) if figure.isdigit() else figure


def _all(scheme: Scheme) -> Iterator[Told]:
    yield ("benefit",), " ".join(scheme.benefit_th[:1]), scheme.benefit_en
    yield from ((("criteria", c.id), c.th, c.en) for c in scheme.criteria)
    yield from ((("amounts", r.key), r.th, r.en) for r in scheme.rates)


def _shown(scheme: Scheme) -> Iterator[Told]:
    sure = [r for r in scheme.rates if r.evidence == VERIFIED]
    if scheme.benefit_th and not any(r.effective_to is None for r in sure):
        yield ("benefit",), scheme.benefit_th[0], scheme.benefit_en
    yield from ((("criteria", c.id), c.th, c.en) for c in scheme.criteria if _is_shown(c))
    yield from ((("amounts", r.key), r.th, r.en) for r in sure)


def _is_shown(criterion: Criterion) -> bool:
    refuses = criterion.kind in (CriterionKind.HARD, CriterionKind.EXCL)
    return criterion.kind is CriterionKind.PROC or (refuses and criterion.evidence == VERIFIED)


def _of_nothing(file: DataFile, library: Library) -> Iterator[Finding]:
    """Words for a criterion or an amount that the scheme does not have."""
    for name, words in file.content.get("schemes", {}).items():
        scheme = library.schemes.get(name)
        if scheme is None:
            continue
        known = {
            "criteria": {c.id for c in scheme.criteria},
            "amounts": {r.key for r in scheme.rates},
        }
        for part, there in known.items():
            for key in words.get(part, {}):
                if key not in there:
                    yield file.finding("dead_link", f"{name}: {key}", "schemes", name, part, key)
