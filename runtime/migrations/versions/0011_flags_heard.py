"""What a person heard behind a red flag, and the key under which a case was opened.

A flag raised on words nobody had confirmed gets a person's word; the flag itself stays. A key is
the client's: a request sent again after a broken connection finds the case it opened.
"""

from __future__ import annotations

from alembic import op

revision = "0011_flags_heard"
down_revision = "0010_research"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE flag_decisions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    flag text NOT NULL,
    decision text NOT NULL CHECK (decision IN ('confirmed', 'misheard')),
    decided_by text NOT NULL REFERENCES users,
    decided_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX flag_decisions_by_case ON flag_decisions (case_id);
CREATE TABLE opening_keys (
    created_by text NOT NULL REFERENCES users,
    key text NOT NULL,
    asked_sha256 text NOT NULL,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (created_by, key)
);
CREATE INDEX opening_keys_by_case ON opening_keys (case_id);
"""
WHO_MAY = """
ALTER TABLE flag_decisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE flag_decisions FORCE ROW LEVEL SECURITY;
CREATE POLICY of_a_visible_case ON flag_decisions FOR SELECT
    USING (EXISTS (SELECT FROM cases WHERE cases.id = flag_decisions.case_id
        AND (cases.agency_id = (SELECT cmis_home_agency())
             OR cases.id = ANY ((SELECT cmis_opened_cases('codes'))::text[]))));
CREATE POLICY to_an_own_case ON flag_decisions FOR INSERT
    WITH CHECK (decided_by = cmis_user_id() AND cmis_role() <> 'auditor'
        AND EXISTS (SELECT FROM cases WHERE cases.id = flag_decisions.case_id
            AND cases.agency_id = cmis_home_agency()));
ALTER TABLE opening_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE opening_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_maker ON opening_keys
    USING (created_by = cmis_user_id()) WITH CHECK (created_by = cmis_user_id());
REVOKE UPDATE, DELETE, TRUNCATE ON flag_decisions, opening_keys FROM cmis_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(WHO_MAY)


def downgrade() -> None:
    op.execute("DROP TABLE opening_keys, flag_decisions")
