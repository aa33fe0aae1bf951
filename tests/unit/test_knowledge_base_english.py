"""An English reader finds English names for all knowledge; the Thai ones stay as they were."""

from __future__ import annotations

import re
from pathlib import Path

from knowledge_base.english import load_english
from knowledge_base.library import DATA, load_library, version_of

LIBRARY = load_library()
THAI = re.compile("[\u0e00-\u0e7f]")


def test_every_entry_has_an_english_title_without_thai_letters() -> None:
    titles = {e.id: e.title_en or "" for e in LIBRARY.entries.values()}
    assert [i for i, title in titles.items() if not title.strip() or THAI.search(title)] == []


def test_short_reviewed_words_are_english_too() -> None:
    book = LIBRARY.codebook
    flags = [words for f in book.red_flags.values() for words in (f.sign_en, f.action_en)]
    named = [*book.urgency_levels.values(), *LIBRARY.starts.values(), *LIBRARY.roles.values()]
    rules = [*LIBRARY.appeals.values(), *LIBRARY.interactions]
    lines = [line.about_en for line in LIBRARY.hotlines.values()]
    papers = [document.name_en for document in LIBRARY.documents.values()]
    proofs = [fact.proof_en for fact in LIBRARY.facts.values() if fact.proof_th]
    said = [*flags, *(n.en for n in named), *(r.en for r in rules), *lines, *papers, *proofs]
    assert len(said) > 250
    assert [words for words in said if not words or THAI.search(words)] == []


def test_a_cited_section_has_its_act_in_front() -> None:
    told = LIBRARY.title_en("child-protection-2546#42")
    assert told == (
        "Child Protection Act B.E. 2546 (2003): "
        "Immediate examination and treatment, and placement during the inquiry"
    )
    assert LIBRARY.title_en("child-protection-2546#35") == LIBRARY.title_en(
        "child-protection-2546#34-35"
    )
    assert LIBRARY.title_en("practice:safety-plan") == "Safety plan"
    assert LIBRARY.title_en("practice:nothing") is None


def test_a_translation_changes_nothing_a_plan_rests_on(tmp_path: Path) -> None:
    english = load_english(DATA)
    assert load_english(tmp_path).titles == {}
    (tmp_path / "titles-en").mkdir()
    before = version_of(tmp_path)
    words = "titles:\n  penal#341: Fraud\n"
    (tmp_path / "titles-en" / "law.yaml").write_text(words, encoding="utf-8")
    assert load_english(tmp_path).titles == {"penal#341": "Fraud"}
    assert version_of(tmp_path) == before
    entry = LIBRARY.entries["penal#341"]
    assert entry.title_en == english.titles["penal#341"]
    assert entry.content_hash == entry.model_copy(update={"title_en": None}).content_hash
