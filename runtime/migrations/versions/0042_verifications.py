"""Checks of the whole record: who asked for one, how far it is, what it found.

An administrator and an auditor ask and read; a worker does it. What a check found is never
changed: a row that has ended is no longer updated. Two at once would only read everything twice.
"""

from __future__ import annotations

from alembic import op

revision = "0042_verifications"
down_revision = "0041_real_offices"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE verifications (
    id text PRIMARY KEY,
    status text NOT NULL DEFAULT 'queued'
        CHECK (status IN ('queued', 'running', 'done', 'failed')),
    checked integer NOT NULL DEFAULT 0,
    cases integer NOT NULL DEFAULT 0,
    report jsonb,
    error_code text,
    job_id bigint,
    requested_by text NOT NULL REFERENCES users,
    requested_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
);
CREATE UNIQUE INDEX one_verification_at_a_time ON verifications ((true))
    WHERE status IN ('queued', 'running');
CREATE INDEX verifications_by_time ON verifications (requested_at DESC);
ALTER TABLE verifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE verifications FORCE ROW LEVEL SECURITY;
CREATE POLICY read_by_who_watches ON verifications FOR SELECT
    USING (cmis_role() IN ('administrator', 'auditor'));
CREATE POLICY asked_in_own_name ON verifications FOR INSERT
    WITH CHECK (cmis_role() IN ('administrator', 'auditor') AND requested_by = cmis_user_id()
        AND status = 'queued' AND report IS NULL);
CREATE POLICY until_it_ends ON verifications FOR UPDATE
    USING (cmis_role() IN ('administrator', 'auditor') AND status IN ('queued', 'running'))
    WITH CHECK (cmis_role() IN ('administrator', 'auditor'));
REVOKE UPDATE, DELETE, TRUNCATE ON verifications FROM cmis_app;
GRANT UPDATE (status, checked, cases, report, error_code, job_id, ended_at) ON verifications
    TO cmis_app;
SELECT cmis_reach_by_erasure('verifications');
"""
# Who asked may be of another agency, whose people the reader's own rows do not show.
NAMED = """
CREATE FUNCTION cmis_name_of(who text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS
$$ SELECT name FROM users WHERE id = who AND cmis_role() IN ('administrator', 'auditor') $$;
REVOKE EXECUTE ON FUNCTION cmis_name_of(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_name_of(text) TO cmis_app;
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(NAMED)


def downgrade() -> None:
    op.execute("DROP FUNCTION cmis_name_of(text)")
    op.execute("DROP TABLE verifications")
