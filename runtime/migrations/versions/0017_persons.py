"""People of a case, sealed one by one: erasing somebody destroys the key that opens them.

Names, numbers and addresses lie in ``persons.sealed`` under a key of that person, which the
office's key wraps. Searching goes over keyed hashes in ``person_index``; across agencies one
function of the owner says that an agency may know somebody, and nothing else.

Who sees a person sees their story: ``cmis_people_visible``. Only the case's own agency writes.
"""

from __future__ import annotations

from alembic import op

revision = "0017_persons"
down_revision = "0016_exchange"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE persons (
    id text PRIMARY KEY,
    agency_id text NOT NULL REFERENCES agencies,
    sealed bytea,
    wrapped_key bytea,
    key_number integer,
    revision integer NOT NULL DEFAULT 1,
    created_by text NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    erased_at timestamptz,
    CONSTRAINT person_open_or_erased CHECK (
        (erased_at IS NULL) = (sealed IS NOT NULL AND wrapped_key IS NOT NULL))
);
CREATE TABLE case_persons (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    person_id text NOT NULL REFERENCES persons,
    role text NOT NULL CHECK (role IN ('client', 'reporter', 'alleged_perpetrator', 'parent',
        'guardian', 'household_member', 'other')),
    standing text NOT NULL CHECK (standing IN ('proposed', 'confirmed', 'removed')),
    score real,
    spans jsonb NOT NULL DEFAULT '[]',
    decided_by text REFERENCES users,
    decided_at timestamptz,
    UNIQUE (case_id, person_id, role),
    CONSTRAINT part_decided CHECK (standing = 'proposed' OR decided_by IS NOT NULL)
);
CREATE INDEX case_persons_by_person ON case_persons (person_id);
CREATE TABLE person_relations (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    person_id text NOT NULL REFERENCES persons,
    relative_id text NOT NULL REFERENCES persons,
    kinship text NOT NULL,
    lives_with text NOT NULL DEFAULT 'unknown' CHECK (lives_with IN ('yes', 'no', 'unknown')),
    standing text NOT NULL CHECK (standing IN ('proposed', 'confirmed', 'removed')),
    spans jsonb NOT NULL DEFAULT '[]',
    decided_by text REFERENCES users,
    decided_at timestamptz,
    UNIQUE (case_id, person_id, relative_id, kinship),
    CONSTRAINT relation_of_two CHECK (person_id <> relative_id),
    CONSTRAINT relation_decided CHECK (standing = 'proposed' OR decided_by IS NOT NULL)
);
CREATE TABLE household_facts (
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    field text NOT NULL,
    revision integer NOT NULL,
    standing text NOT NULL CHECK (standing IN ('confirmed', 'corrected', 'removed')),
    value jsonb,
    decided_by text NOT NULL REFERENCES users,
    decided_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (case_id, field, revision),
    CONSTRAINT fact_valued CHECK ((standing = 'removed') = (value IS NULL))
);
CREATE TABLE person_index (
    person_id text NOT NULL REFERENCES persons ON DELETE CASCADE,
    agency_id text NOT NULL REFERENCES agencies,
    kind text NOT NULL,
    token bytea NOT NULL,
    PRIMARY KEY (person_id, kind, token)
);
CREATE INDEX person_index_by_token ON person_index (kind, token);
CREATE TABLE person_pairs (
    person_id text NOT NULL REFERENCES persons,
    other_id text NOT NULL REFERENCES persons,
    revision integer NOT NULL,
    decision text NOT NULL CHECK (decision IN ('same', 'different')),
    reason text,
    decided_by text NOT NULL REFERENCES users,
    decided_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, other_id, revision),
    CONSTRAINT pair_in_order CHECK (person_id < other_id)
);
CREATE TABLE legal_holds (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    reason text NOT NULL CHECK (length(reason) >= 3),
    set_by text NOT NULL REFERENCES users,
    set_at timestamptz NOT NULL DEFAULT now(),
    lifted_by text REFERENCES users,
    lifted_at timestamptz,
    CONSTRAINT hold_lifted_by_somebody CHECK ((lifted_by IS NULL) = (lifted_at IS NULL))
);
CREATE TABLE erasures (
    person_id text PRIMARY KEY REFERENCES persons,
    agency_id text NOT NULL REFERENCES agencies,
    asked_by text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    report jsonb NOT NULL
);
"""
WHO = """
CREATE FUNCTION cmis_people_visible(wanted text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT FROM cases WHERE cases.id = wanted
    AND (cases.agency_id = (SELECT cmis_home_agency())
         OR cases.id = ANY ((SELECT cmis_opened_cases('story'))::text[]))) $$;
