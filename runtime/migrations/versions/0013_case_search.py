"""Words of a case's story, segmented when it is written, so that Thai can be searched by word.

The index may only be used by a function of the owner: comparing arrays is not leakproof, so under
row policies PostgreSQL would read every visible row instead. The function gives back ids of cases
whose story the person who asks may read, and nothing else.
"""

from __future__ import annotations

from alembic import op

revision = "0013_case_search"
down_revision = "0012_casework"
branch_labels = None
depends_on = None

WORDS = """
CREATE TABLE case_words (
    case_id text PRIMARY KEY REFERENCES cases ON DELETE CASCADE,
    words text[] NOT NULL
);
CREATE INDEX case_words_by_word ON case_words USING gin (words);
ALTER TABLE case_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_words FORCE ROW LEVEL SECURITY;
REVOKE DELETE, TRUNCATE ON case_words FROM cmis_app;
CREATE POLICY seen ON case_words FOR SELECT USING (EXISTS (
    SELECT FROM cases WHERE cases.id = case_words.case_id
    AND (cases.agency_id = (SELECT cmis_home_agency())
         OR cases.id = ANY ((SELECT cmis_opened_cases('story'))::text[]))));
CREATE POLICY added ON case_words FOR INSERT WITH CHECK (cmis_role() <> 'auditor' AND EXISTS (
    SELECT FROM cases WHERE cases.id = case_words.case_id
    AND cases.agency_id = cmis_home_agency()));
CREATE POLICY renewed ON case_words FOR UPDATE USING (cmis_role() <> 'auditor' AND EXISTS (
    SELECT FROM cases WHERE cases.id = case_words.case_id
    AND cases.agency_id = cmis_home_agency()));
CREATE POLICY within_the_owners_functions ON case_words FOR SELECT TO CURRENT_USER
    USING (current_setting('cmis.within', true) = 'on');
CREATE FUNCTION cmis_find_cases(wanted text[]) RETURNS SETOF text LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS
$$ SELECT w.case_id FROM case_words w JOIN cases c ON c.id = w.case_id
   WHERE w.words @> wanted AND cardinality(wanted) > 0
     AND (c.agency_id = (SELECT cmis_home_agency())
          OR c.id = ANY ((SELECT cmis_opened_cases('story'))::text[])) $$;
REVOKE EXECUTE ON FUNCTION cmis_find_cases(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_find_cases(text[]) TO cmis_app;
"""

# Tables of the research that whoever saw a case could have added to.
OWN_ONLY = """
CREATE POLICY to_an_own_case ON {table} AS RESTRICTIVE FOR INSERT WITH CHECK (EXISTS (
    SELECT FROM cases WHERE cases.id = {table}.case_id
    AND cases.agency_id = cmis_home_agency()));
"""
ADDED_TO = ("plan_edits", "trial_assignments")


def upgrade() -> None:
    op.execute(WORDS)
    for table in ADDED_TO:
        op.execute(OWN_ONLY.format(table=table))


def downgrade() -> None:
    op.execute("DROP FUNCTION cmis_find_cases(text[])")
    op.execute("DROP TABLE case_words")
    for table in ADDED_TO:
        op.execute(f"DROP POLICY to_an_own_case ON {table}")
