"""What an office added, found and cited: its own documents only by itself, laws in their words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from intake.narrative import accept
from knowledge_base import source_repository, sources
from knowledge_base.adding import Shelf
from knowledge_base.embedder import Embedder
from knowledge_base.entries import Kind
from knowledge_base.laws import LawEntry
from knowledge_base.library import Library, load_library
from knowledge_base.loading import load
from knowledge_base.office_search import OfficeSearch
from knowledge_base.official import OfficialTexts
from knowledge_base.passages import Passage
from knowledge_base.repository import literal
from knowledge_base.search import Search
from planner.grounding import Ground
from planner.ledger import Ledger, citation
from planner.schemas import Draft
from runtime.actor import Actor
from runtime.database import Database
from tests import office_files

LAW = "พระราชบัญญัติคุ้มครองเด็ก พ.ศ. ๒๕๔๖"
NORTH, SOUTH = Actor("u1", "north", "supervisor"), Actor("u2", "south", "supervisor")
AMENDED = "trafficking-2551#6"


@pytest.fixture(scope="module")
def library() -> Library:
    """Two acts: quick to embed."""
    whole = load_library()
    acts = ("child-protection-2546", "trafficking-2551")
    kept = {e.id: e for e in whole.entries.values() if e.id.split("#")[0] in acts}
    return replace(whole, entries=kept, version="two acts")


@pytest.fixture(scope="module")
def office(
    make_database: Callable[[], Database], library: Library, embedder: Embedder
) -> Iterator[Database]:
    made = make_database()
    load(made, library, embedder)
    with made.owner_engine.begin() as owner:
        for agency in ("north", "south"):
            owner.execute(text("INSERT INTO agencies VALUES (:id, :id, :id)"), {"id": agency})
    yield made
    made.close()


@pytest.fixture
def add(office: Database, embedder: Embedder, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Adds one file for a test and takes it out after it."""
    added: list[tuple[str, str | None]] = []

    def one(name: str, content: str | bytes, agency: str | None = None) -> str:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        report = Shelf(office, embedder, agency=agency, by="x", most_mb=10).add([file])
        assert not report.failed
        added.append((report.added[0].source, agency))
        return report.added[0].source

    yield one
    for source, agency in added:
        sources.remove(office, source, agency)


@pytest.fixture(scope="module")
def search(office: Database, library: Library, embedder: Embedder) -> OfficeSearch:
    return OfficeSearch(office, library, Search(office, library, embedder), embedder.name)


def rows(*sections: tuple[str, str, str]) -> str:
    return "\n".join(
        json.dumps(
            {"_id": f"{n}", "title": law, "text": told, "metadata": {"law": law, "section": s}}
        )
        for n, (law, s, told) in enumerate(sections)
    )


NOTE = "รถรับส่งผู้เสียหายของหน่วยงานเรา จอดที่อาคารบุษบา ติดต่อเวรกลางคืนก่อนใช้รถ"
QUESTION = "รถรับส่งผู้เสียหาย อาคารบุษบา"


def test_without_additions_it_is_the_librarys_search(
    search: OfficeSearch, office: Database, library: Library, embedder: Embedder
) -> None:
    query = "ใครต้องแจ้งเหตุเมื่อพบเด็กถูกทารุณกรรม"
    assert search.find(query, 5, actor=NORTH) == Search(office, library, embedder).find(query, 5)


def test_a_private_document_is_found_by_its_agency_only(
    search: OfficeSearch, add: Callable[..., str]
) -> None:
    source = add("note.txt", NOTE, "north")
    mine = search.find(QUESTION, 5, actor=NORTH)
    assert (mine[0].id, mine[0].review, mine[0].kind) == (f"{source}#0", "waiting", "document")
    assert mine[0].text == NOTE
    assert set(mine[0].legs) == {"dense", "words", "trigrams"}
    for other in (SOUTH, Actor("u3", "", ""), None):
        assert not any(h.review for h in search.find(QUESTION, 50, actor=other))
    assert not any(h.review for h in search.find(QUESTION, 50, {Kind.LAW}, actor=NORTH))


