"""Our own questions over the knowledge base, each with every entry that helps to answer it.

The corpus is the library as search reads it, so the questions follow the entries as they change.
"""

from __future__ import annotations

from pathlib import Path

import orjson

from evals.beir import BeirSet, judged, read_judgements, read_questions
from knowledge_base.chunking import item_of
from knowledge_base.library import Library

QUESTIONS = Path(__file__).parent / "data" / "questions"


def read_own(library: Library, folder: Path = QUESTIONS) -> BeirSet:
    """The questions of ``folder`` over the entries of ``library``. Raises `BeirFolderBroken`."""
    items = tuple(item_of(entry) for entry in library.entries.values())
    return judged(items, read_questions(folder), read_judgements(folder))


def write_beir(library: Library, into: Path, folder: Path = QUESTIONS) -> None:
    """Write a whole BEIR folder, the library as its corpus, for tools that read nothing else."""
    (into / "qrels").mkdir(parents=True, exist_ok=True)
    rows = [
        {"_id": item.id, "title": item.context, "text": item.text}
        for item in map(item_of, library.entries.values())
    ]
    (into / "corpus.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    for name in ("queries.jsonl", "qrels/test.tsv"):
        (into / name).write_bytes((folder / name).read_bytes())
