"""What is told after a case was opened is a story of its own row: the old one, and what was added.

``told_at`` is when the addition was told, and empty for the story a case was opened with. Who added
is named to those who see the story. The urgency of a case may rise with what was added: the
application may raise it now, where it may change the case at all, and never lower it.
"""

from __future__ import annotations

from alembic import op

revision = "0045_more_told"
down_revision = "0044_who_acted"
branch_labels = None
depends_on = None

TOLD = """
ALTER TABLE narratives ADD COLUMN told_at timestamptz;
GRANT UPDATE (urgency) ON cases TO cmis_app;
CREATE FUNCTION cmis_tellers(wanted text) RETURNS TABLE (id text, name text, agency_id text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 5
SET search_path = pg_catalog, public, pg_temp AS
$$ SELECT u.id, u.name, u.agency_id FROM users u
   WHERE EXISTS (SELECT FROM cases c WHERE c.id = wanted AND (c.agency_id = cmis_home_agency()
           OR c.id = ANY (cmis_opened_cases('story'))))
       AND u.id IN (SELECT n.created_by FROM narratives n WHERE n.case_id = wanted) $$;
REVOKE EXECUTE ON FUNCTION cmis_tellers(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_tellers(text) TO cmis_app;
"""
# Levels from the most urgent down; the owner of the tables is bound as well.
RISES = """
CREATE FUNCTION cmis_check_urgency() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE levels CONSTANT text[] := ARRAY['immediate_1h', '24h', '72h', 'routine'];
BEGIN
    IF array_position(levels, NEW.urgency) > array_position(levels, OLD.urgency) THEN
        RAISE EXCEPTION 'the urgency of a case only rises' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_urgency BEFORE UPDATE OF urgency ON cases FOR EACH ROW
    EXECUTE FUNCTION cmis_check_urgency();
"""


def upgrade() -> None:
    op.execute(TOLD)
    op.execute(RISES)


def downgrade() -> None:
    op.execute("DROP TRIGGER check_urgency ON cases; DROP FUNCTION cmis_check_urgency()")
    op.execute("DROP FUNCTION cmis_tellers(text)")
    op.execute("REVOKE UPDATE (urgency) ON cases FROM cmis_app")
    op.execute("ALTER TABLE narratives DROP COLUMN told_at")
