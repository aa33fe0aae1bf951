"""Added documents are accepted or refused by people who sign in, with a reason that is kept.

A shared source is an administrator's to decide, an agency's own also its supervisors', and another
agency's is nobody's: the function asks itself, since its owner may pass the rows' rules. Every
decision stays in ``source_reviews``, also when the source is taken out.
"""

from __future__ import annotations

from alembic import op

revision = "0043_sources_decided"
down_revision = "0042_verifications"
branch_labels = None
depends_on = None

TABLE = """
ALTER TABLE kb_sources ADD COLUMN reason text NOT NULL DEFAULT '';
CREATE TABLE source_reviews (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id text NOT NULL,
    agency_id text,
    title text NOT NULL,
    review text NOT NULL CHECK (review IN ('accepted', 'rejected')),
    reason text NOT NULL,
    done_by text NOT NULL,
    done_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX source_reviews_by_source ON source_reviews (source_id);
ALTER TABLE source_reviews ENABLE ROW LEVEL SECURITY;
ALTER TABLE source_reviews FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON source_reviews
    USING (agency_id IS NULL OR agency_id = cmis_agency_id())
    WITH CHECK (agency_id IS NULL OR agency_id = cmis_agency_id());
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON source_reviews FROM cmis_app;
SELECT cmis_reach_by_erasure('source_reviews');
"""
FUNCTION = """
CREATE FUNCTION cmis_decide_source(which text, was text, decision text, why text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE source kb_sources%ROWTYPE;
DECLARE decider text := (SELECT login FROM users WHERE id = cmis_user_id());
BEGIN
    IF cmis_role() IS NULL OR cmis_role() NOT IN ('administrator', 'supervisor') THEN
        RAISE EXCEPTION 'not for this role' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO source FROM kb_sources WHERE id = which
        AND (agency_id IS NULL OR agency_id = cmis_agency_id()) FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'unseen';
    END IF;
    IF source.agency_id IS NULL AND cmis_role() <> 'administrator' THEN
        RAISE EXCEPTION 'not for this role' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF source.review <> was THEN
        RETURN 'decided';
    END IF;
    UPDATE kb_sources SET review = decision, reason = why, reviewed_by = decider,
        reviewed_at = now() WHERE id = which;
    INSERT INTO source_reviews (source_id, agency_id, title, review, reason, done_by)
    VALUES (which, source.agency_id, source.title, decision, why, decider);
    RETURN 'done';
END $$;
REVOKE EXECUTE ON FUNCTION cmis_decide_source(text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_decide_source(text, text, text, text) TO cmis_app;
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(FUNCTION)


def downgrade() -> None:
    op.execute("DROP FUNCTION cmis_decide_source(text, text, text, text)")
    op.execute("DROP TABLE source_reviews")
    op.execute("ALTER TABLE kb_sources DROP COLUMN reason")
