"""What a person keeps at their desk: a story being written, numerals, whether the tour was seen.

Nobody else reads it, not even a supervisor; a story leaves it when its case is opened.
"""

from __future__ import annotations

from alembic import op

revision = "0025_drawers"
down_revision = "0024_notices"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE desk_drawers (
    user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    name text NOT NULL,
    content text NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, name)
);
ALTER TABLE desk_drawers ENABLE ROW LEVEL SECURITY;
ALTER TABLE desk_drawers FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_person ON desk_drawers
    USING (user_id = cmis_user_id()) WITH CHECK (user_id = cmis_user_id());
REVOKE TRUNCATE ON desk_drawers FROM cmis_app;
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE desk_drawers")
