"""Who sees a case's people: its own agency, and whoever was given the part ``persons``.

The policies asked for the story, so a letter that withholds the people showed them. They stand in
the policies' own words now: a function with a sub-select is not inlined and ran for each row.
"""

from __future__ import annotations

from alembic import op

revision = "0028_people_part"
down_revision = "0027_limits_and_transfers"
branch_labels = None
depends_on = None

OF_A_CASE = ("case_persons", "person_relations", "household_facts", "legal_holds")
SEEN = """EXISTS (SELECT FROM cases WHERE cases.id = {table}.case_id
    AND (cases.agency_id = (SELECT cmis_home_agency())
         OR cases.id = ANY ((SELECT cmis_opened_cases('persons'))::text[])))"""
WRITTEN = """(SELECT cmis_role()) <> 'auditor' AND EXISTS (SELECT FROM cases
    WHERE cases.id = {table}.case_id AND cases.agency_id = (SELECT cmis_home_agency()))"""
RULES = """
ALTER POLICY seen ON {table} USING ({seen});
ALTER POLICY added ON {table} WITH CHECK ({written});
ALTER POLICY changed ON {table} USING ({written}) WITH CHECK ({written});
"""
FUNCTIONS = """
CREATE FUNCTION cmis_people_visible(wanted text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT FROM cases WHERE cases.id = wanted
    AND (cases.agency_id = (SELECT cmis_home_agency())
         OR cases.id = ANY ((SELECT cmis_opened_cases('story'))::text[]))) $$;
CREATE FUNCTION cmis_people_written(wanted text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT cmis_role() <> 'auditor' AND EXISTS (SELECT FROM cases WHERE cases.id = wanted
    AND cases.agency_id = cmis_home_agency()) $$;
"""


def upgrade() -> None:
    for table in OF_A_CASE:
        seen, written = SEEN.format(table=table), WRITTEN.format(table=table)
        op.execute(RULES.format(table=table, seen=seen, written=written))
    op.execute("DROP FUNCTION cmis_people_visible(text); DROP FUNCTION cmis_people_written(text)")


def downgrade() -> None:
    op.execute(FUNCTIONS)
    for table in OF_A_CASE:
        seen, written = "cmis_people_visible(case_id)", "cmis_people_written(case_id)"
        op.execute(RULES.format(table=table, seen=seen, written=written))
