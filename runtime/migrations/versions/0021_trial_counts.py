"""How many cases each trial has taken in, counted without waiting for cases being placed.

A listing that took every trial's lock could wait for a draft that waited for it.
"""

from __future__ import annotations

from alembic import op

revision = "0021_trial_counts"
down_revision = "0020_research_groups"
branch_labels = None
depends_on = None

COUNTS = """
CREATE FUNCTION cmis_trials_taken() RETURNS TABLE (trial_id text, taken integer)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.research = 'on' AS
$$ SELECT a.trial_id, count(*)::integer FROM trial_assignments a
   WHERE cmis_role() = 'researcher' GROUP BY a.trial_id $$;
REVOKE EXECUTE ON FUNCTION cmis_trials_taken() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_trials_taken() TO cmis_app;
"""


def upgrade() -> None:
    op.execute(COUNTS)


def downgrade() -> None:
    op.execute("DROP FUNCTION cmis_trials_taken()")
