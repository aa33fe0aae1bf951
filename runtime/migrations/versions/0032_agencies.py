"""An administrator keeps the agencies: a function that asks for the role, and what was before.

What an agency is called, whether letters may go to it, where it works and whether two people must
approve there can be changed; its id, which stands in every case, cannot.
"""

from __future__ import annotations

from alembic import op

revision = "0032_agencies"
down_revision = "0031_documents_approved"
branch_labels = None
depends_on = None

TRACE = """
CREATE TABLE agency_changes (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agency_id text NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    done_by text NOT NULL,
    done_at timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON agency_changes FROM cmis_app;
"""
FUNCTION = """
CREATE FUNCTION cmis_change_agency(which text, th text, en text, two_people boolean,
    takes_letters boolean, place text) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE before agencies%ROWTYPE;
DECLARE after agencies%ROWTYPE;
BEGIN
    IF cmis_role() IS DISTINCT FROM 'administrator' THEN
        RAISE EXCEPTION 'not for this role' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO before FROM agencies WHERE id = which FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE agencies SET name_th = th, name_en = en, two_person_approval = two_people,
        receives = takes_letters, region = place WHERE id = which RETURNING * INTO after;
    INSERT INTO agency_changes (agency_id, before, after, done_by)
    VALUES (which, to_jsonb(before), to_jsonb(after), cmis_user_id());
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION cmis_change_agency(text, text, text, boolean, boolean, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_change_agency(text, text, text, boolean, boolean, text) TO cmis_app;
"""


def upgrade() -> None:
    op.execute(TRACE)
    op.execute(FUNCTION)


def downgrade() -> None:
    op.execute("DROP FUNCTION cmis_change_agency(text, text, text, boolean, boolean, text)")
    op.execute("DROP TABLE agency_changes")
