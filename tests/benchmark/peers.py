"""One peer's hybrid search, timed; runs in the peers' own environment, never imported by ours.

    python peers.py PEER ADDRESS WORK FORM…

WORK holds ``queries.jsonl`` (``text``, ``words``) and ``queries.npy``. The rows come from
``kb_chunks`` by SQL, so every side searches the same chunks with the same vectors. Prints
``{form: {rankings, times_ms}}``: ``bare`` as the library makes its table, ``text`` with an HNSW
index added, ``words`` with that and our segmentation of Thai.
"""

# ruff: noqa: T201
from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import psycopg

DIMENSION = 384
K = 10
DEEP = 40
Ask = Callable[[str, list[float], int], list[str]]
SOURCE = {"text": "c.text", "words": "w.words", "bare": "c.text"}
ASKED = {"text": "text", "words": "words", "bare": "text"}
FROM = "FROM kb_chunks c JOIN bench_words w USING (entry_id, ordinal)"


def langchain(address: str, form: str) -> Ask:
    """``langchain-postgres`` with vectors, tsvector column, HNSW and GIN; a config per query."""
    from langchain_core.embeddings import Embeddings
    from langchain_postgres import PGEngine, PGVectorStore
    from langchain_postgres.v2.hybrid_search_config import HybridSearchConfig
    from langchain_postgres.v2.indexes import HNSWIndex

    class Unasked(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[0.0] * DIMENSION for _ in texts]

        def embed_query(self, text: str) -> list[float]:
            return [0.0] * DIMENSION

    def config(query: str, depth: int) -> HybridSearchConfig:
        return HybridSearchConfig(
            tsv_column="content_tsv",
            tsv_lang="pg_catalog.simple",
            fts_query=query,
            primary_top_k=depth,
            secondary_top_k=depth,
            index_name=f"lc_{form}_tsv",
        )

    table = f"lc_{form}"
    engine = PGEngine.from_connection_string(address)
    engine.init_vectorstore_table(
        table, DIMENSION, overwrite_existing=True, hybrid_search_config=config("", K)
    )
    fill(
        address,
        f"INSERT INTO {table} (langchain_id, content, embedding, content_tsv, langchain_metadata) "
        f"SELECT gen_random_uuid(), {SOURCE[form]}, c.embedding, "
        f"to_tsvector('pg_catalog.simple', {SOURCE[form]}), "
        f"json_build_object('entry', c.entry_id) {FROM}",
    )
    store = PGVectorStore.create_sync(engine, Unasked(), table, hybrid_search_config=config("", K))
    if form != "bare":
        store.apply_vector_index(HNSWIndex(name=f"{table}_hnsw"))
    store.apply_hybrid_search_index()
    fill(address, f"ANALYZE {table}")

    def ask(query: str, vector: list[float], k: int) -> list[str]:
        found = store.similarity_search_by_vector(
            vector, k=k, hybrid_search_config=config(query, k)
        )
        return [document.metadata["entry"] for document in found]

    return ask


def llama(address: str, form: str) -> Ask:
    """LlamaIndex's ``PGVectorStore`` with ``hybrid_search``, HNSW and GIN."""
    from llama_index.core.schema import TextNode
    from llama_index.core.vector_stores.types import VectorStoreQuery, VectorStoreQueryMode
    from llama_index.core.vector_stores.utils import node_to_metadata_dict
    from llama_index.vector_stores.postgres import PGVectorStore

    store = PGVectorStore.from_params(
        connection_string=address.replace("+psycopg:", "+psycopg2:"),
        async_connection_string=address.replace("+psycopg:", "+asyncpg:"),
        table_name=f"li_{form}",
        embed_dim=DIMENSION,
        hybrid_search=True,
        text_search_config="simple",
        hnsw_kwargs=None
        if form == "bare"
        else {
            "hnsw_m": 16,
            "hnsw_ef_construction": 64,
            "hnsw_ef_search": 40,
            "hnsw_dist_method": "vector_cosine_ops",
        },
    )
    store._initialize()
    known = node_to_metadata_dict(TextNode(id_="NODE", text=""), remove_text=True)
    template = json.dumps(known).replace("'", "''").replace("%", "%%")
    fill(
        address,
        f"INSERT INTO data_li_{form} (text, metadata_, node_id, embedding) "
        f"SELECT {SOURCE[form]}, replace('{template}', 'NODE', c.entry_id)::json, "
        f"c.entry_id, c.embedding {FROM}",
        f"ANALYZE data_li_{form}",
    )

    def ask(query: str, vector: list[float], k: int) -> list[str]:
        found = store.query(
            VectorStoreQuery(
                query_embedding=vector,
                query_str=query,
                similarity_top_k=k,
                sparse_top_k=k,
                mode=VectorStoreQueryMode.HYBRID,
            )
        )
        return list(found.ids or [])

    return ask


PEERS = {"langchain-postgres": langchain, "llama-index": llama}


def fill(address: str, *statements: str) -> None:
    """Run statements in one transaction."""
    with psycopg.connect(address.replace("+psycopg:", ":")) as connection:
        for statement in statements:
            connection.execute(statement)


def measured(ask: Ask, queries: list[str], vectors: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Times of asking for ten chunks, and the ten first entries among more."""
    asked = [(q, v.tolist()) for q, v in zip(queries, vectors, strict=True)]
    for query, vector in asked[:5]:
        ask(query, vector, K)
    times = []
    for query, vector in asked:
        begun = perf_counter()
        ask(query, vector, K)
        times.append((perf_counter() - begun) * 1000)
    rankings = [list(dict.fromkeys(ask(q, v, DEEP)))[:K] for q, v in asked]
    return {"times_ms": times, "rankings": rankings}


def main(peer: str, address: str, work: Path, forms: list[str]) -> None:
    """Fill, ask, print."""
    rows = [json.loads(line) for line in (work / "queries.jsonl").read_text().splitlines()]
    vectors = np.load(work / "queries.npy")
    found = {
        form: measured(PEERS[peer](address, form), [row[ASKED[form]] for row in rows], vectors)
        for form in forms
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4:])