CREATE FUNCTION cmis_people_written(wanted text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT cmis_role() <> 'auditor' AND EXISTS (SELECT FROM cases WHERE cases.id = wanted
    AND cases.agency_id = cmis_home_agency()) $$;
"""
OF_A_CASE = ("case_persons", "person_relations", "household_facts", "legal_holds")
OF_A_PERSON = ("persons", "person_index", "person_pairs", "erasures")
GUARD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM cmis_app;
CREATE POLICY within_the_owners_functions ON {table} TO CURRENT_USER
    USING (current_setting('cmis.within', true) = 'on')
    WITH CHECK (current_setting('cmis.within', true) = 'on');
"""
CASE = """
CREATE INDEX {table}_by_case ON {table} (case_id);
CREATE POLICY seen ON {table} FOR SELECT USING (cmis_people_visible(case_id));
CREATE POLICY added ON {table} FOR INSERT WITH CHECK (cmis_people_written(case_id));
CREATE POLICY changed ON {table} FOR UPDATE
    USING (cmis_people_written(case_id)) WITH CHECK (cmis_people_written(case_id));
"""
PERSON = """
CREATE POLICY seen ON persons FOR SELECT USING (EXISTS (
    SELECT FROM case_persons c WHERE c.person_id = persons.id));
CREATE POLICY added ON persons FOR INSERT
    WITH CHECK (agency_id = cmis_home_agency() AND cmis_role() <> 'auditor'
        AND created_by = cmis_user_id());
CREATE POLICY changed ON persons FOR UPDATE
    USING (agency_id = cmis_home_agency() AND cmis_role() <> 'auditor')
    WITH CHECK (agency_id = cmis_home_agency());
GRANT UPDATE (sealed, wrapped_key, key_number, revision, updated_at, erased_at)
    ON persons TO cmis_app;

CREATE POLICY seen ON person_index FOR SELECT USING (EXISTS (
    SELECT FROM persons p WHERE p.id = person_index.person_id));
CREATE POLICY added ON person_index FOR INSERT
    WITH CHECK (agency_id = cmis_home_agency() AND cmis_role() <> 'auditor');
CREATE POLICY dropped ON person_index FOR DELETE
    USING (agency_id = cmis_home_agency() AND cmis_role() <> 'auditor');
GRANT DELETE ON person_index TO cmis_app;

CREATE POLICY seen ON person_pairs FOR SELECT USING (
    EXISTS (SELECT FROM persons p WHERE p.id = person_pairs.person_id)
    AND EXISTS (SELECT FROM persons p WHERE p.id = person_pairs.other_id));
CREATE POLICY decided ON person_pairs FOR INSERT WITH CHECK (
    decided_by = cmis_user_id() AND cmis_home_agency() IS NOT NULL AND cmis_role() <> 'auditor'
    AND EXISTS (SELECT FROM persons p WHERE p.id = person_pairs.person_id)
    AND EXISTS (SELECT FROM persons p WHERE p.id = person_pairs.other_id));

CREATE POLICY seen ON erasures FOR SELECT USING (agency_id = cmis_home_agency());
REVOKE INSERT ON erasures FROM cmis_app;

GRANT UPDATE (standing, decided_by, decided_at, score, spans) ON case_persons TO cmis_app;
GRANT UPDATE (standing, kinship, lives_with, decided_by, decided_at)
    ON person_relations TO cmis_app;
GRANT UPDATE (lifted_by, lifted_at) ON legal_holds TO cmis_app;
"""
OWN_NAME = """
CREATE POLICY in_own_name ON {table} AS RESTRICTIVE FOR INSERT
    WITH CHECK ({column} IS NULL OR {column} = cmis_user_id());
"""
SIGNED = {
    "case_persons": "decided_by",
    "person_relations": "decided_by",
    "household_facts": "decided_by",
    "legal_holds": "set_by",
}
# Says that an agency may know somebody. The number of agencies, not of persons, is what it shows.
BLIND = """
CREATE FUNCTION cmis_possible_agencies(wanted text) RETURNS TABLE (agency_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS
$$ WITH mine AS (
       SELECT i.kind, i.token FROM person_index i JOIN persons p ON p.id = i.person_id
       WHERE i.person_id = wanted AND p.agency_id = cmis_home_agency()
         AND cmis_role() <> 'auditor'),
   shared AS (
       SELECT i.person_id, i.agency_id, array_agg(DISTINCT i.kind) AS kinds
       FROM person_index i JOIN mine m ON m.kind = i.kind AND m.token = i.token
       WHERE i.agency_id <> cmis_home_agency() GROUP BY i.person_id, i.agency_id)
   SELECT DISTINCT s.agency_id FROM shared s
   WHERE 'citizen_id' = ANY (s.kinds) OR s.kinds @> ARRAY['name', 'birth_date']
      OR s.kinds @> ARRAY['name', 'phone'] ORDER BY 1 $$;
REVOKE EXECUTE ON FUNCTION cmis_possible_agencies(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_possible_agencies(text) TO cmis_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(WHO)
    for table in (*OF_A_CASE, *OF_A_PERSON):
        op.execute(GUARD.format(table=table))
    for table in OF_A_CASE:
        op.execute(CASE.format(table=table))
    op.execute(PERSON)
    for table, column in SIGNED.items():
        op.execute(OWN_NAME.format(table=table, column=column))
    op.execute(BLIND)


def downgrade() -> None:
    op.execute("DROP FUNCTION cmis_possible_agencies(text)")
    op.execute(
        "DROP TABLE erasures, legal_holds, person_pairs, person_index, household_facts,"
        " person_relations, case_persons, persons"
    )
    op.execute("DROP FUNCTION cmis_people_visible(text); DROP FUNCTION cmis_people_written(text)")
