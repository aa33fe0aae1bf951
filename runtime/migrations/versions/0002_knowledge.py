"""The shared knowledge base: entries, their chunks with vectors, and what was loaded when.

The application's role may only read it; loading is the owner's. Vectors have no fixed length so
that another embedding model needs no migration; each model in use gets its own HNSW index.
"""

from __future__ import annotations

from alembic import op

revision = "0002_knowledge"
down_revision = "0001_roles"
branch_labels = None
depends_on = None

TABLES = """
CREATE EXTENSION IF NOT EXISTS vector;
CREATE TABLE kb_entries (
    id text PRIMARY KEY,
    kind text NOT NULL,
    title text NOT NULL,
    context text NOT NULL,
    text text NOT NULL,
    confidence text NOT NULL,
    sources jsonb NOT NULL,
    effective_from date,
    effective_to date,
    content_hash text NOT NULL
);
CREATE TABLE kb_chunks (
    entry_id text NOT NULL REFERENCES kb_entries ON DELETE CASCADE,
    ordinal integer NOT NULL,
    model text NOT NULL,
    text text NOT NULL,
    content_hash text NOT NULL,
    embedding vector NOT NULL,
    PRIMARY KEY (entry_id, ordinal, model)
);
CREATE TABLE kb_loads (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    library_version text NOT NULL,
    model text NOT NULL,
    entries integer NOT NULL,
    chunks integer NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX kb_chunks_384 ON kb_chunks
    USING hnsw ((embedding::halfvec(384)) halfvec_ip_ops) WHERE (vector_dims(embedding) = 384);
REVOKE INSERT, UPDATE, DELETE ON kb_entries, kb_chunks, kb_loads FROM cmis_app;
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE kb_loads, kb_chunks, kb_entries; DROP EXTENSION vector CASCADE;")
