"""A conference may go on with the newest version of the plan; who was uninvited may be asked again.

A vote says on which version it was given, so that a word on the old plan is none on the new one.
"""

from __future__ import annotations

from alembic import op

revision = "0023_conference_versions"
down_revision = "0022_signed_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE conference_votes ADD COLUMN version_id text REFERENCES plan_versions;"
        "GRANT UPDATE (version_id) ON conferences TO cmis_app"
    )


def downgrade() -> None:
    op.execute(
        "REVOKE UPDATE (version_id) ON conferences FROM cmis_app;"
        "ALTER TABLE conference_votes DROP COLUMN version_id"
    )
