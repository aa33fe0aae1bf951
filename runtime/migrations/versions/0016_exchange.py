"""Where an imported case came from, and which events were told to a neighbouring system."""

from __future__ import annotations

from alembic import op

revision = "0016_exchange"
down_revision = "0015_documents"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE case_imports (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    agency_id text NOT NULL REFERENCES agencies,
    profile text NOT NULL,
    external_id text NOT NULL,
    row_number integer NOT NULL,
    row_sha256 text NOT NULL,
    file_sha256 text NOT NULL,
    imported_by text NOT NULL REFERENCES users,
    imported_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (agency_id, profile, external_id)
);
CREATE TABLE webhook_deliveries (
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    seq integer NOT NULL,
    delivered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (case_id, seq)
);
CREATE INDEX audit_events_by_action ON audit_events (action, at);
"""
SEEN = "EXISTS (SELECT FROM cases WHERE cases.id = {table}.case_id)"
GUARDED = f"""
ALTER TABLE {{table}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{table}} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_a_visible_case ON {{table}} FOR SELECT USING ({SEEN});
REVOKE UPDATE, DELETE, TRUNCATE ON {{table}} FROM cmis_app;
"""  # noqa: S608
ADDING = f"""
CREATE INDEX case_imports_by_case ON case_imports (case_id);
CREATE POLICY to_an_own_case ON case_imports FOR INSERT
    WITH CHECK (imported_by = cmis_user_id() AND agency_id = cmis_agency_id()
        AND cmis_role() <> 'auditor' AND {SEEN.format(table="case_imports")});
CREATE POLICY told ON webhook_deliveries FOR INSERT
    WITH CHECK ({SEEN.format(table="webhook_deliveries")});
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("case_imports", "webhook_deliveries"):
        op.execute(GUARDED.format(table=table))
    op.execute(ADDING)
    op.execute("SELECT cmis_keep_sealed('case_imports', 'id')")


def downgrade() -> None:
    op.execute("DROP INDEX audit_events_by_action; DROP TABLE webhook_deliveries, case_imports;")
    op.execute("DELETE FROM sealed_relations WHERE relation = 'case_imports'")
