"""A case is found by its people, and a story is looked up before it becomes a second case.

Blind tokens of names, numbers and phones lay in ``person_index``, and the search over cases did not
go there. One function of the owner gives the cases and persons behind some tokens, as far as
whoever asks may see both: what the index says is no secret kept from its own reader, but under the
policies PostgreSQL would ask three tables for every row. A case shared by letter is found by the
kinds of tokens alone that its reader may read (``told``); one shared for a conference by none, for
nobody there is told who its people are. Who reported to another agency is never found.

Asking other agencies about somebody whose case does not exist yet needs a trace that is no case's:
the row of ``intake_checks``, made in the same transaction. It says who asked, which cases were
shown and which agencies were named; not about whom. Who only reported there is not told of.
"""

from __future__ import annotations

from alembic import op

revision = "0037_found_by_people"
down_revision = "0036_conditions_kept"
branch_labels = None
depends_on = None

FIND = """
CREATE FUNCTION cmis_find_people(kinds text[], tokens bytea[], told text[])
RETURNS TABLE (case_id text, person_id text, kind text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' SET enable_seqscan = off AS
$$ SELECT DISTINCT c.case_id, i.person_id, i.kind
   FROM unnest(kinds, tokens) AS wanted (kind, token)
   JOIN person_index i ON i.kind = wanted.kind AND i.token = wanted.token
   JOIN case_persons c ON c.person_id = i.person_id AND c.standing <> 'removed'
   JOIN cases s ON s.id = c.case_id
   WHERE s.agency_id = (SELECT cmis_home_agency())
      OR (s.id IN (SELECT unnest(cmis_opened_cases('persons')))
          AND CASE cmis_relation(s.id) WHEN 'glass' THEN true
              WHEN 'referred' THEN i.kind = ANY (told) ELSE false END
          AND NOT EXISTS (SELECT FROM case_persons r WHERE r.case_id = c.case_id
              AND r.person_id = c.person_id AND r.role = 'reporter'
              AND r.standing <> 'removed')) $$;
REVOKE EXECUTE ON FUNCTION cmis_find_people(text[], bytea[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_find_people(text[], bytea[], text[]) TO cmis_app;
"""
CHECKS = """
CREATE TABLE intake_checks (
    id text PRIMARY KEY,
    user_id text NOT NULL REFERENCES users,
    agency_id text NOT NULL REFERENCES agencies,
    asked_at timestamptz NOT NULL DEFAULT now(),
    shown text[] NOT NULL,
    told text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX intake_checks_by_user ON intake_checks (user_id, asked_at);
ALTER TABLE intake_checks ENABLE ROW LEVEL SECURITY;
ALTER TABLE intake_checks FORCE ROW LEVEL SECURITY;
REVOKE UPDATE, DELETE, TRUNCATE ON intake_checks FROM cmis_app;
CREATE POLICY seen ON intake_checks FOR SELECT USING (agency_id = (SELECT cmis_home_agency())
    AND (user_id = cmis_user_id() OR cmis_role() IN ('supervisor', 'auditor')));
CREATE POLICY added ON intake_checks FOR INSERT WITH CHECK (user_id = cmis_user_id()
    AND agency_id = cmis_home_agency() AND cmis_role() <> 'auditor'
    AND asked_at = now() AND told = '{}');
CREATE POLICY within_the_owners_functions ON intake_checks TO CURRENT_USER
    USING (current_setting('cmis.within', true) = 'on')
    WITH CHECK (current_setting('cmis.within', true) = 'on');
SELECT cmis_reach_by_erasure('intake_checks');
"""
# Persons of other agencies who are more than reporters there, with the kinds they share.
ELSEWHERE = """
       SELECT i.person_id, i.agency_id, array_agg(DISTINCT i.kind) AS kinds
       FROM person_index i JOIN {asked} ON m.kind = i.kind AND m.token = i.token
       WHERE i.agency_id <> cmis_home_agency() {known}
       GROUP BY {groups} i.person_id, i.agency_id"""
MORE = """AND EXISTS (SELECT FROM case_persons c
             WHERE c.person_id = i.person_id AND c.standing <> 'removed'
               AND NOT EXISTS (SELECT FROM case_persons r WHERE r.case_id = c.case_id
                   AND r.person_id = c.person_id AND r.role = 'reporter'
                   AND r.standing <> 'removed'))"""
ENOUGH = """'citizen_id' = ANY (s.kinds) OR s.kinds @> ARRAY['name', 'birth_date']
      OR s.kinds @> ARRAY['name', 'phone']"""
ASK = """
CREATE FUNCTION cmis_ask_agencies(asked text, persons integer[], kinds text[], tokens bytea[])
RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
DECLARE named text[];
BEGIN
    UPDATE intake_checks SET told = coalesce((
        SELECT array_agg(DISTINCT s.agency_id ORDER BY s.agency_id) FROM (__SHARED__) s
        WHERE __ENOUGH__), '{}')
    WHERE id = asked AND user_id = cmis_user_id() AND agency_id = cmis_home_agency()
      AND asked_at = now() AND cmis_role() <> 'auditor'
    RETURNING told INTO named;
    IF named IS NULL THEN
        RAISE EXCEPTION 'nobody asks' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN named;
END $$;
REVOKE EXECUTE ON FUNCTION cmis_ask_agencies(text, integer[], text[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_ask_agencies(text, integer[], text[], bytea[]) TO cmis_app;
""".replace(
    "__SHARED__",
    ELSEWHERE.format(
        asked="unnest(persons, kinds, tokens) AS m (person, kind, token)",
        known=MORE,
        groups="m.person,",
    ),
).replace("__ENOUGH__", ENOUGH)
POSSIBLE = """
CREATE OR REPLACE FUNCTION cmis_possible_agencies(wanted text) RETURNS TABLE (agency_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS
$$ WITH mine AS (
       SELECT i.kind, i.token FROM person_index i JOIN persons p ON p.id = i.person_id
       WHERE i.person_id = wanted AND p.agency_id = cmis_home_agency()
         AND cmis_role() <> 'auditor'),
   shared AS ({shared})
   SELECT DISTINCT s.agency_id FROM shared s
   WHERE {enough} ORDER BY 1 $$;
"""


def _possible(known: str) -> str:
    shared = ELSEWHERE.format(asked="mine m", known=known, groups="")
    return POSSIBLE.format(shared=shared, enough=ENOUGH)


def upgrade() -> None:
    for part in (FIND, CHECKS, ASK, _possible(MORE)):
        op.execute(part)


def downgrade() -> None:
    op.execute(_possible(""))
    op.execute("DROP FUNCTION cmis_ask_agencies(text, integer[], text[], bytea[])")
    op.execute("DROP TABLE intake_checks")
    op.execute("DROP FUNCTION cmis_find_people(text[], bytea[], text[])")
