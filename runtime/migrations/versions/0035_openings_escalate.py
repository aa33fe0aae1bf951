"""An emergency opening that nobody reviews is told again, and to more people than the first time.

Its supervisors were told as it happened and never again. After the hours that
``cases/data/glass.yaml`` names they are told that the review is late, and with them whoever audits
the agency that holds the case and the supervisors of the agency whose worker opened it. Told once
each, as everything that time alone brings about (``cmis_remind``); never to the one who opened it.
"""

from __future__ import annotations

from alembic import op

revision = "0035_openings_escalate"
down_revision = "0034_few_openings"
branch_labels = None
depends_on = None

LATE = """
CREATE FUNCTION cmis_remind_of_openings(review_hours integer) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS
$$ INSERT INTO notices (case_id, user_id, kind, subject_id)
   SELECT g.case_id, u.id, 'glass_unreviewed', g.id
   FROM glass_breaks g JOIN cases c ON c.id = g.case_id
   JOIN users u ON u.active AND u.id <> g.user_id
       AND ((u.role IN ('supervisor', 'auditor') AND u.agency_id = c.agency_id)
           OR (u.role = 'supervisor' AND u.agency_id = g.agency_id))
   WHERE g.reviewed_by IS NULL AND g.opened_at < now() - make_interval(hours => review_hours)
   ON CONFLICT DO NOTHING $$;
REVOKE EXECUTE ON FUNCTION cmis_remind_of_openings(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_remind_of_openings(integer) TO cmis_app;
"""


def upgrade() -> None:
    op.execute(LATE)


def downgrade() -> None:
    op.execute("DROP FUNCTION cmis_remind_of_openings(integer)")
