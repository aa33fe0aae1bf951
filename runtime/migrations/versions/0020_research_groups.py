"""Whom a case is about, as far as the record's household facts know it, for extracts of research.

``cmis_research_groups`` gives age band, sex, disability and nationality by pseudonym: what a worker
decided last comes before what the words suggested, and a fact that was taken away is not known.
"""

from __future__ import annotations

from alembic import op

revision = "0020_research_groups"
down_revision = "0019_run_parts"
branch_labels = None
depends_on = None

READ = """
CREATE POLICY within_research ON household_facts FOR SELECT TO CURRENT_USER
    USING (current_setting('cmis.research', true) = 'on');
"""
# No disability card is no proof of no disability, so only a fact that says so makes 'without'.
GROUPS = """
CREATE FUNCTION cmis_research_groups(key bytea, since timestamptz, until timestamptz,
                                     age_bounds integer[])
RETURNS TABLE (pseudonym text, known_age_band integer, known_sex text, disability text,
    nationality text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.research = 'on' AS
$$ SELECT
    left(encode(sha256(key || sha256(key || convert_to(c.id, 'UTF8'))), 'hex'), 16),
    CASE WHEN jsonb_typeof(f.known -> 'age_years') = 'number'
        THEN width_bucket((f.known ->> 'age_years')::numeric, age_bounds::numeric[]) END,
    CASE WHEN f.known ->> 'sex' IN ('F', 'M', 'X') THEN f.known ->> 'sex' END,
    CASE
        WHEN f.known -> 'has_disability_card' = 'true'
            OR f.known -> 'disability_certified' = 'true'
            OR (jsonb_typeof(f.known -> 'disability_types') = 'array'
                AND f.known -> 'disability_types' <> '[]') THEN 'with'
        WHEN f.known -> 'disability_types' = '[]'
            OR f.known -> 'disability_certified' = 'false' THEN 'without'
    END,
    CASE WHEN f.known ->> 'nationality' IN ('TH', 'NON_TH', 'STATELESS')
        THEN f.known ->> 'nationality' END
FROM cases c CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_object_agg(last.field, last.value), '{}') AS known FROM (
        SELECT DISTINCT ON (said.field) said.field, said.value FROM (
            SELECT d.field, d.value, 0 AS place, -d.revision AS newest
            FROM household_facts d WHERE d.case_id = c.id
            UNION ALL
            SELECT p ->> 'field', p -> 'value', 1, 0
            FROM (SELECT content FROM codings WHERE case_id = c.id
                  ORDER BY created_at DESC, id LIMIT 1) coded,
                jsonb_array_elements(coded.content -> 'facts') p
        ) said ORDER BY said.field, said.place, said.newest
    ) last) f
WHERE cmis_role() = 'researcher' AND c.received_at >= since AND c.received_at < until $$;
REVOKE EXECUTE ON FUNCTION cmis_research_groups(bytea, timestamptz, timestamptz, integer[])
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_research_groups(bytea, timestamptz, timestamptz, integer[])
    TO cmis_app;
"""


def upgrade() -> None:
    op.execute(READ)
    op.execute(GROUPS)


def downgrade() -> None:
    op.execute(
        "DROP FUNCTION cmis_research_groups(bytea, timestamptz, timestamptz, integer[]);"
        "DROP POLICY within_research ON household_facts;"
    )
