"""Every title, danger sign and short phrase has its English: none missing, none for nobody.

An English title holds no Thai letters, and no number of a section: that is data of the entry, and
stands beside the title wherever it is shown. Figures are those of the Thai words, years apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from knowledge_base.check_scheme_english import scheme_words, strange_figures
from knowledge_base.english import FOLDER
from knowledge_base.findings import DataFile, DataFiles, Finding, at, finding
from knowledge_base.library import Library

THAI = re.compile("[\u0e00-\u0e7f]")
SECTION = re.compile(r"\b(?:sections?|s\.)\s*\d", re.IGNORECASE)
FILES = {"flags": f"{FOLDER}/flags.yaml", "proofs": f"{FOLDER}/proofs.yaml"}
OTHERS = f"{FOLDER}/words.yaml"


def english(files: DataFiles, library: Library) -> Iterator[Finding]:
    """What has no English words, and English words that name nothing or are not English."""
    wanted = _wanted(library)
    for file in files.folder(FOLDER):
        for kind, words in file.content.items():
            for name, said in words.items():
                if name not in wanted[kind]:
                    yield file.finding("dead_link", name, kind, name)
                    continue
                thai, _ = wanted[kind][name]
                yield from _not_english(file, kind, name, " ".join(_texts(said)), thai)
    yield from _untitled(library)
    for kind, things in wanted.items():
        for name, (_, said) in things.items():
            if kind not in ("titles", "schemes") and not said:
                yield finding(FILES.get(kind, OTHERS), 0, "untranslated", name)
    yield from scheme_words(files, library)


def _wanted(library: Library) -> Mapping[str, Mapping[str, tuple[str, str | None]]]:
    """What is to be said in English, by kind and id: in Thai, and as it is said."""
    book = library.codebook
    return {
        "titles": {e.id: (e.title_th, e.title_en) for e in library.entries.values()},
        "flags": {f.id: (f"{f.sign} {f.action}", f.sign_en) for f in book.red_flags.values()},
        "documents": {d.id: (d.name_th, d.name_en) for d in library.documents.values()},
        "hotlines": {h.number: (h.about_th, h.about_en) for h in library.hotlines.values()},
        "starts": {s.id: (s.th, s.en) for s in library.starts.values()},
        "urgency_levels": {
            level.id: (level.th, level.en) for level in book.urgency_levels.values()
        },
        "appeals": {a.id: (a.th, a.en) for a in library.appeals.values()},
        "interactions": {i.id: (i.th, i.en) for i in library.interactions},
        "proofs": {f.field: (f.proof_th, f.proof_en) for f in library.facts.values() if f.proof_th},
        "schemes": {s.id: (s.name_th, s.name_en) for s in library.schemes.values()},
    }


def _untitled(library: Library) -> Iterator[Finding]:
    for entry in library.entries.values():
        if not entry.title_en:
            yield at(entry.file, "untranslated", entry.id)
        elif THAI.search(entry.title_en):
            yield at(entry.file, "not_english", entry.id)


def _not_english(file: DataFile, kind: str, name: str, words: str, thai: str) -> Iterator[Finding]:
    if THAI.search(words):
        yield file.finding("not_english", name, kind, name)
    if kind == "titles" and SECTION.search(words):
        yield file.finding("section_in_title", name, kind, name)
    strange = strange_figures(words, thai) if kind != "schemes" else []
    if strange:
        yield file.finding("figure", f"{name}: {', '.join(strange)}", kind, name)


def _texts(said: Any) -> Iterator[str]:
    """All words inside a row."""
    if isinstance(said, Mapping):
        for part in said.values():
            yield from _texts(part)
    else:
        yield str(said)
