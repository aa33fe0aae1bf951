"""The ending of a time limit is taken back on its day, with a reason; the record keeps both acts.

Only what a person ended by itself, never what an entry, a plan or a closure ended, nor where one of
these was built on the ending since: the next of its kind was ended or set going, the plan's limits
were set anew, the case was closed. Whoever may end a limit may take its ending back.
"""

from __future__ import annotations

from alembic import op

revision = "0047_limits_taken_back"
down_revision = "0046_source_arrivals"
branch_labels = None
depends_on = None

BUILT_ON = """
CREATE FUNCTION cmis_built_on(which text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS
$$ SELECT EXISTS (SELECT FROM deadlines d WHERE d.id = which AND (
    d.ended_by IS NOT NULL
    OR EXISTS (SELECT FROM deadlines l WHERE l.case_id = d.case_id AND l.kind = d.kind
        AND l.id <> d.id AND l.ended_by IS NOT NULL AND l.done_at > d.done_at)
    OR EXISTS (SELECT FROM deadlines l JOIN entries e ON e.id = l.source
        WHERE l.case_id = d.case_id AND l.kind = d.kind AND l.id <> d.id
            AND e.recorded_at > d.done_at)
    OR (d.kind IN ('plan', 'limit') AND EXISTS (SELECT FROM approvals a
        WHERE a.case_id = d.case_id AND a.approved_at > d.done_at))
    OR EXISTS (SELECT FROM sign_offs s WHERE s.case_id = d.case_id AND s.kind = 'closure'
        AND s.verdict = 'approved' AND s.decided_at > d.done_at))) $$;
REVOKE EXECUTE ON FUNCTION cmis_built_on(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_built_on(text) TO cmis_app;
CREATE FUNCTION cmis_of_today(at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT (at AT TIME ZONE 'Asia/Bangkok')::date = (now() AT TIME ZONE 'Asia/Bangkok')::date $$;
"""
TABLE = """
CREATE TABLE limits_taken_back (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    deadline_id text NOT NULL REFERENCES deadlines ON DELETE CASCADE,
    was text NOT NULL CHECK (was IN ('done', 'cancelled')),
    ended_by text NOT NULL REFERENCES users,
    ended_name text,
    ended_agency text REFERENCES agencies,
    ended_at timestamptz NOT NULL,
    ended_reason text,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    done_by text NOT NULL REFERENCES users,
    done_name text NOT NULL,
    done_agency text NOT NULL REFERENCES agencies,
    done_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (deadline_id, ended_at)
);
CREATE INDEX limits_taken_back_by_case ON limits_taken_back (case_id);
ALTER TABLE limits_taken_back ENABLE ROW LEVEL SECURITY;
ALTER TABLE limits_taken_back FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON limits_taken_back FOR SELECT USING (EXISTS (SELECT FROM cases
    WHERE cases.id = limits_taken_back.case_id AND (cases.agency_id = (SELECT cmis_home_agency())
        OR cases.id = ANY ((SELECT cmis_opened_cases('steps'))::text[]))));
CREATE POLICY by_whoever_may_end ON limits_taken_back FOR INSERT
    WITH CHECK (done_by = cmis_user_id() AND done_agency = cmis_agency_id() AND EXISTS (
        SELECT FROM deadlines d JOIN cases c ON c.id = d.case_id
        WHERE d.id = deadline_id AND d.case_id = limits_taken_back.case_id AND d.status = was
            AND d.done_by = limits_taken_back.ended_by AND d.done_at = limits_taken_back.ended_at
            AND cmis_of_today(d.done_at) AND NOT cmis_built_on(d.id)
            AND cmis_may_end(c.agency_id, d.agency_id, d.kind, d.statutory,
                c.id = ANY ((SELECT cmis_shared_cases('steps'))::text[]))));
REVOKE UPDATE, DELETE, TRUNCATE ON limits_taken_back FROM cmis_app;
SELECT cmis_reach_by_erasure('limits_taken_back');
"""
# What ended stays ended, unless the taking back was written down first.
GUARD = """
CREATE FUNCTION cmis_check_taken_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM limits_taken_back t
        WHERE t.deadline_id = OLD.id AND t.ended_at = OLD.done_at) THEN
        RAISE EXCEPTION 'an ending is taken back in writing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'limit_taken_back';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_taken_back BEFORE UPDATE OF status ON deadlines FOR EACH ROW
    WHEN (OLD.status <> 'open' AND NEW.status = 'open') EXECUTE FUNCTION cmis_check_taken_back();
"""


def upgrade() -> None:
    for part in (BUILT_ON, TABLE, GUARD):
        op.execute(part)


def downgrade() -> None:
    op.execute("DROP TRIGGER check_taken_back ON deadlines; DROP FUNCTION cmis_check_taken_back()")
    op.execute("DROP TABLE limits_taken_back")
    op.execute("DROP FUNCTION cmis_built_on(text); DROP FUNCTION cmis_of_today(timestamptz)")
