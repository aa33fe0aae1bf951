"""Documents that people send to become knowledge: what was sent, how far it is, what became of it.

A document for everybody is an administrator's to send, an agency's own also its supervisors'. The
key of the sealed file stands in the row until the file has ended; a row that has ended is no
longer changed.
"""

from __future__ import annotations

from alembic import op

revision = "0046_source_arrivals"
down_revision = "0045_more_told"
branch_labels = None
depends_on = None

KEEPS = """(cmis_role() = 'administrator' AND (agency_id IS NULL OR agency_id = cmis_agency_id()))
        OR (cmis_role() = 'supervisor' AND agency_id = cmis_agency_id())"""
TABLE = f"""
CREATE TABLE source_arrivals (
    id text PRIMARY KEY,
    agency_id text REFERENCES agencies,
    file_name text NOT NULL,
    size_bytes bigint NOT NULL,
    salt bytea,
    status text NOT NULL DEFAULT 'queued'
        CHECK (status IN ('queued', 'running', 'done', 'refused', 'failed')),
    percent real NOT NULL DEFAULT 0,
    source_id text,
    known boolean NOT NULL DEFAULT false,
    warnings jsonb NOT NULL DEFAULT '[]',
    error_code text,
    details jsonb NOT NULL DEFAULT '{{}}',
    job_id bigint,
    sent_by text NOT NULL REFERENCES users,
    sent_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    CHECK ((status IN ('queued', 'running')) = (ended_at IS NULL)),
    CHECK ((status IN ('queued', 'running')) = (salt IS NOT NULL)),
    CHECK ((status = 'done') = (source_id IS NOT NULL)),
    CHECK ((status IN ('refused', 'failed')) = (error_code IS NOT NULL))
);
CREATE INDEX source_arrivals_by_time ON source_arrivals (sent_at DESC);
ALTER TABLE source_arrivals ENABLE ROW LEVEL SECURITY;
ALTER TABLE source_arrivals FORCE ROW LEVEL SECURITY;
CREATE POLICY read_by_keepers ON source_arrivals FOR SELECT USING ({KEEPS});
CREATE POLICY sent_in_own_name ON source_arrivals FOR INSERT
    WITH CHECK (({KEEPS}) AND sent_by = cmis_user_id() AND source_id IS NULL);
CREATE POLICY until_it_ends ON source_arrivals FOR UPDATE
    USING (({KEEPS}) AND status IN ('queued', 'running')) WITH CHECK ({KEEPS});
REVOKE UPDATE, DELETE, TRUNCATE ON source_arrivals FROM cmis_app;
GRANT UPDATE (status, percent, source_id, known, warnings, error_code, details, job_id, salt,
    ended_at) ON source_arrivals TO cmis_app;
SELECT cmis_reach_by_erasure('source_arrivals');
"""  # noqa: S608


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE source_arrivals")
