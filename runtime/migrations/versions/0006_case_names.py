"""What the placeholders of a case stand for, encrypted by the application before it comes here."""

from __future__ import annotations

from alembic import op

revision = "0006_case_names"
down_revision = "0005_sources"
branch_labels = None
depends_on = None

NAMES = """
CREATE TABLE case_names (
    case_id text PRIMARY KEY REFERENCES cases ON DELETE CASCADE,
    sealed bytea NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE case_names ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_names FORCE ROW LEVEL SECURITY;
CREATE POLICY of_a_visible_case ON case_names
    USING (cmis_role() <> 'auditor'
        AND EXISTS (SELECT FROM cases WHERE cases.id = case_names.case_id))
    WITH CHECK (cmis_role() <> 'auditor'
        AND EXISTS (SELECT FROM cases WHERE cases.id = case_names.case_id));
REVOKE DELETE, TRUNCATE ON case_names FROM cmis_app;
"""


def upgrade() -> None:
    op.execute(NAMES)


def downgrade() -> None:
    op.execute("DROP TABLE case_names")
