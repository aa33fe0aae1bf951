"""What a draft run remembers while it lasts, and the version whose edits the next one keeps.

``run_parts`` holds the parts that are ready (shown while the rest is written) and a model's answers
(so that a run taken up after a crash does not ask again). Both are emptied when the run ends.
"""

from __future__ import annotations

from alembic import op

revision = "0019_run_parts"
down_revision = "0018_case_changes"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE draft_runs ADD COLUMN carry_from text REFERENCES plan_versions;
GRANT UPDATE (carry_from) ON draft_runs TO cmis_app;
CREATE TABLE run_parts (
    run_id text NOT NULL REFERENCES draft_runs ON DELETE CASCADE,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('part', 'answer')),
    name text NOT NULL,
    content text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (run_id, kind, name)
);
CREATE INDEX run_parts_by_case ON run_parts (case_id);
"""
OWN = """EXISTS (SELECT FROM cases WHERE cases.id = run_parts.case_id
    AND cases.agency_id = cmis_home_agency()) AND cmis_role() <> 'auditor'"""
WHO_MAY = f"""
ALTER TABLE run_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE run_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY of_an_own_case ON run_parts USING ({OWN}) WITH CHECK ({OWN});
REVOKE TRUNCATE ON run_parts FROM cmis_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(WHO_MAY)


def downgrade() -> None:
    op.execute("DROP TABLE run_parts")
    op.execute("ALTER TABLE draft_runs DROP COLUMN carry_from")
