"""Why a deadline was put off or dropped, and when it was due at first; the law's are not moved."""

from __future__ import annotations

from alembic import op

revision = "0029_deadline_reasons"
down_revision = "0028_people_part"
branch_labels = None
depends_on = None

REASONS = """
ALTER TABLE deadlines ADD COLUMN reason text, ADD COLUMN first_due timestamptz,
    ADD CONSTRAINT the_law_waits_for_nobody CHECK (NOT statutory OR first_due IS NULL);
GRANT UPDATE (due, reason, first_due) ON deadlines TO cmis_app;
"""


def upgrade() -> None:
    op.execute(REASONS)


def downgrade() -> None:
    op.execute("REVOKE UPDATE (due, reason, first_due) ON deadlines FROM cmis_app")
    op.execute(
        "ALTER TABLE deadlines DROP CONSTRAINT the_law_waits_for_nobody,"
        " DROP COLUMN reason, DROP COLUMN first_due"
    )
