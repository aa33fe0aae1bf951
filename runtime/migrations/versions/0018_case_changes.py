"""Whoever watches a caseload is told which case changed, by its id and nothing else.

The notice goes out when the change is committed. Who hears it asks for the row in their own name,
so a notice opens nothing.
"""

from __future__ import annotations

from alembic import op

revision = "0018_case_changes"
down_revision = "0017_persons"
branch_labels = None
depends_on = None

TOLD = """
CREATE FUNCTION cmis_tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('cmis_cases', to_jsonb(NEW) ->> TG_ARGV[0]);
    RETURN NULL;
END $$;
"""
TELLS = """
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION cmis_tell_change('{column}');
"""
TABLES = {
    "cases": "id",
    "referrals": "case_id",
    "conferences": "case_id",
    "entries": "case_id",
    "sign_offs": "case_id",
    "plan_services": "case_id",
}


def upgrade() -> None:
    op.execute(TOLD)
    for table, column in TABLES.items():
        op.execute(TELLS.format(table=table, column=column))


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TRIGGER tell_change ON {table}")
    op.execute("DROP FUNCTION cmis_tell_change()")
