"""How many notices somebody has not read is told on every page, however many they have read."""

from __future__ import annotations

from alembic import op

revision = "0039_notices_unread"
down_revision = "0038_research_own_views"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX notices_unread ON notices (user_id) WHERE read_at IS NULL")


def downgrade() -> None:
    op.execute("DROP INDEX notices_unread")
