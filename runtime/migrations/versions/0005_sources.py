"""Documents an office adds: the source, its passages, and their vectors.

A source belongs to one agency, or to all (``agency_id`` null). Even the owner of the tables sees
an agency's rows only while it says it is that agency. The index over vectors holds shared rows
alone, so search within an agency's documents has no other way than the exact one.
"""

from __future__ import annotations

from alembic import op

revision = "0005_sources"
down_revision = "0004_record_guards"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE kb_sources (
    id text PRIMARY KEY,
    agency_id text REFERENCES agencies,
    title text NOT NULL,
    file_name text NOT NULL,
    sha256 text NOT NULL,
    size_bytes bigint NOT NULL,
    media_type text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('statute', 'document')),
    passages integer NOT NULL,
    signature bytea NOT NULL,
    near_duplicate_of text REFERENCES kb_sources ON DELETE SET NULL,
    similarity real,
    added_by text NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    review text NOT NULL DEFAULT 'waiting' CHECK (review IN ('waiting', 'accepted', 'rejected')),
    reviewed_by text,
    reviewed_at timestamptz,
    UNIQUE NULLS NOT DISTINCT (agency_id, sha256),
    UNIQUE (id, agency_id),
    CHECK (review = 'waiting' OR (reviewed_by IS NOT NULL AND reviewed_at IS NOT NULL))
);
CREATE TABLE kb_passages (
    source_id text NOT NULL REFERENCES kb_sources ON DELETE CASCADE,
    ordinal integer NOT NULL,
    agency_id text,
    context text NOT NULL,
    text text NOT NULL,
    page integer,
    law_title text,
    law_key text,
    section text,
    words bytea NOT NULL,
    trigrams bytea NOT NULL,
    PRIMARY KEY (source_id, ordinal),
    FOREIGN KEY (source_id, agency_id) REFERENCES kb_sources (id, agency_id) ON DELETE CASCADE
);
ALTER TABLE kb_passages SET (toast_tuple_target = 8160);
CREATE INDEX kb_passages_by_section ON kb_passages (law_key, section) WHERE law_key IS NOT NULL;
CREATE INDEX kb_passages_by_agency ON kb_passages (agency_id) WHERE agency_id IS NOT NULL;
CREATE TABLE kb_passage_chunks (
    source_id text NOT NULL,
    ordinal integer NOT NULL,
    part integer NOT NULL,
    model text NOT NULL,
    agency_id text,
    embedding vector NOT NULL,
    PRIMARY KEY (source_id, ordinal, part, model),
    FOREIGN KEY (source_id, ordinal) REFERENCES kb_passages ON DELETE CASCADE,
    FOREIGN KEY (source_id, agency_id) REFERENCES kb_sources (id, agency_id) ON DELETE CASCADE
);
CREATE INDEX kb_passage_chunks_384 ON kb_passage_chunks
    USING hnsw ((embedding::halfvec(384)) halfvec_ip_ops)
    WHERE agency_id IS NULL AND vector_dims(embedding) = 384;
CREATE INDEX kb_passage_chunks_by_agency ON kb_passage_chunks (agency_id)
    WHERE agency_id IS NOT NULL;
"""
NAMES = ("kb_sources", "kb_passages", "kb_passage_chunks")
GUARD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON {table}
    USING (agency_id IS NULL OR agency_id = cmis_agency_id())
    WITH CHECK (agency_id IS NULL OR agency_id = cmis_agency_id());
REVOKE INSERT, UPDATE, DELETE ON {table} FROM cmis_app;
"""
# A shared row of a private source would be seen by everybody; a foreign key with a null lets it by.
SAME = """
CREATE FUNCTION cmis_check_passage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM kb_sources WHERE id = NEW.source_id
                   AND agency_id IS NOT DISTINCT FROM NEW.agency_id) THEN
        RAISE EXCEPTION 'passage of another agency''s source'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'passage_of_source';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_passage BEFORE INSERT OR UPDATE ON kb_passages
    FOR EACH ROW EXECUTE FUNCTION cmis_check_passage();
CREATE TRIGGER check_passage BEFORE INSERT OR UPDATE ON kb_passage_chunks
    FOR EACH ROW EXECUTE FUNCTION cmis_check_passage();
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in NAMES:
        op.execute(GUARD.format(table=table))
    op.execute(SAME)


def downgrade() -> None:
    op.execute("DROP TABLE kb_passage_chunks, kb_passages, kb_sources")
    op.execute("DROP FUNCTION cmis_check_passage()")
