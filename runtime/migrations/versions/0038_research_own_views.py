"""What workers judged before they saw the machine's view, for extracts of research.

``cmis_research_own_views`` gives by pseudonym the first risk and urgency somebody recorded in a
case under “your view first”; the urgency the machine proposed stands in the extract already.
"""

from __future__ import annotations

from alembic import op

revision = "0038_research_own_views"
down_revision = "0037_found_by_people"
branch_labels = None
depends_on = None

READ = """
CREATE POLICY within_research ON entries FOR SELECT TO CURRENT_USER
    USING (current_setting('cmis.research', true) = 'on');
"""
VIEWS = """
CREATE FUNCTION cmis_research_own_views(key bytea, since timestamptz, until timestamptz)
RETURNS TABLE (pseudonym text, own_risk text, own_urgency text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.research = 'on' AS
$$ SELECT
    left(encode(sha256(key || sha256(key || convert_to(c.id, 'UTF8'))), 'hex'), 16),
    first.content ->> 'risk', first.content ->> 'urgency'
FROM cases c JOIN LATERAL (SELECT content FROM entries
    WHERE case_id = c.id AND kind = 'own_view' ORDER BY recorded_at, id LIMIT 1) first ON true
WHERE cmis_role() = 'researcher' AND c.received_at >= since AND c.received_at < until $$;
REVOKE EXECUTE ON FUNCTION cmis_research_own_views(bytea, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_research_own_views(bytea, timestamptz, timestamptz) TO cmis_app;
"""


def upgrade() -> None:
    op.execute(READ)
    op.execute(VIEWS)


def downgrade() -> None:
    op.execute(
        "DROP FUNCTION cmis_research_own_views(bytea, timestamptz, timestamptz);"
        "DROP POLICY within_research ON entries"
    )