def test_the_librarys_scores_do_not_move(search: OfficeSearch, add: Callable[..., str]) -> None:
    query = "แจ้งเหตุเด็กถูกทารุณกรรม"
    before = {h.id: h.score for h in search.find(query, 20)}
    add("note.txt", NOTE, "north")
    add("more.txt", f"{NOTE} ของทุกหน่วย")
    after = {h.id: h.score for h in search.find(query, 40, actor=NORTH) if not h.review}
    assert {i: after[i] for i in before} == before


def test_rejected_documents_are_found_by_nobody(
    search: OfficeSearch, office: Database, add: Callable[..., str]
) -> None:
    for agency in (None, "north"):
        source = add("note.txt", NOTE, agency)
        assert search.find(QUESTION, 1, actor=NORTH)[0].id.startswith(source)
        sources.review(office, source, accept=False, by="x", agency=agency)
        assert not any(h.id.startswith(source) for h in search.find(QUESTION, 50, actor=NORTH))


def test_private_vectors_are_compared_exactly_and_never_by_the_index(
    office: Database, add: Callable[..., str]
) -> None:
    source = add("note.txt", NOTE, "north")
    vectors = np.random.default_rng(5).normal(size=(1500, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with sources.owning(office, "north") as session:
        made = [Passage("บริบท", str(n)) for n in range(1501)]
        session.execute(text("DELETE FROM kb_passages WHERE source_id = :s"), {"s": source})
        source_repository.put_passages(session, source, "north", made)
        places = [(n, 0) for n in range(1500)]
        source_repository.put_chunks(session, source, "north", "m", places, vectors)
    with office.owner_engine.begin() as owner:
        owner.execute(text("ANALYZE kb_passage_chunks"))
    statement = source_repository.SQL["private_products"].text
    given = {"model": "m", "query": literal(vectors[0])}
    with office.session(NORTH) as session:
        found = source_repository.private_products(session, "m", vectors[0])
        assert np.allclose([found[source, n] for n in range(1500)], vectors @ vectors[0], atol=1e-5)
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(session.scalars(text(f"EXPLAIN {statement}"), given))
        assert "hnsw" not in plan
        assert "kb_passage_chunks_384" not in plan
        assert "cmis.agency_id" in plan
    with office.session(SOUTH) as session:
        assert source_repository.private_products(session, "m", vectors[0]) == {}


def test_the_index_serves_shared_documents(office: Database, add: Callable[..., str]) -> None:
    add("note.txt", NOTE)
    statement = source_repository.SQL["shared_nearest"].text
    given = {"model": "embedded", "query": literal(np.ones(384, np.float32)), "k": 5}
    with office.session() as session:
        session.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"))
        plan = "\n".join(session.scalars(text(f"EXPLAIN {statement}"), given))
    assert "Index Scan using kb_passage_chunks_384" in plan


def test_an_accepted_section_takes_the_entrys_place(
    search: OfficeSearch, office: Database, library: Library, add: Callable[..., str]
) -> None:
    told = "มาตรา ๒๙ ความทดสอบของหน่วยงาน ให้แจ้งภายใน ๗๗ ชั่วโมง โดยใช้แบบสีม่วง"
    source = add("act.jsonl", rows((LAW, "๒๙", told)))
    entry = library.entries["child-protection-2546#29"]
    texts = OfficialTexts(office, library)
    waiting = search.find("แจ้งภายใน ๗๗ ชั่วโมง แบบสีม่วง", 3)[0]
    assert (waiting.id, waiting.review, waiting.official) == (f"{source}#0", "waiting", False)
    assert texts.of(entry) is None

    sources.review(office, source, accept=True, by="x")

    hit = search.find("แจ้งภายใน ๗๗ ชั่วโมง แบบสีม่วง", 3)[0]
    assert (hit.id, hit.text, hit.official) == (entry.id, told, True)
    official = texts.of(entry)
    assert official is not None
    assert (official.passage, official.as_enacted) == (told, False)
    cited = citation(entry, official)
    assert (cited.official, cited.passage, cited.summary) == (True, told, entry.text_th)
    assert texts.of(library.entries["child-protection-2546#4"]) is None
    assert texts.of(load_library().entries["scheme:help-1300"]) is None

    sources.review(office, source, accept=False, by="x")
    assert texts.of(entry) is None


def test_the_last_accepted_text_holds(
    office: Database, library: Library, add: Callable[..., str]
) -> None:
    entry = library.entries["child-protection-2546#29"]
    both = [add(f"{n}.jsonl", rows((LAW, "29", f"มาตรา ๒๙ ฉบับพิมพ์ครั้งที่ {n}"))) for n in (1, 2)]
    for source, shown in ((both[1], 2), (both[0], 1)):
        sources.review(office, source, accept=True, by="x")
        official = OfficialTexts(office, library).of(entry)
        assert official is not None
        assert official.passage.endswith(str(shown))


def test_an_agencys_own_copy_of_a_law_is_no_official_text(
    office: Database, library: Library, add: Callable[..., str]
) -> None:
    source = add("act.jsonl", rows((LAW, "29", "มาตรา ๒๙ สำเนาของหน่วยงาน")), "north")
    sources.review(office, source, accept=True, by="x", agency="north")
    assert OfficialTexts(office, library).of(library.entries["child-protection-2546#29"]) is None


def test_an_amended_section_shows_the_act_as_enacted_and_what_changed_it(
    office: Database, library: Library, add: Callable[..., str]
) -> None:
    entry = library.entries[AMENDED]
    assert isinstance(entry, LawEntry)
    acts = load_library().laws
    law, first = entry.amended_by[0].split("#")
    sections = [
        ("พระราชบัญญัติป้องกันและปราบปรามการค้ามนุษย์ พ.ศ. 2551", s, f"มาตรา {s} เดิม")
        for s in entry.sections
    ]  # type: ignore[attr-defined]
    source = add("act.jsonl", rows(*sections, (acts[law].title_th, first, "ให้ใช้ความต่อไปนี้แทน")))
    sources.review(office, source, accept=True, by="x")
    official = OfficialTexts(office, library).of(entry)
    assert official is not None
    assert official.as_enacted
    assert [s.text for s in official.amendments] == ["ให้ใช้ความต่อไปนี้แทน"]
    assert f"[{acts[law].title_th}]" in official.passage
    assert citation(entry, official).as_enacted


def test_a_statute_from_a_pdf_attaches_too(
    office: Database, library: Library, add: Callable[..., str]
) -> None:
    lines = [
        LAW,
        "มาตรา ๑ ชื่อ",
        "มาตรา ๒ วันใช้บังคับ",
        "มาตรา ๒๙ ผู้ใดพบเห็น",
        "มาตรา ๓๐ อำนาจ",
    ]
    source = add("act.pdf", office_files.pdf([lines]))
    sources.review(office, source, accept=True, by="x")
    official = OfficialTexts(office, library).of(library.entries["child-protection-2546#29"])
    assert official is not None
    assert official.passage == "มาตรา ๒๙ ผู้ใดพบเห็น"


def test_grounding_reads_the_laws_own_words_beside_the_summary(
    office: Database, library: Library, add: Callable[..., str]
) -> None:
    source = add("act.jsonl", rows((LAW, "29", "มาตรา ๒๙ ให้แจ้งภายใน ๗๗ ชั่วโมง")))
    sources.review(office, source, accept=True, by="x")
    story = accept("เด็กถูกทำร้ายที่บ้านเมื่อวานนี้ ขอความช่วยเหลือด่วน")
    for official, faults in (
        (OfficialTexts(office, library).of, set()),
        (None, {"grounding.number"}),
    ):
        ledger = Ledger(library, date(2026, 6, 1), official)
        said = ledger.rule("ต้องแจ้งภายใน 77 ชั่วโมง", ["child-protection-2546#29"])
        draft = Draft(
            engine="composer",
            narrative_sha256=story.sha256,
            knowledge_version=library.version,
            as_of=date(2026, 6, 1),
            codes=(),
            urgency="routine",
            urgency_reason="",
            red_flags=(),
            citations=ledger.citations,
        )
        assert {f.code for f in Ground(library, story.text, draft).faults(said)} == faults
