"""Loading into PostgreSQL and searching it, with the real embedding model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from knowledge_base import repository, shared_vectors
from knowledge_base.chunking import Chunk, chunks, item_of
from knowledge_base.embedder import Embedder
from knowledge_base.entries import Kind
from knowledge_base.evidence import gather
from knowledge_base.library import Library, load_library
from knowledge_base.loading import is_loaded, load
from knowledge_base.reranker import READ, Reranker
from knowledge_base.retriever import KnowledgeRetriever
from knowledge_base.search import QueryEmpty, Search
from knowledge_base.shared_vectors import KnowledgeNotLoaded, TooFewFound
from runtime.database import Database

REPORTING = "child-protection-2546#29"


@pytest.fixture(scope="session")
def library() -> Library:
    """Every child-protection section and twenty entries of each other kind: quick to embed."""
    whole = load_library()
    law = [e for e in whole.entries.values() if e.id.startswith("child-protection-2546#")]
    other = [
        e
        for kind in (Kind.WELFARE, Kind.PRACTICE, Kind.DOCUMENT)
        for e in [e for e in whole.entries.values() if e.kind is kind][:12]
    ]
    return replace(whole, entries={e.id: e for e in [*law, *other]}, version="some")


@pytest.fixture(scope="session")
def loaded(
    make_database: Callable[[], Database], library: Library, embedder: Embedder
) -> Iterator[Database]:
    made = make_database()
    load(made, library, embedder)
    yield made
    made.close()


@pytest.fixture(scope="session")
def search(loaded: Database, library: Library, embedder: Embedder) -> Search:
    return Search(loaded, library, embedder)


def test_a_second_load_embeds_nothing(
    loaded: Database, library: Library, embedder: Embedder
) -> None:
    assert is_loaded(loaded, library, embedder)

    again = load(loaded, library, embedder)

    assert (again.embedded, again.removed) == (0, 0)
    assert (
        again.reused
        == again.chunks
        == sum(len(chunks(item_of(e))) for e in library.entries.values())
    )
    assert sum(again.entries.values()) == len(library.entries)


def test_only_what_changed_is_embedded_and_what_left_is_removed(
    fresh_database: Database, library: Library, embedder: Embedder
) -> None:
    few = dict(list(library.entries.items())[:4])
    load(fresh_database, replace(library, entries=few, version="one"), embedder)
    first, second, *_ = few.values()
    changed = {**few, first.id: first.model_copy(update={"text_th": second.text_th})}
    del changed[second.id]

    report = load(fresh_database, replace(library, entries=changed, version="two"), embedder)

    assert report.embedded == len(chunks(item_of(changed[first.id])))
    assert report.removed >= len(chunks(item_of(second)))
    with fresh_database.session() as session:
        kept = session.execute(text("SELECT DISTINCT entry_id FROM kb_chunks")).scalars().all()
    assert set(kept) == set(changed)


def test_a_load_that_fails_half_way_leaves_the_old_state(
    fresh_database: Database, library: Library, embedder: Embedder
) -> None:
    few = replace(library, entries=dict(list(library.entries.items())[:3]), version="one")
    load(fresh_database, few, embedder)
    entry = next(iter(few.entries.values()))
    broken = entry.model_copy(update={"text_th": "\0", "title_th": "a title"})

    with pytest.raises(Exception, match=r"NUL|0x00"):
        load(fresh_database, replace(few, entries={entry.id: broken}, version="two"), embedder)

    with fresh_database.session() as session:
        assert repository.last_load(session) == ("one", embedder.name)
        assert len({i for i, _ in repository.chunk_hashes(session, embedder.name)}) == 3


def test_the_application_may_only_read(loaded: Database) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), loaded.session() as session:
        session.execute(text("DELETE FROM kb_entries"))


def test_finds_the_section_that_a_question_is_about(search: Search) -> None:
    hits = search.find("ครูพบเด็กถูกทารุณกรรม ต้องแจ้งเจ้าหน้าที่", k=5)

    assert REPORTING in [h.id for h in hits]
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert all(set(h.legs) == {"dense", "words", "trigrams"} for h in hits)
    assert all(h.text and h.title for h in hits)


@pytest.mark.parametrize("named", ["มาตรา 41", "มาตรา ๔๑", "ม.41", "ม. ๔๑ คุ้มครองเด็ก"])
def test_a_section_named_in_the_question_comes_first(search: Search, named: str) -> None:
    first = search.find(named, k=1)[0]

    assert first.id.startswith("child-protection-2546#41")
    assert first.legs["sections"] == 1


def test_asks_for_more_than_there_is(search: Search, library: Library) -> None:
    found = [h.id for h in search.find("เด็ก", k=10_000)]

    assert sorted(found) == sorted(library.entries)


def test_a_filter_changes_neither_order_nor_scores(search: Search, library: Library) -> None:
    query = "ผู้สูงอายุอยู่คนเดียว ขอรับเงินช่วยเหลือ"
    every = search.find(query, k=len(library.entries))

    schemes = search.find(query, k=5, kinds={Kind.WELFARE})

    expected = [h for h in every if h.kind == "welfare"][:5]
    assert [(h.id, h.score) for h in schemes] == [(h.id, h.score) for h in expected]


def test_only_what_was_in_force_on_the_day(search: Search, library: Library) -> None:
    begun = library.entries[REPORTING].effective_from
    assert begun is not None

    def found(day: date) -> set[str]:
        return {h.id for h in search.find("แจ้งเหตุเด็ก", k=500, kinds={Kind.LAW}, as_of=day)}

    assert REPORTING in found(begun)
    assert REPORTING not in found(begun - timedelta(days=1))


def test_only_what_rests_on_a_source(search: Search, library: Library) -> None:
    act = search.find("เด็ก", k=500, source="child-protection-2546")
    section = search.find("เด็ก", k=500, source=REPORTING)

    assert {h.id for h in act} >= {
        e.id for e in library.entries.values() if e.id.startswith("child-protection-2546#")
    }
    assert REPORTING in {h.id for h in section}
    assert len(section) < len(act) < len(library.entries)
    assert search.find("เด็ก", source="no such source") == []


def test_follows_what_the_hits_refer_to(search: Search, library: Library) -> None:
    hits = search.find("แจ้งเหตุเด็กถูกทารุณกรรม", k=3, kinds={Kind.LAW})

    referred = search.following(hits)

    named = {e.id for h in hits for c in library.entries[h.id].see if (e := library.resolve(c))}
    assert {h.id for h in referred} == named - {h.id for h in hits}
    assert referred
    assert all(h.via in {hit.id for hit in hits} for h in referred)
    assert search.following(hits, date(1900, 1, 1)) == []


def test_a_second_reading_orders_only_the_first_hits(
    loaded: Database, library: Library, embedder: Embedder, search: Search, reranker: Reranker
) -> None:
    query = "ผู้สูงอายุอยู่คนเดียว"
    plain = search.find(query, k=READ + 5)
    read = reranker.scores(query, [f"{h.title}\n{h.text}" for h in plain[:READ]])
    twice = Search(loaded, library, embedder, reranker)

    found = twice.find(query, k=READ + 5)

    order = sorted(range(READ), key=lambda i: -read[i])
    expected = [plain[i].id for i in order] + [h.id for h in plain[READ:]]
    assert [h.id for h in found] == expected
    assert found[0].legs["reread"] == pytest.approx(max(read), abs=1e-3)
    assert [h.id for h in twice.find(query, k=3)] == expected[:3]


def test_refuses_an_empty_question(search: Search) -> None:
    with pytest.raises(QueryEmpty):
        search.find(" \n")


def test_says_when_nothing_is_loaded(
    fresh_database: Database, library: Library, embedder: Embedder
) -> None:
    with pytest.raises(KnowledgeNotLoaded):
        Search(fresh_database, library, embedder).find("เด็ก")


@pytest.fixture(scope="module")
def many(make_database: Callable[[], Database]) -> Iterator[Database]:
    """Three thousand chunks with random vectors, of two models."""
    made = make_database()
    entries = list(load_library().entries.values())[:1]
    with Session(made.owner_engine) as session, session.begin():
        repository.put_entries(session, entries)
        for model, seed in (("one", 1), ("two", 2)):
            numbered = [Chunk(entries[0].id, i, f"chunk {i}") for i in range(3000)]
            repository.put_chunks(session, model, numbered, _random(3000, seed))
    with Session(made.owner_engine) as session:
        session.execute(text("ANALYZE kb_chunks"))
        session.commit()
    yield made
    made.close()


def test_the_index_serves_the_shared_base(many: Database) -> None:
    with many.session() as session:
        session.execute(repository.SQL["scan_wide"], {"ef": "100"})
        plan = session.execute(
            text(f"EXPLAIN {repository.SQL['nearest'].text}"),
            {"model": "one", "query": repository.literal(_random(1, 9)[0]), "k": 50},
        )
        assert "Index Scan using kb_chunks_384" in "\n".join(plan.scalars())


@pytest.mark.parametrize("k", [10, 400])
def test_the_index_gives_every_row_asked_for_and_nearly_the_exact_ones(
    many: Database, k: int
) -> None:
    recalls = []
    with many.session() as session:
        for vector in _random(10, 7):
            near = repository.nearest(session, "one", vector, k, exact=False)
            exact = repository.nearest(session, "one", vector, k, exact=True)
            assert len(near) == len(exact) == k
            assert near[0].score == pytest.approx(exact[0].score, abs=2e-3)
            recalls.append(len({n.ordinal for n in near} & {n.ordinal for n in exact}) / k)
    assert np.mean(recalls) >= 0.9


def test_exact_search_within_some_entries(many: Database) -> None:
    entry = next(iter(load_library().entries))
    vector = _random(1, 3)[0]
    with many.session() as session:
        within = repository.nearest_of(session, "one", vector, 20, [entry])
        assert within == repository.nearest(session, "one", vector, 20, exact=True)
        assert repository.nearest_of(session, "one", vector, 20, ["no such"]) == []


def test_refuses_when_rows_are_lost(
    loaded: Database, library: Library, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = repository.nearest

    def lossy(*given: object, **more: object) -> list[repository.Near]:
        return whole(*given, **more)[:3]  # type: ignore[arg-type]

    monkeypatch.setattr(shared_vectors, "SMALL", 0)
    monkeypatch.setattr(repository, "nearest", lossy)
    with pytest.raises(TooFewFound):
        Search(loaded, library, embedder).find("เด็ก")


def test_a_large_base_by_its_index_gives_the_same_answers(
    loaded: Database,
    library: Library,
    embedder: Embedder,
    search: Search,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    query = "ครูพบเด็กถูกทารุณกรรม ต้องแจ้งเจ้าหน้าที่"
    in_memory = search.find(query, k=5)
    schemes = search.find(query, k=5, kinds={Kind.WELFARE})
    monkeypatch.setattr(shared_vectors, "SMALL", 0)
    by_index = Search(loaded, library, embedder)

    assert [h.id for h in by_index.find(query, k=5)] == [h.id for h in in_memory]
    filtered = by_index.find(query, k=5, kinds={Kind.WELFARE})
    assert [h.id for h in filtered] == [h.id for h in schemes]


def test_a_vector_of_another_text_is_not_used(
    fresh_database: Database, library: Library, embedder: Embedder
) -> None:
    few = replace(library, entries=dict(list(library.entries.items())[:4]), version="one")
    load(fresh_database, few, embedder)
    first = next(iter(few.entries.values()))
    other = first.model_copy(update={"text_th": "ข้อความอื่น"})
    changed = replace(few, entries={**few.entries, first.id: other}, version="two")
    search = Search(fresh_database, changed, embedder)

    before = {h.id: h.legs["dense"] for h in search.find(first.title_th)}
    load(fresh_database, changed, embedder)
    after = {h.id: h.legs["dense"] for h in search.find(first.title_th)}

    assert before[first.id] == min(before.values())
    assert after[first.id] > before[first.id]


def test_a_retriever_for_chains(search: Search) -> None:
    retriever = KnowledgeRetriever(search=search, k=3, kinds=frozenset({Kind.LAW}))

    found = retriever.invoke("แจ้งเหตุเด็กถูกทารุณกรรม")

    hits = search.find("แจ้งเหตุเด็กถูกทารุณกรรม", 3, {Kind.LAW})
    assert [d.id for d in found] == [h.id for h in hits]
    assert found[0].page_content == hits[0].text
    assert found[0].metadata["kind"] == "law"


def test_search_fills_only_the_kinds_the_library_leaves_open(
    search: Search, library: Library
) -> None:
    code = next(c for c, i in load_library().interventions.items() if i.schemes)
    bare = replace(library, interventions={})

    cited = gather(load_library(), None, [code], date(2026, 6, 1)).by_code[code]
    found = gather(bare, search, [code], date(2026, 6, 1))

    assert gather(load_library(), search, [code], date(2026, 6, 1)).by_code[code] == cited
    for kind, ids in found.by_code[code].items():
        assert all(library.entries[i].kind is kind for i in ids)
        assert bool(ids) == (kind not in found.missing.get(code, ()))


def _random(count: int, seed: int) -> np.ndarray:
    """Vectors within 24 of the 384 directions: embeddings of texts are no even noise either."""
    few = np.random.default_rng(seed).normal(size=(count, 24))
    made = (few @ np.random.default_rng(0).normal(size=(24, 384))).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)
