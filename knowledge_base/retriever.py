"""Search as LangChain knows it, for chains and graphs that take a retriever."""

from __future__ import annotations

from datetime import date

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge_base.entries import Kind
from knowledge_base.search import Search


class KnowledgeRetriever(BaseRetriever):
    """The ``k`` best entries of ``kinds`` in force on ``as_of``; a document's id is the entry's."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    search: Search
    k: int = 10
    kinds: frozenset[Kind] | None = None
    as_of: date | None = None
    source: str | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        hits = self.search.find(query, self.k, self.kinds, self.as_of, self.source)
        return [
            Document(
                id=hit.id,
                page_content=hit.text,
                metadata=hit.model_dump(include={"title", "kind", "score", "source", "legs"}),
            )
            for hit in hits
        ]
