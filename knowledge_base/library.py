"""All reviewed knowledge in memory: immutable, loaded once from its files, known by their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge_base.appeals import Appeal, load_appeals
from knowledge_base.codebook import Codebook, Named, load_codebook
from knowledge_base.conditions import Condition, load_conditions
from knowledge_base.documents import Document, document_entry, load_documents
from knowledge_base.english import FOLDER as ENGLISH
from knowledge_base.english import load_english, named
from knowledge_base.entries import Entry
from knowledge_base.facts import Fact, load_facts
from knowledge_base.hotlines import Hotline, load_hotlines
from knowledge_base.interactions import Interaction, load_interactions
from knowledge_base.interventions import Intervention, load_interventions
from knowledge_base.laws import Law, LawEntry, law_entries, load_laws
from knowledge_base.marked_yaml import read_marked, unmarked
from knowledge_base.practice import load_practice
from knowledge_base.schemes import Scheme, load_schemes, scheme_entry

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Library:
    """The knowledge base as data. ``entries`` holds everything a draft may cite, by id."""

    entries: Mapping[str, Entry]
    codebook: Codebook
    interventions: Mapping[str, Intervention]
    conditions: Mapping[str, Condition]
    schemes: Mapping[str, Scheme]
    laws: Mapping[str, Law]
    documents: Mapping[str, Document]
    facts: Mapping[str, Fact]
    roles: Mapping[str, Named]
    starts: Mapping[str, Named]
    hotlines: Mapping[str, Hotline]
    interactions: tuple[Interaction, ...]
    appeals: Mapping[str, Appeal]
    by_section: Mapping[str, str]
    version: str

    def resolve(self, citation: str) -> Entry | None:
        """The entry behind ``scheme:ID``, ``practice:TOPIC``, ``doc:N`` or ``LAW#SECTION``.

        A section inside a group (``…#41-43``) finds the group's entry.
        """
        return self.entries.get(citation) or self.entries.get(self.by_section.get(citation, ""))

    def title_en(self, citation: str) -> str | None:
        """What is cited, in English: of a section, the act in front; None for what is not here."""
        entry = self.resolve(citation)
        if isinstance(entry, LawEntry) and entry.title_en:
            return f"{self.laws[entry.law_id].title_en}: {entry.title_en}"
        return entry.title_en if entry else None


@cache
def load_library(data_dir: Path = DATA) -> Library:
    """The library of a data folder; read once per process."""
    laws = load_laws(data_dir)
    sections = law_entries(laws)
    english = load_english(data_dir)
    schemes = english.worded(load_schemes(data_dir))
    documents = named(load_documents(data_dir), "name_en", english.documents)
    labels = unmarked(read_marked(data_dir / "labels.yaml"))
    entries: dict[str, Entry] = {
        **english.titled(sections),
        **{f"scheme:{s.id}": scheme_entry(s, labels["scheme"]) for s in schemes.values()},
        **english.titled(load_practice(data_dir)),
        **{d.id: document_entry(d) for d in documents.values()},
    }
    return Library(
        entries=entries,
        codebook=english.book(load_codebook(data_dir)),
        interventions=load_interventions(data_dir),
        conditions=load_conditions(data_dir),
        schemes=schemes,
        laws=laws,
        documents=documents,
        facts=named(load_facts(data_dir), "proof_en", english.proofs),
        roles=_named(data_dir / "roles.yaml", "roles"),
        starts=named(_named(data_dir / "start-events.yaml", "starts"), "en", english.starts),
        hotlines=named(load_hotlines(data_dir), "about_en", english.hotlines),
        interactions=_rules(data_dir, english.interactions),
        appeals=named(load_appeals(data_dir), "en", english.appeals),
        by_section=_by_section(sections),
        version=version_of(data_dir),
    )


def version_of(data_dir: Path) -> str:
    """sha256 over the names and bytes of all data files but the English words: no plan rests on
    those."""
    digest = hashlib.sha256()
    for file in sorted(data_dir.rglob("*.yaml")):
        if file.parent.name == ENGLISH:
            continue
        digest.update(file.relative_to(data_dir).as_posix().encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _by_section(sections: Mapping[str, LawEntry]) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in sections.values():
        for section in entry.sections:
            found.setdefault(f"{entry.law_id}#{section}", entry.id)
    return found


def _rules(data_dir: Path, words: Mapping[str, str]) -> tuple[Interaction, ...]:
    rules = {rule.id: rule for rule in load_interactions(data_dir)}
    return tuple(named(rules, "en", words).values())


def _named(file: Path, key: str) -> dict[str, Named]:
    return {row["id"]: Named.model_validate(row) for row in unmarked(read_marked(file))[key]}
